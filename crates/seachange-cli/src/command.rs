//! The commands below `db`, one file each: its arguments, and `run`. To add one: its `mod` line, and
//! its line in the list.

pub(crate) mod completions;
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
        }
    };
}

commands! {
    Url = url,
}
