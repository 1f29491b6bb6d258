//! A diagram in Graphviz's language, a table's columns as ports.

use std::fmt::Write as _;

use super::graph::{Diagram, Edge, End, Table};
use super::svg::escaped;

pub(crate) fn dot(diagram: &Diagram) -> String {
    let mut text = "digraph schema {\n  graph [rankdir=LR, nodesep=0.5, ranksep=1.2];\n  \
                    node [shape=plain, fontname=\"Helvetica\", fontsize=11];\n  edge [dir=both, color=\"#5d6b78\"];\n"
        .to_owned();
    for (at, table) in diagram.tables.iter().enumerate() {
        node(&mut text, at, table);
    }
    for edge in &diagram.edges {
        line(&mut text, diagram, edge);
    }
    text.push_str("}\n");
    text
}

fn node(text: &mut String, at: usize, table: &Table) {
    // Writing into a String never fails.
    let _ = writeln!(
        text,
        "  t{at} [label=<<table border=\"0\" cellborder=\"1\" cellspacing=\"0\" cellpadding=\"4\" color=\"#c3ced7\">\n    \
         <tr><td port=\"head\" bgcolor=\"#dceaf2\" colspan=\"3\" align=\"left\"><b>{}</b></td></tr>",
        label(&table.name.plain())
    );
    for (row, column) in table.columns.iter().enumerate() {
        let marks = column.marks();
        let _ = writeln!(
            text,
            "    <tr><td port=\"l{row}\" align=\"left\">{}</td><td align=\"left\">{}</td>\
             <td port=\"r{row}\" align=\"left\">{}{}</td></tr>",
            match marks.is_empty() {
                true => " ".to_owned(),
                false => marks.join(" "),
            },
            label(column.name.as_str()),
            label(&column.data_type),
            if column.nullable { "?" } else { "" },
        );
    }
    if table.left_out > 0 {
        let _ = writeln!(
            text,
            "    <tr><td colspan=\"3\" align=\"left\">{} more</td></tr>",
            table.left_out
        );
    }
    text.push_str("  </table>>];\n");
}

/// From the referenced table, so that it comes first.
fn line(text: &mut String, diagram: &Diagram, edge: &Edge) {
    let arrow = |end: End| match end {
        End::One => "teetee",
        End::ZeroOrOne => "teeodot",
        End::Many => "crowodot",
    };
    let port = |letter: char, columns: &[usize]| match columns.first() {
        Some(at) => format!("{letter}{at}"),
        None => "head".to_owned(),
    };
    let _ = writeln!(
        text,
        "  t{}:{} -> t{}:{} [arrowtail={}, arrowhead={}, tooltip=\"{}\"];",
        edge.parent,
        port('r', &edge.parent_columns),
        edge.child,
        port('l', &edge.child_columns),
        arrow(edge.at_parent),
        arrow(edge.at_child),
        quoted(&diagram.sentence(edge)),
    );
}

/// Within an HTML-like label: an empty cell must hold something.
fn label(text: &str) -> String {
    match text.is_empty() {
        true => " ".to_owned(),
        false => escaped(text),
    }
}

/// Within quotes, where Graphviz reads HTML's entities as well.
fn quoted(text: &str) -> String {
    escaped(text).replace('\\', "\\\\")
}
