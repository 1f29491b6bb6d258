//! A drawing as SVG: styled by classes, so that the studio's style sheet and that of a file by itself, dark and light,
//! show the same elements.

mod ends;

use std::fmt::Write as _;

use super::graph::{Column, Diagram, Edge, Table};
use super::layout::{Area, Drawing, HEAD, Line, Point, ROW, SIDE, cut, marks, row_middle};
use crate::tables;

/// What the SVG is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Within a page of the studio: tables are links to their rows, and `diagram.js` finds what it moves.
    Page,
    /// A file by itself, with its own style.
    File,
}

const STYLE: &str = include_str!("svg/style.css");
/// Schemas are told apart by the colour of their tables' heads; the default one has the first.
const COLOURS: usize = 6;

pub(crate) fn svg(diagram: &Diagram, drawing: &Drawing, purpose: Use) -> String {
    let (width, height) = (drawing.width, drawing.height);
    let mut text = String::new();
    let size = match purpose {
        Use::Page => "id=\"diagram\" tabindex=\"0\" role=\"group\"".to_owned(),
        Use::File => format!(
            "xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" role=\"img\""
        ),
    };
    // Writing into a String never fails.
    let _ = writeln!(
        text,
        "<svg class=\"diagram\" viewBox=\"0 0 {width} {height}\" {size} aria-label=\"{} tables and {} foreign keys\">",
        diagram.tables.len(),
        diagram.edges.len()
    );
    if purpose == Use::File {
        let _ = write!(text, "<style>\n{STYLE}</style>\n");
        let _ = writeln!(
            text,
            "<rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>"
        );
    }
    text.push_str("<g class=\"edges\">\n");
    for (edge, line) in diagram.edges.iter().zip(&drawing.lines) {
        draw_edge(&mut text, diagram, drawing, edge, line);
    }
    text.push_str("</g>\n<g class=\"tables\">\n");
    let colours = colours(diagram);
    for (at, (table, area)) in diagram.tables.iter().zip(&drawing.boxes).enumerate() {
        draw_table(&mut text, table, *area, at, colours[at], purpose);
    }
    text.push_str("</g>\n</svg>\n");
    text
}

fn colours(diagram: &Diagram) -> Vec<usize> {
    let mut schemas: Vec<&str> = vec![seachange_schema::name::DEFAULT_SCHEMA];
    for table in &diagram.tables {
        let schema = table.name.schema.as_str();
        if !schemas.contains(&schema) {
            schemas.push(schema);
        }
    }
    let place = |table: &Table| {
        let schema = table.name.schema.as_str();
        schemas
            .iter()
            .position(|it| *it == schema)
            .unwrap_or_default()
            % COLOURS
    };
    diagram.tables.iter().map(place).collect()
}

fn draw_edge(text: &mut String, diagram: &Diagram, drawing: &Drawing, edge: &Edge, line: &Line) {
    let [from, .., to] = line.points.as_slice() else {
        return;
    };
    let (child, parent) = (drawing.boxes[edge.child], drawing.boxes[edge.parent]);
    let path = path(&line.points);
    let _ = writeln!(
        text,
        "<g class=\"edge\" data-child=\"{}\" data-parent=\"{}\" data-from=\"{}\" data-to=\"{}\"><title>{}</title>\
         <path class=\"hit\" d=\"{path}\"/><path class=\"line\" d=\"{path}\"/>{}{}</g>",
        edge.child,
        edge.parent,
        from.y - child.y,
        to.y - parent.y,
        escaped(&format!(
            "{}: {}",
            edge.constraint.as_str(),
            diagram.sentence(edge)
        )),
        ends::end(edge.at_child, *from, side(*from, child)),
        ends::end(edge.at_parent, *to, side(*to, parent)),
    );
}

/// On which side of its box a line ends: 1 is the right one.
fn side(point: Point, area: Area) -> i32 {
    if point.x == area.right() { 1 } else { -1 }
}

/// The points with rounded corners.
fn path(points: &[Point]) -> String {
    const ROUND: i32 = 6;
    let mut path = String::new();
    for (at, point) in points.iter().enumerate() {
        let around = (at.checked_sub(1).and_then(|it| points.get(it))).zip(points.get(at + 1));
        let _ = match around {
            None if at == 0 => write!(path, "M{} {}", point.x, point.y),
            None => write!(path, "L{} {}", point.x, point.y),
            Some((before, after)) => {
                let near = |other: &Point| {
                    let (dx, dy) = (other.x - point.x, other.y - point.y);
                    let far = (dx.abs() + dy.abs()) / 2;
                    let step = ROUND.min(far);
                    (point.x + dx.signum() * step, point.y + dy.signum() * step)
                };
                let ((ax, ay), (bx, by)) = (near(before), near(after));
                write!(path, "L{ax} {ay}Q{} {} {bx} {by}", point.x, point.y)
            }
        };
    }
    path
}

fn draw_table(
    text: &mut String,
    table: &Table,
    area: Area,
    at: usize,
    colour: usize,
    purpose: Use,
) {
    let Area {
        x,
        y,
        width,
        height,
        ..
    } = area;
    let name = table.name.plain();
    let (opens, closes) = match purpose {
        Use::File => ("<g".to_owned(), "</g>"),
        Use::Page => {
            let rows = tables::path(table.name.schema.as_str(), table.name.name.as_str());
            (format!("<a href=\"{}\"", escaped(&rows)), "</a>")
        }
    };
    let told = match &table.comment {
        Some(comment) => format!("{name}: {comment}"),
        None => name.clone(),
    };
    let _ = write!(
        text,
        "{opens} class=\"table colour{colour}\" transform=\"translate({x} {y})\" data-at=\"{at}\" data-name=\"{}\" \
         data-width=\"{width}\" data-height=\"{height}\"><title>{}</title>\
         <rect class=\"box\" width=\"{width}\" height=\"{height}\" rx=\"7\"/>\
         <path class=\"head\" d=\"M0 {HEAD}V7A7 7 0 0 1 7 0H{}A7 7 0 0 1 {width} 7V{HEAD}Z\"/>",
        escaped(&name),
        escaped(&told),
        width - 7,
    );
    let _ = write!(text, "<text class=\"name\" x=\"{SIDE}\" y=\"20\">");
    let schema = table.name.schema.as_str();
    match cut(&name).strip_prefix(&format!("{schema}.")) {
        Some(rest) if schema != seachange_schema::name::DEFAULT_SCHEMA => {
            let _ = write!(
                text,
                "<tspan class=\"schema\">{}.</tspan>{}",
                escaped(schema),
                escaped(rest)
            );
        }
        _ => text.push_str(&escaped(&cut(&name))),
    }
    text.push_str("</text>\n");
    for (row, column) in table.columns.iter().enumerate() {
        draw_column(text, column, row, width, marks(table));
    }
    if table.left_out > 0 {
        let below = row_middle(Some(table.columns.len())) + 4;
        let _ = write!(
            text,
            "<text class=\"type\" x=\"{}\" y=\"{below}\">{} more</text>",
            marks(table),
            table.left_out
        );
    }
    // Over the head, so that it is seen all around.
    let _ = writeln!(
        text,
        "<rect class=\"outline\" width=\"{width}\" height=\"{height}\" rx=\"7\"/>{closes}"
    );
}

fn draw_column(text: &mut String, column: &Column, row: usize, width: i32, indent: i32) {
    let upper = HEAD + ROW * row as i32;
    let base = row_middle(Some(row)) + 4;
    let name = column.name.as_str();
    let mut class = "column".to_owned();
    let mut told = format!("{name} {}", column.data_type);
    for (is, word) in [(column.key, " key"), (column.nullable, " nullable")] {
        if is {
            class.push_str(word);
        }
    }
    for (is, word) in [
        (column.key, ", primary key"),
        (column.foreign, ", foreign key"),
        (column.unique, ", unique"),
        (column.nullable, ", can be NULL"),
    ] {
        if is {
            told.push_str(word);
        }
    }
    let _ = write!(
        text,
        "<g class=\"{class}\"><title>{}</title><rect class=\"row\" x=\"1\" y=\"{upper}\" width=\"{}\" height=\"{ROW}\"/>",
        escaped(&told),
        width - 2,
    );
    for (at, letters) in column.marks().into_iter().enumerate() {
        let class = letters.to_lowercase();
        let x = 6 + 14 * at;
        let _ = write!(
            text,
            "<text class=\"mark {class}\" x=\"{x}\" y=\"{base}\">{letters}</text>"
        );
    }
    let kind = match column.nullable {
        true => format!("{}?", cut(&column.data_type)),
        false => cut(&column.data_type),
    };
    let _ = writeln!(
        text,
        "<text class=\"is\" x=\"{indent}\" y=\"{base}\">{}</text><text class=\"type\" x=\"{}\" y=\"{base}\">{}</text></g>",
        escaped(&cut(name)),
        width - SIDE,
        escaped(&kind),
    );
}

/// As text or within an attribute; XML 1.0 has no way to write most control characters (2.2 "Characters").
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(' '),
            character if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}');
            }
            character => escaped.push(character),
        }
    }
    escaped
}
