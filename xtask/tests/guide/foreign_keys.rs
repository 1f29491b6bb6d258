//! A foreign key with each ON DELETE action: what is declared is what PostgreSQL does with rows.

use serde_json::Value;

use super::Workspace;

/// The table that refers, the column, the table referred to, the action.
const KEYS: [(&str, &str, &str, &str); 5] = [
    ("comments", "file_id", "files", "SetNull"),
    ("comments", "review_id", "reviews", "Cascade"),
    ("reviews", "program_id", "programs", "Restrict"),
    ("files", "program_id", "programs", "NoAction"),
    ("audit_logs", "program_id", "programs", "SetDefault"),
];

#[test]
fn a_foreign_key_with_each_action() {
    let workspace = Workspace::copy();
    for (table, column, target, action) in KEYS {
        declare(&workspace, table, column, target, action);
    }
    let migration = workspace.generate("more_foreign_keys", &[]);
    let up = migration.up_statements();
    for action in ["SET NULL", "CASCADE", "RESTRICT", "SET DEFAULT"] {
        assert_eq!(
            up.matches(&format!("ON DELETE {action}")).count(),
            1,
            "{up}"
        );
    }

    let rows = workspace.circle(1);
    let mut expected = rows.before.clone();
    for (table, column, ..) in KEYS {
        expected = expected.with(&format!("{table}.{column}"), Value::Null);
    }
    rows.up.are(&expected);
    rows.down.are(&rows.before);
    rows.up_again.are(&rows.up);

    each_acts(&workspace);
}

fn declare(workspace: &Workspace, table: &str, column: &str, target: &str, action: &str) {
    workspace.edit_entity(
        table,
        "    pub created_at: DateTimeUtc,\n",
        &format!(
            "    pub created_at: DateTimeUtc,\n    pub {column}: Option<Uuid>,\n    \
             #[sea_orm(belongs_to, from = \"{column}\", to = \"id\", on_delete = \"{action}\")]\n    \
             pub of_{target}: BelongsTo<Option<super::{target}::Entity>>,\n"
        ),
    );
}

/// Deletes a row that another one refers to, through each key.
fn each_acts(workspace: &Workspace) {
    workspace.execute(
        "UPDATE comments SET file_id = (SELECT id FROM files ORDER BY id LIMIT 1); \
         DELETE FROM files WHERE id = (SELECT id FROM files ORDER BY id LIMIT 1)",
    );
    let comments = workspace.rows();
    assert!(
        comments
            .column("comments.file_id")
            .values()
            .all(|id| id.is_null())
    );

    workspace.execute(
        "UPDATE comments SET review_id = (SELECT id FROM reviews ORDER BY id LIMIT 1) \
         WHERE id = (SELECT id FROM comments ORDER BY id LIMIT 1); \
         DELETE FROM reviews WHERE id = (SELECT id FROM reviews ORDER BY id LIMIT 1)",
    );
    let (before, after) = (comments.counts(), workspace.rows());
    assert_eq!(after.counts()["comments"], before["comments"] - 1);
    assert_eq!(after.counts()["reviews"], before["reviews"] - 1);

    let program = "INSERT INTO programs (name, description, stages, rubric, creator_id) \
                   SELECT 'another', '', '[]', '[]', id FROM users LIMIT 1;";
    let another = "(SELECT id FROM programs WHERE name = 'another')";
    for (refers, deletes) in [
        (
            format!("UPDATE reviews SET program_id = {another}"),
            Err("23503".to_owned()),
        ),
        (
            format!("UPDATE files SET program_id = {another}"),
            Err("23503".to_owned()),
        ),
        // The audit log is insert-only, whoever writes to it: so its key can't set a default either.
        (
            format!(
                "INSERT INTO audit_logs (user_id, action, resource, program_id) \
                 SELECT id, 'a', 'b', {another} FROM users LIMIT 1"
            ),
            Err("23001".to_owned()),
        ),
        (String::new(), Ok(())),
    ] {
        let deleted = workspace.try_execute(&format!(
            "BEGIN; {program} {refers}; DELETE FROM programs WHERE name = 'another'; COMMIT"
        ));
        assert_eq!(deleted, deletes, "{refers}");
    }
    workspace.rows().are(&after);
}
