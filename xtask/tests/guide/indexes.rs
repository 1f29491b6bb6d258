//! Indexes: as statements beside an entity, over its own columns.

use super::Workspace;

const ROLE: &str = "        index(Entity, &[Column::Role]),\n";
const CREATED_AT: &str = "        index(Entity, &[Column::CreatedAt]),\n";
const STAFF: &str = "        {
            use sea_orm::sea_query::ConditionalStatement as _;
            let mut staff = Index::create();
            staff.name(\"users_staff_key\").table(Entity).col(Column::Name).unique();
            staff.and_where(Column::Role.ne(UserRole::Applicant)).take()
        },
";

const INDEXES: &str = "\
SELECT indexdef FROM pg_indexes \
WHERE tablename = 'users' AND indexname IN ('users_created_at_idx', 'users_staff_key') ORDER BY 1";

/// In the plainest form, when that is asked for.
#[test]
fn an_index_and_a_partial_unique_one() {
    let workspace = Workspace::copy();
    workspace.edit_entity("users", ROLE, &format!("{ROLE}{CREATED_AT}{STAFF}"));
    let migration = workspace.generate("user_indexes", &["--offline"]);
    assert_eq!(
        migration.up_statements().lines().collect::<Vec<_>>(),
        [
            r#"CREATE INDEX "users_created_at_idx" ON "users" USING btree (created_at);"#,
            r#"CREATE UNIQUE INDEX "users_staff_key" ON "users" USING btree (name) WHERE (role <> 'applicant'::user_role);"#,
        ]
    );

    let rows = workspace.circle(1);
    let indexes = workspace.texts(INDEXES);
    assert_eq!(indexes.len(), 2, "{indexes:#?}");
    assert!(
        indexes[1].contains("UNIQUE")
            && indexes[1].contains("WHERE (role <> 'applicant'::user_role)")
    );
    for stop in [rows.up, rows.down, rows.up_again] {
        stop.are(&rows.before);
    }
    // It holds, and only for those whom it is about.
    let insert = |name: &str, email: &str, role: &str| {
        workspace.try_execute(&format!(
            "INSERT INTO users (email, name, role) VALUES ('{email}', '{name}', '{role}')"
        ))
    };
    assert_eq!(
        insert("Sarah Johnson", "a@example.org", "applicant"),
        Ok(())
    );
    let refused = insert("Sarah Johnson", "b@example.org", "coordinator");
    assert_eq!(refused, Err("23505".to_owned()));

    workspace.db(&["rollback", "--yes"]).done();
    assert!(workspace.texts(INDEXES).is_empty());
}

/// Outside a transaction, with the constraint's part in one, and back again.
#[test]
fn while_the_table_is_in_use() {
    let workspace = Workspace::copy();
    workspace.edit_entity("users", ROLE, &format!("{ROLE}{CREATED_AT}"));
    workspace.edit_entity(
        "users",
        "    pub name: String,",
        "    #[sea_orm(unique)]\n    pub name: String,",
    );
    let migration = workspace.generate("user_indexes", &[]);
    assert_eq!(
        migration.up_statements().lines().collect::<Vec<_>>(),
        [
            r#"CREATE UNIQUE INDEX CONCURRENTLY "users_name_key" ON "users" USING btree (name);"#,
            r#"CREATE INDEX CONCURRENTLY "users_created_at_idx" ON "users" USING btree (created_at);"#,
            "BEGIN;",
            r#"ALTER TABLE "users" ADD CONSTRAINT "users_name_key" UNIQUE USING INDEX "users_name_key";"#,
            "COMMIT;",
        ]
    );
    // Warnings are about rows: two may have one name.
    workspace.db(&["lint", "--latest", "1"]).done();
    let rows = workspace.circle(1);
    for stop in [rows.up, rows.down, rows.up_again] {
        stop.are(&rows.before);
    }
    let indexes = INDEXES.replace("users_staff_key", "users_name_key");
    assert_eq!(workspace.texts(&indexes).len(), 2);
    workspace.db(&["rollback", "--yes"]).done();
    assert!(workspace.texts(&indexes).is_empty());
}
