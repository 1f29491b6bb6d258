//! What holds for every drawing: no line through a box, the same bytes each time, names that stay names.

mod reading;

use proptest::prelude::*;
use seachange_schema::{Ident, Name};

use super::graph::{Column, Diagram, Edge, End, Table};
use super::{Drawing, Use, dot, draw, mermaid, svg};

fn table(name: &Name, columns: usize) -> Table {
    Table {
        name: name.clone(),
        comment: None,
        columns: (0..columns)
            .map(|at| Column {
                name: Ident::new(format!("column_{at}")),
                data_type: "integer".to_owned(),
                key: at == 0,
                foreign: at > 0,
                unique: false,
                nullable: at % 2 == 1,
            })
            .collect(),
        left_out: 0,
    }
}

fn edge(child: (usize, usize), parent: (usize, usize)) -> Edge {
    Edge {
        constraint: Ident::new("key"),
        child: child.0,
        child_columns: vec![child.1],
        at_child: End::Many,
        parent: parent.0,
        parent_columns: vec![parent.1],
        at_parent: End::One,
    }
}

/// Tables of these sizes, and edges between whatever the numbers come to.
fn drawn_from(sizes: &[usize], edges: &[(usize, usize, usize)]) -> Diagram {
    let tables: Vec<Table> = (sizes.iter().enumerate())
        .map(|(at, columns)| table(&Name::public(format!("table_{at:03}")), *columns))
        .collect();
    let edges = (edges.iter())
        .map(|(child, parent, row)| {
            let (child, parent) = (child % sizes.len(), parent % sizes.len());
            edge((child, row % sizes[child]), (parent, 0))
        })
        .collect();
    Diagram { tables, edges }
}

/// Whether each line begins and ends at its tables, runs by right angles, and meets no box but at its ends.
#[track_caller]
fn check(diagram: &Diagram, drawing: &Drawing) {
    for (edge, line) in diagram.edges.iter().zip(&drawing.lines) {
        let ends = [
            (line.points.first(), edge.child),
            (line.points.last(), edge.parent),
        ];
        for (point, table) in ends {
            let (point, area) = (point.expect("a line has points"), drawing.boxes[table]);
            assert!(
                (point.x == area.x || point.x == area.right())
                    && (area.y < point.y && point.y < area.bottom()),
                "{edge:?} does not end at {area:?}: {line:?}"
            );
        }
        for pair in line.points.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            assert!((from.x == to.x) != (from.y == to.y), "{line:?}");
            for (at, area) in drawing.boxes.iter().enumerate() {
                let beside = from.x.max(to.x) <= area.x
                    || area.right() <= from.x.min(to.x)
                    || from.y.max(to.y) < area.y
                    || area.bottom() < from.y.min(to.y);
                assert!(
                    beside,
                    "{edge:?} runs through table {at} at {area:?}: {line:?}"
                );
            }
        }
        for point in &line.points {
            assert!(
                (0..=drawing.width).contains(&point.x) && (0..=drawing.height).contains(&point.y)
            );
        }
    }
    for (at, one) in drawing.boxes.iter().enumerate() {
        assert!(one.right() <= drawing.width && one.bottom() <= drawing.height);
        for other in &drawing.boxes[..at] {
            let apart = one.right() <= other.x
                || other.right() <= one.x
                || one.bottom() <= other.y
                || other.bottom() <= one.y;
            assert!(apart, "{one:?} lies upon {other:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_line_runs_through_a_table(
        sizes in prop::collection::vec(1_usize..12, 1..24),
        edges in prop::collection::vec((0_usize..24, 0_usize..24, 0_usize..12), 0..40),
    ) {
        let diagram = drawn_from(&sizes, &edges);
        check(&diagram, &draw(&diagram));
    }
}

#[test]
fn a_hub_of_many_tables_is_drawn() {
    let sizes = vec![3; 60];
    let edges: Vec<_> = (1..60).map(|at| (at, 0, 1)).chain([(0, 0, 2)]).collect();
    let diagram = drawn_from(&sizes, &edges);
    let drawing = draw(&diagram);
    check(&diagram, &drawing);
    assert!(drawing.height < 3000, "{} high", drawing.height);
}

#[test]
fn the_same_schema_gives_the_same_bytes() {
    let sizes: Vec<usize> = (0..40).map(|at| 1 + at % 9).collect();
    let edges: Vec<_> = (0..60).map(|at| (at * 7 + 3, at * 11, at)).collect();
    let written = || {
        let diagram = drawn_from(&sizes, &edges);
        let drawing = draw(&diagram);
        [
            svg(&diagram, &drawing, Use::File),
            svg(&diagram, &drawing, Use::Page),
            mermaid(&diagram),
            dot(&diagram),
        ]
    };
    let first = written();
    for _ in 0..4 {
        assert!(written() == first);
    }
}

const ODD: [&str; 7] = [
    "<script>alert(1)</script>",
    "a\"b",
    "a'b\\",
    "line\nbreak\u{1}",
    "} x --> y",
    "%%{init: {}}%%",
    "]]> & &amp;",
];

#[test]
fn odd_names_stay_names() {
    let mut odd = Diagram {
        tables: Vec::new(),
        edges: Vec::new(),
    };
    for name in ODD {
        let mut one = table(&Name::new(name, name), 2);
        one.comment = Some(name.to_owned());
        one.columns[0].name = Ident::new(name);
        one.columns[1].data_type = name.to_owned();
        odd.tables.push(one);
        let at = odd.tables.len() - 1;
        let mut key = edge((at, 1), (0, 0));
        key.constraint = Ident::new(name);
        odd.edges.push(key);
    }
    let drawing = draw(&odd);
    check(&odd, &drawing);
    let plain = drawn_from(
        &[2; 7],
        &[
            (0, 0, 1),
            (1, 0, 1),
            (2, 0, 1),
            (3, 0, 1),
            (4, 0, 1),
            (5, 0, 1),
            (6, 0, 1),
        ],
    );
    let plain_drawing = draw(&plain);
    for purpose in [Use::Page, Use::File] {
        let text = svg(&odd, &drawing, purpose);
        // Neither tags nor attributes come of them, nor control characters.
        let count = |text: &str, what: &str| text.matches(what).count();
        let like = svg(&plain, &plain_drawing, purpose);
        for what in [
            "<g", "<path", "<title", "<rect", "<a ", "<script", "</script",
        ] {
            assert_eq!(count(&text, what), count(&like, what), "{what} in {text}");
        }
        assert!(!text.contains("a\"b") && !text.contains('\u{1}'), "{text}");
        assert!(!text.contains("style="), "{text}");
    }

    let text = mermaid(&odd);
    for line in text.lines().skip(1) {
        let is_entity = line.starts_with("  \"") && line.ends_with("\" {");
        let is_edge = line.starts_with("  \"") && line.ends_with('"') && line.contains(" : ");
        let is_column = line.starts_with("    ");
        assert!(is_entity || is_edge || is_column || line == "  }", "{line}");
        assert!(
            !line.contains(['<', '>', '\\', '%', '&', '#', ';']),
            "{line}"
        );
        assert_eq!(line.matches('"').count() % 2, 0, "{line}");
    }
    assert_eq!(text.matches("{\n").count(), odd.tables.len());

    let text = dot(&odd);
    assert!(
        !text.contains("<script") && !text.contains('\u{1}'),
        "{text}"
    );
    assert_eq!(text.matches(" [label=<").count(), odd.tables.len());
    for line in text.lines().filter(|line| line.contains("tooltip")) {
        let inside = line.split_once("tooltip=\"").expect("it has one").1;
        assert_eq!(inside.matches('"').count(), 1, "{line}");
        assert!(inside.ends_with("\"];"), "{line}");
    }
}

#[test]
fn a_neighbourhood_reaches_as_far_as_asked() {
    let chain = drawn_from(
        &[2; 6],
        &[(1, 0, 1), (2, 1, 1), (3, 2, 1), (4, 3, 1), (4, 4, 1)],
    );
    let names = |diagram: &Diagram| -> Vec<String> {
        diagram.tables.iter().map(|it| it.name.plain()).collect()
    };
    assert_eq!(names(&chain.around(2, 0)), ["table_002"]);
    let near = chain.around(2, 1);
    assert_eq!(names(&near), ["table_001", "table_002", "table_003"]);
    assert_eq!(near.edges.len(), 2);
    assert_eq!(names(&chain.around(2, 2)).len(), 5);
    assert_eq!(
        chain.busiest().map(Name::plain).as_deref(),
        Some("table_001")
    );
}

#[test]
fn keys_only_keeps_what_lines_end_at() {
    let mut full = drawn_from(&[4, 4], &[(1, 0, 2)]);
    for table in &mut full.tables {
        for column in &mut table.columns {
            (column.key, column.foreign) = (false, false);
        }
    }
    full.tables[0].columns[0].key = true;
    full.tables[1].columns[2].foreign = true;
    let keys = full.keys_only();
    assert_eq!(keys.tables[0].columns.len(), 1);
    assert_eq!(
        (keys.tables[1].columns.len(), keys.tables[1].left_out),
        (1, 3)
    );
    assert_eq!(keys.edges[0].child_columns, [0]);
    check(&keys, &draw(&keys));
}
