//! Partitions that another process makes: no difference where the workspace says so, and never touched
//! by a push.

use std::path::Path;

use seachange::catalog;
use seachange::draft::{self, Answers};
use seachange::entities::Declared;
use seachange::push;
use seachange::source::{Places, Road, Source};
use sqlx::{Connection, PgConnection};

use crate::database::{self, Fresh};

const DECLARED: &str = "\
    CREATE TABLE events (id int NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
    CREATE INDEX events_at ON events (at);
    CREATE TABLE events_rest PARTITION OF events DEFAULT;";

/// What a nightly job adds: a partition, and one with partitions of its own.
const NIGHTLY: &str = "\
    CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
    CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')
        PARTITION BY LIST (id);
    CREATE TABLE events_2_1 PARTITION OF events_2 FOR VALUES IN (1);
    CREATE INDEX events_1_id ON events_1 (id);
    COMMENT ON TABLE events_1 IS 'of January';
    INSERT INTO events VALUES (1, '2026-01-05'), (1, '2026-02-05');";

async fn run(connection: &mut PgConnection, sql: &'static str) {
    sqlx::raw_sql(sql).execute(connection).await.unwrap();
}

async fn road(home: &Path, declared: &str, made_elsewhere: &'static [&'static str]) -> Road {
    std::fs::create_dir_all(home.join("sql/after")).unwrap();
    std::fs::write(home.join("sql/after/events.sql"), declared).unwrap();
    Road::with_scratch(
        Places {
            server: seachange::server::Settings {
                home: home.to_owned(),
                programs: None,
            },
            declared: Declared {
                sql: home.join("sql"),
                partitions_made_elsewhere: made_elsewhere,
                ..Declared::nothing()
            },
            migrations: home.join("migration"),
            database: None,
            rust: None,
        },
        database::scratch().await,
    )
}

async fn differences(made_elsewhere: &'static [&'static str]) -> usize {
    let home = tempfile::tempdir().unwrap();
    let road = road(home.path(), DECLARED, made_elsewhere).await;
    let mut live = Fresh::create().await;
    run(&mut live.connection, DECLARED).await;
    run(&mut live.connection, NIGHTLY).await;
    let database: Source = live.url().parse().unwrap();
    let mut count = 0;
    for (from, to) in [
        (&Source::Entities, &database),
        (&database, &Source::Entities),
    ] {
        let draft = draft::draft(&road, from, to, &Answers::default())
            .await
            .unwrap();
        count += draft.changes.changes.len();
    }
    road.close().await.unwrap();
    count
}

#[tokio::test]
async fn they_are_no_difference_where_the_workspace_says_so() {
    assert_eq!(differences(&["events"]).await, 0);
}

#[tokio::test]
async fn they_are_one_where_it_does_not() {
    assert!(differences(&["others"]).await > 0);
}

#[tokio::test]
async fn a_push_leaves_them_and_they_follow_their_table() {
    let home = tempfile::tempdir().unwrap();
    let mut live = Fresh::create().await;
    run(&mut live.connection, DECLARED).await;
    run(&mut live.connection, NIGHTLY).await;
    let wanted = DECLARED.replace("at date NOT NULL)", "at date NOT NULL, note text)");
    let road = road(home.path(), &wanted, &[]).await;
    let push = push::prepare(&road, &mut live.connection, None, &Answers::default())
        .await
        .unwrap();
    push::apply(&mut live.connection, &push).await.unwrap();
    let again = push::prepare(&road, &mut live.connection, None, &Answers::default())
        .await
        .unwrap();
    assert!(again.plan.is_empty());
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM events_1 WHERE note IS NULL")
        .fetch_one(&mut live.connection)
        .await
        .unwrap();
    assert_eq!(rows, 1);
    let schema = catalog::read(&mut live.connection).await.unwrap();
    assert_eq!(schema.tables().count(), 5, "with events_1, _2 and _2_1");
    road.close().await.unwrap();
    live.connection.close().await.unwrap();
}
