//! A plan as SQL text: what a reviewer, psql and the runner read.

use std::fmt::Write;

use crate::diff::diff;
use crate::model::{ObjectId, Schema};
use crate::name::DEFAULT_SCHEMA;
use crate::plan::{Hazard, Phase, Plan, Step, Verb, plan};

/// The statements of a phase, each with its semicolon, a blank line between steps.
pub fn script(phase: &Phase) -> String {
    let mut text = String::new();
    for statements in blocks(phase) {
        if !text.is_empty() {
            text.push('\n');
        }
        for statement in statements {
            text.push_str(statement.trim_end());
            text.push_str(";\n");
        }
    }
    text
}

/// The statements of a phase one by one, without their semicolons.
pub fn statements(phase: &Phase) -> Vec<String> {
    blocks(phase).into_iter().flatten().collect()
}

fn blocks(phase: &Phase) -> Vec<Vec<String>> {
    let routines = phase.steps.iter().any(|step| {
        matches!(step.object, ObjectId::Function { .. })
            && step.statements.iter().any(|sql| sql.starts_with("CREATE"))
    });
    // A body in a string may speak of a table that only comes later; pg_dump does the same.
    let unchecked = routines.then(|| vec!["SET LOCAL check_function_bodies = off".to_owned()]);
    unchecked
        .into_iter()
        .chain(phase.steps.iter().map(|step| step.statements.clone()))
        .collect()
}

/// The lines that say in comments what a phase does, with its hazards.
pub fn outline(phase: &Phase) -> String {
    let mut text = String::new();
    for step in &phase.steps {
        let _ = writeln!(text, "-- {}", line(step));
        for impact in &step.impacts {
            let _ = writeln!(text, "--     {impact}");
        }
        for hazard in &step.hazards {
            let _ = writeln!(text, "--     {}", hazard_line(hazard));
        }
    }
    text
}

/// A step on one line: `+ column users.phone_number text (safe)`.
pub fn line(step: &Step) -> String {
    let risk = step.risk().word();
    format!("{} {} ({risk})", step.verb.sign(), step.summary)
}

/// A hazard on one line: its code, what it says, and what helps.
pub fn hazard_line(hazard: &Hazard) -> String {
    let mut text = format!("{}: {}", hazard.code.name(), hazard.message);
    if !hazard.help.is_empty() {
        let _ = write!(text, "; {}", hazard.help);
    }
    text
}

/// What leads to a schema from nothing, as one text: `migration/schema.sql`.
///
/// # Errors
/// The refusals of a plan from the empty schema, where it has any.
pub fn schema_sql(schema: &Schema) -> Result<String, Plan> {
    let plan = from_nothing(schema);
    if !plan.refusals.is_empty() {
        return Err(plan);
    }
    let mut text = String::new();
    for phase in &plan.phases {
        text.push_str(&script(phase));
    }
    for one in &schema.unmodelled {
        let _ = write!(text, "\n-- not written here: {} {}", one.kind, one.name);
    }
    if !schema.unmodelled.is_empty() {
        text.push('\n');
    }
    Ok(text)
}

/// The plan that makes a schema in an empty database. What every database has from the start, such as
/// the schema `public`, is no part of it.
pub fn from_nothing(schema: &Schema) -> Plan {
    let start = Schema {
        objects: schema
            .objects
            .iter()
            .filter(|(id, _)| from_the_start(id))
            .map(|(id, object)| (id.clone(), object.clone()))
            .collect(),
        // Nothing can be planned for these; whoever asks for a schema's text is told of them there.
        unmodelled: schema.unmodelled.clone(),
        ..Schema::default()
    };
    plan(&diff(start, schema.clone(), Vec::new()))
}

fn from_the_start(id: &ObjectId) -> bool {
    match id {
        ObjectId::Schema { name } => name.as_str() == DEFAULT_SCHEMA,
        _ => false,
    }
}

/// A file name's worth of words for a plan: `add_phone_number_to_users`, `drop_table_notes`.
pub fn suggest_name(plan: &Plan) -> String {
    let steps: Vec<&Step> = plan.steps().collect();
    // What holds data names the change; what hangs on it follows.
    let first = steps
        .iter()
        .find(|step| matches!(step.object, ObjectId::Table { .. }))
        .or_else(|| {
            steps
                .iter()
                .find(|step| matches!(step.object, ObjectId::Column { .. }))
        })
        .or_else(|| steps.first());
    let Some(step) = first else {
        return "empty".to_owned();
    };
    let verb = match step.verb {
        Verb::Create => "add",
        Verb::Alter => "change",
        Verb::Rename => "rename",
        Verb::Drop => "drop",
    };
    let object = match &step.object {
        ObjectId::Column { table, name } => {
            let place = match step.verb {
                Verb::Create => "to",
                Verb::Drop => "from",
                Verb::Alter | Verb::Rename => "of",
            };
            format!("{} {place} {}", name.as_str(), table.plain())
        }
        ObjectId::Table { name } => format!("table {}", name.plain()),
        other => other.plain(),
    };
    let mut words: String = format!("{verb} {object}")
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    while words.contains("__") {
        words = words.replace("__", "_");
    }
    words.truncate(60);
    words.trim_matches('_').to_owned()
}
