//! Runners that are killed, sessions that are ended, and connections that are cut, at every place outside a
//! transaction: the next run ends in the same database, and nothing happens twice.

use super::child::{M, Setting, finished, open, waits_at, waits_with};
use super::database::execute;

/// Whoever looks for the rows of `log` sees each of these effects once.
const MIXED: &str = "\
-- Everything that a file can hold.
-- seachange: no-transaction

SET work_mem = '5MB';
INSERT INTO log VALUES (gate(1));
CREATE INDEX CONCURRENTLY t_n ON t (n);
INSERT INTO log VALUES (gate(2));
BEGIN;
INSERT INTO log VALUES (3);
INSERT INTO log VALUES (gate(4));
COMMIT;
-- seachange: backfill by id, 10 rows
UPDATE t SET n = n + gate(id / 10 * 10 + 10) - (id / 10 * 10 + 10) + 1;
INSERT INTO log SELECT 6 WHERE current_setting('work_mem') = '5MB';
INSERT INTO log VALUES (gate(7));
";

const MIXED_DOWN: &str = "\
-- seachange: no-transaction
INSERT INTO log VALUES (-gate(8));
DROP INDEX CONCURRENTLY t_n;
INSERT INTO log VALUES (-gate(9));
";

async fn mixed() -> Setting {
    let setting = Setting::new(MIXED, MIXED_DOWN).await;
    setting
        .database
        .execute("CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL); INSERT INTO t SELECT id, 0 FROM generate_series(0, 34) AS id")
        .await;
    setting
}

/// The error, the status and the next run name the same statement.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_transaction_of_the_files_own_the_next_statement_is_named() {
    let setting = Setting::new(
        "-- seachange: no-transaction\nBEGIN;\nCREATE TABLE t (n int);\nCOMMIT;\nINSERT INTO log SELECT 1 / count(*) FROM t;\n",
        "",
    )
    .await;
    let text = setting.run("up", 1);
    assert!(
        text.contains(
            "statements 1 to 3 stay in effect, the next run goes on with statement 4 of 4"
        ),
        "{text}"
    );
    let text = setting.run("status", 0);
    assert!(
        text.contains(
            "statements 1 to 3 stay in effect; the next run goes on with statement 4 of 4"
        ),
        "{text}"
    );
    setting.database.execute("INSERT INTO t VALUES (1)").await;
    let text = setting.run("up", 0);
    assert!(
        text.contains(&format!("note: `{M}` goes on with statement 4 of 4")),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_every_statement_it_goes_on_and_repeats_nothing() {
    let setting = mixed().await;
    let gates = [1, 2, 4, 10, 20, 30, 40, 7];
    let mut holder = setting.hold(gates).await;
    let mut writer = setting.database.connect().await;
    execute(&mut writer, "BEGIN; LOCK TABLE t IN ROW EXCLUSIVE MODE").await;
    for gate in gates {
        setting
            .kill_when("up --lock-timeout 0", &waits_at(gate))
            .await;
        open(&mut holder, gate).await;
        if gate == 1 {
            let building = waits_with("CREATE INDEX CONCURRENTLY");
            setting.kill_when("up --lock-timeout 0", &building).await;
            // The session that was left is let finish.
            execute(&mut writer, "COMMIT").await;
        }
    }
    let text = setting.run("up", 0);
    assert!(text.contains(&format!("applied {M} in ")), "{text}");
    assert!(
        text.contains(&format!(
            "note: `{M}` goes on with statement 11 of 11, where an earlier run stopped"
        )),
        "{text}"
    );
    setting
        .check(
            "SELECT string_agg(n::text, ' ' ORDER BY n) FROM log",
            "1 2 3 4 6 7",
        )
        .await;
    setting
        .check(
            "SELECT count(*) || ' ' || min(n) || ' ' || max(n) FROM t",
            "35 1 1",
        )
        .await;
    setting
        .check(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_n'::regclass",
            "true",
        )
        .await;
    setting
        .check("SELECT count(*) FROM seachange_journal", "0")
        .await;
    setting
        .check(
            "SELECT count(*) || ' ' || count(*) FILTER (WHERE outcome = 'done') FROM seachange_history",
            "10 1",
        )
        .await;

    // And back.
    let mut holder = setting.hold([8, 9]).await;
    for gate in [8, 9] {
        setting
            .kill_when("down --lock-timeout 0", &waits_at(gate))
            .await;
        open(&mut holder, gate).await;
    }
    setting.run("down", 0);
    setting
        .check(
            "SELECT string_agg(n::text, ' ' ORDER BY n) FROM log WHERE n < 0",
            "-9 -8",
        )
        .await;
    setting
        .check("SELECT to_regclass('t_n') IS NULL", "true")
        .await;
    setting
        .check("SELECT count(*) FROM seaql_migrations", "0")
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_that_was_left_invalid_is_built_again() {
    let setting = mixed().await;
    let mut writer = setting.database.connect().await;
    execute(&mut writer, "BEGIN; LOCK TABLE t IN ROW EXCLUSIVE MODE").await;
    let building = waits_with("CREATE INDEX CONCURRENTLY");
    setting.kill_when("up", &building).await;
    setting.terminate_work().await;
    setting
        .check(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_n'::regclass",
            "false",
        )
        .await;
    let text = setting.run("status", 0);
    assert!(
        text.contains("half-way up: statements 1 to 2 stay in effect; the next run goes on with statement 3 of 11, and looks first whether it took effect"),
        "{text}"
    );
    execute(&mut writer, "COMMIT").await;
    let text = setting.run("up", 0);
    assert!(
        text.contains("clears up: DROP INDEX CONCURRENTLY IF EXISTS \"public\".\"t_n\""),
        "{text}"
    );
    setting
        .check(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_n'::regclass",
            "true",
        )
        .await;
    setting.check("SELECT count(*) FROM log", "6").await;
}

/// It would refuse rows until somebody looks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_that_could_not_be_built_is_taken_away_at_once() {
    let setting = Setting::new(
        "-- seachange: no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY log_n ON log (n);\n",
        "",
    )
    .await;
    let log = &setting.database;
    log.execute("INSERT INTO log VALUES (1), (1)").await;
    let text = setting.run("up", 1);
    assert!(text.contains("Key (n)=(1) is duplicated"), "{text}");
    setting
        .check("SELECT to_regclass('log_n') IS NULL", "true")
        .await;
    log.execute("TRUNCATE log").await;
    setting.run("up", 0);

    // One that was there before is not the migration's to drop, valid or not.
    log.execute("DELETE FROM seaql_migrations").await;
    let text = setting.run("up", 1);
    assert!(text.contains("already exists"), "{text}");
    log.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'log_n'::regclass")
        .await;
    let text = setting.run("up", 1);
    assert!(text.contains("already exists"), "{text}");
}

/// The index, or its end, is there, but the runner was killed before it wrote that down.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_took_effect_before_it_was_written_down_is_found_done() {
    let setting = mixed().await;
    for (command, query) in [
        ("up", "CREATE INDEX CONCURRENTLY"),
        ("down", "DROP INDEX CONCURRENTLY"),
    ] {
        let mut writer = setting.database.connect().await;
        let lock = "BEGIN; LOCK TABLE t IN ROW EXCLUSIVE MODE";
        execute(&mut writer, lock).await;
        let mut child = setting.spawn_until(command, &waits_with(query)).await;
        let mut journal = setting.database.connect().await;
        execute(
            &mut journal,
            "BEGIN; LOCK TABLE seachange_journal IN SHARE MODE",
        )
        .await;
        execute(&mut writer, "COMMIT").await;
        let mut looker = setting.database.connect().await;
        while !super::child::is(&mut looker, &waits_with("BEGIN;")).await {
            assert!(child.try_wait().unwrap().is_none());
            tokio::task::yield_now().await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // Else it would write it when it comes to the journal's turn.
        setting.terminate_work().await;
        execute(&mut journal, "COMMIT").await;
        let text = setting.run(command, 0);
        assert!(
            text.contains("was begun by an earlier run: found done"),
            "{text}"
        );
        assert!(!text.contains("clears up"), "{text}");
    }
    setting.check("SELECT count(*) FROM log", "8").await;
    setting
        .check("SELECT to_regclass('t_n') IS NULL", "true")
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_is_ended_is_replaced_by_the_same_run() {
    let setting = mixed().await;
    let mut holder = setting.hold([1, 20]).await;
    let mut child = setting
        .spawn_until("up --lock-timeout 0", &waits_at(1))
        .await;
    setting.terminate_work().await;
    // It waits at the same gate again, in another session.
    let mut looker = setting.database.connect().await;
    for gate in [1, 20] {
        while !super::child::is(&mut looker, &waits_at(gate)).await {
            assert!(child.try_wait().unwrap().is_none());
            tokio::task::yield_now().await;
        }
        if gate == 20 {
            setting.terminate_work().await;
        }
        open(&mut holder, gate).await;
    }
    let text = finished(child.wait_with_output().unwrap(), 0);
    assert!(text.contains("; again in "), "{text}");
    setting
        .check(
            "SELECT string_agg(n::text, ' ' ORDER BY n) FROM log",
            "1 2 3 4 6 7",
        )
        .await;
    setting
        .check(
            "SELECT count(*) || ' ' || min(n) || ' ' || max(n) FROM t",
            "35 1 1",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_catalog_tells_is_asked() {
    let setting = Setting::new(
        "-- seachange: no-transaction\nINSERT INTO log VALUES (1);\nCALL twice();\nINSERT INTO log VALUES (4);\n",
        "",
    )
    .await;
    setting
        .database
        .execute(
            "CREATE PROCEDURE twice() LANGUAGE plpgsql AS $$ BEGIN
             INSERT INTO log VALUES (2); COMMIT; PERFORM gate(1); INSERT INTO log VALUES (3); COMMIT; END $$",
        )
        .await;
    let mut holder = setting.hold([1]).await;
    setting.kill_when("up --lock-timeout 0", &waits_at(1)).await;
    setting.terminate_work().await;
    open(&mut holder, 1).await;
    let text = setting.run("up", 3);
    assert!(
        text.contains(&format!("error: statement 2 of `{M}` was begun by an earlier run, and the catalog can't tell whether it took effect: CALL twice()")),
        "{text}"
    );
    assert!(
        text.contains(&format!(
            "`--resume-at {M}:3`, if it did not, with `--resume-at {M}:2`"
        )),
        "{text}"
    );
    setting.check("SELECT count(*) FROM log", "2").await;
    setting.run("up --resume-at m:9", 64);
    setting.run("up --resume-at nobody:1", 64);
    setting.run("up --resume-at m:3", 0);
    setting
        .check(
            "SELECT string_agg(n::text, ' ' ORDER BY n) FROM log",
            "1 2 4",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_carried_out_may_not_change_and_what_failed_may() {
    let header = "-- seachange: no-transaction\n";
    let setting = Setting::new(
        &format!("{header}INSERT INTO log VALUES (1);\nINSERT INTO nobody VALUES (2);\n"),
        &format!("{header}INSERT INTO log VALUES (-1);\nSELECT 1 / 0;\n"),
    )
    .await;
    let text = setting.run("up", 1);
    assert!(
        text.contains("it runs outside a transaction: statement 1 stays in effect, the next run goes on with statement 2 of 2"),
        "{text}"
    );
    let down = format!("{header}INSERT INTO log VALUES (-1);\nSELECT 1 / 0;\n");
    let up = |first: u32| {
        format!("{header}INSERT INTO log VALUES ({first});\nINSERT INTO log VALUES (2);\n")
    };
    setting.write(M, &up(5), &down);
    let text = setting.run("up", 3);
    assert!(
        text.contains("`m20260101_000000_m` stands half-way, and its statement 1 is not the one"),
        "{text}"
    );
    setting.write(M, &up(1), &down);
    setting.run("up", 0);
    setting
        .check("SELECT string_agg(n::text, ' ' ORDER BY n) FROM log", "1 2")
        .await;

    // Half-way down, it is neither applied nor pending, and nothing else is done on top of it.
    setting.run("down", 1);
    let other = "m20260102_000000_n";
    setting.write(other, "CREATE TABLE n (id int);", "DROP TABLE n;");
    let text = setting.run("up", 3);
    assert!(
        text.contains("stands half-way down") && text.contains("--allow-half-done"),
        "{text}"
    );
    setting.run("up --allow-half-done", 0);
    setting.run("down --allow-half-done", 0);
    setting.run("down --resume-at m:3", 0);
    setting
        .check(
            "SELECT string_agg(n::text, ' ' ORDER BY n) FROM log",
            "-1 1 2",
        )
        .await;
    setting
        .check("SELECT count(*) FROM seaql_migrations", "0")
        .await;
    setting
        .check("SELECT count(*) FROM seachange_journal", "0")
        .await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ctrl_c_says_where_it_goes_on() {
    let setting = mixed().await;
    let _holder = setting.hold([20]).await;
    let child = setting
        .spawn_until("up --lock-timeout 0", &waits_at(20))
        .await;
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let text = finished(child.wait_with_output().unwrap(), 130);
    assert!(
        text.contains(
            "statements 1 to 8 stay in effect, the next run goes on with statement 9 of 11"
        ),
        "{text}"
    );
    let text = setting.run("status", 0);
    assert!(text.contains("a backfill, behind 10 rows"), "{text}");
}
