//! The machine in one line.

use std::fs;
use std::thread;

use super::program::Program;
use super::{error::BenchError, place};

/// Cores, how busy they are with other work, and the versions of what runs on them.
pub(super) fn facts() -> Result<Vec<String>, BenchError> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut facts = vec![format!("{cores} cores")];
    if let Ok(load) = fs::read_to_string("/proc/loadavg")
        && let Some(minute) = load.split(' ').next()
    {
        facts.push(format!("load {minute} before"));
    }
    let folder = place::root();
    for (name, program, word) in [("node", "node", "--version"), ("", "rustc", "--version")] {
        let output = Program::new(program, program, &folder)
            .args([word])
            .run()?
            .output;
        facts.push(format!("{name} {}", output.trim()).trim().to_owned());
    }
    Ok(facts)
}

/// The least peak of memory that can be told: a child begins as its parent's shadow.
pub(super) fn least_peak() -> Result<u64, BenchError> {
    let folder = place::root();
    Ok(Program::new("least", "true", &folder).run()?.sample.peak)
}
