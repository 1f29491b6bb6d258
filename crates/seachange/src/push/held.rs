//! Rows of a live database that hold an enum's label which is about to be removed.

use seachange_schema::change::Changes;
use seachange_schema::plan::{RemovedLabel, removed_labels};
use sqlx::{AssertSqlSafe, PgConnection};

/// A column whose rows stand in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// `user_role.coordinator`.
    pub label: String,
    /// `users.role`.
    pub column: String,
    /// How many rows hold the label.
    pub rows: i64,
    /// What such rows could hold instead.
    pub kept: Vec<String>,
}

pub(super) async fn count(
    connection: &mut PgConnection,
    changes: &Changes,
) -> Result<Vec<Held>, sqlx::Error> {
    let mut held = Vec::new();
    for removed in removed_labels(changes) {
        let RemovedLabel {
            of,
            label,
            column,
            count,
            kept,
        } = removed;
        let rows: i64 = sqlx::query_scalar(AssertSqlSafe(count))
            .fetch_one(&mut *connection)
            .await?;
        if rows > 0 {
            held.push(Held {
                label: format!("{}.{label}", of.plain()),
                column,
                rows,
                kept,
            });
        }
    }
    Ok(held)
}
