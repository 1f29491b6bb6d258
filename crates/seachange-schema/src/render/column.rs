//! Columns: how they stand in CREATE TABLE, and how ALTER TABLE adds and changes them. Their defaults too.

use super::convert::{effects, remade, retyped};
use super::handover::{behind_values, carried_out, fed_by, handover};
use super::{Work, comment, generated, identity};
use crate::change::{Changes, Direction};
use crate::model::{Column, Default, Generated, Object, ObjectId, Schema};
use crate::name::{Ident, Name};
use crate::needs::is_of_strict_domain;
use crate::plan::{HazardCode, label_hazards};

/// A column's line in CREATE TABLE or ADD COLUMN; its default only where `with_default`, what it is
/// generated from always.
pub(super) fn definition(
    table: &Name,
    name: &Ident,
    column: &Column,
    schema: &Schema,
    with_default: bool,
) -> String {
    let mut sql = format!("{name} {}", column.data_type);
    if let Some(collation) = &column.collation {
        sql.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(default) = default_of(schema, table, name) {
        if let Some(generated) = default.generated {
            sql.push_str(&format!(
                " GENERATED ALWAYS AS ({}) {}",
                default.expression,
                generated.sql()
            ));
        } else if with_default {
            sql.push_str(&format!(" DEFAULT {}", default.expression));
        }
    }
    if let Some(found) = &column.identity {
        sql.push_str(&format!(" {}", identity::definition(table, name, found)));
    }
    if column.not_null {
        sql.push_str(" NOT NULL");
    }
    sql
}

pub(super) fn default_of<'a>(
    schema: &'a Schema,
    table: &Name,
    name: &Ident,
) -> Option<&'a Default> {
    match schema.get(&ObjectId::Default {
        table: table.clone(),
        column: name.clone(),
    }) {
        Some(Object::Default(default)) => Some(default),
        _ => None,
    }
}

/// What a new column needs beside its definition.
pub(super) fn settings(table: &Name, name: &Ident, column: &Column) -> Vec<String> {
    let mut statements = Vec::new();
    if let Some(storage) = &column.storage {
        statements.push(format!(
            "ALTER TABLE {table} ALTER COLUMN {name} SET STORAGE {storage}"
        ));
    }
    if let Some(statistics) = column.statistics {
        statements.push(format!(
            "ALTER TABLE {table} ALTER COLUMN {name} SET STATISTICS {statistics}"
        ));
    }
    if let Some(compression) = &column.compression {
        statements.push(format!(
            "ALTER TABLE {table} ALTER COLUMN {name} SET COMPRESSION {compression}"
        ));
    }
    if !column.options.is_empty() {
        statements.push(format!(
            "ALTER TABLE {table} ALTER COLUMN {name} SET ({})",
            column.options.join(", ")
        ));
    }
    statements
}

/// ADD COLUMN on a table that is there.
pub(super) fn add_column(table: &Name, name: &Ident, column: &Column, changes: &Changes) -> Work {
    if let Some(work) = generated::store_virtual(table, name, column, changes) {
        return work;
    }
    let subject = format!("{}.{}", table.plain(), name.as_str());
    let line = definition(table, name, column, &changes.next, true);
    let default = default_of(&changes.next, table, name);
    let empty = default.is_none() && column.identity.is_none();
    let filler = (changes.direction == Direction::Down && column.not_null && empty)
        .then(|| filler(&column.data_type))
        .flatten();
    let mut work = Work::default();
    match filler {
        Some(filler) => {
            let line = line.replacen(" NOT NULL", &format!(" DEFAULT {filler} NOT NULL"), 1);
            work.add(format!("ALTER TABLE {table} ADD COLUMN {line}"));
            work.add(format!(
                "ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT"
            ));
        }
        None => work.add(format!("ALTER TABLE {table} ADD COLUMN {line}")),
    }
    work.statements.extend(settings(table, name, column));

    let restored = default.is_some_and(|default| default.generated.is_some());
    if changes.direction == Direction::Down && !restored {
        let with = match (filler, default) {
            (Some(filler), _) => format!("filled with {filler}"),
            (None, Some(default)) => format!("filled with {}", default.expression),
            (None, None) => "empty".to_owned(),
        };
        work.risk(
            HazardCode::NotRestored,
            subject.clone(),
            format!("{subject} comes back {with}: the values that were dropped can't be restored"),
            "keep a backup if they matter",
        );
    }
    if column.not_null && empty && filler.is_none() {
        work.risk(
            HazardCode::MayFail,
            subject.clone(),
            format!("fails, and changes nothing, if {} has rows", table.plain()),
            "give it a default, or add it nullable, fill it, and then set NOT NULL",
        );
    }
    let computed = default.is_some_and(|default| match default.generated {
        Some(generated) => generated == Generated::Stored,
        None => volatile(&default.expression),
    });
    let id = ObjectId::Column {
        table: table.clone(),
        name: name.clone(),
    };
    let rewrites = format!(
        "writes the whole of {} anew under an exclusive lock",
        table.plain()
    );
    if computed || column.identity.is_some() {
        work.risk(
            HazardCode::RewritesTable,
            subject,
            format!("{rewrites}: every row gets a value of its own"),
            "add it without the default, set the default, then fill the rows in batches",
        );
    } else if is_of_strict_domain(&changes.next, &id) {
        work.risk(
            HazardCode::RewritesTable,
            subject,
            format!("{rewrites}: its domain may refuse a value"),
            "give it the domain's own type and a check of the table, NOT VALID and then validated",
        );
    }
    work
}

/// Whether rows would get different values. Anything that calls a function counts, but for those that
/// are known to be fixed within a statement.
fn volatile(expression: &str) -> bool {
    let calls = expression.contains('(');
    let fixed = [
        "now()",
        "CURRENT_TIMESTAMP",
        "transaction_timestamp()",
        "statement_timestamp()",
    ];
    let literal = expression.starts_with('\'') || expression.starts_with('(');
    calls && !literal && !fixed.contains(&expression)
}

/// What stands in a NOT NULL column whose values are gone; none where no value is harmless.
fn filler(data_type: &str) -> Option<&'static str> {
    if data_type.ends_with("[]") {
        return Some("'{}'");
    }
    Some(match data_type.split('(').next().unwrap_or(data_type) {
        "text" | "character varying" | "character" => "''",
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => "0",
        "boolean" => "false",
        "json" | "jsonb" => "'{}'",
        "date" | "timestamp without time zone" | "timestamp with time zone" => "'epoch'",
        _ => return None,
    })
}

/// SET DEFAULT. A sequence that starts to feed a column goes on behind the values that are there.
pub(super) fn set_default(
    table: &Name,
    name: &Ident,
    default: &Default,
    changes: &Changes,
) -> Work {
    let Default {
        expression,
        generated: _,
    } = default;
    let mut work = Work::of(format!(
        "ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {expression}"
    ));
    let existed = changes.previous.contains(&ObjectId::Column {
        table: table.clone(),
        name: name.clone(),
    });
    if let Some(sequence) = fed_by(&changes.next, table, name)
        && existed
        && fed_by(&changes.previous, table, name).as_ref() != Some(&sequence)
        && handover(table, name, changes).is_none()
    {
        let id = ObjectId::Sequence {
            name: sequence.clone(),
        };
        let start = match changes.next.get(&id) {
            Some(Object::Sequence(made)) if !changes.previous.contains(&id) => {
                Some((made.options.start, made.options.increment))
            }
            _ => None,
        };
        let column = ObjectId::Column {
            table: table.clone(),
            name: name.clone(),
        };
        if let Some(Object::Column(column)) = changes.next.get(&column) {
            let on = behind_values(&sequence, start, table, name, &column.data_type);
            work.statements.extend(on);
        }
    }
    work
}

/// DROP DEFAULT, or DROP EXPRESSION, which keeps the values.
pub(super) fn drop_default(table: &Name, name: &Ident, object: &Object) -> Work {
    let generated = matches!(object, Object::Default(default) if default.generated.is_some());
    let what = if generated {
        "DROP EXPRESSION"
    } else {
        "DROP DEFAULT"
    };
    Work::of(format!("ALTER TABLE {table} ALTER COLUMN {name} {what}"))
}

/// All that changes of a column but its default. `passes` says that its type changes, or is made anew
/// under its old name.
pub(crate) fn alter_column(
    table: &Name,
    name: &Ident,
    previous: &Column,
    next: &Column,
    passes: bool,
    changes: &Changes,
) -> Work {
    let Column {
        position: _,
        data_type,
        collation,
        not_null,
        identity: counted,
        storage,
        statistics,
        compression,
        options,
        // A column becomes its parents' with INHERIT and its own again with NO INHERIT.
        local: _,
        comment: text,
    } = previous;
    let subject = format!("{}.{}", table.plain(), name.as_str());
    let mut work = Work::default();
    let alter = |what: String| format!("ALTER TABLE {table} ALTER COLUMN {name} {what}");
    if counted.is_some() && next.identity.is_none() {
        // Only whole numbers can be an identity.
        let drop = alter("DROP IDENTITY".to_owned());
        match handover(table, name, changes) {
            Some(found) => work.append(carried_out(&found, table, name, drop, changes)),
            None => work.add(drop),
        }
    }
    if passes {
        let same_name = *data_type == next.data_type && *collation == next.collation;
        let mut sql = format!(
            "ALTER TABLE {table} ALTER COLUMN {name} TYPE {}",
            next.data_type
        );
        if let Some(collation) = &next.collation {
            sql.push_str(&format!(" COLLATE {collation}"));
        }
        let id = ObjectId::Column {
            table: table.clone(),
            name: name.clone(),
        };
        let using = if same_name {
            // What has none is refused before this.
            remade(&id, &next.data_type, changes).unwrap_or_default()
        } else if *data_type != next.data_type {
            retyped(&id, &name.to_string(), data_type, &next.data_type, changes)
        } else {
            None
        };
        using
            .into_iter()
            .for_each(|using| sql.push_str(&format!(" USING {using}")));
        work.hazards.extend(label_hazards(&id, changes));
        for (code, message) in effects(&id, data_type, &next.data_type, changes) {
            work.risk(code, subject.clone(), message, "");
        }
        work.add(sql);
    }
    if !*not_null && next.not_null {
        work.add(alter("SET NOT NULL".to_owned()));
        work.risk(
            HazardCode::MayFail,
            subject.clone(),
            "fails, and changes nothing, if a row has NULL here",
            "fill those rows first",
        );
        work.risk(
            HazardCode::BlocksWrites,
            subject.clone(),
            format!(
                "readers and writers of {} wait while every row is checked",
                table.plain()
            ),
            "",
        );
    }
    work.append(identity::change(
        table,
        name,
        counted.as_ref(),
        next.identity.as_ref(),
        changes,
    ));
    if *not_null && !next.not_null {
        work.add(alter("DROP NOT NULL".to_owned()));
    }
    // A new type brings its own storage along.
    let stored = storage.as_ref().filter(|_| !passes);
    if stored != next.storage.as_ref() {
        work.add(alter(format!(
            "SET STORAGE {}",
            next.storage
                .as_deref()
                .unwrap_or(usual_storage(&next.data_type))
        )));
    }
    if *statistics != next.statistics {
        work.add(alter(format!(
            "SET STATISTICS {}",
            next.statistics.unwrap_or(-1)
        )));
    }
    if *compression != next.compression {
        work.add(alter(format!(
            "SET COMPRESSION {}",
            next.compression.as_deref().unwrap_or("default")
        )));
    }
    let key = |pair: &str| pair.split('=').next().unwrap_or(pair).to_owned();
    let gone: Vec<String> = (options.iter().map(|pair| key(pair)))
        .filter(|name| !next.options.iter().any(|pair| key(pair) == *name))
        .collect();
    if !gone.is_empty() {
        work.add(alter(format!("RESET ({})", gone.join(", "))));
    }
    let set: Vec<&str> = (next.options.iter())
        .filter(|pair| !options.contains(pair))
        .map(String::as_str)
        .collect();
    if !set.is_empty() {
        work.add(alter(format!("SET ({})", set.join(", "))));
    }
    let id = ObjectId::Column {
        table: table.clone(),
        name: name.clone(),
    };
    work.statements.extend(comment::changed(
        &id,
        &Object::Column(next.clone()),
        text.as_deref(),
        next.comment.as_deref(),
    ));
    work
}

/// The storage of a type whose values can be stored in more than one way (`pg_type.typstorage`). Version
/// 16 has a word for it.
fn usual_storage(data_type: &str) -> &'static str {
    let base = data_type.split('(').next().unwrap_or(data_type);
    match base {
        "numeric" | "inet" | "cidr" => "main",
        _ => "extended",
    }
}
