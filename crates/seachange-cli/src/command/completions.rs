//! `completions`: what a shell needs to complete the commands.

use std::io::Write;

use clap_complete::Shell;

use crate::args;
use crate::exit::Exit;
use crate::project::Extra;

/// Print the completions of a shell
#[derive(clap::Args)]
pub(crate) struct Args {
    shell: Shell,
}

pub(crate) fn run(args: Args, extras: &[Extra]) -> Exit {
    let mut text = Vec::new();
    clap_complete::generate(
        args.shell,
        &mut args::definition(extras),
        "xtask",
        &mut text,
    );
    match std::io::stdout().write_all(&text) {
        Ok(()) => Exit::Done,
        Err(_) => Exit::Failed,
    }
}
