//! The marks at the ends of a line, in crow's foot notation, drawn for a line that leaves its box to the right.

use crate::diagram::graph::End;
use crate::diagram::layout::Point;

/// `side` is -1 where the line leaves to the left.
pub(super) fn end(end: End, at: Point, side: i32) -> String {
    let (class, marks) = match end {
        End::One => ("one", "<path d=\"M8 -4V4M12 -4V4\"/>"),
        End::ZeroOrOne => (
            "zero-or-one",
            "<path d=\"M8 -4V4\"/><circle cx=\"15\" cy=\"0\" r=\"3.5\"/>",
        ),
        End::Many => (
            "many",
            "<path d=\"M0 -6L12 0L0 6\"/><circle cx=\"16\" cy=\"0\" r=\"3.5\"/>",
        ),
    };
    let Point { x, y } = at;
    format!("<g class=\"end {class}\" transform=\"translate({x} {y}) scale({side} 1)\">{marks}</g>")
}
