//! Publications, their members, and event triggers.

use super::comment;
use super::{Alteration, Work};
use crate::model::{EventTrigger, Object, ObjectId, Publication, PublicationTable};
use crate::name::{Ident, Name, literal};

pub(super) fn create_publication(name: &Ident, publication: &Publication) -> String {
    let Publication {
        all_tables,
        options,
        comment: _,
    } = publication;
    let mut sql = format!("CREATE PUBLICATION {name}");
    if *all_tables {
        sql.push_str(" FOR ALL TABLES");
    }
    if !options.is_empty() {
        sql.push_str(&format!(" WITH ({})", option_list(options)));
    }
    sql
}

fn option_list(options: &[(String, String)]) -> String {
    let pairs: Vec<String> = options
        .iter()
        .map(|(key, value)| format!("{key} = {}", literal(value)))
        .collect();
    pairs.join(", ")
}

pub(super) fn alter_publication(
    name: &Ident,
    previous: &Publication,
    next: &Publication,
) -> Alteration {
    let Publication {
        all_tables,
        options,
        comment: text,
    } = previous;
    if *all_tables != next.all_tables {
        return Alteration::Recreate;
    }
    let mut set: Vec<(String, String)> = Vec::new();
    for (key, _) in options {
        if !next.options.iter().any(|(other, _)| other == key) {
            set.push((key.clone(), usual(key).to_owned()));
        }
    }
    set.extend(
        (next.options.iter())
            .filter(|pair| !options.contains(pair))
            .cloned(),
    );
    let mut work = Work::default();
    if !set.is_empty() {
        work.add(format!(
            "ALTER PUBLICATION {name} SET ({})",
            option_list(&set)
        ));
    }
    work.statements.extend(comment::changed(
        &ObjectId::Publication { name: name.clone() },
        &Object::Publication(next.clone()),
        text.as_deref(),
        next.comment.as_deref(),
    ));
    Alteration::InPlace(work)
}

/// What an option is when nobody sets it (PostgreSQL manual, CREATE PUBLICATION).
fn usual(key: &str) -> &'static str {
    match key {
        "publish" => "insert, update, delete, truncate",
        "publish_generated_columns" => "none",
        _ => "false",
    }
}

pub(super) fn publish_table(
    publication: &Ident,
    table: &Name,
    member: &PublicationTable,
) -> String {
    let PublicationTable { columns, filter } = member;
    let mut sql = format!("ALTER PUBLICATION {publication} ADD TABLE ONLY {table}");
    if let Some(columns) = columns {
        let columns: Vec<String> = columns.iter().map(Ident::to_string).collect();
        sql.push_str(&format!(" ({})", columns.join(", ")));
    }
    if let Some(filter) = filter {
        sql.push_str(&format!(" WHERE ({filter})"));
    }
    sql
}

pub(super) fn create_event_trigger(name: &Ident, trigger: &EventTrigger) -> Work {
    let EventTrigger {
        event,
        tags,
        function,
        enabled,
        comment: _,
    } = trigger;
    let mut sql = format!("CREATE EVENT TRIGGER {name} ON {event}");
    if !tags.is_empty() {
        let tags: Vec<String> = tags.iter().map(|tag| literal(tag)).collect();
        sql.push_str(&format!(" WHEN TAG IN ({})", tags.join(", ")));
    }
    sql.push_str(&format!(" EXECUTE FUNCTION {function}"));
    let mut work = Work::of(sql);
    if *enabled != 'O' {
        work.add(enable(name, *enabled));
    }
    work
}

fn enable(name: &Ident, state: char) -> String {
    let verb = match state {
        'D' => "DISABLE",
        'R' => "ENABLE REPLICA",
        'A' => "ENABLE ALWAYS",
        _ => "ENABLE",
    };
    format!("ALTER EVENT TRIGGER {name} {verb}")
}

pub(super) fn alter_event_trigger(
    name: &Ident,
    previous: &EventTrigger,
    next: &EventTrigger,
) -> Alteration {
    let EventTrigger {
        event,
        tags,
        function,
        enabled,
        comment: text,
    } = previous;
    if *event != next.event || *tags != next.tags || *function != next.function {
        return Alteration::Recreate;
    }
    let mut work = Work::default();
    if *enabled != next.enabled {
        work.add(enable(name, next.enabled));
    }
    work.statements.extend(comment::changed(
        &ObjectId::EventTrigger { name: name.clone() },
        &Object::EventTrigger(next.clone()),
        text.as_deref(),
        next.comment.as_deref(),
    ));
    Alteration::InPlace(work)
}
