//! `bench testdb`: a test's own database, made, connected to and dropped, in three ways in turn: by
//! PostgreSQL alone, by `TestDatabase`, and as sqlx::test does it.

mod report;
mod way;
mod workspace;

use std::num::NonZeroU16;
use std::time::{Duration, Instant};

use seachange::connection::open;
use seachange_cli::Throwaway;
use sqlx::PgConnection;

use super::arguments::Testdb;
use super::error::BenchError;
use super::machine;
use super::notes::progress;
use report::Row;
use way::Way;
use workspace::Measured;

/// Few, as in one test after the other, and many, as in a test run.
const THREADS: [u16; 2] = [1, 8];

pub(super) fn run(arguments: &Testdb) -> Result<(), BenchError> {
    let mut facts = machine::facts()?;
    let server = Throwaway::start(&crate::project()).map_err(|_| BenchError::NoServer)?;
    facts.push(block_on(version(server.url()))?);
    let workspaces = workspace::all(server.url())?;

    let mut rows = Vec::new();
    for workspace in &workspaces {
        let template = block_on(workspace.template())?;
        let ways = [
            Way::bare(server.url(), template),
            Way::ours(workspace.tested.clone()),
            Way::migrating(server.url(), workspace.up.clone()),
        ];
        for threads in THREADS {
            progress(format_args!("{}, {threads} threads", workspace.title));
            rows.push(Row {
                title: workspace.title.clone(),
                migrations: workspace.up.len(),
                threads,
                ways: measure(&ways, threads, arguments)?,
            });
        }
    }
    println!("{}\n", facts.join(" · "));
    println!("{}\n", report::table(&rows));
    println!(
        "Milliseconds a database, made, connected to and dropped: medians (least–most) of {} runs in turn.",
        arguments.runs
    );
    if let (Some(many), Some(first)) = (NonZeroU16::new(arguments.many), workspaces.first()) {
        println!("{}", make_many(many, server.url(), first)?);
    }
    Ok(())
}

/// The times that each way takes for one database, run by run. A run ahead of the first builds what
/// is built once, and fills the caches.
fn measure(
    ways: &[Way; 3],
    threads: u16,
    arguments: &Testdb,
) -> Result<[Vec<Duration>; 3], BenchError> {
    let count = arguments.databases * threads;
    let mut times = [const { Vec::new() }; 3];
    for run in 0..=arguments.runs {
        for at in 0..ways.len() {
            // Each of them is the first one as often as the others.
            let at = (at + usize::from(run)) % ways.len();
            let begin = Instant::now();
            ways[at].make(threads, count)?;
            if run > 0 {
                times[at].push(begin.elapsed() / u32::from(count));
            }
        }
    }
    Ok(times)
}

/// Many in one go, and a look at what is there afterwards.
fn make_many(count: NonZeroU16, url: &str, workspace: &Measured) -> Result<String, BenchError> {
    progress(format_args!("{count} databases"));
    let before = block_on(databases(url))?;
    let begin = Instant::now();
    Way::ours(workspace.tested.clone()).make(8, count.get())?;
    let time = begin.elapsed();
    let mut names = block_on(databases(url))?;
    names.retain(|name| !before.contains(name));
    if !names.is_empty() {
        return Err(BenchError::LeftBehind { names });
    }
    Ok(format!(
        "{count} databases with 8 threads: {:.1} s, {:.1} ms each; none is left behind.",
        time.as_secs_f64(),
        time.as_secs_f64() * 1000.0 / f64::from(count.get())
    ))
}

async fn version(url: &str) -> Result<String, BenchError> {
    let query = "SELECT 'PostgreSQL ' || current_setting('server_version') || ', fsync ' || current_setting('fsync')";
    let mut lines = ask(&mut open(url, "bench").await?, query).await?;
    Ok(lines.pop().unwrap_or_default())
}

/// Everything that is there for the moment only.
async fn databases(url: &str) -> Result<Vec<String>, BenchError> {
    let query = "SELECT datname::text FROM pg_database WHERE NOT datistemplate";
    ask(&mut open(url, "bench").await?, query).await
}

async fn ask(
    connection: &mut PgConnection,
    query: &'static str,
) -> Result<Vec<String>, BenchError> {
    let answer = sqlx::query_scalar(query).fetch_all(connection).await;
    answer.map_err(|source| BenchError::Sql {
        statement: query.to_owned(),
        source,
    })
}

/// On a runtime of its own, as each test has one.
fn block_on<T>(work: impl Future<Output = Result<T, BenchError>>) -> Result<T, BenchError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| BenchError::Start {
            command: "a runtime".to_owned(),
            source,
        })?
        .block_on(work)
}
