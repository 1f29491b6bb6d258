//! The catalog says what COHORTFLOW's specification says.

use sea_orm::{FromQueryResult, Statement};

use crate::database::TestDatabase;

#[derive(FromQueryResult)]
struct Line {
    line: String,
}

async fn lines(database: &TestDatabase, sql: &str) -> Vec<String> {
    let backend = database.connection.get_database_backend();
    Line::find_by_statement(Statement::from_string(backend, sql))
        .all(&database.connection)
        .await
        .expect(sql)
        .into_iter()
        .map(|line| line.line)
        .collect()
}

#[tokio::test]
async fn columns_are_as_specified() {
    let database = TestDatabase::create().await;
    let columns = lines(
        &database,
        "SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
            || CASE WHEN a.attnotnull THEN '' ELSE ' null' END
            || coalesce(' = ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
         WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0
         ORDER BY c.relname, a.attnum",
    )
    .await;
    assert_eq!(
        columns,
        [
            "applications.id uuid = gen_random_uuid()",
            "applications.program_id uuid",
            "applications.applicant_id uuid",
            "applications.current_stage integer = 0",
            "applications.status application_status = 'draft'::application_status",
            "applications.data jsonb = '{}'::jsonb",
            "applications.created_at timestamp with time zone = now()",
            "applications.updated_at timestamp with time zone = now()",
            "audit_logs.id uuid = gen_random_uuid()",
            "audit_logs.user_id uuid",
            "audit_logs.action text",
            "audit_logs.resource text",
            "audit_logs.resource_id uuid null",
            "audit_logs.metadata jsonb null",
            "audit_logs.created_at timestamp with time zone = now()",
            "comments.id uuid = gen_random_uuid()",
            "comments.application_id uuid",
            "comments.author_id uuid null",
            "comments.content text",
            "comments.created_at timestamp with time zone = now()",
            "files.id uuid = gen_random_uuid()",
            "files.application_id uuid",
            "files.filename text",
            "files.url text",
            "files.uploaded_by uuid",
            "files.created_at timestamp with time zone = now()",
            "programs.id uuid = gen_random_uuid()",
            "programs.name text",
            "programs.description text",
            "programs.stages jsonb",
            "programs.rubric jsonb",
            "programs.export_mapping jsonb null",
            "programs.creator_id uuid",
            "programs.status program_status = 'draft'::program_status",
            "programs.created_at timestamp with time zone = now()",
            "reviews.id uuid = gen_random_uuid()",
            "reviews.application_id uuid",
            "reviews.reviewer_id uuid",
            "reviews.scores jsonb",
            "reviews.comments text null",
            "reviews.status review_status = 'pending'::review_status",
            "reviews.created_at timestamp with time zone = now()",
            "users.id uuid = gen_random_uuid()",
            "users.email text",
            "users.name text",
            "users.role user_role = 'applicant'::user_role",
            "users.phone_number text null",
            "users.created_at timestamp with time zone = now()",
        ]
    );
}

#[tokio::test]
async fn enumerations_are_as_specified() {
    let database = TestDatabase::create().await;
    let enums = lines(
        &database,
        "SELECT typname || ': ' || string_agg(enumlabel, ', ' ORDER BY enumsortorder) AS line
         FROM pg_enum JOIN pg_type t ON t.oid = enumtypid GROUP BY typname ORDER BY typname",
    )
    .await;
    assert_eq!(
        enums,
        [
            "application_status: draft, submitted, under_review, accepted, rejected, waitlisted",
            "program_status: draft, active, archived",
            "review_status: pending, in_progress, completed",
            "user_role: applicant, reviewer, coordinator",
        ]
    );
}

#[tokio::test]
async fn foreign_keys_are_as_specified() {
    let database = TestDatabase::create().await;
    let keys = lines(
        &database,
        "SELECT conrelid::regclass || ': ' || pg_get_constraintdef(oid) AS line
         FROM pg_constraint WHERE contype = 'f'
         ORDER BY (conrelid::regclass || ': ' || pg_get_constraintdef(oid)) COLLATE \"C\"",
    )
    .await;
    assert_eq!(
        keys,
        [
            "applications: FOREIGN KEY (applicant_id) REFERENCES users(id) ON DELETE CASCADE",
            "applications: FOREIGN KEY (program_id) REFERENCES programs(id) ON DELETE CASCADE",
            "audit_logs: FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE",
            "comments: FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE",
            "comments: FOREIGN KEY (author_id) REFERENCES users(id) ON DELETE SET NULL",
            "files: FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE",
            "files: FOREIGN KEY (uploaded_by) REFERENCES users(id) ON DELETE CASCADE",
            "programs: FOREIGN KEY (creator_id) REFERENCES users(id) ON DELETE CASCADE",
            "reviews: FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE",
            "reviews: FOREIGN KEY (reviewer_id) REFERENCES users(id) ON DELETE CASCADE",
        ]
    );
}

#[tokio::test]
async fn indexes_are_as_specified() {
    let database = TestDatabase::create().await;
    let indexes = lines(
        &database,
        "SELECT replace(replace(indexdef, 'CREATE ', ''), ' ON public.' || tablename || ' USING btree', '') AS line
         FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%_pkey' ORDER BY indexname COLLATE \"C\"",
    )
    .await;
    assert_eq!(
        indexes,
        [
            "INDEX applications_applicant_id_idx (applicant_id)",
            "INDEX applications_current_stage_idx (current_stage)",
            "UNIQUE INDEX applications_program_id_applicant_id_key (program_id, applicant_id)",
            "INDEX applications_program_id_idx (program_id)",
            "INDEX applications_status_idx (status)",
            "INDEX audit_logs_created_at_idx (created_at)",
            "INDEX audit_logs_resource_resource_id_idx (resource, resource_id)",
            "INDEX audit_logs_user_id_idx (user_id)",
            "INDEX comments_application_id_idx (application_id)",
            "INDEX files_application_id_idx (application_id)",
            "INDEX files_uploaded_by_idx (uploaded_by)",
            "INDEX programs_creator_id_idx (creator_id)",
            "INDEX programs_status_idx (status)",
            "INDEX reviews_application_id_idx (application_id)",
            "UNIQUE INDEX reviews_application_id_reviewer_id_key (application_id, reviewer_id)",
            "INDEX reviews_reviewer_id_idx (reviewer_id)",
            "INDEX reviews_status_idx (status)",
            "INDEX users_email_idx (email)",
            "UNIQUE INDEX users_email_key (email)",
            "UNIQUE INDEX users_email_lower_key (lower(email))",
            "INDEX users_phone_idx (phone_number)",
            "INDEX users_role_idx (role)",
        ]
    );
}

#[test]
fn no_entity_and_no_entity_s_indexes_are_forgotten() {
    let entities = concat!(env!("CARGO_MANIFEST_DIR"), "/src/entity");
    let mut files: Vec<_> = std::fs::read_dir(entities)
        .expect("the folder is there")
        .map(|entry| entry.expect("can be read").path())
        .map(|path| {
            path.file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    files.sort();
    assert_eq!(files.len(), 7);
    let schema = format!("{:?}", db::schema());
    let indexes: Vec<_> = db::indexes()
        .iter()
        .map(|index| index.to_string(sea_orm::sea_query::PostgresQueryBuilder))
        .collect();
    for table in files {
        let create = format!("CREATE TABLE \\\"{table}\\\" (");
        assert!(schema.contains(&create), "{table} is not in db::schema()");
        let on = format!(" ON \"{table}\" (");
        assert!(
            indexes.iter().any(|index| index.contains(&on)),
            "{table} is not in db::indexes()"
        );
    }
}
