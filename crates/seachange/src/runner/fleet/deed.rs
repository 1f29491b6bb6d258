//! What is done to each target of a fleet, and what is told meanwhile.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::drive::drive;
use super::entry::{Counts, Entry, Outcome};
use super::list::{Fleet, Listed};
use super::pace::{Pace, Stopped};
use crate::runner::ability::Servers;
use crate::runner::commands;
use crate::runner::error::RunnerError;
use crate::runner::event::{Direction, Event, Planned};
use crate::runner::extent::Extent;
use crate::runner::interrupt::Interrupt;
use crate::runner::program::Program;
use crate::runner::run::{Run, Settings};

/// The command.
#[derive(Clone, Debug)]
pub(in crate::runner) enum Deed {
    Through(Direction, Extent),
    DryRun(Direction, Extent),
    Status,
}

/// What is told while it goes on.
pub(in crate::runner) enum Said<'a> {
    Begun(&'a str),
    /// Something that happened at that one.
    Of(&'a str, Event),
    Ended(&'a Entry),
}

/// One call on a fleet.
pub(in crate::runner) struct Going<'a> {
    pub(in crate::runner) program: &'a Program,
    pub(in crate::runner) settings: &'a Settings,
    pub(in crate::runner) deed: Deed,
    pub(in crate::runner) pace: Pace,
    pub(in crate::runner) interrupt: Interrupt,
}

type Tell<'a> = Mutex<&'a mut (dyn FnMut(Said<'_>) + Send)>;

/// The SQL of what a dry run came to, once for each version.
pub(in crate::runner) type Sql = BTreeMap<String, Planned>;

impl Going<'_> {
    /// Goes through all of them.
    pub(in crate::runner) async fn go(
        &self,
        fleet: &Fleet,
        observe: &mut (dyn FnMut(Said<'_>) + Send),
    ) -> (Vec<Entry>, Option<Stopped>, Sql) {
        let tell = Tell::new(observe);
        let servers = Servers::default();
        let sql = Mutex::new(Sql::new());
        let each = async |listed: Listed| {
            say(&tell, Said::Begun(&listed.name));
            let entry = self.one(&listed, &servers, &sql, &tell).await;
            say(&tell, Said::Ended(&entry));
            entry
        };
        let (entries, stopped) = drive(fleet, self.pace, &self.interrupt, each).await;
        let sql = sql.into_inner().unwrap_or_else(PoisonError::into_inner);
        (entries, stopped, sql)
    }

    async fn one(
        &self,
        listed: &Listed,
        servers: &Servers,
        sql: &Mutex<Sql>,
        tell: &Tell<'_>,
    ) -> Entry {
        let started = Instant::now();
        let mut entry = Entry::not_begun(listed);
        let mut done = Vec::new();
        let mut observe = |event| match event {
            Event::Done(one) => done.push(one),
            Event::Nothing(_) => {}
            event => say(tell, Said::Of(&listed.name, event)),
        };
        let mut run = Run {
            program: self.program,
            target: &listed.target,
            settings: self.settings,
            interrupt: self.interrupt.clone(),
            observe: &mut observe,
        };
        let result: Result<(), RunnerError> = match &self.deed {
            Deed::Through(direction, extent) => {
                commands::through(&mut run, *direction, extent, servers).await
            }
            Deed::DryRun(direction, extent) => {
                let planned = commands::dry_run(&mut run, *direction, extent).await;
                planned.map(|planned| entry.planned = Some(versions(planned, sql)))
            }
            Deed::Status => commands::status(self.program, &listed.target)
                .await
                .map(|status| entry.status = Some(Counts::of(&status))),
        };
        entry.done = done;
        entry.duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        match &result {
            Err(error) => entry.fail(error),
            Ok(()) => {
                let nothing = match &self.deed {
                    Deed::Through(..) => entry.done.is_empty(),
                    Deed::DryRun(..) => entry.planned.as_ref().is_some_and(Vec::is_empty),
                    Deed::Status => false,
                };
                entry.outcome = match nothing {
                    true => Outcome::Nothing,
                    false => Outcome::Done,
                };
            }
        }
        entry
    }
}

/// Most targets have the same before them: what it is, is kept once.
fn versions(planned: Vec<Planned>, sql: &Mutex<Sql>) -> Vec<String> {
    let mut sql = sql.lock().unwrap_or_else(PoisonError::into_inner);
    planned
        .into_iter()
        .map(|one| {
            let version = one.version.clone();
            sql.entry(version.clone()).or_insert(one);
            version
        })
        .collect()
}

fn say(tell: &Tell<'_>, said: Said<'_>) {
    let mut observe = tell.lock().unwrap_or_else(PoisonError::into_inner);
    observe(said);
}
