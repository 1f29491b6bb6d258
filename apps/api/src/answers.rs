//! An applicant's answers against the fields of a program's stages. Pure.
//!
//! An answer of null, an empty text or an empty list is none. A required checkbox has to be ticked. What is given has to
//! be good at once; what is missing only counts when a stage is left or the application is handed in.

mod value;

use std::collections::BTreeSet;

use db::json::{Field, FieldType, Stage};
use serde_json::{Map, Value};
use uuid::Uuid;

pub(crate) use value::date_of;

use crate::problem::{Fault, pointer};

/// What is wrong with answers that are given, for fields of these stages alone. `files` are those of the application.
pub(crate) fn faults(
    given: &Map<String, Value>,
    open: &[Stage],
    files: &BTreeSet<Uuid>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (id, answer) in given {
        let at = || pointer(["data", id]);
        match fields(open).find(|field| field.id == *id) {
            None => faults.push(Fault::new(
                at(),
                "unknown",
                "no field that is open has this id",
            )),
            Some(field) if !is_none(answer) => {
                if let Err((code, detail)) = value::check(field, answer, files) {
                    faults.push(Fault::new(at(), code, detail));
                }
            }
            Some(_) => {}
        }
    }
    faults
}

/// What these stages still lack, or hold that is not good any more.
pub(crate) fn unfinished(
    answers: &Map<String, Value>,
    stages: &[Stage],
    files: &BTreeSet<Uuid>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    for field in fields(stages) {
        let at = || pointer(["data", &field.id]);
        let answer = answers.get(&field.id).filter(|answer| !is_none(answer));
        let unticked = field.kind == FieldType::Checkbox && answer == Some(&Value::Bool(false));
        match answer {
            _ if unticked && field.required => {
                faults.push(Fault::new(at(), "required", "it has to be ticked"));
            }
            None if field.required => {
                faults.push(Fault::new(at(), "required", "an answer is required"));
            }
            None => {}
            Some(answer) => {
                if let Err((code, detail)) = value::check(field, answer, files) {
                    faults.push(Fault::new(at(), code, detail));
                }
            }
        }
    }
    faults
}

/// The answers with those that are given over them; null takes one away.
pub(crate) fn merged(
    mut answers: Map<String, Value>,
    given: Map<String, Value>,
) -> Map<String, Value> {
    for (id, answer) in given {
        match answer {
            Value::Null => {
                answers.remove(&id);
            }
            answer => {
                answers.insert(id, answer);
            }
        }
    }
    answers
}

fn fields(stages: &[Stage]) -> impl Iterator<Item = &Field> {
    stages.iter().flat_map(|stage| &stage.fields)
}

fn is_none(answer: &Value) -> bool {
    match answer {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
