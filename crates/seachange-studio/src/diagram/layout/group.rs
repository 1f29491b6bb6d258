//! Tables that are joined, directly or through others.

use crate::diagram::graph::Diagram;

/// One group: its tables and its edges, by their places in the diagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) tables: Vec<usize>,
    pub(super) edges: Vec<usize>,
}

/// The larger come first.
pub(super) fn groups(diagram: &Diagram) -> Vec<Group> {
    // Each table's group is named by its least table, found by following until one that names itself.
    let mut least: Vec<usize> = (0..diagram.tables.len()).collect();
    fn find(least: &[usize], mut at: usize) -> usize {
        while least[at] != at {
            at = least[at];
        }
        at
    }
    for edge in &diagram.edges {
        let (one, other) = (find(&least, edge.child), find(&least, edge.parent));
        least[one.max(other)] = one.min(other);
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut place = vec![0; diagram.tables.len()];
    for at in 0..diagram.tables.len() {
        let root = find(&least, at);
        if root == at {
            place[at] = groups.len();
            groups.push(Group {
                tables: Vec::new(),
                edges: Vec::new(),
            });
        }
        groups[place[root]].tables.push(at);
    }
    for (at, edge) in diagram.edges.iter().enumerate() {
        let of = place[find(&least, edge.child)];
        groups[of].edges.push(at);
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.tables.len()));
    groups
}
