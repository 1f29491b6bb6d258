//! Applying a list of migrations, or taking it back, one after the other; a try that failed for a
//! reason that passes is made again.

use std::time::{Duration, Instant};

use tracing::Instrument as _;

use super::ability::Ability;
use super::attempt::{Attempt, Stop};
use super::error::{RolledBack, RunnerError};
use super::event::{Direction, Done, Event, Tell};
use super::lock::Held;
use super::program::{Known, Member};
use super::run::Run;
use super::work::Work;
use crate::connection::statements;

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
    resumable(run, versions)?;
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
    let known = member.known(direction).await;
    let tell = Tell::new(run.observe);
    let mut attempt = Attempt {
        held,
        work,
        target: run.target,
        settings: run.settings,
        interrupt: &interrupt,
        tell: &tell,
        table: &run.program.table,
        member,
        direction,
        statements: 0,
    };
    if interrupt.is_requested() {
        return Err(Stop::Interrupted(RolledBack::Yes));
    }
    let in_transaction = member.in_transaction(&known) && held.able.has(Ability::TransactionalDdl);
    if let Known::Sql(file) = &known {
        let statements = statements(&file.text).len();
        attempt.statements = u32::try_from(statements).unwrap_or(u32::MAX);
        if !in_transaction {
            return attempt.outside(file).await;
        }
    }
    if let Some(number) = run.settings.resume_at(&member.version) {
        return Err(Stop::Runner(RunnerError::ResumeAt {
            given: format!("{}:{number}", member.version),
            reason: "its statements are not carried out one by one".to_owned(),
        }));
    }
    if !in_transaction {
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
        let cut = matches!(&stop, Stop::Failed(failure) if failure.cut);
        if cut {
            // Without the lock it may not go on. With it, what the lost session did is over first.
            held.check().await.map_err(Stop::Runner)?;
            held.settled(&interrupt, &tell)
                .await
                .map_err(Stop::Runner)?;
        }
        let written = attempt.write_failure(started.elapsed(), &stop).await;
        if let Stop::Runner(_) = &stop {
            // With the lock its connection may be lost as well: the reason matters more.
            return Err(stop);
        }
        written.map_err(Stop::Runner)?;
        let (again, blockers) = match &stop {
            Stop::Failed(failure) if (cut || failure.passes()) && tried < run.settings.tries => {
                (failure.summary(), failure.blockers.clone())
            }
            _ => return Err(stop),
        };
        let pause = pause(tried);
        tell.event(Event::Retrying {
            version: member.version.clone(),
            tried,
            reason: again,
            pause,
            blockers,
        });
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = interrupt.requested() => return Err(Stop::Interrupted(RolledBack::Yes)),
        }
    }
}

/// Where somebody said to go on has to be a migration of this run.
fn resumable(run: &Run<'_>, versions: &[&str]) -> Result<(), RunnerError> {
    for (given, number) in &run.settings.resume_at {
        let meant = versions
            .iter()
            .filter(|version| version.ends_with(given.as_str()))
            .count();
        if meant != 1 || given.is_empty() {
            return Err(RunnerError::ResumeAt {
                given: format!("{given}:{number}"),
                reason: format!("{meant} migrations of this run are called so"),
            });
        }
    }
    Ok(())
}

/// Longer every time, and never the same for two who got in each other's way.
pub(super) fn pause(tried: u32) -> Duration {
    let base = PAUSE * 2u32.pow(tried.saturating_sub(1).min(6));
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
