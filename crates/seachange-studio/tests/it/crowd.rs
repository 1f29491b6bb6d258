//! Many at once, and much at once: they wait for their turn, and what there is no room for is not held.

use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncReadExt as _;

use super::Studio;
use super::shop::{EXPORT, EXPORTING};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exports_wait_for_their_turn() {
    let studio = Studio::with(
        "CREATE TABLE goods (id int PRIMARY KEY, name text NOT NULL); \
         INSERT INTO goods SELECT n, repeat('x', 1000) FROM generate_series(1, 30000) n",
        |settings| settings.patience = Duration::from_secs(600),
    )
    .await;
    let mut slow = Vec::new();
    for _ in 0..8 {
        let mut stream = studio.begins(EXPORT).await;
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");
        slow.push(stream);
    }
    while studio.value(EXPORTING).await != "8" {
        tokio::task::yield_now().await;
    }
    // The ninth has no session before the browser of one of those has gone, and is whole then.
    let ninth =
        studio.get("/table/public/goods/export/csv?filter=%5B%22id%22%2C%22le%22%2C%223%22%5D");
    let mut ninth = std::pin::pin!(ninth);
    tokio::select! {
        answer = &mut ninth => panic!("it did not wait: {answer:?}"),
        sessions = studio.value(EXPORTING) => assert_eq!(sessions, "8"),
    }
    slow.pop();
    assert_eq!(ninth.await.is(200).body.lines().count(), 4);
    drop(slow);
    while studio.value(EXPORTING).await != "0" {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn exports_of_large_rows_are_whole() {
    let studio = Studio::on(
        "CREATE TABLE goods (id int PRIMARY KEY, name text); \
         INSERT INTO goods SELECT n, repeat(chr(65 + n % 26), 300000) FROM generate_series(1, 20) n",
    )
    .await;
    let csv = studio.get("/table/public/goods/export/csv").await.is(200);
    let rows: Vec<&str> = csv.body.lines().collect();
    assert_eq!(rows.len(), 21);
    for (number, row) in (1_u32..).zip(&rows[1..]) {
        let letter = char::from_u32(65 + number % 26).unwrap().to_string();
        assert!(
            **row == format!("{number},{}", letter.repeat(300_000)),
            "row {number}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_too_many_is_refused_before_it_connects() {
    let studio = Studio::on("CREATE TABLE goods (id int PRIMARY KEY)").await;
    let text = |id: &str| json!({"id": id, "sql": "SELECT pg_sleep(60)", "rows": 1, "seconds": 60, "mode": "read"});
    let ids = ["a", "b", "c", "d"];
    let all = async {
        tokio::join!(
            studio.post("/api/console", text("a")),
            studio.post("/api/console", text("b")),
            studio.post("/api/console", text("c")),
            studio.post("/api/console", text("d")),
        )
    };
    let others = async {
        let running = "SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() \
            AND application_name = 'seachange studio' AND wait_event = 'PgSleep'";
        while studio.value(running).await != "4" {
            tokio::task::yield_now().await;
        }
        let refused = studio.post("/api/console", text("e")).await.is(429).json();
        assert_eq!(refused["message"], "4 texts run already");
        for id in ids {
            let done = studio.post("/api/console/cancel", json!({"id": id})).await;
            assert_eq!(done.is(200).json()["cancelled"], true);
        }
    };
    let ((a, b, c, d), ()) = tokio::join!(all, others);
    for answer in [a, b, c, d] {
        assert_eq!(answer.is(200).json()["failed"]["sqlstate"], "57014");
    }
}

/// A session that another text is run in has nothing left of the one before.
#[tokio::test]
async fn a_session_that_is_used_again_is_as_new() {
    let studio = Studio::with("CREATE TABLE goods (id int PRIMARY KEY)", |settings| {
        settings.statement_timeout = Duration::from_secs(7);
    })
    .await;
    let run = |sql: &'static str, id: &'static str| {
        let asked = json!({"id": id, "sql": sql, "rows": 10, "seconds": 9, "mode": "write"});
        studio.post("/api/console", asked)
    };
    let left = "CREATE TEMPORARY TABLE mine (); PREPARE it AS SELECT 1; SELECT pg_advisory_lock(1); SET search_path = pg_catalog; \
        SET DateStyle = German; SET default_transaction_read_only = on; SELECT pg_backend_pid(); BEGIN";
    let first = run(left, "a").await.is(200).json();
    assert_eq!(first["failed"], json!(null), "{first}");
    let session = first["results"][6]["rows"][0][0].clone();
    let seen = "SELECT pg_backend_pid(), current_setting('search_path'), current_setting('default_transaction_read_only'), \
        current_setting('DateStyle'), to_regclass('pg_temp.mine'), \
        (SELECT count(*) FROM pg_prepared_statements WHERE name = 'it'), \
        (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())";
    let mut used_again = false;
    for _ in 0..20 {
        let second = run(seen, "b").await.is(200).json();
        let row = second["results"][0]["rows"][0].as_array().unwrap();
        let expected = json!(["\"$user\", public", "off", "ISO, MDY", null, "0", "0"]);
        assert_eq!(json!(row[1..]), expected, "{second}");
        used_again |= row[0] == session;
    }
    assert!(used_again, "each connected anew");
    let export = "/table/public/goods/export/csv";
    assert_eq!(studio.get(export).await.is(200).body, "id\n");
    assert_eq!(studio.get(export).await.is(200).body, "id\n");
}

/// Pages go on from a row by its values, unless these are longer than an address may be.
#[tokio::test]
async fn the_place_of_a_row_is_no_longer_than_an_address() {
    let studio = Studio::on(
        "CREATE TABLE goods (id int PRIMARY KEY, short text, long text); \
         INSERT INTO goods SELECT n, repeat('s', 3900) || n, repeat('l', 300000) || n FROM generate_series(1, 60) n",
    )
    .await;
    let first = studio
        .get("/table/public/goods?sort=short:asc")
        .await
        .is(200);
    assert!(first.body.contains("rel=\"next\""));
    let first = studio
        .get("/table/public/goods?sort=long:asc")
        .await
        .is(200);
    assert_eq!(first.body.matches("<tr data-at").count(), 50);
    assert!(!first.body.contains("rel=\"next\""));
}
