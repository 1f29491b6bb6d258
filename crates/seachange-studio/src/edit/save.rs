//! Saving: all changes or none, and never over what somebody else wrote meanwhile.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::blame::blame;
use super::change::Change;
use super::statement::Written;
use crate::answer::Refusal;
use crate::data::{Database, Relation, RowAt, RowKey, Text, arguments, qualified, relation};

/// What came of it.
#[derive(Serialize)]
#[serde(rename_all = "lowercase", tag = "outcome")]
pub(super) enum Saved {
    Done {
        rows: usize,
    },
    /// A row is another by now; nothing was saved.
    Changed {
        message: String,
        /// Which of the changes.
        change: usize,
        /// As it is now; none where it was deleted.
        now: Option<Now>,
    },
    /// PostgreSQL refused one; nothing was saved.
    Failed {
        /// Which of the changes; none where only all of them together were wrong.
        change: Option<usize>,
        /// The columns that it is about.
        columns: Vec<String>,
        #[serde(flatten)]
        refusal: Refusal,
    },
}

/// A row as it is now.
#[derive(Serialize)]
pub(super) struct Now {
    at: RowAt,
    values: BTreeMap<String, Text>,
}

pub(super) async fn save(
    database: &Database,
    schema: &str,
    name: &str,
    changes: &[Change],
) -> Result<Saved, Refusal> {
    let mut writing = database.write().await?;
    let relation = relation(&mut writing, schema, name).await?;
    for (number, change) in changes.iter().enumerate() {
        let written = Written::of(&relation, change)?;
        let arguments = arguments(&written.values)?;
        let done = sqlx::query_with(AssertSqlSafe(written.sql), arguments)
            .persistent(false)
            .execute(&mut *writing)
            .await;
        match done {
            Ok(done) if done.rows_affected() == 1 => {}
            // A trigger may keep a row from being written.
            Ok(_) => {
                let Some(at) = at(change) else {
                    let message = "the row was not inserted: a trigger or a rule kept it";
                    return Ok(failed(Refusal::bad(message), Some(number), Vec::new()));
                };
                let now = now(&mut writing, &relation, at).await?;
                writing.rollback().await?;
                if now.as_ref().is_some_and(|now| now.at == *at) {
                    let message =
                        "the row was not changed: a trigger, a rule or a policy kept it as it is";
                    return Ok(failed(Refusal::bad(message), Some(number), Vec::new()));
                }
                return Ok(Saved::Changed {
                    message: match now {
                        Some(_) => {
                            "somebody changed this row meanwhile; nothing was saved".to_owned()
                        }
                        None => "somebody deleted this row meanwhile; nothing was saved".to_owned(),
                    },
                    change: number,
                    now,
                });
            }
            Err(error) => {
                let refusal = Refusal::from(error);
                writing.rollback().await?;
                let columns = blame(database, &relation, &refusal, change).await?;
                return Ok(failed(refusal, Some(number), columns));
            }
        }
    }
    // Deferred constraints speak up here.
    match writing.commit().await {
        Ok(()) => Ok(Saved::Done {
            rows: changes.len(),
        }),
        Err(error) => Ok(failed(Refusal::from(error), None, Vec::new())),
    }
}

fn failed(refusal: Refusal, change: Option<usize>, columns: Vec<String>) -> Saved {
    Saved::Failed {
        change,
        columns,
        refusal,
    }
}

fn at(change: &Change) -> Option<&RowAt> {
    match change {
        Change::Insert { .. } => None,
        Change::Update { at, .. } | Change::Delete { at } => Some(at),
    }
}

/// The row with that key, whatever its version. A row that only its place told apart is not to be found again.
async fn now(
    connection: &mut PgConnection,
    relation: &Relation,
    at: &RowAt,
) -> Result<Option<Now>, Refusal> {
    let mut values = Vec::new();
    let conditions = match &relation.key {
        RowKey::Columns(_) => relation.key.conditions(&at.key, &mut values),
        RowKey::Place | RowKey::None => None,
    };
    let Some(conditions) = conditions else {
        return Ok(None);
    };
    let columns: Vec<String> = (relation.columns.iter())
        .map(|column| format!("{}::text", column.name))
        .collect();
    let sql = format!(
        "SELECT xmin::text, ARRAY[{}]::text[] FROM {} WHERE {}",
        columns.join(", "),
        qualified(&relation.name),
        conditions.join(" AND ")
    );
    let found = sqlx::query_with(AssertSqlSafe(sql), arguments(&values)?)
        .persistent(false)
        .fetch_optional(connection)
        .await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let values: Vec<Text> = row.try_get(1)?;
    let names = relation
        .columns
        .iter()
        .map(|it| it.name.as_str().to_owned());
    Ok(Some(Now {
        at: RowAt {
            key: at.key.clone(),
            version: row.try_get(0)?,
        },
        values: names.zip(values).collect(),
    }))
}
