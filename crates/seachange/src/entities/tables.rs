//! Tables and what hangs on them, taken apart: the table without its foreign keys, and these, its
//! indexes and its comments by themselves; sorted by name, so that link order does not matter.

use std::collections::BTreeSet;

use sea_orm::sea_query::{
    ForeignKeyCreateStatement, IndexCreateStatement, PostgresQueryBuilder, SchemaName,
    TableCreateStatement, TableName, TableRef,
};
use seachange_schema::name::{DEFAULT_SCHEMA, literal};
use seachange_schema::{Ident, Name};

use super::enums::Enums;
use super::recorded::{Piece, Recorded, Renamed};
use super::recorder::Seen;

/// Fills in everything but types and files.
pub(super) fn translate(
    seen: Vec<Seen>,
    declared_indexes: Vec<IndexCreateStatement>,
    enums: &Enums,
    into: &mut Recorded,
) {
    let mut tables = Vec::new();
    let mut indexes = Vec::new();
    for one in seen {
        match one {
            Seen::Table(create) => tables.push((name_of(create.get_table_name()), create)),
            Seen::Index(create) => indexes.push(create),
            Seen::Type(_) => {}
        }
    }
    tables.sort_by(|(a, _), (b, _)| a.cmp(b));
    let schemas: BTreeSet<&Ident> = tables.iter().map(|(name, _)| &name.schema).collect();
    for schema in schemas {
        if schema.as_str() != DEFAULT_SCHEMA {
            into.schemas.push(Piece {
                origin: format!("schema `{}`", schema.as_str()),
                sql: format!("CREATE SCHEMA IF NOT EXISTS {schema}"),
            });
        }
    }
    for (name, create) in &tables {
        into.tables.push(Piece {
            origin: format!("entity `{}`", name.plain()),
            sql: without_foreign_keys(create, enums).to_string(PostgresQueryBuilder),
        });
        for key in create.get_foreign_key_create_stmts() {
            into.foreign_keys.push(foreign_key(name, key));
        }
        remarks(name, create, into);
    }
    into.indexes = indexes.iter().chain(&declared_indexes).map(index).collect();
    for pieces in [&mut into.indexes, &mut into.foreign_keys] {
        pieces.sort_by(|a, b| (&a.origin, &a.sql).cmp(&(&b.origin, &b.sql)));
    }
    into.renamed_from.sort();
}

/// A table's name, in the default schema unless it says another.
pub(super) fn name_of(table: Option<&TableRef>) -> Name {
    match table {
        Some(TableRef::Table(TableName(schema, table), _)) => match schema {
            Some(SchemaName(_, schema)) => Name::new(schema.to_string(), table.to_string()),
            None => Name::public(table.to_string()),
        },
        _ => Name::public(""),
    }
}

/// A statement's parts can be read but not taken out, so the table is made anew from what SeaORM
/// puts into one: columns and a composite primary key.
fn without_foreign_keys(create: &TableCreateStatement, enums: &Enums) -> TableCreateStatement {
    let mut table = TableCreateStatement::new();
    if let Some(name) = create.get_table_name() {
        table.table(name.clone());
    }
    for column in create.get_columns() {
        let mut column = column.clone();
        if let Some(spelling) = column.get_column_type().and_then(|it| enums.spelling(it)) {
            column.custom(spelling);
        }
        table.col(column);
    }
    for index in create.get_indexes() {
        table.primary_key(&mut index.clone());
    }
    table
}

fn foreign_key(table: &Name, create: &ForeignKeyCreateStatement) -> Piece {
    let name = create.get_foreign_key().get_name().unwrap_or_default();
    Piece {
        origin: format!("foreign key `{name}` of entity `{}`", table.plain()),
        sql: create.to_string(PostgresQueryBuilder),
    }
}

fn index(create: &IndexCreateStatement) -> Piece {
    let name = create.get_index_spec().get_name().unwrap_or_default();
    Piece {
        origin: format!("index `{name}`"),
        // How it is built says nothing about what it is, and a transaction allows but one way.
        sql: create
            .to_string(PostgresQueryBuilder)
            .replacen(" INDEX CONCURRENTLY ", " INDEX ", 1),
    }
}

/// Comments, which SeaORM leaves out for PostgreSQL, and the former names that travel in them.
fn remarks(table: &Name, create: &TableCreateStatement, into: &mut Recorded) {
    let (comment, from) = split(create.get_comment());
    into.comments.extend(comment.map(|comment| Piece {
        origin: format!("comment of entity `{}`", table.plain()),
        sql: format!("COMMENT ON TABLE {table} IS {}", literal(comment)),
    }));
    into.renamed_from.extend(from.map(|from| Renamed::Table {
        table: table.clone(),
        from: Ident::new(from),
    }));
    for column in create.get_columns() {
        let name = Ident::new(column.get_column_name());
        let (comment, from) = split(column.get_column_spec().comment.as_ref());
        into.comments.extend(comment.map(|comment| Piece {
            origin: format!("comment of entity `{}`", table.plain()),
            sql: format!("COMMENT ON COLUMN {table}.{name} IS {}", literal(comment)),
        }));
        into.renamed_from.extend(from.map(|from| Renamed::Column {
            table: table.clone(),
            column: name,
            from: Ident::new(from),
        }));
    }
}

/// SeaORM appends `renamed_from "old"` to a column's comment, behind `; ` if there is one. It knows
/// no such attribute for tables; written into an entity's comment it is understood all the same.
fn split(comment: Option<&String>) -> (Option<&str>, Option<&str>) {
    let Some(comment) = comment.map(String::as_str) else {
        return (None, None);
    };
    let suffix = comment
        .strip_suffix('"')
        .and_then(|rest| rest.rsplit_once("renamed_from \""));
    match suffix {
        Some(("", from)) => (None, Some(from)),
        Some((before, from)) if before.ends_with("; ") => {
            (Some(&before[..before.len() - 2]), Some(from))
        }
        _ => (Some(comment), None),
    }
}
