//! A database with nothing in it, in place of the one that was there.

use seachange::connection::{self, ConnectError, with_database};
use seachange::runner::WIPE;
use seachange_schema::Ident;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::failure::Failure;
use crate::target::Target;

/// From where other databases are dropped and created.
const MAINTENANCE: &str = "postgres";

/// What was there before.
pub(in crate::command) struct Found {
    exists: bool,
    /// Those of the tools count: they say what is applied.
    pub(in crate::command) tables: i64,
}

pub(in crate::command) async fn look(target: &Target) -> Result<Found, Failure> {
    let mut connection = match connection::open(&target.url, "reset").await {
        Ok(connection) => connection,
        Err(error) if error.sqlstate() == Some("3D000") => {
            return Ok(Found {
                exists: false,
                tables: 0,
            });
        }
        Err(error) => return Err(error.into()),
    };
    let tables = sqlx::query_scalar(
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('r', 'p', 'f', 'm') \
           AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'",
    )
    .fetch_one(&mut connection)
    .await
    .map_err(|error| failed("look into", target, &error))?;
    // It was only to look.
    let _ = connection.close().await;
    Ok(Found {
        exists: true,
        tables,
    })
}

/// Drops and creates the database; where this role may not, or where it is the one that this is done
/// from, empties it.
pub(in crate::command) async fn make(target: &Target, found: &Found) -> Result<(), Failure> {
    if target.name == MAINTENANCE {
        return clear(target).await;
    }
    match recreate(target, found).await {
        Ok(()) => Ok(()),
        Err(refused) if found.exists && refused.is_for_want_of_rights() => {
            tracing::debug!(%refused, "the database is emptied instead of dropped");
            clear(target).await
        }
        Err(NotMade::Connect(error)) => Err(error.into()),
        Err(NotMade::Sql(error)) => Err(failed("drop and create", target, &error)),
    }
}

#[derive(Debug, thiserror::Error)]
enum NotMade {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
}

impl NotMade {
    fn is_for_want_of_rights(&self) -> bool {
        match self {
            // Whatever keeps us out there does not keep us out of the target.
            Self::Connect(_) => true,
            // insufficient_privilege
            Self::Sql(error) => error
                .as_database_error()
                .and_then(|error| error.code())
                .is_some_and(|code| code == "42501"),
        }
    }
}

async fn recreate(target: &Target, found: &Found) -> Result<(), NotMade> {
    let url = with_database(&target.url, MAINTENANCE)?;
    let mut connection = connection::open(&url, "reset").await?;
    let (owner, may): (Option<String>, bool) = sqlx::query_as(
        "SELECT (SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = $1), \
                rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user",
    )
    .bind(&target.name)
    .fetch_one(&mut connection)
    .await?;
    if !may {
        // Refused by PostgreSQL now, before the database is gone and can't be made again.
        let create = format!("CREATE DATABASE {}", Ident::new(&target.name));
        execute(&mut connection, create).await?;
        return Ok(());
    }
    let name = Ident::new(&target.name);
    if found.exists {
        execute(
            &mut connection,
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        )
        .await?;
    }
    let owner = owner.map(|owner| format!(" OWNER {}", Ident::new(owner)));
    execute(
        &mut connection,
        format!("CREATE DATABASE {name}{}", owner.unwrap_or_default()),
    )
    .await?;
    // What it was opened for is done.
    let _ = connection.close().await;
    Ok(())
}

/// Everything in it dropped, or nothing.
async fn clear(target: &Target) -> Result<(), Failure> {
    let mut connection = connection::open(&target.url, "reset").await?;
    execute(&mut connection, WIPE.to_owned())
        .await
        .map_err(|error| failed("empty", target, &error))?;
    // What it was opened for is done.
    let _ = connection.close().await;
    Ok(())
}

async fn execute(connection: &mut PgConnection, sql: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await?;
    Ok(())
}

fn failed(what: &str, target: &Target, error: &sqlx::Error) -> Failure {
    Failure::new(format!("cannot {what} database `{}`", target.name))
        .help("connect as its owner or as a role with CREATEDB, and end the sessions that use it")
        .because(error)
}
