//! A migration that fails half way leaves nothing of itself, says where and why, and succeeds once it is
//! mended.

use super::Workspace;

const GOOD: &str =
    "ALTER TABLE programs ADD COLUMN season text;\nUPDATE programs SET season = 'spring';\n";
const GOOD_BACK: &str = "ALTER TABLE programs DROP COLUMN season;\n";

/// The fourth statement fails: one of the rows has no name.
const BAD: &str = "
ALTER TABLE users ADD COLUMN initial text;
UPDATE users SET initial = left(name, 1);
DELETE FROM comments;
ALTER TABLE users
    ADD CONSTRAINT users_initial_check CHECK (length(initial) > 0);
";
const MENDED: &str = "
ALTER TABLE users ADD COLUMN initial text;
UPDATE users SET initial = coalesce(nullif(left(name, 1), ''), '?');
ALTER TABLE users
    ADD CONSTRAINT users_initial_check CHECK (length(initial) > 0);
";
/// Fails as well, at its second statement.
const BAD_BACK: &str =
    "ALTER TABLE users DROP COLUMN initial;\nALTER TABLE users DROP COLUMN initials;\n";

#[test]
fn nothing_of_it_stays() {
    let workspace = Workspace::copy();
    let start = workspace.rows();
    let applied = workspace.applied();
    let by_hand = |name: &str, up: &str, down: &str| {
        workspace.db(&["generate", "--empty", name]).done();
        let migration = workspace.migrations().pop().unwrap();
        workspace.write(&migration.path("up.sql"), up);
        workspace.write(&migration.path("down.sql"), down);
        migration
    };
    let good = by_hand("seasons", GOOD, GOOD_BACK);
    let bad = by_hand("initials", BAD, BAD_BACK);

    // The one before it is applied and stays, as the one behind it would not be tried.
    let place = format!("{}/up.sql:5: ", bad.version);
    let failed = workspace.db(&["migrate"]).ends(1);
    failed.says([&place, "23514", "users_initial_check", "as it was before"]);
    let with_good = [applied.clone(), vec![good.version.clone()]].concat();
    assert_eq!(workspace.applied(), with_good);
    let rows = workspace.rows();
    rows.are(&start.with("programs.season", "spring"));

    let json = workspace.db(&["migrate", "--json"]).ends(1).json();
    let error = &json["error"];
    assert_eq!(error["sqlstate"], "23514", "{json}");
    assert_eq!(error["line"], 5, "{json}");
    assert_eq!(error["migration"], bad.version.as_str(), "{json}");
    workspace
        .db(&["status"])
        .done()
        .says(["the last try failed", "users_initial_check"]);

    workspace.write(&bad.path("up.sql"), MENDED);
    workspace.db(&["migrate"]).done();
    let whole = [with_good, vec![bad.version.clone()]].concat();
    assert_eq!(workspace.applied(), whole);
    workspace.rows().without("users.initial").are(&rows);
    let status = workspace.db(&["status"]).done();
    status.keeps_quiet_about(["the last try failed"]);

    the_way_back_too(&workspace, &bad.version);
    assert_eq!(workspace.applied(), whole);
}

fn the_way_back_too(workspace: &Workspace, version: &str) {
    let rows = workspace.rows();
    let place = format!("{version}/down.sql:2: ");
    workspace
        .db(&["rollback", "--yes"])
        .ends(1)
        .says([&place, "42703", "initials"]);
    workspace.rows().are(&rows);
}
