//! The clock of the runner's machine moves, by a year and more, between the runs of a migration that stands
//! half-way: libfaketime says another time to the process.

use std::fs;
use std::path::{Path, PathBuf};

use super::Trial;
use crate::random::Random;
use crate::torture::error::TortureError;
use crate::torture::requests::Watched;
use crate::torture::server::TortureServer;
use crate::torture::trial::{UP, Undisturbed};

const TIMES: [&str; 5] = ["+400d", "-400d", "+3h", "-90s", "+20y"];

fn library() -> Option<PathBuf> {
    let folders = [
        "/usr/lib",
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
    ];
    let path = |folder: &&str| Path::new(folder).join("faketime/libfaketime.so.1");
    folders.iter().map(path).find(|path| path.exists())
}

pub(super) fn impossible() -> Option<String> {
    match library() {
        Some(_) => None,
        None => {
            Some("libfaketime is not installed (Debian: `apt-get install faketime`)".to_owned())
        }
    }
}

pub(super) async fn trial(
    server: &TortureServer,
    undisturbed: &Undisturbed,
    random: &mut Random,
    database: &str,
) -> Result<Trial, TortureError> {
    let mut trial = Trial::default();
    let library = library().unwrap_or_default();
    for round in 0..=RUNS {
        let at = usize::try_from(random.below(TIMES.len() as u64)).unwrap_or_default();
        let last = round == RUNS;
        let killed = (!last).then(|| undisturbed.anywhere(random));
        let watched = Watched::new(server, killed).await?;
        trial.how.push_str(&format!("{} ", TIMES[at]));
        let runner = undisturbed.runner.with(&[
            ("LD_PRELOAD", &library.to_string_lossy()),
            ("FAKETIME", TIMES[at]),
            ("DONT_FAKE_MONOTONIC", "1"),
        ]);
        let ended = runner.spawn(&watched.url(server, database), UP)?;
        let ended = ended.end(watched.reached()).await;
        trial.ran(&ended);
        let as_meant = ended.is_done() || (ended.was_killed() && !last);
        if !as_meant {
            let wrong = format!("a runner ended with {:?}: {}", ended.code, ended.text());
            trial.wrong.push(wrong);
        }
    }
    sweep();
    Ok(trial)
}

const RUNS: usize = 3;

/// What the library leaves in memory for a process that is killed.
fn sweep() {
    let Ok(entries) = fs::read_dir("/dev/shm") else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let number = ["faketime_shm_", "sem.faketime_sem_"]
            .iter()
            .find_map(|prefix| name.strip_prefix(prefix));
        if number.is_some_and(|number| !Path::new("/proc").join(number).exists()) {
            // Its process is gone.
            let _ = fs::remove_file(entry.path());
        }
    }
}
