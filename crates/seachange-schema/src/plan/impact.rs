//! What has to happen to every object: its own change, and what the changes of others force on it.
//!
//! PostgreSQL refuses to change or drop what something else depends on. So whatever stands in the way
//! is taken down first and restored whole afterwards.

mod generated;

use std::collections::{BTreeMap, BTreeSet};

use super::Refusal;
use super::heirs;
use super::retype;
use crate::change::Changes;
use crate::model::{Object, ObjectId};
use crate::needs::Needs;
use crate::render::{self, Alteration};

/// What is done to one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Create,
    Drop,
    Alter,
    /// Taken down in its previous state, made again in its next one.
    Recreate,
}

/// The actions on all objects that have any.
pub(super) struct Impact {
    pub(super) actions: BTreeMap<ObjectId, Action>,
    /// Columns whose values pass through another type, even where its name stays the same.
    pub(super) retyped: BTreeSet<ObjectId>,
    /// Domains that stay, while their checks and default are taken off and put on again.
    pub(super) bared: BTreeSet<ObjectId>,
    pub(super) previous_needs: Needs,
    pub(super) next_needs: Needs,
    pub(super) refusals: Vec<Refusal>,
}

/// How an enum gets new labels.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Labels {
    /// ADD VALUE: no row is touched, but they can't be used in the same transaction.
    Added,
    /// With a new type that its columns move over to.
    Anew,
}

pub(super) fn impact(changes: &Changes, labels: Labels) -> Impact {
    let mut spread = Spread {
        changes,
        labels,
        impact: Impact {
            actions: BTreeMap::new(),
            retyped: BTreeSet::new(),
            bared: BTreeSet::new(),
            previous_needs: Needs::of(&changes.previous),
            next_needs: Needs::of(&changes.next),
            refusals: Vec::new(),
        },
        waiting: Vec::new(),
    };
    spread.own_changes();
    spread.run();
    spread.foreign_keys_between_retyped();
    spread.run();
    spread.impact
}

/// What reaches an object's dependents.
enum Wave {
    TakenDown,
    Retyped,
}

struct Spread<'a> {
    changes: &'a Changes,
    labels: Labels,
    impact: Impact,
    waiting: Vec<(ObjectId, Wave)>,
}

impl Spread<'_> {
    fn own_changes(&mut self) {
        for (id, change) in &self.changes.changes {
            match (&change.previous, &change.next) {
                (None, Some(Object::Default(default))) if default.generated.is_some() => {
                    self.impact.actions.insert(id.clone(), Action::Create);
                    self.generated_anew(id);
                }
                (None, next) => {
                    if let Some(Object::Column(column)) = next
                        && let Some(reason) = heirs::refused_new(id, column, self.changes)
                    {
                        self.refuse(id, reason);
                    }
                    self.impact.actions.insert(id.clone(), Action::Create);
                }
                (Some(Object::Default(previous)), None) if previous.generated.is_some() => {
                    // DROP EXPRESSION keeps the column and its values, where the column stays.
                    self.impact.actions.insert(id.clone(), Action::Drop);
                    self.virtual_to_plain(id, previous);
                }
                (Some(_), None) => {
                    self.impact.actions.insert(id.clone(), Action::Drop);
                    self.waiting.push((id.clone(), Wave::TakenDown));
                }
                (Some(previous), Some(next)) => self.changed(id, previous, next),
            }
        }
    }

    fn changed(&mut self, id: &ObjectId, previous: &Object, next: &Object) {
        if let (Object::Default(previous), Object::Default(next)) = (previous, next) {
            if next.generated.is_some() {
                return self.generated_anew(id);
            }
            if self.virtual_to_plain(id, previous) {
                return;
            }
        }
        if let (Object::Enum(previous), Object::Enum(next)) = (previous, next)
            && previous.labels != next.labels
            && self.labels == Labels::Anew
        {
            return self.recreate(id);
        }
        if let (Object::Composite(previous), Object::Composite(next)) = (previous, next)
            && retype::blocked(id, previous, next, &self.impact.previous_needs)
        {
            return self.recreate(id);
        }
        if let (Object::Domain(previous), Object::Domain(next)) = (previous, next)
            && retype::unreachable(
                id,
                previous,
                next,
                self.changes,
                &self.impact.previous_needs,
            )
        {
            return self.recreate(id);
        }
        if let (ObjectId::Column { table, .. }, Object::Column(previous), Object::Column(next)) =
            (id, previous, next)
            && let Some(reason) = heirs::refused(table, previous, next, self.changes)
        {
            return self.refuse(id, reason);
        }
        if heirs::stays_as_index(id, previous, next, self.changes) {
            return;
        }
        match render::alter(id, previous, next) {
            Alteration::InPlace(_) => {
                self.impact
                    .actions
                    .entry(id.clone())
                    .or_insert(Action::Alter);
                if let (Object::Column(previous), Object::Column(next)) = (previous, next)
                    && (previous.data_type != next.data_type
                        || previous.collation != next.collation)
                {
                    self.retype(id);
                }
                if let (Object::Column(previous), Object::Column(next)) = (previous, next)
                    && previous.identity.is_some()
                    && next.identity.is_none()
                {
                    self.identity_goes(id);
                }
                if let (Object::Privileges(previous), Object::Privileges(next)) = (previous, next)
                    && previous.loses(next)
                {
                    self.waiting.push((id.clone(), Wave::TakenDown));
                }
            }
            Alteration::Recreate => self.recreate(id),
            Alteration::Refused(reason) => self.refuse(id, reason),
        }
    }

    /// Whether it is a domain over the same type before and after: a function is only in its checks or default.
    fn keeps_base(&self, id: &ObjectId) -> bool {
        match (self.changes.previous.get(id), self.changes.next.get(id)) {
            (Some(Object::Domain(previous)), Some(Object::Domain(next))) => {
                previous.data_type == next.data_type && previous.collation == next.collation
            }
            _ => false,
        }
    }

    fn recreate(&mut self, id: &ObjectId) {
        if self.impact.bared.remove(id) {
            self.waiting.push((id.clone(), Wave::TakenDown));
            return;
        }
        let action = self.impact.actions.get(id);
        if matches!(action, None | Some(Action::Alter)) {
            self.impact.actions.insert(id.clone(), Action::Recreate);
            self.waiting.push((id.clone(), Wave::TakenDown));
        }
    }

    fn retype(&mut self, column: &ObjectId) {
        if let ObjectId::Column { table, name } = column
            && let Some(reason) = heirs::partition_key(table, name, &self.changes.previous)
        {
            return self.refuse(column, reason);
        }
        if self.impact.retyped.insert(column.clone()) {
            if let Some(reason) = retype::refused(column, self.changes) {
                self.refuse(column, reason);
            }
            let action = self.impact.actions.entry(column.clone());
            action.or_insert(Action::Alter);
            self.waiting.push((column.clone(), Wave::Retyped));
        }
    }

    fn refuse(&mut self, id: &ObjectId, reason: impl Into<String>) {
        self.impact.refusals.push(Refusal {
            object: id.to_string(),
            reason: reason.into(),
        });
    }

    fn run(&mut self) {
        while let Some((id, wave)) = self.waiting.pop() {
            let dependents: Vec<ObjectId> = self
                .impact
                .previous_needs
                .dependents(&id)
                .cloned()
                .collect();
            for dependent in dependents {
                if !self.changes.next.contains(&dependent) {
                    continue;
                }
                match wave {
                    Wave::TakenDown => self.loses(&dependent, &id),
                    Wave::Retyped => self.sees_retyped(&dependent, &id),
                }
            }
        }
    }

    /// `dependent` stays, but what it needs is dropped or made anew.
    fn loses(&mut self, dependent: &ObjectId, needed: &ObjectId) {
        match dependent {
            ObjectId::Column { .. } => match needed {
                ObjectId::Type { .. } | ObjectId::Collation { .. } => {
                    let recreated = self.impact.actions.get(needed) == Some(&Action::Recreate);
                    if recreated {
                        self.retype(dependent);
                    }
                }
                ObjectId::Table { .. } => {}
                // The next state of the column needs something else, or the proof will tell.
                _ => {}
            },
            ObjectId::Default { .. } if self.is_generated(dependent) => {
                self.generated_anew(dependent);
                self.recreate(dependent);
            }
            ObjectId::Type { .. }
                if matches!(needed, ObjectId::Function { .. }) && self.keeps_base(dependent) =>
            {
                if !matches!(self.impact.actions.get(dependent), Some(Action::Recreate)) {
                    self.impact
                        .actions
                        .insert(dependent.clone(), Action::Recreate);
                    self.impact.bared.insert(dependent.clone());
                }
            }
            ObjectId::Default { .. }
            | ObjectId::Constraint { .. }
            | ObjectId::Index { .. }
            | ObjectId::View { .. }
            | ObjectId::Function { .. }
            | ObjectId::Trigger { .. }
            | ObjectId::Policy { .. }
            | ObjectId::Rule { .. }
            | ObjectId::Privileges { .. }
            | ObjectId::Owner { .. }
            | ObjectId::DefaultPrivileges { .. }
            | ObjectId::Statistics { .. }
            | ObjectId::ReplicaIdentity { .. }
            | ObjectId::ClusterMark { .. }
            | ObjectId::PublicationTable { .. }
            | ObjectId::PublicationSchema { .. }
            | ObjectId::EventTrigger { .. } => self.recreate(dependent),
            // A type that is made of it, or whose check calls it; its next state may need it no longer.
            ObjectId::Type { .. } => {
                if self.impact.actions.get(needed) == Some(&Action::Recreate) {
                    self.recreate(dependent);
                }
            }
            ObjectId::Table { .. } => {
                if self.impact.actions.get(needed) == Some(&Action::Recreate) {
                    let reason =
                        format!("the {needed} that it needs would have to be made anew under it");
                    self.refuse(dependent, reason);
                }
            }
            ObjectId::Schema { .. }
            | ObjectId::Extension { .. }
            | ObjectId::Sequence { .. }
            | ObjectId::Collation { .. }
            | ObjectId::Publication { .. } => {}
        }
    }

    /// `dependent` stays while a column that it needs changes its type. What PostgreSQL can't carry
    /// along: view, rule, trigger, policy, generated column, function with a parsed body. Indexes,
    /// checks and foreign keys it rebuilds itself; defaults are set anew to be exact.
    fn sees_retyped(&mut self, dependent: &ObjectId, column: &ObjectId) {
        match dependent {
            ObjectId::Default { .. } if self.is_generated(dependent) => {
                self.generated_anew(dependent);
            }
            ObjectId::Default {
                table,
                column: name,
            } => {
                if matches!(column, ObjectId::Column { table: of, name: own } if of == table && own == name)
                {
                    self.recreate(dependent);
                }
            }
            ObjectId::View { .. }
            | ObjectId::Rule { .. }
            | ObjectId::Trigger { .. }
            | ObjectId::Policy { .. }
            | ObjectId::Function { .. }
            | ObjectId::PublicationTable { .. } => self.recreate(dependent),
            ObjectId::Schema { .. }
            | ObjectId::Extension { .. }
            | ObjectId::Type { .. }
            | ObjectId::Sequence { .. }
            | ObjectId::Table { .. }
            | ObjectId::Column { .. }
            | ObjectId::Constraint { .. }
            | ObjectId::Index { .. }
            | ObjectId::Privileges { .. }
            | ObjectId::Owner { .. }
            | ObjectId::DefaultPrivileges { .. }
            | ObjectId::Collation { .. }
            | ObjectId::Statistics { .. }
            | ObjectId::ReplicaIdentity { .. }
            | ObjectId::ClusterMark { .. }
            | ObjectId::Publication { .. }
            | ObjectId::PublicationSchema { .. }
            | ObjectId::EventTrigger { .. } => {}
        }
    }

    /// The sequence behind an identity column goes with it, and another of that name has no grants yet.
    fn identity_goes(&mut self, column: &ObjectId) {
        let grants: Vec<ObjectId> = (self.impact.previous_needs.dependents(column))
            .filter(|id| {
                matches!(id, ObjectId::Privileges { of, .. }
                    if matches!(**of, ObjectId::Sequence { .. }))
                    && self.changes.next.contains(id)
            })
            .cloned()
            .collect();
        for id in grants {
            self.recreate(&id);
        }
    }

    /// A foreign key whose two ends both change their types has no operator to compare them in between.
    fn foreign_keys_between_retyped(&mut self) {
        for id in retype::foreign_keys(self.changes, &self.impact) {
            self.recreate(&id);
        }
    }
}
