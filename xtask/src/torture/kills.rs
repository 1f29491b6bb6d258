//! `kills`: the runner ended with SIGKILL, at each of the requests that it makes of the server in turn (before,
//! inside, after), then at random moments; run again, perhaps killed again, until it ends by itself.

mod bystander;
mod outcome;

use std::time::Instant;

use super::error::TortureError;
use super::requests::{Moment, Watched};
use super::server::TortureServer;
use super::trial::{UP, Undisturbed};
use super::{Arguments, Report, progress};
use crate::random::Random;
use bystander::Bystander;
use outcome::Outcome;

pub(super) async fn run(
    arguments: &Arguments,
    seed: u64,
    server: &TortureServer,
) -> Result<Report, TortureError> {
    let begun = Instant::now();
    let undisturbed = Undisturbed::new(server).await?;
    progress(format_args!(
        "kills: an undisturbed run takes {:.1} s and makes {} requests",
        undisturbed.took.as_secs_f64(),
        undisturbed.requests.len()
    ));
    let mut outcome = Outcome::default();
    let mut number = 0;
    while outcome.kills < arguments.kills {
        let (one, other) = tokio::try_join!(
            trial(server, &undisturbed, seed, number + 1),
            trial(server, &undisturbed, seed, number + 2),
        )?;
        number += 2;
        outcome.add(one);
        outcome.add(other);
        if number % 20 == 0 {
            progress(format_args!(
                "kills: {} in {number} trials, {} failures, {} s",
                outcome.kills,
                outcome.failures.len(),
                begun.elapsed().as_secs()
            ));
        }
    }
    Ok(outcome.report(&undisturbed, number, begun.elapsed()))
}

/// One database, killed one to three times.
async fn trial(
    server: &TortureServer,
    undisturbed: &Undisturbed,
    seed: u64,
    number: u64,
) -> Result<outcome::Trial, TortureError> {
    let mut random = Random::of(seed, number);
    let database = format!("killed_{number}");
    undisturbed.begin(server, &database).await?;
    let mut trial = outcome::Trial::new(number);
    let bystander = match number % 4 {
        0 => Some(Bystander::start(server, &database, random.clone()).await?),
        _ => None,
    };
    for round in 0..=random.below(3) {
        let mut at = match round {
            0 => undisturbed.in_turn(&mut random, number - 1),
            _ => undisturbed.anywhere(&mut random),
        };
        if bystander.is_some()
            && let Moment::Inside(time) = &mut at.moment
        {
            *time += random.within(bystander::LONGEST);
        }
        let watched = Watched::new(server, Some(at)).await?;
        let running = undisturbed
            .runner
            .spawn(&watched.url(server, &database), UP)?;
        let ended = running.end(watched.reached()).await;
        trial.ran(&ended, at, &watched.seen());
        if !ended.was_killed() {
            break;
        }
        if random.below(4) == 0 {
            // What a server does in the end whose client's machine is gone.
            server.value(&database, ITS_SESSIONS).await?;
        }
    }
    if !trial.ended {
        let url = server.url(&database);
        trial.last(&undisturbed.runner.run(&url, UP).await?);
    }
    if let Some(bystander) = bystander {
        bystander.stop().await;
    }
    trial.wrong = undisturbed.wrong(server, &database).await?;
    server.drop_database(&database).await?;
    Ok(trial)
}

const ITS_SESSIONS: &str = "\
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
WHERE datname = current_database() AND application_name LIKE 'seachange migration%'";
