//! A column renamed: it keeps its rows, whoever says that it was a rename and however.

use super::Workspace;
use super::workspace::{CTRL_C, DOWN, ENTER, ESCAPE, Migration, UP};

const FLAG: &str = "users.name:full_name";

#[test]
fn a_renamed_column() {
    let workspace = Workspace::copy();
    let parent = workspace.keep("migration");
    workspace.rename_field("users", "name: String", "full_name: String");

    nobody_to_ask(&workspace);
    let by_flag = workspace.generate("full_name", &["--rename", FLAG]);
    assert_eq!(
        by_flag.up_statements(),
        r#"ALTER TABLE "users" RENAME COLUMN "name" TO "full_name";"#
    );
    assert_eq!(
        by_flag.down_statements(),
        r#"ALTER TABLE "users" RENAME COLUMN "full_name" TO "name";"#
    );

    let same = |other: &Migration| {
        assert_eq!(other.up_statements(), by_flag.up_statements());
        assert_eq!(other.down_statements(), by_flag.down_statements());
    };
    workspace.bring_back(&parent);
    same(&asked(&workspace, ENTER));
    workspace.bring_back(&parent);
    same(&asked(&workspace, &format!("{DOWN}{UP}{ENTER}")));
    workspace.bring_back(&parent);
    drop_was_meant(&workspace);

    workspace.bring_back(&parent);
    workspace.edit_entity(
        "users",
        "    #[sea_orm(column_type = \"Text\")]\n    pub full_name",
        "    #[sea_orm(column_type = \"Text\", renamed_from = \"name\")]\n    pub full_name",
    );
    same(&workspace.generate("full_name", &[]));

    let rows = workspace.circle(1);
    rows.up.are(&rows.before.renamed("users.name", "full_name"));
    rows.down.are(&rows.before);
    rows.up_again.are(&rows.up);

    // The attribute may stay: what it says has happened.
    workspace
        .db(&["generate", "again"])
        .done()
        .says(["nothing to do"]);
}

fn nobody_to_ask(workspace: &Workspace) {
    let files = workspace.migrations();
    let flag = format!("--rename {FLAG}");
    let refused = workspace.db(&["generate", "full_name"]).ends(3);
    refused.says([&flag, "--allow-data-loss users.name"]);
    let refused = workspace.db(&["generate", "full_name", "--json"]).ends(3);
    let missing = refused.json()["missing"].clone();
    assert_eq!(missing[0], flag.as_str(), "{refused:?}");
    let refused = workspace.db(&["push"]).ends(3);
    refused.says([&flag]);
    assert_eq!(workspace.migrations(), files);

    // A hint that matches nothing would hide the next slip.
    workspace
        .db(&["generate", "full_name", "--rename", "users.nam:full_name"])
        .ends(1)
        .says(["nam"]);
    assert_eq!(workspace.migrations(), files);
}

/// Answers the question with these keys, and finds what was written.
fn asked(workspace: &Workspace, keys: &str) -> Migration {
    let before = workspace.migrations();
    workspace
        .at_terminal(&["generate", "full_name"])
        .shows("users.name")
        .shows("full_name")
        .shows("dropped")
        .presses(keys)
        .ends(0);
    let mut after = workspace.migrations();
    after.retain(|one| !before.contains(one));
    after.pop().unwrap()
}

/// Only a spoken word drops a column, and Ctrl-C and Esc are none.
fn drop_was_meant(workspace: &Workspace) {
    let files = workspace.migrations();
    for (keys, code) in [(CTRL_C, 130), (ESCAPE, 3)] {
        workspace
            .at_terminal(&["generate", "full_name"])
            .shows("dropped")
            .presses(keys)
            .ends(code);
        assert_eq!(workspace.migrations(), files);
    }
    let dropped = asked(workspace, &format!("{DOWN}{ENTER}"));
    let up = dropped.up_statements();
    assert!(up.contains(r#"DROP COLUMN "name""#), "{up}");
}
