//! Migrations that were reviewed as a plan, and the backup before them, through cargo xtask and the
//! migration binary.

use std::path::Path;

use serde_json::Value;

use super::Workspace;

#[test]
fn a_plan_is_reviewed_and_applied_behind_a_backup() {
    let workspace = Workspace::copy();
    let newest = workspace.applied().pop().unwrap();
    let rolled = workspace.db(&["rollback", "--yes", "--backup"]).done();
    rolled.says(["backed up to ", newest.as_str()]);

    let plan = workspace.root().join("plan.json");
    let file = plan.to_str().unwrap();
    workspace
        .db(&["migrate", "--plan-out", file])
        .done()
        .says([&*format!("would apply {newest}"), "--plan"]);
    let text = std::fs::read_to_string(&plan).unwrap();
    let written: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(written["plan"]["migrations"][0]["version"], newest.as_str());
    assert!(!workspace.applied().contains(&newest));

    workspace.execute("ALTER TABLE users ADD COLUMN by_hand integer");
    workspace
        .db(&["migrate", "--plan", file])
        .ends(3)
        .says(["column users.by_hand is new", "--plan-out"]);
    workspace.execute("ALTER TABLE users DROP COLUMN by_hand");
    for more in [["--steps", "1"], ["--to", "x"], ["--plan-out", "y"]] {
        workspace
            .db(&[&["migrate", "--plan", file], &more[..]].concat())
            .ends(64);
    }
    let json = workspace
        .db(&[
            "migrate", "--plan", file, "--backup", "--keep", "7d", "--json",
        ])
        .done()
        .json();
    assert_eq!(json["done"][0]["version"], newest.as_str(), "{json}");
    let backup = json["backup"]["path"].as_str().unwrap();
    workspace.in_order();

    // Back to before it, rows and record.
    let rows = workspace.rows();
    workspace.db(&["restore", backup]).ends(3).says(["--yes"]);
    workspace.rows().are(&rows);
    workspace.db(&["restore", backup, "--yes"]).done();
    assert!(!workspace.applied().contains(&newest));
    workspace
        .db(&["migrate", "--plan", file])
        .ends(3)
        .says(["made anew, or restored"]);
    workspace
        .db(&["migrate", "--backup"])
        .done()
        .says(["backed up to "]);
    workspace
        .db(&["migrate", "--backup"])
        .done()
        .says(["no backup was made"]);
    workspace.in_order();
    // They are in the slot's home, which outlives the test.
    let backups = Path::new(backup).parent().unwrap();
    std::fs::remove_dir_all(backups).unwrap();
}
