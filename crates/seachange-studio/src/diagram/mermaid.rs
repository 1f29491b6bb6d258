//! A diagram as Mermaid's `erDiagram`. Its grammar has no way to write every name, so characters that it does not
//! have become `_`; a name that changed so is told in the entity's or the column's comment.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::graph::{Column, Diagram, End};

pub(crate) fn mermaid(diagram: &Diagram) -> String {
    let mut text = "erDiagram\n".to_owned();
    let names = entities(diagram);
    // Writing into a String never fails.
    for edge in &diagram.edges {
        let at_parent = match edge.at_parent {
            End::One => "||",
            End::ZeroOrOne => "|o",
            End::Many => "}o",
        };
        let at_child = match edge.at_child {
            End::One => "||",
            End::ZeroOrOne => "o|",
            End::Many => "o{",
        };
        let columns = diagram.tables[edge.child].named(&edge.child_columns);
        let _ = writeln!(
            text,
            "  \"{}\" {at_parent}--{at_child} \"{}\" : \"{}\"",
            names[edge.parent],
            names[edge.child],
            plain(&columns)
        );
    }
    for (table, name) in diagram.tables.iter().zip(&names) {
        if table.columns.is_empty() {
            let _ = writeln!(text, "  \"{name}\"");
            continue;
        }
        let _ = writeln!(text, "  \"{name}\" {{");
        for column in &table.columns {
            let _ = writeln!(text, "    {}", attribute(column));
        }
        text.push_str("  }\n");
    }
    text
}

/// One for each table, and no two alike.
fn entities(diagram: &Diagram) -> Vec<String> {
    let mut taken = BTreeSet::new();
    (diagram.tables.iter())
        .map(|table| {
            let name = plain(&table.name.plain());
            let mut unlike = name.clone();
            let mut number = 2;
            while !taken.insert(unlike.clone()) {
                unlike = format!("{name}_{number}");
                number += 1;
            }
            unlike
        })
        .collect()
}

/// `integer id PK`, `text note "null"`.
fn attribute(column: &Column) -> String {
    let name = word(column.name.as_str());
    let keys = column.marks();
    let mut told = Vec::new();
    if column.nullable {
        told.push("null".to_owned());
    }
    if name != column.name.as_str() {
        told.push(plain(column.name.as_str()));
    }
    let mut text = format!("{} {name}", word(&column.data_type));
    if !keys.is_empty() {
        text.push(' ');
        text.push_str(&keys.join(", "));
    }
    if !told.is_empty() {
        let _ = write!(text, " \"{}\"", told.join(", "));
    }
    text
}

/// A name or type without quotes: it begins with a letter.
fn word(text: &str) -> String {
    let mut word: String = (text.chars())
        .map(|it| match it {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' | '[' | ']' | '(' | ')' => it,
            _ if it.is_alphabetic() && it >= '\u{c0}' => it,
            _ => '_',
        })
        .collect();
    if !word.starts_with(|it: char| it.is_alphabetic()) {
        word.insert(0, 'x');
    }
    word
}

/// A text within quotes, with nothing that would end it or mean more than itself.
fn plain(text: &str) -> String {
    let plain: String = (text.chars())
        .map(|it| match it {
            ' ' | '.' | ',' | '_' | '-' | '(' | ')' | '$' | ':' | '/' => it,
            _ if it.is_alphanumeric() => it,
            _ => '_',
        })
        .collect();
    // An empty name is no name.
    if plain.is_empty() {
        "_".to_owned()
    } else {
        plain
    }
}
