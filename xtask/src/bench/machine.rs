//! The machine in one line.

use std::fs;
use std::thread;

use super::program::Program;
use super::{error::BenchError, place};

/// Cores, how busy they are with other work, and rustc's version.
pub(super) fn facts() -> Result<Vec<String>, BenchError> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut facts = vec![format!("{cores} cores")];
    if let Ok(load) = fs::read_to_string("/proc/loadavg")
        && let Some(minute) = load.split(' ').next()
    {
        facts.push(format!("load {minute} before"));
    }
    facts.push(version("rustc")?);
    Ok(facts)
}

/// The version of the program that runs what is measured beside ours.
pub(super) fn node() -> Result<String, BenchError> {
    Ok(format!("node {}", version("node")?))
}

fn version(program: &'static str) -> Result<String, BenchError> {
    let asked = Program::new(program, program, &place::root()).args(["--version"]);
    Ok(asked.run()?.output.trim().to_owned())
}

/// The least peak of memory that can be told: a child begins as its parent's shadow.
pub(super) fn least_peak() -> Result<u64, BenchError> {
    let folder = place::root();
    Ok(Program::new("least", "true", &folder).run()?.sample.peak)
}
