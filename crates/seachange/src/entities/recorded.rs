//! The statements of everything that is declared, in the order in which they run.

use seachange_schema::{Ident, Name};

use crate::connection::SqlFile;

/// Everything that is declared, as SQL. It runs in the order of the fields.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// `sql/before/*.sql`.
    pub before: Vec<SqlFile>,
    /// Schemas that entities name.
    pub schemas: Vec<Piece>,
    /// Enumerations, each once.
    pub types: Vec<Piece>,
    /// Without their foreign keys.
    pub tables: Vec<Piece>,
    /// Of all tables.
    pub indexes: Vec<Piece>,
    /// Run once every table is there.
    pub foreign_keys: Vec<Piece>,
    /// COMMENT ON, which SeaORM does not send to PostgreSQL.
    pub comments: Vec<Piece>,
    /// `sql/after/*.sql`.
    pub after: Vec<SqlFile>,
    /// Not SQL: what the entities say about names of before.
    pub renamed_from: Vec<Renamed>,
}

/// One statement and where it comes from, as errors name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Such as ``entity `users` ``.
    pub origin: String,
    /// One statement.
    pub sql: String,
}

/// An entity's word that something had another name before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Renamed {
    /// A table had another name.
    Table {
        /// As it is called now.
        table: Name,
        /// The name before.
        from: Ident,
    },
    /// A column had another name.
    Column {
        /// Whose column it is.
        table: Name,
        /// As it is called now.
        column: Ident,
        /// The name before.
        from: Ident,
    },
}

impl Recorded {
    /// What SeaORM declared, in order; the SQL files around it are not among it.
    pub fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.schemas
            .iter()
            .chain(&self.types)
            .chain(&self.tables)
            .chain(&self.indexes)
            .chain(&self.foreign_keys)
            .chain(&self.comments)
    }

    /// Everything that runs, as one stable text: the same text makes the same schema, and nothing
    /// else is in it (no path, nothing about former names).
    pub fn text(&self) -> String {
        let mut text = String::new();
        let parts = self
            .before
            .iter()
            .map(|file| &file.text)
            .chain(self.pieces().map(|piece| &piece.sql))
            .chain(self.after.iter().map(|file| &file.text));
        for part in parts {
            text.push_str(part);
            text.push_str("\n;\n");
        }
        text
    }
}
