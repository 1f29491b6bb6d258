//! Which table stands in which rank, and how high: dagre's part. Referenced tables come to the left of those that
//! point at them.

use std::collections::BTreeMap;

use dagre::graph::{Graph, GraphOptions};
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, RankDir};

use super::Area;
use super::group::Group;
use crate::diagram::graph::Diagram;

/// Between two boxes of a rank, at least.
const BETWEEN: i32 = 28;
/// So many tables that only point at one other stand above each other before another rank is begun.
const TOGETHER: usize = 7;

/// Ranks from left to right.
pub(super) struct Ranks {
    pub(super) ranks: Vec<Rank>,
    /// Of each pair of tables that is joined: how its line would go.
    ways: BTreeMap<(usize, usize), Vec<(f64, f64)>>,
}

pub(super) struct Rank {
    /// Its middle, in dagre's measure.
    x: f64,
    /// Tables, by their places in the diagram, and the upper edge of each; from above.
    pub(super) tables: Vec<(usize, i32)>,
}

pub(super) fn ranks(diagram: &Diagram, sizes: &[Area], group: &Group) -> Ranks {
    let mut graph: Graph<NodeLabel, EdgeLabel> = Graph::with_options(GraphOptions {
        directed: true,
        multigraph: false,
        compound: false,
    });
    for table in &group.tables {
        let label = NodeLabel {
            width: f64::from(sizes[*table].width),
            height: f64::from(sizes[*table].height),
            ..NodeLabel::default()
        };
        graph.set_node(table.to_string(), Some(label));
    }
    let pairs = pairs(diagram, group);
    let hung = hung(&pairs);
    for ((parent, child), weight) in &pairs {
        let stops = stops((*parent, *child), &hung);
        for pair in stops.windows(2) {
            for stop in pair {
                if !graph.has_node(stop) {
                    graph.set_node(stop.clone(), Some(NodeLabel::default()));
                }
            }
            let label = EdgeLabel {
                weight: *weight,
                ..EdgeLabel::default()
            };
            graph.set_edge(pair[0].clone(), pair[1].clone(), Some(label), None);
        }
    }
    let options = LayoutOptions {
        rankdir: RankDir::LR,
        nodesep: f64::from(BETWEEN) + 8.0,
        edgesep: 14.0,
        ranksep: 80.0,
        ..LayoutOptions::default()
    };
    dagre::layout(&mut graph, Some(options));

    let mut ranks: Vec<Rank> = Vec::new();
    let mut placed: Vec<(f64, f64, usize)> = (group.tables.iter())
        .map(|table| {
            let label = graph.node(&table.to_string());
            let place = label.map(|it| (it.x.unwrap_or_default(), it.y.unwrap_or_default()));
            let (x, y) = place.unwrap_or_default();
            (x, y, *table)
        })
        .collect();
    placed.sort_by(|one, other| {
        (one.0.total_cmp(&other.0))
            .then(one.1.total_cmp(&other.1))
            .then(one.2.cmp(&other.2))
    });
    for (x, y, table) in placed {
        let upper = (y - f64::from(sizes[table].height) / 2.0).round() as i32;
        match ranks.last_mut() {
            // Tables of one rank have their middles in one place.
            Some(rank) if (rank.x - x).abs() < 1.0 => rank.tables.push((table, upper)),
            _ => ranks.push(Rank {
                x,
                tables: vec![(table, upper)],
            }),
        }
    }
    for rank in &mut ranks {
        rank.tables.sort_by_key(|(table, upper)| (*upper, *table));
        // Whatever dagre says, no two boxes meet.
        let mut free = i32::MIN;
        for (table, upper) in &mut rank.tables {
            *upper = (*upper).max(free);
            free = *upper + sizes[*table].height + BETWEEN;
        }
    }
    let ways = (pairs.keys())
        .map(|pair| (*pair, way(&graph, &stops(*pair, &hung))))
        .collect();
    Ranks { ranks, ways }
}

/// Joined tables, the referenced one first, and how many keys join them. Where two point at each other, one way counts.
fn pairs(diagram: &Diagram, group: &Group) -> BTreeMap<(usize, usize), i32> {
    let mut pairs = BTreeMap::new();
    for edge in group.edges.iter().map(|at| &diagram.edges[*at]) {
        if edge.child == edge.parent {
            continue;
        }
        let backward = (edge.child, edge.parent);
        let pair = match pairs.contains_key(&backward) {
            true => backward,
            false => (edge.parent, edge.child),
        };
        *pairs.entry(pair).or_insert(0) += 1;
    }
    pairs
}

/// A table that hangs on one other and on nothing else, and how many ranks on.
#[derive(Clone, Copy)]
struct Hung {
    at: usize,
    /// Whether it points at that one, and so stands right of it.
    behind: bool,
    ranks: usize,
}

/// Where many tables hang on one, they are spread over several ranks.
fn hung(pairs: &BTreeMap<(usize, usize), i32>) -> BTreeMap<(usize, usize), Hung> {
    let mut joined: BTreeMap<usize, usize> = BTreeMap::new();
    for table in pairs.keys().flat_map(|(parent, child)| [parent, child]) {
        *joined.entry(*table).or_default() += 1;
    }
    let mut hanging: BTreeMap<(usize, bool), usize> = BTreeMap::new();
    let mut hung = BTreeMap::new();
    for (parent, child) in pairs.keys() {
        let (at, behind) = match (joined[parent], joined[child]) {
            (_, 1) => (*parent, true),
            (1, _) => (*child, false),
            _ => continue,
        };
        let before = hanging.entry((at, behind)).or_default();
        let ranks = *before / TOGETHER;
        hung.insert((*parent, *child), Hung { at, behind, ranks });
        *before += 1;
    }
    hung
}

/// What dagre is told of a pair. Lines to tables that hang further on share one stop in each rank that they pass.
fn stops((parent, child): (usize, usize), hung: &BTreeMap<(usize, usize), Hung>) -> Vec<String> {
    let mut stops = vec![parent.to_string()];
    if let Some(Hung { at, behind, ranks }) = hung.get(&(parent, child)) {
        let mut between: Vec<String> = (1..=*ranks)
            .map(|rank| format!("{at} {behind} {rank}"))
            .collect();
        if !behind {
            between.reverse();
        }
        stops.extend(between);
    }
    stops.push(child.to_string());
    stops
}

fn way(graph: &Graph<NodeLabel, EdgeLabel>, stops: &[String]) -> Vec<(f64, f64)> {
    let mut way = Vec::new();
    for pair in stops.windows(2) {
        let label = graph.edge(&pair[0], &pair[1], None);
        let points = label.map_or(&[] as &[_], |it| &it.points);
        way.extend(points.iter().map(|it| (it.x, it.y)));
    }
    way
}

impl Ranks {
    /// How high the line between two tables would like to pass a rank.
    pub(super) fn wish(&self, one: usize, other: usize, rank: usize) -> Option<i32> {
        let way = (self.ways.get(&(one, other))).or_else(|| self.ways.get(&(other, one)))?;
        let x = self.ranks[rank].x;
        way.windows(2).find_map(|pair| {
            let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
            let within = (ax.min(bx)..=ax.max(bx)).contains(&x);
            within.then(|| {
                let part = if ax == bx { 0.0 } else { (x - ax) / (bx - ax) };
                (ay + (by - ay) * part).round() as i32
            })
        })
    }
}
