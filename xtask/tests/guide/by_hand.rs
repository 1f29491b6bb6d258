//! Migrations that people write: a backfill in Rust between two that are generated, and SQL that looks
//! before it acts.

use serde_json::{Value, json};

use super::Workspace;

const NULLABLE: &str =
    "    #[sea_orm(column_type = \"Text\")]\n    pub initials: Option<String>,\n";
const REQUIRED: &str = "    #[sea_orm(column_type = \"Text\")]\n    pub initials: String,\n";

/// What the `.rs` that is to be filled says where `up` has its deed.
const DEED: &str = "        // For example: `connection.execute_unprepared(\"UPDATE …\").await?;`
        let _connection = manager.get_connection();
";

const BACKFILL: &str = r#"        let connection = manager.get_connection();
        let users = connection
            .query_all_raw(Statement::from_string(
                DbBackend::Postgres,
                "SELECT id::text, name FROM users WHERE initials IS NULL",
            ))
            .await?;
        for user in users {
            let (id, name): (String, String) = (user.try_get("", "id")?, user.try_get("", "name")?);
            let initials: String = name.split(' ').filter_map(|word| word.chars().next()).collect();
            connection
                .execute_raw(Statement::from_sql_and_values(
                    DbBackend::Postgres,
                    "UPDATE users SET initials = $1 WHERE id = $2::uuid",
                    [initials.into(), id.into()],
                ))
                .await?;
        }
"#;

#[test]
fn three_steps_with_a_backfill_in_rust() {
    let workspace = Workspace::copy();
    let start = workspace.rows();
    workspace.add_field("users", "name: String", NULLABLE);
    workspace.generate("add_initials", &[]);

    workspace
        .db(&["generate", "--rust", "fill_initials"])
        .done();
    let backfill = workspace.migrations().pop().unwrap();
    let path = format!("migration/src/{}.rs", backfill.version);
    workspace.edit(&path, DEED, BACKFILL);
    workspace.edit(
        &path,
        "use sea_orm_migration::prelude::*;\n",
        "use sea_orm_migration::prelude::*;\nuse sea_orm_migration::sea_orm::{DbBackend, Statement};\n",
    );

    workspace.edit_entity("users", NULLABLE, REQUIRED);
    let required = workspace.generate("require_initials", &[]);
    let set = r#"ALTER TABLE "users" ALTER COLUMN "initials" SET NOT NULL;"#;
    let up = required.up_statements();
    let (before, _) = up.split_once(set).unwrap_or_else(|| panic!("{up}"));
    assert!(
        before.contains(r#"VALIDATE CONSTRAINT "initials__not_null";"#),
        "{up}"
    );

    // All three at once, one by one back, and up again.
    workspace.db(&["migrate"]).done();
    workspace.in_order();
    let filled = workspace.rows();
    let initials = filled.column("users.initials");
    let of = |name: &str| {
        json!(
            name.split(' ')
                .filter_map(|word| word.chars().next())
                .collect::<String>()
        )
    };
    for (key, name) in filled.column("users.name") {
        assert_eq!(*initials[key], of(name.as_str().unwrap()));
    }
    filled.without("users.initials").are(&start);
    for expected in [&filled, &filled, &start] {
        workspace.db(&["rollback", "--yes"]).done();
        workspace.as_migrated();
        workspace.rows().are(expected);
    }
    workspace.db(&["migrate"]).done();
    workspace.rows().are(&filled);

    without_the_backfill(&workspace, &start, &required.path("up.sql"));
}

/// The third step alone is refused by the rows, which stay as they are.
fn without_the_backfill(workspace: &Workspace, start: &super::workspace::Rows, up_sql: &str) {
    workspace.db(&["rollback", "--yes", "--steps", "3"]).done();
    workspace.db(&["migrate", "--steps", "2"]).done();
    workspace.execute("UPDATE users SET initials = NULL");
    let file = up_sql.rsplit("src/").next().unwrap();
    workspace.db(&["migrate"]).ends(1).says([file, "23514"]);
    workspace
        .rows()
        .are(&start.with("users.initials", Value::Null));
}

const LOOKS_FIRST: &str = r#"
CREATE INDEX IF NOT EXISTS users_created_at_idx ON users (created_at);

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'users_name_check') THEN
        ALTER TABLE users ADD CONSTRAINT users_name_check CHECK (name <> 'nobody');
    END IF;
END $$;
"#;

const AND_BACK: &str = "
ALTER TABLE users DROP CONSTRAINT IF EXISTS users_name_check;
DROP INDEX IF EXISTS users_created_at_idx;
";

/// Written by hand, applied where somebody was quicker by hand and where nobody was: both end the same,
/// and it is what the entities declare.
#[test]
fn a_conditional_migration() {
    let workspace = Workspace::copy();
    workspace.edit_entity(
        "users",
        "        index(Entity, &[Column::Role]),\n",
        "        index(Entity, &[Column::Role]),\n        index(Entity, &[Column::CreatedAt]),\n",
    );
    workspace.write(
        "crates/db/sql/after/users_name.sql",
        "-- Somebody is always somebody.\nALTER TABLE users ADD CONSTRAINT users_name_check CHECK (name <> 'nobody');\n",
    );
    workspace
        .db(&["generate", "--empty", "name_and_age"])
        .done();
    let migration = workspace.migrations().pop().unwrap();
    for (file, header, sql) in [
        ("up.sql", &migration.up, LOOKS_FIRST),
        ("down.sql", &migration.down, AND_BACK),
    ] {
        workspace.write(&migration.path(file), &format!("{header}{sql}"));
    }

    let rows = workspace.circle(1);
    for stop in [&rows.up, &rows.down, &rows.up_again] {
        stop.are(&rows.before);
    }
    workspace.db(&["generate"]).done().says(["nothing to do"]);

    workspace.db(&["rollback", "--yes"]).done();
    // Its own lines don't say who waits.
    let dry = workspace.db(&["migrate", "--dry-run"]).done();
    dry.says([&migration.version, "SHARE on users: writers wait"]);
    workspace.execute("CREATE INDEX users_created_at_idx ON users (created_at)");
    workspace.db(&["migrate"]).done();
    workspace.in_order();
    workspace.rows().are(&rows.before);
    let refused = workspace.try_execute("UPDATE users SET name = 'nobody'");
    assert_eq!(refused, Err("23514".to_owned()));
}
