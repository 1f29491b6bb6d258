//! The commands of Seachange as a library: arguments, questions, terminal output, exit codes. A
//! workspace's own page of xtask hands its [`Project`] to [`main`]; nothing here knows its tables.

#![deny(missing_docs)]

mod args;
mod backups;
mod command;
mod configuration;
mod context;
mod drift;
mod examples;
mod exit;
mod failure;
mod fleet;
mod json;
mod project;
mod reference;
mod renames;
mod run;
#[cfg(feature = "schemas")]
pub mod schemas;
mod sizes;
mod standing;
mod tables;
mod target;
mod terminal;
mod throwaway;
mod waits;
mod workspace;

use std::process::ExitCode;

use command::completions::COMPLETE;
pub use project::{Allowed, Extra, Project};
/// What a workspace's entities and SQL declare; a part of its [`Project`].
pub use seachange::entities::Declared;
pub use throwaway::Throwaway;

/// The whole program: reads the arguments, runs the command, prints what failed, once.
pub fn main(project: Project, extras: &[Extra]) -> ExitCode {
    let arguments = args::split_colons(std::env::args_os());
    if let Some(name) = arguments.get(1)
        && let Some(extra) = extras.iter().find(|extra| name == extra.name)
    {
        return (extra.run)(arguments[2..].to_vec());
    }
    if arguments
        .get(1)
        .is_some_and(|word| word == throwaway::GUARD)
    {
        return throwaway::wait_and_stop(project).into();
    }
    if arguments.get(1).is_some_and(|word| word == COMPLETE) {
        return command::completions::answer(&project, extras, arguments[2..].to_vec()).into();
    }
    match args::parse(arguments, extras) {
        Ok(chosen) => run::run(project, chosen, extras),
        Err(error) => run::usage(&error),
    }
    .into()
}
