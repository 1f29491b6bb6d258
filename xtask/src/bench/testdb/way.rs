//! The ways to a database for one test. All connect alike; a thread's administrative connection stays
//! open, as it does in a process that runs tests.

use std::sync::atomic::{AtomicU16, Ordering};
use std::thread;
use std::time::Duration;

use seachange::connection::{open, with_database};
use seachange::testing::Workspace;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::block_on;
use crate::bench::error::BenchError;

pub(super) enum Way {
    /// What PostgreSQL itself takes: CREATE DATABASE from the template, and DROP DATABASE.
    Bare {
        server: String,
        template: String,
    },
    Ours(Workspace),
    /// An empty database, and each migration run in it.
    Migrating {
        server: String,
        up: Vec<String>,
    },
}

/// The numbers of the databases that were made by hand.
static NEXT: AtomicU16 = AtomicU16::new(0);

impl Way {
    pub(super) fn bare(server: &str, template: String) -> Self {
        Self::Bare {
            server: server.to_owned(),
            template,
        }
    }

    pub(super) fn ours(workspace: Workspace) -> Self {
        Self::Ours(workspace)
    }

    pub(super) fn migrating(server: &str, up: Vec<String>) -> Self {
        Self::Migrating {
            server: server.to_owned(),
            up,
        }
    }

    /// So many databases, one after the other in each thread. At the end all are gone.
    pub(super) fn make(&self, threads: u16, count: u16) -> Result<(), BenchError> {
        let begun = AtomicU16::new(0);
        thread::scope(|scope| {
            let running: Vec<_> = (0..threads)
                .map(|_| scope.spawn(|| block_on(self.make_until(&begun, count))))
                .collect();
            let ends = running.into_iter().map(|thread| match thread.join() {
                Ok(end) => end,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            ends.collect()
        })
    }

    async fn make_until(&self, begun: &AtomicU16, count: u16) -> Result<(), BenchError> {
        let mut admin = match self {
            Self::Ours(_) => None,
            Self::Bare { server, .. } | Self::Migrating { server, .. } => {
                Some(open(server, "bench").await?)
            }
        };
        while begun.fetch_add(1, Ordering::Relaxed) < count {
            match (self, &mut admin) {
                (Self::Bare { server, template }, Some(admin)) => {
                    let from = format!(" TEMPLATE {template} STRATEGY FILE_COPY");
                    by_hand(admin, server, &from, &[]).await?;
                }
                (Self::Migrating { server, up }, Some(admin)) => {
                    by_hand(admin, server, "", up).await?;
                }
                (Self::Ours(workspace), _) => {
                    let database = workspace.migrated().await?;
                    use_it(database.url(), &[]).await?;
                }
                (_, None) => {}
            }
        }
        Ok(())
    }
}

async fn by_hand(
    admin: &mut PgConnection,
    server: &str,
    from: &str,
    up: &[String],
) -> Result<(), BenchError> {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("bench_{}_{number}", std::process::id());
    run(admin, &format!("CREATE DATABASE {name}{from}")).await?;
    let used = use_it(&with_database(server, &name)?, up).await;
    ended(admin, &name).await?;
    run(admin, &format!("DROP DATABASE {name} WITH (FORCE)")).await?;
    used
}

/// Waits for the end of the backend whose connection was closed: PostgreSQL, asked to drop the database
/// before, looks again only after a tenth of a second, and that is not what is to be measured.
async fn ended(admin: &mut PgConnection, name: &str) -> Result<(), BenchError> {
    let query = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = $1)";
    loop {
        let answer = sqlx::query_scalar(query).bind(name);
        match answer.fetch_one(&mut *admin).await {
            Ok(false) => return Ok(()),
            Ok(true) => tokio::time::sleep(Duration::from_millis(1)).await,
            Err(error) => return Err(failed(query)(error)),
        }
    }
}

/// What every test does at least.
async fn use_it(url: &str, up: &[String]) -> Result<(), BenchError> {
    let mut connection = open(url, "bench").await?;
    for sql in up {
        run(&mut connection, sql).await?;
    }
    let closed = connection.close().await;
    closed.map_err(failed("close a connection"))
}

async fn run(connection: &mut PgConnection, sql: &str) -> Result<(), BenchError> {
    let ran = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await;
    ran.map_err(failed(sql))?;
    Ok(())
}

fn failed(statement: &str) -> impl FnOnce(sqlx::Error) -> BenchError {
    move |source| BenchError::Sql {
        statement: statement.to_owned(),
        source,
    }
}
