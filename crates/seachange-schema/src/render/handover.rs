//! A column that is counted by another sequence from now on: serial to identity, and back. The new sequence
//! goes on where the old one stands.

use super::column::default_of;
use super::{Work, sequence};
use crate::change::Changes;
use crate::model::{Object, ObjectId, Schema, SequenceOptions};
use crate::name::{Ident, Name, free, literal};

/// From one sequence of a column to the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Handover {
    pub(crate) old: Name,
    pub(crate) new: Name,
    to_identity: bool,
}

/// The handover between a sequence that goes or comes with its column's default and the one behind its
/// identity; none where a column is not counted on both sides, or others share the sequence.
pub(crate) fn handover(table: &Name, column: &Ident, changes: &Changes) -> Option<Handover> {
    let (previous, next) = (&changes.previous, &changes.next);
    let behind = |schema| Some(table.sibling(&identity(schema, table, column)?));
    if let (Some(old), Some(new)) = (owned(previous, table, column), behind(next)) {
        let goes = !next.contains(&ObjectId::Sequence { name: old.clone() });
        return goes.then_some(Handover {
            old,
            new,
            to_identity: true,
        });
    }
    let (old, new) = (behind(previous)?, owned(next, table, column)?);
    let comes = !previous.contains(&ObjectId::Sequence { name: new.clone() });
    comes.then_some(Handover {
        old,
        new,
        to_identity: false,
    })
}

fn identity(schema: &Schema, table: &Name, column: &Ident) -> Option<Ident> {
    match schema.get(&id(table, column)) {
        Some(Object::Column(column)) => Some(column.identity.as_ref()?.sequence.clone()),
        _ => None,
    }
}

/// The sequence that a column owns and takes its default from.
fn owned(schema: &Schema, table: &Name, column: &Ident) -> Option<Name> {
    let name = fed_by(schema, table, column)?;
    match schema.get(&ObjectId::Sequence { name: name.clone() }) {
        Some(Object::Sequence(sequence))
            if sequence.owned_by.as_ref() == Some(&(table.clone(), column.clone())) =>
        {
            Some(name)
        }
        _ => None,
    }
}

/// The sequence whose next value is a column's default.
pub(crate) fn fed_by(schema: &Schema, table: &Name, column: &Ident) -> Option<Name> {
    let default = default_of(schema, table, column)?;
    let plain = default.expression.starts_with("nextval(") && default.expression.ends_with(')');
    let id = ObjectId::Default {
        table: table.clone(),
        column: column.clone(),
    };
    let mut sequences = schema.needs(&id).filter_map(|need| match need {
        ObjectId::Sequence { name } => Some(name.clone()),
        _ => None,
    });
    sequences.next().filter(|_| plain)
}

fn id(table: &Name, column: &Ident) -> ObjectId {
    ObjectId::Column {
        table: table.clone(),
        name: column.clone(),
    }
}

/// Makes the column's next sequence in the place of the previous one. `make` is what gives the column its
/// identity, or takes it away.
pub(super) fn carried_out(
    found: &Handover,
    table: &Name,
    column: &Ident,
    make: String,
    changes: &Changes,
) -> Work {
    let Handover {
        old,
        new,
        to_identity,
    } = found;
    let mut work = Work::default();
    let mut from = old.clone();
    if old == new {
        let taken = |text: &str| {
            let other = old.sibling(&Ident::new(text));
            changes.previous.names(&other) || changes.next.names(&other)
        };
        from = old.sibling(&Ident::new(free(old.name.as_str(), "__old", taken)));
        work.add(format!("ALTER SEQUENCE {old} RENAME TO {}", from.name));
    }
    let mut stands = format!(
        "SELECT setval({}::regclass, last_value, is_called) FROM {from}",
        literal(&new.to_string())
    );
    if let (Some(before), Some(after)) = (
        options(&changes.previous, table, column, old),
        options(&changes.next, table, column, new),
    ) && (before.min < after.min || before.max > after.max)
    {
        stands.push_str(&format!(
            " WHERE last_value BETWEEN {} AND {}",
            after.min, after.max
        ));
    }
    if *to_identity {
        work.add(make);
        work.add(stands);
        work.add(format!("DROP SEQUENCE {from}"));
        return work;
    }
    let made = ObjectId::Sequence { name: new.clone() };
    if let Some(Object::Sequence(made_as)) = changes.next.get(&made) {
        work.append(super::create(
            &made,
            &Object::Sequence(made_as.clone()),
            changes,
        ));
    }
    work.add(stands);
    work.add(make);
    work.add(sequence::own(new, Some(&(table.clone(), column.clone()))));
    work
}

/// The options of a sequence, or of the identity that it is behind.
fn options<'a>(
    schema: &'a Schema,
    table: &Name,
    column: &Ident,
    sequence: &Name,
) -> Option<&'a SequenceOptions> {
    let alone = ObjectId::Sequence {
        name: sequence.clone(),
    };
    match (schema.get(&alone), schema.get(&id(table, column))) {
        (Some(Object::Sequence(found)), _) => Some(&found.options),
        (_, Some(Object::Column(column))) => column.identity.as_ref().map(|found| &found.options),
        _ => None,
    }
}

/// Lets a sequence go on behind the values of a column that it did not feed before; none where these are no
/// numbers. It never goes back.
pub(super) fn behind_values(
    sequence: &Name,
    start: Option<(i64, i64)>,
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
    let (most, beyond) = match start {
        Some((_, increment)) if increment < 0 => ("min", "<="),
        _ => ("max", ">="),
    };
    let from = match start {
        Some((start, _)) => start.to_string(),
        None => format!("(SELECT last_value FROM {sequence})"),
    };
    Some(format!(
        "SELECT setval({}::regclass, {most}({column}){cast}) FROM {table} HAVING {most}({column}) {beyond} {from}",
        literal(&sequence.to_string())
    ))
}
