//! A file's fields as texts in a table of the session, where PostgreSQL itself reads them: what it takes for NULL, for a
//! quote, for a line is what COPY does.

use serde::Deserialize;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use crate::answer::Refusal;
use crate::data::{Column, Relation};

pub(super) const TABLE: &str = "pg_temp.seachange_import";
/// More fields than any table has columns.
const FIELDS: usize = 1600;

/// A file, and where its fields go.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    /// The file's text; its first line is the header.
    pub(super) csv: String,
    delimiter: char,
    /// The column for each field of a line; none for one that is left out.
    columns: Vec<Option<String>>,
}

/// A field that goes into a column.
pub(super) struct Chosen<'a> {
    pub(super) field: String,
    pub(super) column: &'a Column,
}

impl Given {
    pub(super) fn delimiter(&self) -> Result<u8, Refusal> {
        match self.delimiter {
            ',' | ';' | '\t' | '|' => Ok(self.delimiter as u8),
            other => Err(Refusal::bad(format!("`{other}` does not part fields here"))),
        }
    }
}

/// Loads all lines behind the header; the transaction's end takes them away.
pub(super) async fn load<'a>(
    connection: &mut PgConnection,
    relation: &'a Relation,
    given: &Given,
) -> Result<Vec<Chosen<'a>>, Refusal> {
    let chosen = chosen(relation, given)?;
    let fields: Vec<String> = (1..=given.columns.len())
        .map(|at| format!("f{at}"))
        .collect();
    let delimiter = match given.delimiter()? {
        b'\t' => "E'\\t'".to_owned(),
        other => format!("'{}'", char::from(other)),
    };
    let create = format!(
        "SET LOCAL statement_timeout = '10min'; \
         CREATE TEMPORARY TABLE seachange_import (line bigint GENERATED ALWAYS AS IDENTITY, {} text) ON COMMIT DROP",
        fields.join(" text, ")
    );
    connection
        .execute(sqlx::raw_sql(AssertSqlSafe(create)))
        .await?;
    let copy = format!(
        "COPY {TABLE} ({}) FROM STDIN WITH (FORMAT csv, HEADER, DELIMITER {delimiter})",
        fields.join(", ")
    );
    let mut into = connection.copy_in_raw(&copy).await?;
    let mut rest = given.csv.as_bytes();
    while !rest.is_empty() {
        let (now, later) = rest.split_at(rest.len().min(1 << 20));
        into.send(now).await?;
        rest = later;
    }
    into.finish().await?;
    Ok(chosen)
}

fn chosen<'a>(relation: &'a Relation, given: &Given) -> Result<Vec<Chosen<'a>>, Refusal> {
    if given.columns.is_empty() || given.columns.len() > FIELDS {
        return Err(Refusal::bad(
            "a line has no field, or more than any table has columns",
        ));
    }
    let mut chosen: Vec<Chosen<'a>> = Vec::new();
    for (at, name) in given.columns.iter().enumerate() {
        let Some(name) = name else { continue };
        let column = relation
            .column(name)
            .filter(|it| !it.generated)
            .ok_or_else(|| {
                Refusal::bad(format!(
                    "`{}` has no column `{name}` that is written to",
                    relation.name.plain()
                ))
            })?;
        if chosen.iter().any(|it| it.column == column) {
            return Err(Refusal::bad(format!("two fields go into `{name}`")));
        }
        chosen.push(Chosen {
            field: format!("f{}", at + 1),
            column,
        });
    }
    match chosen.is_empty() {
        true => Err(Refusal::bad("no field goes into a column")),
        false => Ok(chosen),
    }
}
