//! Backfills: in batches, by every kind of key, and only where that is sound.

use seachange::runner::{Event, Extent, RunnerError};

use super::database::TestDatabase;
use super::migrator::{Migrator, Outcome, sql, up};

const A: &str = "m20260101_000000_a";

async fn run(database: &TestDatabase, text: &str) -> Outcome {
    let text = format!("-- seachange: no-transaction\n\n{text}\n");
    up(
        &Migrator::of(&[sql(A, &text, "")]).program(),
        &database.url,
        Extent::All,
    )
    .await
}

#[tokio::test]
async fn each_kind_of_key_is_gone_through_once() {
    for (data_type, value) in [
        ("int", "i"),
        ("bigint", "-9000000000 + i"),
        ("numeric(12, 3)", "i / 7.0"),
        ("uuid", "md5(i::text)::uuid"),
        ("text", "chr(40 + i % 80) || '''\\' || i"),
        (
            "timestamptz",
            "'2026-03-29 00:00 Europe/Berlin'::timestamptz + i * interval '7 min'",
        ),
        ("date", "'2026-01-01'::date + i"),
    ] {
        let database = TestDatabase::new().await;
        database
            .execute(&format!(
                "CREATE TABLE \"My T\" (\"The Key\" {data_type} PRIMARY KEY, n int NOT NULL DEFAULT 0, batch bigint);
                 INSERT INTO \"My T\" SELECT {value} FROM generate_series(1, 95) AS i"
            ))
            .await;
        let outcome = run(
            &database,
            "-- seachange: backfill by \"The Key\", 10 rows, 1ms apart\n\
             UPDATE \"My T\" AS x SET n = n + 1, batch = txid_current() WHERE n < 5 -- not twice",
        )
        .await;
        assert_eq!(outcome.done(), [A], "{data_type}");
        let expected = "95 1 1 10 10";
        database
            .check(
                "SELECT count(*) || ' ' || min(n) || ' ' || max(n) || ' ' || count(DISTINCT batch) || ' '
                        || (SELECT max(rows) FROM (SELECT count(*) AS rows FROM \"My T\" GROUP BY batch) s)
                 FROM \"My T\"",
                expected,
            )
            .await;
        let last = outcome.events.iter().rev().find_map(|event| match event {
            Event::Backfilled { seen, changed, .. } => Some((*seen, *changed)),
            _ => None,
        });
        assert_eq!(last, Some((95, 95)), "{data_type}");
    }
}

#[tokio::test]
async fn rows_without_a_key_and_rows_with_the_same_are_not_left_out() {
    let database = TestDatabase::new().await;
    database
        .execute(
            "CREATE TABLE t (k int, n int NOT NULL DEFAULT 0); CREATE INDEX ON t (k, n);
             INSERT INTO t SELECT nullif(i % 3, 0) FROM generate_series(1, 30) AS i;
             CREATE TABLE other (k int, m int); INSERT INTO other VALUES (1, 10), (2, 20)",
        )
        .await;
    let outcome = run(
        &database,
        "-- seachange: backfill by k, 4 rows\nUPDATE t SET n = n + 1;\n\
         -- seachange: backfill by k, 4 rows\nUPDATE t SET n = n + m FROM other o WHERE o.k = t.k;\n\
         -- seachange: backfill by k, 4 rows\nDELETE FROM t USING other o WHERE o.k = t.k AND o.m = 20",
    )
    .await;
    assert_eq!(outcome.done(), [A]);
    database
        .check(
            "SELECT string_agg(concat_ws(':', k, n, rows), ' ' ORDER BY k) FROM (SELECT k, n, count(*) AS rows FROM t GROUP BY k, n) s",
            "1:11:10 1:10",
        )
        .await;
}

#[tokio::test]
async fn partitions_are_gone_through_as_one() {
    let database = TestDatabase::new().await;
    database
        .execute(
            "CREATE TABLE t (id int PRIMARY KEY, n int DEFAULT 0) PARTITION BY RANGE (id);
             CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (50);
             CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (50) TO (100);
             INSERT INTO t SELECT generate_series(1, 99); ANALYZE t",
        )
        .await;
    let outcome = run(
        &database,
        "-- seachange: backfill by id, 25 rows\nUPDATE t SET n = n + 1",
    )
    .await;
    assert_eq!(outcome.done(), [A]);
    database.check("SELECT min(n) + max(n) FROM t", "2").await;
    let estimated = outcome.events.iter().find_map(|event| match event {
        Event::Backfilled { estimated, .. } => *estimated,
        _ => None,
    });
    assert_eq!(estimated, Some(99));
}

#[tokio::test]
async fn where_it_would_not_be_sound_it_is_refused() {
    let database = TestDatabase::new().await;
    database
        .execute(
            "CREATE TABLE t (id int PRIMARY KEY, plain int, other int, part int, point point, hashed int);
             CREATE INDEX ON t (part) WHERE part > 0; CREATE INDEX ON t USING hash (hashed)",
        )
        .await;
    for (column, message) in [
        ("plain", "no index without a WHERE has that column first"),
        ("part", "no index without a WHERE has that column first"),
        ("hashed", "no index without a WHERE has that column first"),
        ("point", "can't go by `point` of type `point`"),
        ("nobody", "there is no column `nobody` in `t`"),
    ] {
        let text = format!("-- seachange: backfill by {column}\nUPDATE t SET other = 1");
        let outcome = run(&database, &text).await;
        let text = outcome.error().to_string();
        assert!(
            text.contains(message) && text.contains("up.sql:4"),
            "{text}"
        );
    }
    let within = sql(
        A,
        "-- seachange: backfill by id\nUPDATE t SET other = 1;\n",
        "",
    );
    let program = Migrator::of(&[within]).program();
    let outcome = up(&program, &database.url, Extent::All).await;
    let RunnerError::Failed(failure) = outcome.error() else {
        panic!("{outcome:?}");
    };
    assert!(
        failure
            .message
            .contains("this migration is one transaction"),
        "{failure}"
    );
}
