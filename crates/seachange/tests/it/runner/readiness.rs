//! Whether a program may serve, asked of real databases: migrated, behind, ahead, half-way, changed by hand.

use seachange::catalog;
use seachange::generate::schema_sql;
use seachange::ignore::{Rule, Rules};
use seachange::readiness::{Drift, Expected, Readiness, readiness};
use seachange::runner::Extent;
use sqlx::Connection as _;

use super::database::TestDatabase;
use super::migrator::{Migrator, Sql, sql, up};

const A: &str = "m20260101_000000_a";
const B: &str = "m20260102_000000_b";
const C: &str = "m20260103_000000_c";

fn first() -> Sql {
    sql(
        A,
        "CREATE TABLE goods (id int PRIMARY KEY, name text NOT NULL CHECK (name <> ''));\n\
         CREATE INDEX goods_name_idx ON goods (name);\n\
         CREATE VIEW names AS SELECT id, name FROM goods WHERE name IS NOT NULL;\n",
        "",
    )
}

fn second() -> Sql {
    sql(B, "ALTER TABLE goods ADD COLUMN price int;\n", "")
}

/// A database that has run these, and what a program that knows them expects.
struct Setting {
    database: TestDatabase,
    lock: String,
    schema_sql: String,
}

impl Setting {
    async fn of(migrations: &[Sql]) -> Self {
        let database = TestDatabase::new().await;
        let migrator = Migrator::of(migrations);
        let lock = migrator.lock.render();
        up(&migrator.program(), &database.url, Extent::All).await;
        let mut connection = database.connect().await;
        let schema = catalog::read(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        Self {
            schema_sql: schema_sql(&schema).unwrap(),
            database,
            lock,
        }
    }

    fn expected(&self) -> Expected {
        Expected::parse(&self.lock, &self.schema_sql).unwrap()
    }

    /// As a program that knows other migrations sees it.
    async fn seen_by(&self, migrations: &[Sql]) -> Readiness {
        let lock = Migrator::of(migrations).lock.render();
        let expected = Expected::parse(&lock, &self.schema_sql).unwrap();
        self.seen(&expected).await
    }

    async fn seen(&self, expected: &Expected) -> Readiness {
        let mut connection = self.database.connect().await;
        let seen = readiness(&mut connection, expected).await.unwrap();
        connection.close().await.unwrap();
        seen
    }
}

#[tokio::test]
async fn what_is_applied_and_unchanged_is_ready() {
    let setting = Setting::of(&[first(), second()]).await;
    let seen = setting.seen(&setting.expected()).await;
    assert_eq!(seen, Readiness::default());
    assert!(seen.is_ready());
}

#[tokio::test]
async fn a_database_that_lacks_migrations_is_not_ready() {
    let setting = Setting::of(&[first()]).await;
    let seen = setting.seen_by(&[first(), second()]).await;
    assert_eq!(seen.reasons(), [format!("`{B}` is not applied")]);
    let empty = TestDatabase::new().await;
    let mut connection = empty.connect().await;
    let seen = readiness(&mut connection, &setting.expected())
        .await
        .unwrap();
    assert_eq!(seen.pending, [A]);
    connection.close().await.unwrap();
}

/// While a deployment goes on, code of before serves from the schema of after.
#[tokio::test]
async fn a_database_that_is_ahead_is_ready() {
    let setting = Setting::of(&[first(), second()]).await;
    let seen = setting.seen_by(&[first()]).await;
    assert_eq!(seen.newer, [B]);
    assert!(matches!(seen.drift, Drift::Untold { .. }), "{seen:?}");
    assert!(seen.is_ready());
}

#[tokio::test]
async fn what_is_held_back_is_not_waited_for() {
    let setting = Setting::of(&[first(), second()]).await;
    let held = sql(
        C,
        "-- seachange: contract\nALTER TABLE goods DROP COLUMN name;\n",
        "",
    );
    let seen = setting.seen_by(&[first(), second(), held.clone()]).await;
    assert!(seen.is_ready(), "{seen:?}");
    let why = format!("`{C}` is held back");
    assert_eq!(seen.drift, Drift::Untold { why });
    let wanted = Sql {
        up: held.up.replace("-- seachange: contract\n", ""),
        ..held
    };
    let seen = setting.seen_by(&[first(), second(), wanted]).await;
    assert_eq!(seen.pending, [C]);
}

#[tokio::test]
async fn what_was_edited_or_stands_half_way_is_not_ready() {
    let setting = Setting::of(&[first()]).await;
    let edited = Sql {
        up: first().up + "-- and more\n",
        ..first()
    };
    let seen = setting.seen_by(&[edited]).await;
    assert_eq!(seen.reasons(), [format!("`{A}` is not what was applied")]);

    let broken = sql(
        B,
        "-- seachange: no-transaction\nALTER TABLE goods ADD COLUMN price int;\nSELECT 1 / 0;\n",
        "",
    );
    let known = [first(), broken];
    let program = Migrator::of(&known).program();
    up(&program, &setting.database.url, Extent::All).await;
    let seen = setting.seen_by(&known).await;
    assert_eq!(seen.reasons(), [format!("`{B}` stands half-way")]);
}

#[tokio::test]
async fn what_somebody_changed_by_hand_is_named() {
    let setting = Setting::of(&[first(), second()]).await;
    for (sql, undone, told) in [
        (
            "ALTER TABLE goods ADD COLUMN nick text",
            "ALTER TABLE goods DROP COLUMN nick",
            "`CREATE TABLE \"goods\"`: has `\"nick\" text`",
        ),
        (
            "DROP INDEX goods_name_idx",
            "CREATE INDEX goods_name_idx ON goods (name)",
            "`CREATE INDEX \"goods_name_idx\" ON \"goods\" USING btree (name)` is missing",
        ),
        (
            "CREATE TABLE tmp_goods ()",
            "DROP TABLE tmp_goods",
            "`CREATE TABLE \"tmp_goods\"` is there besides",
        ),
    ] {
        setting.database.execute(sql).await;
        let seen = setting.seen(&setting.expected()).await;
        assert_eq!(seen.reasons(), [format!("the schema has drifted: {told}")]);
        setting.database.execute(undone).await;
        let seen = setting.seen(&setting.expected()).await;
        assert!(seen.is_ready(), "{undone}: {seen:?}");
    }
}

#[tokio::test]
async fn what_is_meant_to_differ_is_overlooked() {
    let setting = Setting::of(&[first()]).await;
    let rules: Rules = ["table public.tmp_*", "index *.idx_manual_*", "view names"]
        .iter()
        .map(|rule| rule.parse::<Rule>().unwrap())
        .collect();
    let by_hand =
        "CREATE TABLE tmp_goods (id int); CREATE INDEX idx_manual_name ON goods (lower(name))";
    setting.database.execute(by_hand).await;
    assert_eq!(setting.seen(&setting.expected()).await.reasons().len(), 2);
    let expected = setting.expected().ignoring(rules);
    let seen = setting.seen(&expected).await;
    assert!(seen.is_ready(), "{seen:?}");
    setting
        .database
        .execute("ALTER TABLE goods ADD COLUMN nick text")
        .await;
    assert_eq!(setting.seen(&expected).await.reasons().len(), 1);
}

#[tokio::test]
async fn who_may_not_read_the_record_hears_it() {
    let setting = Setting::of(&[first()]).await;
    let role = format!("reader_{}", std::process::id());
    let mut connection = setting.database.connect().await;
    for sql in [format!("CREATE ROLE {role}"), format!("SET ROLE {role}")] {
        super::database::execute(&mut connection, &sql).await;
    }
    let error = readiness(&mut connection, &setting.expected())
        .await
        .unwrap_err();
    let help = seachange::Help::help(&error).unwrap_or_default();
    assert!(
        help.contains("SELECT") || help.contains("permission"),
        "{help}"
    );
    super::database::execute(&mut connection, &format!("RESET ROLE; DROP ROLE {role}")).await;
    connection.close().await.unwrap();
}
