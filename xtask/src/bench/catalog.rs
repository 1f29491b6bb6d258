//! `bench catalog`: a database of many tables read into a `Schema`, and two of those compared, in turn
//! with `pg_dump -s` of the same database.

mod objects;
mod report;

use std::time::{Duration, Instant};

use seachange::catalog;
use seachange::connection::open;
use seachange::scratch::{Scratch, ScratchDatabase};
use seachange_cli::Throwaway;
use seachange_schema::{Schema, diff};
use sqlx::AssertSqlSafe;

use super::arguments::Catalog;
use super::error::BenchError;
use super::notes::progress;
use super::program::Program;
use super::{machine, place};
use report::Row;

pub(super) fn run(arguments: &Catalog) -> Result<(), BenchError> {
    let mut facts = machine::facts()?;
    facts.push(match cfg!(debug_assertions) {
        true => "xtask as it always runs: the dev profile".to_owned(),
        false => "xtask built with --release".to_owned(),
    });
    let server = Throwaway::start(&crate::project()).map_err(|_| BenchError::NoServer)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| BenchError::Start {
            command: "a runtime".to_owned(),
            source,
        })?;
    let mut rows = Vec::new();
    for &tables in &arguments.tables {
        rows.push(runtime.block_on(measure(server.url(), tables, arguments.runs))?);
    }
    let dumped = Program::new("catalog pg_dump", "pg_dump", &place::root());
    let version = dumped.args(["--version"]).run()?.output;
    facts.push(version.trim().to_owned());
    println!("{}\n", facts.join(" · "));
    println!("{}\n", report::table(&rows));
    println!(
        "Milliseconds, medians (least–most) of {} runs in turn, connecting included. The ratios are those of the medians.",
        arguments.runs
    );
    if let Some(line) = report::linearity(&rows) {
        println!("{line}");
    }
    Ok(())
}

/// A database of that many tables, read, dumped and compared, each run in turn with the others.
async fn measure(url: &str, tables: u16, runs: u16) -> Result<Row, BenchError> {
    progress(format_args!("{tables} tables: making them"));
    let scratch = Scratch::at(url);
    let database = scratch.create().await?;
    execute(&database, &objects::create(tables)).await?;
    let before = read(database.url()).await?;
    execute(&database, &objects::change(tables)).await?;

    let mut row = Row::new(tables);
    for run in 0..=runs {
        progress(format_args!("{tables} tables: run {run} of {runs}"));
        let begin = Instant::now();
        let after = read(database.url()).await?;
        let reading = begin.elapsed();
        let dumping = dump(database.url())?;
        let (equal, none) = compare(after.clone(), after.clone());
        let (changed, found) = compare(before.clone(), after);
        if none != 0 || found != objects::changes(tables) {
            return Err(BenchError::Differences {
                found,
                expected: objects::changes(tables),
            });
        }
        // The first run fills the caches.
        if run > 0 {
            row.dump.push(dumping);
            row.read.push(reading);
            row.equal.push(equal);
            row.changed.push(changed);
        }
    }
    row.objects = before.objects.len();
    database.drop().await?;
    scratch.close().await?;
    Ok(row)
}

async fn read(url: &str) -> Result<Schema, BenchError> {
    let mut connection = open(url, "bench").await?;
    Ok(catalog::read(&mut connection).await?)
}

fn dump(url: &str) -> Result<Duration, BenchError> {
    let program = Program::new("catalog pg_dump", "pg_dump", &place::root());
    Ok(program.args(["--schema-only", url]).run()?.sample.wall)
}

/// How long it takes, and how many objects differ.
fn compare(previous: Schema, next: Schema) -> (Duration, usize) {
    let begin = Instant::now();
    let changes = diff(previous, next, Vec::new());
    (begin.elapsed(), changes.changes.len())
}

async fn execute(database: &ScratchDatabase, scripts: &[String]) -> Result<(), BenchError> {
    let mut connection = database.connect().await?;
    for script in scripts {
        let sql = AssertSqlSafe(script.clone());
        let done = sqlx::raw_sql(sql).execute(&mut connection).await;
        done.map_err(|source| BenchError::Sql {
            statement: script.lines().next().unwrap_or_default().to_owned(),
            source,
        })?;
    }
    Ok(())
}
