//! A live database beside what its applied migrations make, by its own account.

use std::sync::Arc;

use seachange::connection;
use seachange::runner::Status;
use seachange::source::Source;
use seachange_schema::Schema;
use sqlx::Connection as _;

use super::{Drift, expected, told};
use crate::context::Context;
use crate::failure::Failure;
use crate::tables;
use crate::target::Target;

/// Both schemas, and how they differ.
pub(crate) struct OfDatabase {
    pub(crate) drift: Drift,
    pub(crate) expected: Arc<Schema>,
    /// But for what the rules overlook.
    pub(crate) live: Schema,
}

/// Reads the tables, replays what should have made them, and compares.
pub(crate) async fn of_database(
    context: &Context,
    target: &Target,
    status: &Status,
) -> Result<OfDatabase, Failure> {
    let rules = context.configuration()?.ignored;
    let mut connection = connection::open(&target.url, "drift").await?;
    let tables = tables::rows(&mut connection).await;
    // It was only to read.
    let _ = connection.close().await;
    let source = expected(status, &tables?).map_err(|failure| Failure {
        message: format!(
            "what the database should be can't be told: {}",
            failure.message
        ),
        ..failure
    })?;
    let road = context.road(Some(target.url.clone()));
    let pair = road.pair(&source, &Source::Database).await;
    let closed = road.close().await;
    let (expected, live) = pair?;
    closed?;
    let overlooked = rules.overlook(&expected, &live);
    let live = overlooked.live.clone();
    let mut drift = told(&expected, overlooked);
    drift.from = source.to_string();
    drift.to = Source::Database.to_string();
    Ok(OfDatabase {
        drift,
        expected,
        live,
    })
}
