//! A statement run as it stands. All that it does is done, however many of its rows are shown.

use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Either, PgConnection};

use super::outcome::{Given, Room};
use crate::answer::Refusal;

pub(super) async fn run(
    connection: &mut PgConnection,
    sql: &str,
    room: &mut Room,
) -> Result<Given, Refusal> {
    let mut given = Given::default();
    let mut counted = 0;
    // The simple protocol: every value comes as text, of whatever type it is.
    let mut stream = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_many(connection);
    while let Some(next) = stream.try_next().await? {
        match next {
            Either::Left(done) => counted += done.rows_affected(),
            Either::Right(row) => given.take(&row, room)?,
        }
    }
    given.counted = Some(counted);
    Ok(given)
}
