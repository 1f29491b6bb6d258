//! What the database has and nobody declared stays: the goal of a push is what is wanted and that.

use std::collections::BTreeSet;

use seachange_schema::{Object, ObjectId, Schema};

/// The schema to arrive at.
pub(super) struct Merged {
    pub(super) goal: Schema,
    pub(super) listed: Vec<ObjectId>,
}

/// Adds to `desired` whatever `live` has that is neither desired nor was ever declared.
pub(super) fn merged(live: &Schema, desired: &Schema, declared: &BTreeSet<ObjectId>) -> Merged {
    let mut goal = desired.clone();
    let mut kept: BTreeSet<&ObjectId> = BTreeSet::new();
    for (id, object) in &live.objects {
        if desired.contains(id)
            || declared.contains(id)
            || goes_along(id, object, desired, declared)
        {
            continue;
        }
        if !matches!(id, ObjectId::Owner { .. }) {
            kept.insert(id);
        }
        goal.objects.insert(id.clone(), object.clone());
        let needs: BTreeSet<ObjectId> = live.needs(id).cloned().collect();
        goal.depends.insert(id.clone(), needs);
    }
    born(live, desired, &mut goal);
    let listed = kept
        .iter()
        .filter(|id| !belongs_to_kept(id, live, &kept))
        .map(|id| (*id).clone())
        .collect();
    // An edge needs both its ends.
    for needs in goal.depends.values_mut() {
        needs.retain(|need| goal.objects.contains_key(need));
    }
    goal.unmodelled.clone_from(&live.unmodelled);
    Merged { goal, listed }
}

/// What is new in the database is born with what the default privileges there say, where these are
/// nobody's declaration; that stays too.
fn born(live: &Schema, desired: &Schema, goal: &mut Schema) {
    let undeclared = Schema {
        objects: (live.objects.iter())
            .filter(|(id, _)| {
                matches!(id, ObjectId::DefaultPrivileges { .. })
                    && !desired.contains(id)
                    && goal.contains(id)
            })
            .map(|(id, object)| (id.clone(), object.clone()))
            .collect(),
        ..Schema::default()
    };
    if undeclared.objects.is_empty() {
        return;
    }
    for (id, object) in &desired.objects {
        let (of, column) = match (id, object) {
            (ObjectId::Column { table, .. }, Object::Column(column)) => {
                let Some(identity) = &column.identity else {
                    continue;
                };
                let name = table.sibling(&identity.sequence);
                (ObjectId::Sequence { name }, Some(id))
            }
            _ => (id.clone(), None),
        };
        let is_there = match (column.and_then(|id| live.get(id)), column) {
            (Some(Object::Column(column)), _) => column.identity.is_some(),
            (_, Some(_)) => false,
            (_, None) => live.contains(&of),
        };
        if is_there {
            continue;
        }
        for (to, held) in undeclared.born(&of) {
            let privileges = ObjectId::Privileges {
                of: Box::new(of.clone()),
                to,
            };
            if let Some(column) = column {
                let needs = goal.depends.entry(privileges.clone()).or_default();
                needs.insert(column.clone());
            }
            goal.objects
                .entry(privileges)
                .or_insert(Object::Privileges(held));
        }
    }
}

/// Parts of something that is declared, or was: a default on a declared column that no longer has one,
/// what hangs on a table that is dropped, a sequence of a column that is.
fn goes_along(
    id: &ObjectId,
    object: &Object,
    desired: &Schema,
    declared: &BTreeSet<ObjectId>,
) -> bool {
    let dropped = |id: &ObjectId| declared.contains(id) && !desired.contains(id);
    let table = |name: &seachange_schema::Name| ObjectId::Table { name: name.clone() };
    match (id, object) {
        (ObjectId::Default { table: of, column }, _) => {
            let column = ObjectId::Column {
                table: of.clone(),
                name: column.clone(),
            };
            desired.contains(&column) || declared.contains(&column)
        }
        (ObjectId::Index { .. }, Object::Index(index)) => dropped(&table(&index.table)),
        (ObjectId::Sequence { .. }, Object::Sequence(sequence)) => {
            sequence.owned_by.as_ref().is_some_and(|(of, column)| {
                let column = ObjectId::Column {
                    table: of.clone(),
                    name: column.clone(),
                };
                dropped(&table(of)) || dropped(&column) || desired.contains(&column)
            })
        }
        _ => id.relation().is_some_and(|name| {
            dropped(&table(name)) || dropped(&ObjectId::View { name: name.clone() })
        }),
    }
}

fn belongs_to_kept(id: &ObjectId, live: &Schema, kept: &BTreeSet<&ObjectId>) -> bool {
    let whole = |name: &seachange_schema::Name| {
        kept.contains(&ObjectId::Table { name: name.clone() })
            || kept.contains(&ObjectId::View { name: name.clone() })
    };
    match (id, live.get(id)) {
        (ObjectId::Index { .. }, Some(Object::Index(index))) => whole(&index.table),
        (ObjectId::Sequence { .. }, Some(Object::Sequence(sequence))) => sequence
            .owned_by
            .as_ref()
            .is_some_and(|(table, _)| whole(table)),
        (ObjectId::Default { table, column }, _) => {
            whole(table)
                || kept.contains(&ObjectId::Column {
                    table: table.clone(),
                    name: column.clone(),
                })
        }
        _ => id.relation().is_some_and(whole),
    }
}
