//! Turns actions into steps, and needs into edges between them.

mod along;

use std::collections::BTreeSet;

use super::adopt;
use super::birth;
use super::edges::{Places, edges};
use super::graph::Edges;
use super::heirs;
use super::impact::{Action, Impact};
use super::losses;
use super::ownership;
use super::step::{Step, Verb};
use crate::change::Changes;
use crate::model::{Object, ObjectId};
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
        adopted: BTreeSet::new(),
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
    /// Indexes that a constraint takes over, and that go in no other way.
    adopted: BTreeSet<ObjectId>,
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
            impacts: Vec::new(),
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
            self.adopted.insert(index.clone());
            return;
        }
        let recreated = self.impact.actions.get(id) == Some(&Action::Recreate);
        let work = match (id, object) {
            (ObjectId::Table { name }, Object::Table(table)) => {
                let merged = self.style == Style::Merged;
                render::create_table(name, table, &self.changes.next, merged)
            }
            (ObjectId::Type { name }, _) if self.impact.bared.contains(id) => {
                match self.changes.previous.get(id) {
                    Some(previous) => render::dress_domain(name, previous, object),
                    None => return,
                }
            }
            (ObjectId::Type { .. } | ObjectId::Collation { .. }, _) if recreated => {
                let Some(previous) = self.changes.previous.get(id) else {
                    return;
                };
                let mut needs = self.impact.previous_needs.of_object(id);
                let subtype_aside = needs.any(|need| {
                    matches!(need, ObjectId::Type { .. })
                        && self.impact.actions.get(need) == Some(&Action::Recreate)
                        && !self.impact.bared.contains(need)
                });
                let mut work = render::set_aside(id, previous, self.changes, subtype_aside);
                work.append(render::create(id, object, self.changes));
                work
            }
            (ObjectId::Privileges { of, .. }, _) => {
                let new = birth::of_new(id, self.changes, self.impact);
                let held = birth::held(id, self.changes).filter(|_| new);
                let mut work = render::change_privileges(
                    id,
                    held.as_ref(),
                    Some(object),
                    ownership::named(of, &self.changes.next),
                );
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
            (ObjectId::Index { .. }, _) if heirs::joins_with(id, self.changes) => {
                let mut work = render::create(id, object, self.changes);
                work.statements
                    .retain(|sql| !sql.starts_with("ALTER INDEX "));
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

    fn drop(&mut self, id: &ObjectId) {
        let Some(object) = self.changes.previous.get(id) else {
            return;
        };
        if self.adopted.contains(id) {
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
            ObjectId::Type { name } if self.impact.bared.contains(id) => {
                render::bare_domain(name, object)
            }
            ObjectId::Type { name } | ObjectId::Collation { name } if recreated => {
                render::drop_set_aside(name, object, self.changes)
            }
            ObjectId::Column { table, name } if !recreated => {
                let mut work = render::drop(id, object, recreated);
                if let Some(statements) = heirs::drop_column(table, name, self.changes) {
                    work.statements = statements;
                }
                if self.changes.fills.contains_key(id) {
                    // Its values are elsewhere, too.
                    work.hazards.clear();
                }
                work
            }
            ObjectId::Privileges { of, .. } if !recreated => {
                let owner = ownership::named(of, &self.changes.previous);
                render::change_privileges(id, Some(object), None, owner)
            }
            ObjectId::Privileges { of, .. } => {
                let owner = ownership::named(of, &self.changes.previous);
                let mut work = render::change_privileges(id, Some(object), None, owner);
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
            (ObjectId::Privileges { of, .. }, _, _) => {
                let owner = ownership::named(of, &self.changes.next);
                render::change_privileges(id, Some(previous), Some(next), owner)
            }
            _ => match render::alter(id, previous, next) {
                Alteration::InPlace(work) => work,
                // The impact has decided already; these are never altered.
                Alteration::Recreate | Alteration::Refused(_) => return,
            },
        };
        if work.statements.is_empty() {
            // Its parent's step reaches it.
            let theirs = heirs::source(id, &self.changes.previous);
            if let Some(step) = theirs.and_then(|id| self.places.altered_by.get(&id).copied()) {
                self.places.altered_by.insert(id.clone(), step);
            }
            return;
        }
        let mut work = work;
        work.hazards.extend(losses::when_altered(id, self.changes));
        work.statements
            .extend(render::sequences_kept(id, self.changes));
        let step = self.push(Verb::Alter, id, work);
        if let ObjectId::Column { .. } = id {
            self.steps[step].append(birth::unwanted(id, self.changes, self.impact));
        }
        self.places.altered_by.insert(id.clone(), step);
    }
}
