//! `psql`: PostgreSQL's own shell on the database.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use seachange::connection::for_libpq;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::Origin;
use crate::terminal::Format;

/// Open psql on the database
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What psql is given, such as `-c 'SELECT 1'`
    #[arg(last = true, value_name = "ARGUMENTS")]
    arguments: Vec<OsString>,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    if context.terminal.format() == Format::Json {
        return Err(Failure::usage("psql has no output in JSON")
            .help("leave `--json` out; `psql -- --csv -c SQL` prints what a program can read"));
    }
    let target = context.announced_target().await?;
    let program = match &target.origin {
        Origin::Managed(server) => server.client_program("psql"),
        _ => None,
    };
    let mut psql = Command::new(program.unwrap_or_else(|| PathBuf::from("psql")));
    // What stands on a command line, every user of the machine can read.
    let given = for_libpq(&target.url);
    if let Some(password) = given.password {
        psql.env("PGPASSWORD", password);
    }
    let error = psql.arg(given.url).args(args.arguments).exec();
    Err(Failure::new("cannot run psql").because(&error).help(
        "install PostgreSQL's client programs: `apt-get install postgresql-client` or `brew \
         install libpq`",
    ))
}
