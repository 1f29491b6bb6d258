//! Rows written as running code writes them, and as new code will: each has to be there for the other.

use seachange_schema::Ident;
use seachange_schema::plan::{InStep, Refusal};
use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::ExpandError;

/// One of these is a value of nearly every type; labels of enums come before them.
const TRIED: [&str; 16] = [
    "1",
    "2",
    "a",
    "b",
    "true",
    "false",
    "2026-01-01",
    "2026-01-02",
    "00000000-0000-0000-0000-000000000001",
    "00000000-0000-0000-0000-000000000002",
    "{}",
    "{\"a\": 1}",
    "127.0.0.1",
    "10.0.0.1",
    "(1,2)",
    "08:00:00:00:00:01",
];

/// Writes to a copy of each table in both shapes, and reads the other one.
///
/// # Errors
/// Where a value does not arrive, and where no value is known to try with.
pub(super) async fn both_shapes(
    connection: &mut PgConnection,
    in_step: &[InStep],
) -> Result<(), ExpandError> {
    for pair in in_step {
        run(connection, "BEGIN".to_owned()).await?;
        let tried = both_ways(connection, pair).await;
        run(connection, "ROLLBACK".to_owned()).await?;
        tried?;
    }
    Ok(())
}

async fn both_ways(connection: &mut PgConnection, pair: &InStep) -> Result<(), ExpandError> {
    let InStep {
        table,
        old,
        new,
        trigger,
        ..
    } = pair;
    run(
        connection,
        format!(
            "CREATE TEMP TABLE seachange_tried ON COMMIT DROP AS SELECT * FROM {table} WITH NO DATA"
        ),
    )
    .await?;
    run(
        connection,
        format!(
            "CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON seachange_tried FOR EACH ROW EXECUTE FUNCTION {}()",
            table.sibling(trigger)
        ),
    )
    .await?;
    let (first, second) = values(connection, pair).await?;
    for (written, read) in [(old, new), (new, old)] {
        let insert = format!(
            "INSERT INTO seachange_tried ({written}) VALUES ($1::text::{})",
            typed(connection, written).await?
        );
        let update = format!(
            "UPDATE seachange_tried SET {written} = $1::text::{}",
            typed(connection, written).await?
        );
        for (statement, value) in [(&insert, &first), (&update, &second), (&update, &first)] {
            sqlx::query(AssertSqlSafe(statement.clone()))
                .bind(value)
                .execute(&mut *connection)
                .await?;
            let found = sqlx::query(AssertSqlSafe(format!(
                "SELECT {written}::text, {read}::text FROM seachange_tried"
            )))
            .fetch_one(&mut *connection)
            .await?;
            let (expected, found): (Option<String>, Option<String>) =
                (found.try_get(0)?, found.try_get(1)?);
            if expected.is_none() || expected != found {
                return Err(ExpandError::NotInStep {
                    table: table.plain(),
                    how: format!(
                        "with {} in {written}, {read} holds {}",
                        shown(expected),
                        shown(found)
                    ),
                });
            }
        }
        run(connection, "TRUNCATE seachange_tried".to_owned()).await?;
    }
    Ok(())
}

fn shown(value: Option<String>) -> String {
    value.map_or_else(|| "NULL".to_owned(), |value| format!("`{value}`"))
}

async fn typed(connection: &mut PgConnection, column: &Ident) -> Result<String, ExpandError> {
    let found = sqlx::query(
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute \
         WHERE attrelid = 'seachange_tried'::regclass AND attname = $1",
    )
    .bind(column.as_str())
    .fetch_one(connection)
    .await?;
    Ok(found.try_get(0)?)
}

/// Two values of the columns' type; the same one twice where only one is known.
async fn values(
    connection: &mut PgConnection,
    pair: &InStep,
) -> Result<(String, String), ExpandError> {
    let data_type = typed(connection, &pair.new).await?;
    let labels = sqlx::query(
        "SELECT enumlabel::text FROM pg_enum JOIN pg_attribute ON enumtypid = atttypid \
         WHERE attrelid = 'seachange_tried'::regclass AND attname = $1 ORDER BY enumsortorder LIMIT 2",
    )
    .bind(pair.new.as_str())
    .fetch_all(&mut *connection)
    .await?;
    let mut known: Vec<String> = Vec::new();
    for label in &labels {
        known.push(label.try_get(0)?);
    }
    for text in TRIED {
        if known.len() >= 2 {
            break;
        }
        run(connection, "SAVEPOINT tried".to_owned()).await?;
        let read = sqlx::query(AssertSqlSafe(format!("SELECT $1::text::{data_type}::text")))
            .bind(text)
            .execute(&mut *connection)
            .await;
        // What is no value of the type is the answer, not a failure.
        match read {
            Ok(_) => known.push(text.to_owned()),
            Err(_) => run(connection, "ROLLBACK TO tried".to_owned()).await?,
        }
    }
    match known.as_slice() {
        [] => Err(ExpandError::Refused(vec![Refusal {
            object: format!("column {}.{}", pair.table.plain(), pair.old.as_str()),
            reason: format!(
                "no value of {data_type} is known to try with whether both names hold the same"
            ),
        }])),
        [one] => Ok((one.clone(), one.clone())),
        [one, other, ..] => Ok((one.clone(), other.clone())),
    }
}

async fn run(connection: &mut PgConnection, statement: String) -> Result<(), ExpandError> {
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(connection)
        .await?;
    Ok(())
}
