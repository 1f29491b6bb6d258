//! `seaql_migrations`, SeaORM's record of what is applied: made, read and written as SeaORM does it.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Alias, IntoIden as _};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Schema, Statement};
use sea_orm_migration::seaql_migrations;
use seachange_schema::name::Ident;
use sqlx::{AssertSqlSafe, PgConnection};

use super::error::RunnerError;
use super::event::Direction;

/// One applied migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) version: String,
    /// To the second.
    pub(super) applied_at: DateTime<Utc>,
}

/// Whether a table is there, in the schema that the session looks into.
pub(super) async fn exists(
    connection: &mut PgConnection,
    table: &str,
) -> Result<bool, RunnerError> {
    sqlx::query_scalar("SELECT to_regclass(quote_ident($1)) IS NOT NULL")
        .bind(table)
        .fetch_one(connection)
        .await
        .map_err(RunnerError::books("looking for the record of migrations"))
}

/// What is applied; nothing when the table is not there yet.
pub(super) async fn read(
    connection: &mut PgConnection,
    table: &str,
) -> Result<Vec<Record>, RunnerError> {
    if !exists(connection, table).await? {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT version::text, applied_at FROM {} ORDER BY version",
        Ident::from(table)
    );
    let rows: Vec<(String, i64)> = sqlx::query_as(AssertSqlSafe(sql))
        .fetch_all(connection)
        .await
        .map_err(RunnerError::books("reading the record of migrations"))?;
    Ok(rows
        .into_iter()
        .map(|(version, seconds)| Record {
            version,
            applied_at: DateTime::from_timestamp(seconds, 0).unwrap_or_default(),
        })
        .collect())
}

/// Makes the table, from SeaORM's own entity. Only when it is missing: `IF NOT EXISTS` asks for the
/// right to create tables even where it creates none.
pub(super) async fn install(connection: &mut PgConnection, table: &str) -> Result<(), RunnerError> {
    if exists(connection, table).await? {
        return Ok(());
    }
    let backend = DbBackend::Postgres;
    let mut create = Schema::new(backend).create_table_from_entity(seaql_migrations::Entity);
    create.table(Alias::new(table).into_iden()).if_not_exists();
    let sql = backend.build(&create).to_string();
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .map_err(RunnerError::books("creating the record of migrations"))?;
    Ok(())
}

/// Writes down that a migration is applied, or no longer.
pub(super) async fn write(
    connection: &impl ConnectionTrait,
    table: &str,
    version: &str,
    direction: Direction,
) -> Result<(), DbErr> {
    let done = connection
        .execute_raw(Statement::from_sql_and_values(
            DbBackend::Postgres,
            sql(table, direction),
            [version.into()],
        ))
        .await?;
    match (direction, done.rows_affected()) {
        (Direction::Down, 0) => Err(DbErr::RecordNotUpdated),
        _ => Ok(()),
    }
}

/// The statement that does so; the version is its first parameter.
pub(super) fn sql(table: &str, direction: Direction) -> String {
    let table = Ident::from(table);
    match direction {
        Direction::Up => format!(
            "INSERT INTO {table} (version, applied_at) \
             VALUES ($1, floor(extract(epoch FROM clock_timestamp()))::bigint)"
        ),
        Direction::Down => format!("DELETE FROM {table} WHERE version = $1"),
    }
}
