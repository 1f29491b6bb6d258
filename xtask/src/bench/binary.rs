//! `bench binary`: the program that production carries, built with --release: its size, what it has not in it, and
//! how long it takes to say its version and where a database stands.

use std::fs;

use seachange_cli::Throwaway;

use super::arguments::Binary;
use super::error::BenchError;
use super::notes::progress;
use super::program::Program;
use super::sample::{Sample, Summary};
use super::{machine, place};

/// The beginnings of names that only a scratch server's databases have.
const SCRATCH: [&str; 2] = ["seachange_scratch_", "seachange_tpl_"];

pub(super) fn run(arguments: &Binary) -> Result<(), BenchError> {
    let facts = machine::facts()?;
    let root = place::root();
    progress("building migration with --release");
    Program::new("binary build", "cargo", &root)
        .args(["build", "--release", "--package", "migration"])
        .run()?;
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    let binary = target.join("release/migration");
    let bytes = fs::read(&binary).map_err(BenchError::file("read", &binary))?;
    for name in SCRATCH {
        if bytes
            .windows(name.len())
            .any(|text| text == name.as_bytes())
        {
            return Err(BenchError::Carries { binary, name });
        }
    }

    let server = Throwaway::start(&crate::project()).map_err(|_| BenchError::NoServer)?;
    let status = Program::new("binary status", &binary, &root).env("DATABASE_URL", server.url());
    let version = status.clone().args(["--version"]);
    let status = status.args(["status"]);
    println!("{}\n", facts.join(" · "));
    println!(
        "size                {:.1} MB",
        bytes.len() as f64 / 1_000_000.0
    );
    for (what, program) in [
        ("migration --version", version),
        ("migration status", status),
    ] {
        // The first one fills the caches.
        program.run()?;
        let mut samples: Vec<Sample> = Vec::new();
        for _ in 0..arguments.runs {
            samples.push(program.run()?.sample);
        }
        if let Some(summary) = Summary::of(&samples) {
            println!("{what:<20}{}", line(&summary));
        }
    }
    println!("\nMedians (least–most) of {} runs.", arguments.runs);
    Ok(())
}

fn line(summary: &Summary) -> String {
    let ms = |time: std::time::Duration| time.as_secs_f64() * 1000.0;
    format!(
        "{:.1} ms ({:.1}–{:.1}), {} MiB",
        ms(summary.wall),
        ms(summary.least),
        ms(summary.most),
        summary.peak >> 20
    )
}
