//! Two branches of migrations from one parent: whether their order matters, told by applying both
//! orders in scratch databases; and the proof of one that was put behind the other.

use std::path::PathBuf;
use std::sync::Arc;

use seachange_schema::Schema;
use sqlx::PgConnection;

use crate::catalog;
use crate::connection::{SqlError, SqlText, run_script, run_statement, shown, statements};
use crate::draft::DraftError;
use crate::migrations::{Folder, Fork, Kind, Migration, Unseen, in_transaction};
use crate::proof;
use crate::source::{Road, SourceError};

/// Whether the order of two branches matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Commute {
    /// Both orders apply, and lead to one schema. What was done to rows besides is not in it.
    Yes {
        /// What each does to rows.
        unseen: Vec<Unseen>,
    },
    /// Both orders apply, and this is not the same then.
    Differs {
        /// A line for each object that differs.
        difference: Vec<String>,
    },
    /// `second` can't be applied once `first` is.
    Fails {
        /// The branch that goes first.
        first: Vec<String>,
        /// The one that fails then.
        second: Vec<String>,
        /// What PostgreSQL said.
        error: String,
    },
    /// It can't be told.
    Unknown {
        /// What is in the way of trying it.
        why: String,
    },
}

/// Tells it for the first two branches of a fork.
pub async fn commute(road: &Road, folder: &Folder, fork: &Fork) -> Commute {
    let [one, other] = [0, 1].map(|at| fork.branches.get(at).cloned().unwrap_or_default());
    let unseen = folder.unseen(one.iter().chain(&other));
    if let Some(rust) = unseen.iter().find(|it| it.statements.is_empty()) {
        return Commute::Unknown {
            why: format!("{rust}, and runs in the order of `lib.rs` alone"),
        };
    }
    let mut schemas = Vec::new();
    for (first, second) in [(&one, &other), (&other, &one)] {
        // Each has to work on the trunk by itself, or there is nothing to be said about their order.
        if let Err(error) = schema(road, folder, &[&fork.trunk, first]).await {
            return Commute::Unknown {
                why: in_one_line(&error),
            };
        }
        match schema(road, folder, &[&fork.trunk, first, second]).await {
            Ok(schema) => schemas.push(schema),
            Err(error) => {
                return Commute::Fails {
                    first: first.clone(),
                    second: second.clone(),
                    error: in_one_line(&error),
                };
            }
        }
    }
    let difference = proof::difference(&schemas[1], &schemas[0]);
    match difference.is_empty() {
        true => Commute::Yes { unseen },
        false => Commute::Differs { difference },
    }
}

async fn schema(
    road: &Road,
    folder: &Folder,
    parts: &[&Vec<String>],
) -> Result<Arc<Schema>, SourceError> {
    let versions = parts.iter().flat_map(|part| part.iter());
    let migrations = versions.filter_map(|version| folder.migration(version).cloned());
    road.schema_of(migrations.collect()).await
}

fn in_one_line(error: &SourceError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        let more = next.to_string();
        if !text.contains(&more) {
            text.push_str(&format!(": {more}"));
        }
        cause = next.source();
    }
    text
}

/// What the proof of moved migrations came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proven {
    /// Up, down and up again.
    Circle,
    /// Up alone: what is written in Rust is not taken back in a scratch database.
    Up,
    /// Up; the way back leads elsewhere or fails.
    NoWayBack {
        /// Why, as a fragment.
        why: String,
    },
}

/// Proves that `moved` can follow `before`, and whether it leads back.
pub async fn prove(
    road: &Road,
    before: &[Migration],
    moved: &[Migration],
) -> Result<Proven, DraftError> {
    let all = [before, moved].concat();
    let next = road.schema_of(all.clone()).await?;
    if moved.iter().any(|one| one.kind == Kind::Rust) {
        return Ok(Proven::Up);
    }
    let previous = road.schema_of(before.to_vec()).await?;
    let database = road.database_of(all).await?;
    let mut connection = database.connect().await?;
    let back = async {
        for one in moved.iter().rev() {
            if let Err(error) = run(&mut connection, &one.down, &one.down_sql).await {
                return Ok(Some(error.to_string()));
            }
        }
        let arrived = catalog::read(&mut connection).await?;
        let mut difference = proof::difference(&arrived, &previous);
        if difference.is_empty() {
            for one in moved {
                if let Err(error) = run(&mut connection, &one.up, &one.up_sql).await {
                    return Ok(Some(error.to_string()));
                }
            }
            difference = proof::difference(&catalog::read(&mut connection).await?, &next);
        }
        Ok::<_, DraftError>((!difference.is_empty()).then(|| difference.join("; ")))
    };
    let back = back.await;
    drop(connection);
    database.drop().await?;
    Ok(match back? {
        None => Proven::Circle,
        Some(why) => Proven::NoWayBack { why },
    })
}

/// Runs one way of a migration, as the runner would: in a transaction, or statement by statement.
async fn run(
    connection: &mut PgConnection,
    path: &Option<PathBuf>,
    text: &Option<String>,
) -> Result<(), SqlError> {
    let path = path.as_deref().map(shown).unwrap_or_default();
    let text = text.as_deref().unwrap_or_default();
    let sql = SqlText { path: &path, text };
    if in_transaction(text) {
        return run_script(connection, sql).await;
    }
    for statement in statements(text) {
        run_statement(connection, sql, &statement).await?;
    }
    Ok(())
}
