//! `status`: where a database stands, its migrations, its tables, and what differs.

pub(super) mod report;
mod text;

use seachange::connection;
use seachange::source::Source;
use sqlx::Connection;

use self::report::{Compared, Report};
use crate::context::Context;
use crate::drift::{self, Drift};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::fleet::{self, Fleet};
use crate::standing;
use crate::tables;
use crate::terminal::Format;
use crate::workspace;

/// Show where the database stands: migrations, rows, differences
#[derive(clap::Args)]
pub(crate) struct Args {
    /// End with 2 when migrations are pending or anything differs
    #[arg(long, conflicts_with = "targets")]
    exit_code: bool,
    #[command(flatten)]
    fleet: Fleet,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    if args.fleet.is_given() {
        let mut words = vec!["status".to_owned()];
        words.extend(workspace::shared_words(context));
        return fleet::run(context, args.fleet, words).await;
    }
    let rules = context.configuration()?.ignored;
    let target = context.announced_target().await?;
    let standing = standing::read(context, &target).await?;
    let mut connection = connection::open(&target.url, "status").await?;
    let tables = tables::rows(&mut connection).await?;
    // It was only to read.
    let _ = connection.close().await;

    let road = context.road(Some(target.url.clone()));
    let database = match drift::expected(&standing.status, &tables) {
        Ok(source) => compared(drift::live(&road, &source, &rules).await),
        Err(failure) => compared(Err(failure)),
    };
    let entities = compared(drift::drift(&road, &all_migrations(), &Source::Entities).await);
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

pub(super) fn all_migrations() -> Source {
    Source::Migrations { upto: None }
}

fn compared(drift: Result<Drift, Failure>) -> Compared {
    match drift {
        Ok(drift) => Compared::Known(Box::new(drift)),
        Err(failure) => Compared::Unknown {
            why: failure.in_one_line(),
        },
    }
}
