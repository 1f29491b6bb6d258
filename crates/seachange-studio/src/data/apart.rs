//! Sessions beside those of pages, for what may take long. One that ended well is used again, as new: where a password
//! is checked, sqlx gives way to all others hundreds of times while it connects, which takes seconds when there are many.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, PgPool, Postgres};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::answer::Refusal;

/// How many exports run at a time: each has one of the server's connections and a snapshot of its own.
const EXPORTS: usize = 8;
/// Those of exports, and of texts of the console.
const SESSIONS: u32 = 16;

/// All of them.
pub(super) struct Sessions {
    pool: PgPool,
    exports: Arc<Semaphore>,
    patience: Duration,
}

/// One of them. Dropped before [`Apart::has_ended`], its connection is closed, whatever it does.
pub(crate) struct Apart {
    connection: Option<PoolConnection<Postgres>>,
    _place: Option<OwnedSemaphorePermit>,
}

impl Sessions {
    /// `options` sets what every session has; `limits` is that again, as SQL.
    pub(super) fn new(
        options: PgPoolOptions,
        to: PgConnectOptions,
        limits: String,
        patience: Duration,
    ) -> Self {
        let options = options.max_connections(SESSIONS);
        let options = options.after_release(move |connection, _| {
            let limits = limits.clone();
            Box::pin(async move {
                connection.clear_cached_statements().await?;
                connection.execute("DISCARD ALL").await?;
                connection.execute(AssertSqlSafe(limits)).await?;
                Ok(true)
            })
        });
        Self {
            pool: options.connect_lazy_with(to),
            exports: Arc::new(Semaphore::new(EXPORTS)),
            patience,
        }
    }

    pub(super) async fn one(&self) -> Result<Apart, sqlx::Error> {
        self.with(None).await
    }

    /// Behind as many exports as there may be it waits for its turn, as long as any of those waits for its browser.
    pub(super) async fn exporting(&self) -> Result<Apart, Refusal> {
        let place = Arc::clone(&self.exports).acquire_owned();
        match tokio::time::timeout(self.patience, place).await {
            Ok(Ok(place)) => Ok(self.with(Some(place)).await?),
            Ok(Err(_)) | Err(_) => Err(Refusal::new(
                StatusCode::TOO_MANY_REQUESTS,
                format!("{EXPORTS} exports run already"),
            )
            .help("wait until one of them has ended")),
        }
    }

    async fn with(&self, place: Option<OwnedSemaphorePermit>) -> Result<Apart, sqlx::Error> {
        Ok(Apart {
            connection: Some(self.pool.acquire().await?),
            _place: place,
        })
    }

    /// New ones are refused at once; those that still run are waited for only for a moment.
    pub(super) async fn close(&self) {
        let closed = tokio::time::timeout(Duration::from_secs(1), self.pool.close());
        if closed.await.is_err() {
            tracing::debug!("sessions that still ran were left to end by themselves");
        }
    }
}

impl Apart {
    /// Nothing runs in it any more, and no transaction is open.
    pub(crate) fn has_ended(mut self) {
        drop(self.connection.take());
    }
}

impl Deref for Apart {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        self.connection.as_deref().expect("is there until the drop")
    }
}

impl DerefMut for Apart {
    fn deref_mut(&mut self) -> &mut PgConnection {
        let connection = self.connection.as_deref_mut();
        connection.expect("is there until the drop")
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        // A cancelling that is under way must not meet what another one runs in it.
        if let Some(connection) = self.connection.take() {
            drop(connection.detach());
        }
    }
}
