//! Turns actions into steps, and needs into edges between them.

use super::adopt;
use super::birth;
use super::edges::{Places, edges};
use super::graph::Edges;
use super::heirs;
use super::impact::{Action, Impact};
use super::losses;
use super::step::{Step, Verb};
use crate::change::Changes;
use crate::model::{ConstraintKind, Object, ObjectId};
use crate::name::Name;
use crate::render::{self, Alteration, Work};

/// Whether what can stand in one statement does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// CREATE TABLE with its defaults and constraints, DROP TABLE for all of it: reads best.
    Merged,
    /// Every default, check and foreign key on its own: the way out of a circle.
    Split,
}

/// The steps in no order, and which has to run before which.
pub(super) fn steps(changes: &Changes, impact: &Impact, style: Style) -> (Vec<Step>, Edges) {
    let mut writer = Writer {
        changes,
        impact,
        style,
        steps: Vec::new(),
        places: Places::default(),
    };
    // Whole relations first, so that their parts find the step that they go along with.
    writer.relations();
    writer.columns();
    writer.others();
    let edges = edges(changes, impact, &writer.places);
    (writer.steps, edges)
}

struct Writer<'a> {
    changes: &'a Changes,
    impact: &'a Impact,
    style: Style,
    steps: Vec<Step>,
    places: Places,
}

impl Writer<'_> {
    fn relations(&mut self) {
        for (id, action) in &self.impact.actions {
            match id {
                ObjectId::Table { .. } | ObjectId::View { .. } => self.act(id, *action),
                _ => {}
            }
        }
    }

    fn columns(&mut self) {
        self.act_on(|id| matches!(id, ObjectId::Column { .. }));
    }

    fn others(&mut self) {
        self.act_on(|id| {
            !matches!(
                id,
                ObjectId::Table { .. } | ObjectId::View { .. } | ObjectId::Column { .. }
            )
        });
    }

    /// What comes from a parent is written after it, and so finds the step of the parent's.
    fn act_on(&mut self, which: impl Fn(&ObjectId) -> bool) {
        let mut chosen: Vec<(&ObjectId, Action)> = self
            .impact
            .actions
            .iter()
            .filter(|(id, _)| which(id))
            .map(|(id, action)| (id, *action))
            .collect();
        chosen.sort_by_key(|(id, _)| {
            heirs::generation(id, &self.changes.previous)
                .max(heirs::generation(id, &self.changes.next))
        });
        for (id, action) in chosen {
            self.act(id, action);
        }
    }

    fn act(&mut self, id: &ObjectId, action: Action) {
        match action {
            Action::Create => self.create(id),
            Action::Drop => self.drop(id),
            Action::Recreate => {
                self.drop(id);
                self.create(id);
            }
            Action::Alter => self.alter(id),
        }
    }

    fn push(&mut self, verb: Verb, object: &ObjectId, mut work: Work) -> usize {
        if let ObjectId::Default { table, .. } = object
            && !heirs::follow(object, self.changes)
        {
            heirs::alone(&mut work.statements, table);
        }
        let named = match verb {
            Verb::Drop => self.changes.previous.get(object),
            Verb::Create | Verb::Alter | Verb::Rename => self.changes.next.get(object),
        };
        let mut summary = render::summary(object, named);
        if self.impact.actions.get(object) == Some(&Action::Recreate) {
            summary.push_str(match verb {
                Verb::Drop => ", to be made anew",
                Verb::Create | Verb::Alter | Verb::Rename => ", made anew",
            });
        }
        self.steps.push(Step {
            verb,
            object: object.clone(),
            summary,
            statements: work.statements,
            hazards: work.hazards,
        });
        self.steps.len() - 1
    }

    fn create(&mut self, id: &ObjectId) {
        let Some(object) = self.changes.next.get(id) else {
            return;
        };
        if let Some(step) = self
            .created_along(id, object)
            .or_else(|| self.handed(id, object))
        {
            self.places.created_by.insert(id.clone(), step);
            let with = self.steps[step].object.relation();
            if with.is_some() && with != id.relation() {
                // It comes with the parent's, but for what is its own.
                let own = render::settle(id, object, &self.changes.next);
                self.steps[step].append(own);
            }
            self.steps[step].append(birth::unwanted(id, self.changes, self.impact));
            return;
        }
        if let Some((index, work)) = adopt::adopted(id, object, self.changes, self.impact) {
            let step = self.push(Verb::Create, id, work);
            self.places.created_by.insert(id.clone(), step);
            self.places.dropped_by.insert(index.clone(), step);
            return;
        }
        let recreated = self.impact.actions.get(id) == Some(&Action::Recreate);
        let work = match (id, object) {
            (ObjectId::Table { name }, Object::Table(table)) => {
                let merged = self.style == Style::Merged;
                render::create_table(name, table, &self.changes.next, merged)
            }
            (ObjectId::Type { .. } | ObjectId::Collation { .. }, _) if recreated => {
                let Some(previous) = self.changes.previous.get(id) else {
                    return;
                };
                let mut work = render::set_aside(id, previous, self.changes);
                work.append(render::create(id, object, self.changes));
                work
            }
            (ObjectId::Privileges { of, .. }, _) => {
                let new = birth::of_new(id, self.changes, self.impact);
                let held = birth::held(id, self.changes).filter(|_| new);
                let mut work = render::change_privileges(id, held.as_ref(), Some(object));
                if new {
                    // Nobody has had more of it yet.
                    work.hazards.clear();
                }
                if work.statements.is_empty()
                    && let Some(made) = self.places.created_by.get(&**of)
                {
                    // It is born with just these.
                    self.places.created_by.insert(id.clone(), *made);
                    return;
                }
                work
            }
            _ => render::create(id, object, self.changes),
        };
        let step = self.push(Verb::Create, id, work);
        let lost = losses::when_made(id, object, self.changes);
        self.steps[step].hazards.extend(lost);
        self.places.created_by.insert(id.clone(), step);
        self.steps[step].append(birth::unwanted(id, self.changes, self.impact));
        if let (ObjectId::Sequence { name }, Object::Sequence(sequence)) = (id, object)
            && let Some((table, column)) = &sequence.owned_by
        {
            // The column's default needs the sequence, so the column comes later and says whose it is.
            let owner = ObjectId::Column {
                table: table.clone(),
                name: column.clone(),
            };
            let owner = self.places.created_by.get(&owner).copied().unwrap_or(step);
            let owned = render::own_sequence(name, sequence.owned_by.as_ref());
            self.steps[owner].statements.push(owned);
        }
    }

    /// The step of the column that a sequence hands over to an identity, or takes over from one.
    fn handed(&self, id: &ObjectId, object: &Object) -> Option<usize> {
        let (ObjectId::Sequence { name }, Object::Sequence(sequence)) = (id, object) else {
            return None;
        };
        let (table, column) = sequence.owned_by.as_ref()?;
        let found = render::handover(table, column, self.changes)?;
        let step = self.places.altered_by.get(&ObjectId::Column {
            table: table.clone(),
            name: column.clone(),
        });
        step.copied()
            .filter(|_| found.old == *name || found.new == *name)
    }

    /// The step of another object that makes this one as well.
    fn created_along(&self, id: &ObjectId, object: &Object) -> Option<usize> {
        let table = match id {
            ObjectId::Index { .. } => match object {
                Object::Index(index) => &index.table,
                _ => return None,
            },
            _ => id.relation()?,
        };
        let whole = self
            .places
            .created_by
            .get(&ObjectId::Table {
                name: table.clone(),
            })
            .copied();
        let parents = heirs::source(id, &self.changes.next)
            .and_then(|source| self.places.created_by.get(&source).copied());
        match (id, object) {
            (ObjectId::Column { .. }, _) => whole.or(parents),
            (ObjectId::Default { .. }, _)
                if whole.is_none() && heirs::follows(id, self.changes) =>
            {
                parents
            }
            (ObjectId::Default { column, .. }, Object::Default(default)) => {
                let added = self.places.created_by.get(&ObjectId::Column {
                    table: table.clone(),
                    name: column.clone(),
                });
                let added = added.copied().filter(|step| Some(*step) != whole);
                added
                    .or(whole
                        .filter(|_| self.style == Style::Merged || default.generated.is_some()))
            }
            (ObjectId::Constraint { .. }, Object::Constraint(constraint)) => {
                let merged = self.style == Style::Merged;
                parents
                    .or(whole)
                    .filter(|_| render::inline(id, constraint, &self.changes.next, merged))
            }
            _ => None,
        }
    }

    fn drop(&mut self, id: &ObjectId) {
        let Some(object) = self.changes.previous.get(id) else {
            return;
        };
        if self.places.dropped_by.contains_key(id) {
            // A constraint has taken it over.
            return;
        }
        if let Some(step) = self
            .dropped_along(id, object)
            .or_else(|| self.handed(id, object))
        {
            self.places.dropped_by.insert(id.clone(), step);
            return;
        }
        let recreated = self.impact.actions.get(id) == Some(&Action::Recreate);
        let work = match id {
            ObjectId::Type { name } | ObjectId::Collation { name } if recreated => {
                render::drop_set_aside(name, object, self.changes)
            }
            ObjectId::Column { table, name } if !recreated => {
                let mut work = render::drop(id, object, recreated);
                if let Some(statements) = heirs::drop_column(table, name, self.changes) {
                    work.statements = statements;
                }
                work
            }
            ObjectId::Privileges { .. } if recreated => {
                let mut work = render::drop(id, object, recreated);
                // They are granted again in the same transaction.
                work.hazards.clear();
                work
            }
            ObjectId::Column { table, name }
                if render::loses_no_values(table, name, self.changes) =>
            {
                let mut work = render::drop(id, object, recreated);
                work.hazards.clear();
                work
            }
            _ => render::drop(id, object, recreated),
        };
        let step = self.push(Verb::Drop, id, work);
        self.places.dropped_by.insert(id.clone(), step);
    }

    /// The step of another object that takes this one with it.
    fn dropped_along(&self, id: &ObjectId, object: &Object) -> Option<usize> {
        let whole = |table: &Name| {
            let table_id = ObjectId::Table {
                name: table.clone(),
            };
            let view_id = ObjectId::View {
                name: table.clone(),
            };
            self.places
                .dropped_by
                .get(&table_id)
                .or_else(|| self.places.dropped_by.get(&view_id))
                .copied()
        };
        let column = |table: &Name, name: &crate::name::Ident| {
            self.places
                .dropped_by
                .get(&ObjectId::Column {
                    table: table.clone(),
                    name: name.clone(),
                })
                .copied()
        };
        let parents = heirs::source(id, &self.changes.previous)
            .and_then(|source| self.places.dropped_by.get(&source).copied());
        match (id, object) {
            (ObjectId::Index { .. }, Object::Index(index)) => whole(&index.table).or(parents),
            (ObjectId::Statistics { .. }, Object::Statistics(statistics)) => {
                whole(&statistics.table)
            }
            (ObjectId::PublicationTable { publication, table }, _) => {
                let id = ObjectId::Publication {
                    name: publication.clone(),
                };
                whole(table).or_else(|| self.places.dropped_by.get(&id).copied())
            }
            (
                ObjectId::PublicationSchema {
                    publication,
                    schema,
                },
                _,
            ) => {
                let id = ObjectId::Publication {
                    name: publication.clone(),
                };
                let schema = ObjectId::Schema {
                    name: schema.clone(),
                };
                let dropped = &self.places.dropped_by;
                dropped.get(&id).or_else(|| dropped.get(&schema)).copied()
            }
            (ObjectId::Sequence { .. }, Object::Sequence(sequence)) => {
                let (table, name) = sequence.owned_by.as_ref()?;
                whole(table).or_else(|| column(table, name))
            }
            (
                ObjectId::Default {
                    table,
                    column: name,
                },
                _,
            ) => whole(table)
                .or_else(|| column(table, name))
                .or(parents.filter(|_| heirs::follows(id, self.changes))),
            (ObjectId::Column { table, .. }, _) => whole(table).or(parents),
            (ObjectId::Constraint { table, .. }, Object::Constraint(constraint))
                if constraint.kind == ConstraintKind::ForeignKey =>
            {
                whole(table)
                    .filter(|_| self.style == Style::Merged)
                    .or(parents)
            }
            (ObjectId::Constraint { table, .. }, _) => whole(table).or(parents),
            // A sequence's may go with the identity column that it is behind.
            (ObjectId::Privileges { .. }, _) => (self.impact.previous_needs.of_object(id))
                .find_map(|need| self.places.dropped_by.get(need).copied())
                .or_else(|| whole(id.relation()?)),
            (ObjectId::DefaultPrivileges { schema, .. }, _) => {
                let schema = schema.as_ref()?;
                let id = ObjectId::Schema {
                    name: schema.clone(),
                };
                self.places.dropped_by.get(&id).copied()
            }
            _ => whole(id.relation()?),
        }
    }

    fn alter(&mut self, id: &ObjectId) {
        let (Some(previous), Some(next)) =
            (self.changes.previous.get(id), self.changes.next.get(id))
        else {
            return;
        };
        let work = match (id, previous, next) {
            (ObjectId::Default { .. }, _, _) if heirs::follows(id, self.changes) => return,
            (ObjectId::Column { table, name }, Object::Column(before), Object::Column(after)) => {
                match heirs::reached(id, self.changes) {
                    Some(reached) => {
                        render::alter_column(table, name, &reached, after, false, self.changes)
                    }
                    None => {
                        let passes = self.impact.retyped.contains(id);
                        render::alter_column(table, name, before, after, passes, self.changes)
                    }
                }
            }
            _ => match render::alter(id, previous, next) {
                Alteration::InPlace(work) => work,
                // The impact has decided already; these are never altered.
                Alteration::Recreate | Alteration::Refused(_) => return,
            },
        };
        if work.statements.is_empty() {
            return;
        }
        let mut work = work;
        work.hazards.extend(losses::when_altered(id, self.changes));
        let step = self.push(Verb::Alter, id, work);
        if let ObjectId::Column { .. } = id {
            self.steps[step].append(birth::unwanted(id, self.changes, self.impact));
        }
        self.places.altered_by.insert(id.clone(), step);
    }
}
