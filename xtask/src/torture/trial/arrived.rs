//! Where a database has arrived: its schema from the catalog, its rows, and what the runner keeps there.

use std::time::{Duration, Instant};

use seachange::catalog;
use seachange_schema::Schema;

use crate::torture::error::TortureError;
use crate::torture::server::TortureServer;

/// What has to be equal.
const ROWS: &[(&str, &str)] = &[
    (
        "the rows of `items`",
        "SELECT count(*) || ' rows, ' || md5(string_agg(items::text, ',' ORDER BY id)) FROM items",
    ),
    (
        "the rows of `notes`",
        "SELECT count(*) || ' rows, ' || md5(string_agg(notes::text, ',' ORDER BY id)) FROM notes",
    ),
    (
        "the rows of `owners`",
        "SELECT count(*) || ' rows, ' || md5(string_agg(owners::text, ',' ORDER BY id)) FROM owners",
    ),
    (
        "the statements that took effect",
        "SELECT string_agg(n::text, ' ' ORDER BY n) FROM effects",
    ),
    (
        "how often the backfills went over a row",
        "SELECT (SELECT min(touched) || ' to ' || max(touched) FROM items) || ', ' || (SELECT min(counted) || ' to ' || max(counted) FROM notes)",
    ),
    (
        "`seaql_migrations`",
        "SELECT string_agg(version, ' ' ORDER BY version) FROM seaql_migrations",
    ),
    (
        "the migrations that `seachange_history` has as done, in its order",
        "SELECT string_agg(version, ' ' ORDER BY id) FROM seachange_history WHERE outcome = 'done'",
    ),
    (
        "the partial order of `applied_at`",
        "SELECT array_agg(version ORDER BY applied_at, version) = array_agg(version ORDER BY version) FROM seaql_migrations",
    ),
];

/// What there has to be none of, with how to count it.
const NONE: &[(&str, &str)] = &[
    (
        "invalid indexes",
        "SELECT count(*) FROM pg_index WHERE NOT indisvalid OR NOT indisready",
    ),
    (
        "lines of `seachange_journal`",
        "SELECT count(*) FROM seachange_journal",
    ),
    (
        "constraints that are not validated",
        "SELECT count(*) FROM pg_constraint WHERE NOT convalidated",
    ),
];

const SESSIONS: &str = "\
SELECT string_agg(pid || ' ' || application_name || ' ' || coalesce(state, '') || ' ' || left(query, 60), '; ') \
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
AND backend_type = 'client backend'";

/// How long a session may take to go after its process has ended well.
const LEAVING: Duration = Duration::from_secs(5);

pub(in crate::torture) struct Arrived {
    schema: Schema,
    rows: Vec<String>,
    none: Vec<String>,
    sessions: Option<String>,
}

impl Arrived {
    pub(super) async fn at(server: &TortureServer, database: &str) -> Result<Self, TortureError> {
        let mut connection = server.connect(database).await?;
        let begun = Instant::now();
        let sessions = loop {
            let left: Option<String> = sqlx::query_scalar(SESSIONS)
                .fetch_one(&mut connection)
                .await
                .map_err(TortureError::sql(SESSIONS))?;
            if left.is_none() || begun.elapsed() > LEAVING {
                break left;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        let mut arrived = Self {
            schema: catalog::read(&mut connection).await?,
            rows: Vec::new(),
            none: Vec::new(),
            sessions,
        };
        for (_, sql) in ROWS {
            arrived.rows.push(ask(&mut connection, sql).await);
        }
        for (_, sql) in NONE {
            arrived.none.push(ask(&mut connection, sql).await);
        }
        Ok(arrived)
    }

    /// What would be wrong in any database.
    pub(super) fn wrong_by_itself(&self) -> Vec<String> {
        let counted = NONE.iter().zip(&self.none);
        let mut wrong: Vec<String> = counted
            .filter(|(_, count)| *count != "0")
            .map(|((what, _), count)| format!("{count} {what}"))
            .collect();
        if let Some(sessions) = &self.sessions {
            wrong.push(format!("sessions that are left: {sessions}"));
        }
        wrong
    }

    pub(super) fn differs_from(&self, other: &Self) -> Vec<String> {
        let rows = ROWS.iter().zip(self.rows.iter().zip(&other.rows));
        let mut wrong: Vec<String> = rows
            .filter(|(_, (ours, theirs))| ours != theirs)
            .map(|((what, _), (ours, theirs))| format!("{what}: {ours}, not {theirs}"))
            .collect();
        if self.schema != other.schema {
            let only = seachange::proof::difference(&self.schema, &other.schema);
            wrong.push(format!("the schema: {}", only.join("; ")));
        }
        wrong
    }
}

/// A table that is missing is a difference, and not the end.
async fn ask(connection: &mut sqlx::PgConnection, sql: &'static str) -> String {
    let text = format!("SELECT ({sql})::text");
    let answer: Result<Option<String>, sqlx::Error> = sqlx::query_scalar(sqlx::AssertSqlSafe(text))
        .fetch_one(connection)
        .await;
    match answer {
        Ok(value) => value.unwrap_or_default(),
        Err(error) => error.to_string(),
    }
}
