//! What is asked of a database before it is dumped or restored.

use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::{Connection as _, PgConnection};

use super::error::BackupError;
use crate::connection::{database_of, open, server_of, system_identifier};

/// What a database holds, apart from the system's own and what belongs to extensions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Plain and partitioned tables.
    pub tables: i64,
    /// Views, sequences, routines, types and schemas besides.
    pub others: i64,
}

/// Somebody who is connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Session {
    /// Process id of its backend.
    pub pid: i32,
    /// The role that it connected as.
    pub user: String,
    /// What it calls itself.
    pub application_name: String,
}

/// What a backup wants to know.
pub(super) struct Facts {
    /// As `server_version_num`.
    pub(super) version: u32,
    pub(super) database: String,
    /// Eight digits that stand for the cluster.
    pub(super) server: String,
    pub(super) contents: Contents,
    /// The last version in SeaORM's record.
    pub(super) applied: Option<String>,
}

impl Contents {
    /// Whether nothing would be lost with it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.tables, self.others) {
            (0, 1) => f.write_str("1 object"),
            (0, others) => write!(f, "{others} objects"),
            (1, _) => f.write_str("1 table"),
            (tables, _) => write!(f, "{tables} tables"),
        }
    }
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "process {} `{}` of role `{}`",
            self.pid, self.application_name, self.user
        )
    }
}

const CONTENTS: &str = "
WITH own AS (
    SELECT oid, nspname FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_namespace'::regclass
                      AND d.objid = pg_namespace.oid AND d.deptype = 'e')
), found (kind, classid, objid) AS (
    SELECT CASE WHEN relkind IN ('r', 'p') THEN 'table' ELSE 'other' END, 'pg_class'::regclass, c.oid
    FROM pg_class c JOIN own ON own.oid = relnamespace WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
    UNION ALL
    SELECT 'other', 'pg_proc'::regclass, p.oid FROM pg_proc p JOIN own ON own.oid = pronamespace
    UNION ALL
    SELECT 'other', 'pg_type'::regclass, t.oid FROM pg_type t JOIN own ON own.oid = typnamespace
    WHERE typtype IN ('d', 'e') OR typtype = 'c' AND EXISTS (
        SELECT FROM pg_class WHERE pg_class.oid = typrelid AND relkind = 'c')
    UNION ALL
    SELECT 'other', 'pg_namespace'::regclass, own.oid FROM own WHERE nspname <> 'public'
)
SELECT count(*) FILTER (WHERE kind = 'table'), count(*) FILTER (WHERE kind = 'other') FROM found
WHERE NOT EXISTS (SELECT FROM pg_depend d
    WHERE d.classid = found.classid AND d.objid = found.objid AND d.deptype = 'e')";

/// What the database of a URL holds.
pub async fn contents(url: &str) -> Result<Contents, BackupError> {
    let mut connection = open(url, "backup").await?;
    let contents = contents_of(&mut connection).await;
    // It was only to look.
    let _ = connection.close().await;
    contents
}

async fn contents_of(connection: &mut PgConnection) -> Result<Contents, BackupError> {
    let (tables, others) = sqlx::query_as(CONTENTS)
        .fetch_one(connection)
        .await
        .map_err(BackupError::asking("looking what the database holds"))?;
    Ok(Contents { tables, others })
}

pub(super) async fn facts(url: &str) -> Result<Facts, BackupError> {
    let mut connection = open(url, "backup").await?;
    let facts = facts_of(&mut connection, url).await;
    // It was only to look.
    let _ = connection.close().await;
    facts
}

async fn facts_of(connection: &mut PgConnection, url: &str) -> Result<Facts, BackupError> {
    let asking = "asking the server about itself";
    let identifier = system_identifier(connection)
        .await
        .map_err(BackupError::asking(asking))?;
    let digest = Sha256::digest(identifier.unwrap_or_else(|| server_of(url)).as_bytes());
    let server = digest[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let (version, readable): (i32, bool) = sqlx::query_as(
        "SELECT current_setting('server_version_num')::int, \
                coalesce(has_table_privilege(to_regclass('public.seaql_migrations'), 'SELECT'), false)",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(BackupError::asking(asking))?;
    let applied = match readable {
        true => sqlx::query_scalar("SELECT max(version)::text FROM public.seaql_migrations")
            .fetch_one(&mut *connection)
            .await
            .map_err(BackupError::asking("reading the record of migrations"))?,
        false => None,
    };
    Ok(Facts {
        version: version.unsigned_abs(),
        database: database_of(url)?,
        server,
        contents: contents_of(connection).await?,
        applied,
    })
}
