//! The fields of an entity that lead to others.

use sea_orm::sea_query::ForeignKeyAction;

use super::super::declared::{BelongsTo, Has, How};
use super::super::names::{camel, raw};
use super::{attribute, said};

pub(super) fn belongs_to(one: &BelongsTo) -> String {
    let mut parts = vec![match one.module {
        Some(_) => "belongs_to".to_owned(),
        None => "self_ref".to_owned(),
    }];
    parts.extend(one.variant.iter().map(|it| said("relation_enum", it)));
    parts.extend(one.reverse.iter().map(|it| said("relation_reverse", it)));
    parts.push(said("from", &columns(&one.from_fields)));
    parts.push(said("to", &columns(&one.to_fields)));
    parts.extend(one.on_update.map(|it| said("on_update", action(it))));
    parts.extend(one.on_delete.map(|it| said("on_delete", action(it))));
    if one.skip_fk {
        parts.push("skip_fk".to_owned());
    }
    let entity = entity(one.module.as_deref());
    let entity = match one.null {
        true => format!("Option<{entity}>"),
        false => entity,
    };
    let name = raw(&one.field);
    format!(
        "{}    pub {name}: BelongsTo<{entity}>,\n",
        attribute(&parts)
    )
}

pub(super) fn has(one: &Has) -> String {
    let entity = entity(one.module.as_deref());
    let (parts, wrapper) = match &one.how {
        How::One => (vec!["has_one".to_owned()], "HasOne"),
        How::Many => (vec!["has_many".to_owned()], "HasMany"),
        How::Via(join) => (vec!["has_many".to_owned(), said("via", join)], "HasMany"),
        How::Named { variant, reverse } => {
            let (kind, back) = match one.module {
                Some(_) => ("has_many", "via_rel"),
                None => ("self_ref", "relation_reverse"),
            };
            let parts = vec![
                kind.to_owned(),
                said("relation_enum", variant),
                said(back, reverse),
            ];
            (parts, "HasMany")
        }
    };
    let name = raw(&one.field);
    format!(
        "{}    pub {name}: {wrapper}<{entity}>,\n",
        attribute(&parts)
    )
}

fn entity(module: Option<&str>) -> String {
    match module {
        Some(module) => format!("super::{module}::Entity"),
        None => "Entity".to_owned(),
    }
}

/// SeaORM reads these as names of Rust, where a keyword must not stand; its variant may.
fn columns(fields: &[String]) -> String {
    let name = |field: &String| match raw(field) == *field {
        true => field.clone(),
        false => camel(field),
    };
    match fields {
        [one] => name(one),
        many => format!("({})", Vec::from_iter(many.iter().map(name)).join(", ")),
    }
}

fn action(action: ForeignKeyAction) -> &'static str {
    match action {
        ForeignKeyAction::Cascade => "Cascade",
        ForeignKeyAction::SetNull => "SetNull",
        ForeignKeyAction::SetDefault => "SetDefault",
        ForeignKeyAction::Restrict => "Restrict",
        // PostgreSQL knows but one more.
        _ => "NoAction",
    }
}
