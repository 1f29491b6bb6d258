//! What can be wrong with declarations, before and while they are built.

use crate::connection::{SqlError, SqlFailure};
use crate::error::{Help, database_help};

/// Why entities could not be recorded or built.
#[derive(Debug, thiserror::Error)]
pub enum EntitiesError {
    /// SeaORM could not build a statement of an entity.
    #[error("SeaORM could not tell its statements")]
    Record(#[source] sea_orm::DbErr),
    /// Two entities are of one table.
    #[error("two entities name the table `{table}`")]
    SameTable {
        /// The table's name.
        table: String,
    },
    /// One enum type is declared in two ways.
    #[error(
        "enum `{name}` has the labels {first_labels} in {first}, but {second_labels} in {second}"
    )]
    EnumDiffers {
        /// The type.
        name: String,
        /// Where it is declared first.
        first: String,
        /// Its labels there.
        first_labels: String,
        /// Where it is declared again.
        second: String,
        /// Its labels there.
        second_labels: String,
    },
    /// A file of SQL beside the entities can't be read.
    #[error("cannot read `{path}`")]
    Read {
        /// Of the file, as messages show it.
        path: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A statement that SeaORM wrote.
    #[error("{origin}: {}", .sql.summary())]
    Statement {
        /// Where it comes from: ``entity `users` ``.
        origin: String,
        /// What PostgreSQL said.
        sql: SqlError,
    },
    /// A statement of a file in `sql/`.
    #[error(transparent)]
    File(SqlError),
    /// The entities are built in one transaction, which could not be begun or ended.
    #[error("cannot begin or end the transaction that builds the entities")]
    Transaction(#[source] sqlx::Error),
}

impl EntitiesError {
    /// What PostgreSQL said, if it was PostgreSQL that refused.
    pub fn sql(&self) -> Option<&SqlFailure> {
        match self {
            Self::Statement { sql, .. } | Self::File(sql) => Some(sql),
            _ => None,
        }
    }
}

impl Help for EntitiesError {
    fn help(&self) -> Option<String> {
        let text = match self {
            Self::Record(_) => {
                "correct the entity that the schema builder can't read; its own words say which"
            }
            Self::Transaction(error) => return Some(database_help(error)),
            Self::SameTable { .. } => "give one of them another `table_name`, or remove it",
            Self::EnumDiffers { .. } => {
                "use one Rust enum in both entities, or give one of them another `enum_name`"
            }
            Self::Read { .. } => "check that it is a file in UTF-8 which this user may read",
            Self::Statement { sql, .. } => return statement_help(sql).or_else(|| sql.help()),
            Self::File(sql) => return sql.help(),
        };
        Some(text.to_owned())
    }
}

fn statement_help(sql: &SqlFailure) -> Option<String> {
    let text = match sql.sqlstate.as_deref()? {
        "42P01" => "is the entity that it refers to registered with the schema builder?",
        "42704" => {
            "create the type or extension in a file of sql/before, or correct the column's type"
        }
        "42P07" | "42710" => "two declarations have one name: rename one of them",
        "42830" => "a foreign key must refer to a primary key or to columns that are unique",
        "42703" => "the column is not one of the entity's: check the names in the declaration",
        _ => return None,
    };
    Some(text.to_owned())
}
