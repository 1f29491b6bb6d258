//! `load`: each kind of change applied to a large table, as the planner writes it, while others read and write the
//! table; then its plain form, which shows what the first one is for.

mod clients;
mod kind;
mod latency;
mod planned;
mod report;

use std::time::{Duration, Instant};

use super::error::TortureError;
use super::runner::Runner;
use super::server::TortureServer;
use super::{Arguments, Report, progress};
use clients::{Clients, Names};
use kind::{KINDS, Kind};
use planned::{Planner, Work};
use report::{Form, Measured};

/// What nobody may wait longer than: the runner's `lock_timeout`, and a second.
const LONGEST: Duration = Duration::from_secs(3);
const TEMPLATE: &str = "torture_load";
const DATABASE: &str = "loaded";

pub(super) async fn run(
    arguments: &Arguments,
    seed: u64,
    server: &TortureServer,
) -> Result<Report, TortureError> {
    let begun = Instant::now();
    progress(format_args!("load: filling {} rows", arguments.rows));
    server
        .execute("postgres", &format!("CREATE DATABASE {TEMPLATE}"))
        .await?;
    server.execute(TEMPLATE, kind::BASE).await?;
    server
        .execute(TEMPLATE, &kind::rows(arguments.rows))
        .await?;
    // What is not there after a load is not what is measured.
    server.execute(TEMPLATE, "VACUUM (ANALYZE)").await?;
    let planner = Planner::new(server)?;
    let mut measured = Vec::new();
    for kind in KINDS
        .iter()
        .filter(|kind| kind.name.contains(&arguments.only))
    {
        let works = planner.online(kind).await?;
        server.copy(TEMPLATE, DATABASE).await?;
        for (stage, work) in works.iter().enumerate() {
            let one = apply(arguments, seed, server, kind, Form::Online(stage), work).await?;
            measured.push(planner.check(one, server, work).await?);
        }
        if kind.blocks {
            let work = planner.offline(kind).await?;
            server.copy(TEMPLATE, DATABASE).await?;
            let one = apply(arguments, seed, server, kind, Form::Plain, &work).await?;
            measured.push(planner.check(one, server, &work).await?);
        }
        server.drop_database(DATABASE).await?;
    }
    Ok(report::report(measured, arguments, begun.elapsed()))
}

/// One form of one change, with the load on.
async fn apply(
    arguments: &Arguments,
    seed: u64,
    server: &TortureServer,
    kind: &Kind,
    form: Form,
    work: &Work,
) -> Result<Measured, TortureError> {
    progress(format_args!("load: {}, {form}", kind.name));
    // All migrations so far: what is applied already is passed over.
    let runner = Runner::new(&server.home().join("migrations"), &work.migrations())?;
    // Pages that are still to be written would slow down whoever comes first.
    server.execute("postgres", "CHECKPOINT").await?;
    let names = match work.is_contract() {
        true => Names { label: "title" },
        false => Names { label: "label" },
    };
    let url = server.url(DATABASE);
    let clients = Clients::start(&url, names, seed, arguments.rows, work.retypes).await?;
    tokio::time::sleep(Duration::from_secs(arguments.seconds)).await;
    let start = Instant::now();
    let flags = match form {
        Form::Plain => "up --lock-timeout 0 --statement-timeout 0",
        Form::Online(_) if work.is_contract() => "up --contract",
        Form::Online(_) => "up",
    };
    let ended = runner.run(&url, flags).await?;
    let end = Instant::now();
    let load = clients.stop().await;
    Ok(Measured::new(kind, form, &ended, load, start, end))
}
