//! A database with what of a list of statements PostgreSQL takes.

use seachange::scratch::{Scratch, ScratchDatabase};
use sqlx::{AssertSqlSafe, PgConnection};

/// A scratch database and the connection to it.
pub(crate) struct Bench {
    pub(crate) connection: PgConnection,
    database: ScratchDatabase,
}

impl Bench {
    pub(crate) async fn empty(scratch: &Scratch) -> Self {
        let database = scratch.create().await.expect("a scratch database");
        let connection = database.connect().await.expect("a connection to it");
        Self {
            connection,
            database,
        }
    }

    pub(crate) async fn drop(self) {
        drop(self.connection);
        self.database.drop().await.expect("it can be dropped");
    }

    pub(crate) async fn run(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut self.connection)
            .await
            .map(drop)
    }

    /// Runs the statements one by one; those that PostgreSQL took, in the order in which it did. What it
    /// refuses is tried again after the others: it may only have come too early.
    pub(crate) async fn build(&mut self, statements: &[String]) -> Vec<String> {
        let mut taken = Vec::new();
        let mut waiting: Vec<&String> = statements.iter().collect();
        loop {
            let before = taken.len();
            let mut refused = Vec::new();
            for statement in waiting {
                match self.run(statement).await {
                    Ok(()) => taken.push(statement.clone()),
                    Err(error) => {
                        if std::env::var_os("SEACHANGE_FUZZ_REFUSED").is_some() {
                            eprintln!("{error}: {statement}");
                        }
                        refused.push(statement);
                    }
                }
            }
            if refused.is_empty() || taken.len() == before {
                return taken;
            }
            waiting = refused;
        }
    }
}
