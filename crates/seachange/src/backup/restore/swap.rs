//! One database in another's place: both renames in one transaction.

use std::time::{Duration, Instant};

use seachange_schema::Ident;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::fresh::{Fresh, drop_database};
use super::{Others, maintenance_url};
use crate::backup::error::BackupError;
use crate::backup::look::Session;
use crate::connection::{database_of, open};

/// `object_in_use`: PostgreSQL has waited for the sessions for five seconds, and some are left.
const IN_USE: &str = "55006";
/// Applications connect again; for how often they are ended before it is given up.
const TRIES: u32 = 5;
/// How long a session that has ended may still be seen.
const MOMENT: Duration = Duration::from_secs(1);

/// Who is connected to the database of a URL, itself left out.
pub async fn sessions(url: &str) -> Result<Vec<Session>, BackupError> {
    let database = database_of(url)?;
    let mut maintenance = open(&maintenance_url(url, &database)?, "restore").await?;
    let sessions = settled_sessions(&mut maintenance, &database).await;
    // It was only to look.
    let _ = maintenance.close().await;
    sessions
}

/// Those who stay: a session that was closed just now is still seen for a moment.
async fn settled_sessions(
    maintenance: &mut PgConnection,
    database: &str,
) -> Result<Vec<Session>, BackupError> {
    let begun = Instant::now();
    loop {
        let sessions = sessions_of(maintenance, database).await?;
        if sessions.is_empty() || begun.elapsed() > MOMENT {
            return Ok(sessions);
        }
        tokio::time::sleep(MOMENT / 10).await;
    }
}

async fn sessions_of(
    maintenance: &mut PgConnection,
    database: &str,
) -> Result<Vec<Session>, BackupError> {
    let rows: Vec<(i32, String, String)> = sqlx::query_as(
        "SELECT pid, coalesce(usename::text, ''), coalesce(application_name, '') FROM pg_stat_activity \
         WHERE datname = $1 AND pid <> pg_backend_pid() AND coalesce(backend_type, '') NOT LIKE 'autovacuum%' \
         ORDER BY pid",
    )
    .bind(database)
    .fetch_all(maintenance)
    .await
    .map_err(BackupError::asking("asking who is connected"))?;
    Ok(rows
        .into_iter()
        .map(|(pid, user, application_name)| Session {
            pid,
            user,
            application_name,
        })
        .collect())
}

pub(super) async fn exists(
    maintenance: &mut PgConnection,
    database: &str,
) -> Result<bool, BackupError> {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(database)
        .fetch_one(maintenance)
        .await
        .map_err(BackupError::asking("looking for the database"))
}

/// Sessions that would be in the way at the end are told before anything is begun.
pub(super) async fn in_the_way(
    maintenance: &mut PgConnection,
    database: &str,
    others: Others,
) -> Result<(), BackupError> {
    if others == Others::End {
        return Ok(());
    }
    let sessions = settled_sessions(maintenance, database).await?;
    match sessions.is_empty() {
        true => Ok(()),
        false => Err(BackupError::Sessions {
            database: database.to_owned(),
            sessions,
        }),
    }
}

/// Gives the fresh database the name, and drops the one that had it.
pub(super) async fn swap(
    maintenance: &mut PgConnection,
    database: &str,
    fresh: &Fresh,
    others: Others,
) -> Result<(), BackupError> {
    if !exists(maintenance, database).await? {
        return fresh.take_name(maintenance, database).await;
    }
    let aside = fresh.aside();
    let (old, new) = (Ident::new(database), Ident::new(&fresh.name));
    let renames = format!(
        "BEGIN; ALTER DATABASE {old} RENAME TO {}; ALTER DATABASE {new} RENAME TO {old}; COMMIT",
        Ident::new(&aside)
    );
    let mut tried = 0;
    loop {
        tried += 1;
        if others == Others::End {
            end_sessions(maintenance, database).await?;
        }
        let done = sqlx::raw_sql(AssertSqlSafe(renames.as_str()))
            .execute(&mut *maintenance)
            .await;
        let Err(error) = done else {
            break;
        };
        sqlx::raw_sql("ROLLBACK")
            .execute(&mut *maintenance)
            .await
            .map_err(BackupError::asking("rolling back"))?;
        let code = error.as_database_error().and_then(|error| error.code());
        let in_use = code.is_some_and(|code| code == IN_USE);
        if in_use && others == Others::End && tried < TRIES {
            continue;
        }
        let sessions = sessions_of(maintenance, database).await?;
        return Err(match in_use && !sessions.is_empty() {
            true => BackupError::Sessions {
                database: database.to_owned(),
                sessions,
            },
            false => BackupError::asking("giving the new database its name")(error),
        });
    }
    if let Err(error) = drop_database(maintenance, &aside).await {
        // The new one is in its place; the next restore tries again.
        tracing::warn!(%error, database = aside, "the database that was replaced can't be dropped");
    }
    Ok(())
}

async fn end_sessions(maintenance: &mut PgConnection, database: &str) -> Result<(), BackupError> {
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
    )
    .bind(database)
    .execute(maintenance)
    .await
    .map_err(BackupError::asking("ending the sessions"))?;
    Ok(())
}
