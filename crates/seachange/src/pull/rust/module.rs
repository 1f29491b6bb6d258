//! The module file: what there is, how it is registered, and the indexes beside it.

use std::fmt::Write;

use super::super::declared::Entities;

pub(super) fn text(declared: &Entities) -> String {
    let mut modules: Vec<&str> = declared
        .entities
        .iter()
        .map(|it| it.module.as_str())
        .collect();
    if !declared.enums.is_empty() {
        modules.push("enums");
    }
    modules.sort_unstable();
    let mut text = String::from(
        "//! One file a table, written by `pull` from a database. What attributes can't say about them stands\n\
         //! in `sql/before` and `sql/after`.\n\n",
    );
    for module in modules {
        let _ = writeln!(text, "pub mod {module};");
    }
    let indexes = || declared.entities.iter().flat_map(|entity| &entity.indexes);
    let any = indexes().next().is_some();
    text.push_str(match any {
        true => {
            "\nuse sea_orm::sea_query::{Index, IndexCreateStatement};\n\
             use sea_orm::{DbBackend, EntityRegistry, EntityTrait, Schema, SchemaBuilder};\n"
        }
        false => {
            "\nuse sea_orm::sea_query::IndexCreateStatement;\n\
             use sea_orm::{DbBackend, EntityRegistry, Schema, SchemaBuilder};\n"
        }
    });
    text.push_str(
        "\n/// Every entity of this module. They register themselves, so a new one can't be forgotten.\n\
         pub fn schema() -> SchemaBuilder {\n    \
         let inside = concat!(module_path!(), \"::\");\n    \
         EntityRegistry::build_schema(Schema::new(DbBackend::Postgres), inside)\n}\n\
         \n/// Every index that stands beside an entity.\n\
         pub fn indexes() -> Vec<IndexCreateStatement> {\n",
    );
    let with: Vec<String> = declared
        .entities
        .iter()
        .filter(|entity| !entity.indexes.is_empty())
        .map(|entity| format!("{}::indexes()", entity.module))
        .collect();
    match with.as_slice() {
        [] => text.push_str("    Vec::new()\n}\n"),
        [one] => {
            let _ = write!(text, "    {one}\n}}\n");
        }
        all => {
            let _ = write!(text, "    [{}].concat()\n}}\n", all.join(", "));
        }
    }
    if any {
        index(&mut text);
    }
    if indexes().any(|index| index.unique) {
        unique_index(&mut text);
    }
    text
}

/// What entities write their indexes with.
fn index(text: &mut String) {
    text.push_str(
        "\nfn index<E: EntityTrait>(entity: E, name: &str, columns: &[E::Column]) -> IndexCreateStatement {\n    \
         let mut index = Index::create();\n    \
         index.name(name).table(entity.table_ref());\n    \
         for column in columns {\n        index.col(*column);\n    }\n    \
         index\n}\n",
    );
}

fn unique_index(text: &mut String) {
    text.push_str(
        "\nfn unique_index<E: EntityTrait>(entity: E, name: &str, columns: &[E::Column]) -> IndexCreateStatement {\n    \
         index(entity, name, columns).unique().take()\n}\n",
    );
}
