//! `fuzz`: random schemas and pairs of schemas go the circle, as many as are asked for; a few of them are
//! among the tests. What fails is printed as two scripts that are nearly a case file.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use seachange_cli::Throwaway;

/// Run random pairs of schemas through diff, plan and proof
#[derive(Parser)]
#[command(name = "fuzz", bin_name = "cargo xtask fuzz")]
struct Arguments {
    /// How many pairs
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pairs: u64,
    /// What they are drawn from: the same number, the same pairs
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Stop after that many minutes
    #[arg(long, value_name = "M")]
    minutes: Option<u64>,
}

pub(crate) fn run(arguments: Vec<OsString>) -> ExitCode {
    let program = std::iter::once(OsString::from("fuzz"));
    let arguments = match Arguments::try_parse_from(program.chain(arguments)) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nothing is to be done about a closed terminal.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 64 } else { 0 });
        }
    };
    let project = crate::project();
    let server = match Throwaway::start(&project) {
        Ok(server) => server,
        Err(code) => return code,
    };
    let mut cargo = project.cargo();
    cargo
        .args(["test", "-p", "seachange", "--test", "random", "--"])
        .arg("--nocapture")
        .env("SEACHANGE_SCRATCH_URL", server.url())
        .env("SEACHANGE_FUZZ_PAIRS", arguments.pairs.to_string())
        .env("SEACHANGE_FUZZ_SEED", arguments.seed.to_string());
    if let Some(minutes) = arguments.minutes {
        cargo.env("SEACHANGE_FUZZ_MINUTES", minutes.to_string());
    }
    match cargo.status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: cannot run cargo: {error}");
            ExitCode::FAILURE
        }
    }
}
