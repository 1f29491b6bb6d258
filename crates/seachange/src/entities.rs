//! SeaORM entities, and the SQL that stands beside them, as the statements that create what they
//! declare: types, tables, indexes, foreign keys, in this order, whatever order they were linked in.
//!
//! SeaORM would run its statements one entity after another with the foreign keys inline, which
//! neither cycles nor an enum that comes after its user survive; so they are recorded and sorted.

mod build;
mod enums;
mod error;
mod files;
mod recorded;
mod recorder;
mod tables;

use std::path::PathBuf;

use sea_orm::sea_query::IndexCreateStatement;
use sea_orm::{DbBackend, SchemaBuilder};

pub use error::EntitiesError;
pub use recorded::{Piece, Recorded, Renamed};
pub(crate) use recorder::Seen;

/// What a workspace declares: its page of xtask fills this in.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The entities, registered for PostgreSQL.
    pub builder: fn() -> SchemaBuilder,
    /// Indexes that attributes can't say, over the entities' own columns.
    pub indexes: fn() -> Vec<IndexCreateStatement>,
    /// The folder with `before/*.sql` and `after/*.sql`; either may be missing.
    pub sql: PathBuf,
    /// Partitioned tables, as `audit_logs` or `log.events`, whose partitions something else makes and
    /// drops (pg_partman, a scheduled job): those that nobody declared are no difference.
    pub partitions_made_elsewhere: &'static [&'static str],
}

impl Declared {
    /// Whether another process makes the partitions of that table.
    pub fn makes_no_partitions_of(&self, table: &seachange_schema::Name) -> bool {
        let plain = table.plain();
        (self.partitions_made_elsewhere.iter()).any(|name| *name == plain)
    }

    /// What these entities declare, with no index, no SQL beside them.
    pub fn of(builder: fn() -> SchemaBuilder) -> Self {
        Self {
            builder,
            ..Self::nothing()
        }
    }

    /// No entity and no SQL.
    pub fn nothing() -> Self {
        Self {
            builder: || sea_orm::Schema::new(DbBackend::Postgres).builder(),
            indexes: Vec::new,
            sql: PathBuf::new(),
            partitions_made_elsewhere: &[],
        }
    }
}

/// Records everything that is declared. No database is met.
pub fn record(declared: &Declared) -> Result<Recorded, EntitiesError> {
    let seen = recorder::statements_of((declared.builder)())?;
    let mut recorded = assembled(seen, (declared.indexes)())?;
    recorded.before = files::in_folder(&declared.sql.join("before"))?;
    recorded.after = files::in_folder(&declared.sql.join("after"))?;
    Ok(recorded)
}

/// What SeaORM's statements come to, without the files around them.
pub(crate) fn assembled(
    seen: Vec<Seen>,
    indexes: Vec<IndexCreateStatement>,
) -> Result<Recorded, EntitiesError> {
    let mut recorded = Recorded::default();
    let enums = enums::collect(&seen)?;
    tables::translate(seen, indexes, &enums, &mut recorded);
    recorded.types = enums.into_pieces();
    Ok(recorded)
}
