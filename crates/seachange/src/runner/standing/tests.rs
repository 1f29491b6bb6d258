//! Every odd combination of program, record and history.

use sea_orm_migration::{MigrationName, MigrationTrait};

use super::*;
use crate::migrations::{Entry, LockFile};

const A: &str = "m20260101_000000_a";
const B: &str = "m20260102_000000_b";
const C: &str = "m20260103_000000_c";

struct Named(&'static str);

impl MigrationName for Named {
    fn name(&self) -> &str {
        self.0
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Named {
    async fn up(&self, _manager: &sea_orm_migration::SchemaManager) -> Result<(), sea_orm::DbErr> {
        Ok(())
    }
}

fn program(versions: &[&'static str]) -> Program {
    let mut lock = LockFile::default();
    for version in versions {
        lock.entries.push(Entry {
            version: (*version).to_owned(),
            files: format!("hash-of-{version}"),
            up: None,
            down: None,
            parent: lock.head(),
            replaces: Vec::new(),
            contract: false,
        });
    }
    let migrations = versions
        .iter()
        .map(|version| Box::new(Named(version)) as Box<dyn MigrationTrait>)
        .collect();
    Program::new(migrations, "seaql_migrations", &lock.render())
}

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_000_000 + second, 0).unwrap()
}

fn record(version: &str, second: i64) -> Record {
    Record {
        version: version.to_owned(),
        applied_at: at(second),
    }
}

fn row(version: &str, hash: &str, second: i64, outcome: Outcome) -> history::Entry {
    history::Entry {
        version: version.to_owned(),
        direction: Direction::Up,
        outcome,
        hash: Some(hash.to_owned()),
        statement: None,
        started_at: at(second),
        finished_at: (outcome != Outcome::Running).then(|| at(second)),
        duration_ms: Some(7),
        executed_by: "app (ada)".to_owned(),
        error: None,
        note: None,
    }
}

#[test]
fn what_is_applied_pending_and_missing() {
    let records = [record(A, 1), record("m20250101_000000_gone", 0)];
    let history = [row(A, &format!("hash-of-{A}"), 1, Outcome::Done)];
    let status = compare(&program(&[A, B]), &records, &history, &Lines::new());
    let states: Vec<_> = status
        .migrations
        .iter()
        .map(|one| (one.version.as_str(), one.state))
        .collect();
    assert_eq!(
        states,
        [
            (A, State::Applied),
            (B, State::Pending),
            ("m20250101_000000_gone", State::Missing),
        ]
    );
    let applied = &status.migrations[0];
    assert_eq!(applied.duration_ms, Some(7));
    assert_eq!(applied.executed_by.as_deref(), Some("app (ada)"));
    assert!(!applied.edited);
    assert!(!status.migrations[1].out_of_order);
}

#[test]
fn one_that_a_later_one_overtook_is_out_of_order() {
    let records = [record(A, 1), record(C, 2)];
    let status = compare(&program(&[A, B, C]), &records, &[], &Lines::new());
    let odd: Vec<_> = status
        .migrations
        .iter()
        .map(|one| one.out_of_order)
        .collect();
    assert_eq!(odd, [false, true, false]);
}

#[test]
fn edited_means_another_hash_than_the_one_applied() {
    let edited = |history: &[history::Entry], second| {
        compare(&program(&[A]), &[record(A, second)], history, &Lines::new()).migrations[0].edited
    };
    let right = format!("hash-of-{A}");
    assert!(edited(&[row(A, "other", 1, Outcome::Done)], 1));
    assert!(!edited(&[row(A, &right, 1, Outcome::Done)], 1));
    // A later try that failed says nothing about what is applied.
    let tries = [
        row(A, &right, 1, Outcome::Done),
        row(A, "other", 5, Outcome::Failed),
    ];
    assert!(!edited(&tries, 1));
    // Applied again since, by SeaORM's runner, which leaves no hash.
    assert!(!edited(&[row(A, "other", 1, Outcome::Done)], 100));
    // Never applied by this runner.
    assert!(!edited(&[], 1));
}

#[test]
fn a_try_that_failed_is_shown_until_one_succeeds() {
    let mut failed = row(A, "x", 1, Outcome::Failed);
    failed.statement = Some(2);
    failed.error = Some("no".to_owned());
    let status = compare(&program(&[A]), &[], &[failed.clone()], &Lines::new());
    let failure = status.migrations[0].failure.as_ref().unwrap();
    assert_eq!(
        (failure.statement, failure.error.as_deref()),
        (Some(2), Some("no"))
    );

    let running = row(A, "x", 2, Outcome::Running);
    let status = compare(&program(&[A]), &[], &[running], &Lines::new());
    assert_eq!(status.migrations[0].failure.as_ref().unwrap().error, None);

    let done = row(A, "x", 2, Outcome::Done);
    let status = compare(
        &program(&[A]),
        &[record(A, 2)],
        &[failed, done],
        &Lines::new(),
    );
    assert_eq!(status.migrations[0].failure, None);
}
