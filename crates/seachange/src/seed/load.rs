//! The loading: one connection, one transaction, COPY table by table. PostgreSQL checks every key and
//! constraint as it goes; what fails or is interrupted leaves nothing.

use std::sync::Arc;

use seachange_schema::{Ident, Schema};
use sqlx::postgres::PgCopyIn;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::check;
use super::error::SeedError;
use super::order::order;
use super::plan::Plan;
use super::produce::{Part, Pieces};
use super::table::Planned;
use super::truncate;
use crate::catalog;
use crate::filling::{Numbering, numberings};

/// What becomes of rows that are there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Any in a planned table is an error.
    Refuse,
    /// The planned tables are emptied, in the same transaction.
    Truncate,
}

/// How far the loading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The table's name.
    pub table: &'a str,
    /// Rows so far, or in all once it is done.
    pub rows: u64,
    /// How many rows the plan has for the table.
    pub of: u64,
}

/// A table that was loaded.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Loaded {
    /// The table's name.
    pub table: String,
    /// Rows so far, or in all once it is done.
    pub rows: u64,
}

impl Plan {
    /// Whether the database has what the plan fills, and whether it may: nothing is changed. The tables in
    /// the order in which they would be loaded.
    pub async fn check(
        &self,
        connection: &mut PgConnection,
        existing: Existing,
    ) -> Result<Vec<Loaded>, SeedError> {
        let schema = catalog::read(connection).await?;
        let tables = self.borrowed();
        check::columns(&tables, &schema)?;
        let order = order(&tables, &schema)?;
        if existing == Existing::Refuse {
            vacant(connection, &tables).await?;
        }
        Ok(order.iter().map(|place| loaded(tables[*place])).collect())
    }

    /// Loads everything, or nothing. The connection has no transaction open; `progress` hears of every few
    /// hundred rows.
    #[tracing::instrument(name = "load", skip_all)]
    pub async fn load(
        &self,
        connection: &mut PgConnection,
        existing: Existing,
        progress: &mut (dyn FnMut(Progress<'_>) + Send),
    ) -> Result<Vec<Loaded>, SeedError> {
        let schema = catalog::read(connection).await?;
        let tables = self.borrowed();
        let columns = check::columns(&tables, &schema)?;
        let order = order(&tables, &schema)?;
        let mut transaction = connection
            .begin()
            .await
            .map_err(SeedError::sql("begin the transaction"))?;
        match existing {
            Existing::Refuse => vacant(&mut transaction, &tables).await?,
            Existing::Truncate => {
                truncate::truncate(&mut transaction, &tables, &schema).await?;
            }
        }
        for &place in &order {
            let part = Part::Rows(columns[place].clone());
            copy(&mut transaction, &self.tables[place], &part, progress).await?;
        }
        for &place in &order {
            for later in 0..tables[place].later().len() {
                second_pass(&mut transaction, &self.tables[place], later, progress).await?;
            }
        }
        finish(&mut transaction, &tables, &schema).await?;
        transaction
            .commit()
            .await
            .map_err(SeedError::sql("commit"))?;
        Ok(order.iter().map(|place| loaded(tables[*place])).collect())
    }

    fn borrowed(&self) -> Vec<&dyn Planned> {
        self.tables.iter().map(Arc::as_ref).collect()
    }
}

fn loaded(table: &dyn Planned) -> Loaded {
    Loaded {
        table: table.name().plain(),
        rows: table.rows(),
    }
}

async fn vacant(connection: &mut PgConnection, tables: &[&dyn Planned]) -> Result<(), SeedError> {
    match truncate::occupied(connection, tables).await? {
        Some(table) => Err(SeedError::Occupied { table }),
        None => Ok(()),
    }
}

async fn copy(
    connection: &mut PgConnection,
    table: &Arc<dyn Planned>,
    part: &Part,
    progress: &mut (dyn FnMut(Progress<'_>) + Send),
) -> Result<(), SeedError> {
    let target = match part {
        Part::Rows(columns) => format!("{}{}", table.name(), list(table.as_ref(), columns)),
        Part::Later(_) => LATER.to_owned(),
    };
    let name = table.name().plain();
    let failed = |source| SeedError::Copy {
        table: name.clone(),
        source,
    };
    let mut copy = connection
        .copy_in_raw(&format!("COPY {target} FROM STDIN"))
        .await
        .map_err(failed)?;
    match send(&mut copy, table, part, progress).await {
        Ok(()) => copy.finish().await.map(drop).map_err(failed),
        Err(error) => {
            // The server answers with what it thinks of the rows so far, which is no news.
            copy.abort("the rows could not be made").await.ok();
            Err(error)
        }
    }
}

async fn send(
    copy: &mut PgCopyIn<&mut PgConnection>,
    table: &Arc<dyn Planned>,
    part: &Part,
    progress: &mut (dyn FnMut(Progress<'_>) + Send),
) -> Result<(), SeedError> {
    let name = table.name().plain();
    let mut pieces = Pieces::of(table, part);
    let mut rows = 0;
    while let Some(piece) = pieces.next().await {
        let piece = piece?;
        copy.send(piece.text.as_bytes())
            .await
            .map_err(|source| SeedError::Copy {
                table: name.clone(),
                source,
            })?;
        rows += piece.rows;
        progress(Progress {
            table: &name,
            rows,
            of: table.rows(),
        });
    }
    Ok(())
}

const LATER: &str = "pg_temp.seachange_later";

/// Fills a column by way of a temporary table of keys and values.
async fn second_pass(
    connection: &mut PgConnection,
    table: &Arc<dyn Planned>,
    later: usize,
    progress: &mut (dyn FnMut(Progress<'_>) + Send),
) -> Result<(), SeedError> {
    let name = table.name();
    let column = quoted(table.columns()[table.later()[later].column]);
    let keys: Vec<String> = table
        .primary_key()
        .iter()
        .map(|key| quoted(table.columns()[*key]))
        .collect();
    let begin = format!(
        "CREATE TEMPORARY TABLE seachange_later ON COMMIT DROP AS \
         SELECT {}, {column} FROM {name} WITH NO DATA",
        keys.join(", ")
    );
    run(connection, begin, "make room for a second pass").await?;
    copy(connection, table, &Part::Later(later), progress).await?;
    let same: Vec<String> = keys
        .iter()
        .map(|key| format!("target.{key} = later.{key}"))
        .collect();
    let update = format!(
        "UPDATE {name} AS target SET {column} = later.{column} FROM {LATER} AS later WHERE {}; \
         DROP TABLE {LATER}",
        same.join(" AND ")
    );
    run(connection, update, "fill a column in a second pass").await
}

/// Sequences stand past the keys that were loaded, and the planner knows the tables.
async fn finish(
    connection: &mut PgConnection,
    tables: &[&dyn Planned],
    schema: &Schema,
) -> Result<(), SeedError> {
    let loaded = |of: &Numbering| tables.iter().any(|table| of.is_of(table.name()));
    for numbering in numberings(schema).into_iter().filter(loaded) {
        run(connection, numbering.past(), "set the sequences").await?;
    }
    for table in tables {
        let analyze = format!("ANALYZE {}", table.name());
        run(connection, analyze, "count the rows for the planner").await?;
    }
    Ok(())
}

async fn run(
    connection: &mut PgConnection,
    sql: String,
    doing: &'static str,
) -> Result<(), SeedError> {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .map_err(SeedError::sql(doing))?;
    Ok(())
}

fn list(table: &dyn Planned, columns: &[usize]) -> String {
    let names: Vec<String> = columns
        .iter()
        .map(|column| quoted(table.columns()[*column]))
        .collect();
    format!(" ({})", names.join(", "))
}

fn quoted(column: &str) -> String {
    Ident::new(column).to_string()
}
