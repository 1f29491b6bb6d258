//! `status`: where a database stands, its migrations, its tables, and what differs.

mod report;
mod text;

use seachange::connection;
use seachange::runner::{State, Status};
use seachange::source::{Road, Source};
use sqlx::Connection;

use self::report::{Compared, Report};
use crate::context::Context;
use crate::drift::drift;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::standing::{self, Standing};
use crate::tables::{self, Rows};
use crate::terminal::Format;

/// Show where the database stands: migrations, rows, differences
#[derive(clap::Args)]
pub(crate) struct Args {
    /// End with 2 when migrations are pending or anything differs
    #[arg(long)]
    exit_code: bool,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let target = context.announced_target().await?;
    let standing = standing::read(context, &target).await?;
    let mut connection = connection::open(&target.url, "status").await?;
    let tables = tables::rows(&mut connection).await?;
    // It was only to read.
    let _ = connection.close().await;

    let road = context.road(Some(target.url.clone()));
    let database = database(&road, &standing, &tables).await;
    let entities = compared(&road, &all_migrations(), &Source::Entities).await;
    road.close().await?;
    let report = Report::new(&target, &standing, tables, database, entities);
    match context.terminal.format() {
        Format::Json => context.terminal.json(&report)?,
        Format::Text => context
            .terminal
            .result(&text::text(&report, text::Detail::of(context)))?,
    }
    Ok(match args.exit_code {
        true => report.exit(),
        false => Exit::Done,
    })
}

/// What differs between the database and what it should be by its own account: the migrations up to
/// the last one applied, or where none ever was, the entities.
async fn database(road: &Road, standing: &Standing, tables: &[Rows]) -> Compared {
    match should_be(&standing.status, tables) {
        Ok(source) => compared(road, &source, &Source::Database).await,
        Err(why) => Compared::Unknown { why },
    }
}

pub(super) fn should_be(status: &Status, tables: &[Rows]) -> Result<Source, String> {
    let missing = status
        .migrations
        .iter()
        .find(|one| one.state == State::Missing);
    if let Some(missing) = missing {
        return Err(format!(
            "`{}` is applied, but its files are not here",
            missing.version
        ));
    }
    let last = status
        .migrations
        .iter()
        .filter(|one| one.state == State::Applied)
        .map(|one| one.version.clone())
        .max();
    Ok(match last {
        Some(version) => Source::Migrations {
            upto: Some(version),
        },
        None if tables.is_empty() => Source::Empty,
        // Somebody pushed.
        None => Source::Entities,
    })
}

pub(super) fn all_migrations() -> Source {
    Source::Migrations { upto: None }
}

async fn compared(road: &Road, from: &Source, to: &Source) -> Compared {
    match drift(road, from, to).await {
        Ok(drift) => Compared::Known(drift),
        Err(failure) => Compared::Unknown {
            why: failure.in_one_line(),
        },
    }
}
