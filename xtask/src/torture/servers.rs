//! `servers`: everything that can go wrong around a run, but for the kill of its process: the server ends, the
//! connection does, others run at the same time, the disk is full, the clock moves.

mod at_once;
mod clock;
mod disk;
mod sudden;

use std::time::Instant;

use super::error::TortureError;
use super::runner::Ended;
use super::server::TortureServer;
use super::trial::{UP, Undisturbed};
use super::{Arguments, Report, progress, table};
use crate::random::Random;

/// How often a run is begun again before it is a failure that none ends well.
const RUNS: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Misfortune {
    ServerKilled,
    ServerRestarted,
    SessionsEnded,
    ConnectionCut,
    SeveralRunners,
    DiskFull,
    ClockMoved,
}

use Misfortune::{
    ClockMoved, ConnectionCut, DiskFull, ServerKilled, ServerRestarted, SessionsEnded,
    SeveralRunners,
};

const ALL: [(Misfortune, &str); 7] = [
    (ServerKilled, "server killed"),
    (ServerRestarted, "server restarted"),
    (SessionsEnded, "sessions ended"),
    (ConnectionCut, "connection cut"),
    (SeveralRunners, "several runners"),
    (DiskFull, "disk full"),
    (ClockMoved, "clock moved"),
];

/// What happened to one database.
#[derive(Default)]
struct Trial {
    /// Runs that did not end well.
    stopped: u32,
    runs: u32,
    /// What was drawn.
    how: String,
    wrong: Vec<String>,
}

impl Trial {
    fn ran(&mut self, ended: &Ended) {
        self.runs += 1;
        if !ended.is_done() {
            self.stopped += 1;
        }
    }

    /// Runs it until it ends well.
    async fn finish(&mut self, undisturbed: &Undisturbed, url: &str) -> Result<(), TortureError> {
        for _ in 0..RUNS {
            let ended = undisturbed.runner.run(url, UP).await?;
            self.ran(&ended);
            if ended.is_done() {
                return Ok(());
            }
            self.wrong.push(format!(
                "a run ended with {:?}: {}",
                ended.code,
                ended.text()
            ));
        }
        Ok(())
    }
}

pub(super) async fn run(
    arguments: &Arguments,
    seed: u64,
    server: &mut TortureServer,
) -> Result<Report, TortureError> {
    let undisturbed = Undisturbed::new(server).await?;
    let times = (arguments.kills / 10).max(1);
    let mut table = table(&["what", "times", "runs", "of them stopped", "s", "failures"]);
    let (mut notes, mut failures) = (Vec::new(), Vec::new());
    for (misfortune, name) in ALL {
        if !name.contains(&arguments.only) {
            continue;
        }
        progress(format_args!("servers: {name}"));
        let begun = Instant::now();
        if let Some(reason) = impossible(misfortune) {
            notes.push(format!("{name}: not done, {reason}"));
            continue;
        }
        let (mut runs, mut stopped, failed) = (0, 0, failures.len());
        for number in 0..times {
            let purpose = (misfortune as u64 + 1) * 1_000_000 + u64::from(number);
            let mut random = Random::of(seed, purpose);
            let trial = trial(misfortune, server, &undisturbed, &mut random, number).await?;
            runs += trial.runs;
            stopped += trial.stopped;
            for wrong in trial.wrong {
                failures.push(format!("{name} {number} ({}): {wrong}", trial.how));
            }
        }
        table.add_row([
            name.to_owned(),
            times.to_string(),
            runs.to_string(),
            stopped.to_string(),
            begun.elapsed().as_secs().to_string(),
            (failures.len() - failed).to_string(),
        ]);
    }
    Ok(Report {
        title: "servers".to_owned(),
        table,
        notes,
        failures,
    })
}

/// What this machine lacks for it.
fn impossible(misfortune: Misfortune) -> Option<String> {
    match misfortune {
        DiskFull => disk::impossible(),
        ClockMoved => clock::impossible(),
        _ => None,
    }
}

async fn trial(
    misfortune: Misfortune,
    server: &mut TortureServer,
    undisturbed: &Undisturbed,
    random: &mut Random,
    number: u32,
) -> Result<Trial, TortureError> {
    let database = "misfortune";
    let mut trial = match misfortune {
        ServerKilled | ServerRestarted | SessionsEnded | ConnectionCut => {
            undisturbed.begin(server, database).await?;
            sudden::trial(misfortune, server, undisturbed, random, database).await?
        }
        SeveralRunners => {
            undisturbed.begin(server, database).await?;
            at_once::trial(server, undisturbed, random, database).await?
        }
        DiskFull => return disk::trial(server, undisturbed, random, number).await,
        ClockMoved => {
            undisturbed.begin(server, database).await?;
            clock::trial(server, undisturbed, random, database).await?
        }
    };
    trial
        .wrong
        .extend(undisturbed.wrong(server, database).await?);
    server.drop_database(database).await?;
    Ok(trial)
}
