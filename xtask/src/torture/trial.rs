//! One database that migrations go through while something happens to them, and what it has to be like at the
//! end: like one that nothing happened to.

mod arrived;
mod plan;

use std::time::Duration;

use super::error::TortureError;
use super::requests::{At, Moment, Request, Watched};
use super::runner::Runner;
use super::server::TortureServer;
use crate::random::Random;

pub(super) use arrived::Arrived;

/// Copied for each trial.
const TEMPLATE: &str = "torture_template";

/// How a run ends that nothing disturbs.
pub(super) struct Undisturbed {
    pub(super) runner: Runner,
    /// Everything that it asked of the server, in order.
    pub(super) requests: Vec<Request>,
    pub(super) took: Duration,
    arrived: Arrived,
}

/// Goes on with what the flags of the plan ask for.
pub(super) const UP: &str = "up --contract";

impl Undisturbed {
    /// Makes the template, and goes through the migrations once.
    pub(super) async fn new(server: &TortureServer) -> Result<Self, TortureError> {
        server.drop_database(TEMPLATE).await?;
        server
            .execute("postgres", &format!("CREATE DATABASE {TEMPLATE}"))
            .await?;
        server.execute(TEMPLATE, plan::BEFORE).await?;
        let runner = Runner::new(&server.home().join("migrations"), &plan::migrations())?;
        server.copy(TEMPLATE, "undisturbed").await?;
        let watched = Watched::new(server, None).await?;
        let url = watched.url(server, "undisturbed");
        let ended = runner.spawn(&url, UP)?.end(std::future::pending()).await;
        let requests = watched.seen();
        if !ended.is_done() {
            return Err(TortureError::Undisturbed { said: ended.text() });
        }
        let arrived = Arrived::at(server, "undisturbed").await?;
        let wrong = arrived.wrong_by_itself();
        if !wrong.is_empty() {
            return Err(TortureError::Undisturbed {
                said: wrong.join("\n"),
            });
        }
        Ok(Self {
            runner,
            requests,
            took: ended.took,
            arrived,
        })
    }

    /// Each different request in its turn: the server has not heard of it, is at it, or has answered.
    pub(super) fn in_turn(&self, random: &mut Random, number: u64) -> At {
        let mut groups: Vec<(&str, Vec<usize>)> = Vec::new();
        for (at, request) in self.requests.iter().enumerate() {
            let sql = request.sql.as_str();
            match groups.iter_mut().find(|(same, _)| *same == sql) {
                Some((_, group)) => group.push(at),
                None => groups.push((sql, vec![at])),
            }
        }
        // A step that shares no divisor with most counts goes through all of them, wherever it stops.
        let turns = 3 * groups.len() as u64;
        let turn = number.wrapping_mul(61) % turns.max(1);
        let group = usize::try_from(turn / 3).unwrap_or_default();
        let requests = groups.get(group).map_or(&[][..], |(_, group)| group);
        let chosen = usize::try_from(random.below(requests.len() as u64)).unwrap_or_default();
        let request = requests.get(chosen).copied().unwrap_or_default();
        let took = self.requests.get(request).map(|request| request.took);
        At {
            request,
            moment: match turn % 3 {
                0 => Moment::Before,
                1 => Moment::Inside(random.within(took.unwrap_or_default())),
                _ => Moment::After,
            },
        }
    }

    /// Inside a request, any of them or one that takes long. A run that goes on makes fewer of them, and may be
    /// through before.
    pub(super) fn anywhere(&self, random: &mut Random) -> At {
        let requests = &self.requests;
        if random.below(2) == 0 {
            let at = usize::try_from(random.below(requests.len() as u64)).unwrap_or_default();
            let took = requests.get(at).map(|request| request.took);
            return At {
                request: at,
                moment: Moment::Inside(random.within(took.unwrap_or_default())),
            };
        }
        let whole = requests.iter().map(|request| request.took).sum();
        let mut left = random.within(whole);
        for (at, request) in requests.iter().enumerate() {
            match left.checked_sub(request.took) {
                Some(less) => left = less,
                None => {
                    return At {
                        request: at,
                        moment: Moment::Inside(left),
                    };
                }
            }
        }
        At {
            request: 0,
            moment: Moment::Inside(left),
        }
    }

    /// A database to begin with.
    pub(super) async fn begin(
        &self,
        server: &TortureServer,
        database: &str,
    ) -> Result<(), TortureError> {
        server.copy(TEMPLATE, database).await
    }

    /// What is not as it should be.
    pub(super) async fn wrong(
        &self,
        server: &TortureServer,
        database: &str,
    ) -> Result<Vec<String>, TortureError> {
        let arrived = Arrived::at(server, database).await?;
        let mut wrong = arrived.wrong_by_itself();
        wrong.extend(arrived.differs_from(&self.arrived));
        Ok(wrong)
    }
}
