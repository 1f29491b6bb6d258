//! The commands, as functions: each opens its own connections and closes them.

use chrono::Utc;
use sqlx::{Connection as _, PgConnection};

use super::ability::{Ability, Servers};
use super::begin::begin;
use super::contract;
use super::error::RunnerError;
use super::event::{Direction, Event, Planned, Tell};
use super::extent::{Extent, downwards, upwards};
use super::halfway::{self, halfway};
use super::lock::{self, Held};
use super::outside::{self, Lines};
use super::plan::Applied;
use super::pooler;
use super::program::Program;
use super::refusal::{Refusal, refusals};
use super::run::{Allow, Run, Settings, Target};
use super::squash::{self, Squash};
use super::standing::{Status, applied, compare};
use super::wipe::wipe;
use super::{history, record};
use crate::connection::{is_local, open};

/// Applies pending migrations.
pub async fn up(run: &mut Run<'_>, extent: &Extent) -> Result<(), RunnerError> {
    through(run, Direction::Up, extent, &Servers::default()).await
}

/// Takes applied migrations back, the latest first.
pub async fn down(run: &mut Run<'_>, extent: &Extent) -> Result<(), RunnerError> {
    through(run, Direction::Down, extent, &Servers::default()).await
}

/// One way, on a server that may be known already.
pub(super) async fn through(
    run: &mut Run<'_>,
    direction: Direction,
    extent: &Extent,
    servers: &Servers,
) -> Result<(), RunnerError> {
    let mut held = lock(run, servers).await?;
    let result = go(run, &mut held, direction, extent, servers).await;
    finish(held, result).await
}

/// Takes all migrations back and applies them again.
pub async fn refresh(run: &mut Run<'_>) -> Result<(), RunnerError> {
    local_only(run, "refresh")?;
    let servers = Servers::default();
    let mut held = lock(run, &servers).await?;
    let result = async {
        go(run, &mut held, Direction::Down, &Extent::All, &servers).await?;
        go(run, &mut held, Direction::Up, &Extent::All, &servers).await
    }
    .await;
    finish(held, result).await
}

/// Takes all migrations back.
pub async fn reset(run: &mut Run<'_>) -> Result<(), RunnerError> {
    local_only(run, "reset")?;
    down(run, &Extent::All).await
}

/// Drops everything that is in the database and applies all migrations.
pub async fn fresh(run: &mut Run<'_>) -> Result<(), RunnerError> {
    local_only(run, "fresh")?;
    let servers = Servers::default();
    let mut held = lock(run, &servers).await?;
    let result = async {
        // What would be refused afterwards is refused before anything is lost.
        let empty = Look {
            status: compare(run.program, &[], &[], &Lines::new()),
            journal: Lines::new(),
            applied: Vec::new(),
            one_by_one: false,
        };
        checked(
            run.program,
            run.settings,
            &empty,
            Direction::Up,
            &Extent::All,
        )
        .await?;
        wipe(run, &held).await?;
        run.tell(Event::Wiped);
        go(run, &mut held, Direction::Up, &Extent::All, &servers).await
    }
    .await;
    finish(held, result).await
}

/// Where the database stands. Changes nothing, creates nothing, takes no lock.
pub async fn status(program: &Program, target: &Target) -> Result<Status, RunnerError> {
    Ok(look(program, target).await?.status)
}

/// The same within a session that is open already: the caller's, outside a transaction or in one.
pub async fn status_within(
    program: &Program,
    connection: &mut PgConnection,
) -> Result<Status, RunnerError> {
    Ok(read(program, connection).await?.status)
}

/// What `up` or `down` would run. Changes nothing, creates nothing, takes no lock.
pub async fn dry_run(
    run: &mut Run<'_>,
    direction: Direction,
    extent: &Extent,
) -> Result<Vec<Planned>, RunnerError> {
    let look = look(run.program, run.target).await?;
    let mut versions = checked(run.program, run.settings, &look, direction, extent).await?;
    for one in &look.status.migrations {
        if let Some(squash @ Squash::Applied { .. }) = &one.squash {
            versions.retain(|version| *version != one.version);
            run.tell(Event::Note(format!(
                "`{}` would not run: {squash}",
                one.version
            )));
        }
    }
    held_back(run, &look.status, &versions, direction);
    let mut planned = Vec::new();
    for member in versions
        .iter()
        .filter_map(|version| run.program.member(version))
    {
        let known = member.known(direction).await;
        planned.push(member.planned(direction, known));
    }
    if planned.is_empty() {
        run.tell(Event::Nothing(nothing(&look.status, direction, extent)));
    }
    Ok(planned)
}

/// What was read of a database.
pub(super) struct Look {
    pub(super) status: Status,
    pub(super) journal: Lines,
    /// In the order of their versions.
    pub(super) applied: Vec<Applied>,
    /// The server takes no definitions back, so every statement stands by itself.
    pub(super) one_by_one: bool,
}

impl Look {
    /// Whether there may be something to do.
    fn is_idle(&self, direction: Direction) -> bool {
        direction == Direction::Up && self.status.pending() == 0 && self.journal.is_empty()
    }
}

async fn look(program: &Program, target: &Target) -> Result<Look, RunnerError> {
    let mut connection = connect(target, "status").await?;
    let look = read(program, &mut connection).await;
    close(connection).await;
    look
}

async fn go(
    run: &mut Run<'_>,
    held: &mut Held,
    direction: Direction,
    extent: &Extent,
    servers: &Servers,
) -> Result<(), RunnerError> {
    let mut look = read(run.program, &mut *held.books.lock().await).await?;
    if !look.is_idle(direction) {
        held.ask(run.target, servers).await?;
    }
    look.one_by_one = !held.able.has(Ability::TransactionalDdl);
    checked(run.program, run.settings, &look, direction, extent).await?;
    if squash::record(run, held, &look.status).await? {
        let one_by_one = look.one_by_one;
        look = read(run.program, &mut *held.books.lock().await).await?;
        look.one_by_one = one_by_one;
    }
    let versions = checked(run.program, run.settings, &look, direction, extent).await?;
    held_back(run, &look.status, &versions, direction);
    if versions.is_empty() {
        run.tell(Event::Nothing(nothing(&look.status, direction, extent)));
        if run.settings.backup.is_some() {
            run.tell(Event::Note(
                "nothing to do, so no backup was made".to_owned(),
            ));
        }
        return Ok(());
    }
    begin(run, held, &look, &versions, direction).await
}

/// The versions that are to be gone through, unless something stands against it.
pub(super) async fn checked<'a>(
    program: &Program,
    settings: &Settings,
    look: &'a Look,
    direction: Direction,
    extent: &Extent,
) -> Result<Vec<&'a str>, RunnerError> {
    let status = &look.status;
    let mut versions = match direction {
        Direction::Up => upwards(status, extent)?,
        Direction::Down => downwards(status, extent)?,
    };
    let mut held = None;
    if direction == Direction::Up
        && let Some(place) = contract::first_held(status, &versions, settings, Utc::now())
    {
        let behind = versions[place..].iter().find(|version| {
            status
                .of(version)
                .is_some_and(|standing| !standing.contract)
        });
        if behind.is_some() || *extent != Extent::All {
            held = Some(Refusal::Held {
                version: versions[place].to_owned(),
                behind: behind.map(|version| (*version).to_owned()),
            });
        }
        versions.truncate(place);
    }
    let mut refusals = all_refusals(program, settings, look, &versions, direction).await;
    refusals.extend(held);
    unless_refused(refusals)?;
    Ok(versions)
}

/// What stands against going through these versions.
pub(super) async fn all_refusals(
    program: &Program,
    settings: &Settings,
    look: &Look,
    versions: &[&str],
    direction: Direction,
) -> Vec<Refusal> {
    let mut refusals = refusals(program, &look.status, versions, direction, settings).await;
    refusals.extend(halfway(program, look, versions, direction, settings).await);
    refusals
}

pub(super) fn unless_refused(refusals: Vec<Refusal>) -> Result<(), RunnerError> {
    match refusals.is_empty() {
        true => Ok(()),
        false => Err(RunnerError::Refused(refusals)),
    }
}

/// Says what is left for later on purpose.
pub(super) fn held_back(
    run: &mut Run<'_>,
    status: &Status,
    versions: &[&str],
    direction: Direction,
) {
    if direction == Direction::Down {
        return;
    }
    for standing in &status.migrations {
        if standing.contract && !versions.contains(&standing.version.as_str()) {
            run.tell(Event::Note(format!(
                "`{}` is held back: it takes away what code of before needs. When none of that runs any more: `--contract`",
                standing.version
            )));
        }
    }
}

pub(super) fn nothing(status: &Status, direction: Direction, extent: &Extent) -> String {
    match (direction, extent) {
        (Direction::Up, Extent::All) if status.pending() > 0 => {
            "nothing to apply: what is pending is held back".to_owned()
        }
        (Direction::Up, Extent::To(_)) if status.pending() > 0 => {
            "nothing to apply: it is applied already".to_owned()
        }
        (Direction::Up, _) => match status.applied() {
            0 => "nothing pending: there are no migrations".to_owned(),
            1 => "nothing pending: the one migration is applied".to_owned(),
            applied => format!("nothing pending: all {applied} migrations are applied"),
        },
        (Direction::Down, Extent::To(_)) => {
            "nothing to roll back: nothing is applied after it".to_owned()
        }
        (Direction::Down, _) => "nothing to roll back: no migration is applied".to_owned(),
    }
}

pub(super) async fn lock(run: &mut Run<'_>, servers: &Servers) -> Result<Held, RunnerError> {
    let mut connection = connect(run.target, "migration lock").await?;
    let able = servers.of_sessions(&mut connection, run.target).await?;
    if able.has(Ability::IdleSessionTimeout) {
        // It is idle for as long as a migration takes, and the lock goes with it.
        sqlx::raw_sql("SET idle_session_timeout = 0")
            .execute(&mut connection)
            .await
            .map_err(RunnerError::books("preparing the session"))?;
    }
    let held = lock::acquire(run, connection, able).await?;
    let interrupt = run.interrupt.clone();
    held.settled(&interrupt, &Tell::new(run.observe)).await?;
    Ok(held)
}

#[tracing::instrument(name = "record", skip_all)]
pub(super) async fn read(
    program: &Program,
    connection: &mut PgConnection,
) -> Result<Look, RunnerError> {
    let records = record::read(connection, &program.table).await?;
    let history = history::read(connection).await?;
    let journal = outside::read(connection).await?;
    let mut status = compare(program, &records, &history, &journal);
    squash::recognize(&mut status, program, &records, &history, &journal).await;
    contract::mark(program, &mut status).await;
    halfway::place(program, &mut status).await;
    Ok(Look {
        applied: applied(&records, &history),
        status,
        journal,
        one_by_one: false,
    })
}

pub(super) async fn connect(target: &Target, purpose: &str) -> Result<PgConnection, RunnerError> {
    let mut connection = open(&target.url, purpose).await.map_err(pooler::refused)?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(target.session_sql()))
        .execute(&mut connection)
        .await
        .map_err(RunnerError::books("preparing the session"))?;
    Ok(connection)
}

/// Ends the session that holds the lock, and waits for it: who comes next finds it free.
pub(super) async fn finish(held: Held, result: Result<(), RunnerError>) -> Result<(), RunnerError> {
    if let Some(books) = std::sync::Arc::into_inner(held.books) {
        close(books.into_inner()).await;
    }
    result
}

async fn close(connection: PgConnection) {
    if let Err(error) = connection.close().await {
        tracing::debug!(%error, "the connection did not close in good order");
    }
}

fn local_only(run: &Run<'_>, command: &'static str) -> Result<(), RunnerError> {
    if is_local(&run.target.url) || run.settings.allows(Allow::Remote) {
        Ok(())
    } else {
        Err(RunnerError::Remote {
            command,
            target: run.target.shown(),
        })
    }
}
