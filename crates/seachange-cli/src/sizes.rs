//! How much is in the tables of a live database, by its own estimates, and what that makes of a step's time.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::{HumanBytes, HumanCount};
use seachange::connection;
use seachange_schema::{Impact, Name, Plan, Work};
use serde::Serialize;
use sqlx::{Connection as _, PgConnection};

use crate::context::Context;
use crate::target;

/// Tables and materialized views, with their indexes and what is stored beside them.
const SIZES: &str = "\
SELECT n.nspname::text, c.relname::text, c.reltuples::bigint, pg_total_relation_size(c.oid) \
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

/// By the table's plain name; empty where no database was asked.
#[derive(Default)]
pub(crate) struct Sizes(BTreeMap<String, Size>);

struct Size {
    /// None where PostgreSQL never estimated it.
    rows: Option<u64>,
    bytes: u64,
}

/// What a step meets in a live database.
#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(crate) struct Live {
    tables: Vec<String>,
    /// Together, by the catalog's estimates.
    rows: Option<u64>,
    bytes: u64,
    likely: Likely,
}

/// How long the work under a lock likely takes on common hardware. Only the order of magnitude is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(crate) enum Likely {
    Instant,
    Seconds,
    Minutes,
    Hours,
}

impl Likely {
    /// Bytes that are worked through in a second: read, indexed, or written with their log.
    fn of(work: Work, bytes: u64) -> Self {
        let a_second: u64 = match work {
            Work::Nothing => return Self::Instant,
            Work::Scan => 200_000_000,
            Work::BuildIndex => 50_000_000,
            Work::Rewrite => 40_000_000,
            Work::ChangeRows => 5_000_000,
        };
        match bytes / a_second {
            0 => Self::Instant,
            1..60 => Self::Seconds,
            60..3600 => Self::Minutes,
            _ => Self::Hours,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Instant => "likely done in an instant",
            Self::Seconds => "likely takes seconds",
            Self::Minutes => "likely takes minutes",
            Self::Hours => "likely takes hours",
        }
    }
}

impl Sizes {
    pub(crate) async fn read(connection: &mut PgConnection) -> Result<Self, sqlx::Error> {
        let rows: Vec<(String, String, i64, i64)> =
            sqlx::query_as(SIZES).fetch_all(connection).await?;
        Ok(Self(
            rows.into_iter()
                .map(|(schema, table, rows, bytes)| {
                    let size = Size {
                        rows: u64::try_from(rows).ok(),
                        bytes: u64::try_from(bytes).unwrap_or(0),
                    };
                    (Name::new(schema, table).plain(), size)
                })
                .collect(),
        ))
    }

    /// Of the database that commands work on, if it answers soon; a plan can be read without.
    pub(crate) async fn of_the_database(context: &Context) -> Self {
        let asked = async {
            let target = target::existing(context).await.ok().flatten()?;
            let mut connection = connection::open(&target.url, "sizes").await.ok()?;
            let sizes = Self::read(&mut connection).await.ok();
            connection.close().await.ok();
            sizes
        };
        let soon = Duration::from_secs(2);
        tokio::time::timeout(soon, asked)
            .await
            .ok()
            .flatten()
            .unwrap_or_default()
    }

    /// None where none of the tables is there.
    pub(crate) fn live(&self, impact: &Impact) -> Option<Live> {
        let found: Vec<(&String, &Size)> = (impact.tables.iter())
            .filter_map(|table| Some((table, self.0.get(table)?)))
            .collect();
        if found.is_empty() {
            return None;
        }
        let bytes = found.iter().map(|(_, size)| size.bytes).sum();
        Some(Live {
            tables: found.iter().map(|(table, _)| (*table).clone()).collect(),
            rows: (found.iter().map(|(_, size)| size.rows)).sum::<Option<u64>>(),
            bytes,
            likely: Likely::of(impact.work, bytes),
        })
    }

    /// For each step of a plan, in order.
    pub(crate) fn of_steps(&self, plan: &Plan) -> Vec<Option<Live>> {
        plan.steps()
            .map(|step| step.impacts.first().and_then(|impact| self.live(impact)))
            .collect()
    }
}

impl Live {
    /// `~1,200,000 rows, 310 MiB: likely takes seconds`.
    pub(crate) fn words(&self) -> String {
        let rows = match self.rows {
            Some(rows) => format!("~{} rows, ", HumanCount(rows)),
            None => String::new(),
        };
        format!("{rows}{}: {}", HumanBytes(self.bytes), self.likely.words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_depends_on_the_work() {
        let giga = 1_000_000_000;
        assert_eq!(Likely::of(Work::Nothing, 900 * giga), Likely::Instant);
        assert_eq!(Likely::of(Work::Scan, giga), Likely::Seconds);
        assert_eq!(Likely::of(Work::Rewrite, 10 * giga), Likely::Minutes);
        assert_eq!(Likely::of(Work::ChangeRows, 100 * giga), Likely::Hours);
        assert_eq!(Likely::of(Work::BuildIndex, 8192), Likely::Instant);
    }
}
