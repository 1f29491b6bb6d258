//! Every rule has its page in `docs/lint`, whose examples are what it says, and its line in `docs/lint.md`.

use std::path::{Path, PathBuf};

use seachange_lint::{Direction, File, Severity, lint, rules};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// The SQL under a heading.
fn sql<'a>(page: &'a str, heading: &str) -> Vec<&'a str> {
    let (_, rest) = page
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("no `## {heading}`"));
    let section = rest.split("\n## ").next().unwrap_or(rest);
    let blocks = section.split("```sql\n").skip(1);
    blocks
        .filter_map(|block| block.split("```").next())
        .collect()
}

fn codes(text: &str, is_down: bool) -> Vec<&'static str> {
    let direction = match is_down {
        true => Direction::Down { target: None },
        false => Direction::Up,
    };
    let linted = lint(&File {
        path: "up.sql",
        text,
        direction,
        transaction: seachange::migrations::in_transaction(text),
        before: None,
    });
    linted.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn each_rule_has_its_page() {
    // What needs the catalog, or what is declared, can't be shown in a line of SQL alone.
    let shown_elsewhere = [
        "attach-partition-scans",
        "changes-values",
        "drops-constraint",
        "foreign-key-without-index",
        "foreign-key-without-on-delete",
        "label-in-use",
        "missing-down",
        "not-restored",
        "rewrites-table",
    ];
    let overview = std::fs::read_to_string(docs().join("lint.md")).unwrap();
    for rule in rules() {
        let code = rule.code;
        let path = docs().join("lint").join(format!("{code}.md"));
        let page = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("no page for {code}"));
        let severity = match rule.severity {
            Severity::Error => "Error",
            Severity::Warning => "Warning",
        };
        assert!(
            page.starts_with(&format!("# {code}\n\n{severity}: {}.\n", rule.about)),
            "{code}"
        );
        assert!(
            overview.contains(&format!("(lint/{code}.md)")),
            "{code} is not in lint.md"
        );
        let (bad, good) = (sql(&page, "Bad"), sql(&page, "Good"));
        if shown_elsewhere.contains(&code) {
            continue;
        }
        assert!(!bad.is_empty() && !good.is_empty(), "{code}");
        for text in bad {
            assert!(codes(text, false).contains(&code), "{code}: {text}");
        }
        for text in good {
            assert!(!codes(text, false).contains(&code), "{code}: {text}");
        }
    }
}

#[test]
fn each_page_has_its_rule() {
    for entry in std::fs::read_dir(docs().join("lint")).unwrap() {
        let path = entry.unwrap().path();
        let code = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(seachange_lint::rule(&code).is_some(), "{}", path.display());
    }
}

#[test]
fn a_file_that_leads_back_says_something() {
    assert_eq!(codes("-- Nothing.\n", true), ["missing-down"]);
    assert_eq!(codes("SELECT 1;\n", true), [""; 0]);
}
