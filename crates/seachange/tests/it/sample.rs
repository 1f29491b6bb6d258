//! Samples of real databases: what is chosen, what is masked, and what is refused.

mod chosen;
mod masked;
mod refused;
mod undone;

use std::collections::{BTreeMap, BTreeSet};

use seachange::catalog;
use seachange::connection::open;
use seachange::sample::{ColumnName, Copied, Key, Mask, Masking, Sample, SampleError, Share, copy};
use sqlx::{AssertSqlSafe, Executor, Row};

use crate::database::Fresh;

const TRIGGERS: &str = "
CREATE TRIGGER shout BEFORE INSERT ON patients FOR EACH ROW EXECUTE FUNCTION shout();
CREATE TRIGGER always BEFORE INSERT ON stays FOR EACH ROW EXECUTE FUNCTION shout();
ALTER TABLE stays ENABLE ALWAYS TRIGGER always;
CREATE TRIGGER never BEFORE INSERT ON visits FOR EACH ROW EXECUTE FUNCTION shout();
ALTER TABLE visits DISABLE TRIGGER never;
CREATE TRIGGER parts BEFORE INSERT ON results FOR EACH ROW EXECUTE FUNCTION shout();
";

/// The clinic, with its rows.
async fn clinic() -> Fresh {
    let mut source = Fresh::create().await;
    run(&mut source, include_str!("sample/clinic.sql")).await;
    run(&mut source, include_str!("sample/rows.sql")).await;
    source
}

/// The clinic without rows.
async fn empty_clinic() -> Fresh {
    let mut target = Fresh::create().await;
    run(&mut target, include_str!("sample/clinic.sql")).await;
    run(&mut target, TRIGGERS).await;
    target
}

/// Two databases of one schema, the first with rows.
async fn databases(schema: &str, rows: &str) -> (Fresh, Fresh) {
    let (mut source, mut target) = (Fresh::create().await, Fresh::create().await);
    run(&mut source, schema).await;
    run(&mut source, rows).await;
    run(&mut target, schema).await;
    (source, target)
}

async fn run(database: &mut Fresh, sql: &str) {
    let sent = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
    database.connection.execute(sent).await.unwrap();
}

fn column(table: &str, column: &str) -> ColumnName {
    ColumnName::new("public", table, column)
}

/// What can't be masked without a word.
fn clinic_masking() -> Masking {
    Masking::new()
        .safe(column("results", "kind"))
        .with(column("patients", "stage"), Mask::Between(1, 9))
        .with(column("patients", "plate"), Mask::Code)
        .with(column("patients", "full_name"), Mask::Person)
}

fn sample(percent: f64, key: u8) -> Sample {
    Sample {
        share: Share::percent(percent).unwrap(),
        key: Key::new([key; 32]),
        statement_timeout: None,
    }
}

async fn copied(
    source: &Fresh,
    target: &Fresh,
    masking: &Masking,
    sample: &Sample,
) -> Result<Vec<Copied>, SampleError> {
    copy(source.url(), target.url(), masking, sample, |_| {}).await
}

/// Every row of every table as text, sorted.
async fn dump(database: &Fresh) -> BTreeMap<String, Vec<String>> {
    let mut connection = open(database.url(), "test").await.unwrap();
    let schema = catalog::read(&mut connection).await.unwrap();
    let mut dumped = BTreeMap::new();
    for (name, table) in schema.tables() {
        if table.partition_of.is_some() {
            continue;
        }
        let rows = texts(
            database,
            &format!("SELECT t::text FROM {name} t ORDER BY 1"),
        )
        .await;
        dumped.insert(name.plain(), rows);
    }
    dumped
}

/// The first column of a query, without NULLs.
async fn texts(database: &Fresh, sql: &str) -> Vec<String> {
    let mut connection = open(database.url(), "test").await.unwrap();
    let sent = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
    let rows = connection.fetch_all(sent).await.unwrap();
    rows.iter()
        .filter_map(|row| row.get::<Option<String>, _>(0))
        .collect()
}

async fn set(database: &Fresh, sql: &str) -> BTreeSet<String> {
    let texts = texts(database, sql).await;
    let count = texts.len();
    let set: BTreeSet<String> = texts.into_iter().collect();
    assert_eq!(set.len(), count, "doubles: {sql}");
    set
}

/// Has PostgreSQL check every foreign key again, from nothing.
async fn foreign_keys_hold(database: &mut Fresh) {
    let again = "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s', conrelid::regclass, \
         conname, conname, pg_get_constraintdef(oid)) FROM pg_constraint \
         WHERE contype = 'f' AND conparentid = 0 AND NOT condeferrable";
    let checks = texts(database, again).await;
    assert!(!checks.is_empty());
    for check in checks {
        run(database, &check).await;
    }
}

fn of<'a>(copied: &'a [Copied], table: &str) -> &'a Copied {
    copied.iter().find(|one| one.table == table).unwrap()
}
