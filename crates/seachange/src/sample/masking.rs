//! What is declared of columns: which of them are safe, and which are masked otherwise than their type
//! has it. What is not declared is masked.

use std::collections::BTreeMap;
use std::fmt;

use sea_orm::{ColumnTrait, EntityName};
use seachange_schema::name::DEFAULT_SCHEMA;
use seachange_schema::{Ident, Name};

/// A column and its table. Every column of a SeaORM entity is one; [`ColumnName::new`] names those of
/// tables without an entity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ColumnName {
    /// Its table, with the schema.
    pub table: Name,
    /// Its own name.
    pub column: Ident,
}

impl ColumnName {
    /// Names a column of a table that has no entity.
    pub fn new(
        schema: impl Into<String>,
        table: impl Into<String>,
        column: impl Into<String>,
    ) -> Self {
        Self::of(Name::new(schema, table), &Ident::new(column))
    }

    pub(super) fn of(table: Name, column: &Ident) -> Self {
        Self {
            table,
            column: column.clone(),
        }
    }
}

impl<C: ColumnTrait> From<C> for ColumnName {
    fn from(column: C) -> Self {
        let entity = C::EntityName::default();
        let schema = entity.schema_name().unwrap_or(DEFAULT_SCHEMA);
        Self::new(schema, entity.table_name(), column.as_str())
    }
}

/// As people write it: `users.email`.
impl fmt::Display for ColumnName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.table.plain(), self.column.as_str())
    }
}

/// How a column's values are replaced, where its type's own way ([`Masking`]) is not the one wanted.
/// NULL always stays NULL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mask {
    /// Text: a digest whatever the text looks like.
    Text,
    /// Text: an address at `example.invalid`, also where it doesn't look like one.
    Email,
    /// Text: a number of the country code 999, which is nobody's. Too short to be surely unique.
    Phone,
    /// Text: two speakable words, which are nobody's name. Too short to be surely unique.
    Person,
    /// Text: letters and digits are replaced by others of their kind, everything else stays. Unique
    /// stays unique exactly, however short the column is; a value that has other than ASCII is refused.
    Code,
    /// Integers: others of that range, both ends included. A value outside it is refused.
    Between(i64, i64),
    /// JSON: as usual, and every key of an object as well.
    JsonKeys,
    /// Nothing at all.
    Null,
    /// The same value in every row, as PostgreSQL reads it.
    Fixed(String),
}

/// What is known of a database's columns.
///
/// A column that is not declared here is masked by its type, with a hash of the value under the
/// run's key: the same value becomes the same one in every column of that type, so foreign keys and joins
/// hold, and two values never become one.
///
/// | type | becomes |
/// |---|---|
/// | text, `varchar`, `char`, `citext` | 20 characters of a digest, fewer where there is less room. What looks like an e-mail address, a URL, a UUID, a date or a timestamp becomes another one of those. Empty stays empty |
/// | `smallint`, `integer`, `bigint` | another one of the same sign and size class: a permutation of the numbers below 2^14, 2^30, 2^52, and of those above |
/// | `numeric`, `real`, `double precision` | sign, magnitude and number of significant digits stay, the digits change |
/// | `uuid` | another one, of version 4 |
/// | `date`, `timestamp` | moved back by one number of days for the whole run, 100 to 1,099: order and distance stay |
/// | `time` | another time of day |
/// | `boolean`, enums | a permutation of the labels |
/// | `json`, `jsonb` | every string as text, every number as `numeric`; structure stays, and so do keys that read as names of fields: ASCII letters, digits, `_`, `-`, `.`, at most 40, with at most four digits |
/// | `bytea` | as many other bytes |
/// | arrays, domains | as their elements, or as what they are a domain over |
/// | anything else | is refused until it is declared |
///
/// What these can't hide. A permutation of two or five labels is guessed by counting; so is a number of few
/// digits, and whoever knows one date knows how far all are moved, to the second for timestamps. A small
/// domain has no values to spare: what a number of three digits becomes may be what another one was. Lengths of lists, what is NULL and which
/// rows belong together stay by design. Where that says too much, declare [`Mask::Null`] or [`Mask::Fixed`].
///
/// A column that refers to another one by a foreign key is masked as that one is, and needs no declaration.
#[derive(Clone, Debug, Default)]
pub struct Masking {
    declared: BTreeMap<ColumnName, Declared>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Declared {
    Safe,
    Masked(Mask),
}

impl Masking {
    /// Nothing is safe.
    pub fn new() -> Self {
        Self::default()
    }

    /// This column is copied as it is.
    #[must_use]
    pub fn safe(mut self, column: impl Into<ColumnName>) -> Self {
        self.declared.insert(column.into(), Declared::Safe);
        self
    }

    /// This column is masked in that way.
    #[must_use]
    pub fn with(mut self, column: impl Into<ColumnName>, mask: Mask) -> Self {
        self.declared.insert(column.into(), Declared::Masked(mask));
        self
    }

    pub(super) fn declared(&self) -> impl Iterator<Item = (&ColumnName, &Declared)> {
        self.declared.iter()
    }
}

impl Declared {
    /// As a refusal calls it.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Safe => "safe".to_owned(),
            Self::Masked(mask) => format!("`Mask::{mask:?}`"),
        }
    }
}
