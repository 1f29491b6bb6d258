//! One group's lines. All that lead to one row share their way: in each gap between two ranks one upright part in a
//! lane, through each rank in between one passage where no box stands.

use std::collections::{BTreeMap, BTreeSet};

use super::group::Group;
use super::lanes::{Pins, lanes};
use super::rank::{Ranks, ranks};
use super::size::row_middle;
use super::{Area, Line, Point};
use crate::diagram::graph::{Diagram, Edge, End};

/// From a box to the nearest lane: room for the marks of an edge's end.
const MARGIN: i32 = 30;
const LANE: i32 = 10;
/// Half of what lies between two lines that end at one row.
const ASIDE: i32 = 5;
/// From a passage to the nearest box.
const CLEAR: i32 = 12;
/// From a passage to the next.
const APART: i32 = 9;

/// One group with everything in its place, from (0, 0).
pub(super) struct Placed {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) boxes: BTreeMap<usize, Area>,
    pub(super) lines: BTreeMap<usize, Line>,
}

/// All lines to one row of a table, on one side of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Net {
    parent: usize,
    row: Option<usize>,
    side: Side,
    /// What stands at the referenced end is a part of it: one mark for all.
    optional: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    /// Those that point at it stand left of it.
    Left,
    /// They stand right of it, or it points at itself.
    Right,
}

struct Routing<'a> {
    diagram: &'a Diagram,
    group: &'a Group,
    ranks: Ranks,
    rank_of: BTreeMap<usize, usize>,
    upper: BTreeMap<usize, i32>,
    /// Rows that lines of both kinds lead to, on one side: those that can be NULL end a little lower.
    mixed: BTreeSet<(usize, Option<usize>, Side)>,
    /// Where a net passes a rank.
    passages: BTreeMap<(usize, Net), i32>,
}

pub(super) fn place(diagram: &Diagram, sizes: &[Area], group: &Group) -> Placed {
    let ranks = ranks(diagram, sizes, group);
    let mut routing = Routing {
        diagram,
        group,
        rank_of: BTreeMap::new(),
        upper: BTreeMap::new(),
        mixed: BTreeSet::new(),
        passages: BTreeMap::new(),
        ranks,
    };
    for (at, rank) in routing.ranks.ranks.iter().enumerate() {
        for (table, upper) in &rank.tables {
            routing.rank_of.insert(*table, at);
            routing.upper.insert(*table, *upper);
        }
    }
    routing.mix();
    routing.pass(sizes);
    routing.finish(sizes)
}

impl Routing<'_> {
    fn edges(&self) -> impl Iterator<Item = (usize, &Edge)> {
        (self.group.edges.iter()).map(|at| (*at, &self.diagram.edges[*at]))
    }

    fn net(&self, edge: &Edge) -> Net {
        let (child, parent) = (self.rank_of[&edge.child], self.rank_of[&edge.parent]);
        Net {
            parent: edge.parent,
            row: edge.parent_columns.first().copied(),
            optional: edge.at_parent == End::ZeroOrOne,
            side: match child < parent {
                true => Side::Left,
                false => Side::Right,
            },
        }
    }

    fn mix(&mut self) {
        let nets: BTreeSet<Net> = self.edges().map(|(_, edge)| self.net(edge)).collect();
        let mixed = (nets.iter())
            .filter(|net| {
                !net.optional
                    && nets.contains(&Net {
                        optional: true,
                        ..**net
                    })
            })
            .map(|net| (net.parent, net.row, net.side))
            .collect();
        self.mixed = mixed;
    }

    /// How high an edge ends at the table that has the key, and at the one that it points at.
    fn ends(&self, edge: &Edge) -> (i32, i32) {
        let child = self.upper[&edge.child] + row_middle(edge.child_columns.first().copied());
        let net = self.net(edge);
        let aside = match self.mixed.contains(&(net.parent, net.row, net.side)) {
            true if net.optional => ASIDE,
            true => -ASIDE,
            false => 0,
        };
        let parent = self.upper[&edge.parent] + row_middle(net.row) + aside;
        match edge.child == edge.parent && child == parent - aside {
            true => (self.upper[&edge.child] + row_middle(None), parent),
            false => (child, parent),
        }
    }

    /// Finds a passage through each rank that a net has to pass.
    fn pass(&mut self, sizes: &[Area]) {
        for rank in 0..self.ranks.ranks.len() {
            let mut wishes: BTreeMap<Net, Vec<i32>> = BTreeMap::new();
            for (_, edge) in self.edges() {
                let (one, other) = (self.rank_of[&edge.child], self.rank_of[&edge.parent]);
                if one.min(other) < rank && rank < one.max(other) {
                    let wish = self.ranks.wish(edge.parent, edge.child, rank);
                    let wish = wish.unwrap_or_else(|| self.ends(edge).0);
                    wishes.entry(self.net(edge)).or_default().push(wish);
                }
            }
            let mut wishes: Vec<(i32, Net)> = (wishes.into_iter())
                .map(|(net, wishes)| (wishes.iter().sum::<i32>() / wishes.len() as i32, net))
                .collect();
            wishes.sort();
            let boxes: Vec<(i32, i32)> = (self.ranks.ranks[rank].tables.iter())
                .map(|(table, upper)| (*upper, *upper + sizes[*table].height))
                .collect();
            let mut taken: Vec<i32> = Vec::new();
            for (wish, net) in wishes {
                let free = nearest_free(wish, &boxes, &taken);
                taken.push(free);
                self.passages.insert((rank, net), free);
            }
        }
    }

    fn finish(&self, sizes: &[Area]) -> Placed {
        let count = self.ranks.ranks.len();
        let mut gaps: Vec<BTreeMap<Net, Pins>> = vec![BTreeMap::new(); count];
        for (_, edge) in self.edges() {
            self.pin(edge, &mut gaps);
        }
        let mut placed = Placed {
            width: 0,
            height: 0,
            boxes: BTreeMap::new(),
            lines: BTreeMap::new(),
        };
        let mut uprights: BTreeMap<(usize, Net), i32> = BTreeMap::new();
        let mut x = 0;
        for (at, rank) in self.ranks.ranks.iter().enumerate() {
            let widths = rank.tables.iter().map(|(table, _)| sizes[*table].width);
            let width = widths.max().unwrap_or_default();
            for (table, upper) in &rank.tables {
                let area = Area {
                    x,
                    y: *upper,
                    width,
                    height: sizes[*table].height,
                };
                placed.boxes.insert(*table, area);
            }
            x += width;
            let (lanes, used) = lanes(&gaps[at]);
            for (net, lane) in lanes {
                uprights.insert((at, net), x + MARGIN + LANE * lane as i32);
            }
            let lanes_width = LANE * used.saturating_sub(1) as i32;
            x += match (at + 1 == count, used) {
                (false, _) => 2 * MARGIN + lanes_width,
                (true, 0) => 0,
                (true, _) => MARGIN + lanes_width + 4,
            };
        }
        placed.width = x;
        for (at, edge) in self.edges() {
            let line = self.line(edge, &placed.boxes, &uprights);
            placed.lines.insert(at, line);
        }
        placed.settle();
        placed
    }

    /// Which gaps an edge is in, and how high it comes into each from either side.
    fn pin(&self, edge: &Edge, gaps: &mut [BTreeMap<Net, Pins>]) {
        let net = self.net(edge);
        let (from, to) = self.ends(edge);
        let (child, parent) = (self.rank_of[&edge.child], self.rank_of[&edge.parent]);
        if child == parent {
            let pins = gaps[child].entry(net).or_default();
            pins.left.extend([from, to]);
            return;
        }
        let (low, high) = (child.min(parent), child.max(parent));
        let (left, right) = if child < parent {
            (from, to)
        } else {
            (to, from)
        };
        for (at, gap) in gaps.iter_mut().enumerate().take(high).skip(low) {
            let pins = gap.entry(net).or_default();
            let begins = if at == low {
                left
            } else {
                self.passages[&(at, net)]
            };
            let ends = match at + 1 == high {
                true => right,
                false => self.passages[&(at + 1, net)],
            };
            pins.left.push(begins);
            pins.right.push(ends);
        }
    }

    fn line(
        &self,
        edge: &Edge,
        boxes: &BTreeMap<usize, Area>,
        uprights: &BTreeMap<(usize, Net), i32>,
    ) -> Line {
        let net = self.net(edge);
        let (from, to) = self.ends(edge);
        let (child, parent) = (self.rank_of[&edge.child], self.rank_of[&edge.parent]);
        let (low, high) = (child.min(parent), child.max(parent));
        let (first, last, begins, ends) = match child <= parent {
            true => (edge.child, edge.parent, from, to),
            false => (edge.parent, edge.child, to, from),
        };
        let mut points = vec![point(boxes[&first].right(), begins)];
        let mut height = begins;
        for gap in low..high.max(low + 1) {
            let next = match gap + 1 >= high {
                true => ends,
                false => self.passages[&(gap + 1, net)],
            };
            if let Some(x) = uprights.get(&(gap, net)) {
                points.extend([point(*x, height), point(*x, next)]);
            }
            height = next;
        }
        points.push(match low == high {
            true => point(boxes[&last].right(), ends),
            false => point(boxes[&last].x, ends),
        });
        if child > parent {
            points.reverse();
        }
        Line {
            points: straightened(points),
        }
    }
}

impl Placed {
    /// Moves everything so that it begins at (0, 0).
    fn settle(&mut self) {
        let heights = |placed: &Self| -> Vec<i32> {
            let boxes = placed.boxes.values().flat_map(|it| [it.y, it.bottom()]);
            let lines = placed
                .lines
                .values()
                .flat_map(|it| &it.points)
                .map(|it| it.y);
            boxes.chain(lines).collect()
        };
        let all = heights(self);
        let least = all.iter().min().copied().unwrap_or_default();
        self.height = all.iter().max().copied().unwrap_or_default() - least;
        for area in self.boxes.values_mut() {
            area.y -= least;
        }
        for point in self.lines.values_mut().flat_map(|it| &mut it.points) {
            point.y -= least;
        }
    }
}

/// The height nearest to the one wished for that keeps clear of boxes and of what passes here already. Boxes are from
/// above, and above the first and beneath the last there always is room.
fn nearest_free(wish: i32, boxes: &[(i32, i32)], taken: &[i32]) -> i32 {
    let is_free = |y: i32| {
        (boxes.iter()).all(|(upper, lower)| y <= upper - CLEAR || lower + CLEAR <= y)
            && taken.iter().all(|it| (it - y).abs() >= APART)
    };
    let edges = boxes
        .iter()
        .flat_map(|(upper, lower)| [upper - CLEAR, lower + CLEAR]);
    let beside = taken.iter().flat_map(|it| [it - APART, it + APART]);
    (edges.chain(beside).chain([wish]))
        .filter(|y| is_free(*y))
        .min_by_key(|y| ((y - wish).abs(), *y))
        .expect("above all boxes and passages there is room")
}

fn point(x: i32, y: i32) -> Point {
    Point { x, y }
}

/// Without points that a straight line goes through, or stays at.
fn straightened(points: Vec<Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for point in points {
        if kept.last() == Some(&point) {
            continue;
        }
        if let [.., before, last] = kept.as_slice() {
            let along = (before.x == last.x && last.x == point.x)
                || (before.y == last.y && last.y == point.y);
            if along {
                kept.pop();
            }
        }
        kept.push(point);
    }
    kept
}
