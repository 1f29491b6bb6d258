//! One entity's file.

use std::collections::BTreeSet;
use std::fmt::Write;

use seachange_schema::name::DEFAULT_SCHEMA;

use super::super::declared::{Entity, Enum, Field, Literal};
use super::super::names::raw;
use super::{attribute, relation, said};

pub(super) fn text(entity: &Entity, enums: &[Enum]) -> String {
    let plain = entity.table.plain().replace(char::is_control, " ");
    let mut text = format!("//! The table `{plain}`.\n\nuse sea_orm::entity::prelude::*;\n");
    if !entity.indexes.is_empty() {
        text.push_str("use sea_orm::sea_query::IndexCreateStatement;\n");
    }
    text.push_str(&imports(entity, enums));
    let eq = match entity.fields.iter().any(is_float) {
        true => "PartialEq",
        false => "PartialEq, Eq",
    };
    let _ = write!(
        text,
        "\n#[sea_orm::model]\n#[derive(Clone, Debug, {eq}, DeriveEntityModel)]\n\
         #[sea_orm({})]\npub struct Model {{\n",
        head(entity).join(", ")
    );
    for one in &entity.fields {
        text.push_str(&field(entity, one));
    }
    if !(entity.belongs_to.is_empty() && entity.has.is_empty()) {
        text.push('\n');
    }
    for one in &entity.belongs_to {
        text.push_str(&relation::belongs_to(one));
    }
    for one in &entity.has {
        text.push_str(&relation::has(one));
    }
    text.push_str("}\n\nimpl ActiveModelBehavior for ActiveModel {}\n");
    if !entity.indexes.is_empty() {
        text.push_str("\npub fn indexes() -> Vec<IndexCreateStatement> {\n    vec![\n");
        for index in &entity.indexes {
            let columns = index.variants.iter().map(|it| format!("Column::{it}"));
            let columns = Vec::from_iter(columns).join(", ");
            let function = if index.unique {
                "unique_index"
            } else {
                "index"
            };
            let _ = writeln!(
                text,
                "        {function}(Entity, {:?}, &[{columns}]),",
                index.name
            );
        }
        text.push_str("    ]\n}\n");
    }
    text
}

fn is_float(field: &Field) -> bool {
    field.kind.rust.contains("f32") || field.kind.rust.contains("f64")
}

fn imports(entity: &Entity, enums: &[Enum]) -> String {
    let used: BTreeSet<&str> = entity
        .fields
        .iter()
        .map(|field| {
            let rust = field.kind.rust.as_str();
            let element = rust
                .strip_prefix("Vec<")
                .and_then(|it| it.strip_suffix('>'));
            element.unwrap_or(rust)
        })
        .filter(|rust| enums.iter().any(|one| one.rust == *rust))
        .collect();
    let plain = entity.indexes.iter().any(|index| !index.unique);
    let unique = entity.indexes.iter().any(|index| index.unique);
    let helpers = [(plain, "index"), (unique, "unique_index")];
    let helpers: Vec<&str> = helpers.iter().filter(|it| it.0).map(|it| it.1).collect();
    let mut text = String::new();
    if !used.is_empty() {
        let used = Vec::from_iter(used);
        let _ = writeln!(text, "use super::enums::{};", listed(&used));
    }
    if !helpers.is_empty() {
        let _ = writeln!(text, "use super::{};", listed(&helpers));
    }
    match text.is_empty() {
        true => text,
        false => format!("\n{text}"),
    }
}

fn listed(names: &[&str]) -> String {
    match names {
        [one] => (*one).to_owned(),
        many => format!("{{{}}}", many.join(", ")),
    }
}

fn head(entity: &Entity) -> Vec<String> {
    let mut parts = Vec::new();
    if entity.table.schema.as_str() != DEFAULT_SCHEMA {
        parts.push(said("schema_name", entity.table.schema.as_str()));
    }
    parts.push(said("table_name", entity.table.name.as_str()));
    parts.extend(entity.comment.iter().map(|it| said("comment", it)));
    parts
}

fn field(entity: &Entity, field: &Field) -> String {
    let mut parts = Vec::new();
    if field.primary_key {
        parts.push("primary_key".to_owned());
        let alone = entity.fields.iter().filter(|it| it.primary_key).count() == 1;
        let of_itself = field.kind.rust.ends_with("String") || field.kind.rust.ends_with("Uuid");
        if alone && !field.auto_increment && !of_itself {
            parts.push("auto_increment = false".to_owned());
        }
    }
    if field.column.as_str() != field.name {
        parts.push(said("column_name", field.column.as_str()));
    }
    parts.extend(
        field
            .kind
            .attribute
            .iter()
            .map(|it| said("column_type", it)),
    );
    if let Some(cast) = &field.kind.cast {
        parts.push(said("select_as", &cast.read));
        parts.push(said("save_as", &cast.write));
    }
    if field.unique {
        parts.push("unique".to_owned());
    }
    if field.indexed {
        parts.push("indexed".to_owned());
    }
    parts.extend(field.unique_key.iter().map(|it| said("unique_key", it)));
    parts.extend(field.default.as_ref().map(|default| match default {
        Literal::Bool(value) => format!("default_value = {value}"),
        Literal::Integer(value) => format!("default_value = {value}"),
        Literal::Text(value) => said("default_value", value),
        Literal::Expression(sql) => said("default_expr", &format!("Expr::cust({sql:?})")),
    }));
    parts.extend(field.extra.iter().map(|it| said("extra", it)));
    parts.extend(field.comment.iter().map(|it| said("comment", it)));
    let rust = match field.null {
        true => format!("Option<{}>", field.kind.rust),
        false => field.kind.rust.clone(),
    };
    let generated = field
        .extra
        .as_ref()
        .is_some_and(|it| it.contains("GENERATED ALWAYS AS ("));
    let remark = match generated {
        true => "    /// The database computes it; leave it unset.\n",
        false => "",
    };
    let name = raw(&field.name);
    format!("{remark}{}    pub {name}: {rust},\n", attribute(&parts))
}
