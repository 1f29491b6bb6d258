//! What each step costs those who use the database meanwhile: read from its statements, which are written in few
//! shapes (PostgreSQL manual, 13.3.1, and ALTER TABLE).

mod table;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use self::words::{greatest_value, only, relation, relation_of_column};
use super::step::Step;
use super::{Phase, Verb, heirs};
use crate::change::Changes;
use crate::impact::{Impact, Lock, Work};
use crate::model::{Object, ObjectId};
use crate::name::Name;
use crate::needs::users_of_domain;

/// Says of every step which locks it takes on what was there before, and what it does under them.
pub(super) fn assess(phases: &mut [Phase], changes: &Changes, impact: &super::impact::Impact) {
    let heirs = Heirs::of(changes);
    let detached = detached(phases);
    let taken_over = taken_over(phases);
    let mut gone = Vec::new();
    for step in phases.iter_mut().flat_map(|phase| &mut phase.steps) {
        let reading = Reading {
            step,
            changes,
            impact,
            detached: &detached,
            taken_over: &taken_over,
            heirs: &heirs,
            gone: &gone,
        };
        step.impacts = reading.impacts();
        gone.extend(step.statements.iter().filter_map(|sql| dropped(sql)));
    }
}

/// The tables that are partitions no longer when a later phase begins.
fn detached(phases: &[Phase]) -> BTreeSet<Name> {
    let statements = (phases.iter())
        .flat_map(|phase| &phase.steps)
        .flat_map(|step| &step.statements);
    statements
        .filter_map(|sql| {
            sql.strip_suffix(" CONCURRENTLY")?
                .split_once(" DETACH PARTITION ")
        })
        .filter_map(|(_, partition)| Some(relation(partition)?.0))
        .collect()
}

/// The constraints of partitioned tables whose partitions have them first, and valid.
fn taken_over(phases: &[Phase]) -> BTreeSet<ObjectId> {
    let of_another = |step: &&Step| {
        (step.statements.iter()).any(|sql| {
            let table = (sql.strip_prefix("ALTER TABLE "))
                .and_then(relation)
                .filter(|(_, what)| what.starts_with(" VALIDATE CONSTRAINT "));
            table.is_some_and(|(table, _)| step.object.relation() != Some(&table))
        })
    };
    (phases.iter().flat_map(|phase| &phase.steps))
        .filter(|step| matches!(step.object, ObjectId::Constraint { .. }))
        .filter(of_another)
        .map(|step| step.object.clone())
        .collect()
}

/// What is made again under the name of what a step dropped is nobody else's.
fn dropped(sql: &str) -> Option<Name> {
    let rest = (sql.strip_prefix("DROP TABLE "))
        .or_else(|| sql.strip_prefix("DROP MATERIALIZED VIEW "))?;
    Some(relation(rest)?.0)
}

fn grouped(
    costs_of_all: impl Iterator<Item = Cost>,
    step: &Step,
    was_there: impl Fn(&Name) -> bool,
    heirs: &Heirs,
) -> Vec<Impact> {
    let mut costs: BTreeMap<Lock, (Work, Vec<Name>)> = BTreeMap::new();
    for cost in costs_of_all {
        let mut tables = vec![cost.table.clone()];
        if cost.reach == Reach::Family {
            tables.extend(heirs.below(&cost.table));
        }
        tables.retain(|table| step.verb == Verb::Rename || was_there(table));
        let (work, among) = costs
            .entry(cost.lock)
            .or_insert((Work::Nothing, Vec::new()));
        if !tables.is_empty() {
            *work = (*work).max(cost.work);
        }
        for table in tables {
            if !among.contains(&table) {
                among.push(table);
            }
        }
    }
    let mut known: Vec<Name> = Vec::new();
    let mut impacts = Vec::new();
    for (lock, (work, mut tables)) in costs.into_iter().rev() {
        // What is locked more strongly anyhow.
        tables.retain(|table| !known.contains(table));
        if !tables.is_empty() {
            known.extend(tables.iter().cloned());
            impacts.push(Impact::new(lock, tables, work));
        }
    }
    impacts
}

fn was_there(relation: &Name, changes: &Changes) -> bool {
    let name = || relation.clone();
    changes.previous.contains(&ObjectId::Table { name: name() })
        || matches!(
            changes.previous.get(&ObjectId::View { name: name() }),
            Some(Object::View(view)) if view.materialized
        )
}

/// From a table to its partitions and heirs.
struct Heirs(BTreeMap<Name, BTreeSet<Name>>);

impl Heirs {
    fn of(changes: &Changes) -> Self {
        let mut heirs: BTreeMap<Name, BTreeSet<Name>> = BTreeMap::new();
        for schema in [&changes.previous, &changes.next] {
            for (name, _) in schema.tables() {
                for parent in heirs::parents(schema, name) {
                    heirs
                        .entry(parent.clone())
                        .or_default()
                        .insert(name.clone());
                }
            }
        }
        Self(heirs)
    }

    fn below(&self, table: &Name) -> Vec<Name> {
        let mut found: Vec<Name> = Vec::new();
        let mut waiting = vec![table];
        while let Some(next) = waiting.pop() {
            for heir in self.0.get(next).into_iter().flatten() {
                if !found.contains(heir) {
                    found.push(heir.clone());
                    waiting.push(heir);
                }
            }
        }
        found.sort();
        found
    }
}

/// Whether partitions and heirs are locked as well.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Alone,
    Family,
}

struct Cost {
    lock: Lock,
    table: Name,
    work: Work,
    reach: Reach,
}

impl Cost {
    fn new(lock: Lock, table: &Name, work: Work) -> Self {
        Self {
            lock,
            table: table.clone(),
            work,
            reach: Reach::Alone,
        }
    }

    fn and_heirs(self) -> Self {
        Self {
            reach: Reach::Family,
            ..self
        }
    }
}

struct Reading<'a> {
    step: &'a Step,
    changes: &'a Changes,
    impact: &'a super::impact::Impact,
    detached: &'a BTreeSet<Name>,
    taken_over: &'a BTreeSet<ObjectId>,
    heirs: &'a Heirs,
    /// What earlier steps dropped.
    gone: &'a [Name],
}

impl Reading<'_> {
    /// The strongest lock first; none where nobody but a lock of the same kind waits.
    fn impacts(&self) -> Vec<Impact> {
        let costs = (self.step.statements.iter()).flat_map(|sql| self.statement(sql));
        grouped(costs, self.step, |table| self.was_there(table), self.heirs)
    }

    fn was_there(&self, relation: &Name) -> bool {
        was_there(relation, self.changes) && !self.gone.contains(relation)
    }

    fn statement(&self, sql: &str) -> Vec<Cost> {
        // A backfill's comment stands before it.
        let sql = match sql.starts_with("-- ") {
            true => sql.split_once('\n').map_or(sql, |(_, statement)| statement),
            false => sql,
        };
        self.of_tables(sql)
            .or_else(|| self.of_indexes(sql))
            .or_else(|| self.of_parts(sql))
            .unwrap_or_default()
    }

    fn of_tables(&self, sql: &str) -> Option<Vec<Cost>> {
        if let Some(rest) = sql.strip_prefix("ALTER TABLE ") {
            let (only, rest) = only(rest);
            let (table, what) = relation(rest)?;
            let what = what.trim_start();
            let mut costs = self.alter_table(&table, what);
            let key = ["PRIMARY KEY", "UNIQUE"]
                .iter()
                .any(|word| what.starts_with("ADD ") && what.contains(word));
            if only && key {
                // The rows are in partitions, which have theirs.
                costs = vec![Cost::new(Lock::AccessExclusive, &table, Work::Nothing)];
            }
            if !only && self.reaches_heirs(&table, what) {
                costs = costs.into_iter().map(Cost::and_heirs).collect();
            }
            return Some(costs);
        }
        if let Some(rest) = sql.strip_prefix("UPDATE ") {
            let (table, _) = relation(only(rest).1)?;
            return Some(vec![
                Cost::new(Lock::RowExclusive, &table, Work::ChangeRows).and_heirs(),
            ]);
        }
        if let Some(rest) = sql.strip_prefix("DROP TABLE ") {
            let (table, _) = relation(rest)?;
            return Some(self.drop_table(&table));
        }
        if let Some(rest) = sql.strip_prefix("DROP MATERIALIZED VIEW ") {
            let (view, _) = relation(rest)?;
            return Some(vec![Cost::new(Lock::AccessExclusive, &view, Work::Nothing)]);
        }
        if sql.starts_with("CREATE TABLE ") || sql.starts_with("CREATE UNLOGGED TABLE ") {
            return Some(self.create_table(sql));
        }
        None
    }

    fn of_indexes(&self, sql: &str) -> Option<Vec<Cost>> {
        let created = (sql.strip_prefix("CREATE INDEX "))
            .or_else(|| sql.strip_prefix("CREATE UNIQUE INDEX "));
        if let Some(rest) = created {
            let concurrently = rest.strip_prefix("CONCURRENTLY ");
            let (_, rest) = relation(concurrently.unwrap_or(rest))?;
            let (only, rest) = only(rest.trim_start().strip_prefix("ON ")?);
            let (table, _) = relation(rest)?;
            let lock = match concurrently {
                Some(_) => Lock::ShareUpdateExclusive,
                None => Lock::Share,
            };
            return Some(vec![match only {
                true => Cost::new(lock, &table, Work::Nothing),
                false => Cost::new(lock, &table, Work::BuildIndex).and_heirs(),
            }]);
        }
        let rest = sql.strip_prefix("DROP INDEX ")?;
        let lock = match rest.starts_with("CONCURRENTLY ") {
            true => Lock::ShareUpdateExclusive,
            false => Lock::AccessExclusive,
        };
        let table = self.index_table()?;
        Some(vec![Cost::new(lock, &table, Work::Nothing).and_heirs()])
    }

    /// What hangs on a table, or is made of one.
    fn of_parts(&self, sql: &str) -> Option<Vec<Cost>> {
        let first = |words: &[&str]| words.iter().any(|word| sql.starts_with(word));
        let own = || self.step.object.relation().cloned();
        let on = |lock, table: Name| Some(vec![Cost::new(lock, &table, Work::Nothing)]);
        if first(&["CREATE TRIGGER ", "CREATE CONSTRAINT TRIGGER "]) {
            let rest = &sql[sql.find(" ON ")? + " ON ".len()..];
            return on(
                Lock::ShareRowExclusive,
                own().or_else(|| Some(relation(rest)?.0))?,
            );
        }
        if first(&[
            "DROP TRIGGER ",
            "CREATE POLICY ",
            "ALTER POLICY ",
            "DROP POLICY ",
            "CREATE RULE ",
            "CREATE OR REPLACE RULE ",
            "DROP RULE ",
        ]) {
            return on(Lock::AccessExclusive, own()?);
        }
        if let Some(rest) = (sql.strip_prefix("COMMENT ON TABLE "))
            .or_else(|| sql.strip_prefix("COMMENT ON MATERIALIZED VIEW "))
        {
            return on(Lock::ShareUpdateExclusive, relation(rest)?.0);
        }
        if let Some(rest) = sql.strip_prefix("COMMENT ON COLUMN ") {
            return on(Lock::ShareUpdateExclusive, relation_of_column(rest)?);
        }
        if let Some((table, column)) = greatest_value(sql) {
            let work = match table::leads_an_index(self.changes, &table, &column) {
                true => Work::Nothing,
                false => Work::Scan,
            };
            // The statement before it holds the lock.
            return Some(vec![
                Cost::new(Lock::AccessExclusive, &table, work).and_heirs(),
            ]);
        }
        if first(&["CREATE STATISTICS ", "DROP STATISTICS "]) {
            let both = [&self.changes.previous, &self.changes.next];
            let table = both
                .into_iter()
                .find_map(|schema| match schema.get(&self.step.object) {
                    Some(Object::Statistics(statistics)) => Some(statistics.table.clone()),
                    _ => None,
                });
            return on(Lock::ShareUpdateExclusive, table?);
        }
        if let (ObjectId::PublicationTable { table, .. }, true) =
            (&self.step.object, first(&["ALTER PUBLICATION "]))
        {
            return on(Lock::ShareUpdateExclusive, table.clone());
        }
        if first(&["ALTER DOMAIN "])
            && [" ADD CONSTRAINT ", " SET NOT NULL", " VALIDATE CONSTRAINT "]
                .iter()
                .any(|words| sql.contains(words))
            && !sql.ends_with(" NOT VALID")
        {
            let tables = users_of_domain(&self.changes.previous, &self.step.object);
            return Some(
                (tables.iter())
                    .map(|table| Cost::new(Lock::Share, table, Work::Scan))
                    .collect(),
            );
        }
        None
    }

    fn index_table(&self) -> Option<Name> {
        let both = [&self.changes.previous, &self.changes.next];
        both.into_iter()
            .find_map(|schema| match schema.get(&self.step.object) {
                Some(Object::Index(index)) => Some(index.table.clone()),
                _ => None,
            })
            .or_else(|| self.step.object.relation().cloned())
    }
}
