//! The load: four sessions that read and write one row a statement, with prepared statements that name their
//! columns; each statement is timed, each error kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::random::Random;
use crate::torture::error::TortureError;

const SESSIONS: u32 = 4;
/// Between two statements, so that the machine has something left.
const PAUSE: Duration = Duration::from_millis(1);

/// What the code of the moment calls the column that is renamed.
#[derive(Clone, Copy)]
pub(super) struct Names {
    pub(super) label: &'static str,
}

pub(super) struct Clients {
    stop: Arc<AtomicBool>,
    sessions: Vec<JoinHandle<Load>>,
}

/// What one session, or all of them, saw.
#[derive(Default)]
pub(super) struct Load {
    pub(super) statements: Vec<(Instant, Duration)>,
    pub(super) errors: Vec<String>,
    /// Cached plans that PostgreSQL refused because a column that they return has another type.
    pub(super) plans: usize,
}

struct Session {
    connection: PgConnection,
    random: Random,
    number: u32,
    rows: u32,
    sql: [String; 5],
    /// What it inserted itself, and may delete.
    own: Vec<i64>,
    made: u32,
    retypes: bool,
    load: Load,
}

impl Clients {
    pub(super) async fn start(
        url: &str,
        names: Names,
        seed: u64,
        rows: u32,
        retypes: bool,
    ) -> Result<Self, TortureError> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut sessions = Vec::new();
        for number in 0..SESSIONS {
            let connection = PgConnection::connect(url).await;
            let mut session = Session {
                connection: connection.map_err(TortureError::sql("the load's connection"))?,
                random: Random::of(seed, u64::from(number)),
                number,
                rows,
                sql: statements(names),
                own: Vec::new(),
                made: 0,
                retypes,
                load: Load::default(),
            };
            let stop = Arc::clone(&stop);
            sessions.push(tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    session.one().await;
                    sleep(PAUSE).await;
                }
                session.load
            }));
        }
        Ok(Self { stop, sessions })
    }

    pub(super) async fn stop(self) -> Load {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Load::default();
        for session in self.sessions {
            match session.await {
                Ok(load) => {
                    all.statements.extend(load.statements);
                    all.errors.extend(load.errors);
                    all.plans += load.plans;
                }
                Err(error) => all.errors.push(error.to_string()),
            }
        }
        all
    }
}

fn statements(names: Names) -> [String; 5] {
    let label = names.label;
    [
        format!("SELECT id, code, {label}, amount, state FROM items WHERE id = $1"),
        format!("UPDATE items SET amount = amount + 1, {label} = $2 WHERE id = $1"),
        format!("INSERT INTO items (code, {label}, owner_id) VALUES ($1, $2, $3) RETURNING id"),
        "INSERT INTO notes (item_id, body) VALUES ($1, $2)".to_owned(),
        "DELETE FROM items WHERE id = $1".to_owned(),
    ]
}

impl Session {
    async fn one(&mut self) {
        let id = 1 + self.random.below(u64::from(self.rows));
        let which = match self.random.below(100) {
            0..50 => 0,
            50..72 => 1,
            72..84 => 2,
            84..92 => 3,
            _ => 4,
        };
        let id = match which {
            4 => match self.own.pop() {
                Some(own) => own,
                None => return,
            },
            _ => id.cast_signed(),
        };
        let begun = Instant::now();
        let mut done = self.execute(which, id).await;
        if self.retypes && done.as_ref().is_err_and(is_plan) {
            // What a driver does that forgets the statement.
            self.load.plans += 1;
            done = match self.connection.clear_cached_statements().await {
                Ok(()) => self.execute(which, id).await,
                Err(error) => Err(error),
            };
        }
        self.load.statements.push((begun, begun.elapsed()));
        match done {
            Ok(Some(row)) if which == 2 => {
                let id = row.try_get(0);
                let id = id.or_else(|_| row.try_get::<i32, _>(0).map(i64::from));
                self.own.extend(id.ok());
            }
            Ok(None) if which == 0 => {
                self.load.errors.push(format!("the row {id} is not there"));
            }
            Ok(_) => {}
            Err(error) => self.load.errors.push(error.to_string()),
        }
    }

    async fn execute(&mut self, which: usize, id: i64) -> Result<Option<PgRow>, sqlx::Error> {
        self.made += 1;
        let text = format!("n{}-{}", self.number, self.made);
        let query = sqlx::query(AssertSqlSafe(self.sql[which].clone()));
        // As the code has it that was written for an int; a bigint is compared with it as well.
        let key = i32::try_from(id).unwrap_or(i32::MAX);
        let query = match which {
            0 | 4 => query.bind(key),
            1 | 3 => query.bind(key).bind(text),
            _ => query.bind(text.clone()).bind(text).bind(key % 1000),
        };
        query.fetch_optional(&mut self.connection).await
    }
}

fn is_plan(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|error| error.message() == "cached plan must not change result type")
}
