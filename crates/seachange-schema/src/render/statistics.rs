//! Extended statistics, and what a table says about one of its indexes.

use super::comment;
use super::{Alteration, Work};
use crate::model::{Object, ObjectId, Statistics, TableMark};
use crate::name::{Ident, Name};

/// They need no naming when all are wanted (PostgreSQL manual, CREATE STATISTICS).
const EVERY_KIND: usize = 3;

pub(super) fn create(name: &Name, statistics: &Statistics) -> Work {
    let Statistics {
        table,
        kinds,
        columns,
        expressions,
        target,
        comment: _,
    } = statistics;
    let mut sql = format!("CREATE STATISTICS {name}");
    if !(kinds.is_empty() || kinds.len() == EVERY_KIND) {
        sql.push_str(&format!(" ({})", kinds.join(", ")));
    }
    let of: Vec<String> = (columns.iter().map(Ident::to_string))
        .chain(
            expressions
                .iter()
                .map(|expression| format!("({expression})")),
        )
        .collect();
    sql.push_str(&format!(" ON {} FROM {table}", of.join(", ")));
    let mut work = Work::of(sql);
    if let Some(target) = target {
        work.add(format!("ALTER STATISTICS {name} SET STATISTICS {target}"));
    }
    work
}

pub(super) fn alter(name: &Name, previous: &Statistics, next: &Statistics) -> Alteration {
    let Statistics {
        table,
        kinds,
        columns,
        expressions,
        target,
        comment: text,
    } = previous;
    if *table != next.table
        || *kinds != next.kinds
        || *columns != next.columns
        || *expressions != next.expressions
    {
        return Alteration::Recreate;
    }
    let mut work = Work::default();
    if *target != next.target {
        let target = next.target.unwrap_or(-1);
        work.add(format!("ALTER STATISTICS {name} SET STATISTICS {target}"));
    }
    work.statements.extend(comment::changed(
        &ObjectId::Statistics { name: name.clone() },
        &Object::Statistics(next.clone()),
        text.as_deref(),
        next.comment.as_deref(),
    ));
    Alteration::InPlace(work)
}

/// Sets a table's mark.
pub(super) fn mark(table: &Name, mark: &TableMark) -> String {
    let what = match mark {
        TableMark::ReplicaFull => "REPLICA IDENTITY FULL".to_owned(),
        TableMark::ReplicaNothing => "REPLICA IDENTITY NOTHING".to_owned(),
        TableMark::ReplicaIndex(index) => format!("REPLICA IDENTITY USING INDEX {index}"),
        TableMark::Clustered(index) => format!("CLUSTER ON {index}"),
    };
    format!("ALTER TABLE {table} {what}")
}

/// Takes a table's mark away.
pub(super) fn unmark(table: &Name, mark: &TableMark) -> String {
    let what = match mark {
        TableMark::ReplicaFull | TableMark::ReplicaNothing | TableMark::ReplicaIndex(_) => {
            "REPLICA IDENTITY DEFAULT"
        }
        TableMark::Clustered(_) => "SET WITHOUT CLUSTER",
    };
    format!("ALTER TABLE {table} {what}")
}
