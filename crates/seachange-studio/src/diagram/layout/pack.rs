//! Groups side by side in rows, the larger first; then rows of tables that nothing is joined with.

use super::group::Group;
use super::route::Placed;
use super::{Area, Drawing, Line};
use crate::diagram::graph::Diagram;

const MARGIN: i32 = 24;
const BETWEEN: i32 = 48;

pub(super) fn pack(diagram: &Diagram, groups: &[Group], placed: Vec<Placed>) -> Drawing {
    let mut drawing = Drawing {
        width: 0,
        height: 0,
        boxes: vec![Area::default(); diagram.tables.len()],
        lines: vec![Line::default(); diagram.edges.len()],
    };
    let mut placed: Vec<(bool, Placed)> = (groups.iter().zip(placed))
        .map(|(group, placed)| (group.tables.len() == 1, placed))
        .collect();
    // Low ones side by side leave less room between the rows.
    placed.sort_by_key(|(alone, placed)| (*alone, std::cmp::Reverse(placed.height)));
    let room = row_width(placed.iter().map(|(_, placed)| placed));
    let (mut x, mut y, mut row) = (0, 0, 0);
    let mut before = None;
    for (alone, group) in placed {
        let begins_anew = before.is_some_and(|before| before != alone);
        if x > 0 && (begins_anew || x + group.width > room) {
            (x, y, row) = (0, y + row + BETWEEN, 0);
        }
        drawing.take(&group, x + MARGIN, y + MARGIN);
        drawing.width = drawing.width.max(x + group.width);
        drawing.height = drawing.height.max(y + group.height);
        x += group.width + BETWEEN;
        row = row.max(group.height);
        before = Some(alone);
    }
    drawing.width += 2 * MARGIN;
    drawing.height += 2 * MARGIN;
    drawing
}

/// As wide as the widest, and wide enough that the whole is about as broad as a screen.
fn row_width<'a>(placed: impl Iterator<Item = &'a Placed>) -> i32 {
    let (mut widest, mut area) = (0, 0_i64);
    for group in placed {
        widest = widest.max(group.width);
        area += i64::from(group.width + BETWEEN) * i64::from(group.height + BETWEEN);
    }
    widest.max((area as f64 * 1.7).sqrt() as i32)
}

impl Drawing {
    fn take(&mut self, placed: &Placed, x: i32, y: i32) {
        for (table, area) in &placed.boxes {
            self.boxes[*table] = Area {
                x: area.x + x,
                y: area.y + y,
                ..*area
            };
        }
        for (edge, line) in &placed.lines {
            let mut line = line.clone();
            for point in &mut line.points {
                point.x += x;
                point.y += y;
            }
            self.lines[*edge] = line;
        }
    }
}
