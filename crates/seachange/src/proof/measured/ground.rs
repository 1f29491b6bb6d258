//! What is to be seen of the tables that were there before a step: their names, the locks on them, the files that they
//! and their indexes are in, and how often they were read.

use std::collections::{BTreeMap, BTreeSet};

use seachange_schema::plan::{Step, Verb};
use seachange_schema::{Impact, Lock, Work};
use sqlx::{PgConnection, Row};

/// The tables that were there before the plan, by their oid; what it makes itself is nobody else's.
pub(super) struct Ground {
    names: BTreeMap<i64, String>,
    locks: BTreeSet<(i64, Lock)>,
    files: BTreeMap<i64, i64>,
    /// The files of a table's indexes.
    indexes: BTreeSet<(i64, i64)>,
    /// How often a table and its indexes were gone through.
    scans: BTreeMap<i64, Scans>,
}

/// How often a table was read from its beginning, and how often its indexes were.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Scans {
    table: i64,
    indexes: i64,
}

/// How much of a step is left to see behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// It ran in this transaction: its locks are held, and its scans are counted.
    All,
    /// It ended its transactions itself.
    Files,
}

const TABLES: &str = "SELECT c.oid::bigint, \
        ltrim(replace(n.nspname, 'public', '') || '.' || c.relname, '.') \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE c.oid >= 16384 AND n.nspname NOT LIKE 'pg\\_%' AND c.relkind IN ('r', 'p', 'm')";

const LOCKS: &str = "SELECT relation::bigint, mode FROM pg_locks \
    WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted";

const FILES: &str = "SELECT oid::bigint, pg_relation_filenode(oid)::bigint FROM pg_class \
    WHERE oid >= 16384 AND relkind IN ('r', 'm') AND pg_relation_filenode(oid) IS NOT NULL";

const INDEXES: &str = "SELECT indrelid::bigint, pg_relation_filenode(indexrelid)::bigint FROM pg_index \
    WHERE indexrelid >= 16384 AND pg_relation_filenode(indexrelid) IS NOT NULL";

const SCANS: &str = "SELECT c.oid::bigint, coalesce(pg_stat_get_xact_numscans(c.oid), 0)::bigint, \
        coalesce((SELECT sum(pg_stat_get_xact_numscans(indexrelid)) FROM pg_index \
            WHERE indrelid = c.oid), 0)::bigint \
    FROM pg_class c WHERE c.oid >= 16384 AND c.relkind IN ('r', 'm')";

impl Ground {
    pub(super) async fn take(connection: &mut PgConnection) -> Result<Self, sqlx::Error> {
        let names = pairs(connection, TABLES).await?.into_iter().collect();
        Self::with(connection, names).await
    }

    /// The same tables without those that are gone, when another transaction begins.
    pub(super) async fn what_is_left(
        &self,
        connection: &mut PgConnection,
    ) -> Result<Self, sqlx::Error> {
        let mut names: BTreeMap<i64, String> =
            pairs(connection, TABLES).await?.into_iter().collect();
        names.retain(|table, _| self.names.contains_key(table));
        Self::with(connection, names).await
    }

    /// The same tables behind a step: they may be called otherwise by now; those that are gone keep their names.
    pub(super) async fn again(&self, connection: &mut PgConnection) -> Result<Self, sqlx::Error> {
        let mut names: BTreeMap<i64, String> =
            pairs(connection, TABLES).await?.into_iter().collect();
        names.retain(|table, _| self.names.contains_key(table));
        for (table, name) in &self.names {
            names.entry(*table).or_insert_with(|| name.clone());
        }
        Self::with(connection, names).await
    }

    async fn with(
        connection: &mut PgConnection,
        names: BTreeMap<i64, String>,
    ) -> Result<Self, sqlx::Error> {
        let locks: Vec<(i64, String)> = pairs(connection, LOCKS).await?;
        Ok(Self {
            locks: (locks.into_iter())
                .filter(|(table, _)| names.contains_key(table))
                .filter_map(|(table, mode)| Some((table, lock(&mode)?)))
                .collect(),
            names,
            files: pairs(connection, FILES).await?.into_iter().collect(),
            indexes: pairs(connection, INDEXES).await?.into_iter().collect(),
            scans: scans(connection).await?,
        })
    }

    /// What the step says of itself that is not so.
    pub(super) fn compare(&self, after: &Self, step: &Step, seen: Seen) -> Vec<String> {
        let compared = Compared {
            before: self,
            after,
            step,
        };
        let mut wrong = Vec::new();
        if seen == Seen::All {
            compared.locks(&mut wrong);
            compared.scans(&mut wrong);
        }
        compared.files(&mut wrong);
        compared.indexes(&mut wrong);
        wrong
    }
}

struct Compared<'a> {
    before: &'a Ground,
    after: &'a Ground,
    step: &'a Step,
}

impl Compared<'_> {
    /// The tables, as the step calls them.
    fn names(&self) -> &BTreeMap<i64, String> {
        match self.step.verb {
            Verb::Rename => &self.before.names,
            Verb::Create | Verb::Alter | Verb::Drop => &self.after.names,
        }
    }

    fn said(&self, name: &str) -> Option<&Impact> {
        let mut impacts = self.step.impacts.iter();
        impacts.find(|said| said.tables.iter().any(|table| table == name))
    }

    fn work(&self, name: &str) -> Work {
        self.said(name).map_or(Work::Nothing, |said| said.work)
    }

    fn locks(&self, wrong: &mut Vec<String>) {
        let step = self.step;
        for (table, lock) in self.after.locks.difference(&self.before.locks) {
            let name = &self.names()[table];
            let said = self.said(name);
            if *lock == Lock::RowExclusive && said.is_none() {
                // Rows of a new table, say, that are checked against it.
                continue;
            }
            if said.is_none_or(|said| said.lock < *lock) {
                let lock = lock.name();
                wrong.push(format!(
                    "takes {lock} on {name}, and says {:?}",
                    step.impacts
                ));
            }
        }
        for (table, name) in self.names() {
            if let Some(said) = self.said(name)
                && !self.after.locks.contains(&(*table, said.lock))
            {
                let has: Vec<&str> = (self.after.locks.iter())
                    .filter(|(of, _)| of == table)
                    .map(|(_, lock)| lock.name())
                    .collect();
                wrong.push(format!("says {said:?} on {name}, and has {has:?}"));
            }
        }
    }

    fn files(&self, wrong: &mut Vec<String>) {
        // Only in a session with another time zone.
        let zoned = |sql: &String| sql.contains(" TYPE timestamp with");
        if self.step.statements.iter().any(zoned) {
            return;
        }
        for (table, name) in self.names() {
            let (Some(file), Some(now)) =
                (self.before.files.get(table), self.after.files.get(table))
            else {
                continue;
            };
            let written = now != file;
            if written != (self.work(name) == Work::Rewrite) {
                let says = &self.step.impacts;
                wrong.push(format!(
                    "{name} is written anew: {written}, and says {says:?}"
                ));
            }
        }
    }

    fn indexes(&self, wrong: &mut Vec<String>) {
        let built: BTreeSet<&String> = (self.after.indexes)
            .difference(&self.before.indexes)
            .filter_map(|(table, _)| self.names().get(table))
            .collect();
        let says = &self.step.impacts;
        for name in &built {
            if self.work(name) < Work::BuildIndex {
                wrong.push(format!("builds an index of {name}, and says {says:?}"));
            }
        }
        // A partitioned table is locked while the indexes of its partitions are built.
        if built.is_empty() && says.iter().any(|said| said.work == Work::BuildIndex) {
            wrong.push(format!("builds no index, and says {says:?}"));
        }
    }

    fn scans(&self, wrong: &mut Vec<String>) {
        let of = |ground: &Ground, table| ground.scans.get(table).copied().unwrap_or_default();
        let mut read: BTreeSet<&String> = BTreeSet::new();
        let mut in_part: BTreeSet<&String> = BTreeSet::new();
        for (table, name) in self.names() {
            let (before, after) = (of(self.before, table), of(self.after, table));
            if after.table > before.table {
                read.insert(name);
            } else if after.indexes > before.indexes {
                in_part.insert(name);
            }
        }
        for said in &self.step.impacts {
            let among =
                |names: &BTreeSet<&String>| said.tables.iter().any(|one| names.contains(one));
            match said.work {
                Work::Nothing if among(&read) && !self.fails_at_the_first_row() => {
                    wrong.push(format!("reads {read:?}, and says {said:?}"));
                }
                Work::Scan if !among(&read) && !among(&in_part) => {
                    wrong.push(format!("reads none, and says {said:?}"));
                }
                Work::Nothing
                | Work::Scan
                | Work::ChangeRows
                | Work::BuildIndex
                | Work::Rewrite => {}
            }
        }
    }

    /// A column that may not be NULL and has no default is only added where there is nothing to read.
    fn fails_at_the_first_row(&self) -> bool {
        self.step.statements.iter().any(|sql| {
            sql.contains(" ADD COLUMN ") && sql.contains(" NOT NULL") && !sql.contains(" DEFAULT ")
        })
    }
}

fn lock(mode: &str) -> Option<Lock> {
    Some(match mode {
        "RowExclusiveLock" => Lock::RowExclusive,
        "ShareUpdateExclusiveLock" => Lock::ShareUpdateExclusive,
        "ShareLock" => Lock::Share,
        "ShareRowExclusiveLock" => Lock::ShareRowExclusive,
        "ExclusiveLock" => Lock::Exclusive,
        "AccessExclusiveLock" => Lock::AccessExclusive,
        _ => return None,
    })
}

async fn scans(connection: &mut PgConnection) -> Result<BTreeMap<i64, Scans>, sqlx::Error> {
    let rows = sqlx::query(SCANS).fetch_all(connection).await?;
    let scans = rows.iter().map(|row| {
        let (table, indexes) = (row.try_get(1)?, row.try_get(2)?);
        Ok((row.try_get(0)?, Scans { table, indexes }))
    });
    scans.collect()
}

async fn pairs<T>(
    connection: &mut PgConnection,
    query: &'static str,
) -> Result<Vec<(i64, T)>, sqlx::Error>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    let rows = sqlx::query(query).fetch_all(connection).await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect()
}
