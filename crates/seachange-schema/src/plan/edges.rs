//! Which step has to run before which: needs, names and keys as edges of a graph.

mod names;

use std::collections::BTreeMap;

use super::graph::Edges;
use super::heirs;
use super::impact::Impact;
use super::ownership;
use crate::change::Changes;
use crate::model::{ConstraintKind, Object, ObjectId};
use crate::name::Name;

/// The steps that make, drop and alter each object, as places in the list of steps.
#[derive(Default)]
pub(super) struct Places {
    pub(super) created_by: BTreeMap<ObjectId, usize>,
    pub(super) dropped_by: BTreeMap<ObjectId, usize>,
    pub(super) altered_by: BTreeMap<ObjectId, usize>,
}

pub(super) fn edges(changes: &Changes, impact: &Impact, places: &Places) -> Edges {
    let drawing = Drawing {
        changes,
        impact,
        places,
    };
    let mut edges = Edges::new();
    let mut before = |first: usize, second: usize| {
        if first != second {
            edges.insert((first, second));
        }
    };
    drawing.needs(&mut before);
    drawing.remade(&mut before);
    drawing.owners(&mut before);
    drawing.names(&mut before);
    drawing.keys(&mut before);
    drawing.births(&mut before);
    drawing.fills(&mut before);
    drawing.overloads(&mut before);
    ownership::edges(places, &mut before);
    drawing.heirs(&mut before);
    edges
}

struct Drawing<'a> {
    changes: &'a Changes,
    impact: &'a Impact,
    places: &'a Places,
}

impl Drawing<'_> {
    fn needs(&self, before: &mut impl FnMut(usize, usize)) {
        // Nothing is made or altered before what it needs is as it will be.
        for (id, step) in self.places.created_by.iter().chain(&self.places.altered_by) {
            for need in self.impact.next_needs.of_object(id) {
                if self.is_of_a_partition_referenced(id, need) {
                    continue;
                }
                for made in [
                    self.places.created_by.get(need),
                    self.places.altered_by.get(need),
                ] {
                    // A table has its columns, keys and indexes as its new parent has them before it joins that.
                    let joins = heirs::joins(need, self.changes)
                        && (matches!(id, ObjectId::Column { .. })
                            || heirs::joins_with(id, self.changes));
                    made.into_iter().for_each(|made| match joins {
                        true => before(*step, *made),
                        false => before(*made, *step),
                    });
                }
            }
        }
        // Nothing is dropped before those that need it are gone or changed.
        for (id, step) in &self.places.dropped_by {
            for dependent in self.impact.previous_needs.dependents(id) {
                match (
                    self.places.dropped_by.get(dependent),
                    self.places.altered_by.get(dependent),
                ) {
                    (Some(gone), _) => before(*gone, *step),
                    (None, Some(altered)) => before(*altered, *step),
                    (None, None) => {}
                }
            }
        }
        // Nothing is altered while something that has to go still needs it, but for sequences, whose
        // options are nobody else's, and which are taken from their owners before these go; and for enums:
        // a label is added under whatever uses the type.
        for (id, step) in &self.places.altered_by {
            let is_enum = matches!(self.changes.previous.get(id), Some(Object::Enum(_)));
            if is_enum || matches!(id, ObjectId::Sequence { .. }) {
                continue;
            }
            for dependent in self.impact.previous_needs.dependents(id) {
                let Some(gone) = self.places.dropped_by.get(dependent) else {
                    continue;
                };
                // What comes from a parent that is left can only go once it is.
                if matches!(id, ObjectId::Table { .. }) && heirs::left(dependent, self.changes) {
                    before(*step, *gone);
                } else {
                    before(*gone, *step);
                }
            }
        }
    }

    /// What fills the rows to come is there before those that are there are filled.
    fn fills(&self, before: &mut impl FnMut(usize, usize)) {
        for (id, fill) in &self.changes.fills {
            let (Some(table), Some(name)) = (id.relation(), &fill.kept_by) else {
                continue;
            };
            let trigger = ObjectId::Trigger {
                table: table.clone(),
                name: name.clone(),
            };
            let created = &self.places.created_by;
            if let (Some(trigger), Some(column)) = (created.get(&trigger), created.get(id)) {
                before(*trigger, *column);
            }
        }
    }

    /// Whether a foreign key needs something of a partition because it points at the whole table: a partition
    /// that comes later joins it.
    fn is_of_a_partition_referenced(&self, id: &ObjectId, need: &ObjectId) -> bool {
        match (self.changes.next.get(id), need.relation()) {
            (Some(Object::Constraint(constraint)), Some(table)) => (constraint.references.as_ref())
                .is_some_and(|whole| {
                    id.relation() != Some(table)
                        && heirs::descends(&self.changes.next, table, whole)
                }),
            _ => false,
        }
    }

    /// What is made anew: first the old one goes, but for a type, whose columns have to move over.
    fn remade(&self, before: &mut impl FnMut(usize, usize)) {
        for (id, dropped) in &self.places.dropped_by {
            let Some(created) = self.places.created_by.get(id) else {
                continue;
            };
            let aside = matches!(id, ObjectId::Type { .. } | ObjectId::Collation { .. });
            if aside && !self.impact.bared.contains(id) {
                // The old type steps aside, the columns move over, then it goes.
                before(*created, *dropped);
                for dependent in self.impact.previous_needs.dependents(id) {
                    // The grants on it go with it; a type that is made of it steps aside as well, and
                    // goes before it.
                    let aside = matches!(dependent, ObjectId::Type { .. });
                    if let Some(gone) = self.places.dropped_by.get(dependent)
                        && gone != dropped
                        && !aside
                    {
                        before(*gone, *created);
                    }
                }
            } else {
                before(*dropped, *created);
            }
        }
    }

    /// A sequence is given to a column that is there, and taken from one before that goes.
    fn owners(&self, before: &mut impl FnMut(usize, usize)) {
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
        // A table that becomes unlogged takes the sequences along that it owns by then.
        for (id, step) in self.places.altered_by.iter().chain(&self.places.created_by) {
            if let Some(ObjectId::Column { table, .. }) = owner(self.changes.next.get(id))
                && let Some(altered) = self.places.altered_by.get(&ObjectId::Table { name: table })
            {
                before(*altered, *step);
            }
        }
        for (id, step) in &self.places.altered_by {
            if let Some(made) =
                owner(self.changes.next.get(id)).and_then(|id| self.places.created_by.get(&id))
            {
                before(*made, *step);
            }
            if let Some(gone) =
                owner(self.changes.previous.get(id)).and_then(|id| self.places.dropped_by.get(&id))
            {
                before(*step, *gone);
            }
        }
    }

    /// What a table has from a parent is altered after the parent's, which reaches it or is lost. A new
    /// heir gets what its parent has by then. Partitions that go make room for those that come.
    fn heirs(&self, before: &mut impl FnMut(usize, usize)) {
        for (id, step) in self.places.altered_by.iter().chain(&self.places.created_by) {
            for schema in [&self.changes.previous, &self.changes.next] {
                let Some(theirs) = heirs::source(id, schema) else {
                    continue;
                };
                let gone = self.places.dropped_by.get(&theirs);
                let whole =
                    |id: &ObjectId| id.relation().cloned().map(|name| ObjectId::Table { name });
                let table = whole(&theirs).and_then(|table| self.places.dropped_by.get(&table));
                // Where the parent goes as a whole, its heir leaves it first.
                let gone = match gone {
                    Some(gone) if table == Some(gone) => {
                        whole(id).and_then(|table| self.places.altered_by.get(&table))
                    }
                    other => other,
                };
                for first in [
                    gone,
                    self.places.altered_by.get(&theirs),
                    self.places.created_by.get(&theirs),
                ] {
                    first.into_iter().for_each(|first| before(*first, *step));
                }
            }
        }
        for (id, step) in &self.places.created_by {
            let ObjectId::Table { name } = id else {
                continue;
            };
            for parent in heirs::parents(&self.changes.next, name) {
                for (part, altered) in &self.places.altered_by {
                    let of = matches!(
                        part,
                        ObjectId::Column { table, .. } | ObjectId::Default { table, .. }
                            if table == parent
                    );
                    if of {
                        before(*altered, *step);
                    }
                }
            }
        }
        // What heirs have is altered with the parent's: those that go don't stand in the way of that, and
        // those that leave are theirs alone by then.
        for (id, step) in &self.places.dropped_by {
            if let ObjectId::Table { name } = id {
                let columns = (self.places.dropped_by.iter())
                    .filter(|(part, _)| matches!(part, ObjectId::Column { .. }));
                let parts = (self.places.altered_by.iter())
                    .chain(&self.places.created_by)
                    .chain(columns);
                for (part, altered) in parts {
                    if let Some(table) = part.relation()
                        && heirs::descends(&self.changes.previous, name, table)
                    {
                        before(*step, *altered);
                    }
                }
            }
            if let ObjectId::Default { table, .. } = id
                && heirs::left(id, self.changes)
                && let Some(altered) = self.places.altered_by.get(&ObjectId::Table {
                    name: table.clone(),
                })
            {
                before(*altered, *step);
            }
        }
        let comes = self.places.created_by.iter().chain(&self.places.altered_by);
        for (id, step) in comes {
            let Some(parent) = heirs::partitioned(id, &self.changes.next) else {
                continue;
            };
            let goes = self.places.dropped_by.iter().chain(&self.places.altered_by);
            for (other, gone) in goes {
                let leaves = heirs::partitioned(other, &self.changes.previous) == Some(parent)
                    && heirs::partitioned(other, &self.changes.next) != Some(parent);
                if leaves && other != id {
                    before(*gone, *step);
                }
            }
        }
    }

    /// A foreign key takes the first key that fits, so those that go are gone before it is made.
    fn keys(&self, before: &mut impl FnMut(usize, usize)) {
        for (id, step) in &self.places.created_by {
            let (ObjectId::Constraint { .. }, Some(Object::Constraint(constraint))) =
                (id, self.changes.next.get(id))
            else {
                continue;
            };
            let Some(referenced) = &constraint.references else {
                continue;
            };
            for (key, gone) in &self.places.dropped_by {
                if is_key_of(referenced, key, self.changes.previous.get(key)) {
                    before(*gone, *step);
                }
            }
        }
    }

    /// A function that nothing uses goes before another of its name is called: with its defaults it could be meant.
    fn overloads(&self, before: &mut impl FnMut(usize, usize)) {
        for (id, gone) in &self.places.dropped_by {
            let ObjectId::Function { name, .. } = id else {
                continue;
            };
            if self.impact.previous_needs.dependents(id).next().is_some() {
                continue;
            }
            for other in self.places.created_by.keys() {
                if !matches!(other, ObjectId::Function { name: own, .. } if own == name)
                    || other == id
                {
                    continue;
                }
                for user in self.impact.next_needs.dependents(other) {
                    let users = [&self.places.created_by, &self.places.altered_by];
                    for step in users.into_iter().filter_map(|places| places.get(user)) {
                        before(*gone, *step);
                    }
                }
            }
        }
    }

    /// What is made in the plan is born under the default privileges that hold before it: see
    /// `render::birth`.
    fn births(&self, before: &mut impl FnMut(usize, usize)) {
        for (id, step) in (self.places.created_by.iter().chain(&self.places.altered_by))
            .chain(&self.places.dropped_by)
        {
            if !matches!(id, ObjectId::DefaultPrivileges { .. }) {
                continue;
            }
            for (made, creation) in self.places.created_by.iter().chain(&self.places.altered_by) {
                if !matches!(
                    made,
                    ObjectId::Privileges { .. } | ObjectId::DefaultPrivileges { .. }
                ) {
                    before(*creation, *step);
                }
            }
        }
    }
}

/// Whether an object is something that a foreign key to the table can point at.
fn is_key_of(table: &Name, id: &ObjectId, object: Option<&Object>) -> bool {
    match (id, object) {
        (ObjectId::Constraint { table: of, .. }, Some(Object::Constraint(constraint))) => {
            of == table
                && matches!(
                    constraint.kind,
                    ConstraintKind::PrimaryKey | ConstraintKind::Unique
                )
        }
        (_, Some(Object::Index(index))) => index.unique && index.table == *table,
        _ => false,
    }
}
