//! A command on a fleet: the list is made, gone through and summed up.

mod report;
mod show;

use super::arguments::{Arguments, Command, Fleets};
use super::output::Format;
use crate::error::Help as _;
use crate::runner::event::Direction;
use crate::runner::fleet::{Deed, Fleet, FleetError, Going, Summary};
use crate::runner::interrupt::Interrupt;
use crate::runner::program::Program;
use crate::runner::run::Settings;
use crate::telemetry::note;
use report::Report;
use show::Show;

/// Does it, and prints; returns the exit code.
pub(super) async fn run(
    program: &Program,
    arguments: &Arguments,
    fleets: &Fleets,
    settings: &Settings,
    interrupt: Interrupt,
) -> u8 {
    let command = arguments.command();
    let format = arguments.format();
    let fleet = match find(arguments, fleets, settings, &interrupt).await {
        Ok(fleet) => fleet,
        Err(error) => {
            note!("error: {error}");
            if let Some(help) = error.help() {
                note!("help: {help}");
            }
            if let Format::Json = format {
                Report::failed(command.name(), &error).print();
            }
            return error.exit_code();
        }
    };
    let going = Going {
        program,
        settings,
        deed: deed(&command),
        pace: fleets.pace(),
        interrupt,
    };
    note!(
        "fleet: {} targets, {} at once",
        fleet.targets.len(),
        going.pace.parallel
    );
    let mut show = Show::new(fleet.targets.len());
    let (entries, stopped, sql) = going.go(&fleet, &mut |said| show.said(&said)).await;
    let summary = Summary::of(&entries, stopped);
    let notes = show.end();
    match format {
        Format::Json => {
            Report::new(command.name(), &summary, &entries, &notes, &sql).print();
        }
        Format::Text => show::result(&going.deed, &summary, &entries, &notes, &sql),
    }
    summary.exit_code()
}

async fn find(
    arguments: &Arguments,
    fleets: &Fleets,
    settings: &Settings,
    interrupt: &Interrupt,
) -> Result<Fleet, FleetError> {
    let one = arguments.target();
    let schema = arguments.schema();
    let fleet = match (&fleets.fleet, &fleets.fleet_command, &fleets.fleet_schemas) {
        (Some(path), ..) => Fleet::of_file(path, &schema)?,
        (_, Some(command), _) => Fleet::of_command(command, &schema, interrupt).await?,
        (_, _, pattern) => {
            let url = one.map(|target| target.url).unwrap_or_default();
            let pattern = pattern.as_deref().unwrap_or_default();
            Fleet::of_schemas_like(&url, pattern).await?
        }
    };
    match fleet.shared_database() {
        Some(name) if settings.backup.is_some() => Err(FleetError::BackupTwice {
            name: name.to_owned(),
        }),
        _ => Ok(fleet),
    }
}

#[cfg(feature = "schemas")]
pub(super) fn shape(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    generator.subschema_for::<Report<'static>>()
}

fn deed(command: &Command) -> Deed {
    let direction = match command {
        Command::Down(_) => Direction::Down,
        _ => Direction::Up,
    };
    match command {
        Command::Status(_) => Deed::Status,
        command if command.is_dry_run() => Deed::DryRun(direction, command.extent()),
        command => Deed::Through(direction, command.extent()),
    }
}
