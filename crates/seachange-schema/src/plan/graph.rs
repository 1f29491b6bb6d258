//! The order of steps: a graph of "a before b", walked so that among the steps that are free to run
//! the one that reads best comes first.

use std::collections::{BTreeMap, BTreeSet};

use super::step::{Step, Verb};
use crate::model::ObjectId;

/// Pairs of places in the list of steps: the first runs before the second.
pub(super) type Edges = BTreeSet<(usize, usize)>;

/// The places of the steps in the order in which they run.
///
/// # Errors
/// The objects of a circle, in words.
pub(super) fn order(steps: &[Step], edges: &Edges) -> Result<Vec<usize>, Vec<String>> {
    let mut waiting_for = vec![0_usize; steps.len()];
    let mut after: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (first, second) in edges {
        waiting_for[*second] += 1;
        after.entry(*first).or_default().push(*second);
    }
    let key = |at: usize| (rank(&steps[at]), &steps[at].object, at);
    let mut free: BTreeSet<_> = (0..steps.len())
        .filter(|at| waiting_for[*at] == 0)
        .map(key)
        .collect();
    let mut ordered = Vec::with_capacity(steps.len());
    while let Some((_, _, at)) = free.pop_first() {
        ordered.push(at);
        for next in after.get(&at).into_iter().flatten() {
            waiting_for[*next] -= 1;
            if waiting_for[*next] == 0 {
                free.insert(key(*next));
            }
        }
    }
    if ordered.len() == steps.len() {
        Ok(ordered)
    } else {
        Err((0..steps.len())
            .filter(|at| waiting_for[*at] > 0)
            .map(|at| steps[at].object.to_string())
            .collect())
    }
}

/// Where a step stands when nothing else decides: dependents are taken down first and restored last,
/// what holds data is dropped at the very end.
fn rank(step: &Step) -> u8 {
    let kind = match &step.object {
        ObjectId::Schema { .. } => 0,
        ObjectId::Extension { .. } => 1,
        ObjectId::Type { .. } | ObjectId::Collation { .. } => 2,
        ObjectId::Sequence { .. } => 3,
        ObjectId::Function { .. } => 4,
        ObjectId::Table { .. } => 5,
        ObjectId::Column { .. } => 6,
        ObjectId::Default { .. } => 7,
        ObjectId::Constraint { .. } => 8,
        ObjectId::Index { .. } | ObjectId::Statistics { .. } => 9,
        ObjectId::View { .. } => 10,
        ObjectId::Rule { .. } => 11,
        ObjectId::Trigger { .. } => 12,
        ObjectId::Policy { .. } => 13,
        ObjectId::Owner { .. } => 14,
        ObjectId::Privileges { .. } => 15,
        ObjectId::DefaultPrivileges { .. } => 16,
        ObjectId::ReplicaIdentity { .. } | ObjectId::ClusterMark { .. } => 10,
        ObjectId::Publication { .. } => 17,
        ObjectId::PublicationTable { .. } | ObjectId::PublicationSchema { .. } => 18,
        ObjectId::EventTrigger { .. } => 19,
    };
    match (step.verb, kind) {
        (Verb::Drop, 7..) => 20 - kind,
        (Verb::Drop, _) => 60 - kind,
        (Verb::Create | Verb::Alter | Verb::Rename, _) => 20 + kind,
    }
}
