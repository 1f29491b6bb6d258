//! `torture`: what is claimed of migrations in production, tried on real servers. `load` applies each kind
//! of change to a large table while others read and write it, `kills` ends the runner with SIGKILL,
//! `servers` everything else that can go wrong around it. What is random comes from the seed, which is
//! printed; everything is below `target/torture`, and is gone at the end.

mod error;
mod kills;
mod load;
mod requests;
mod runner;
mod server;
mod servers;
mod trial;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use comfy_table::{Table, presets};

use error::TortureError;
use server::TortureServer;

/// Migrate under load, kill the runner and the server, and look what is left
#[derive(Parser)]
#[command(name = "torture", bin_name = "cargo xtask torture")]
struct Arguments {
    /// Which part
    #[arg(default_value = "all")]
    part: Part,
    /// How long the load runs before each change, to compare with
    #[arg(long, value_name = "N", default_value_t = 3)]
    seconds: u64,
    /// What is random is drawn from it; by default from the clock
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// The rows of the table that the load is on
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1000..=100_000_000))]
    rows: u32,
    /// How often the runner is killed; each misfortune of `servers` happens a tenth as often
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    kills: u32,
    /// Of `load` and `servers`, only those whose name holds the word
    #[arg(long, value_name = "WORD", default_value = "")]
    only: String,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Load,
    Kills,
    Servers,
    All,
}

/// What one part came to.
struct Report {
    title: String,
    table: Table,
    notes: Vec<String>,
    /// What did not hold.
    failures: Vec<String>,
}

pub(crate) fn run(arguments: Vec<OsString>) -> ExitCode {
    let program = std::iter::once(OsString::from("torture"));
    let arguments = match Arguments::try_parse_from(program.chain(arguments)) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nothing is to be done about a closed terminal.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 64 } else { 0 });
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: cannot start a runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let done = runtime.block_on(async {
        tokio::select! {
            done = parts(&arguments) => done,
            _ = tokio::signal::ctrl_c() => Err(TortureError::Interrupted),
        }
    });
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            error.explain();
            ExitCode::FAILURE
        }
    }
}

/// Runs what is asked for, and says whether everything held.
async fn parts(arguments: &Arguments) -> Result<bool, TortureError> {
    let seed = arguments.seed.unwrap_or_else(crate::random::from_the_clock);
    progress(format_args!("seed {seed}: `--seed {seed}` draws the same"));
    runner::build()?;
    let asked = |part| arguments.part == part || arguments.part == Part::All;
    let mut reports = Vec::new();
    if asked(Part::Load) {
        let server = TortureServer::start("load").await?;
        reports.push(load::run(arguments, seed, &server).await?);
    }
    if asked(Part::Kills) {
        let server = TortureServer::start("kills").await?;
        reports.push(kills::run(arguments, seed, &server).await?);
    }
    if asked(Part::Servers) {
        let mut server = TortureServer::start("servers").await?;
        reports.push(servers::run(arguments, seed, &mut server).await?);
    }
    let mut held = true;
    for report in &reports {
        held &= report.failures.is_empty();
        println!("{}, seed {seed}\n\n{}\n", report.title, report.table);
        for note in &report.notes {
            println!("{note}");
        }
        for failure in &report.failures {
            println!("FAILED: {failure}");
        }
        println!();
    }
    Ok(held)
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(header.to_vec());
    table
}

/// Where everything is.
fn place() -> PathBuf {
    crate::project().root.join("target/torture")
}

fn progress(what: std::fmt::Arguments) {
    eprintln!("torture: {what}");
}
