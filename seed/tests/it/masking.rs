//! Nobody is recognised in a sample of CohortFlow's database, and it still works.

#[path = "../../src/masking.rs"]
mod declared;

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DatabaseConnection, EntityTrait, Statement};
use seachange::sample::{Key, Sample, Share, copy};

use crate::database::TestDatabase;

/// Everything that could tell who somebody is, or what somebody wrote, whatever the fixtures put there.
const PERSONAL: &[&str] = &[
    "SELECT id::text FROM users",
    "SELECT email FROM users",
    "SELECT name FROM users",
    "SELECT unnest(string_to_array(name, ' ')) FROM users",
    "SELECT phone_number FROM users",
    "SELECT id::text FROM applications",
    "SELECT answer #>> '{}' FROM applications, jsonb_path_query(data, 'strict $.**') answer
     WHERE jsonb_typeof(answer) = 'string'",
    "SELECT filename FROM files",
    "SELECT url FROM files",
    "SELECT comments FROM reviews",
    "SELECT content FROM comments",
    "SELECT id::text FROM audit_logs",
    "SELECT resource_id::text FROM audit_logs",
    "SELECT metadata ->> 'filename' FROM audit_logs",
];

#[tokio::test]
async fn nobody_is_recognised_in_a_sample() {
    let (source, target) = (TestDatabase::seeded().await, TestDatabase::create().await);
    let copied = copy(
        &source.url,
        &target.url,
        &declared::masking(),
        &all(),
        |_| {},
    )
    .await
    .expect("copies all of it");
    assert!(
        copied
            .iter()
            .all(|table| table.rows == table.of && table.rows > 0),
        "{copied:?}"
    );

    let (before, after) = (
        dump(&source.connection).await,
        dump(&target.connection).await,
    );
    // What a program offers to choose from is no secret.
    let offered = texts(
        &source.connection,
        "SELECT lower(stages::text) FROM programs",
    )
    .await;
    for query in PERSONAL {
        let mut searched = 0;
        for value in texts(&source.connection, query).await {
            let value = value.to_lowercase();
            if value.len() > 4 && !offered[0].contains(&value) {
                assert!(!after.contains(&value), "{query}: {value}");
                searched += 1;
            }
        }
        assert!(searched > 0, "{query}");
    }
    // The search would find them where they are.
    for query in [
        "SELECT email FROM users",
        "SELECT url FROM files",
        "SELECT name FROM users",
    ] {
        for value in texts(&source.connection, query).await {
            assert!(before.contains(&value.to_lowercase()), "{value}");
        }
    }
}

#[tokio::test]
async fn what_a_bug_hangs_on_is_kept() {
    let (source, target) = (TestDatabase::seeded().await, TestDatabase::create().await);
    copy(
        &source.url,
        &target.url,
        &declared::masking(),
        &all(),
        |_| {},
    )
    .await
    .expect("copies all of it");
    for query in [
        "SELECT concat_ws('|', p.name, p.description, p.stages, p.rubric, p.export_mapping, p.status, u.role)
         FROM programs p JOIN users u ON u.id = p.creator_id ORDER BY 1",
        "SELECT concat_ws('|', a.status, a.current_stage, r.status, r.scores, u.role)
         FROM applications a LEFT JOIN reviews r ON r.application_id = a.id
         LEFT JOIN users u ON u.id = r.reviewer_id ORDER BY 1",
        "SELECT concat_ws('|', action, resource, resource_id IS NULL, metadata IS NULL) FROM audit_logs ORDER BY 1",
        // Answers keep their fields, and a file among them is still the file's row.
        "SELECT key FROM applications, jsonb_object_keys(data) key ORDER BY 1",
        "SELECT count(*)::text FROM files f JOIN applications a ON a.id = f.application_id,
         jsonb_each_text(a.data) answer WHERE answer.value = f.id::text",
        "SELECT count(*)::text FROM audit_logs l JOIN applications a ON a.id = l.resource_id",
        // Days between two events.
        "SELECT (max(created_at) - min(created_at))::text FROM audit_logs",
    ] {
        let kept = texts(&source.connection, query).await;
        assert!(!kept.is_empty() && kept != ["0"], "{query}");
        assert_eq!(kept, texts(&target.connection, query).await, "{query}");
    }
    // The application reads every row of it.
    let users = db::users::Entity::find()
        .all(&target.connection)
        .await
        .expect("reads users");
    assert!(
        users
            .iter()
            .all(|user| user.email.ends_with("@example.invalid"))
    );
    let read = db::applications::Entity::find()
        .all(&target.connection)
        .await;
    assert!(!read.expect("reads applications").is_empty());
    let read = db::reviews::Entity::find().all(&target.connection).await;
    assert!(!read.expect("reads reviews").is_empty());
    let read = db::programs::Entity::find().all(&target.connection).await;
    assert!(!read.expect("reads programs").is_empty());
}

fn all() -> Sample {
    Sample {
        share: Share::ALL,
        key: Key::new([7; 32]),
        statement_timeout: None,
    }
}

/// Every row of every table, in lower case.
async fn dump(connection: &DatabaseConnection) -> String {
    let mut dump = String::new();
    let tables: BTreeSet<&str> = [
        "users",
        "programs",
        "applications",
        "files",
        "reviews",
        "comments",
        "audit_logs",
    ]
    .into();
    for table in tables {
        for row in texts(connection, &format!("SELECT t::text FROM {table} t")).await {
            dump.push_str(&row.to_lowercase());
            dump.push('\n');
        }
    }
    dump
}

/// The first column of a query, without NULLs.
async fn texts(connection: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.expect(sql);
    rows.iter()
        .filter_map(|row| row.try_get_by_index(0).expect("is text"))
        .collect()
}
