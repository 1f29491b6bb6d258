//! New enum labels: at the end and in the middle, and used by the very change that adds them.

use super::Workspace;

const ADMIN: (&str, &str) = (
    "    Coordinator,\n",
    "    Coordinator,\n    #[sea_orm(string_value = \"admin\")]\n    Admin,\n",
);
const ASSIGNED: (&str, &str) = (
    "    Pending,\n",
    "    Pending,\n    #[sea_orm(string_value = \"assigned\")]\n    Assigned,\n",
);
const ENUMS: &str = "crates/db/src/enums.rs";

#[test]
fn a_label_at_the_end_and_one_in_the_middle() {
    let workspace = Workspace::copy();
    for (from, to) in [ADMIN, ASSIGNED] {
        workspace.edit(ENUMS, from, to);
    }
    let migration = workspace.generate("more_labels", &[]);
    let up = migration.up_statements();
    for statement in [
        r#"ALTER TYPE "user_role" ADD VALUE 'admin';"#,
        r#"ALTER TYPE "review_status" ADD VALUE 'assigned' AFTER 'pending';"#,
    ] {
        assert!(up.contains(statement), "{up}");
    }

    let rows = workspace.circle(1);
    for stop in [&rows.up, &rows.down, &rows.up_again] {
        stop.are(&rows.before);
    }
    let labels = workspace.texts("SELECT unnest(enum_range(NULL::review_status))::text");
    assert_eq!(labels, ["pending", "assigned", "in_progress", "completed"]);

    // A label that rows use can't be taken back, and nothing is cut to make it fit.
    workspace.execute("UPDATE users SET role = 'admin' WHERE email = 'blank@example.org'");
    let used = workspace.rows();
    workspace
        .db(&["rollback", "--yes"])
        .ends(1)
        .says(["22P02", "down.sql:", "admin"]);
    workspace.rows().are(&used);
    workspace.in_order();

    workspace.execute("UPDATE users SET role = 'applicant' WHERE email = 'blank@example.org'");
    workspace.db(&["rollback", "--yes"]).done();
    workspace.rows().are(&rows.before);
}

/// PostgreSQL does not let a transaction use a label that it added: so it is added before one.
#[test]
fn a_label_that_is_the_new_default() {
    let workspace = Workspace::copy();
    workspace.edit(ENUMS, ASSIGNED.0, ASSIGNED.1);
    workspace.edit_entity(
        "reviews",
        "default_value = \"pending\"",
        "default_value = \"assigned\"",
    );
    let migration = workspace.generate("reviews_are_assigned", &[]);
    let up = migration.up_statements();
    let (label, default) = up.split_once("BEGIN;").expect("a part in a transaction");
    assert!(label.contains("ADD VALUE 'assigned'"), "{up}");
    assert!(default.contains("SET DEFAULT 'assigned'"), "{up}");

    let rows = workspace.circle(1);
    for stop in [rows.up, rows.down, rows.up_again] {
        stop.are(&rows.before);
    }
}
