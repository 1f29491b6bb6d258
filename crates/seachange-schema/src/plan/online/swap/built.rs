//! What stands on a column and goes with it: made anew on the column beside it, before that takes its place.

use super::super::Ground;
use super::super::key::Key;
use crate::model::{Constraint, ConstraintKind, Index, Object, ObjectId};
use crate::name::{Ident, Name};
use crate::plan::impact::Action;
use crate::render;
use crate::spelling;

/// Statements, by when they run.
#[derive(Default)]
pub(super) struct Built {
    /// With the new column.
    pub(super) added: Vec<String>,
    /// When its rows are filled, outside a transaction.
    pub(super) built: Vec<String>,
    /// Before the old column goes.
    pub(super) taken_down: Vec<String>,
    /// When the new one has its place and its name.
    pub(super) put_up: Vec<String>,
    /// Later, outside a transaction.
    pub(super) validated: Vec<String>,
}

/// A column, the one beside it, and what was made for that so far.
pub(super) struct Builder<'a> {
    pub(super) ground: &'a Ground<'a>,
    pub(super) table: &'a Name,
    pub(super) old: &'a Ident,
    pub(super) new: &'a Ident,
    pub(super) made: Built,
}

impl Builder<'_> {
    /// All that hangs on the old column. None where something can't follow.
    pub(super) fn all(mut self) -> Option<Built> {
        let column = ObjectId::Column {
            table: self.table.clone(),
            name: self.old.clone(),
        };
        let mut keys = Vec::new();
        for id in self.ground.impact.previous_needs.dependents(&column) {
            let action = self.ground.impact.actions.get(id);
            match (id, self.ground.changes.next.get(id)) {
                // It has steps of its own around this one.
                (ObjectId::Default { .. } | ObjectId::View { .. }, _) if action.is_some() => {}
                (ObjectId::Index { .. }, _) if action.is_some() => return None,
                _ if action == Some(&Action::Recreate) => {}
                _ if action.is_some() => return None,
                (ObjectId::Index { name }, Some(Object::Index(index))) => {
                    self.index(id, name, index)?;
                }
                (ObjectId::Constraint { table, name }, Some(Object::Constraint(constraint))) => {
                    match constraint.kind {
                        ConstraintKind::ForeignKey if table != self.table => {
                            keys.push((table, name, constraint));
                        }
                        ConstraintKind::ForeignKey
                            if constraint.references.as_ref() == Some(table) =>
                        {
                            return None;
                        }
                        ConstraintKind::PrimaryKey => self.key("PRIMARY KEY", name, constraint)?,
                        ConstraintKind::Unique => self.key("UNIQUE", name, constraint)?,
                        ConstraintKind::Check | ConstraintKind::ForeignKey => {
                            self.check(name, constraint)?;
                        }
                        ConstraintKind::Exclusion => return None,
                    }
                    self.comment(id, &Object::Constraint(constraint.clone()));
                }
                _ => return None,
            }
        }
        if self.marked() {
            return None;
        }
        for (table, name, constraint) in keys {
            self.referred(table, name, constraint)?;
        }
        self.sequences();
        Some(self.made)
    }

    fn renamed(&self, text: &str) -> Option<String> {
        spelling::renamed(text, self.old, self.new)
    }

    fn index(&mut self, id: &ObjectId, name: &Name, index: &Index) -> Option<()> {
        if index.parent.is_some() || !index.valid {
            return None;
        }
        let beside = self.ground.free(name, "__new");
        let unique = match index.unique {
            true => "UNIQUE ",
            false => "",
        };
        let definition = self.renamed(&index.definition)?;
        self.made.built.push(format!(
            "CREATE {unique}INDEX CONCURRENTLY {} ON {} USING {definition}",
            beside.name, index.table
        ));
        (self.made.put_up).push(format!("ALTER INDEX {beside} RENAME TO {}", name.name));
        self.comment(id, &Object::Index(index.clone()));
        Some(())
    }

    fn key(&mut self, word: &str, name: &Ident, constraint: &Constraint) -> Option<()> {
        let table = self.table;
        let key = Key::of(&self.renamed(constraint.definition.strip_prefix(word)?)?)?;
        let beside = self.ground.free(&table.sibling(name), "__new");
        self.made.built.push(format!(
            "CREATE UNIQUE INDEX CONCURRENTLY {} ON {table} USING btree {}",
            beside.name, key.index
        ));
        self.made.put_up.push(format!(
            "ALTER TABLE {table} ADD CONSTRAINT {name} {word} USING INDEX {}{}",
            beside.name, key.deferrable
        ));
        Some(())
    }

    /// A check, or a foreign key to another table.
    fn check(&mut self, name: &Ident, constraint: &Constraint) -> Option<()> {
        let table = self.table;
        let definition = match constraint.definition.split_once(" REFERENCES ") {
            Some((columns, rest)) if constraint.kind == ConstraintKind::ForeignKey => {
                // Of `ON DELETE SET NULL (a)` the columns are the table's own, too.
                if rest.contains("SET NULL (") || rest.contains("SET DEFAULT (") {
                    return None;
                }
                format!("{} REFERENCES {rest}", self.renamed(columns)?)
            }
            _ => self.renamed(&constraint.definition)?,
        };
        if !constraint.local {
            return None;
        }
        let beside = self.ground.free_constraint(table, name, "__new");
        (self.made.added).push(not_valid(table, &beside, &definition));
        if constraint.validated {
            (self.made.built).push(format!("ALTER TABLE {table} VALIDATE CONSTRAINT {beside}"));
        }
        self.made.put_up.push(format!(
            "ALTER TABLE {table} RENAME CONSTRAINT {beside} TO {name}"
        ));
        Some(())
    }

    /// A foreign key of another table: it lets go of the old key and takes the new one, for new rows at once.
    fn referred(&mut self, table: &Name, name: &Ident, constraint: &Constraint) -> Option<()> {
        if self.ground.is_partitioned(table) || !constraint.local {
            return None;
        }
        (self.made.taken_down).push(format!("ALTER TABLE {table} DROP CONSTRAINT {name}"));
        (self.made.put_up).push(not_valid(table, name, &constraint.definition));
        if constraint.validated {
            (self.made.validated).push(format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}"));
        }
        Some(())
    }

    /// A sequence that the column owns would go with it.
    fn sequences(&mut self) {
        let (table, new) = (self.table, self.new);
        let owner = Some((table.clone(), self.old.clone()));
        for (id, object) in &self.ground.changes.previous.objects {
            if let (ObjectId::Sequence { name }, Object::Sequence(sequence)) = (id, object)
                && sequence.owned_by == owner
                && self.ground.changes.next.contains(id)
            {
                (self.made.taken_down)
                    .push(format!("ALTER SEQUENCE {name} OWNED BY {table}.{new}"));
            }
        }
    }

    fn comment(&mut self, id: &ObjectId, object: &Object) {
        let text = match object {
            Object::Constraint(constraint) => &constraint.comment,
            Object::Index(index) => &index.comment,
            _ => return,
        };
        let comment = (text.as_deref()).map(|text| render::comment_on(id, object, Some(text)));
        self.made.put_up.extend(comment);
    }

    /// Whether the table says something about an index that might be made anew.
    fn marked(&self) -> bool {
        let table = || self.table.clone();
        let marks = [
            ObjectId::ReplicaIdentity { table: table() },
            ObjectId::ClusterMark { table: table() },
        ];
        let changes = self.ground.changes;
        (marks.iter()).any(|mark| changes.previous.contains(mark) || changes.next.contains(mark))
    }
}

fn not_valid(table: &Name, name: &Ident, definition: &str) -> String {
    let definition = definition.strip_suffix(" NOT VALID").unwrap_or(definition);
    format!("ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID")
}
