//! Where the SQL files of migrations go: `execute` runs them statement by statement, or, while the
//! runner only asks what a migration would do, notes them down. Under SeaORM's own runner it runs
//! them as well, without the runner's bookkeeping.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DbErr, RuntimeErr};
use sea_orm_migration::SchemaManager;
use tracing::Instrument as _;

use super::ability::{Abilities, Ability};
use super::attempt::is_cut;
use super::event::SqlFile;
use super::history::Progress;
use super::interrupt::Interrupt;
use super::outside::directive_within;
use super::run::Settings;
use super::statement::limits;
use crate::connection::{SqlError, SqlText, Statement, StatementKind, refuse, statements};
use crate::migrations::in_transaction;

tokio::task_local! {
    static CONTEXT: Arc<Context>;
}

/// What the runner and the SQL files of the migration that it is running tell each other.
pub(super) struct Context {
    mode: Mode,
    state: Mutex<State>,
}

enum Mode {
    Record,
    Run {
        interrupt: Interrupt,
        /// How long statements may take.
        settings: Box<Settings>,
        able: Abilities,
        /// Where the statement reached is written down; in a transaction nowhere, since all of it
        /// goes when it fails.
        progress: Option<Progress>,
    },
}

#[derive(Default)]
struct State {
    files: Vec<SqlFile>,
    begun: u32,
    /// The lock and statement timeouts of the one transaction.
    limits: Option<(Duration, Duration)>,
    own_timeouts: bool,
    cut: bool,
    failure: Option<SqlError>,
}

impl Context {
    pub(super) fn running(interrupt: Interrupt, settings: Settings, able: Abilities) -> Arc<Self> {
        Arc::new(Self {
            mode: Mode::Run {
                interrupt,
                settings: Box::new(settings),
                able,
                progress: None,
            },
            state: Mutex::default(),
        })
    }

    /// Writes the statement reached down there.
    pub(super) fn record_in(&mut self, into: Progress) {
        if let Mode::Run { progress, .. } = &mut self.mode {
            *progress = Some(into);
        }
    }

    /// What has to be set before a statement, where it is not set already.
    fn limits(&self, statement: &str, in_transaction: bool) -> Option<String> {
        let Mode::Run { settings, able, .. } = &self.mode else {
            return None;
        };
        let mut state = self.state();
        // The migration sets it itself, and knows better.
        state.own_timeouts |=
            statement.contains("statement_timeout") || statement.contains("lock_timeout");
        if state.own_timeouts {
            return None;
        }
        let limits = match in_transaction && state.begun > 1 {
            true => limits(statement, &settings.giving_way()),
            false => limits(statement, settings),
        };
        let known = state.limits.take_if(|_| in_transaction);
        state.limits = Some(limits);
        let (lock, wanted) = limits;
        let local = if in_transaction { "LOCAL " } else { "" };
        let mut sql = Vec::new();
        if able.has(Ability::LockTimeout) && known.is_none_or(|known| known.0 != lock) {
            sql.push(format!("SET {local}lock_timeout = {}", lock.as_millis()));
        }
        if able.has(Ability::StatementTimeout) && known.is_none_or(|known| known.1 != wanted) {
            sql.push(format!(
                "SET {local}statement_timeout = {}",
                wanted.as_millis()
            ));
        }
        (!sql.is_empty()).then(|| sql.join("; "))
    }

    /// Whether the connection was lost under a statement.
    pub(super) fn is_cut(&self) -> bool {
        self.state().cut
    }

    /// Runs a migration's future with this context.
    pub(super) async fn scope<F: Future>(self: Arc<Self>, future: F) -> F::Output {
        CONTEXT.scope(self, future).await
    }

    /// How many statements were begun.
    pub(super) fn begun(&self) -> u32 {
        self.state().begun
    }

    /// What PostgreSQL said to the statement that failed, with its place.
    pub(super) fn take_failure(&self) -> Option<SqlError> {
        self.state().failure.take()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn begin_statement(&self) -> Result<(), DbErr> {
        let Mode::Run {
            interrupt,
            progress,
            ..
        } = &self.mode
        else {
            return Ok(());
        };
        if interrupt.is_requested() {
            return Err(DbErr::Migration("interrupted".to_owned()));
        }
        let begun = {
            let mut state = self.state();
            state.begun += 1;
            state.begun
        };
        match progress {
            Some(progress) => progress.reached(begun).await,
            None => Ok(()),
        }
    }
}

/// Notes the SQL files down that a migration would run.
pub(super) async fn record<F: Future>(future: F) -> (F::Output, Vec<SqlFile>) {
    let context = Arc::new(Context {
        mode: Mode::Record,
        state: Mutex::default(),
    });
    let output = CONTEXT.scope(Arc::clone(&context), future).await;
    let files = std::mem::take(&mut context.state().files);
    (output, files)
}

/// Runs the text of an SQL file; [`sql_file!`](crate::sql_file) is the way to call it. `source` is the
/// Rust file that names it and `path` is relative to that.
pub async fn execute(
    manager: &SchemaManager<'_>,
    source: &str,
    path: &str,
    text: &str,
) -> Result<(), DbErr> {
    let path = beside(source, path);
    let context = CONTEXT.try_with(Arc::clone).ok();
    if let Some(context) = &context
        && let Mode::Record = context.mode
    {
        let text = text.to_owned();
        context.state().files.push(SqlFile { path, text });
        return Ok(());
    }

    let sql = SqlText { path: &path, text };
    let context = context.as_deref();
    if !manager.get_connection().is_transaction() && in_transaction(text) {
        // The other way of this migration can't run in a transaction; this one can, so it does.
        let within = manager.begin().await?;
        run(&within, context, sql).await?;
        within.commit().await
    } else {
        run(manager, context, sql).await
    }
}

async fn run(
    manager: &SchemaManager<'_>,
    context: Option<&Context>,
    sql: SqlText<'_>,
) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let all = statements(sql.text);
    if let Some(context) = context
        && connection.is_transaction()
        && let Err(error) = directive_within(sql, &all)
    {
        let told = DbErr::Migration(tell(&error));
        context.state().failure = Some(error);
        return Err(told);
    }
    if let Some(context) = context {
        // A transaction before took its own with it.
        context.state().limits = None;
    }
    for statement in all {
        if let Some(context) = context {
            context.begin_statement().await?;
            let in_transaction = connection.is_transaction();
            if let Some(limits) = context.limits(statement.text, in_transaction) {
                connection.execute_unprepared(&limits).await?;
            }
        }
        let result = match allowed(manager, sql, &statement) {
            Ok(()) if statement.kind == StatementKind::Restrict => continue,
            Ok(()) => match (connection.execute_unprepared(statement.text))
                .instrument(tracing::debug_span!("statement", line = statement.line))
                .await
            {
                Ok(_) => continue,
                Err(error) => {
                    if let Some(context) = context {
                        context.state().cut |= is_cut(&error);
                    }
                    placed(error, sql, &statement)
                }
            },
            Err(error) => Ok(error),
        };
        let error = result?;
        let told = DbErr::Migration(tell(&error));
        if let Some(context) = context {
            context.state().failure = Some(error);
        }
        return Err(told);
    }
    Ok(())
}

fn allowed(
    manager: &SchemaManager<'_>,
    sql: SqlText<'_>,
    statement: &Statement<'_>,
) -> Result<(), SqlError> {
    refuse(sql, statement)?;
    if statement.kind == StatementKind::Transaction && manager.get_connection().is_transaction() {
        return Err(SqlError::refused(
            sql,
            statement,
            "this would end the transaction that the migration runs in",
            "leave it out: the runner begins and commits; or begin the file with \
             `-- seachange: no-transaction`",
        ));
    }
    Ok(())
}

/// The server's error with its place in the file; `Err` when it was not the server's.
fn placed(error: DbErr, sql: SqlText<'_>, statement: &Statement<'_>) -> Result<SqlError, DbErr> {
    match &error {
        DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause))
        | DbErr::Conn(RuntimeErr::SqlxError(cause)) => {
            Ok(SqlError::of_statement(cause, sql, statement))
        }
        _ => Err(error),
    }
}

/// Everything that PostgreSQL said, for runners that know nothing but the message.
fn tell(error: &SqlError) -> String {
    let mut text = error.to_string();
    for (label, more) in [("DETAIL", &error.detail), ("HINT", &error.hint)] {
        if let Some(more) = more {
            text.push_str(&format!("\n{label}: {more}"));
        }
    }
    text
}

fn beside(source: &str, path: &str) -> String {
    // `file!()` has the separators of the machine that compiled it; a message needs one kind.
    let source = source.replace('\\', "/");
    match Path::new(&source).parent() {
        Some(folder) if !folder.as_os_str().is_empty() => format!("{}/{path}", folder.display()),
        _ => path.to_owned(),
    }
}
