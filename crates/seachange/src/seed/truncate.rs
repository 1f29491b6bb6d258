//! Making room: the planned tables emptied inside the loading's own transaction.

use std::collections::BTreeSet;

use seachange_schema::model::{ConstraintKind, Object, ObjectId};
use seachange_schema::{Ident, Name, Schema};
use sqlx::{AssertSqlSafe, PgConnection};

use super::error::SeedError;
use super::table::Planned;
use crate::filling::Trigger;

/// The first planned table with rows in it.
pub(super) async fn occupied(
    connection: &mut PgConnection,
    tables: &[&dyn Planned],
) -> Result<Option<String>, SeedError> {
    for table in tables {
        if has_rows(connection, table.name()).await? {
            return Ok(Some(table.name().plain()));
        }
    }
    Ok(None)
}

/// Empties the planned tables. Never by CASCADE: a table that nobody planned keeps its rows, and where
/// they refer to planned ones it is an error.
pub(super) async fn truncate(
    connection: &mut PgConnection,
    tables: &[&dyn Planned],
    schema: &Schema,
) -> Result<(), SeedError> {
    let mut emptied: BTreeSet<&Name> = tables.iter().map(|table| table.name()).collect();
    while let Some(referring) = referring(schema, &emptied) {
        if has_rows(connection, referring).await? {
            return Err(SeedError::Referring {
                table: referring.plain(),
            });
        }
        emptied.insert(referring);
    }
    if emptied.is_empty() {
        return Ok(());
    }
    let triggers = triggers(connection, &emptied).await?;
    let list: Vec<String> = emptied.iter().map(ToString::to_string).collect();
    let mut statements: Vec<String> = triggers.iter().map(Trigger::off).collect();
    statements.push(format!("TRUNCATE {} RESTART IDENTITY", list.join(", ")));
    statements.extend(triggers.iter().map(Trigger::on));
    let sql = statements.join(";\n");
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .map_err(SeedError::sql("empty the tables"))?;
    Ok(())
}

/// A table outside that refers to one of them: PostgreSQL wants it emptied along.
fn referring<'a>(schema: &'a Schema, emptied: &BTreeSet<&Name>) -> Option<&'a Name> {
    schema.objects.iter().find_map(|(id, object)| {
        let (ObjectId::Constraint { table, .. }, Object::Constraint(constraint)) = (id, object)
        else {
            return None;
        };
        let target = constraint.references.as_ref()?;
        let refers = constraint.kind == ConstraintKind::ForeignKey && emptied.contains(target);
        (refers && !emptied.contains(table)).then_some(table)
    })
}

/// Those that a TRUNCATE would fire, such as an audit log's that refuses it: whoever empties these tables
/// has said so, and they are switched on again before anybody else sees the table.
async fn triggers(
    connection: &mut PgConnection,
    tables: &BTreeSet<&Name>,
) -> Result<Vec<Trigger>, SeedError> {
    let names: Vec<String> = tables.iter().map(ToString::to_string).collect();
    // pg_trigger.tgtype: 32 is TRUNCATE.
    let found: Vec<(String, String, String, bool)> = sqlx::query_as(
        "SELECT n.nspname::text, c.relname::text, t.tgname::text, t.tgenabled = 'A' \
         FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE t.tgrelid = ANY ($1::text[]::regclass[]) AND NOT t.tgisinternal \
         AND t.tgtype & 32 <> 0 AND t.tgenabled IN ('O', 'A') ORDER BY 1, 2, 3",
    )
    .bind(names)
    .fetch_all(connection)
    .await
    .map_err(SeedError::sql("look for triggers"))?;
    let trigger = |(schema, table, name, always): (String, String, String, bool)| Trigger {
        table: Name::new(schema, table),
        name: Ident::new(name),
        always,
    };
    Ok(found.into_iter().map(trigger).collect())
}

async fn has_rows(connection: &mut PgConnection, table: &Name) -> Result<bool, SeedError> {
    let query = format!("SELECT EXISTS (SELECT FROM {table})");
    sqlx::query_scalar(AssertSqlSafe(query))
        .fetch_one(connection)
        .await
        .map_err(SeedError::sql("look for rows"))
}
