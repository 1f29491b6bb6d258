//! Where tables stand and lines run. Each group of joined tables is ranked by dagre and routed by ourselves; the groups
//! are then packed in rows, tables that nothing is joined with beneath them. No line crosses a table's box: between
//! ranks it keeps to lanes, and it passes a rank where there is room between boxes.

mod group;
mod lanes;
mod pack;
mod rank;
mod route;
mod size;

use super::graph::Diagram;

pub(crate) use size::{HEAD, ROW, SIDE, cut, marks, row_middle};

/// Every table's box and every edge's line, in the diagram's order, in whole units from (0, 0).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drawing {
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) boxes: Vec<Area>,
    pub(crate) lines: Vec<Line>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Area {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

/// From the table that has the key to the one that it points at, by right angles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) points: Vec<Point>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Point {
    pub(crate) x: i32,
    pub(crate) y: i32,
}

/// Finds a place for everything.
pub(crate) fn draw(diagram: &Diagram) -> Drawing {
    let sizes: Vec<Area> = diagram.tables.iter().map(size::area).collect();
    let groups = group::groups(diagram);
    let placed = (groups.iter())
        .map(|group| route::place(diagram, &sizes, group))
        .collect();
    pack::pack(diagram, &groups, placed)
}

impl Area {
    pub(crate) fn right(self) -> i32 {
        self.x + self.width
    }

    pub(crate) fn bottom(self) -> i32 {
        self.y + self.height
    }
}
