//! Sequences, and the options that identity columns share with them.

use super::{Alteration, Work, comment};
use crate::change::Changes;
use crate::model::{Object, ObjectId, Persistence, Sequence, SequenceOptions};
use crate::name::{Ident, Name, literal};

/// CREATE SEQUENCE; the owning column may not be there yet, so OWNED BY follows in `own`.
pub(super) fn create(name: &Name, sequence: &Sequence) -> Work {
    let Sequence {
        options,
        unlogged,
        owned_by: _,
        comment: _,
    } = sequence;
    let unlogged = if *unlogged { "UNLOGGED " } else { "" };
    let data_type = match options.data_type.as_str() {
        "bigint" => String::new(),
        other => format!(" AS {other}"),
    };
    let options = options_sql(options);
    Work::of(format!(
        "CREATE {unlogged}SEQUENCE {name}{data_type}{options}"
    ))
}

/// OWNED BY, once the column is there.
pub(crate) fn own(name: &Name, owner: Option<&(Name, Ident)>) -> String {
    match owner {
        Some((table, column)) => format!("ALTER SEQUENCE {name} OWNED BY {table}.{column}"),
        None => format!("ALTER SEQUENCE {name} OWNED BY NONE"),
    }
}

/// What differs from the defaults that CREATE SEQUENCE would choose for the data type, with a space
/// before each; without the data type itself, which an identity column takes from its column.
pub(super) fn options_sql(options: &SequenceOptions) -> String {
    let SequenceOptions {
        data_type,
        start,
        increment,
        min,
        max,
        cache,
        cycle,
    } = options;
    let (low, high) = bounds(data_type);
    let up = *increment > 0;
    let (usual_min, usual_max) = if up { (1, high) } else { (low, -1) };
    let usual_start = if up { *min } else { *max };
    let mut sql = String::new();
    if *start != usual_start {
        sql.push_str(&format!(" START WITH {start}"));
    }
    if *increment != 1 {
        sql.push_str(&format!(" INCREMENT BY {increment}"));
    }
    if *min != usual_min {
        sql.push_str(&format!(" MINVALUE {min}"));
    }
    if *max != usual_max {
        sql.push_str(&format!(" MAXVALUE {max}"));
    }
    if *cache != 1 {
        sql.push_str(&format!(" CACHE {cache}"));
    }
    if *cycle {
        sql.push_str(" CYCLE");
    }
    sql
}

fn bounds(data_type: &str) -> (i64, i64) {
    match data_type {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    }
}

/// The options once the data type is another: limits that were those of the old type become those of the
/// new one (PostgreSQL manual, ALTER SEQUENCE).
pub(super) fn retyped(options: &SequenceOptions, data_type: &str) -> SequenceOptions {
    let mut retyped = options.clone();
    if options.data_type != data_type {
        let ((low, high), (next_low, next_high)) = (bounds(&options.data_type), bounds(data_type));
        let up = options.increment > 0;
        if options.max == high {
            retyped.max = if up { next_high } else { -1 };
        }
        if options.min == low {
            retyped.min = if up { 1 } else { next_low };
        }
        data_type.clone_into(&mut retyped.data_type);
    }
    retyped
}

/// The changed options as ALTER SEQUENCE takes them, each with `before` in front: none if nothing changed.
pub(super) fn changed_options(
    previous: &SequenceOptions,
    next: &SequenceOptions,
    before: &str,
) -> Vec<String> {
    let settled = retyped(previous, &next.data_type);
    let SequenceOptions {
        data_type,
        start,
        increment,
        min,
        max,
        cache,
        cycle,
    } = &settled;
    let mut parts = Vec::new();
    if previous.data_type != *data_type {
        parts.push(format!("AS {}", next.data_type));
    }
    if *increment != next.increment {
        parts.push(format!("INCREMENT BY {}", next.increment));
    }
    if *min != next.min {
        parts.push(format!("MINVALUE {}", next.min));
    }
    if *max != next.max {
        parts.push(format!("MAXVALUE {}", next.max));
    }
    if *start != next.start {
        parts.push(format!("START WITH {}", next.start));
    }
    if *cache != next.cache {
        parts.push(format!("CACHE {}", next.cache));
    }
    if *cycle != next.cycle {
        parts.push(if next.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
    }
    parts
        .into_iter()
        .map(|part| format!("{before}{part}"))
        .collect()
}

/// Whether no position that the sequence can have fits its new bounds, as when it turns round.
pub(crate) fn starts_anew(previous: &SequenceOptions, next: &SequenceOptions) -> bool {
    previous.max < next.min || previous.min > next.max
}

/// A sequence that was never used stands at its start, which the new bounds may leave out: then it
/// steps to the nearest place that both bounds hold. One that was used stays where it is, or PostgreSQL
/// refuses the bounds.
pub(super) fn fitted(
    name: &Name,
    previous: &SequenceOptions,
    next: &SequenceOptions,
) -> Option<String> {
    if starts_anew(previous, next) || (next.min..=next.max).contains(&previous.start) {
        return None;
    }
    let place = previous.start.clamp(next.min, next.max);
    let text = literal(&name.to_string());
    Some(format!(
        "SELECT setval({text}::regclass, {place}, false) FROM {name} WHERE NOT is_called"
    ))
}

pub(super) fn alter(name: &Name, previous: &Sequence, next: &Sequence) -> Alteration {
    let Sequence {
        options,
        unlogged,
        owned_by,
        comment: text,
    } = previous;
    let mut work = Work::default();
    work.statements.extend(fitted(name, options, &next.options));
    let mut parts = changed_options(options, &next.options, " ");
    if starts_anew(options, &next.options) {
        parts.push(" RESTART".to_owned());
    }
    if !parts.is_empty() {
        work.add(format!("ALTER SEQUENCE {name}{}", parts.concat()));
    }
    if *unlogged != next.unlogged {
        let word = if next.unlogged { "UNLOGGED" } else { "LOGGED" };
        work.add(format!("ALTER SEQUENCE {name} SET {word}"));
    }
    if *owned_by != next.owned_by {
        work.add(own(name, next.owned_by.as_ref()));
    }
    let id = ObjectId::Sequence { name: name.clone() };
    work.statements.extend(comment::changed(
        &id,
        &Object::Sequence(next.clone()),
        text.as_deref(),
        next.comment.as_deref(),
    ));
    Alteration::InPlace(work)
}

/// What a table takes along when it becomes logged or unlogged and that is to stay as it is: sequences that
/// were given to it. Up to version 14 there are no unlogged ones, and no statement about that.
pub(crate) fn kept(table: &ObjectId, changes: &Changes) -> Vec<String> {
    let (Some(Object::Table(before)), Some(Object::Table(after)), ObjectId::Table { name: of }) =
        (changes.previous.get(table), changes.next.get(table), table)
    else {
        return Vec::new();
    };
    if before.persistence == after.persistence {
        return Vec::new();
    }
    let unlogged = after.persistence == Persistence::Unlogged;
    let mut statements = Vec::new();
    for (id, object) in &changes.next.objects {
        let (ObjectId::Sequence { name }, Object::Sequence(next)) = (id, object) else {
            continue;
        };
        let Some(Object::Sequence(previous)) = changes.previous.get(id) else {
            continue;
        };
        let owned = |sequence: &Sequence| {
            let owner = sequence.owned_by.as_ref();
            owner.is_some_and(|(table, _)| table == of)
        };
        if !owned(previous) || previous.unlogged != next.unlogged || next.unlogged == unlogged {
            continue;
        }
        if next.unlogged {
            statements.push(format!("ALTER SEQUENCE {name} SET UNLOGGED"));
            continue;
        }
        statements.push(format!(
            "DO $do$ BEGIN IF EXISTS (SELECT FROM pg_class WHERE oid = {}::regclass AND relpersistence = 'u') \
             THEN ALTER SEQUENCE {name} SET LOGGED; END IF; END $do$",
            literal(&name.to_string())
        ));
    }
    statements
}
