//! Identity columns: how they stand in a definition, and how ALTER TABLE changes them.

use super::Work;
use super::sequence::{changed_options, options_sql};
use crate::change::Changes;
use crate::model::Identity;
use crate::name::{Ident, Name};

pub(super) fn identity_sql(table: &Name, column: &Ident, identity: &Identity) -> String {
    let Identity {
        always,
        sequence,
        options,
    } = identity;
    let mode = if *always { "ALWAYS" } else { "BY DEFAULT" };
    let derived = format!("{}_{}_seq", table.name.as_str(), column.as_str());
    let mut parts = String::new();
    if sequence.as_str() != derived {
        parts.push_str(&format!(" SEQUENCE NAME {}", table.sibling(sequence)));
    }
    parts.push_str(&options_sql(options));
    if parts.is_empty() {
        format!("GENERATED {mode} AS IDENTITY")
    } else {
        format!("GENERATED {mode} AS IDENTITY ({})", parts.trim_start())
    }
}

pub(super) fn change_identity(
    table: &Name,
    name: &Ident,
    previous: Option<&Identity>,
    next: Option<&Identity>,
    _changes: &Changes,
) -> Work {
    let alter = |what: String| format!("ALTER TABLE {table} ALTER COLUMN {name} {what}");
    let mut work = Work::default();
    match (previous, next) {
        (None, None) => {}
        (Some(_), None) => work.add(alter("DROP IDENTITY".to_owned())),
        (None, Some(identity)) => {
            work.add(alter(format!(
                "ADD {}",
                identity_sql(table, name, identity)
            )));
            // The new sequence goes on behind the values that are there.
            let sequence = crate::name::literal(&table.sibling(&identity.sequence).to_string());
            work.add(format!(
                "SELECT setval({sequence}::regclass, coalesce(max({name}), 0) + 1, false) FROM {table}"
            ));
        }
        (Some(before), Some(after)) => {
            let Identity {
                always,
                sequence,
                options,
            } = before;
            if *sequence != after.sequence {
                work.add(format!(
                    "ALTER SEQUENCE {} RENAME TO {}",
                    table.sibling(sequence),
                    after.sequence
                ));
            }
            if *always != after.always {
                let mode = if after.always { "ALWAYS" } else { "BY DEFAULT" };
                work.add(alter(format!("SET GENERATED {mode}")));
            }
            // PostgreSQL gives the sequence the column's new type, and its limits, by itself.
            let mut retyped = options.clone();
            if options.data_type != after.options.data_type {
                retyped.data_type.clone_from(&after.options.data_type);
                retyped.min = after.options.min;
                retyped.max = after.options.max;
            }
            let parts = changed_options(&retyped, &after.options, "SET ");
            if !parts.is_empty() {
                work.add(alter(parts.join(" ")));
            }
        }
    }
    work
}
