//! One file a table. An entity says columns, defaults and foreign keys in its attributes, and its
//! indexes as sea-query statements over its own columns in `indexes`.

pub mod applications;
pub mod audit_logs;
pub mod comments;
pub mod files;
pub mod programs;
pub mod reviews;
pub mod users;

use sea_orm::sea_query::{Index, IndexCreateStatement};
use sea_orm::{EntityTrait, IdenStatic};

/// An index named as PostgreSQL names one itself: `<table>_<column>…_idx`.
fn index<E: EntityTrait>(entity: E, columns: &[E::Column]) -> IndexCreateStatement {
    let mut name = entity.table_name().to_owned();
    let mut index = Index::create();
    for column in columns {
        name.push('_');
        name.push_str(column.as_str());
        index.col(*column);
    }
    index.name(name + "_idx").table(entity).take()
}
