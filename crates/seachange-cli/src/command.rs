//! The commands below `db`, one file each: its arguments, and `run`. To add one: its `mod` line, and
//! its line in the list.

mod backup;
mod baseline;
mod check;
pub(crate) mod completions;
pub(crate) mod corpus;
mod diff;
mod docs;
mod doctor;
mod generate;
mod install;
mod lint;
pub(crate) mod man;
mod migrate;
mod psql;
mod pull;
mod push;
mod rebase;
mod reset;
mod restore;
mod rollback;
#[cfg(feature = "schemas")]
pub(crate) mod schemas;
mod seed;
mod squash;
mod start;
mod status;
mod stop;
mod studio;
mod url;

use clap::Subcommand;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

macro_rules! commands {
    ($($name:ident = $module:ident,)*) => {
        #[derive(Subcommand)]
        pub(crate) enum Command {
            $($name($module::Args),)*
        }

        impl Command {
            pub(crate) async fn run(self, context: &Context) -> Result<Exit, Failure> {
                match self {
                    $(Self::$name(args) => $module::run(context, args).await,)*
                }
            }

            /// As it is typed.
            pub(crate) fn name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($module),)*
                }
            }
        }
    };
}

commands! {
    Push = push,
    Generate = generate,
    Migrate = migrate,
    Rollback = rollback,
    Status = status,
    Check = check,
    Lint = lint,
    Diff = diff,
    Docs = docs,
    Pull = pull,
    Baseline = baseline,
    Rebase = rebase,
    Backup = backup,
    Restore = restore,
    Squash = squash,
    Seed = seed,
    Reset = reset,
    Studio = studio,
    Start = start,
    Stop = stop,
    Url = url,
    Psql = psql,
    Install = install,
    Doctor = doctor,
}
