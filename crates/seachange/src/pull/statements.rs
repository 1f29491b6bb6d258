//! The statements that SeaORM will make of the entities, as `source` records them.

use sea_orm::sea_query::extension::postgres::Type;
use sea_orm::sea_query::{
    ColumnDef, Expr, ForeignKey, Index as SeaIndex, IndexCreateStatement, IntoIden, IntoTableRef,
    TableCreateStatement, TableRef,
};
use seachange_schema::Name;
use seachange_schema::name::DEFAULT_SCHEMA;

use super::declared::{BelongsTo, Entities, Entity, Field, Index, Literal};
use crate::entities::{EntitiesError, Recorded, Seen, assembled};

/// What the entities come to, without the SQL beside them.
pub(super) fn recorded(declared: &Entities) -> Result<Recorded, EntitiesError> {
    let mut seen = Vec::new();
    let mut indexes = Vec::new();
    for one in &declared.enums {
        let labels = one
            .labels
            .iter()
            .map(|(_, label)| label.clone().into_iden());
        let create = Type::create()
            .as_enum(one.name.as_str().to_owned())
            .values(labels)
            .to_owned();
        seen.push(Seen::Type(create));
    }
    for entity in &declared.entities {
        seen.push(Seen::Table(Box::new(table(entity))));
        seen.extend(attributes(entity).into_iter().map(Seen::Index));
        indexes.extend(entity.indexes.iter().map(|one| index(entity, one)));
    }
    assembled(seen, indexes)
}

fn table(entity: &Entity) -> TableCreateStatement {
    let mut create = TableCreateStatement::new();
    create.table(reference(&entity.table));
    if let Some(comment) = &entity.comment {
        create.comment(comment);
    }
    let key: Vec<&Field> = entity.fields.iter().filter(|it| it.primary_key).collect();
    for field in &entity.fields {
        create.col(column(field, key.len()));
    }
    if key.len() > 1 {
        let mut index = SeaIndex::create();
        for field in key {
            index.col(field.column.as_str().to_owned());
        }
        index
            .name(format!("pk-{}", entity.table.name.as_str()))
            .primary();
        create.primary_key(&mut index);
    }
    for belongs_to in entity.belongs_to.iter().filter(|it| !it.skip_fk) {
        foreign_key(entity, belongs_to, &mut create);
    }
    create
}

fn column(field: &Field, key_length: usize) -> ColumnDef {
    let name = field.column.as_str().to_owned();
    let mut column = ColumnDef::new_with_type(name, field.kind.sql.clone());
    if !field.null {
        column.not_null();
    }
    if field.unique {
        column.unique_key();
    }
    match &field.default {
        None => {}
        Some(Literal::Bool(value)) => drop(column.default(*value)),
        Some(Literal::Integer(value)) => drop(column.default(*value)),
        Some(Literal::Text(value)) => drop(column.default(value.as_str())),
        Some(Literal::Expression(text)) => drop(column.default(Expr::cust(text.clone()))),
    }
    if let Some(comment) = &field.comment {
        column.comment(comment);
    }
    if let Some(extra) = &field.extra {
        column.extra(extra);
    }
    if field.auto_increment {
        column.auto_increment();
    }
    if field.primary_key && key_length == 1 {
        column.primary_key();
    }
    column
}

fn foreign_key(entity: &Entity, key: &BelongsTo, create: &mut TableCreateStatement) {
    let columns: Vec<&str> = key.from.iter().map(|column| column.as_str()).collect();
    let mut statement = ForeignKey::create();
    statement
        .name(format!(
            "fk-{}-{}",
            entity.table.name.as_str(),
            columns.join("-")
        ))
        .from_tbl(reference(&entity.table))
        .to_tbl(reference(&key.target));
    for column in &key.from {
        statement.from_col(column.as_str().to_owned());
    }
    for column in &key.to {
        statement.to_col(column.as_str().to_owned());
    }
    if let Some(action) = key.on_delete {
        statement.on_delete(action);
    }
    if let Some(action) = key.on_update {
        statement.on_update(action);
    }
    create.foreign_key(&mut statement);
}

/// Those of `indexed` and `unique_key`.
fn attributes(entity: &Entity) -> Vec<IndexCreateStatement> {
    let indexed = entity.fields.iter().filter(|field| field.indexed);
    let single = indexed.map(|field| Index {
        name: format!(
            "idx-{}-{}",
            entity.table.name.as_str(),
            field.column.as_str()
        ),
        unique: false,
        columns: vec![field.column.clone()],
        variants: Vec::new(),
    });
    let mut keys: Vec<&String> = entity.fields.iter().flat_map(|it| &it.unique_key).collect();
    keys.sort();
    keys.dedup();
    let unique = keys.into_iter().map(|key| {
        let fields = entity.fields.iter();
        let fields = fields.filter(|field| field.unique_key.as_ref() == Some(key));
        Index {
            name: format!("idx-{}-{key}", entity.table.name.as_str()),
            unique: true,
            columns: fields.map(|field| field.column.clone()).collect(),
            variants: Vec::new(),
        }
    });
    single
        .chain(unique)
        .map(|one| index(entity, &one))
        .collect()
}

fn index(entity: &Entity, index: &Index) -> IndexCreateStatement {
    let mut create = SeaIndex::create();
    create.name(&index.name).table(reference(&entity.table));
    for column in &index.columns {
        create.col(column.as_str().to_owned());
    }
    if index.unique {
        create.unique();
    }
    create
}

fn reference(table: &Name) -> TableRef {
    let name = table.name.as_str().to_owned();
    match table.schema.as_str() {
        DEFAULT_SCHEMA => name.into_table_ref(),
        schema => (schema.to_owned(), name).into_table_ref(),
    }
}
