//! Columns that come and go.

use serde_json::Value;

use super::Workspace;

#[test]
fn a_nullable_column() {
    let workspace = Workspace::copy();
    workspace.add_field(
        "users",
        "role: UserRole",
        "    #[sea_orm(column_type = \"Text\")]\n    pub nickname: Option<String>,\n",
    );
    let migration = workspace.generate("add_nickname", &[]);
    assert_eq!(
        migration.up_statements(),
        r#"ALTER TABLE "users" ADD COLUMN "nickname" text;"#
    );
    assert_eq!(
        migration.down_statements(),
        r#"ALTER TABLE "users" DROP COLUMN "nickname";"#
    );

    let rows = workspace.circle(1);
    rows.up
        .are(&rows.before.with("users.nickname", Value::Null));
    rows.down.are(&rows.before);
    rows.up_again.are(&rows.up);

    // Nothing to do is no failure, and writes nothing.
    let files = workspace.migrations();
    let again = workspace.db(&["generate", "again"]).done();
    again.says(["nothing to do"]);
    assert_eq!(workspace.migrations(), files);
    workspace.db(&["migrate"]).done();
    workspace.rows().are(&rows.up);
}

#[test]
fn a_required_column_with_a_default() {
    let workspace = Workspace::copy();
    workspace.add_field(
        "applications",
        "status: ApplicationStatus",
        "    #[sea_orm(default_value = 3)]\n    pub priority: i32,\n",
    );
    let migration = workspace.generate("add_priority", &[]);
    assert_eq!(
        migration.up_statements(),
        r#"ALTER TABLE "applications" ADD COLUMN "priority" integer DEFAULT 3 NOT NULL;"#
    );

    let rows = workspace.circle(1);
    rows.up.are(&rows.before.with("applications.priority", 3));
    rows.down.are(&rows.before);
    rows.up_again.are(&rows.up);

    // What is written into it is gone after a way back, and the way back says so.
    workspace.execute("UPDATE applications SET priority = 7");
    let says = "data loss";
    assert!(migration.down.contains(says), "{}", migration.down);
    workspace.circle(1).up_again.are(&rows.up);
}

#[test]
fn a_dropped_column() {
    let workspace = Workspace::copy();
    workspace.edit_entity(
        "reviews",
        "    #[sea_orm(column_type = \"Text\")]\n    pub comments: Option<String>,\n",
        "",
    );
    let migration = workspace.generate("drop_review_comments", &[]);
    assert_eq!(
        migration.up_statements(),
        r#"ALTER TABLE "reviews" DROP COLUMN "comments";"#
    );
    for (file, says) in [
        (&migration.up, "data loss"),
        (&migration.down, "not-restored"),
    ] {
        assert!(file.contains(says), "`{says}` is not said in {file}");
    }

    let rows = workspace.circle(1);
    let filled = rows.before.column("reviews.comments");
    assert!(filled.values().any(|value| !value.is_null()));
    rows.up.are(&rows.before.without("reviews.comments"));
    rows.down
        .are(&rows.up.with("reviews.comments", Value::Null));
    rows.up_again.are(&rows.up);
}
