//! Identity columns, and where a sequence goes on when it starts to feed a column.

use super::Work;
use super::sequence::{changed_options, fitted, options_sql, starts_anew};
use crate::model::{Identity, SequenceOptions};
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
) -> Work {
    let alter = |what: String| format!("ALTER TABLE {table} ALTER COLUMN {name} {what}");
    let mut work = Work::default();
    match (previous, next) {
        (_, None) => {}
        (None, Some(identity)) => {
            work.add(alter(format!("ADD {}", definition(table, name, identity))));
            // The new sequence goes on behind the values that are there.
            let sequence = crate::name::literal(&table.sibling(&identity.sequence).to_string());
            work.statements.extend(go_on(
                &format!("{sequence}::regclass"),
                &identity.options,
                table,
                name,
                &identity.options.data_type,
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

/// Sets a sequence behind the values that its column holds; none where these are no numbers.
pub(super) fn go_on(
    sequence: &str,
    options: &SequenceOptions,
    table: &Name,
    column: &Ident,
    data_type: &str,
) -> Option<String> {
    let base = data_type.split('(').next().unwrap_or(data_type);
    let cast = match base {
        "smallint" | "integer" | "bigint" => "",
        "numeric" | "real" | "double precision" => "::bigint",
        _ => return None,
    };
    let start = options.start;
    let place = match (options.increment > 0, start) {
        (true, 1) => format!("coalesce(max({column}), 0){cast} + 1"),
        (true, _) => format!("greatest(max({column}){cast} + 1, {start})"),
        (false, _) => format!("least(min({column}){cast} - 1, {start})"),
    };
    Some(format!(
        "SELECT setval({sequence}, {place}, false) FROM {table}"
    ))
}
