//! `bench`: what this project's own claims of speed rest on. `commands` measures the commands beside
//! drizzle-kit's on the same schemas, `cold` the first reset in a fresh clone, `seed` the loading of
//! many rows, `testdb` test databases beside what PostgreSQL itself takes for them, `catalog` the reading of
//! a database's schema beside `pg_dump -s`, `binary` the program that production carries, `studio` the studio's
//! pages, and whether it stands many users at once.
//! Everything is written below `target/bench`; what is started is stopped.

mod arguments;
mod binary;
mod catalog;
mod cold;
mod commands;
mod contender;
mod drizzle;
mod error;
mod files;
mod machine;
mod notes;
mod place;
mod program;
mod report;
mod sample;
mod schema;
mod seachange;
mod seed;
mod server;
mod studio;
mod testdb;

use std::error::Error;
use std::ffi::OsString;
use std::process::ExitCode;

use arguments::Benchmark;
use error::BenchError;

/// Measures what the arguments ask for, and prints it on stdout.
pub(crate) fn run(arguments: Vec<OsString>) -> ExitCode {
    let done = match arguments::parse(arguments) {
        Ok(Benchmark::Commands(arguments)) => commands::run(&arguments),
        Ok(Benchmark::Cold(arguments)) => cold::run(&arguments),
        Ok(Benchmark::Seed(arguments)) => seed::run(&arguments),
        Ok(Benchmark::Testdb(arguments)) => testdb::run(&arguments),
        Ok(Benchmark::Catalog(arguments)) => catalog::run(&arguments),
        Ok(Benchmark::Binary(arguments)) => binary::run(&arguments),
        Ok(Benchmark::Studio(arguments)) => studio::run(&arguments),
        Err(error) => {
            // Nothing is to be done about a closed terminal.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 64 } else { 0 });
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            explain(&error);
            ExitCode::FAILURE
        }
    }
}

fn explain(error: &BenchError) {
    eprintln!("error: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because {error}");
        cause = error.source();
    }
    if let Some(help) = error.help() {
        eprintln!("help: {help}");
    }
}
