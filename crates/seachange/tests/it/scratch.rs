//! Scratch databases and templates on a real server.

use seachange::Help;
use seachange::connection::with_database;
use seachange::scratch::{Scratch, TemplateKey};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::database::{admin, admin_url, scratch, unique};

async fn run(connection: &mut PgConnection, sql: impl Into<String>) {
    connection
        .execute(sqlx::raw_sql(AssertSqlSafe(sql.into())))
        .await
        .unwrap();
}

async fn databases_like(part: &str) -> Vec<String> {
    sqlx::query_scalar("SELECT datname::text FROM pg_database WHERE datname LIKE $1 ORDER BY 1")
        .bind(format!("%{part}%"))
        .fetch_all(&mut admin().await)
        .await
        .unwrap()
}

async fn forget(key_part: &str) {
    let mut admin = admin().await;
    for name in databases_like(key_part).await {
        run(
            &mut admin,
            format!("ALTER DATABASE \"{name}\" IS_TEMPLATE false"),
        )
        .await;
        run(&mut admin, format!("DROP DATABASE \"{name}\"")).await;
    }
}

#[tokio::test]
async fn a_database_is_empty_and_goes_when_dropped() {
    let scratch = scratch().await;
    let database = scratch.create().await.unwrap();
    let name = database.name().to_owned();
    let mut connection = database.connect().await.unwrap();
    let tables: i64 =
        sqlx::query_scalar("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    assert_eq!(tables, 0);
    assert_eq!(databases_like(&name).await.len(), 1);
    // Still connected, as after an error.
    database.drop().await.unwrap();
    assert!(databases_like(&name).await.is_empty());
}

#[tokio::test]
async fn a_forgotten_database_goes_with_the_next_one_or_the_handle() {
    let scratch = scratch().await;
    let forgotten = scratch.create().await.unwrap();
    let name = forgotten.name().to_owned();
    drop(forgotten);
    let next = scratch.create().await.unwrap();
    assert!(databases_like(&name).await.is_empty());
    let name = next.name().to_owned();
    drop(next);
    scratch.close().await.unwrap();
    assert!(databases_like(&name).await.is_empty());
}

#[tokio::test]
async fn leftovers_of_the_dead_are_swept_and_the_living_are_spared() {
    let living = scratch().await;
    let kept = living.create().await.unwrap();
    let mut admin = admin().await;
    let dead = format!("seachange_scratch_1_{}_0", &unique()[..8]);
    run(
        &mut admin,
        format!("CREATE DATABASE {dead} TEMPLATE template0"),
    )
    .await;
    // Another test's handle may have swept it already: gone is what counts.
    scratch().await.sweep().await.unwrap();
    assert!(databases_like(&dead).await.is_empty());
    assert_eq!(databases_like(kept.name()).await.len(), 1);
    kept.drop().await.unwrap();
}

#[tokio::test]
async fn a_template_is_sealed_found_and_cloned() {
    let scratch = scratch().await;
    let hash = unique();
    let key = TemplateKey::new("test", &hash);
    let missing = TemplateKey::new("test", "missing");
    assert_eq!(scratch.template(&key).await.unwrap(), None);

    let lock = scratch.building(&key).await.unwrap();
    let database = scratch.create().await.unwrap();
    let mut connection = database.connect().await.unwrap();
    run(
        &mut connection,
        "CREATE TABLE kept (a int); INSERT INTO kept VALUES (7)",
    )
    .await;
    connection.close().await.unwrap();
    let template = scratch.seal(database, &key).await.unwrap();
    drop(lock);
    assert!(template.is(&key));

    let found = scratch.templates(&[missing, key.clone()]).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0], template);
    let url = with_database(&admin_url().await, template.name()).unwrap();
    let error = seachange::connection::open(&url, "test").await.unwrap_err();
    assert_eq!(error.sqlstate(), Some("55000"), "{error}");

    let (one, two) = tokio::join!(scratch.clone_of(&template), scratch.clone_of(&template));
    for clone in [one.unwrap(), two.unwrap()] {
        let mut connection = clone.connect().await.unwrap();
        let row: i32 = sqlx::query_scalar("SELECT a FROM kept")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(row, 7);
        clone.drop().await.unwrap();
    }

    // Somebody who was slower takes the one that is there.
    let late = scratch.create().await.unwrap();
    let late_name = late.name().to_owned();
    assert_eq!(scratch.seal(late, &key).await.unwrap(), template);
    assert!(databases_like(&late_name).await.is_empty());
    forget(&hash).await;
}

#[tokio::test]
async fn two_who_build_one_template_take_turns() {
    let (one, two) = (scratch().await, scratch().await);
    let key = TemplateKey::new("turns", &unique());
    let lock = one.building(&key).await.unwrap();
    let second = two.building(&key);
    tokio::pin!(second);
    let patience = std::time::Duration::from_millis(50);
    tokio::time::timeout(patience, &mut second)
        .await
        .err()
        .expect("the second waits while the first builds");
    drop(lock);
    second.await.unwrap();
}

#[tokio::test]
async fn the_newest_templates_of_a_kind_are_kept() {
    let scratch = scratch().await;
    let kind = format!("k{}", &unique()[..8]);
    let mut keys = Vec::new();
    for number in 0..10 {
        let key = TemplateKey::new(&kind, &format!("{number:02}"));
        let database = scratch.create().await.unwrap();
        scratch.seal(database, &key).await.unwrap();
        keys.push(key);
    }
    let left = scratch.templates(&keys).await.unwrap();
    assert_eq!(left.len(), 8);
    assert!(left[0].is(&keys[2]));
    forget(&kind).await;
}

#[tokio::test]
async fn without_the_right_to_create_databases_it_says_so() {
    let mut admin = admin().await;
    let role = format!("r{}", unique());
    run(&mut admin, format!("CREATE ROLE {role} LOGIN PASSWORD 'x'")).await;
    let url = format!("{}&user={role}&password=x", admin_url().await);
    let error = Scratch::at(url).create().await.err().unwrap();
    assert!(
        error
            .to_string()
            .starts_with(&format!("`{role}` may not create")),
        "{error}"
    );
    assert!(error.help().unwrap().contains("CREATEDB"));
    run(&mut admin, format!("DROP ROLE {role}")).await;
}
