//! Enumerations: each once, also those that occur only as the elements of arrays, for which
//! SeaORM creates no type.

use std::collections::BTreeMap;

use sea_orm::sea_query::extension::postgres::{Type, TypeCreateStatement};
use sea_orm::sea_query::{ColumnType, PostgresQueryBuilder};
use seachange_schema::Ident;

use super::error::EntitiesError;
use super::recorded::Piece;
use super::recorder::Seen;
use super::tables::name_of;

/// Every enum by its name.
#[derive(Default)]
pub(super) struct Enums {
    by_name: BTreeMap<String, Enum>,
}

struct Enum {
    sql: String,
    /// The entity that used it first.
    user: String,
}

/// SeaORM creates an entity's enums before its table, so that a type belongs to the next table.
pub(super) fn collect(seen: &[Seen]) -> Result<Enums, EntitiesError> {
    let mut used = Vec::new();
    let mut waiting = Vec::new();
    for one in seen {
        match one {
            Seen::Type(create) => waiting.push(create.clone()),
            Seen::Table(create) => {
                let table = name_of(create.get_table_name());
                let elements = create
                    .get_columns()
                    .iter()
                    .filter_map(|column| element_type(column.get_column_type()?));
                let types: Vec<_> = waiting.drain(..).chain(elements).collect();
                used.push((table, types));
            }
            Seen::Index(_) => {}
        }
    }
    // SeaORM's order differs from run to run; what an error says should not.
    used.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut enums = Enums::default();
    for (table, types) in used {
        let user = format!("entity `{}`", table.plain());
        for create in types {
            enums.add(&create, &user)?;
        }
    }
    Ok(enums)
}

impl Enums {
    fn add(&mut self, create: &TypeCreateStatement, user: &str) -> Result<(), EntitiesError> {
        let sql = create.to_string(PostgresQueryBuilder);
        let (name, labels) = name_and_labels(&sql);
        match self.by_name.get(&name) {
            Some(known) if known.sql == sql => Ok(()),
            Some(known) => Err(EntitiesError::EnumDiffers {
                first: known.user.clone(),
                first_labels: name_and_labels(&known.sql).1.to_owned(),
                second: user.to_owned(),
                second_labels: labels.to_owned(),
                name,
            }),
            None => {
                let user = user.to_owned();
                self.by_name.insert(name, Enum { sql, user });
                Ok(())
            }
        }
    }

    /// How a column's type has to be written, where it is one of these enums: SeaORM creates them
    /// with their name quoted but writes it unquoted in columns, which folds it to lower case.
    pub(super) fn spelling(&self, column: &ColumnType) -> Option<String> {
        match column {
            ColumnType::Custom(name) => self.quoted(&name.to_string()),
            ColumnType::Enum { name, .. } => self.quoted(&name.to_string()),
            ColumnType::Array(element) => self.spelling(element).map(|name| name + "[]"),
            _ => None,
        }
    }

    fn quoted(&self, name: &str) -> Option<String> {
        self.by_name
            .contains_key(name)
            .then(|| Ident::new(name).to_string())
    }

    pub(super) fn into_pieces(self) -> Vec<Piece> {
        let pieces = self.by_name.into_iter().map(|(name, one)| Piece {
            origin: format!("enum `{name}` of {}", one.user),
            sql: one.sql,
        });
        pieces.collect()
    }
}

/// The enum inside an array, however deep.
fn element_type(column: &ColumnType) -> Option<TypeCreateStatement> {
    let ColumnType::Array(element) = column else {
        return None;
    };
    match &**element {
        ColumnType::Enum { name, variants } => Some(
            Type::create()
                .as_enum(name.clone())
                .values(variants.clone())
                .to_owned(),
        ),
        nested => element_type(nested),
    }
}

/// The statement keeps both to itself, so they are read from its text:
/// `CREATE TYPE "name" AS ENUM ('a', 'b')`.
fn name_and_labels(sql: &str) -> (String, &str) {
    let rest = sql.strip_prefix("CREATE TYPE \"").unwrap_or(sql);
    let (name, labels) = rest.split_once("\" AS ENUM ").unwrap_or((rest, ""));
    (name.replace("\"\"", "\""), labels)
}
