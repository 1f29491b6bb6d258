//! The rules that a program's definition has to keep. Pure.

use std::collections::BTreeSet;

use regex::{Regex, RegexBuilder};

use super::{Criterion, Definition, Field, Kind, Stage};
use crate::export;
use crate::problem::{Fault, pointer};

/// What a compiled pattern may take; a pattern that is meant to hurt takes more.
const PATTERN_BYTES: usize = 256 * 1024;
const PATTERN: usize = 500;
const STAGES: usize = 50;
const FIELDS: usize = 100;
const OPTIONS: usize = 200;
const CRITERIA: usize = 50;
const COLUMNS: usize = 100;
/// Weights are decimal fractions, which binary ones only come near.
const EPSILON: f64 = 1e-6;

/// Everything that is wrong with it.
pub(crate) fn faults(definition: &Definition) -> Vec<Fault> {
    let mut found = Found(Vec::new());
    stages(&definition.stages, &mut found);
    rubric(&definition.rubric, &mut found);
    if let Some(mapping) = &definition.export_mapping {
        let columns = mapping.len();
        found.unless(
            columns <= COLUMNS,
            &["export_mapping"],
            "too-many",
            "100 columns at most",
        );
        for (column, path) in mapping {
            let at = ["export_mapping", column];
            let there = export::Source::of(path, &definition.stages).is_some();
            found.unless(
                there,
                &at,
                "unknown",
                "no such field; `applicant.email` or `data.FIELD` are some",
            );
            found.unless(
                !column.trim().is_empty(),
                &at,
                "required",
                "a column has a name",
            );
        }
    }
    found.0
}

/// The pattern, compiled within bounds.
pub(crate) fn pattern(text: &str) -> Result<Regex, &'static str> {
    if text.len() > PATTERN {
        return Err("500 bytes at most");
    }
    RegexBuilder::new(text)
        .size_limit(PATTERN_BYTES)
        .dfa_size_limit(PATTERN_BYTES)
        .build()
        .map_err(|_| "it is no regular expression, or too large a one")
}

struct Found(Vec<Fault>);

impl Found {
    fn unless(&mut self, good: bool, at: &[&str], code: &'static str, detail: &str) {
        if !good {
            self.0
                .push(Fault::new(pointer(at.iter().copied()), code, detail));
        }
    }

    fn text(&mut self, text: &str, at: &[&str], most: usize) {
        let good = !text.trim().is_empty() && text.chars().count() <= most;
        self.unless(good, at, "length", &format!("1 to {most} characters"));
    }

    /// What an id is made of, and that no other is the same.
    fn id<'a>(&mut self, id: &'a str, seen: &mut BTreeSet<&'a str>, at: &[&str]) {
        let mut letters = id.bytes();
        let good = letters
            .next()
            .is_some_and(|first| first.is_ascii_lowercase())
            && letters
                .all(|next| next.is_ascii_lowercase() || next.is_ascii_digit() || next == b'_')
            && id.len() <= 64;
        self.unless(
            good,
            at,
            "id",
            "a small letter, then small letters, digits and `_`, 64 at most",
        );
        self.unless(seen.insert(id), at, "twice", "another one has this id");
    }
}

fn stages(stages: &[Stage], found: &mut Found) {
    let count = stages.len();
    found.unless(
        (1..=STAGES).contains(&count),
        &["stages"],
        "count",
        "1 to 50 stages",
    );
    let (mut ids, mut field_ids) = (BTreeSet::new(), BTreeSet::new());
    for (place, stage) in stages.iter().enumerate() {
        let index = place.to_string();
        let under = ["stages", &index];
        let at = |name| [&under[..], &[name]].concat();
        found.id(&stage.id, &mut ids, &at("id"));
        found.text(&stage.name, &at("name"), 200);
        let ordered = stage.order as usize == place;
        found.unless(
            ordered,
            &at("order"),
            "order",
            "stages stand in their order, from 0 on",
        );
        let few = stage.fields.len() <= FIELDS;
        found.unless(few, &at("fields"), "count", "100 fields at most");
        let short = stage.description.chars().count() <= 5000;
        found.unless(
            short,
            &at("description"),
            "length",
            "5000 characters at most",
        );
        for (place, one) in stage.fields.iter().enumerate() {
            let place = place.to_string();
            let under = ["stages", &index, "fields", &place];
            found.id(&one.id, &mut field_ids, &[&under[..], &["id"]].concat());
            field(one, &under, found);
        }
    }
}

fn field(field: &Field, under: &[&str], found: &mut Found) {
    let at = |name| [under, &[name]].concat();
    found.text(&field.label, &at("label"), 200);
    let chosen = matches!(field.kind, Kind::Select | Kind::Multiselect);
    match &field.options {
        Some(options) if chosen => {
            let different: BTreeSet<_> = options.iter().collect();
            let good = (1..=OPTIONS).contains(&options.len())
                && different.len() == options.len()
                && options.iter().all(|option| !option.trim().is_empty());
            found.unless(
                good,
                &at("options"),
                "options",
                "1 to 200 different options",
            );
        }
        Some(_) => found.unless(
            false,
            &at("options"),
            "options",
            "only a select has options",
        ),
        None => found.unless(
            !chosen,
            &at("options"),
            "required",
            "a select needs options",
        ),
    }
    let Some(validation) = &field.validation else {
        return;
    };
    let texts = matches!(
        field.kind,
        Kind::Text | Kind::Email | Kind::Phone | Kind::Textarea
    );
    let bounds = texts || matches!(field.kind, Kind::Date | Kind::Multiselect);
    let at = |name| [under, &["validation", name]].concat();
    for (name, bound) in [("min", validation.min), ("max", validation.max)] {
        let Some(bound) = bound else { continue };
        found.unless(bounds, &at(name), "bounds", "this type has no bounds");
        let whole = bound.fract() == 0.0 && (0.0..=99_991_231.0).contains(&bound);
        let good = whole && (field.kind != Kind::Date || crate::answers::date_of(bound).is_some());
        found.unless(
            good,
            &at(name),
            "bounds",
            "a whole number; of a date YYYYMMDD",
        );
    }
    if let (Some(min), Some(max)) = (validation.min, validation.max) {
        found.unless(min <= max, &at("max"), "bounds", "`max` is not below `min`");
    }
    if let Some(text) = &validation.pattern {
        found.unless(texts, &at("pattern"), "pattern", "only texts have patterns");
        if let Err(why) = pattern(text) {
            found.unless(false, &at("pattern"), "pattern", why);
        }
    }
}

fn rubric(rubric: &[Criterion], found: &mut Found) {
    let count = rubric.len();
    found.unless(
        (1..=CRITERIA).contains(&count),
        &["rubric"],
        "count",
        "1 to 50 criteria",
    );
    let mut ids = BTreeSet::new();
    for (place, criterion) in rubric.iter().enumerate() {
        let place = place.to_string();
        let under = ["rubric", &place];
        let at = |name| [&under[..], &[name]].concat();
        found.id(&criterion.id, &mut ids, &at("id"));
        found.text(&criterion.name, &at("name"), 200);
        let share = (0.0..=1.0).contains(&criterion.weight);
        found.unless(share, &at("weight"), "weight", "a weight is 0 to 1");
        let scale = &criterion.scale;
        let small = scale.min.abs() <= 1e6 && scale.max.abs() <= 1e6;
        found.unless(
            scale.min < scale.max && small,
            &at("scale"),
            "scale",
            "`min` is below `max`, and neither is beyond a million",
        );
        if let Some(labels) = &scale.labels {
            found.unless(
                labels.len() <= 100,
                &at("scale"),
                "scale",
                "100 labels at most",
            );
        }
    }
    let whole: f64 = rubric.iter().map(|criterion| criterion.weight).sum();
    found.unless(
        (whole - 1.0).abs() < EPSILON,
        &["rubric"],
        "weights",
        "the weights together are 1",
    );
}

#[cfg(test)]
mod tests;
