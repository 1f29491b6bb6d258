//! Going through a table in the order of a key, a batch a transaction, each with the key that it reached.

use seachange_schema::name::{Ident, literal};
use sqlx::{AssertSqlSafe, Row as _};

use super::Backfill;
use super::key::{self, Key};
use super::lag::Lag;
use crate::connection::SqlError;
use crate::runner::apply::pause;
use crate::runner::event::Event;
use crate::runner::outside::carry::{Carrier, passes};
use crate::runner::outside::journal::{Entry, Line, Reached};
use crate::runner::outside::session::Session;
use crate::runner::outside::trouble::Trouble;
use crate::runner::outside::unit::Unit;

/// The state between two batches.
#[derive(Clone, Debug, Default)]
struct Cursor {
    /// The last key that is done; none before the first.
    key: Option<String>,
    seen: u64,
    changed: u64,
}

/// The rows of a batch.
enum Range {
    /// Behind the cursor, up to and with this key; so many.
    To(String, u64),
    /// What has no key comes last.
    Null,
}

impl Backfill {
    pub(in crate::runner::outside) async fn run(
        &self,
        carrier: &Carrier<'_, '_>,
        unit: &Unit<'_>,
        line: Option<&Line>,
        session: &mut Session,
    ) -> Result<(), Trouble> {
        let looked_up = key::look_up(session.connection(), self).await;
        let key = looked_up
            .map_err(|error| carrier.trouble(error, "looking a backfill's key up"))?
            .map_err(|message| {
                let remedy =
                    "name a column with a unique or plain btree index, such as the primary key";
                let error = SqlError::refused(carrier.sql, &unit.statements[0], &message, remedy);
                Trouble::Sql(error, Vec::new())
            })?;
        let mut cursor = line.map_or_else(Cursor::default, |line| Cursor {
            key: line.key.clone(),
            seen: line.rows_seen,
            changed: line.rows_changed,
        });
        let mut lag = Lag::new(carrier.attempt);
        loop {
            lag.wait().await?;
            let next = self.patient(carrier, unit, &key, &cursor, session).await?;
            let Some(next) = next else {
                return Ok(());
            };
            cursor = next;
            carrier.attempt.tell.event(Event::Backfilled {
                version: carrier.journal.version.to_owned(),
                statement: unit.number,
                of: carrier.journal.statements,
                seen: cursor.seen,
                changed: cursor.changed,
                estimated: key.estimated,
                elapsed: carrier.started.elapsed(),
            });
            tokio::select! {
                () = tokio::time::sleep(self.directive.apart) => {}
                () = carrier.attempt.interrupt.requested() => return Err(Trouble::Interrupted),
            }
        }
    }

    /// One batch, again while somebody else is in its way; none when there are no more rows.
    async fn patient(
        &self,
        carrier: &Carrier<'_, '_>,
        unit: &Unit<'_>,
        key: &Key,
        cursor: &Cursor,
        session: &mut Session,
    ) -> Result<Option<Cursor>, Trouble> {
        let mut tried = 0;
        loop {
            if carrier.attempt.interrupt.is_requested() {
                return Err(Trouble::Interrupted);
            }
            tried += 1;
            let error = match self.batch(carrier, unit, key, cursor, session).await {
                Ok(next) => return Ok(next),
                Err(Trouble::Lost(error)) => return Err(Trouble::Lost(error)),
                Err(trouble) => {
                    carrier.roll_back(session).await;
                    trouble
                }
            };
            let (reason, blockers) = match error {
                Trouble::Sql(error, blockers)
                    if passes(&error) && tried < carrier.attempt.settings.tries =>
                {
                    (error.to_string(), blockers)
                }
                trouble => return Err(trouble),
            };
            let pause = pause(tried);
            carrier.attempt.tell.event(Event::Retrying {
                version: carrier.journal.version.to_owned(),
                tried,
                reason,
                pause,
                blockers,
            });
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = carrier.attempt.interrupt.requested() => return Err(Trouble::Interrupted),
            }
        }
    }

    async fn batch(
        &self,
        carrier: &Carrier<'_, '_>,
        unit: &Unit<'_>,
        key: &Key,
        cursor: &Cursor,
        session: &mut Session,
    ) -> Result<Option<Cursor>, Trouble> {
        let limits = session.limits(unit, carrier.attempt.settings, "LOCAL");
        carrier.internal(session, format!("BEGIN;{limits}")).await?;
        let mut next = cursor.clone();
        let range = self
            .next(key, cursor, session)
            .await
            .map_err(|error| carrier.trouble(error, "reading a backfill's next keys"))?;
        let last = match range {
            Some(range) => {
                let sql = self.sql(key, cursor, &range);
                let statement = unit.statements[0];
                next.changed += carrier.send(unit, &sql, &statement, session).await?;
                match range {
                    Range::To(reached, rows) => {
                        next.seen += rows;
                        next.key = Some(reached);
                        false
                    }
                    Range::Null => true,
                }
            }
            None => true,
        };
        let mut entry = Entry::of(unit, if last { Reached::Done } else { Reached::Begun });
        entry.key = next.key.as_deref();
        entry.rows_seen = next.seen;
        entry.rows_changed = next.changed;
        let line = format!("{}{}", session.as_runner(), carrier.journal.sql(&entry));
        carrier.internal(session, line).await?;
        carrier.attempt.held.check().await?;
        carrier.commit(unit, session).await?;
        Ok((!last).then_some(next))
    }

    /// The rows behind the cursor, so many as go into one batch. Rows with the same key stay together.
    async fn next(
        &self,
        key: &Key,
        cursor: &Cursor,
        session: &mut Session,
    ) -> Result<Option<Range>, sqlx::Error> {
        let column = Ident::from(self.directive.column.as_str());
        let behind = match &cursor.key {
            Some(reached) => format!("{column} > {}", value(reached, key)),
            None => format!("{column} IS NOT NULL"),
        };
        let sql = format!(
            "SELECT key::text, place FROM (SELECT {column} AS key, row_number() OVER (ORDER BY {column}) AS place \
             FROM {}{} WHERE {behind} ORDER BY {column} LIMIT {}) AS batch ORDER BY place DESC LIMIT 1",
            if self.only { "ONLY " } else { "" },
            self.table,
            self.directive.rows,
        );
        let row = sqlx::raw_sql(AssertSqlSafe(sql))
            .fetch_optional(session.connection())
            .await?;
        match row {
            Some(row) => {
                let rows: i64 = row.try_get(1)?;
                Ok(Some(Range::To(row.try_get(0)?, rows.unsigned_abs())))
            }
            None => Ok(key.nullable.then_some(Range::Null)),
        }
    }

    /// The statement with the range in its WHERE.
    fn sql(&self, key: &Key, cursor: &Cursor, range: &Range) -> String {
        let column = format!(
            "{}.{}",
            Ident::from(self.alias.as_str()),
            Ident::from(self.directive.column.as_str())
        );
        let mut wanted = match range {
            Range::To(to, _) => format!("{column} <= {}", value(to, key)),
            Range::Null => format!("{column} IS NULL"),
        };
        if let (Range::To(..), Some(reached)) = (range, &cursor.key) {
            wanted = format!("{column} > {} AND {wanted}", value(reached, key));
        }
        match &self.condition {
            // On lines of its own: it may end with a comment.
            Some(condition) => format!("{} WHERE (\n{condition}\n) AND {wanted}", self.head),
            None => format!("{} WHERE {wanted}", self.head),
        }
    }
}

fn value(text: &str, key: &Key) -> String {
    format!("{}::{}", literal(text), key.data_type)
}
