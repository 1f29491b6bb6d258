//! `seed`: puts CohortFlow's fixtures into a database. The same rows every time, all or none.

mod error;
mod fixtures;
mod row;
mod write;

use std::io::Write as _;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use clap::Parser;
use error::SeedError;
use seachange::Help;
use seachange::connection::{is_local, masked};
use serde_json::json;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use write::Seeded;

/// Puts CohortFlow's fixtures into a database: the staff, ten applicants, a program, and their
/// applications, files, reviews, comments and audit log. Run it again, and the rows are the same.
#[derive(Parser)]
#[command(name = "seed", version)]
struct Arguments {
    /// The database; else DATABASE_URL from the environment or from `.env`
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,

    /// Seed a database on another machine as well
    #[arg(long)]
    allow_remote: bool,

    /// Print the counts as JSON
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nothing is to be done about a closed terminal.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 64 } else { 0 });
        }
    };
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::builder()
                .with_default_directive(LevelFilter::WARN.into())
                .from_env_lossy(),
        )
        .with_writer(std::io::stderr)
        .init();
    match run(&arguments) {
        Ok(seeded) => {
            report(&seeded, &arguments);
            ExitCode::SUCCESS
        }
        Err(error) => {
            explain(&error, &arguments);
            ExitCode::from(error.exit_code())
        }
    }
}

fn run(arguments: &Arguments) -> Result<Vec<Seeded>, SeedError> {
    match dotenvy::dotenv() {
        Err(error) if !error.not_found() => return Err(SeedError::dot_env(&error)),
        _ => {}
    }
    let settings = db::Settings::from_environment(arguments.database_url.as_deref())?;
    let target = masked(settings.url());
    if !arguments.allow_remote && !is_local(settings.url()) {
        return Err(SeedError::Remote { target });
    }
    anstream::eprintln!("seeding {target}");
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(SeedError::Runtime)?
        .block_on(async {
            let connection = db::connect(&settings, "cohortflow seed").await?;
            let seeded = write::write(&connection, fixtures::fixtures()).await;
            // Its only failure is that it is closed already.
            let _ = connection.close().await;
            seeded
        })
}

fn report(seeded: &[Seeded], arguments: &Arguments) {
    if arguments.json {
        print(&json!({ "version": 1, "tables": seeded }).to_string());
        return;
    }
    let width = seeded
        .iter()
        .map(|seeded| seeded.table.len())
        .max()
        .unwrap_or(0);
    for Seeded { table, rows } in seeded {
        print(&format!("{table:width$} {rows:>5}"));
    }
}

fn explain(error: &SeedError, arguments: &Arguments) {
    if arguments.json && !error.missing().is_empty() {
        print(
            &json!({ "version": 1, "refused": error.to_string(), "missing": error.missing() })
                .to_string(),
        );
    }
    let style = |color: AnsiColor| Style::new().bold().fg_color(Some(color.into()));
    let (red, cyan) = (style(AnsiColor::Red), style(AnsiColor::Cyan));
    anstream::eprintln!("{red}error:{red:#} {error}");
    let mut shown = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        // Some errors repeat their cause in their own words.
        let text = error.to_string();
        if !shown.ends_with(&text) {
            anstream::eprintln!("  because {text}");
        }
        shown = text;
        cause = error.source();
    }
    if let Some(help) = error.help() {
        anstream::eprintln!("{cyan}help:{cyan:#} {help}");
    }
}

/// A reader that closed the pipe wants no more.
fn print(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
