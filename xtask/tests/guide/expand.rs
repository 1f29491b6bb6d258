//! A rename in two migrations: between them code of before and code of after use the same rows.

use super::Workspace;
use super::workspace::Ran;

const NAMES: &str =
    "SELECT name || ' = ' || full_name FROM users WHERE email LIKE '%@both.example' ORDER BY email";

/// The same rename for the checklist.
#[track_caller]
pub(super) fn renamed_in_two(workspace: &Workspace) -> Ran {
    workspace.rename_field("users", "name: String", "full_name: String");
    let words = ["generate", "full_name", "--rename", "users.name:full_name"];
    workspace
        .db(&[words.as_slice(), &["--expand-contract"]].concat())
        .done()
}

#[test]
fn a_column_under_both_names() {
    let workspace = Workspace::copy();
    let before = workspace.rows();
    renamed_in_two(&workspace).says(["full_name_expand", "full_name_contract"]);
    let mut migrations = workspace.migrations();
    let contract = migrations.pop().expect("the second one");
    let expand = migrations.pop().expect("the first one");
    assert!(expand.version.ends_with("_full_name_expand"));
    assert!(contract.version.ends_with("_full_name_contract"));
    assert!(
        contract.up.contains("\n-- seachange: contract\n"),
        "{}",
        contract.up
    );
    assert!(!expand.up.contains("DROP COLUMN"), "{}", expand.up);
    assert!(!expand.up.contains("data loss"), "{}", expand.up);
    assert!(!contract.up.contains("data loss"), "{}", contract.up);

    // The second one waits until it is asked for.
    workspace
        .db(&["migrate"])
        .done()
        .says(["full_name_expand", "is held back", "--contract"]);
    workspace
        .db(&["status"])
        .done()
        .says(["1 pending", "held back"]);
    workspace
        .db(&["migrate"])
        .done()
        .says(["what is pending is held back"]);
    workspace
        .db(&["migrate", "--to", "full_name_contract"])
        .ends(3)
        .says(["is held back", "`--contract`"]);
    assert_eq!(workspace.applied().last(), Some(&expand.version));

    // Each shape finds what the other one writes.
    workspace.execute(
        "INSERT INTO users (email, name, role) VALUES ('a@both.example', 'Old', 'applicant'); \
         INSERT INTO users (email, full_name, role) VALUES ('b@both.example', 'New', 'applicant'), ('c@both.example', 'C', 'applicant'); \
         UPDATE users SET name = 'Older' WHERE email = 'b@both.example'; \
         UPDATE users SET full_name = 'Newer' WHERE email = 'a@both.example'; \
         UPDATE users SET email = 'd@both.example' WHERE email = 'c@both.example'",
    );
    assert_eq!(
        workspace.texts(NAMES),
        ["Newer = Newer", "Older = Older", "C = C"]
    );
    workspace.execute("DELETE FROM users WHERE email LIKE '%@both.example'");
    let between = workspace.rows();
    assert_eq!(
        between.column("users.full_name"),
        between.column("users.name")
    );

    workspace.db(&["migrate", "--contract"]).done();
    workspace.in_order();
    let after = workspace.rows();
    after.are(&before.renamed("users.name", "full_name"));
    workspace.db(&["rollback", "--yes", "--steps", "2"]).done();
    workspace.rows().are(&before);

    // What comes behind the one that waits doesn't pass it.
    workspace.db(&["generate", "--empty", "later"]).done();
    workspace.db(&["rebase"]).done();
    workspace
        .db(&["migrate"])
        .ends(3)
        .says(["later", "comes behind", "--contract"]);
    workspace.db(&["migrate", "--contract"]).done();
    workspace.rows().are(&after);
}
