//! One answer to one field.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};
use db::json::{Field, FieldType};
use serde_json::Value;
use uuid::Uuid;

use crate::definition::pattern;

/// Where the program says nothing.
const LINE: usize = 1_000;
const TEXT: usize = 20_000;
const EMAIL: usize = 254;

type Wrong = (&'static str, String);

/// The code and the detail of what is wrong with it.
pub(super) fn check(field: &Field, answer: &Value, files: &BTreeSet<Uuid>) -> Result<(), Wrong> {
    match field.kind {
        FieldType::Text => text(field, answer, LINE).map(drop),
        FieldType::Textarea => text(field, answer, TEXT).map(drop),
        FieldType::Email => {
            let good = is_email(text(field, answer, EMAIL)?);
            or(good, "email", "it is no e-mail address")
        }
        FieldType::Phone => {
            let good = is_phone(text(field, answer, 40)?);
            or(
                good,
                "phone",
                "5 to 20 digits, with `+`, spaces and ()-./ between",
            )
        }
        FieldType::Select => {
            let chosen = answer.as_str().ok_or_else(|| shape("one of the options"))?;
            or(offers(field, chosen), "option", "it is none of the options")
        }
        FieldType::Multiselect => choices(field, answer),
        FieldType::Date => date(field, answer),
        FieldType::File => {
            let id = answer.as_str().and_then(|text| text.parse::<Uuid>().ok());
            let id = id.ok_or_else(|| shape("the id of a file"))?;
            or(
                files.contains(&id),
                "file",
                "this application has no such file",
            )
        }
        FieldType::Checkbox => or(answer.is_boolean(), "shape", "it is `true` or `false`"),
    }
}

fn text<'a>(field: &Field, answer: &'a Value, most: usize) -> Result<&'a str, Wrong> {
    let text = answer.as_str().ok_or_else(|| shape("a text"))?;
    let validation = field.validation.as_ref();
    let length = text.chars().count();
    let most = validation.and_then(|one| one.max).unwrap_or(most as f64);
    within(
        length,
        validation.and_then(|one| one.min),
        Some(most),
        "characters",
    )?;
    if let Some(expected) = validation.and_then(|one| one.pattern.as_deref()) {
        // A program's patterns were tried when it was defined; one that was not can't be matched.
        let good = pattern(expected).is_ok_and(|pattern| pattern.is_match(text));
        or(good, "pattern", "it is not written as it is asked for")?;
    }
    Ok(text)
}

fn choices(field: &Field, answer: &Value) -> Result<(), Wrong> {
    let items = answer
        .as_array()
        .ok_or_else(|| shape("a list of options"))?;
    let chosen: Option<BTreeSet<&str>> = items.iter().map(Value::as_str).collect();
    let chosen = chosen.ok_or_else(|| shape("a list of options"))?;
    or(
        chosen.len() == items.len(),
        "option",
        "an option is chosen twice",
    )?;
    let offered = chosen.iter().all(|option| offers(field, option));
    or(offered, "option", "one of them is none of the options")?;
    let validation = field.validation.as_ref();
    let bounds = validation.map_or((None, None), |one| (one.min, one.max));
    within(chosen.len(), bounds.0, bounds.1, "options")
}

fn date(field: &Field, answer: &Value) -> Result<(), Wrong> {
    let text = answer.as_str().filter(|text| text.len() == 10);
    let date = text.and_then(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok());
    let date = date.ok_or_else(|| shape("a date as YYYY-MM-DD"))?;
    let Some(validation) = &field.validation else {
        return Ok(());
    };
    let after = validation
        .min
        .and_then(date_of)
        .is_none_or(|min| date >= min);
    let before = validation
        .max
        .and_then(date_of)
        .is_none_or(|max| date <= max);
    or(
        after && before,
        "range",
        "the date is outside of what is asked for",
    )
}

/// A bound of dates: 20261231 is the last day of 2026.
pub(crate) fn date_of(number: f64) -> Option<NaiveDate> {
    if number.fract() != 0.0 || !(10_000_101.0..=99_991_231.0).contains(&number) {
        return None;
    }
    let number = number as u32;
    let year = i32::try_from(number / 10_000).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number / 100 % 100, number % 100)?;
    debug_assert_eq!(date.day(), number % 100);
    Some(date)
}

fn within(count: usize, min: Option<f64>, max: Option<f64>, what: &str) -> Result<(), Wrong> {
    let count = count as f64;
    if let Some(min) = min
        && count < min
    {
        return Err(("length", format!("at least {min} {what}")));
    }
    match max {
        Some(max) if count > max => Err(("length", format!("at most {max} {what}"))),
        _ => Ok(()),
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '@';
    let labels = domain.split('.').collect::<Vec<_>>();
    !local.is_empty()
        && local.chars().all(plain)
        && labels.len() > 1
        && labels.iter().all(|label| {
            !label.is_empty()
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (5..=20).contains(&digits)
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b" +()-./x".contains(&byte))
}

fn offers(field: &Field, option: &str) -> bool {
    field
        .options
        .iter()
        .flatten()
        .any(|offered| offered == option)
}

fn or(good: bool, code: &'static str, detail: &str) -> Result<(), Wrong> {
    match good {
        true => Ok(()),
        false => Err((code, detail.to_owned())),
    }
}

fn shape(what: &str) -> Wrong {
    ("shape", format!("it is not {what}"))
}
