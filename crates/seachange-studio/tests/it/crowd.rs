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

/// Four run, the fifth has no session before one of them has ended, and the sixth is cancelled while it waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_wait_for_their_turn() {
    let studio = Studio::with("CREATE TABLE goods (id int PRIMARY KEY)", |settings| {
        settings.patience = Duration::from_secs(600);
    })
    .await;
    let sleeping = |id: &str| studio.post("/api/console", text(id, "SELECT pg_sleep(60)"));
    let cancel = |id: &str| studio.post("/api/console/cancel", json!({"id": id}));
    let all = async { tokio::join!(sleeping("a"), sleeping("b"), sleeping("c"), sleeping("d")) };
    let others = async {
        while studio.value(SLEEPING).await != "4" {
            tokio::task::yield_now().await;
        }
        let mut fifth = Box::pin(studio.post("/api/console", text("e", "SELECT 5")));
        tokio::select! {
            answer = &mut fifth => panic!("it did not wait: {answer:?}"),
            sessions = studio.value(SLEEPING) => assert_eq!(sessions, "4"),
        }
        let (sixth, ()) = tokio::join!(studio.post("/api/console", text("f", "SELECT 6")), async {
            while cancel("f").await.is(200).json()["cancelled"] != true {
                tokio::task::yield_now().await;
            }
        });
        let message = &sixth.is(409).json()["message"];
        assert_eq!(message, "cancelled before anything ran");
        let done = cancel("a").await.is(200).json();
        assert_eq!(done["cancelled"], true);
        let answer = fifth.await.is(200).json();
        assert_eq!(answer["results"][0]["rows"], json!([["5"]]));
        for id in ["b", "c", "d"] {
            assert_eq!(cancel(id).await.is(200).json()["cancelled"], true);
        }
    };
    let ((a, b, c, d), ()) = tokio::join!(all, others);
    for answer in [a, b, c, d] {
        assert_eq!(answer.is(200).json()["failed"]["sqlstate"], "57014");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_that_waits_in_vain_is_refused() {
    let studio = Studio::with("CREATE TABLE goods (id int PRIMARY KEY)", |settings| {
        settings.patience = Duration::ZERO;
    })
    .await;
    let run = |id: &str| studio.post("/api/console", text(id, "SELECT pg_sleep(60)"));
    let all = async { tokio::join!(run("a"), run("b"), run("c"), run("d")) };
    let others = async {
        while studio.value(SLEEPING).await != "4" {
            tokio::task::yield_now().await;
        }
        let refused = run("e").await.is(429).json();
        let message = refused["message"].as_str().unwrap();
        assert!(message.starts_with("4 texts run already"), "{message}");
        for id in ["a", "b", "c", "d"] {
            let done = studio.post("/api/console/cancel", json!({"id": id})).await;
            assert_eq!(done.is(200).json()["cancelled"], true);
        }
    };
    tokio::join!(all, others);
}

fn text(id: &str, sql: &str) -> serde_json::Value {
    json!({"id": id, "sql": sql, "rows": 1, "seconds": 60, "mode": "read"})
}

/// How many texts wait in `pg_sleep`.
const SLEEPING: &str = "SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() \
    AND application_name = 'seachange studio' AND wait_event = 'PgSleep'";

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
