//! The database as pages need it: sessions with limits, one relation's columns, key and neighbours, identifiers.

mod apart;
mod key;
mod list;
mod parameters;
mod relation;
mod session;

pub(crate) use apart::Apart;
pub(crate) use key::{RowAt, RowKey};
pub(crate) use list::{Listed, list};
pub(crate) use parameters::{arguments, equal};
pub(crate) use relation::{Column, Editor, ForeignKey, Kind, Relation, missing, relation};
pub(crate) use session::{Database, Text};

use seachange_schema::Name;

/// A name with its schema always before it: sessions here keep the role's own `search_path`.
pub(crate) fn qualified(name: &Name) -> String {
    format!("{}.{}", name.schema, name.name)
}
