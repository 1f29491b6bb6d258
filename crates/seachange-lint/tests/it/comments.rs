//! Comments that allow something: for a statement, for a file, and what is odd about one.

use seachange_lint::{Direction, File, Linted, lint};

fn linted(text: &str) -> Linted {
    lint(&File {
        path: "up.sql",
        text,
        direction: Direction::Up,
        transaction: true,
        before: None,
    })
}

/// The findings as `line code`, and how many are allowed.
fn found(text: &str) -> (Vec<String>, usize) {
    let linted = linted(text);
    let findings = linted.findings.iter().map(|finding| {
        let line = finding.place.as_ref().map_or(0, |place| place.line);
        format!("{line} {}", finding.code)
    });
    (findings.collect(), linted.allowed.len())
}

#[test]
fn above_a_statement_it_is_for_that_statement() {
    let text = "\
-- seachange: allow drops-data: nobody reads it
DROP TABLE a;
DROP TABLE b;
";
    assert_eq!(found(text), (vec!["3 drops-data".to_owned()], 1));
}

#[test]
fn several_lines_of_comment_may_lie_between() {
    let text = "\
DROP TABLE a;

-- seachange: allow drops-data: nobody reads it
-- since the release of May
DROP TABLE b;
";
    assert_eq!(found(text), (vec!["1 drops-data".to_owned()], 1));
}

#[test]
fn above_a_blank_line_in_the_header_it_is_for_the_file() {
    let text = "\
-- Takes down what is left of the shop.
-- seachange: allow drops-data, cascades: nobody reads it

DROP TABLE a CASCADE;
DROP TABLE b;
";
    assert_eq!(found(text), (vec![], 3));
}

#[test]
fn one_code_allows_no_other() {
    let text = "-- seachange: allow cascades: only a view\nDROP TABLE a CASCADE;\n";
    assert_eq!(found(text), (vec!["2 drops-data".to_owned()], 1));
}

#[test]
fn an_odd_comment_is_a_finding() {
    for (text, message) in [
        (
            "-- seachange: allow drop-data: why\nDROP TABLE a;\n",
            "`drop-data` is no rule",
        ),
        (
            "-- seachange: allow drops-data\nDROP TABLE a;\n",
            "allows without a reason",
        ),
        (
            "-- seachange: allow drops-data: why\nSELECT 1;\n",
            "nothing here is `drops-data`",
        ),
    ] {
        let linted = linted(text);
        let odd = linted
            .findings
            .iter()
            .find(|finding| finding.code == "allow-comment");
        assert_eq!(odd.unwrap().message, message, "{text}");
    }
    assert_eq!(
        found("-- seachange: no-transaction\n\nSELECT 1;\n"),
        (vec![], 0)
    );
}

#[test]
fn a_comment_inside_a_string_allows_nothing() {
    let text = "SELECT '\n-- seachange: allow drops-data: x\n';\nDROP TABLE a;\n";
    assert_eq!(found(text), (vec!["4 drops-data".to_owned()], 0));
}
