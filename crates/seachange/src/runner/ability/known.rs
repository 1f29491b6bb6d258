//! What is known of servers: asked once a run, and in a fleet once for each database that is reached as one role.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::{Connection as _, PgConnection};
use tokio::sync::OnceCell;

use super::{Abilities, question};
use crate::connection::open;
use crate::runner::error::RunnerError;
use crate::runner::pooler;
use crate::runner::run::Target;

/// By the URL without its password.
#[derive(Default)]
pub(in crate::runner) struct Servers(Mutex<BTreeMap<String, Arc<Known>>>);

#[derive(Default)]
struct Known {
    sessions: OnceCell<Abilities>,
    transactions: OnceCell<Abilities>,
}

impl Servers {
    /// Makes sure that `connection` is a session of its own, and asks what sessions can do here.
    pub(in crate::runner) async fn of_sessions(
        &self,
        connection: &mut PgConnection,
        target: &Target,
    ) -> Result<Abilities, RunnerError> {
        let known = self.known(target);
        let asked = known.sessions.get_or_try_init(async || {
            let mut other = open(&target.url, "pooler check")
                .await
                .map_err(pooler::refused)?;
            let found = async {
                pooler::check(connection, &mut other).await?;
                question::of_sessions(connection, &mut other)
                    .await
                    .map_err(RunnerError::books("asking what the server can do"))
            };
            let found = found.await;
            if let Err(error) = other.close().await {
                tracing::debug!(%error, "the second connection did not close in good order");
            }
            found
        });
        asked.await.cloned()
    }

    /// Adds what transactions and index builds can do here.
    pub(in crate::runner) async fn of_transactions(
        &self,
        connection: &mut PgConnection,
        target: &Target,
        before: &Abilities,
    ) -> Result<Abilities, RunnerError> {
        let known = self.known(target);
        let asked = known.transactions.get_or_try_init(async || {
            question::of_transactions(connection)
                .await
                .map_err(RunnerError::books("asking what the server can do"))
        });
        Ok(before.and(asked.await?))
    }

    fn known(&self, target: &Target) -> Arc<Known> {
        let mut servers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(servers.entry(target.shown()).or_default())
    }
}
