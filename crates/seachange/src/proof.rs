//! Proves a plan on a scratch database before anybody sees it: up gives the next schema, down the
//! previous one, up again the next one. What does not come out is an error with the difference.

mod measured;

use seachange_schema::plan::{Phase, Transaction};
use seachange_schema::{Plan, Schema, diff, script};
use sqlx::PgConnection;

use crate::catalog::{self, CatalogError};
use crate::connection::{SqlError, SqlText, run_sql, run_statement, statements};
use crate::error::{Help, database_help};

pub use measured::{Measured, Wrong, measure};

/// Where in the circle it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leg {
    /// The first time up.
    Up,
    /// Back.
    Down,
    /// Up once more, over what the way back left.
    UpAgain,
}

impl Leg {
    fn words(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::UpAgain => "up again",
        }
    }
}

/// Why a plan is not to be trusted.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// PostgreSQL refuses a statement of the plan.
    #[error("the plan fails on its way {}", leg.words())]
    Fails {
        /// Where in the circle.
        leg: Leg,
        /// The statement and what PostgreSQL said.
        #[source]
        source: SqlError,
        /// The whole script, for a report.
        script: String,
    },
    /// Everything ran, and led elsewhere.
    #[error("the plan, on its way {}, does not arrive where it should: {}", leg.words(), difference.join("; "))]
    Differs {
        /// Where in the circle.
        leg: Leg,
        /// Each object that is not as it should be, in words.
        difference: Vec<String>,
    },
    /// The catalog could not be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The connection failed.
    #[error("the scratch database does not answer")]
    Connection(#[from] sqlx::Error),
}

impl Help for ProofError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Fails { source, .. } => source.known_help().or_else(|| {
                Some(
                    "nothing was written or changed; this change needs a migration by hand: \
                     `generate --empty NAME`"
                        .to_owned(),
                )
            }),
            Self::Differs { .. } => Some(
                "nothing was written or changed; write this change by hand (`generate --empty NAME`) \
                 and report the difference above"
                    .to_owned(),
            ),
            Self::Catalog(error) => error.help(),
            Self::Connection(error) => Some(database_help(error)),
        }
    }
}

/// Runs the circle on a database that stands at `previous`; the schema that the way up arrived at.
pub async fn circle(
    connection: &mut PgConnection,
    previous: &Schema,
    next: &Schema,
    up: &Plan,
    down: &Plan,
) -> Result<Schema, ProofError> {
    run(connection, up, Leg::Up).await?;
    let arrived = catalog::read(connection).await?;
    arrives(&arrived, next, Leg::Up)?;
    run(connection, down, Leg::Down).await?;
    arrives(&catalog::read(connection).await?, previous, Leg::Down)?;
    run(connection, up, Leg::UpAgain).await?;
    arrives(&catalog::read(connection).await?, &arrived, Leg::UpAgain)?;
    Ok(arrived)
}

/// Runs a plan, phase by phase.
#[tracing::instrument(name = "leg", skip_all, fields(leg = ?leg))]
pub async fn run(connection: &mut PgConnection, plan: &Plan, leg: Leg) -> Result<(), ProofError> {
    for phase in &plan.phases {
        run_phase(connection, phase, leg).await?;
    }
    Ok(())
}

async fn run_phase(
    connection: &mut PgConnection,
    phase: &Phase,
    leg: Leg,
) -> Result<(), ProofError> {
    let text = script::script(phase);
    let sql = SqlText {
        path: match leg {
            Leg::Up | Leg::UpAgain => "up.sql",
            Leg::Down => "down.sql",
        },
        text: &text,
    };
    if phase.transaction == Transaction::None {
        for statement in statements(&text) {
            let ran = run_statement(connection, sql, &statement).await;
            ran.map_err(|source| ProofError::Fails {
                leg,
                source,
                script: text.clone(),
            })?;
        }
        return Ok(());
    }
    begin(connection).await?;
    match run_sql(connection, sql).await {
        Ok(()) => sqlx::raw_sql("COMMIT")
            .execute(connection)
            .await
            .map(drop)?,
        Err(source) => {
            sqlx::raw_sql("ROLLBACK").execute(connection).await?;
            return Err(ProofError::Fails {
                leg,
                source,
                script: text,
            });
        }
    }
    Ok(())
}

async fn begin(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql("BEGIN").execute(connection).await.map(drop)
}

fn arrives(actual: &Schema, expected: &Schema, leg: Leg) -> Result<(), ProofError> {
    let difference = difference(actual, expected);
    match difference.is_empty() {
        true => Ok(()),
        false => Err(ProofError::Differs { leg, difference }),
    }
}

/// What of `actual` is not as `expected` has it, in words; nothing when the two are the same.
pub fn difference(actual: &Schema, expected: &Schema) -> Vec<String> {
    if actual == expected {
        return Vec::new();
    }
    let changes = diff(actual.clone(), expected.clone(), Vec::new());
    let mut words: Vec<String> = changes
        .renames_first
        .iter()
        .map(|rename| format!("{} is wanted", rename.summary()))
        .collect();
    words.extend(changes.changes.iter().map(|(id, change)| {
        match (&change.previous, &change.next) {
            (None, _) => format!("{id} is missing"),
            (_, None) => format!("{id} is left over"),
            (Some(_), Some(_)) => format!("{id} differs"),
        }
    }));
    words.extend(
        expected
            .unmodelled
            .iter()
            .filter(|one| !actual.unmodelled.contains(one))
            .map(|one| format!("{} {} is lost or changed", one.kind, one.name)),
    );
    words.extend(
        actual
            .unmodelled
            .iter()
            .filter(|one| !expected.unmodelled.contains(one))
            .map(|one| format!("{} {} is left over", one.kind, one.name)),
    );
    words
}
