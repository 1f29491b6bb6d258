//! The schema in SeaORM's own words: the `db` package's sources, a file an entity.

use std::path::PathBuf;

use super::super::schema::{LABELS, Schema, Table, status_name, table_name};

/// Up to so many tables, entities are written as `#[sea_orm::model]`. rustc takes half a second for
/// each of those, so of more tables each is written with its relations in an enumeration, as SeaORM 1
/// wanted it and SeaORM 2 still understands: a fifth of that, and the same statements.
pub(super) const MODELS: usize = 100;

/// What every package of this shape says, whatever its tables.
const LIB: &str = r#"//! A schema to measure with.
#![recursion_limit = "512"]

pub mod entity;
pub mod enums;

use sea_orm::sea_query::IndexCreateStatement;
use sea_orm::{DbBackend, EntityRegistry, Schema, SchemaBuilder};

pub const SQL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sql");

pub fn schema() -> SchemaBuilder {
    EntityRegistry::build_schema(Schema::new(DbBackend::Postgres), module_path!())
}

pub fn indexes() -> Vec<IndexCreateStatement> {
    entity::indexes()
}
"#;

/// The files below the package's `src`, and what each holds.
pub(super) fn sources(schema: &Schema) -> Vec<(PathBuf, String)> {
    let mut files = vec![
        ("lib.rs".into(), LIB.to_owned()),
        ("enums.rs".into(), enums(schema)),
        ("entity.rs".into(), doorplate(schema)),
    ];
    let write = match schema.tables.len() > MODELS {
        true => entity_with_relations,
        false => entity_as_model,
    };
    files.extend(schema.tables.iter().map(|table| {
        let path = PathBuf::from("entity").join(format!("{}.rs", table.name()));
        (path, write(table))
    }));
    files
}

/// A snake-case name as a type's.
fn type_name(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        })
        .collect()
}

fn enums(schema: &Schema) -> String {
    let mut text = "//! The enumerated types.\n\nuse sea_orm::entity::prelude::*;\n".to_owned();
    for &status in &schema.statuses {
        let name = status_name(status);
        let labels = LABELS.map(|label| {
            let variant = type_name(label);
            format!("    #[sea_orm(string_value = \"{label}\")]\n    {variant},\n")
        });
        text += &format!(
            r#"
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "{name}")]
pub enum {} {{
{}}}
"#,
            type_name(&name),
            labels.concat()
        );
    }
    text
}

fn doorplate(schema: &Schema) -> String {
    let mut text = "//! One file a table.\n\n".to_owned();
    let mut indexes = String::new();
    for table in &schema.tables {
        let name = table.name();
        text += &format!("pub mod {name};\n");
        indexes += &format!("        {name}::indexes(),\n");
    }
    text + &format!(
        r#"
use sea_orm::sea_query::IndexCreateStatement;

pub fn indexes() -> Vec<IndexCreateStatement> {{
    [
{indexes}    ]
    .concat()
}}
"#
    )
}

fn entity_as_model(table: &Table) -> String {
    let relation = table.previous.map_or_else(String::new, |number| {
        format!(
            r#"
    #[sea_orm(belongs_to, from = "previous_id", to = "id", on_delete = "Cascade")]
    pub previous: BelongsTo<Option<super::{}::Entity>>,
"#,
            table_name(number)
        )
    });
    entity(table, "#[sea_orm::model]\n", &relation, "")
}

fn entity_with_relations(table: &Table) -> String {
    let relation = table.previous.map_or_else(String::new, |number| {
        let previous = table_name(number);
        format!(
            r#"    #[sea_orm(
        belongs_to = "super::{previous}::Entity",
        from = "Column::PreviousId",
        to = "super::{previous}::Column::Id",
        on_delete = "Cascade"
    )]
    Previous,
"#
        )
    });
    let relations = format!(
        "#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]\npub enum Relation {{\n{relation}}}\n\n"
    );
    entity(table, "", "", &relations)
}

/// `attribute` stands before the model, `relation` is its last field, `relations` stands behind it.
fn entity(table: &Table, attribute: &str, relation: &str, relations: &str) -> String {
    let name = table.name();
    let status = type_name(&status_name(table.status));
    let default = LABELS[0];
    let added = table.added.as_ref().map_or_else(String::new, |column| {
        format!("    #[sea_orm(column_type = \"Text\")]\n    pub {column}: Option<String>,\n")
    });
    format!(
        r#"//! A table to measure with.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{{Index, IndexCreateStatement}};

use crate::enums::{status};

{attribute}#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "{name}")]
pub struct Model {{
    #[sea_orm(primary_key, default_expr = "Expr::cust(\"gen_random_uuid()\")")]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(default_value = 0)]
    pub quantity: i32,
    #[sea_orm(default_value = true)]
    pub active: bool,
    #[sea_orm(default_value = "{default}")]
    pub status: {status},
    #[sea_orm(column_type = "JsonBinary")]
    pub data: Option<Json>,
    pub previous_id: Option<Uuid>,
    #[sea_orm(default_expr = "Expr::cust(\"now()\")")]
    pub created_at: DateTimeUtc,
{added}{relation}}}

{relations}impl ActiveModelBehavior for ActiveModel {{}}

pub fn indexes() -> Vec<IndexCreateStatement> {{
    vec![
        Index::create()
            .name("{name}_status_idx")
            .table(Entity)
            .col(Column::Status)
            .take(),
        Index::create()
            .name("{name}_name_created_at_idx")
            .table(Entity)
            .col(Column::Name)
            .col(Column::CreatedAt)
            .take(),
    ]
}}
"#
    )
}
