//! `bench cold`: the first `db reset` in a fresh clone, everything built and the server made; then
//! the same once more with everything built, to tell the build from the command.

use std::path::Path;
use std::time::Duration;

use super::arguments::Cold;
use super::error::BenchError;
use super::notes::progress;
use super::program::Program;
use super::sample::Sample;
use super::{files, machine, place};

pub(super) fn run(arguments: &Cold) -> Result<(), BenchError> {
    let clone = place::bench().join("cold");
    files::remove(&clone)?;
    let facts = machine::facts()?;
    let measured = measure(&clone);
    // Stopping fails where nothing came up, which is no news then.
    let stopped = xtask(&clone, &["db", "stop"]).run();
    let (total, command) = measured?;
    stopped?;
    if !arguments.keep {
        files::remove(&clone)?;
    }
    println!("{}\n", facts.join(" · "));
    println!(
        "cold `cargo xtask db reset`: {} ({} of CPU time)",
        seconds(total.wall),
        seconds(total.cpu)
    );
    println!("  build:   {}", seconds(total.wall.saturating_sub(command)));
    println!(
        "  command: {} (with everything built; its server and caches made anew)",
        seconds(command)
    );
    println!("The crates were downloaded before.");
    Ok(())
}

/// The whole, and the command alone.
fn measure(clone: &Path) -> Result<(Sample, Duration), BenchError> {
    let root = place::root();
    progress("cloning HEAD");
    Program::new("cold clone", "git", &root)
        .args(["clone", "--quiet", "--no-local", "--depth=1"])
        .args([&root, clone])
        .run()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Program::new("cold fetch", cargo, clone)
        .args(["fetch", "--quiet", "--locked"])
        .run()?;
    progress("resetting, from nothing");
    let total = xtask(clone, &["db", "reset", "--yes"]).run()?.sample;
    xtask(clone, &["db", "stop"]).run()?;
    files::remove(&clone.join(".seachange"))?;
    progress("resetting, everything built");
    let command = xtask(clone, &["db", "reset", "--yes"]).run()?.sample.wall;
    Ok((total, command))
}

fn xtask(clone: &Path, words: &[&str]) -> Program {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Program::new("cold", cargo, clone)
        .args(["xtask"])
        .args(words)
        .without("CARGO_TARGET_DIR")
        .without("DATABASE_URL")
        .without("SEACHANGE_HOME")
        .without("SEACHANGE_SCRATCH_URL")
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
