//! A label that rows hold is removed: refused with the flag that answers, and carried out with it.

use crate::workspace::Workspace;

const MAP: &str = "role.coordinator:reviewer";

fn declare(workspace: &Workspace, labels: &str) {
    workspace.write(
        "sql/before/users.sql",
        &format!(
            "CREATE TYPE role AS ENUM ({labels});\n\
             CREATE TABLE users (id int PRIMARY KEY, role role NOT NULL DEFAULT 'applicant', was role[]);"
        ),
    );
}

#[test]
fn rows_that_hold_a_removed_label_are_counted_and_mapped() {
    let workspace = Workspace::with_server();
    declare(&workspace, "'applicant', 'coordinator', 'reviewer'");
    workspace.run(&["db", "push"]).succeeded();
    workspace.run(&["db", "generate", "start"]).succeeded();
    workspace.sql(
        "INSERT INTO users VALUES (1, 'applicant', NULL), (2, 'coordinator', '{coordinator,applicant}'), \
         (3, 'coordinator', '{}')",
    );
    let roles =
        || workspace.sql("SELECT string_agg(concat(role, was), ' ' ORDER BY id) FROM users");
    let before = "applicant coordinator{coordinator,applicant} coordinator{}\n";
    assert_eq!(roles(), before);

    declare(&workspace, "'applicant', 'reviewer'");
    let stderr = workspace.run(&["db", "push"]).failed_with(3);
    for words in [
        "2 rows hold `role.coordinator` in users.role",
        "1 row holds `role.coordinator` in users.was",
        "--map role.coordinator:KEPT",
        "applicant, reviewer",
    ] {
        assert!(stderr.contains(words), "{stderr}");
    }
    let error = workspace.run(&["db", "push", "--json"]).json(3);
    assert_eq!(
        error["missing"],
        serde_json::json!(["--map role.coordinator:KEPT"])
    );
    let slip = workspace.run(&["db", "push", "--map", "role.coordinator:nobody"]);
    assert!(slip.stderr.contains("matches nothing"), "{slip:?}");
    assert_ne!(slip.code, 0);
    assert_eq!(roles(), before);

    let shown = workspace
        .run(&["db", "generate", "--dry-run", "--map", MAP])
        .succeeded();
    for words in [
        "WHEN 'coordinator' THEN 'reviewer'",
        "array_replace(\"was\"::text[], 'coordinator', 'reviewer')",
        "not-restored",
    ] {
        assert!(shown.contains(words), "{shown}");
    }

    workspace.run(&["db", "push", "--map", MAP]).succeeded();
    assert_eq!(
        roles(),
        "applicant reviewer{reviewer,applicant} reviewer{}\n"
    );
    let again = workspace.run(&["db", "push", "--json"]).json(0);
    assert_eq!(again["outcome"], "nothing to do");
}
