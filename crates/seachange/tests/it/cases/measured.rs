//! Whether the steps of a case cost what they say, with its rows in the tables.

use seachange::draft::Draft;
use seachange::proof::{self, Leg, Wrong};
use seachange::source::{Road, Source};
use seachange_schema::Plan;
use sqlx::{AssertSqlSafe, PgConnection};

use super::chain;
use super::file::Case;

/// Runs both ways step by step; a difference is the error.
pub(super) async fn both_ways(
    road: &Road,
    case: &Case<'_>,
    previous: &Source,
    draft: &Draft,
) -> Result<(), String> {
    if [&draft.up, &draft.down]
        .iter()
        .any(|plan| !plan.refusals.is_empty())
    {
        return Ok(());
    }
    let database = road.database(previous).await.map_err(chain)?;
    let mut connection = database.connect().await.map_err(chain)?;
    let measured = async {
        sqlx::raw_sql(AssertSqlSafe(case.rows.to_owned()))
            .execute(&mut connection)
            .await
            .map_err(chain)?;
        one_way(&mut connection, &draft.up, Leg::Up).await?;
        one_way(&mut connection, &draft.down, Leg::Down).await
    };
    let measured = measured.await;
    drop(connection);
    database.drop().await.map_err(chain)?;
    measured
}

async fn one_way(connection: &mut PgConnection, plan: &Plan, leg: Leg) -> Result<(), String> {
    let measured = proof::measure(connection, plan, leg).await.map_err(chain)?;
    assert_eq!(measured.steps, plan.steps().count());
    let wrong: Vec<String> = measured.wrong.iter().map(Wrong::to_string).collect();
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(wrong.join("\n")),
    }
}
