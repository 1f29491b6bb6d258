//! Which fields an error of PostgreSQL is about, so that it is said beside them.

use sqlx::AssertSqlSafe;

use super::change::{Change, Value};
use crate::answer::Refusal;
use crate::data::{Database, Relation};

const COLUMNS_OF: &str = "SELECT a.attname::text FROM pg_constraint c \
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) \
    WHERE c.conname = $1 AND c.conrelid = to_regclass($2) \
    UNION ALL SELECT a.attname::text FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid \
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) \
    WHERE ic.relname = $1 AND i.indrelid = to_regclass($2) \
    AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)";

/// The columns: as PostgreSQL names them, as the constraint has them, or those whose values are none of their types.
pub(super) async fn blame(
    database: &Database,
    relation: &Relation,
    refusal: &Refusal,
    change: &Change,
) -> Result<Vec<String>, Refusal> {
    let told = refusal.told();
    if let Some(column) = &told.column {
        return Ok(vec![column.clone()]);
    }
    if let Some(constraint) = &told.constraint {
        let mut reading = database.read().await?;
        let columns = sqlx::query_scalar(COLUMNS_OF)
            .bind(constraint)
            .bind(crate::data::qualified(&relation.name))
            .fetch_all(&mut *reading)
            .await?;
        return Ok(columns);
    }
    let (Change::Insert { set } | Change::Update { set, .. }) = change else {
        return Ok(Vec::new());
    };
    // Class 22 "Data Exception": a text that is no value of its type, or one too long for it.
    if !told
        .sqlstate
        .as_deref()
        .is_some_and(|code| code.starts_with("22"))
    {
        return Ok(Vec::new());
    }
    let mut wrong = Vec::new();
    for (name, value) in set {
        let (Some(column), Value::Text(text)) = (relation.column(name), value) else {
            continue;
        };
        let mut reading = database.read().await?;
        let cast = format!("SELECT $1::text::{} IS NULL", column.type_name);
        let fits = sqlx::query_scalar::<_, bool>(AssertSqlSafe(cast))
            .bind(text)
            .persistent(false)
            .fetch_one(&mut *reading)
            .await;
        let too_long = column
            .longest()
            .is_some_and(|most| text.chars().count() > most);
        if fits.is_err() || too_long {
            wrong.push(name.clone());
        }
    }
    Ok(wrong)
}
