//! Identity columns: how they read, and how a column becomes one or changes as one.

use super::Work;
use super::handover::{behind_values, carried_out, handover};
use super::sequence::{changed_options, fitted, options_sql, retyped, starts_anew};
use crate::change::Changes;
use crate::model::Identity;
use crate::name::{Ident, Name};

/// `GENERATED … AS IDENTITY`.
pub(super) fn definition(table: &Name, column: &Ident, identity: &Identity) -> String {
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

/// What changes of an identity but its end, which comes before the column's type changes.
pub(super) fn change(
    table: &Name,
    name: &Ident,
    previous: Option<&Identity>,
    next: Option<&Identity>,
    changes: &Changes,
) -> Work {
    let alter = |what: String| format!("ALTER TABLE {table} ALTER COLUMN {name} {what}");
    let mut work = Work::default();
    match (previous, next) {
        (_, None) => {}
        (None, Some(identity)) => {
            let add = alter(format!("ADD {}", definition(table, name, identity)));
            match handover(table, name, changes) {
                Some(found) => work.append(carried_out(&found, table, name, add, changes)),
                None => {
                    work.add(add);
                    let sequence = table.sibling(&identity.sequence);
                    let options = &identity.options;
                    let start = Some((options.start, options.increment));
                    let on = behind_values(&sequence, start, table, name, &options.data_type);
                    work.statements.extend(on);
                }
            }
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
            let retyped = retyped(options, &after.options.data_type);
            let own = table.sibling(&after.sequence);
            work.statements
                .extend(fitted(&own, &retyped, &after.options));
            let mut parts = changed_options(&retyped, &after.options, "SET ");
            if starts_anew(&retyped, &after.options) {
                parts.push("RESTART".to_owned());
            }
            if !parts.is_empty() {
                work.add(alter(parts.join(" ")));
            }
        }
    }
    work
}

/// A sequence that counts as the one behind an identity column will, until that is there.
pub(crate) fn counts_before(sequence: &Name, identity: &Identity) -> String {
    let options = &identity.options;
    format!(
        "CREATE SEQUENCE {sequence} AS {}{}",
        options.data_type,
        options_sql(options)
    )
}

/// What stands behind the type of a column that is made as an identity.
pub(crate) fn counted(table: &Name, column: &Ident, identity: &Identity) -> String {
    definition(table, column, identity)
}
