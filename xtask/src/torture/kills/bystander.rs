//! Another session that works on the same rows meanwhile, and keeps its transactions open for a while: what builds an
//! index concurrently has to wait for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::AssertSqlSafe;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::random::Random;
use crate::torture::error::TortureError;
use crate::torture::server::TortureServer;

/// How long it keeps one open at most.
pub(super) const LONGEST: Duration = Duration::from_millis(150);

pub(super) struct Bystander {
    stop: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Bystander {
    pub(super) async fn start(
        server: &TortureServer,
        database: &str,
        mut random: Random,
    ) -> Result<Self, TortureError> {
        let mut connection = server.connect(database).await?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let task = tokio::spawn(async move {
            while !stopped.load(Ordering::Relaxed) {
                let id = 1 + random.below(4000);
                let begin = format!("BEGIN; UPDATE items SET amount = amount WHERE id = {id}");
                for (sql, time) in [
                    (begin, random.within(LONGEST)),
                    ("COMMIT".to_owned(), random.within(LONGEST)),
                ] {
                    // One that fails, as by a deadlock, is over with the COMMIT.
                    let _ = sqlx::raw_sql(AssertSqlSafe(sql))
                        .execute(&mut connection)
                        .await;
                    sleep(time).await;
                }
            }
        });
        Ok(Self { stop, task })
    }

    pub(super) async fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        // It can't panic; a cancelled one is over as well.
        let _ = self.task.await;
    }
}
