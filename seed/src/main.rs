//! `seed`: puts CohortFlow's fixtures, or as many rows as wanted, into a database. The same rows every
//! time, all or none.

mod arguments;
mod error;
mod fixtures;
mod masking;
mod report;
mod row;
mod sampled;
mod volume;
mod write;

use std::process::ExitCode;

use arguments::Arguments;
use clap::Parser;
use error::SeedError;
use report::Bars;
use seachange::connection::{is_local, masked, open};
use seachange::seed::{Existing, Loaded, Plan};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

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
        Ok(loaded) => {
            report::counts(&loaded, &arguments);
            ExitCode::SUCCESS
        }
        Err(error) => {
            report::explain(&error, &arguments);
            ExitCode::from(error.exit_code())
        }
    }
}

fn run(arguments: &Arguments) -> Result<Vec<Loaded>, SeedError> {
    match dotenvy::dotenv() {
        Err(error) if !error.not_found() => return Err(SeedError::dot_env(&error)),
        _ => {}
    }
    let settings = db::Settings::from_environment(arguments.database_url.as_deref())?;
    let target = masked(settings.url());
    if !is_local(settings.url()) {
        if !arguments.allow_remote {
            return Err(SeedError::Remote { target });
        }
        if arguments.truncate {
            return Err(SeedError::TruncateRemote { target });
        }
    }
    anstream::eprintln!("seeding {target}");
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(SeedError::Runtime)?
        .block_on(async {
            if let Some(source) = &arguments.from_database {
                return sampled::copy(source, &settings, arguments).await;
            }
            match (arguments.profile, arguments.truncate) {
                (Some(profile), _) => {
                    let plan = volume::plan(profile, arguments.scale, arguments.seed);
                    load(&plan, &settings, arguments).await
                }
                (None, true) => load(&volume::of_fixtures(), &settings, arguments).await,
                (None, false) => fixtures(&settings, arguments).await,
            }
        })
}

/// Writes the fixtures over what is there.
async fn fixtures(
    settings: &db::Settings,
    arguments: &Arguments,
) -> Result<Vec<Loaded>, SeedError> {
    let connection = db::connect(settings, "cohortflow seed").await?;
    let seeded = match arguments.dry_run {
        true => Ok(counted(&volume::of_fixtures())),
        false => write::write(&connection, fixtures::fixtures()).await,
    };
    // Its only failure is that it is closed already.
    let _ = connection.close().await;
    seeded
}

async fn load(
    plan: &Plan,
    settings: &db::Settings,
    arguments: &Arguments,
) -> Result<Vec<Loaded>, SeedError> {
    let existing = match arguments.truncate {
        true => Existing::Truncate,
        false => Existing::Refuse,
    };
    let mut connection = open(settings.url(), "seed").await?;
    if arguments.dry_run {
        return Ok(plan.check(&mut connection, existing).await?);
    }
    let mut bars = Bars::new();
    let mut progress = |progress: seachange::seed::Progress<'_>| bars.show(progress);
    Ok(plan.load(&mut connection, existing, &mut progress).await?)
}

fn counted(plan: &Plan) -> Vec<Loaded> {
    plan.counts()
        .map(|(table, rows)| Loaded { table, rows })
        .collect()
}
