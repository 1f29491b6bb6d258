//! Running migrations in a scratch database, recorded as SeaORM records them.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::error::SourceError;
use crate::connection::{SqlText, run_sql, run_statement, shown, statements};
use crate::migrations::{Kind, Migration};
use crate::scratch::ScratchDatabase;

/// Runs migrations that are written in Rust, which nothing in this crate has linked.
#[async_trait::async_trait]
pub trait RunRust: Send + Sync {
    /// Applies what is pending in the database of that URL, up to and with that version.
    async fn up_to(
        &self,
        url: &str,
        version: &str,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>>;
}

/// Applies `migrations` in a database where those before them are applied.
#[tracing::instrument(name = "replay", skip_all, fields(migrations = migrations.len()))]
pub(super) async fn replay(
    database: &ScratchDatabase,
    migrations: &[Migration],
    rust: Option<&dyn RunRust>,
) -> Result<(), SourceError> {
    let mut connection = database.connect().await?;
    for (index, migration) in migrations.iter().enumerate() {
        match migration.kind {
            Kind::Sql => run(&mut connection, migration).await?,
            Kind::Rust => {
                // The binary applies all that is pending, so of several in a row the last is asked for.
                let next = migrations.get(index + 1);
                if next.is_none_or(|next| next.kind == Kind::Sql) {
                    run_rust(&mut connection, database.url(), migration, rust).await?;
                }
            }
        }
    }
    connection.close().await.ok();
    Ok(())
}

async fn run(connection: &mut PgConnection, migration: &Migration) -> Result<(), SourceError> {
    let no_up = || SourceError::NoUp {
        version: migration.version.clone(),
    };
    let path = shown(migration.up.as_deref().ok_or_else(no_up)?);
    let sql = SqlText {
        path: &path,
        text: migration.up_sql.as_deref().ok_or_else(no_up)?,
    };
    let failed = |source| SourceError::Replay {
        version: migration.version.clone(),
        source,
    };
    if !migration.transaction {
        for statement in statements(sql.text) {
            run_statement(connection, sql, &statement).await?;
        }
        return record(connection, migration).await.map_err(failed);
    }
    let mut transaction = connection.begin().await.map_err(failed)?;
    run_sql(&mut transaction, sql).await?;
    record(&mut transaction, migration).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)
}

/// Takes the migration down as SeaORM does, since a migration in Rust behind it is run by SeaORM.
/// Each migration begins with the same search_path, whatever one before it set.
async fn record(connection: &mut PgConnection, migration: &Migration) -> Result<(), sqlx::Error> {
    let insert = format!(
        "SET search_path = public; \
         CREATE TABLE IF NOT EXISTS public.seaql_migrations \
         (version varchar NOT NULL PRIMARY KEY, applied_at bigint NOT NULL); \
         INSERT INTO public.seaql_migrations \
         VALUES ({}, extract(epoch FROM now())::bigint)",
        seachange_schema::name::literal(&migration.version)
    );
    sqlx::raw_sql(AssertSqlSafe(insert))
        .execute(connection)
        .await?;
    Ok(())
}

async fn run_rust(
    connection: &mut PgConnection,
    url: &str,
    migration: &Migration,
    rust: Option<&dyn RunRust>,
) -> Result<(), SourceError> {
    let version = migration.version.clone();
    let Some(rust) = rust else {
        return Err(SourceError::NothingRunsRust { version });
    };
    if let Err(source) = rust.up_to(url, &version).await {
        return Err(SourceError::Rust { version, source });
    }
    let recorded = sqlx::query_scalar(
        "SELECT to_regclass('public.seaql_migrations') IS NOT NULL \
         AND EXISTS (SELECT FROM public.seaql_migrations WHERE version = $1)",
    )
    .bind(&version)
    .fetch_one(connection)
    .await;
    match recorded {
        Ok(true) => Ok(()),
        Ok(false) => Err(SourceError::NotRecorded { version }),
        Err(source) => Err(SourceError::Replay { version, source }),
    }
}
