//! All migrations back, one by one, to an empty database, and up again; the fixtures, the same every
//! time; and `reset`, which is all of it at once.

use super::Workspace;

#[test]
fn one_by_one_to_empty_and_up_again() {
    let workspace = Workspace::copy();
    let whole = workspace.in_order().stdout;
    let mut applied = workspace.applied();
    assert!(applied.len() >= 2, "{applied:?}");
    while applied.pop().is_some() {
        workspace.db(&["rollback", "--yes"]).done();
        assert_eq!(workspace.applied(), applied);
        workspace.as_migrated();
    }
    let empty = ["diff", "--from", "database", "--to", "empty", "--exit-code"];
    let diff = workspace.db(&empty).done();
    assert_eq!(diff.stdout, "");
    assert_eq!(workspace.rows().count(), 0);
    // Once more is no failure.
    workspace.db(&["rollback", "--yes"]).done();

    workspace.db(&["migrate"]).done();
    workspace.in_order();
    assert_eq!(workspace.rows().count(), 0);
    workspace.db(&["migrate"]).done();
    let tables = |status: &str| {
        status
            .lines()
            .find(|line| line.starts_with("tables"))
            .map(str::to_owned)
    };
    assert_eq!(tables(&workspace.in_order().stdout), tables(&whole));
}

#[test]
fn the_same_fixtures_every_time() {
    let workspace = Workspace::copy();
    let other = workspace.empty_database();
    workspace.db_on(other.url(), &["reset"]).done();
    let fixtures = other.rows();
    let counts = fixtures.counts();
    assert_eq!(counts.len(), 7, "{counts:?}");
    assert!(counts.values().all(|count| *count > 0), "{counts:?}");
    assert!(
        counts["reviews"] >= 20 && counts["applications"] == 10,
        "{counts:?}"
    );

    workspace.db_on(other.url(), &["seed"]).done();
    other.rows().are(&fixtures);

    // What was changed is mended, what is one's own stays.
    other.execute(
        "INSERT INTO users (email, name) VALUES ('own@example.org', 'Own'); \
         UPDATE users SET name = 'changed' WHERE email = 'coordinator@cohortflow.org'; \
         DELETE FROM comments",
    );
    workspace.db_on(other.url(), &["seed"]).done();
    other.execute("DELETE FROM users WHERE email = 'own@example.org'");
    other.rows().are(&fixtures);

    a_reset_begins_anew(&workspace);
    workspace.rows().are(&fixtures);
}

/// With consent, and only where nothing else could be meant.
fn a_reset_begins_anew(workspace: &Workspace) {
    let before = workspace.rows();
    workspace.db(&["reset"]).ends(3).says(["--yes"]);
    let elsewhere = "postgres://somebody@db.example.org/cohortflow";
    workspace
        .db_on(elsewhere, &["reset", "--yes"])
        .ends(3)
        .says(["not on this machine"]);
    workspace.rows().are(&before);
    workspace.execute("CREATE TABLE left_over (id int); CREATE TYPE left_type AS ENUM ('a')");
    workspace.db(&["reset", "--yes"]).done();
    workspace.in_order();
}
