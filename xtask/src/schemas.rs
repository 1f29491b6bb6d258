//! `cargo xtask schemas`: what `--json` prints, as JSON Schema, by a program that is built with the crates' feature
//! `schemas`. Nothing that production or a developer runs is, so it is built for this alone.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// Write what `--json` prints as JSON Schema, draft 2020-12
#[derive(Parser)]
#[command(name = "cargo xtask schemas")]
struct Arguments {
    /// The folder; else docs/json
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write nothing, and end with 2 when a schema is stale
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: Vec<OsString>) -> ExitCode {
    let words = std::iter::once("schemas".into()).chain(arguments);
    let arguments = match Arguments::try_parse_from(words) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Where it can't be printed, the code is all that is left to say.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 64 } else { 0 });
        }
    };
    let project = crate::project();
    let out = match arguments.out {
        Some(out) => std::path::absolute(&out).unwrap_or(out),
        None => project.root.join("docs/json"),
    };
    let mut cargo = project.cargo();
    cargo
        .args(["run", "--quiet", "--package", "seachange-cli"])
        .args([
            "--features",
            "schemas",
            "--example",
            "schemas",
            "--",
            "--out",
        ])
        .arg(out)
        .args(arguments.check.then_some("--check"));
    match cargo.status() {
        Ok(status) => ExitCode::from(
            status
                .code()
                .and_then(|code| code.try_into().ok())
                .unwrap_or(1),
        ),
        Err(error) => {
            eprintln!("error: cannot run cargo: {error}");
            eprintln!("help: run it as `cargo xtask schemas`, with cargo on the PATH");
            ExitCode::FAILURE
        }
    }
}
