//! The commands, as functions: each opens its own connections and closes them.

use sqlx::{Connection as _, PgConnection};

use super::apply::apply;
use super::error::RunnerError;
use super::event::{Direction, Event, Planned};
use super::extent::{Extent, downwards, upwards};
use super::lock::{self, Held};
use super::program::{Known, Program};
use super::refusal::refusals;
use super::run::{Allow, Run, Settings, Target};
use super::standing::{Status, compare};
use super::wipe::wipe;
use super::{history, record};
use crate::connection::{is_local, open};

/// Applies pending migrations.
pub async fn up(run: &mut Run<'_>, extent: &Extent) -> Result<(), RunnerError> {
    let held = lock(run).await?;
    let result = go(run, &held, Direction::Up, extent).await;
    finish(held, result).await
}

/// Takes applied migrations back, the latest first.
pub async fn down(run: &mut Run<'_>, extent: &Extent) -> Result<(), RunnerError> {
    let held = lock(run).await?;
    let result = go(run, &held, Direction::Down, extent).await;
    finish(held, result).await
}

/// Takes all migrations back and applies them again.
pub async fn refresh(run: &mut Run<'_>) -> Result<(), RunnerError> {
    local_only(run, "refresh")?;
    let held = lock(run).await?;
    let result = async {
        go(run, &held, Direction::Down, &Extent::All).await?;
        go(run, &held, Direction::Up, &Extent::All).await
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
    let held = lock(run).await?;
    let result = async {
        // What would be refused afterwards is refused before anything is lost.
        let empty = compare(run.program, &[], &[]);
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
        go(run, &held, Direction::Up, &Extent::All).await
    }
    .await;
    finish(held, result).await
}

/// Where the database stands. Changes nothing, creates nothing, takes no lock.
pub async fn status(program: &Program, target: &Target) -> Result<Status, RunnerError> {
    let mut connection = connect(target, "status").await?;
    let status = read(program, &mut connection).await;
    close(connection).await;
    status
}

/// What `up` or `down` would run. Changes nothing, creates nothing, takes no lock.
pub async fn dry_run(
    run: &mut Run<'_>,
    direction: Direction,
    extent: &Extent,
) -> Result<Vec<Planned>, RunnerError> {
    let status = status(run.program, run.target).await?;
    let versions = checked(run.program, run.settings, &status, direction, extent).await?;
    let mut planned = Vec::new();
    for member in versions
        .iter()
        .filter_map(|version| run.program.member(version))
    {
        let known = member.known(direction).await;
        planned.push(Planned {
            version: member.version.clone(),
            direction,
            transaction: member.in_transaction(&known),
            sql: match known {
                Known::Sql(file) => Some(file),
                Known::Rust | Known::Mismatch => None,
            },
        });
    }
    if planned.is_empty() {
        run.tell(Event::Nothing(nothing(&status, direction, extent)));
    }
    Ok(planned)
}

async fn go(
    run: &mut Run<'_>,
    held: &Held,
    direction: Direction,
    extent: &Extent,
) -> Result<(), RunnerError> {
    let status = read(run.program, &mut *held.books.lock().await).await?;
    let versions = checked(run.program, run.settings, &status, direction, extent).await?;
    notes(run, &status, &versions);
    if versions.is_empty() {
        run.tell(Event::Nothing(nothing(&status, direction, extent)));
        return Ok(());
    }
    {
        let mut books = held.books.lock().await;
        record::install(&mut books, &run.program.table).await?;
        history::install(&mut books).await?;
    }
    apply(run, held, &versions, direction).await
}

/// The versions that are to be gone through, unless something stands against it.
async fn checked<'a>(
    program: &Program,
    settings: &Settings,
    status: &'a Status,
    direction: Direction,
    extent: &Extent,
) -> Result<Vec<&'a str>, RunnerError> {
    let versions = match direction {
        Direction::Up => upwards(status, extent)?,
        Direction::Down => downwards(status, extent)?,
    };
    let refusals = refusals(program, status, &versions, direction, settings).await;
    if refusals.is_empty() {
        Ok(versions)
    } else {
        Err(RunnerError::Refused(refusals))
    }
}

fn notes(run: &mut Run<'_>, status: &Status, versions: &[&str]) {
    for version in versions {
        let member = run.program.member(version);
        if member.is_some_and(|member| member.entry.is_none()) {
            run.tell(Event::Note(format!(
                "`{version}` is not in `seachange.lock`: an edit to it will go unnoticed"
            )));
        }
        if let Some(failed) = status.of(version).and_then(|one| one.failure.as_ref())
            && let Some(statement) = failed.statement
        {
            run.tell(Event::Note(format!(
                "an earlier try at `{version}` stopped at statement {statement} outside a transaction; this one begins with the first"
            )));
        }
    }
}

fn nothing(status: &Status, direction: Direction, extent: &Extent) -> String {
    match (direction, extent) {
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

async fn lock(run: &mut Run<'_>) -> Result<Held, RunnerError> {
    let connection = connect(run.target, "migration lock").await?;
    lock::acquire(run, connection).await
}

async fn read(program: &Program, connection: &mut PgConnection) -> Result<Status, RunnerError> {
    let records = record::read(connection, &program.table).await?;
    let history = history::read(connection).await?;
    Ok(compare(program, &records, &history))
}

async fn connect(target: &Target, purpose: &str) -> Result<PgConnection, RunnerError> {
    let mut connection = open(&target.url, purpose).await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(target.session_sql()))
        .execute(&mut connection)
        .await
        .map_err(RunnerError::books("preparing the session"))?;
    Ok(connection)
}

/// Ends the session that holds the lock, and waits for it: who comes next finds it free.
async fn finish(held: Held, result: Result<(), RunnerError>) -> Result<(), RunnerError> {
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
