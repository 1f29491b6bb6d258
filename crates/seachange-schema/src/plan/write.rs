//! Turns actions into steps, and needs into edges between them.

use std::collections::BTreeMap;

use super::graph::Edges;
use super::impact::{Action, Impact};
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
        created_by: BTreeMap::new(),
        dropped_by: BTreeMap::new(),
        altered_by: BTreeMap::new(),
    };
    // Whole relations first, so that their parts find the step that they go along with.
    writer.relations();
    writer.columns();
    writer.others();
    let edges = writer.edges();
    (writer.steps, edges)
}

struct Writer<'a> {
    changes: &'a Changes,
    impact: &'a Impact,
    style: Style,
    steps: Vec<Step>,
    created_by: BTreeMap<ObjectId, usize>,
    dropped_by: BTreeMap<ObjectId, usize>,
    altered_by: BTreeMap<ObjectId, usize>,
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
        for (id, action) in &self.impact.actions {
            if let ObjectId::Column { .. } = id {
                self.act(id, *action);
            }
        }
    }

    fn others(&mut self) {
        for (id, action) in &self.impact.actions {
            match id {
                ObjectId::Table { .. } | ObjectId::View { .. } | ObjectId::Column { .. } => {}
                _ => self.act(id, *action),
            }
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

    fn push(&mut self, verb: Verb, object: &ObjectId, work: Work) -> usize {
        let named = match verb {
            Verb::Drop => self.changes.previous.get(object),
            Verb::Create | Verb::Alter | Verb::Rename => self.changes.next.get(object),
        };
        self.steps.push(Step {
            verb,
            object: object.clone(),
            summary: render::summary(object, named, &work),
            statements: work.statements,
            hazards: work.hazards,
        });
        self.steps.len() - 1
    }

    fn create(&mut self, id: &ObjectId) {
        let Some(object) = self.changes.next.get(id) else {
            return;
        };
        if let Some(step) = self.created_along(id, object) {
            self.created_by.insert(id.clone(), step);
            return;
        }
        let recreated = self.impact.actions.get(id) == Some(&Action::Recreate);
        let work = match (id, object) {
            (ObjectId::Table { name }, Object::Table(table)) => {
                render::create_table(name, table, &self.changes.next, self.style == Style::Merged)
            }
            (ObjectId::Type { name }, _) if recreated => {
                let mut work = render::set_aside(name);
                work.append(render::create(id, object, self.changes));
                work
            }
            _ => render::create(id, object, self.changes),
        };
        let step = self.push(Verb::Create, id, work);
        self.created_by.insert(id.clone(), step);
        if let (ObjectId::Sequence { name }, Object::Sequence(sequence)) = (id, object)
            && let Some((table, column)) = &sequence.owned_by
        {
            // The column's default needs the sequence, so the column comes later and says whose it is.
            let owner = ObjectId::Column {
                table: table.clone(),
                name: column.clone(),
            };
            let owner = self.created_by.get(&owner).copied().unwrap_or(step);
            let owned = render::own_sequence(name, sequence.owned_by.as_ref());
            self.steps[owner].statements.push(owned);
        }
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
            .created_by
            .get(&ObjectId::Table {
                name: table.clone(),
            })
            .copied();
        match (id, object) {
            (ObjectId::Column { .. }, _) => whole,
            (ObjectId::Default { column, .. }, Object::Default(default)) => {
                let added = self.created_by.get(&ObjectId::Column {
                    table: table.clone(),
                    name: column.clone(),
                });
                let added = added.copied().filter(|step| Some(*step) != whole);
                added.or(whole.filter(|_| self.style == Style::Merged || default.generated))
            }
            (ObjectId::Constraint { .. }, Object::Constraint(constraint)) => {
                whole.filter(|_| render::inline(constraint, self.style == Style::Merged))
            }
            _ => None,
        }
    }

    fn drop(&mut self, id: &ObjectId) {
        let Some(object) = self.changes.previous.get(id) else {
            return;
        };
        if let Some(step) = self.dropped_along(id, object) {
            self.dropped_by.insert(id.clone(), step);
            return;
        }
        let recreated = self.impact.actions.get(id) == Some(&Action::Recreate);
        let work = match id {
            ObjectId::Type { name } if recreated => render::drop_set_aside(name, object),
            _ => render::drop(id, object, recreated),
        };
        let step = self.push(Verb::Drop, id, work);
        self.dropped_by.insert(id.clone(), step);
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
            self.dropped_by
                .get(&table_id)
                .or_else(|| self.dropped_by.get(&view_id))
                .copied()
        };
        let column = |table: &Name, name: &crate::name::Ident| {
            self.dropped_by
                .get(&ObjectId::Column {
                    table: table.clone(),
                    name: name.clone(),
                })
                .copied()
        };
        match (id, object) {
            (ObjectId::Index { .. }, Object::Index(index)) => whole(&index.table),
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
            ) => whole(table).or_else(|| column(table, name)),
            (ObjectId::Constraint { table, .. }, Object::Constraint(constraint))
                if constraint.kind == ConstraintKind::ForeignKey =>
            {
                whole(table).filter(|_| self.style == Style::Merged)
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
            (ObjectId::Column { table, name }, Object::Column(before), Object::Column(after)) => {
                let passes = self.impact.retyped.contains(id);
                render::alter_column(table, name, before, after, passes, self.changes)
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
        let step = self.push(Verb::Alter, id, work);
        self.altered_by.insert(id.clone(), step);
    }

    fn edges(&self) -> Edges {
        let mut edges = Edges::new();
        let mut before = |first: usize, second: usize| {
            if first != second {
                edges.insert((first, second));
            }
        };
        // Nothing is made or altered before what it needs is as it will be.
        for (id, step) in self.created_by.iter().chain(&self.altered_by) {
            for need in self.impact.next_needs.of_object(id) {
                for made in [self.created_by.get(need), self.altered_by.get(need)] {
                    made.into_iter().for_each(|made| before(*made, *step));
                }
            }
        }
        // Nothing is dropped before those that need it are gone or changed.
        for (id, step) in &self.dropped_by {
            for dependent in self.impact.previous_needs.dependents(id) {
                match (
                    self.dropped_by.get(dependent),
                    self.altered_by.get(dependent),
                ) {
                    (Some(gone), _) => before(*gone, *step),
                    (None, Some(altered)) => before(*altered, *step),
                    (None, None) => {}
                }
            }
        }
        // Nothing is altered while something that has to go still needs it.
        for (id, step) in &self.altered_by {
            for dependent in self.impact.previous_needs.dependents(id) {
                if let Some(gone) = self.dropped_by.get(dependent) {
                    before(*gone, *step);
                }
            }
        }
        for (id, dropped) in &self.dropped_by {
            let Some(created) = self.created_by.get(id) else {
                continue;
            };
            if let ObjectId::Type { .. } = id {
                // The old type steps aside, the columns move over, then it goes.
                before(*created, *dropped);
                for dependent in self.impact.previous_needs.dependents(id) {
                    if let Some(gone) = self.dropped_by.get(dependent) {
                        before(*gone, *created);
                    }
                }
            } else {
                before(*dropped, *created);
            }
        }
        self.owner_edges(&mut before);
        self.name_edges(&mut before);
        edges
    }

    /// A sequence is given to a column that is there, and taken from one before that goes.
    fn owner_edges(&self, before: &mut impl FnMut(usize, usize)) {
        let owner = |object: Option<&Object>| match object {
            Some(Object::Sequence(sequence)) => {
                sequence
                    .owned_by
                    .as_ref()
                    .map(|(table, column)| ObjectId::Column {
                        table: table.clone(),
                        name: column.clone(),
                    })
            }
            _ => None,
        };
        for (id, step) in &self.altered_by {
            if let Some(made) =
                owner(self.changes.next.get(id)).and_then(|id| self.created_by.get(&id))
            {
                before(*made, *step);
            }
            if let Some(gone) =
                owner(self.changes.previous.get(id)).and_then(|id| self.dropped_by.get(&id))
            {
                before(*step, *gone);
            }
        }
    }

    /// Tables, views, sequences, indexes and the constraints that make one share their names.
    fn name_edges(&self, before: &mut impl FnMut(usize, usize)) {
        let mut freed: BTreeMap<Name, Vec<(&ObjectId, usize)>> = BTreeMap::new();
        for (id, step) in &self.dropped_by {
            if let Some(name) = relation_name(id, self.changes.previous.get(id)) {
                freed.entry(name).or_default().push((id, *step));
            }
        }
        for (id, step) in &self.created_by {
            let Some(name) = relation_name(id, self.changes.next.get(id)) else {
                continue;
            };
            for (other, dropped) in freed.get(&name).into_iter().flatten() {
                if *other != id {
                    before(*dropped, *step);
                }
            }
        }
    }
}

/// The name that an object takes up in `pg_class`.
fn relation_name(id: &ObjectId, object: Option<&Object>) -> Option<Name> {
    match id {
        ObjectId::Table { name }
        | ObjectId::View { name }
        | ObjectId::Sequence { name }
        | ObjectId::Index { name } => Some(name.clone()),
        // A type of that name is in the way of a table's row type.
        ObjectId::Type { name } => Some(name.clone()),
        ObjectId::Constraint { table, name } => match object {
            Some(Object::Constraint(constraint))
                if !matches!(
                    constraint.kind,
                    ConstraintKind::Check | ConstraintKind::ForeignKey
                ) =>
            {
                Some(table.sibling(name))
            }
            _ => None,
        },
        ObjectId::Schema { .. }
        | ObjectId::Extension { .. }
        | ObjectId::Function { .. }
        | ObjectId::Column { .. }
        | ObjectId::Default { .. }
        | ObjectId::Trigger { .. }
        | ObjectId::Policy { .. }
        | ObjectId::Rule { .. } => None,
    }
}
