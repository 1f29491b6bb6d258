//! Type changes: whether a USING expression is needed, what PostgreSQL rewrites, and what values lose.
//!
//! The matrix was measured on PostgreSQL 15 (see also the manual, ALTER TABLE, "Notes").

use crate::plan::HazardCode;

/// The USING expression for a column whose type changes; none where PostgreSQL's assignment cast does
/// it. An assignment cast never cuts a string, an explicit one does: so USING is only written where
/// nothing else works.
pub(crate) fn using(column: &str, previous: &str, next: &str) -> Option<String> {
    if let (Some(from), Some(to)) = (previous.strip_suffix("[]"), next.strip_suffix("[]")) {
        // An array's elements are cast as they would be alone.
        return if assigned(from, to) {
            None
        } else if has_cast(from, to) {
            Some(format!("{column}::{next}"))
        } else {
            Some(through_text(column, previous, next))
        };
    }
    match (family(previous), family(next)) {
        _ if assigned(previous, next) => None,
        (Family::Number, Family::Boolean) if base(previous) != "integer" => {
            Some(format!("{column} <> 0"))
        }
        (Family::Boolean, Family::Number) if base(next) != "integer" => {
            Some(format!("{column}::integer::{next}"))
        }
        (Family::Text, _) => Some(format!("{column}::{next}")),
        _ if has_cast(previous, next) => Some(format!("{column}::{next}")),
        _ => Some(through_text(column, previous, next)),
    }
}

/// Every type can be written as text and read from it (PostgreSQL manual, CREATE CAST, "Notes").
fn through_text(column: &str, previous: &str, next: &str) -> String {
    let arrays = previous.ends_with("[]") && next.ends_with("[]");
    let array = if arrays { "[]" } else { "" };
    format!("{column}::text{array}::{next}")
}

/// Whether an assignment takes the one for the other.
fn assigned(previous: &str, next: &str) -> bool {
    let (from, to) = (family(previous), family(next));
    to == Family::Text || (from == to && from != Family::Other) || base(previous) == base(next)
}

/// Whether PostgreSQL brings a cast between two types that means something else than their text
/// (`pg_cast`; the families are not repeated).
fn has_cast(previous: &str, next: &str) -> bool {
    matches!(
        (base(previous).as_str(), base(next).as_str()),
        ("integer", "boolean")
            | ("boolean", "integer")
            | (
                "jsonb",
                "boolean"
                    | "smallint"
                    | "integer"
                    | "bigint"
                    | "numeric"
                    | "real"
                    | "double precision"
            )
            | ("smallint" | "integer" | "bigint", "oid" | "money")
            | ("oid", "integer" | "bigint")
            | ("numeric", "money")
            | ("money", "numeric")
            | ("integer" | "bigint", "bit")
            | ("bit", "integer" | "bigint")
            | ("bit", "bit varying")
            | ("bit varying", "bit")
            | ("cidr", "inet")
            | ("inet", "cidr")
            | ("macaddr", "macaddr8")
            | ("macaddr8", "macaddr")
            | (
                "timestamp without time zone" | "timestamp with time zone",
                "time without time zone"
            )
            | ("timestamp with time zone", "time with time zone")
            | ("time without time zone", "time with time zone" | "interval")
            | ("time with time zone" | "interval", "time without time zone")
    )
}

fn base(name: &str) -> String {
    Type::parse(name).base
}

/// What the change does to the table and its values: code and message, the worst last.
pub fn effects(previous: &str, next: &str) -> Vec<(HazardCode, String)> {
    let rewrites = || {
        (
            HazardCode::RewritesTable,
            format!("writes the whole table anew under an exclusive lock ({previous} to {next})"),
        )
    };
    let may_fail = |why: &str| {
        (
            HazardCode::MayFail,
            format!("fails, and changes nothing, if a value {why}"),
        )
    };
    let changes = |how: &str| (HazardCode::ChangesValues, how.to_owned());
    let (from, to) = (Type::parse(previous), Type::parse(next));
    match (from.base.as_str(), to.base.as_str()) {
        ("interval", "interval") => return time_effects(&from, &to),
        ("cidr", "inet") => return Vec::new(),
        _ => {}
    }
    match (family(previous), family(next)) {
        (Family::Text, Family::Text) => text_effects(&from, &to),
        (Family::Number, Family::Number) => number_effects(&from, &to),
        (Family::Time, Family::Time) => time_effects(&from, &to),
        (Family::Json, Family::Json) => vec![rewrites()],
        (_, Family::Text) => match to.length() {
            Some(_) => vec![may_fail(&format!("is longer than {next}")), rewrites()],
            None => vec![rewrites()],
        },
        (Family::Number, Family::Boolean) => {
            vec![rewrites(), changes("every number but 0 becomes true")]
        }
        _ => vec![may_fail(&format!("can't be read as {next}")), rewrites()],
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Text,
    Number,
    Time,
    Json,
    Boolean,
    Other,
}

fn family(name: &str) -> Family {
    match Type::parse(name).base.as_str() {
        "text" | "character varying" | "character" | "citext" => Family::Text,
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => {
            Family::Number
        }
        "date" | "timestamp without time zone" | "timestamp with time zone" => Family::Time,
        "json" | "jsonb" => Family::Json,
        "boolean" => Family::Boolean,
        _ => Family::Other,
    }
}

/// A type's name as `format_type` spells it, taken apart.
struct Type {
    /// Without its modifiers: `timestamp with time zone`; arrays keep their brackets.
    base: String,
    modifiers: Vec<i32>,
}

impl Type {
    fn parse(name: &str) -> Self {
        match (name.find('('), name.find(')')) {
            (Some(open), Some(close)) if open < close => Self {
                base: format!("{}{}", &name[..open], &name[close + 1..]),
                modifiers: name[open + 1..close]
                    .split(',')
                    .filter_map(|number| number.trim().parse().ok())
                    .collect(),
            },
            _ => Self {
                base: name.to_owned(),
                modifiers: Vec::new(),
            },
        }
    }

    fn length(&self) -> Option<i32> {
        self.modifiers.first().copied()
    }

    fn scale(&self) -> Option<i32> {
        (!self.modifiers.is_empty()).then(|| self.modifiers.get(1).copied().unwrap_or(0))
    }

    fn display(&self) -> String {
        match self.modifiers.as_slice() {
            [] => self.base.clone(),
            some => {
                let some: Vec<String> = some.iter().map(i32::to_string).collect();
                format!("{}({})", self.base, some.join(","))
            }
        }
    }
}

fn rewrites(from: &Type, to: &Type) -> (HazardCode, String) {
    (
        HazardCode::RewritesTable,
        format!(
            "writes the whole table anew under an exclusive lock ({} to {})",
            from.display(),
            to.display()
        ),
    )
}

fn text_effects(from: &Type, to: &Type) -> Vec<(HazardCode, String)> {
    let padded = |which: &Type| which.base == "character";
    let longer = match (from.length(), to.length()) {
        (_, None) => true,
        (Some(before), Some(after)) => after >= before,
        (None, Some(_)) => false,
    };
    let mut effects = Vec::new();
    if !longer {
        effects.push((
            HazardCode::MayFail,
            format!(
                "fails, and changes nothing, if a value is longer than {}",
                to.display()
            ),
        ));
    }
    if !longer || padded(from) || padded(to) {
        effects.push(rewrites(from, to));
    }
    if !longer {
        // As the SQL standard has it, PostgreSQL refuses to cut anything but blanks.
        effects.push((
            HazardCode::ChangesValues,
            format!(
                "blanks at the end of a value that is longer than {} are cut",
                to.display()
            ),
        ));
    }
    effects
}

fn number_effects(from: &Type, to: &Type) -> Vec<(HazardCode, String)> {
    let whole = |which: &Type| match which.base.as_str() {
        "smallint" => Some(1),
        "integer" => Some(2),
        "bigint" => Some(3),
        _ => None,
    };
    let range = || {
        (
            HazardCode::MayFail,
            format!(
                "fails, and changes nothing, if a value is out of range for {}",
                to.display()
            ),
        )
    };
    let rounds = || {
        (
            HazardCode::ChangesValues,
            format!("values are rounded to {}", to.display()),
        )
    };
    match (whole(from), whole(to)) {
        (Some(before), Some(after)) if after > before => vec![rewrites(from, to)],
        (Some(_), Some(_)) => vec![range(), rewrites(from, to)],
        (None, Some(_)) => vec![range(), rewrites(from, to), rounds()],
        (Some(_), None) if to.base == "numeric" => match to.length() {
            None => vec![rewrites(from, to)],
            Some(_) => vec![range(), rewrites(from, to)],
        },
        (Some(_), None) => vec![rewrites(from, to), rounds()],
        (None, None) if from.base == "numeric" && to.base == "numeric" => {
            match (from.scale(), to.scale()) {
                (_, None) => Vec::new(),
                (Some(before), Some(after)) if before == after && to.length() >= from.length() => {
                    Vec::new()
                }
                (Some(before), Some(after)) if after >= before => {
                    vec![range(), rewrites(from, to)]
                }
                _ => vec![range(), rewrites(from, to), rounds()],
            }
        }
        (None, None) if from.base == "real" && to.base == "double precision" => {
            vec![rewrites(from, to)]
        }
        (None, None) => vec![range(), rewrites(from, to), rounds()],
    }
}

fn time_effects(from: &Type, to: &Type) -> Vec<(HazardCode, String)> {
    let precision = |which: &Type| which.length().unwrap_or(6);
    if from.base == to.base {
        return if precision(to) >= precision(from) {
            Vec::new()
        } else {
            vec![
                rewrites(from, to),
                (
                    HazardCode::ChangesValues,
                    format!("values are rounded to {}", to.display()),
                ),
            ]
        };
    }
    let mut effects = vec![rewrites(from, to)];
    if to.base == "date" {
        effects.push((
            HazardCode::ChangesValues,
            "the time of day is cut off".to_owned(),
        ));
    } else if from.base == "timestamp with time zone" {
        effects.push((
            HazardCode::ChangesValues,
            "the offset is lost: values become local times of the session's time zone".to_owned(),
        ));
    } else if from.base == "timestamp without time zone" {
        effects.push((
            HazardCode::MayFail,
            "values are taken for local times of the session's time zone".to_owned(),
        ));
    }
    effects
}
