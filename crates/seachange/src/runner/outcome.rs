//! Whether a COMMIT took effect whose answer nobody got: the record tells, once its session is gone.

use std::time::Duration;

use sea_orm::DbErr;
use sqlx::PgConnection;

use super::attempt::{Attempt, Stop, is_cut};
use super::error::RunnerError;
use super::event::Direction;
use super::lock::key_of_work;
use super::{orphans, record};
use crate::connection::open;

/// How long a server that is gone is asked.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(250);

impl Attempt<'_> {
    /// Whether a COMMIT that answered with an error has taken effect. When the connection was cut, the
    /// record tells, once the session is gone for certain.
    pub(super) async fn committed(&self, error: &DbErr) -> Result<(), Stop> {
        if !is_cut(error) {
            return Err(self.failed(error));
        }
        let cut = |committed| {
            Stop::Runner(RunnerError::CutAtCommit {
                version: self.member.version.clone(),
                direction: self.direction,
                committed,
            })
        };
        if self.held.check().await.is_ok() {
            self.held
                .settled(self.interrupt, self.tell)
                .await
                .map_err(Stop::Runner)?;
            let mut books = self.held.books.lock().await;
            return match self.is_recorded(&mut books).await {
                Ok(true) => Ok(()),
                Ok(false) => Err(self.failed(error)),
                Err(_) => Err(cut(None)),
            };
        }
        // The lock is lost as well, so nothing more is done; but what was done can be told.
        Err(cut(self.look_from_outside().await))
    }

    async fn look_from_outside(&self) -> Option<bool> {
        let looking = async {
            let mut connection = loop {
                match open(&self.target.url, "migration outcome").await {
                    Ok(connection) => break connection,
                    Err(_) => tokio::time::sleep(PAUSE).await,
                }
            };
            sqlx::raw_sql(sqlx::AssertSqlSafe(self.target.session_sql()))
                .execute(&mut connection)
                .await
                .ok()?;
            let key = key_of_work(&mut connection, self.target, self.table)
                .await
                .ok()?;
            orphans::clear(&mut connection, key, self.interrupt, self.tell)
                .await
                .ok()?;
            self.is_recorded(&mut connection).await.ok()
        };
        tokio::time::timeout(PATIENCE, looking).await.ok().flatten()
    }

    /// Whether the record says what it would if this went through.
    async fn is_recorded(&self, connection: &mut PgConnection) -> Result<bool, RunnerError> {
        let records = record::read(connection, self.table).await?;
        let applied = records
            .iter()
            .any(|record| record.version == self.member.version);
        Ok(applied == (self.direction == Direction::Up))
    }
}
