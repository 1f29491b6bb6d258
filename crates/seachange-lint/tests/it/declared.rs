//! What is declared: the schema as PostgreSQL made it, and the SQL before it has read it.

use seachange::connection::open;
use seachange::testing::TestDatabase;
use seachange_lint::{Declared, lint_declared};

/// The findings as `code subject`, sorted.
async fn found(sql: &str) -> Vec<String> {
    let database = TestDatabase::empty().await;
    let mut connection = open(database.url(), "test").await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
        .execute(&mut connection)
        .await
        .unwrap();
    let schema = seachange::catalog::read(&mut connection).await.unwrap();
    let piece = Declared {
        origin: "sql/after/tables.sql",
        is_file: true,
        sql,
    };
    let mut found: Vec<String> = lint_declared(&schema, &[piece])
        .iter()
        .map(|finding| format!("{} {}", finding.code, finding.subject))
        .collect();
    found.sort();
    found
}

#[tokio::test]
async fn a_foreign_key_says_on_delete_and_has_an_index() {
    let found = found(
        "CREATE TABLE users (id bigint PRIMARY KEY);
         CREATE TABLE bare (id bigint PRIMARY KEY, user_id bigint REFERENCES users);
         CREATE TABLE good (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE NO ACTION);
         CREATE INDEX ON good (user_id, id);
         CREATE TABLE nulls (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE);
         CREATE INDEX ON nulls (user_id) WHERE user_id IS NOT NULL;
         CREATE TABLE partial (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE);
         CREATE INDEX ON partial (user_id) WHERE id > 7;
         CREATE TABLE second (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE);
         CREATE INDEX ON second (id, user_id);
         CREATE TABLE keyed (user_id bigint REFERENCES users ON DELETE CASCADE, n bigint, PRIMARY KEY (user_id, n));",
    )
    .await;
    assert_eq!(
        found,
        [
            "foreign-key-without-index bare.bare_user_id_fkey",
            "foreign-key-without-index partial.partial_user_id_fkey",
            "foreign-key-without-index second.second_user_id_fkey",
            // The SQL gives it no name.
            "foreign-key-without-on-delete bare.bare_user_id_fkey",
        ]
    );
}

#[tokio::test]
async fn names_are_seen_before_postgresql_cuts_them() {
    let name = "a".repeat(64);
    let found = found(&format!(
        "CREATE TABLE t (id bigint PRIMARY KEY, {name} text);"
    ))
    .await;
    assert_eq!(found, [format!("identifier-cut {name}")]);
}

#[tokio::test]
async fn columns_and_keys_are_as_they_are_declared() {
    let found = found(
        "CREATE TABLE small (id integer PRIMARY KEY);
         CREATE TABLE numbered (id bigserial PRIMARY KEY);
         CREATE TABLE keyless (at timestamp, data json, code char(3));
         CREATE TABLE parts (id bigint) PARTITION BY RANGE (id);
         CREATE TABLE part PARTITION OF parts DEFAULT;",
    )
    .await;
    assert_eq!(
        found,
        [
            "char-column keyless.code",
            "json-column keyless.data",
            "no-primary-key keyless",
            "no-primary-key parts",
            "serial-column numbered.id",
            "small-key small.id",
            "timestamp-without-zone keyless.at",
        ]
    );
}
