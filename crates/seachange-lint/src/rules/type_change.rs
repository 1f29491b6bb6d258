//! What a change of type does, by the planner's matrix and the few pairs that it leaves to PostgreSQL.

use seachange_schema::plan::HazardCode;

use super::Site;
use crate::deed::{ColumnChange, What};

/// The change of type that the deed is: the column as `table.column`, its types, what it does.
pub(super) struct TypeChange {
    pub(super) subject: String,
    pub(super) table: String,
    /// None where no catalog tells it.
    pub(super) from: Option<String>,
    pub(super) to: String,
    pub(super) effects: Vec<(HazardCode, String)>,
    /// Values are computed by an expression that is more than a cast.
    pub(super) computed: bool,
}

pub(super) fn of(site: &Site<'_, '_>) -> Option<TypeChange> {
    let What::AlterColumn {
        table,
        column,
        change: ColumnChange::Type { to, using },
    } = &site.deed.what
    else {
        return None;
    };
    if !site.state.is_old(table) {
        return None;
    }
    let from = site.state.column_type(table, column);
    let computed = using
        .as_ref()
        .is_some_and(|using| !using.calls.is_empty() || !is_cast_of(&using.text, column.as_str()));
    let effects = match &from {
        Some(from) => between(site, from, &to.name),
        None => Vec::new(),
    };
    Some(TypeChange {
        subject: format!("{}.{}", table.plain(), column.as_str()),
        table: table.plain(),
        from,
        to: to.name.clone(),
        effects,
        computed,
    })
}

/// `a`, `a::text`, `"a"::text::int`, `CAST(a AS int)`: an expression that only changes the type.
fn is_cast_of(text: &str, column: &str) -> bool {
    let plain: String = text.chars().filter(|&it| !"()\"".contains(it)).collect();
    let plain = plain.trim().to_ascii_lowercase();
    let plain = plain.strip_prefix("cast").map_or(plain.as_str(), str::trim);
    let column = column.to_ascii_lowercase();
    plain == column
        || plain
            .strip_prefix(&column)
            .is_some_and(|rest| rest.starts_with("::") || rest.starts_with(" as "))
}

/// With domains taken for what they are over, and types of the file's own for strangers.
fn between(site: &Site<'_, '_>, from: &str, to: &str) -> Vec<(HazardCode, String)> {
    let rewrites = |why: String| vec![(HazardCode::RewritesTable, why)];
    if site.state.is_made_type(to) {
        return rewrites(format!("{to} is made by the file"));
    }
    let (base_from, _) = site.state.base_type(from);
    let (base_to, constrained) = site.state.base_type(to);
    let mut found = effects(&base_from, &base_to);
    let rewritten = found
        .iter()
        .any(|(code, _)| *code == HazardCode::RewritesTable);
    if constrained && from != to && !rewritten {
        found.extend(rewrites(format!(
            "the checks of {to} are held against every value"
        )));
    }
    found
}

fn effects(from: &str, to: &str) -> Vec<(HazardCode, String)> {
    let base = |name: &str| name.split('(').next().unwrap_or(name).trim().to_owned();
    let length = |name: &str| {
        let (_, inner) = name.split_once('(')?;
        inner.split([')', ',']).next()?.trim().parse::<u32>().ok()
    };
    let longer = match (length(from), length(to)) {
        (_, None) => true,
        (Some(before), Some(after)) => after >= before,
        (None, Some(_)) => false,
    };
    // Nothing is rewritten; measured, as the rest of the matrix is.
    let same = from == to
        || (from == "cidr" && to == "inet")
        || (base(from) == base(to)
            && longer
            && matches!(base(from).as_str(), "bit varying" | "interval" | "time"));
    // The values stay as they are, and indexes on them are built anew.
    let indexes_only = from == "integer" && to == "oid";
    match same || indexes_only {
        true => Vec::new(),
        false => match (from.strip_suffix("[]"), to.strip_suffix("[]")) {
            (Some(from), Some(to)) => seachange_schema::type_change(from, to),
            _ => seachange_schema::type_change(from, to),
        },
    }
}
