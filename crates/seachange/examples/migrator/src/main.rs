//! A `migration` package in small, as the tool writes it: what the tests run as a process of its own.
//! `lib.rs` would be a library beside `main.rs`; an example has only one file to begin with.

#[path = "lib.rs"]
#[expect(unreachable_pub, reason = "`lib.rs` is written to be a library")]
mod migration;

use std::process::ExitCode;

fn main() -> ExitCode {
    seachange::runner::main::<migration::Migrator>(include_str!("../seachange.lock"))
}
