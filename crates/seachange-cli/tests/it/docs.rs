//! `docs`: the schema as Markdown, and whether it still is true.

use std::fs;

use serde_json::json;

use crate::workspace::Workspace;

const BEFORE: &str = r#"
CREATE TYPE mood AS ENUM ('good', 'so|so');
CREATE TABLE ships (id bigint PRIMARY KEY, name text NOT NULL, mood mood DEFAULT 'good');
COMMENT ON TABLE ships IS 'What comes | goes';
CREATE TABLE moorings (ship bigint PRIMARY KEY REFERENCES ships ON DELETE CASCADE, since date CHECK (since > '2000-01-01'));
CREATE TABLE crew (id bigint PRIMARY KEY, ship bigint REFERENCES ships);
CREATE INDEX crew_by_ship ON crew (ship);
CREATE VIEW named AS SELECT id, name FROM ships;
"#;

const AFTER: &str = r#"
CREATE TABLE ships (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE "Odd <b>`name`" ("a|b" int PRIMARY KEY);
"#;

#[test]
fn documentation_is_written_checked_and_kept_true() {
    let workspace = Workspace::with_server();
    workspace.write("schema.sql", BEFORE);
    let read = |path: &str| fs::read_to_string(workspace.path(path)).unwrap();

    let missing = workspace.run(&["db", "docs", "schema.sql", "--check", "--json"]);
    let missing = missing.json(2);
    assert_eq!(missing["written"].as_array().unwrap().len(), 5, "{missing}");
    assert!(!workspace.path("docs").exists());

    let wrote = workspace.run(&["db", "docs", "schema.sql"]).succeeded();
    assert!(
        wrote.contains("wrote docs/schema/tables/crew.md\n"),
        "{wrote}"
    );
    let index = read("docs/schema/README.md");
    for part in [
        "| [ships](tables/ships.md) | 3 | What comes \\| goes |",
        "| `mood` | `good`, `so\\|so` |",
        "![Diagram of all tables](diagram.svg)",
        "```mermaid\nerDiagram\n",
        "  \"ships\" ||--o| \"moorings\" : \"ship\"\n",
        "  \"ships\" |o--o{ \"crew\" : \"ship\"\n",
        "### named",
    ] {
        assert!(index.contains(part), "{part} is not in {index}");
    }
    let table = read("docs/schema/tables/moorings.md");
    for part in [
        "| `ship` | `bigint` | PK, FK | no |",
        "[ships](ships.md) (`id`) | zero or one to one | `ON DELETE CASCADE` |",
        "CHECK ((since > '2000-01-01'::date))",
    ] {
        assert!(table.contains(part), "{part} is not in {table}");
    }
    let table = read("docs/schema/tables/ships.md");
    assert!(table.contains("| [crew](crew.md) (`ship`) |"), "{table}");
    assert!(read("docs/schema/tables/crew.md").contains("| `crew_by_ship` | `btree (ship)` |"));
    assert!(read("docs/schema/diagram.svg").contains("<svg class=\"diagram\""));

    let same = workspace.run(&["db", "docs", "schema.sql", "--check", "--json"]);
    assert_eq!(same.json(0)["unchanged"], json!(5));

    // What was written before and is needed no more goes; what somebody else wrote stays.
    workspace.write("schema.sql", AFTER);
    workspace.write("docs/schema/tables/notes.md", "# Ours\n");
    let stale = workspace.run(&["db", "docs", "schema.sql", "--check"]);
    assert_eq!(stale.code, 2, "{stale:?}");
    for line in [
        "stale docs/schema/README.md\n",
        "stale docs/schema/tables/ships.md\n",
        "superfluous docs/schema/tables/crew.md\n",
    ] {
        assert!(stale.stdout.contains(line), "{stale:?}");
    }
    assert!(workspace.path("docs/schema/tables/crew.md").exists());
    workspace.run(&["db", "docs", "schema.sql"]).succeeded();
    assert!(!workspace.path("docs/schema/tables/crew.md").exists());
    assert_eq!(read("docs/schema/tables/notes.md"), "# Ours\n");
    let index = read("docs/schema/README.md");
    assert!(
        index.contains("| [Odd &lt;b&gt;\\`name\\`](tables/odd__b__name_-"),
        "{index}"
    );
    workspace
        .run(&["db", "docs", "schema.sql", "--check"])
        .succeeded();
}

#[test]
fn a_file_of_somebody_else_is_not_overwritten() {
    let workspace = Workspace::with_server();
    workspace.write("schema.sql", BEFORE);
    workspace.write("elsewhere/README.md", "# By hand\n");
    let line = ["db", "docs", "schema.sql", "--out", "elsewhere"];
    let stderr = workspace.run(&line).failed_with(1);
    assert!(
        stderr.contains("elsewhere/README.md` was not written by `db docs`"),
        "{stderr}"
    );
    assert!(stderr.contains("--out"), "{stderr}");
    let text = fs::read_to_string(workspace.path("elsewhere/README.md")).unwrap();
    assert_eq!(text, "# By hand\n");
    assert!(!workspace.path("elsewhere/tables").exists());
}
