//! `bench studio`: how long the studio takes for its pages, beside the bare SQL of each in the same run; or, with
//! `--users`, whether it stands many people at once. The studio is a process of its own, as it is for everybody.

mod browser;
mod database;
mod load;
mod pages;
mod process;
mod report;

use super::arguments::Studio as Arguments;
use super::error::BenchError;
use super::notes::progress;
use super::program::Program;
use super::{machine, place};
use database::Database;
use process::Studio;

/// What it has to serve in the times that are measured.
const SIZES: [u64; 3] = [1_000, 1_000_000, 10_000_000];
/// What it serves to many at once.
const CROWDED: [u64; 1] = [1_000_000];

pub(super) fn run(arguments: &Arguments) -> Result<(), BenchError> {
    let program = build(arguments)?;
    let mut facts = machine::facts()?;
    facts.push(match arguments.release {
        true => "the studio built with --release".to_owned(),
        false => "the studio built with cargo's dev profile".to_owned(),
    });
    let rows: &[u64] = match (arguments.rows.as_slice(), arguments.users) {
        ([], None) => &SIZES,
        ([], Some(_)) => &CROWDED,
        (given, _) => given,
    };
    let runtime = tokio::runtime::Runtime::new().map_err(|source| BenchError::Start {
        command: "a runtime".to_owned(),
        source,
    })?;
    let server = xtask()?;
    server.clone().args(["db", "start"]).run()?;
    let measured = runtime.block_on(measure(arguments, &program, &server, rows, &mut facts));
    server.args(["db", "stop"]).run()?;
    measured
}

async fn measure(
    arguments: &Arguments,
    program: &std::path::Path,
    server: &Program,
    rows: &[u64],
    facts: &mut Vec<String>,
) -> Result<(), BenchError> {
    let url = super::server::url_of(server)?;
    let mut sizes = Vec::new();
    let mut failed = None;
    for (number, rows) in rows.iter().copied().enumerate() {
        progress(format_args!("{} rows: making them", report::count(rows)));
        let database = Database::make(&url, rows).await?;
        if number == 0 {
            facts.push(database.facts().await?);
            println!("{}\n", facts.join(" · "));
        }
        let measured = on(arguments, program, &database).await;
        database.drop().await?;
        match measured {
            Ok(Some(size)) => sizes.push(size),
            Ok(None) => {}
            // A crowd that was too much is told of; the others are measured all the same.
            Err(error @ (BenchError::Requests { .. } | BenchError::Grows { .. })) => {
                failed.get_or_insert(error);
            }
            Err(error) => return Err(error),
        }
    }
    if !sizes.is_empty() {
        println!("{}\n", report::table(&sizes));
        println!("{}", report::words(&sizes, arguments.requests));
    }
    failed.map_or(Ok(()), Err)
}

/// One database of so many rows, and a studio on it.
async fn on(
    arguments: &Arguments,
    program: &std::path::Path,
    database: &Database,
) -> Result<Option<pages::Size>, BenchError> {
    let mut studio = Studio::start(program, database.url())?;
    let done = match arguments.users {
        Some(users) => load::run(&mut studio, database, users, arguments.seconds)
            .await
            .map(|()| None),
        None => pages::measure(&mut studio, database, arguments.requests)
            .await
            .map(Some),
    };
    studio.stop()?;
    done
}

/// The program that has the studio in it: this one, as users run it, or one built with --release.
fn build(arguments: &Arguments) -> Result<std::path::PathBuf, BenchError> {
    if !arguments.release {
        return std::env::current_exe().map_err(BenchError::file("find", "xtask"));
    }
    progress("building with --release");
    let root = place::root();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Program::new("studio build", cargo, &root)
        .args(["build", "--quiet", "--release", "--package", "xtask"])
        .run()?;
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    Ok(target.join("release/xtask"))
}

/// This program itself, with the benchmarks' own server.
fn xtask() -> Result<Program, BenchError> {
    let program = std::env::current_exe().map_err(BenchError::file("find", "xtask"))?;
    Ok(Program::new("studio server", program, &place::root())
        .env("SEACHANGE_HOME", place::bench().join("servers"))
        .without("DATABASE_URL"))
}
