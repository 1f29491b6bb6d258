//! CREATE, ALTER and DROP TABLE: what they lock besides the table itself, and what they do with its rows.

use super::words::{after_name, ident, relation};
use super::{Cost, Reading};
use crate::change::Changes;
use crate::impact::{Lock, Work};
use crate::model::{Constraint, ConstraintKind, Object, ObjectId, Schema};
use crate::name::{Ident, Name};
use crate::plan::HazardCode;

impl Reading<'_> {
    pub(super) fn create_table(&self, sql: &str) -> Vec<Cost> {
        let ObjectId::Table { name } = &self.step.object else {
            return Vec::new();
        };
        let Some(Object::Table(table)) = self.changes.next.get(&self.step.object) else {
            return Vec::new();
        };
        let mut costs: Vec<Cost> = (table.inherits.iter())
            .map(|parent| Cost::new(Lock::ShareUpdateExclusive, parent, Work::Nothing))
            .collect();
        if let Some(partition) = &table.partition_of
            && sql.contains(" PARTITION OF ")
        {
            costs.push(Cost::new(
                Lock::AccessExclusive,
                &partition.parent,
                Work::Nothing,
            ));
            costs.extend(
                self.default_of(&partition.parent, Work::Scan)
                    .map(Cost::and_heirs),
            );
        }
        if let Some(partition) = &table.partition_of {
            let theirs = foreign_keys(&self.changes.previous, &partition.parent);
            costs.extend(
                theirs.map(|other| {
                    Cost::new(Lock::ShareRowExclusive, other, Work::Nothing).and_heirs()
                }),
            );
        }
        if sql.contains(" FOREIGN KEY ") {
            let keys = foreign_keys(&self.changes.next, name);
            costs.extend(
                keys.map(|other| {
                    Cost::new(Lock::ShareRowExclusive, other, Work::Nothing).and_heirs()
                }),
            );
        }
        costs
    }

    pub(super) fn drop_table(&self, table: &Name) -> Vec<Cost> {
        let mut costs = vec![Cost::new(Lock::AccessExclusive, table, Work::Nothing).and_heirs()];
        let exclusive = |other: &Name| Cost::new(Lock::AccessExclusive, other, Work::Nothing);
        // What it has from its parent, it is no side of by itself.
        let own = keys(&self.changes.previous, table)
            .filter(|key| key.local || self.detached.contains(table));
        let others = own.filter_map(|key| key.references.as_ref());
        costs.extend(
            others
                .filter(|other| *other != table)
                .map(|other| exclusive(other).and_heirs()),
        );
        let id = ObjectId::Table {
            name: table.clone(),
        };
        if let Some(Object::Table(gone)) = self.changes.previous.get(&id)
            && let Some(partition) = &gone.partition_of
            && !self.detached.contains(table)
        {
            costs.push(exclusive(&partition.parent));
            costs.extend(self.default_of(&partition.parent, Work::Nothing));
        }
        costs
    }

    pub(super) fn alter_table(&self, table: &Name, what: &str) -> Vec<Cost> {
        let one = |lock, work| vec![Cost::new(lock, table, work)];
        let exclusive = |other: &Name| Cost::new(Lock::AccessExclusive, other, Work::Nothing);
        let first = |words: &[&str]| words.iter().any(|word| what.starts_with(word));
        if what.starts_with("ADD COLUMN ") {
            return one(Lock::AccessExclusive, self.rewrite());
        }
        if what.starts_with("ADD ") {
            let mut costs = self.add_constraint(table, what);
            let whole = self.step.object.relation() == Some(table);
            if whole && self.taken_over.contains(&self.step.object) {
                for cost in &mut costs {
                    cost.work = Work::Nothing;
                    if cost.table != *table {
                        // The partitions' own lose what they have on it to the whole table's.
                        cost.lock = Lock::AccessExclusive;
                    }
                }
            }
            return costs;
        }
        if what.starts_with("VALIDATE CONSTRAINT ") {
            return one(Lock::ShareUpdateExclusive, Work::Scan);
        }
        if let Some(name) = what.strip_prefix("DROP CONSTRAINT ") {
            let id = ident(name).map(|(name, _)| ObjectId::Constraint {
                table: table.clone(),
                name,
            });
            let mut costs = one(Lock::AccessExclusive, Work::Nothing);
            if let Some(Object::Constraint(key)) = id.and_then(|id| self.changes.previous.get(&id))
            {
                costs.extend(key.references.iter().map(exclusive));
            }
            return costs;
        }
        if let Some(rest) = what.strip_prefix("DROP COLUMN ") {
            let mut costs = one(Lock::AccessExclusive, Work::Nothing);
            let column = ident(rest).map(|(name, _)| name);
            let keys = keys(&self.changes.previous, table).filter(|key| {
                column
                    .as_ref()
                    .is_some_and(|name| key.columns.contains(name))
            });
            costs.extend(
                keys.filter_map(|key| key.references.as_ref())
                    .map(exclusive),
            );
            return costs;
        }
        if what.starts_with("ALTER COLUMN ") {
            return self.alter_column(table, what);
        }
        if first(&["SET LOGGED", "SET UNLOGGED"]) {
            return one(Lock::AccessExclusive, Work::Rewrite);
        }
        if first(&[
            "ENABLE TRIGGER ",
            "DISABLE TRIGGER ",
            "ENABLE ALWAYS ",
            "ENABLE REPLICA ",
        ]) {
            return one(Lock::ShareRowExclusive, Work::Nothing);
        }
        if first(&["SET (", "RESET (", "CLUSTER ON ", "SET WITHOUT CLUSTER"]) {
            return one(Lock::ShareUpdateExclusive, Work::Nothing);
        }
        let partition = |word: &str| Some(relation(what.strip_prefix(word)?)?.0);
        if let Some(partition) = partition("ATTACH PARTITION ") {
            let mut costs = one(Lock::ShareUpdateExclusive, Work::Nothing);
            let work = self.unless_proven(&partition);
            costs.push(Cost::new(Lock::AccessExclusive, &partition, work).and_heirs());
            costs.extend(self.default_of(table, Work::Scan).map(Cost::and_heirs));
            // The partition's own foreign keys become part of its parent's.
            costs.extend(
                foreign_keys(&self.changes.next, table).map(|other| exclusive(other).and_heirs()),
            );
            return costs;
        }
        if let Some(partition) = partition("DETACH PARTITION ") {
            let lock = match what.ends_with(" CONCURRENTLY") {
                true => Lock::ShareUpdateExclusive,
                false => Lock::AccessExclusive,
            };
            let mut costs = one(lock, Work::Nothing);
            costs.push(exclusive(&partition));
            costs.extend(self.default_of(table, Work::Nothing));
            let theirs = keys(&self.changes.previous, &partition).filter(|key| !key.local);
            let others = theirs.filter_map(|key| key.references.as_ref());
            costs.extend(
                others.map(|other| Cost::new(Lock::ShareRowExclusive, other, Work::Nothing)),
            );
            return costs;
        }
        let mut costs = one(Lock::AccessExclusive, Work::Nothing);
        let parent = partition("INHERIT ");
        costs.extend(
            (parent.iter())
                .map(|parent| Cost::new(Lock::ShareUpdateExclusive, parent, Work::Nothing)),
        );
        costs
    }

    /// Whether what is done to a table is done to its partitions and heirs as well. Of constraints only checks are
    /// inherited; a partitioned table's reach its partitions.
    pub(super) fn reaches_heirs(&self, table: &Name, what: &str) -> bool {
        let has = |word: &&str| what.contains(*word);
        let key = ["PRIMARY KEY", "UNIQUE", "EXCLUDE"].iter().any(has);
        let added = what.starts_with("ADD CONSTRAINT ");
        let alone = ["RENAME TO ", "ATTACH PARTITION ", "DETACH PARTITION "];
        if alone.iter().any(|words| what.starts_with(words)) || added && key {
            return false;
        }
        let known = (what.strip_prefix("DROP CONSTRAINT "))
            .or_else(|| what.strip_prefix("VALIDATE CONSTRAINT "))
            .and_then(ident)
            .map(|(name, _)| ObjectId::Constraint {
                table: table.clone(),
                name,
            });
        let both = [&self.changes.previous, &self.changes.next];
        let known = known.and_then(|id| both.into_iter().find_map(|schema| schema.get(&id)));
        let uninherited = matches!(known, Some(Object::Constraint(one)) if one.kind != ConstraintKind::Check)
            || added && has(&" FOREIGN KEY ");
        !uninherited || self.is_partitioned(table)
    }

    fn rewrite(&self) -> Work {
        let code = HazardCode::RewritesTable;
        match self.step.hazards.iter().any(|hazard| hazard.code == code) {
            true => Work::Rewrite,
            false => Work::Nothing,
        }
    }

    fn alter_column(&self, table: &Name, what: &str) -> Vec<Cost> {
        let short = ["\" SET STATISTICS ", "\" SET (", "\" RESET ("];
        if short.iter().any(|words| what.contains(words)) {
            return vec![Cost::new(Lock::ShareUpdateExclusive, table, Work::Nothing)];
        }
        let scans =
            (self.step.hazards.iter()).any(|hazard| hazard.code == HazardCode::BlocksWrites);
        let work = if what.contains("\" TYPE ") {
            self.rewrite()
        } else if what.ends_with(" SET NOT NULL") && scans {
            Work::Scan
        } else {
            Work::Nothing
        };
        let mut costs = vec![Cost::new(Lock::AccessExclusive, table, work)];
        if what.contains("\" TYPE ") {
            costs.extend(
                self.referring()
                    .map(|other| Cost::new(Lock::Share, other, Work::Scan)),
            );
        }
        costs
    }

    fn add_constraint(&self, table: &Name, what: &str) -> Vec<Cost> {
        let definition = after_name(what.strip_prefix("ADD CONSTRAINT ").unwrap_or(what));
        let invalid = definition.ends_with(" NOT VALID");
        if definition.starts_with("FOREIGN KEY ") {
            // What has no rows yet has nothing to look up in the other one.
            let work = match invalid || !self.was_there(table) {
                true => Work::Nothing,
                false => Work::Scan,
            };
            let other = definition
                .split_once(" REFERENCES ")
                .and_then(|(_, rest)| relation(rest));
            let mut costs = vec![Cost::new(Lock::ShareRowExclusive, table, work)];
            costs.extend(other.map(|(name, _)| Cost::new(Lock::ShareRowExclusive, &name, work)));
            return costs;
        }
        let work = if definition.contains(" USING INDEX ") || invalid {
            Work::Nothing
        } else if definition.starts_with("CHECK ") {
            Work::Scan
        } else if self.has_it_already(table, definition) {
            Work::Nothing
        } else {
            Work::BuildIndex
        };
        let mut costs = vec![Cost::new(Lock::AccessExclusive, table, work)];
        if invalid || definition.starts_with("CHECK ") {
            return costs;
        }
        if self.is_partitioned(table) {
            costs.push(Cost::new(Lock::Share, table, work).and_heirs());
        } else if definition.starts_with("PRIMARY KEY ") {
            // No index of theirs, but whether their columns may be NULL.
            let heirs = self.heirs.below(table);
            let heirs = heirs.iter();
            costs.extend(heirs.map(|heir| Cost::new(Lock::AccessExclusive, heir, Work::Nothing)));
        }
        costs
    }

    fn is_partitioned(&self, table: &Name) -> bool {
        let id = ObjectId::Table {
            name: table.clone(),
        };
        matches!(self.changes.previous.get(&id), Some(Object::Table(table)) if table.partition_by.is_some())
    }

    /// Whether each partition has a key that the table's own takes in as it is.
    fn has_it_already(&self, table: &Name, definition: &str) -> bool {
        let mut partitions = self.heirs.below(table);
        partitions.retain(|name| self.was_there(name));
        !partitions.is_empty()
            && partitions.iter().all(|partition| {
                keys(&self.changes.previous, partition).any(|key| key.definition == definition)
            })
    }

    /// The default partition, which may hold what belongs into another one.
    fn default_of(&self, parent: &Name, work: Work) -> Option<Cost> {
        let is_default = |name: &Name| {
            let id = ObjectId::Table { name: name.clone() };
            matches!(self.changes.previous.get(&id), Some(Object::Table(table))
                if table.partition_of.as_ref().is_some_and(|partition| partition.parent == *parent && partition.bound == "DEFAULT"))
        };
        let mut tables = self.changes.previous.tables().map(|(name, _)| name);
        let default = tables.find(|name| is_default(name))?;
        let work = work.min(self.unless_proven(default));
        Some(Cost::new(Lock::AccessExclusive, default, work))
    }

    /// Whether rows are read to see where they belong: not where a check says so, which goes in the same step.
    fn unless_proven(&self, table: &Name) -> Work {
        let drop = format!("ALTER TABLE {table} DROP CONSTRAINT ");
        match self
            .step
            .statements
            .iter()
            .any(|sql| sql.starts_with(&drop))
        {
            true => Work::Nothing,
            false => Work::Scan,
        }
    }

    /// The tables whose foreign keys to the step's column are checked anew.
    fn referring(&self) -> impl Iterator<Item = &Name> {
        (self.changes.previous.depends.iter())
            .filter(|(id, needs)| {
                matches!(id, ObjectId::Constraint { .. })
                    && id.relation() != self.step.object.relation()
                    && needs.contains(&self.step.object)
                    // One that is made anew has steps of its own.
                    && !self.impact.actions.contains_key(*id)
            })
            .filter_map(|(id, _)| id.relation())
    }
}

/// The other tables that a table's foreign keys point at.
fn foreign_keys<'a>(schema: &'a Schema, table: &'a Name) -> impl Iterator<Item = &'a Name> {
    keys(schema, table)
        .filter_map(|key| key.references.as_ref())
        .filter(move |other| *other != table)
}

fn keys<'a>(schema: &'a Schema, table: &'a Name) -> impl Iterator<Item = &'a Constraint> {
    (schema.objects.iter())
        .filter(move |(id, _)| id.relation() == Some(table))
        .filter_map(|(_, object)| match object {
            Object::Constraint(key) => Some(key),
            _ => None,
        })
}

/// Whether an index finds a column's greatest value and its least, before the change and behind it.
pub(super) fn leads_an_index(changes: &Changes, table: &Name, column: &Ident) -> bool {
    let leads = |id: &ObjectId, object: &Object| match object {
        Object::Constraint(key) => {
            matches!(
                key.kind,
                ConstraintKind::PrimaryKey | ConstraintKind::Unique
            ) && id.relation() == Some(table)
                && key.columns.first() == Some(column)
        }
        Object::Index(index) => {
            let first = index.definition.strip_prefix("btree (").and_then(ident);
            index.table == *table
                && index.valid
                && !index.definition.contains(" WHERE ")
                && first.is_some_and(|(name, rest)| name == *column && !rest.starts_with('('))
        }
        _ => false,
    };
    (changes.previous.objects.iter())
        .any(|(id, object)| leads(id, object) && changes.next.contains(id))
}
