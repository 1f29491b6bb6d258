//! What an entity's file declares, as a value: its Rust text and SeaORM's statements both come from it.

use sea_orm::sea_query::{ColumnType, ForeignKeyAction};
use seachange_schema::{Ident, Name};

/// Everything that is written in Rust.
#[derive(Clone, Debug, Default)]
pub(super) struct Entities {
    pub(super) entities: Vec<Entity>,
    pub(super) enums: Vec<Enum>,
}

/// One table's file.
#[derive(Clone, Debug)]
pub(super) struct Entity {
    pub(super) table: Name,
    /// Of the file, and of the Rust module.
    pub(super) module: String,
    pub(super) comment: Option<String>,
    pub(super) fields: Vec<Field>,
    pub(super) belongs_to: Vec<BelongsTo>,
    pub(super) has: Vec<Has>,
    /// Those that no attribute says.
    pub(super) indexes: Vec<Index>,
}

/// One column.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) column: Ident,
    /// In snake case; a keyword is written raw.
    pub(super) name: String,
    /// Of the `Column` enum, as SeaORM makes it of the name.
    pub(super) variant: String,
    pub(super) kind: Kind,
    pub(super) null: bool,
    pub(super) primary_key: bool,
    pub(super) auto_increment: bool,
    pub(super) unique: bool,
    pub(super) indexed: bool,
    pub(super) unique_key: Option<String>,
    pub(super) default: Option<Literal>,
    pub(super) extra: Option<String>,
    pub(super) comment: Option<String>,
}

/// A column's type on both sides.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kind {
    /// Without `Option`.
    pub(super) rust: String,
    /// `column_type`, where the Rust type doesn't say it.
    pub(super) attribute: Option<String>,
    pub(super) sql: ColumnType,
    /// What a value is read as and written as, where PostgreSQL's driver knows no such type.
    pub(super) cast: Option<Cast>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cast {
    pub(super) read: String,
    pub(super) write: String,
}

/// A default: a value, or an SQL expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    Bool(bool),
    Integer(i32),
    Text(String),
    Expression(String),
}

/// A foreign key of this table.
#[derive(Clone, Debug)]
pub(super) struct BelongsTo {
    pub(super) field: String,
    /// The module of the other entity; none for this one itself.
    pub(super) module: Option<String>,
    pub(super) target: Name,
    pub(super) from: Vec<Ident>,
    pub(super) to: Vec<Ident>,
    pub(super) from_fields: Vec<String>,
    pub(super) to_fields: Vec<String>,
    pub(super) on_delete: Option<ForeignKeyAction>,
    pub(super) on_update: Option<ForeignKeyAction>,
    pub(super) null: bool,
    /// The relation alone: the foreign key is more than an entity can say.
    pub(super) skip_fk: bool,
    /// Where the entity that it leads to does not name it alone.
    pub(super) variant: Option<String>,
    /// Of a self reference: what the way back is called.
    pub(super) reverse: Option<String>,
}

/// The way back of another table's foreign key.
#[derive(Clone, Debug)]
pub(super) struct Has {
    pub(super) field: String,
    /// None for this entity itself.
    pub(super) module: Option<String>,
    pub(super) how: How,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum How {
    One,
    Many,
    /// Its own variant, and that of the foreign key's side.
    Named {
        variant: String,
        reverse: String,
    },
    /// Through the entity of that module.
    Via(String),
}

/// An index over columns.
#[derive(Clone, Debug)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) unique: bool,
    pub(super) columns: Vec<Ident>,
    /// As the `Column` enum has them.
    pub(super) variants: Vec<String>,
}

/// An enumerated type.
#[derive(Clone, Debug)]
pub(super) struct Enum {
    pub(super) name: Ident,
    pub(super) rust: String,
    /// Variant and label.
    pub(super) labels: Vec<(String, String)>,
}
