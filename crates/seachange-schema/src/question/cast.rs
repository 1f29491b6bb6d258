//! Changes of type: which values the new one has no room for.

use super::{About, Asking, Question};
use crate::model::Column;
use crate::name::{Ident, Name};
use crate::plan::HazardCode;
use crate::render;

pub(super) fn question(
    asking: &Asking<'_>,
    table: &Name,
    name: &Ident,
    before: &Column,
    after: &Column,
) -> Option<Question> {
    let fails = render::type_change(&before.data_type, &after.data_type)
        .iter()
        .any(|(code, _)| *code == HazardCode::MayFail);
    if !fails {
        return None;
    }
    let wrong = format!("values that are none of {}", after.data_type);
    if let Some(condition) = too_large(name, &before.data_type, &after.data_type) {
        return Some(asking.found(About::Cast, wrong, table, &condition));
    }
    let column = name.to_string();
    let cast = render::cast(&column, &before.data_type, &after.data_type)
        .unwrap_or_else(|| format!("{column}::{}", after.data_type));
    Some(Question {
        about: About::Cast,
        subject: asking.id.plain(),
        wrong,
        sql: format!("SELECT count({cast}) FROM {table}"),
        probe: true,
    })
}

/// Where comparing tells it, so that the rows can be named.
fn too_large(column: &Ident, before: &str, after: &str) -> Option<String> {
    let whole = |name: &str| matches!(name, "smallint" | "integer" | "bigint");
    let text = |name: &str| name == "text" || name.starts_with("character varying");
    match after {
        "smallint" if whole(before) => Some(format!("{column} NOT BETWEEN -32768 AND 32767")),
        "integer" if whole(before) => {
            Some(format!("{column} NOT BETWEEN -2147483648 AND 2147483647"))
        }
        _ if text(before) => {
            let length: u32 = after
                .strip_prefix("character varying(")?
                .strip_suffix(')')?
                .parse()
                .ok()?;
            // Blanks at the end are cut without a word, as the SQL standard has it.
            Some(format!("length(rtrim({column}, ' ')) > {length}"))
        }
        _ => None,
    }
}
