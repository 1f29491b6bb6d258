//! Several renames at once: a name is taken when it is free, and where names only change places, one steps
//! aside first.

use std::collections::BTreeSet;

use super::{Rename, own_name};
use crate::model::ObjectId;
use crate::name::{Ident, free};

/// The renames in an order in which each new name is free. `taken` says whether something else has a name.
pub fn ordered(renames: Vec<Rename>, taken: &impl Fn(&ObjectId) -> bool) -> Vec<Rename> {
    let mut waiting = renames;
    let mut last: Vec<Rename> = Vec::new();
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let held: BTreeSet<(String, String)> =
            waiting.iter().map(|one| place(one, End::From)).collect();
        let runs = waiting
            .iter()
            .position(|one| !held.contains(&place(one, End::To)));
        match runs {
            Some(at) => ordered.push(waiting.remove(at)),
            None => {
                // Each waits for another: the first steps aside until the others are done.
                let (first, second) = aside(waiting.remove(0), taken);
                ordered.push(first);
                last.push(second);
            }
        }
        if waiting.is_empty() {
            waiting = std::mem::take(&mut last);
        }
    }
    ordered
}

#[derive(Clone, Copy)]
enum End {
    From,
    To,
}

/// Where a name is unique, and the name.
fn place(rename: &Rename, end: End) -> (String, String) {
    match (rename, end) {
        (Rename::Label { of, from, .. }, End::From) => (format!("label {of}"), from.clone()),
        (Rename::Label { of, to, .. }, End::To) => (format!("label {of}"), to.clone()),
        (Rename::Object { from: id, .. }, End::From) | (Rename::Object { to: id, .. }, End::To) => {
            (room(id), own_name(id).as_str().to_owned())
        }
    }
}

fn room(id: &ObjectId) -> String {
    match id {
        // These have names in `pg_class` or `pg_type`, and a table has one in each.
        ObjectId::Table { name }
        | ObjectId::View { name }
        | ObjectId::Sequence { name }
        | ObjectId::Index { name }
        | ObjectId::Type { name } => format!("relation {}", name.schema),
        // A key's name is that of its index.
        ObjectId::Constraint { table, .. } => format!("relation {}", table.schema),
        other => match other.relation() {
            Some(table) => format!("{} of {table}", id.kind()),
            None => id.kind().to_owned(),
        },
    }
}

/// One rename as two, over a name that nothing has.
fn aside(rename: Rename, taken: &impl Fn(&ObjectId) -> bool) -> (Rename, Rename) {
    match rename {
        Rename::Label { of, from, to } => {
            let between = free(&from, "__old", |_| false);
            (
                Rename::Label {
                    of: of.clone(),
                    from,
                    to: between.clone(),
                },
                Rename::Label {
                    of,
                    from: between,
                    to,
                },
            )
        }
        Rename::Object { from, to } => {
            let named = |name: &str| from.clone().with_own_name(&Ident::new(name));
            let between = named(&free(own_name(&from).as_str(), "__old", |name| {
                taken(&named(name))
            }));
            (
                Rename::Object {
                    from: from.clone(),
                    to: between.clone(),
                },
                Rename::Object { from: between, to },
            )
        }
    }
}
