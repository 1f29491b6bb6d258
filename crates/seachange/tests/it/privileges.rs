//! Grants and owners that nobody declared: a push leaves them, and what it makes is born as the database says.

use seachange::draft::Answers;
use seachange::entities::Declared;
use seachange::push;
use seachange::source::{Places, Road};
use seachange_schema::Plan;
use sqlx::PgConnection;

use crate::database::{self, Fresh};

/// What a push of `declared` does, once it is done.
async fn pushed(connection: &mut PgConnection, declared: &str) -> Plan {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join("sql/after")).unwrap();
    std::fs::write(home.path().join("sql/after/all.sql"), declared).unwrap();
    let road = Road::with_scratch(
        Places {
            server: seachange::server::Settings {
                home: home.path().to_owned(),
                programs: None,
            },
            declared: Declared {
                sql: home.path().join("sql"),
                ..Declared::nothing()
            },
            migrations: home.path().join("migration"),
            database: None,
            rust: None,
        },
        database::scratch().await,
    );
    let push = push::prepare(&road, connection, None, &Answers::default())
        .await
        .unwrap();
    push::apply(connection, &push).await.unwrap();
    road.close().await.unwrap();
    push.plan
}

async fn may(connection: &mut PgConnection, query: &str) -> bool {
    sqlx::query_scalar(sqlx::AssertSqlSafe(query.to_owned()))
        .fetch_one(connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn what_nobody_declared_stays_and_what_is_new_is_born_with_it() {
    let mut live = Fresh::create().await;
    sqlx::raw_sql(
        "CREATE TABLE kept (a int);
         GRANT SELECT ON kept TO pg_monitor;
         ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO pg_monitor;
         ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO pg_monitor;",
    )
    .execute(&mut live.connection)
    .await
    .unwrap();
    let declared = "CREATE TABLE kept (a int, b int);
        CREATE TABLE fresh (id int GENERATED ALWAYS AS IDENTITY);
        GRANT INSERT ON kept TO pg_read_all_stats;";
    let plan = pushed(&mut live.connection, declared).await;
    let revoked = plan
        .steps()
        .flat_map(|step| &step.statements)
        .find(|sql| sql.contains("REVOKE"));
    assert_eq!(revoked, None);
    for query in [
        "SELECT has_table_privilege('pg_monitor', 'kept', 'SELECT')",
        "SELECT has_table_privilege('pg_monitor', 'fresh', 'SELECT')",
        "SELECT has_sequence_privilege('pg_monitor', 'fresh_id_seq', 'USAGE')",
        "SELECT has_table_privilege('pg_read_all_stats', 'kept', 'INSERT')",
    ] {
        assert!(may(&mut live.connection, query).await, "{query}");
    }
    let again = pushed(&mut live.connection, declared).await;
    assert!(again.is_empty(), "{again:?}");

    // What was declared and is no longer goes.
    pushed(
        &mut live.connection,
        "CREATE TABLE kept (a int, b int); CREATE TABLE fresh (id int GENERATED ALWAYS AS IDENTITY);",
    )
    .await;
    let query = "SELECT has_table_privilege('pg_read_all_stats', 'kept', 'INSERT')";
    assert!(!may(&mut live.connection, query).await);
}

#[tokio::test]
async fn who_owns_what_stays_where_nobody_says_otherwise() {
    let mut live = Fresh::create().await;
    let declared = "CREATE TABLE t (a int, b int);
        CREATE VIEW v AS SELECT a FROM t;
        CREATE VIEW theirs AS SELECT b FROM t;
        ALTER VIEW theirs OWNER TO pg_read_all_stats;";
    pushed(&mut live.connection, declared).await;
    sqlx::raw_sql("ALTER TABLE t OWNER TO pg_monitor; ALTER VIEW v OWNER TO pg_monitor")
        .execute(&mut live.connection)
        .await
        .unwrap();
    let plan = pushed(&mut live.connection, declared).await;
    assert!(plan.is_empty(), "{plan:?}");

    // Both views are made anew, and the sequence is given to a table of another owner.
    let declared = declared.replace("(a int, b int)", "(a bigint, b bigint, c serial)");
    pushed(&mut live.connection, &declared).await;
    for (relation, owner) in [
        ("t", "pg_monitor"),
        ("t_c_seq", "pg_monitor"),
        ("v", "pg_monitor"),
        ("theirs", "pg_read_all_stats"),
    ] {
        let query = format!(
            "SELECT relowner = '{owner}'::regrole FROM pg_class WHERE oid = '{relation}'::regclass"
        );
        assert!(may(&mut live.connection, &query).await, "{query}");
    }
}

#[tokio::test]
async fn a_declared_owner_is_no_difference_to_that_owner() {
    let mut live = Fresh::create().await;
    let declared = "CREATE TABLE t (a int);
        ALTER TABLE t OWNER TO pg_monitor;";
    pushed(&mut live.connection, declared).await;
    sqlx::raw_sql(
        "GRANT CREATE ON SCHEMA public TO pg_monitor;
         ALTER TABLE seachange_declared OWNER TO pg_monitor;
         SET ROLE pg_monitor",
    )
    .execute(&mut live.connection)
    .await
    .unwrap();
    let plan = pushed(&mut live.connection, declared).await;
    assert!(plan.is_empty(), "{plan:?}");
}
