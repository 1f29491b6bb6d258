//! Databases whose history is another one than the folder's: one that has the schema and no record, and
//! those that ran migrations which are one by now. The real program goes on with each.

use super::Workspace;

const NICKNAME: &str =
    "    #[sea_orm(column_type = \"Text\")]\n    pub nickname: Option<String>,\n";

#[test]
fn a_database_that_was_there_before() {
    let workspace = Workspace::copy();
    let schema = workspace
        .db(&["diff", "--from", "empty", "--to", "migrations"])
        .done()
        .stdout;
    let other = workspace.empty_database();
    workspace.psql(other.url(), &schema).done();
    other.execute("INSERT INTO users (email, name) VALUES ('ada@example.org', 'Ada')");
    let db = |words: &[&str]| workspace.db_on(other.url(), words);

    // Every table is in its way.
    db(&["migrate"]).ends(1).says(["already exists"]);
    db(&["baseline", "--yes"]).done();
    db(&["migrate"]).done().says(["nothing pending"]);
    db(&["check", "--drift"]).done();
    db(&["baseline", "--yes"]).done().says(["nothing to do"]);

    // With a history of which the folder knows nothing: refused, kept, moved.
    other.execute(
        "INSERT INTO seaql_migrations VALUES ('m20220101_000001_create_table', 1640995201)",
    );
    db(&["migrate"])
        .ends(3)
        .says(["m20220101_000001_create_table"]);
    db(&["baseline", "--yes", "--keep-history"]).done();
    db(&["migrate"]).done();
    db(&["baseline", "--yes", "--replace-history"]).done();
    workspace.add_field("users", "role: UserRole", NICKNAME);
    workspace.generate("add_nickname", &[]);
    db(&["migrate"]).done();
    db(&["status", "--exit-code"]).done();
    assert_eq!(other.rows().counts()["users"], 1);
}

#[test]
fn old_migrations_are_folded() {
    let workspace = Workspace::copy();
    let rows = workspace.rows();
    let old = workspace.applied();
    let half = workspace.empty_database();
    workspace
        .db_on(half.url(), &["migrate", "--steps", "1"])
        .done();
    let whole = workspace.keep("migration");

    workspace.db(&["squash", "--yes"]).done();
    let one = workspace.migrations().remove(0).version;
    assert_eq!(workspace.migrations().len(), 1);
    // A database that ran them all goes on, to a later migration too.
    workspace.add_field("users", "role: UserRole", NICKNAME);
    let later = workspace.generate("add_nickname", &[]);
    let dry = workspace.db(&["migrate", "--dry-run"]).done();
    dry.says(["nickname", "the next run records it"]);
    assert_eq!(workspace.applied(), old);
    workspace
        .db(&["migrate"])
        .done()
        .says([&one, &later.version]);
    assert_eq!(workspace.applied(), [one.clone(), later.version.clone()]);
    workspace.in_order();
    workspace.db(&["check"]).done();
    assert_eq!(workspace.rows().counts(), rows.counts());
    workspace
        .db(&["rollback", "--yes", "--all"])
        .ends(3)
        .says([&one, "one by one"]);
    assert_eq!(workspace.rows().counts(), rows.counts());

    // A fresh one gets the one, and gives it back.
    let fresh = workspace.empty_database();
    workspace.db_on(fresh.url(), &["migrate"]).done();
    workspace
        .db_on(fresh.url(), &["status", "--exit-code"])
        .done();
    workspace
        .db_on(fresh.url(), &["rollback", "--yes", "--all"])
        .done();

    // One that ran a part needs the release that still has the rest.
    workspace
        .db_on(half.url(), &["migrate"])
        .ends(3)
        .says([&old[1], "earlier release"]);
    let folded = workspace.keep("migration");
    workspace.bring_back(&whole);
    workspace.db_on(half.url(), &["migrate"]).done();
    workspace.bring_back(&folded);
    workspace.db_on(half.url(), &["migrate"]).done();
    workspace
        .db_on(half.url(), &["status", "--exit-code"])
        .done();

    // Both of them at once, there and back.
    let list = workspace.root().join("tenants.txt");
    std::fs::write(&list, format!("{}\n{}\n", fresh.url(), half.url())).unwrap();
    let list = list.display().to_string();
    let done = "2 targets: 1 done, 1 with nothing to do";
    workspace
        .db(&["migrate", "--fleet", &list])
        .done()
        .says([done]);
    let back = ["rollback", "--fleet", &list, "--yes"];
    workspace.db(&back).ends(3).says(["--allow-remote"]);
    workspace
        .db(&[&back[..], &["--allow-remote"]].concat())
        .done()
        .says(["2 targets: 2 done"]);
    workspace
        .db_on(fresh.url(), &["status", "--exit-code"])
        .ends(2)
        .says([&later.version]);
}
