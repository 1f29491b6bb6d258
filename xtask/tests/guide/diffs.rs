//! `diff` between every kind of source: SQL that psql runs as it stands and that arrives where it should,
//! nothing else on stdout, and exit codes that CI can ask.

use super::Workspace;

#[test]
fn every_kind_of_source() {
    let workspace = Workspace::copy();
    let first = workspace.migrations().remove(0).version;
    let second = workspace.empty_database();
    workspace.db_on(second.url(), &["migrate"]).done();
    let (file, folder) = files(&workspace);

    let at_first = format!("migrations@{first}");
    let whole = [
        "entities",
        "migrations",
        "database",
        second.url(),
        &file,
        &folder,
    ];
    for source in whole {
        same(&workspace, source, "entities");
        built_by_psql(&workspace, source);
    }
    built_by_psql(&workspace, &at_first);
    differ(&workspace, &at_first, "entities");
    differ(&workspace, "entities", "empty");
    taken_down_by_psql(&workspace);
    slips(&workspace);
}

#[test]
fn with_the_tables_in_use() {
    let workspace = Workspace::copy();
    let before = "CREATE TABLE t (id int PRIMARY KEY, a int);\n";
    workspace.write("sql/before.sql", before);
    workspace.write(
        "sql/after.sql",
        "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL UNIQUE, CHECK (a > 0));\n\
         CREATE INDEX t_a ON t (a DESC);\n",
    );
    let database = workspace.empty_database();
    workspace.psql(database.url(), before).done();
    workspace
        .psql(database.url(), "INSERT INTO t VALUES (1, 1)")
        .done();
    let words = ["--to", "sql/after.sql", "--online"];
    for from in ["sql/before.sql", database.url()] {
        let told = workspace
            .db(&[&["diff", "--from", from][..], &words].concat())
            .done()
            .says(["proven on a scratch database: up, down and up again"]);
        if from == database.url() {
            assert!(told.stdout.contains("CREATE INDEX CONCURRENTLY \"t_a\""));
            workspace.psql(from, &told.stdout).done();
        }
    }
    same(&workspace, database.url(), "sql/after.sql");
}

/// `schema.sql` as one file, and cut in two as a folder.
fn files(workspace: &Workspace) -> (String, String) {
    let schema = workspace.read("migration/schema.sql");
    let middle = schema.find("CREATE TABLE").unwrap();
    workspace.write("sql/1_types.sql", &schema[..middle]);
    workspace.write("sql/2_tables.sql", &schema[middle..]);
    ("migration/schema.sql".to_owned(), "sql".to_owned())
}

fn same(workspace: &Workspace, from: &str, to: &str) {
    let words = ["diff", "--from", from, "--to", to, "--exit-code"];
    assert_eq!(workspace.db(&words).done().stdout, "");
    let json = workspace
        .db(&[&words[..], &["--json"]].concat())
        .done()
        .json();
    assert_eq!(
        (&json["different"], &json["sql"]),
        (&false.into(), &"".into())
    );
}

fn differ(workspace: &Workspace, from: &str, to: &str) {
    let words = ["diff", "--from", from, "--to", to];
    let text = workspace.db(&words).done().stdout;
    assert!(!text.is_empty());
    let told = [&words[..], &["--exit-code"]].concat();
    assert_eq!(workspace.db(&told).ends(2).stdout, text);
    let json = workspace
        .db(&[&told[..], &["--json"]].concat())
        .ends(2)
        .json();
    assert_eq!(
        (&json["different"], &json["sql"]),
        (&true.into(), &text.into())
    );
    // The way back of one direction is the way of the other.
    let back = workspace
        .db(&["diff", "--from", to, "--to", from, "--down"])
        .done();
    let there = workspace.db(&words).done();
    assert_eq!(back.stdout, there.stdout);
}

/// From nothing to the source, by psql, is the source; and nothing is left over.
fn built_by_psql(workspace: &Workspace, source: &str) {
    let database = workspace.empty_database();
    let sql = workspace
        .db(&["diff", "--from", "empty", "--to", source])
        .done()
        .stdout;
    assert!(sql.contains("CREATE TABLE \"users\""), "{sql}");
    workspace.psql(database.url(), &sql).done();
    same(workspace, database.url(), source);
}

/// All the way back, with rows in the tables.
fn taken_down_by_psql(workspace: &Workspace) {
    assert!(workspace.rows().count() > 0);
    let sql = workspace
        .db(&["diff", "--from", "database", "--to", "empty"])
        .done()
        .stdout;
    workspace.psql(workspace.url(), &sql).done();
    same(workspace, "database", "empty");
}

fn slips(workspace: &Workspace) {
    for (from, code) in [
        ("entitties", 64),
        ("sql/missing.sql", 1),
        ("migrations@m20010101_000000_none", 1),
        ("postgres://nobody@localhost:1/none", 1),
    ] {
        let slip = workspace
            .db(&["diff", "--from", from, "--to", "empty"])
            .ends(code);
        assert_eq!(slip.stdout, "");
        slip.says(["error:"]);
    }
    workspace.db(&["diff", "--from", "entities"]).ends(64);
}
