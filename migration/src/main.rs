//! Applies the migrations: `migration up`, `down`, `status`. What production runs.

use std::process::ExitCode;

fn main() -> ExitCode {
    seachange::runner::main::<migration::Migrator>(include_str!("../seachange.lock"))
}
