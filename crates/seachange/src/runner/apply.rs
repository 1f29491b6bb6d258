//! Applying a list of migrations, or taking it back, one after the other; a try that failed for a
//! reason that passes is made again.

use std::time::{Duration, Instant};

use tracing::Instrument as _;

use super::attempt::{Attempt, Stop};
use super::error::{RolledBack, RunnerError};
use super::event::{Direction, Done, Event};
use super::lock::Held;
use super::program::Member;
use super::run::Run;
use super::work::Work;

/// How often a migration is tried in all.
const TRIES: u32 = 5;
/// The first pause; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(250);

/// Goes through the versions in the order given, until one fails.
pub(super) async fn apply(
    run: &mut Run<'_>,
    held: &Held,
    versions: &[&str],
    direction: Direction,
) -> Result<(), RunnerError> {
    let program = run.program;
    let work = held.work(run.target)?;
    let members = versions
        .iter()
        .filter_map(|version| program.member(version));
    let mut left = versions.len();
    for member in members {
        let span = tracing::info_span!("migration", version = member.version, %direction);
        match one(run, held, &work, member, direction)
            .instrument(span)
            .await
        {
            Ok(done) => run.tell(Event::Done(done)),
            Err(stop) => {
                work.close().await;
                return Err(error(stop, member, direction, left));
            }
        }
        left -= 1;
    }
    work.close().await;
    Ok(())
}

async fn one(
    run: &mut Run<'_>,
    held: &Held,
    work: &Work,
    member: &Member,
    direction: Direction,
) -> Result<Done, Stop> {
    run.tell(Event::Started {
        version: member.version.clone(),
        direction,
    });
    let interrupt = run.interrupt.clone();
    let attempt = Attempt {
        held,
        work,
        target: run.target,
        settings: run.settings,
        interrupt: &interrupt,
        table: &run.program.table,
        member,
        direction,
    };
    if interrupt.is_requested() {
        return Err(Stop::Interrupted(RolledBack::Yes));
    }
    let known = member.known(direction).await;
    if !member.in_transaction(&known) {
        return attempt.without().await;
    }
    let mut tried = 0;
    loop {
        tried += 1;
        let started = Instant::now();
        let stop = match attempt.within().await {
            Ok(done) => return Ok(done),
            Err(stop) => stop,
        };
        attempt
            .write_failure(started.elapsed(), &stop)
            .await
            .map_err(Stop::Runner)?;
        let again = match &stop {
            Stop::Failed(failure) if failure.passes() && tried < TRIES => failure.summary(),
            _ => return Err(stop),
        };
        let pause = pause(tried);
        (run.observe)(Event::Retrying {
            version: member.version.clone(),
            tried,
            reason: again,
            pause,
        });
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = interrupt.requested() => return Err(Stop::Interrupted(RolledBack::Yes)),
        }
    }
}

/// Longer every time, and never the same for two who got in each other's way.
fn pause(tried: u32) -> Duration {
    let base = PAUSE * 2u32.pow(tried - 1);
    base.mul_f64(rand::random_range(0.5..1.5))
}

fn error(stop: Stop, member: &Member, direction: Direction, left: usize) -> RunnerError {
    match stop {
        Stop::Failed(failure) => RunnerError::Failed(failure),
        Stop::Runner(error) => error,
        Stop::Interrupted(rolled_back) => RunnerError::Interrupted {
            version: member.version.clone(),
            direction,
            rolled_back,
            left,
        },
    }
}
