//! Whether a step costs what it says: the locks that it takes on older tables, and which of them are written anew, as
//! PostgreSQL has them.

use std::collections::{BTreeMap, BTreeSet};

use seachange::draft::Draft;
use seachange::source::{Road, Source};
use seachange_schema::plan::{Step, Transaction, Verb};
use seachange_schema::{Impact, Lock, Plan, Work};
use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::chain;
use super::file::Case;

/// Runs both ways step by step; a difference is the error.
pub(super) async fn both_ways(
    road: &Road,
    case: &Case<'_>,
    previous: &Source,
    draft: &Draft,
) -> Result<(), String> {
    if [&draft.up, &draft.down]
        .iter()
        .any(|plan| !plan.refusals.is_empty())
    {
        return Ok(());
    }
    let database = road.database(previous).await.map_err(chain)?;
    let mut connection = database.connect().await.map_err(chain)?;
    let measured = async {
        run(&mut connection, case.rows).await?;
        one_way(&mut connection, &draft.up).await?;
        one_way(&mut connection, &draft.down).await
    };
    let measured = measured.await;
    drop(connection);
    database.drop().await.map_err(chain)?;
    measured
}

async fn one_way(connection: &mut PgConnection, plan: &Plan) -> Result<(), String> {
    for phase in &plan.phases {
        if phase.transaction == Transaction::None {
            for statement in phase.steps.iter().flat_map(|step| &step.statements) {
                run(connection, statement).await?;
            }
            continue;
        }
        run(connection, "BEGIN; SET LOCAL check_function_bodies = off").await?;
        let mut ground = Ground::take(connection).await?;
        for step in &phase.steps {
            for statement in &step.statements {
                run(connection, statement).await?;
            }
            let after = ground.again(connection).await?;
            ground.compare(&after, step)?;
            ground = after;
        }
        run(connection, "COMMIT").await?;
    }
    Ok(())
}

/// The tables that were there when the transaction began, by their oid: how they are called then, the locks that are
/// held on them, and the files that they and their indexes are in.
struct Ground {
    names: BTreeMap<i64, String>,
    locks: BTreeSet<(i64, Lock)>,
    files: BTreeMap<i64, i64>,
}

const TABLES: &str = "SELECT c.oid::bigint, \
        ltrim(replace(n.nspname, 'public', '') || '.' || c.relname, '.') \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE c.oid >= 16384 AND n.nspname NOT LIKE 'pg\\_%' AND c.relkind IN ('r', 'p', 'm')";

const LOCKS: &str = "SELECT relation::bigint, mode FROM pg_locks \
    WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted";

const FILES: &str = "SELECT oid::bigint, pg_relation_filenode(oid)::bigint FROM pg_class \
    WHERE oid >= 16384 AND relkind IN ('r', 'm') AND pg_relation_filenode(oid) IS NOT NULL";

impl Ground {
    async fn take(connection: &mut PgConnection) -> Result<Self, String> {
        let mut ground = Self {
            names: pairs(connection, TABLES).await?,
            locks: BTreeSet::new(),
            files: pairs(connection, FILES).await?,
        };
        ground.locks = locks(connection, &ground.names).await?;
        Ok(ground)
    }

    async fn again(&self, connection: &mut PgConnection) -> Result<Self, String> {
        Ok(Self {
            names: self.named_now(connection).await?,
            locks: locks(connection, &self.names).await?,
            files: pairs(connection, FILES).await?,
        })
    }

    /// They may be called otherwise by now; those that are gone keep their names.
    async fn named_now(
        &self,
        connection: &mut PgConnection,
    ) -> Result<BTreeMap<i64, String>, String> {
        let mut names: BTreeMap<i64, String> = pairs(connection, TABLES).await?;
        names.retain(|table, _| self.names.contains_key(table));
        for (table, name) in &self.names {
            names.entry(*table).or_insert_with(|| name.clone());
        }
        Ok(names)
    }

    fn compare(&self, after: &Self, step: &Step) -> Result<(), String> {
        let wrong = |what: String| Err(format!("{}: {what}: {:#?}", step.summary, step.statements));
        let said = |name: &str| -> Option<&Impact> {
            step.impacts
                .iter()
                .find(|said| said.tables.iter().any(|table| table == name))
        };
        for (table, lock) in after.locks.difference(&self.locks) {
            let name = &after.names[table];
            if step.verb == Verb::Rename || *lock == Lock::RowExclusive && said(name).is_none() {
                // Rows of a new table, say, that are checked against it.
                continue;
            }
            if said(name).is_none_or(|said| said.lock < *lock) {
                return wrong(format!(
                    "takes {} on {name}, and says {:?}",
                    lock.name(),
                    step.impacts
                ));
            }
        }
        // Only in a session with another time zone.
        let zoned = step
            .statements
            .iter()
            .any(|sql| sql.contains(" TYPE timestamp with"));
        for (table, name) in &after.names {
            if step.verb == Verb::Rename {
                // It says how it was called.
                continue;
            }
            let Some(file) = self.files.get(table) else {
                continue;
            };
            let written = after.files.get(table).is_some_and(|now| now != file);
            let says = said(name).is_some_and(|said| said.work == Work::Rewrite);
            if after.files.contains_key(table) && written != says && !zoned {
                return wrong(format!(
                    "{name} is written anew: {written}, and says {:?}",
                    step.impacts
                ));
            }
            if let Some(said) = said(name)
                && !after.locks.contains(&(*table, said.lock))
            {
                return wrong(format!(
                    "says {said:?} on {name}, and has {:?}",
                    after.locks
                ));
            }
        }
        Ok(())
    }
}

async fn locks(
    connection: &mut PgConnection,
    names: &BTreeMap<i64, String>,
) -> Result<BTreeSet<(i64, Lock)>, String> {
    let rows = sqlx::query(LOCKS)
        .fetch_all(connection)
        .await
        .map_err(|error| error.to_string())?;
    let lock = |mode: &str| {
        Some(match mode {
            "RowExclusiveLock" => Lock::RowExclusive,
            "ShareUpdateExclusiveLock" => Lock::ShareUpdateExclusive,
            "ShareLock" => Lock::Share,
            "ShareRowExclusiveLock" => Lock::ShareRowExclusive,
            "ExclusiveLock" => Lock::Exclusive,
            "AccessExclusiveLock" => Lock::AccessExclusive,
            _ => return None,
        })
    };
    Ok((rows.iter())
        .filter_map(|row| {
            let table: i64 = row.get(0);
            let mode: String = row.get(1);
            Some((table, lock(&mode)?)).filter(|_| names.contains_key(&table))
        })
        .collect())
}

async fn pairs<T>(
    connection: &mut PgConnection,
    query: &'static str,
) -> Result<BTreeMap<i64, T>, String>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    let rows = sqlx::query(query)
        .fetch_all(connection)
        .await
        .map_err(|error| error.to_string())?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

async fn run(connection: &mut PgConnection, sql: &str) -> Result<(), String> {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await
        .map(drop)
        .map_err(|error| error.to_string())
}
