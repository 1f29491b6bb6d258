//! What the studio holds meanwhile: memory and connections to the database.

use std::fmt;
use std::time::{Duration, Instant};

use sqlx::PgConnection;
use tokio::sync::watch::Receiver;

use crate::bench::error::BenchError;
use crate::bench::studio::database::failed;
use crate::bench::studio::process::resident;

const EVERY: Duration = Duration::from_secs(2);
/// Until then caches fill and connections are made.
const SETTLING: Duration = Duration::from_secs(10);
/// Of the last third over the first one, in percent.
const MAY_GROW: u64 = 10;

const CONNECTIONS: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";

pub(super) struct Watched {
    samples: Vec<Sample>,
    connections_at_the_end: i64,
}

struct Sample {
    at: Duration,
    /// KiB.
    memory: u64,
    connections: i64,
}

/// Looks every two seconds, until it is told to end.
pub(super) async fn watch(
    pid: u32,
    mut connection: PgConnection,
    mut stopped: Receiver<()>,
) -> Result<Watched, BenchError> {
    let begun = Instant::now();
    let mut every = tokio::time::interval(EVERY);
    let mut samples = Vec::new();
    loop {
        tokio::select! {
            _ = every.tick() => {}
            _ = stopped.changed() => break,
        }
        samples.push(Sample {
            at: begun.elapsed(),
            memory: resident(pid)?,
            connections: connections(&mut connection).await?,
        });
    }
    // What was left half-way is given up when the browser's end is seen.
    every.tick().await;
    every.tick().await;
    Ok(Watched {
        samples,
        connections_at_the_end: connections(&mut connection).await?,
    })
}

async fn connections(connection: &mut PgConnection) -> Result<i64, BenchError> {
    let asked = sqlx::query_scalar(CONNECTIONS).fetch_one(connection);
    asked.await.map_err(failed(CONNECTIONS))
}

pub(super) fn ended() -> BenchError {
    BenchError::Studio {
        said: "nobody could watch it".to_owned(),
    }
}

impl Watched {
    /// The means of the first and of the last third, once it has settled.
    fn thirds(&self) -> (u64, u64) {
        let settled: Vec<u64> = (self.samples.iter())
            .filter(|sample| sample.at >= SETTLING)
            .map(|sample| sample.memory)
            .collect();
        let third = (settled.len() / 3).max(1);
        let mean = |some: &[u64]| some.iter().sum::<u64>() / (some.len() as u64).max(1);
        let last = settled.len().saturating_sub(third);
        (
            mean(&settled[..third.min(settled.len())]),
            mean(&settled[last..]),
        )
    }

    pub(super) fn is_flat(&self) -> Result<(), BenchError> {
        let (first, last) = self.thirds();
        match last * 100 <= first * (100 + MAY_GROW) {
            true => Ok(()),
            false => Err(BenchError::Grows { first, last }),
        }
    }
}

impl fmt::Display for Watched {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let memory: Vec<String> = (self.samples.iter())
            .map(|sample| format!("{:.1}", sample.memory as f64 / 1024.0))
            .collect();
        let (first, last) = self.thirds();
        let most = self.samples.iter().map(|sample| sample.connections).max();
        write!(
            to,
            "Resident memory every {} s, in MiB: {}.\nFrom {} s on, the last third's mean is {:.1} MiB, the first third's {:.1} MiB: {} \
             ({MAY_GROW} % more would be too much).\nConnections to the database: {} at most, {} when all had gone.",
            EVERY.as_secs(),
            memory.join(" "),
            SETTLING.as_secs(),
            last as f64 / 1024.0,
            first as f64 / 1024.0,
            if self.is_flat().is_ok() {
                "flat"
            } else {
                "not flat"
            },
            most.unwrap_or_default(),
            self.connections_at_the_end,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched(memory: impl Iterator<Item = u64>) -> Watched {
        let samples = (0..).step_by(2).zip(memory).map(|(at, memory)| Sample {
            at: Duration::from_secs(at),
            memory,
            connections: 8,
        });
        Watched {
            samples: samples.collect(),
            connections_at_the_end: 8,
        }
    }

    #[test]
    fn memory_that_grows_is_told_from_memory_that_settles() {
        let grows = watched((0..30).map(|at| 50_000 + 1_000 * at));
        assert!(matches!(grows.is_flat(), Err(BenchError::Grows { .. })));
        let settles = watched((0..30).map(|at| if at < 5 { 10_000 * at } else { 50_000 + at % 3 }));
        assert!(settles.is_flat().is_ok());
    }
}
