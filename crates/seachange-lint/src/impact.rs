//! Which lock a deed takes on which tables that were there before (PostgreSQL manual, 13.3.1 and ALTER TABLE).

use seachange_schema::Name;

use crate::deed::{ConstraintKind, Kind, NewColumn, NewConstraint, Target, What};
use crate::finding::Lock;
use crate::state::State;

/// The locks on older tables, strongest first where there are several.
pub(crate) fn lock_of(what: &What, state: &State<'_>) -> Vec<(Name, Lock)> {
    let mut locks = all(what, state);
    locks.retain(|(table, _)| state.is_old(table));
    locks
}

fn all(what: &What, state: &State<'_>) -> Vec<(Name, Lock)> {
    let on = |table: &Name, lock| vec![(table.clone(), lock)];
    match what {
        What::AddColumn { table, column } => {
            let mut locks = on(table, Lock::AccessExclusive);
            locks.extend(referenced(column));
            locks
        }
        What::CreateTable(table) => {
            let mut locks = Vec::new();
            if let Some(parent) = &table.partition_of {
                locks.push((parent.clone(), Lock::AccessExclusive));
            }
            locks.extend(table.columns.iter().flat_map(referenced));
            locks.extend(table.constraints.iter().filter_map(points_at));
            locks
        }
        What::AddConstraint { table, constraint } => match constraint.kind {
            ConstraintKind::ForeignKey => {
                let mut locks = on(table, Lock::ShareRowExclusive);
                locks.extend(points_at(constraint));
                locks
            }
            _ => on(table, Lock::AccessExclusive),
        },
        What::AlterColumn { table, .. }
        | What::RenameColumn { table, .. }
        | What::RewriteTable { table, .. }
        | What::Rename {
            kind: Kind::Table,
            name: table,
            ..
        } => on(table, Lock::AccessExclusive),
        // A foreign key has triggers on both of its tables, and goes with them.
        What::DropConstraint { table, name } => exclusively(table, state.points_at(table, name)),
        What::DropColumn { table, column } => {
            exclusively(table, state.column_points_at(table, column))
        }
        What::Drop {
            kind: Kind::Table,
            name: table,
            cascade,
        } => {
            let others = state.table_points_at(table);
            let pointing = cascade.then(|| state.tables_pointing_at(table));
            exclusively(table, others.chain(pointing.into_iter().flatten()))
        }
        What::ValidateConstraint { table, .. } => on(table, Lock::ShareUpdateExclusive),
        What::Locks { table, lock } => on(table, *lock),
        What::DisableTrigger { table } => on(table, Lock::ShareRowExclusive),
        What::AttachPartition {
            parent, partition, ..
        } => vec![
            (partition.clone(), Lock::AccessExclusive),
            (parent.clone(), Lock::ShareUpdateExclusive),
        ],
        What::DetachPartition {
            parent,
            partition,
            concurrently,
        } => {
            let lock = match concurrently {
                true => Lock::ShareUpdateExclusive,
                false => Lock::AccessExclusive,
            };
            vec![(parent.clone(), lock), (partition.clone(), lock)]
        }
        What::CreateIndex(index) => match index.concurrently {
            true => on(&index.table, Lock::ShareUpdateExclusive),
            false => on(&index.table, Lock::Share),
        },
        What::DropIndex { name, concurrently } => match (state.index_table(name), concurrently) {
            (Some(table), true) => vec![(table, Lock::ShareUpdateExclusive)],
            (Some(table), false) => vec![(table, Lock::AccessExclusive)],
            (None, _) => Vec::new(),
        },
        What::Reindex {
            target,
            concurrently: false,
        } => match target {
            Target::Table(table) => on(table, Lock::Share),
            Target::Index(index) => match state.index_table(index) {
                Some(table) => vec![(table, Lock::Share)],
                None => Vec::new(),
            },
            Target::Many => Vec::new(),
        },
        What::Truncate { tables } => tables
            .iter()
            .map(|table| (table.clone(), Lock::AccessExclusive))
            .collect(),
        What::ChangeRows { table, .. } => on(table, Lock::RowExclusive),
        What::Cluster { table: Some(table) } => on(table, Lock::AccessExclusive),
        What::Vacuum { full: true, tables } => tables
            .iter()
            .map(|table| (table.clone(), Lock::AccessExclusive))
            .collect(),
        What::Refresh { view, concurrently } => match concurrently {
            true => on(view, Lock::Exclusive),
            false => on(view, Lock::AccessExclusive),
        },
        What::Lock { tables, mode } => tables
            .iter()
            .filter_map(|table| Some((table.clone(), named(mode)?)))
            .collect(),
        _ => Vec::new(),
    }
}

/// A table, and others beside it.
fn exclusively(table: &Name, others: impl IntoIterator<Item = Name>) -> Vec<(Name, Lock)> {
    let mut tables = vec![table.clone()];
    for other in others {
        if !tables.contains(&other) {
            tables.push(other);
        }
    }
    let locks = tables.into_iter();
    locks.map(|table| (table, Lock::AccessExclusive)).collect()
}

fn referenced(column: &NewColumn) -> impl Iterator<Item = (Name, Lock)> + '_ {
    column.constraints.iter().filter_map(points_at)
}

fn points_at(constraint: &NewConstraint) -> Option<(Name, Lock)> {
    Some((constraint.references.clone()?, Lock::ShareRowExclusive))
}

/// The lock that LOCK TABLE names; none for those that only schema changes wait for.
pub(crate) fn named(mode: &str) -> Option<Lock> {
    [
        Lock::RowExclusive,
        Lock::ShareUpdateExclusive,
        Lock::Share,
        Lock::ShareRowExclusive,
        Lock::Exclusive,
        Lock::AccessExclusive,
    ]
    .into_iter()
    .find(|lock| lock.name() == mode)
}
