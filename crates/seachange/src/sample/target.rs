//! The database that the sample goes into: everything in one transaction, so that a failure or a Ctrl-C
//! leaves it as it was.

use seachange_schema::{Ident, Name, Object, ObjectId, Schema};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};

use super::compare::difference;
use super::error::SampleError;
use super::order::Order;
use super::source::SPELLING;
use super::tables::Table;
use crate::catalog;
use crate::connection::open;
use crate::filling::{Trigger, numberings};
use crate::push::NOTICE_A_GONE_CLIENT;

pub(super) struct Target {
    pub(super) connection: PgConnection,
    schema: Schema,
}

impl Target {
    /// Refuses a target that has another schema or has rows already.
    pub(super) async fn open(
        url: &str,
        source: &Schema,
        tables: &[Table],
    ) -> Result<Self, SampleError> {
        let mut connection = open(url, "sample").await?;
        let schema = catalog::read(&mut connection).await?;
        let difference = difference(source, &schema);
        if !difference.is_empty() {
            return Err(SampleError::Schema(difference));
        }
        let mut target = Self { connection, schema };
        target.refuse_rows(tables).await?;
        Ok(target)
    }

    async fn refuse_rows(&mut self, tables: &[Table]) -> Result<(), SampleError> {
        let mut filled = Vec::new();
        for table in tables {
            let sql = format!("SELECT EXISTS (SELECT FROM {})", table.name);
            let sent = self.connection.fetch_one(sqlx::raw_sql(AssertSqlSafe(sql)));
            let row = sent.await.map_err(SampleError::target("look for rows"))?;
            if row
                .try_get(0)
                .map_err(SampleError::target("look for rows"))?
            {
                filled.push(table.name.plain());
            }
        }
        match filled.is_empty() {
            true => Ok(()),
            false => Err(SampleError::Filled(filled)),
        }
    }

    /// Begins. Rows come as they are at the source, so the target's own triggers don't run for them;
    /// foreign keys that close a circle are checked at the end.
    pub(super) async fn begin(
        &mut self,
        tables: &[Table],
        order: &Order,
    ) -> Result<(), SampleError> {
        self.run("begin", NOTICE_A_GONE_CLIENT.to_owned()).await?;
        let begin = format!(
            "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '10s'; {SPELLING}"
        );
        self.run("begin", begin).await?;
        self.refuse_rows(tables).await?;
        for trigger in self.triggers() {
            self.run("switch triggers off", trigger.off()).await?;
        }
        for (on, name) in circular(tables, order) {
            let defer = format!("ALTER TABLE {on} ALTER CONSTRAINT {name} DEFERRABLE");
            self.run("defer a foreign key", defer).await?;
        }
        self.run(
            "defer foreign keys",
            "SET CONSTRAINTS ALL DEFERRED".to_owned(),
        )
        .await
    }

    /// Checks what was deferred, and puts everything back as it was.
    pub(super) async fn finish(
        &mut self,
        tables: &[Table],
        order: &Order,
    ) -> Result<(), SampleError> {
        let check = sqlx::raw_sql("SET CONSTRAINTS ALL IMMEDIATE");
        let checked = self.connection.execute(check).await;
        checked.map_err(SampleError::of_check)?;
        for (on, name) in circular(tables, order) {
            let back = format!("ALTER TABLE {on} ALTER CONSTRAINT {name} NOT DEFERRABLE");
            self.run("put a foreign key back", back).await?;
        }
        for trigger in self.triggers() {
            self.run("switch triggers on", trigger.on()).await?;
        }
        for numbering in numberings(&self.schema) {
            self.run("set sequences", numbering.past()).await?;
        }
        self.run("commit", "COMMIT".to_owned()).await
    }

    /// What a failure leaves: nothing.
    pub(super) async fn abandon(mut self) {
        // A connection that is lost is rolled back by the server.
        let _ = self.run("roll back", "ROLLBACK".to_owned()).await;
        let _ = self.connection.close().await;
    }

    pub(super) async fn close(self) {
        let _ = self.connection.close().await;
    }

    /// Those that would fire. A partition's copy goes with its parent's.
    fn triggers(&self) -> Vec<Trigger> {
        let parts = self.schema.objects.iter();
        let found = parts.filter_map(|(id, object)| match (id, object) {
            (ObjectId::Trigger { table, name }, Object::Trigger(trigger))
                if matches!(trigger.enabled, 'O' | 'A')
                    && self.schema.contains(&ObjectId::Table {
                        name: table.clone(),
                    }) =>
            {
                Some(Trigger {
                    table: table.clone(),
                    name: name.clone(),
                    always: trigger.enabled == 'A',
                })
            }
            _ => None,
        });
        found.collect()
    }

    async fn run(&mut self, doing: &'static str, sql: String) -> Result<(), SampleError> {
        let sent = self.connection.execute(sqlx::raw_sql(AssertSqlSafe(sql)));
        sent.await.map(drop).map_err(SampleError::target(doing))
    }
}

/// Those that aren't deferrable by themselves.
fn circular<'a>(
    tables: &'a [Table],
    order: &'a Order,
) -> impl Iterator<Item = (&'a Name, &'a Ident)> {
    let keys = order.circular.iter();
    keys.map(|&(table, key)| &tables[table].foreign_keys[key])
        .filter(|key| !key.deferrable)
        .map(|key| (&key.on, &key.name))
}
