//! A partition that is detached concurrently and not to the end: the run, or the next one, completes it.

use sqlx::PgConnection;

use super::child::{Setting, finished, waits_with};
use super::database::execute;

/// A migration that detaches, and somebody who reads the table and keeps it from that.
async fn read_meanwhile() -> (Setting, PgConnection) {
    let setting = Setting::new(
        "-- seachange: no-transaction\nALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;\nINSERT INTO log VALUES (1);\n",
        "",
    )
    .await;
    setting
        .database
        .execute("CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)")
        .await;
    let mut reader = setting.database.connect().await;
    execute(&mut reader, "BEGIN; SELECT * FROM p").await;
    (setting, reader)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partition_that_is_half_detached_is_detached() {
    let (setting, mut reader) = read_meanwhile().await;
    let waiting = waits_with("ALTER TABLE p DETACH");
    setting.kill_when("up --lock-timeout 0", &waiting).await;
    setting.terminate_work().await;
    setting
        .check("SELECT inhdetachpending FROM pg_inherits", "true")
        .await;
    execute(&mut reader, "COMMIT").await;
    let text = setting.run("up", 0);
    assert!(
        text.contains("FINALIZE") && text.contains(": completed"),
        "{text}"
    );
    setting.check("SELECT count(*) FROM pg_inherits", "0").await;
    setting.check("SELECT count(*) FROM log", "1").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_detachment_that_waits_too_long_is_completed_by_the_same_run() {
    let (setting, mut reader) = read_meanwhile().await;
    let completing = waits_with("%FINALIZE");
    let child = (setting.spawn_until("up --lock-timeout 500ms", &completing)).await;
    execute(&mut reader, "COMMIT").await;
    let text = finished(child.wait_with_output().unwrap(), 0);
    assert!(text.contains("lock timeout"), "{text}");
    setting.check("SELECT count(*) FROM pg_inherits", "0").await;
    setting.check("SELECT count(*) FROM log", "1").await;
}
