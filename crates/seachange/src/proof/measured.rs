//! Whether each step of a plan costs what it says: its statements are run, and what they lock, write anew, index and
//! read is looked up in PostgreSQL, where it is their own transaction's to see.

mod ground;

use seachange_schema::Plan;
use seachange_schema::plan::{Phase, Step, Transaction};
use sqlx::PgConnection;

use self::ground::{Ground, Seen};
use super::{Leg, ProofError, begin};
use crate::connection::{SqlText, run_sql};

/// How the steps of a plan were found to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// How many steps were looked at.
    pub steps: usize,
    /// What they say of themselves that is not so.
    pub wrong: Vec<Wrong>,
}

/// A claim of a step that PostgreSQL does not bear out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The step, in words.
    pub step: String,
    /// Its SQL.
    pub statements: Vec<String>,
    /// What it does, and what it says that it does.
    pub why: String,
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}: {:#?}", self.step, self.why, self.statements)
    }
}

impl Measured {
    /// Both together.
    pub fn and(mut self, other: Self) -> Self {
        self.steps += other.steps;
        self.wrong.extend(other.wrong);
        self
    }
}

/// Runs a plan step by step, to its end, and holds what each step says against what it does.
///
/// # Errors
/// Where a statement fails, or the database does not answer, and a transaction stays open then; a claim that is wrong
/// is none.
pub async fn measure(
    connection: &mut PgConnection,
    plan: &Plan,
    leg: Leg,
) -> Result<Measured, ProofError> {
    let mut measured = Measured::default();
    let mut ground = Ground::take(connection).await?;
    for phase in &plan.phases {
        match phase.transaction {
            Transaction::One => {
                ground = together(connection, ground, phase, leg, &mut measured).await?;
            }
            Transaction::None => {
                for step in &phase.steps {
                    ground = by_itself(connection, ground, step, leg, &mut measured).await?;
                }
            }
        }
    }
    Ok(measured)
}

async fn together(
    connection: &mut PgConnection,
    ground: Ground,
    phase: &Phase,
    leg: Leg,
    measured: &mut Measured,
) -> Result<Ground, ProofError> {
    opened(connection).await?;
    let mut ground = ground.what_is_left(connection).await?;
    for step in &phase.steps {
        ground = one(connection, ground, step, leg, Seen::All, measured).await?;
    }
    sqlx::raw_sql("COMMIT").execute(connection).await?;
    Ok(ground)
}

/// A step that runs outside a transaction; in one of its own all the same, where PostgreSQL lets it.
async fn by_itself(
    connection: &mut PgConnection,
    ground: Ground,
    step: &Step,
    leg: Leg,
    measured: &mut Measured,
) -> Result<Ground, ProofError> {
    let alone = |sql: &String| sql.contains(" CONCURRENTLY ") || sql.ends_with(" CONCURRENTLY");
    if step.statements.iter().any(alone) {
        let ground = ground.what_is_left(connection).await?;
        return one(connection, ground, step, leg, Seen::Files, measured).await;
    }
    opened(connection).await?;
    let ground = ground.what_is_left(connection).await?;
    let ground = one(connection, ground, step, leg, Seen::All, measured).await?;
    sqlx::raw_sql("COMMIT").execute(connection).await?;
    Ok(ground)
}

async fn opened(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    begin(connection).await?;
    // As in the script: a body may speak of a table that only comes later. And as with many rows: what an index
    // answers is not read from the table.
    let settings = "SET LOCAL check_function_bodies = off; SET LOCAL enable_seqscan = off";
    sqlx::raw_sql(settings).execute(connection).await.map(drop)
}

/// Runs a step, and compares; how things are behind it.
async fn one(
    connection: &mut PgConnection,
    before: Ground,
    step: &Step,
    leg: Leg,
    seen: Seen,
    measured: &mut Measured,
) -> Result<Ground, ProofError> {
    for statement in &step.statements {
        let text = SqlText {
            path: &step.summary,
            text: statement,
        };
        let ran = run_sql(connection, text).await;
        ran.map_err(|source| ProofError::Fails {
            leg,
            source,
            script: step.statements.join(";\n"),
        })?;
    }
    let after = before.again(connection).await?;
    measured.steps += 1;
    let wrong = before.compare(&after, step, seen);
    measured.wrong.extend(wrong.into_iter().map(|why| Wrong {
        step: step.summary.clone(),
        statements: step.statements.clone(),
        why,
    }));
    Ok(after)
}
