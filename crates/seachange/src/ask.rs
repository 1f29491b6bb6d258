//! Asks a live database, before a change is tried, whether its rows allow it. Reads, and changes nothing.

use std::time::Duration;

use seachange_schema::question::Question;
use serde::Serialize;
use sqlx::{AssertSqlSafe, PgConnection, Row};

/// How many rows are named.
const NAMED: usize = 5;
/// More are not counted.
const COUNTED: i64 = 10_000;

/// A question and what came of it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Asked {
    /// What was asked.
    #[serde(flatten)]
    pub question: Question,
    /// What the rows say.
    pub answer: Answer,
}

/// What the rows say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "result")]
pub enum Answer {
    /// Nothing is in the way.
    Fine,
    /// The change would fail.
    Fails {
        /// How many rows, or keys that several rows have; none where the first one already ended the question.
        count: Option<i64>,
        /// Whether they are more than were counted.
        more: bool,
        /// The first few as JSON, or PostgreSQL's message about one.
        examples: Vec<String>,
    },
    /// It could not be told.
    Unknown {
        /// PostgreSQL's message, or that time ran out.
        why: String,
    },
}

/// Asks one question after the other, each in a snapshot of its own that can't write.
///
/// # Errors
/// When the connection is lost; a question that fails is an answer.
#[tracing::instrument(name = "ask", skip_all)]
pub async fn ask(
    connection: &mut PgConnection,
    questions: &[Question],
    time: Duration,
) -> Result<Vec<Asked>, sqlx::Error> {
    let mut all = Vec::new();
    for question in questions {
        let begin = format!(
            "BEGIN READ ONLY; SET LOCAL statement_timeout = {}; SET LOCAL lock_timeout = '2s'",
            time.as_millis()
        );
        run(connection, begin).await?;
        let answer = match question.probe {
            true => probed(connection, question).await,
            false => found(connection, question).await,
        };
        run(connection, "ROLLBACK".to_owned()).await?;
        all.push(Asked {
            question: question.clone(),
            answer: match answer {
                Ok(answer) => answer,
                Err(error) if error.as_database_error().is_some() => Answer::Unknown {
                    why: error.to_string(),
                },
                Err(error) => return Err(error),
            },
        });
    }
    Ok(all)
}

async fn found(connection: &mut PgConnection, question: &Question) -> Result<Answer, sqlx::Error> {
    let sql = &question.sql;
    let limit = COUNTED + 1;
    let rows = format!(
        "SELECT to_json(q)::text, count(*) OVER () FROM ({sql} LIMIT {limit}) q LIMIT {NAMED}"
    );
    let rows = sqlx::query(AssertSqlSafe(rows))
        .fetch_all(connection)
        .await?;
    let Some(first) = rows.first() else {
        return Ok(Answer::Fine);
    };
    let count: i64 = first.try_get(1)?;
    let examples = rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?;
    Ok(Answer::Fails {
        count: Some(count.min(COUNTED)),
        more: count > COUNTED,
        examples,
    })
}

/// A value that can't be cast ends the query: SQLSTATE class 22, "Data Exception", and 23 for a domain's check.
async fn probed(connection: &mut PgConnection, question: &Question) -> Result<Answer, sqlx::Error> {
    let tried = sqlx::query(AssertSqlSafe(question.sql.clone()))
        .fetch_one(connection)
        .await;
    match tried {
        Ok(_) => Ok(Answer::Fine),
        Err(sqlx::Error::Database(error))
            if (error.code())
                .is_some_and(|code| code.starts_with("22") || code.starts_with("23")) =>
        {
            Ok(Answer::Fails {
                count: None,
                more: false,
                examples: vec![error.message().to_owned()],
            })
        }
        Err(error) => Err(error),
    }
}

async fn run(connection: &mut PgConnection, sql: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .map(drop)
}
