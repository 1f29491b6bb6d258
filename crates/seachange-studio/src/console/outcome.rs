//! What one statement gave, as the page gets it.

use std::collections::BTreeMap;
use std::time::Duration;

use seachange::connection::Statement;
use serde::Serialize;
use sqlx::postgres::{PgColumn, PgRow, types::Oid};
use sqlx::{Column as _, PgConnection, Row as _};

use crate::data::Text;

/// The characters of a value that are shown.
const VALUE: usize = 10_000;
/// The bytes of all values of a run.
const BYTES: usize = 16 << 20;

/// How much more is shown.
pub(super) struct Room {
    rows: usize,
    bytes: usize,
}

/// Columns and rows as they came.
#[derive(Default)]
pub(super) struct Given {
    pub(super) columns: Vec<(String, Option<Oid>)>,
    pub(super) rows: Vec<Vec<Text>>,
    /// Rows that came and are not shown, or are known to be there.
    pub(super) more: bool,
    /// All rows that came, or were written.
    pub(super) counted: Option<u64>,
}

/// One statement's result.
#[derive(Serialize)]
pub(super) struct Outcome {
    sql: String,
    columns: Vec<Head>,
    rows: Vec<Vec<Text>>,
    more: bool,
    counted: Option<u64>,
    milliseconds: u128,
}

#[derive(Serialize)]
struct Head {
    name: String,
    #[serde(rename = "type")]
    kind: String,
}

impl Room {
    pub(super) fn new(rows: usize) -> Self {
        Self { rows, bytes: BYTES }
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }
}

impl Given {
    /// Takes a row in while there is room.
    pub(super) fn take(&mut self, row: &PgRow, room: &mut Room) -> Result<(), sqlx::Error> {
        if self.columns.is_empty() {
            self.columns = row.columns().iter().map(head).collect();
        }
        if self.rows.len() >= room.rows || room.bytes == 0 {
            self.more = true;
            return Ok(());
        }
        let mut values = Vec::with_capacity(row.len());
        for at in 0..row.len() {
            let value = row.try_get_raw(at)?;
            let text: Text = match sqlx::ValueRef::is_null(&value) {
                true => None,
                false => Some(cut(value.as_str().map_err(sqlx::Error::Decode)?)),
            };
            room.bytes = room
                .bytes
                .saturating_sub(text.as_ref().map_or(4, String::len));
            values.push(text);
        }
        self.rows.push(values);
        Ok(())
    }
}

pub(super) fn head(column: &PgColumn) -> (String, Option<Oid>) {
    (column.name().to_owned(), column.type_info().oid())
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(VALUE) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// What the types are called; nothing where the transaction has failed, in which nothing can be asked any more.
pub(super) async fn type_names(
    connection: &mut PgConnection,
    given: &Given,
) -> BTreeMap<u32, String> {
    let mut wanted: Vec<i64> = (given.columns.iter())
        .filter_map(|(_, oid)| oid.map(|oid| i64::from(oid.0)))
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return BTreeMap::new();
    }
    let asked = sqlx::query_as::<_, (i64, String)>(
        "SELECT oid::bigint, pg_catalog.format_type(oid, NULL) FROM pg_catalog.pg_type WHERE oid::bigint = ANY ($1)",
    )
    .bind(wanted)
    .fetch_all(connection)
    .await;
    match asked {
        Ok(names) => names
            .into_iter()
            .filter_map(|(oid, name)| Some((u32::try_from(oid).ok()?, name)))
            .collect(),
        Err(error) => {
            tracing::debug!(%error, "types were not named");
            BTreeMap::new()
        }
    }
}

impl Outcome {
    pub(super) fn new(
        statement: &Statement<'_>,
        given: Given,
        types: BTreeMap<u32, String>,
        took: Duration,
    ) -> Self {
        let columns = given
            .columns
            .into_iter()
            .map(|(name, oid)| Head {
                name,
                kind: oid
                    .and_then(|oid| types.get(&oid.0).cloned())
                    .unwrap_or_default(),
            })
            .collect();
        Self {
            sql: statement.text.to_owned(),
            columns,
            rows: given.rows,
            more: given.more,
            counted: given.counted,
            milliseconds: took.as_millis(),
        }
    }
}
