//! `--fleet` and what goes with it, handed to the migration program, which knows what to do.

use std::path::PathBuf;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::workspace::{self, path_word};

/// The targets, instead of one database.
#[derive(clap::Args, Default)]
pub(crate) struct Fleet {
    /// On all targets that the file names, one a line: `URL [schema=NAME] [name=NAME] [canary]`
    #[arg(
        long,
        value_name = "FILE",
        group = "targets",
        help_heading = "Many databases"
    )]
    fleet: Option<PathBuf>,
    /// On all targets that a command of the shell prints in such lines
    #[arg(
        long,
        value_name = "COMMAND",
        group = "targets",
        help_heading = "Many databases"
    )]
    fleet_command: Option<String>,
    /// On all schemas of the database whose names are like this; `*` and `?` stand for others
    #[arg(
        long,
        value_name = "PATTERN",
        group = "targets",
        help_heading = "Many databases"
    )]
    fleet_schemas: Option<String>,
    /// How many targets at once (4)
    #[arg(
        long,
        value_name = "N",
        requires = "targets",
        help_heading = "Many databases"
    )]
    parallel: Option<u16>,
    /// The first N go first, with those that are marked `canary`
    #[arg(
        long,
        value_name = "N",
        requires = "targets",
        help_heading = "Many databases"
    )]
    canaries: Option<u32>,
    /// How many may fail, besides canaries, before no other is begun: `3`, or a share of all (5%)
    #[arg(
        long,
        value_name = "N",
        requires = "targets",
        help_heading = "Many databases"
    )]
    max_failures: Option<String>,
}

impl Fleet {
    pub(crate) fn is_given(&self) -> bool {
        self.fleet.is_some() || self.fleet_command.is_some() || self.fleet_schemas.is_some()
    }

    /// Whether all targets are schemas of the one database that is named elsewhere.
    pub(crate) fn is_of_one_database(&self) -> bool {
        self.fleet_schemas.is_some()
    }

    /// The targets, in words.
    pub(crate) fn described(&self) -> String {
        match (&self.fleet, &self.fleet_command, &self.fleet_schemas) {
            (Some(file), ..) => format!("the targets in `{}`", file.display()),
            (_, Some(command), _) => format!("the targets that `{command}` prints"),
            (_, _, pattern) => {
                let pattern = pattern.as_deref().unwrap_or_default();
                format!("the schemas like `{pattern}`")
            }
        }
    }

    /// As the migration program reads it.
    fn words(self) -> Vec<String> {
        let number = |value: Option<u32>| value.map(|value| value.to_string());
        [
            ("--fleet", self.fleet.map(path_word)),
            ("--fleet-command", self.fleet_command),
            ("--fleet-schemas", self.fleet_schemas),
            ("--parallel", number(self.parallel.map(u32::from))),
            ("--canaries", number(self.canaries)),
            ("--max-failures", self.max_failures),
        ]
        .into_iter()
        .flat_map(|(name, value)| value.map(|value| format!("{name}={value}")))
        .collect()
    }
}

/// Runs the migration program on a fleet. What is not in order in the folder it refuses itself: nobody here can
/// know whether a migration that was edited is applied at none of the targets, so nothing is locked anew.
pub(crate) async fn run(
    context: &Context,
    fleet: Fleet,
    mut words: Vec<String>,
) -> Result<Exit, Failure> {
    let program = workspace::build(context, context.project.migration).await?;
    let of_one = fleet.is_of_one_database();
    words.splice(1..1, fleet.words());
    if of_one {
        let target = context.target().await?;
        workspace::run(context, &program, &words, &target).await
    } else {
        workspace::run_by_itself(context, &program, &words).await
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::Fleet;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        fleet: Fleet,
    }

    fn words(line: &str) -> Result<Vec<String>, clap::Error> {
        let words = std::iter::once("x").chain(line.split_whitespace());
        Ok(Line::try_parse_from(words)?.fleet.words())
    }

    #[test]
    fn all_of_it_is_handed_on() {
        let line = "--fleet-schemas tenant_* --parallel 8 --canaries 2 --max-failures 3%";
        assert_eq!(
            words(line).unwrap(),
            [
                "--fleet-schemas=tenant_*",
                "--parallel=8",
                "--canaries=2",
                "--max-failures=3%"
            ]
        );
        let path = std::env::current_dir().unwrap().join("list");
        assert_eq!(
            words("--fleet list").unwrap(),
            [format!("--fleet={}", path.display())]
        );
        for wrong in ["--parallel 8", "--fleet a --fleet-command b"] {
            assert!(words(wrong).is_err(), "{wrong}");
        }
    }
}
