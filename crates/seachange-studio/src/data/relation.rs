//! One table or view: its columns with what edits them, its key, and the foreign keys of both directions, read in one query.

use axum::http::StatusCode;
use seachange_schema::{Ident, Name};
use serde::Deserialize;
use sqlx::PgConnection;

use super::RowKey;
use crate::answer::Refusal;

/// A table or view.
#[derive(Clone, Debug)]
pub(crate) struct Relation {
    pub(crate) name: Name,
    pub(crate) kind: Kind,
    pub(crate) comment: Option<String>,
    /// As of the last ANALYZE or VACUUM.
    pub(crate) rows: Option<i64>,
    pub(crate) columns: Vec<Column>,
    pub(crate) key: RowKey,
    /// The foreign keys of this table.
    pub(crate) references: Vec<ForeignKey>,
    /// Those of others, and of itself, that point here.
    pub(crate) referenced: Vec<ForeignKey>,
}

/// `pg_class.relkind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Kind {
    #[serde(rename = "r")]
    Table,
    #[serde(rename = "p")]
    Partitioned,
    #[serde(rename = "v")]
    View,
    #[serde(rename = "m")]
    MaterializedView,
    #[serde(rename = "f")]
    Foreign,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Column {
    pub(crate) name: Ident,
    /// `format_type`, as a cast takes it.
    pub(crate) type_name: String,
    /// Without the schema, for people.
    pub(crate) type_shown: String,
    pub(crate) editor: Editor,
    pub(crate) required: bool,
    /// `pg_get_expr` of the default; that of a generated column is its expression.
    pub(crate) default: Option<String>,
    /// GENERATED ALWAYS, as an expression or an identity: it is not written to.
    pub(crate) generated: bool,
    /// Whether rows can be sorted by it: its type has an order.
    pub(crate) ordered: bool,
    /// Whether an index begins with it, so that sorting by it is quick.
    pub(crate) indexed: bool,
    /// Of an enum, in their order.
    pub(crate) labels: Option<Vec<String>>,
    pub(crate) comment: Option<String>,
}

/// What a value is edited with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Editor {
    Text,
    Number,
    Boolean,
    Date,
    Time,
    Timestamp,
    Json,
    Bytes,
    Enum,
    Array,
    Uuid,
    Other,
}

/// One foreign key, as seen from either end.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct ForeignKey {
    pub(crate) name: String,
    /// The columns of the relation that was asked for.
    pub(crate) own: Vec<String>,
    pub(crate) schema: String,
    pub(crate) table: String,
    /// The columns at the other end.
    pub(crate) theirs: Vec<String>,
}

#[derive(Deserialize)]
struct Read {
    kind: Kind,
    comment: Option<String>,
    rows: Option<i64>,
    columns: Vec<Column>,
    key: Option<Vec<Ident>>,
    references: Vec<ForeignKey>,
    referenced: Vec<ForeignKey>,
}

const RELATION: &str = include_str!("relation.sql");

/// Reads one; it is missing as well where this role may not see into its schema.
pub(crate) async fn relation(
    connection: &mut PgConnection,
    schema: &str,
    name: &str,
) -> Result<Relation, Refusal> {
    let text: Option<String> = sqlx::query_scalar(RELATION)
        .bind(schema)
        .bind(name)
        .fetch_optional(connection)
        .await?;
    let text = text.ok_or_else(|| missing(schema, name))?;
    let read: Read =
        serde_json::from_str(&text).map_err(|error| sqlx::Error::Decode(error.into()))?;
    let named = |name: Ident| read.columns.iter().find(|it| it.name == name).cloned();
    let key = match read.key {
        Some(names) => RowKey::Columns(names.into_iter().filter_map(named).collect()),
        None if matches!(
            read.kind,
            Kind::Table | Kind::Partitioned | Kind::MaterializedView
        ) =>
        {
            RowKey::Place
        }
        None => RowKey::None,
    };
    Ok(Relation {
        name: Name::new(schema, name),
        kind: read.kind,
        comment: read.comment,
        rows: read.rows,
        columns: read.columns,
        key,
        references: read.references,
        referenced: read.referenced,
    })
}

pub(crate) fn missing(schema: &str, name: &str) -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        format!("there is no table or view `{schema}.{name}`"),
    )
    .help("look at the list of tables: it may have been renamed or dropped")
}

impl Relation {
    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|it| it.name.as_str() == name)
    }

    /// Whether rows of it can be changed at all.
    pub(crate) fn is_writable(&self) -> bool {
        matches!(self.kind, Kind::Table | Kind::Partitioned)
    }
}

impl Column {
    /// The characters that it holds at most: those of `character varying(10)`.
    pub(crate) fn longest(&self) -> Option<usize> {
        let (name, rest) = self.type_shown.split_once('(')?;
        match name {
            "character varying" | "character" => rest.strip_suffix(')')?.parse().ok(),
            _ => None,
        }
    }
}

impl Kind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Partitioned => "partitioned table",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Foreign => "foreign table",
        }
    }
}
