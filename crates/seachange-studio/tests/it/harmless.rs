//! What a row, a name or a client that is let in might try.

use std::time::Duration;

use serde_json::json;
use sqlx::{AssertSqlSafe, Executor as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::Studio;
use super::shop::{EXPORT, EXPORTING, SAVE, SHOP, insert, nothing_was_written};

#[tokio::test]
async fn injected_names_and_values_stay_names_and_values() {
    let studio = Studio::on(
        "CREATE TABLE goods (id int PRIMARY KEY, name text NOT NULL, \"a\"\"; DROP TABLE goods; --\" text); \
         INSERT INTO goods SELECT n, 'good ' || n FROM generate_series(1, 500) n",
    )
    .await;
    let encoded =
        |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
    let odd = "a\"; DROP TABLE goods; --";
    for filter in [
        json!(["name", "is", "x'; DROP TABLE goods; --"]),
        json!(["name", "contains", "%' OR true; --"]),
        json!([odd, "null"]),
        json!([odd, "is", "$1'\"\\"]),
        json!(["id", "in", "1", "2) OR (1=1"]),
    ] {
        let path = format!(
            "/table/public/goods?filter={}",
            encoded(&filter.to_string())
        );
        let answer = studio.get(&path).await;
        assert!([200, 422].contains(&answer.status), "{filter}: {answer:?}");
    }
    for path in [
        format!(
            "/table/public/goods?sort={}",
            encoded(&format!("{odd}:asc"))
        ),
        format!(
            "/table/public/goods?sort={}",
            encoded("id; DROP TABLE goods:asc")
        ),
        format!("/table/public/{}", encoded("goods\"; DROP TABLE goods; --")),
        format!("/table/{}/goods", encoded("public\".goods; --")),
        format!(
            "/table/public/goods?after={}",
            encoded("[\"1); DROP TABLE goods; --\"]")
        ),
        format!(
            "/table/public/goods/row?key={}",
            encoded("[\"1; DROP TABLE goods\"]")
        ),
    ] {
        assert_ne!(studio.get(&path).await.status, 500, "{path}");
    }
    // A condition is SQL, but one expression of it, in a transaction that only reads.
    for condition in [
        "true); DELETE FROM goods; --",
        "true; DELETE FROM goods",
        "id IN (SELECT setval('x', 1))",
        "lo_create(1) > 0",
        "pg_catalog.set_config('transaction_read_only', 'off', false) = 'off' AND lo_create(1) > 0",
    ] {
        let path = format!("/table/public/goods?where={}", encoded(condition));
        assert_eq!(studio.get(&path).await.status, 422, "{condition}");
    }
    let saved = studio
        .post(SAVE, json!({"changes": [{"insert": {"set": {"id": {"text": "1000"}, "name": {"text": "'); DROP TABLE goods; --"}, odd: {"text": "$1"}}}}]}))
        .await
        .is(200);
    assert_eq!(saved.json()["rows"], 1);
    assert_eq!(
        studio.value("SELECT count(*)::text FROM goods").await,
        "501"
    );
    assert_eq!(
        studio.value("SELECT name FROM goods WHERE id = 1000").await,
        "'); DROP TABLE goods; --"
    );
}

/// What is tried before an import is a function of this studio's: a type's name is no way out of its body.
#[tokio::test]
async fn a_types_name_does_not_end_a_function() {
    let studio = Studio::on(
        "CREATE DOMAIN \"x$takes$; DROP TABLE safe; --\" AS int; CREATE TABLE safe (id int); \
         CREATE TABLE goods (id int PRIMARY KEY, a \"x$takes$; DROP TABLE safe; --\")",
    )
    .await;
    let given = json!({"csv": "id,a\n1,2\n2,x\n", "delimiter": ",", "columns": ["id", "a"]});
    let path = "/api/import/public/goods/preview";
    let seen = studio.post(path, given).await.is(200).json();
    assert_eq!(seen["wrong"].as_array().unwrap().len(), 1, "{seen}");
    assert_eq!(seen["wrong"][0]["row"], 2);
    let there = "SELECT (to_regclass('safe') IS NOT NULL)::text";
    assert_eq!(studio.value(there).await, "true");
}

#[tokio::test]
async fn script_in_data_and_in_names_is_text() {
    let studio = Studio::on(
        "CREATE TABLE \"<script>alert(1)</script>\" (id int PRIMARY KEY, \"<img src=x onerror=alert(2)>\" text); \
         COMMENT ON TABLE \"<script>alert(1)</script>\" IS '<script>alert(3)</script>'; \
         INSERT INTO \"<script>alert(1)</script>\" VALUES (1, '<script>alert(4)</script>'), (2, '\"><svg onload=alert(5)>')",
    )
    .await;
    let table = "/table/public/%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    for path in [
        "/".to_owned(),
        table.to_owned(),
        format!("{table}/row?key=%5B%221%22%5D"),
        format!("{table}/import"),
        format!("{table}?where=%3Cscript%3Ealert(6)%3C%2Fscript%3E"),
    ] {
        let body = studio.get(&path).await.body;
        for raw in ["<script>alert", "<img src=x", "<svg onload"] {
            assert!(!body.contains(raw), "{path}: {raw}");
        }
    }
    let body = studio.get(table).await.is(200).body;
    assert!(body.contains("&lt;script&gt;alert(4)&lt;/script&gt;"));
    // A file is saved, never shown, and its name is harmless.
    let export = studio.get(&format!("{table}/export/json")).await.is(200);
    assert_eq!(
        export.headers["content-disposition"],
        "attachment; filename=\"_script_alert_1___script_.json\""
    );
    assert_eq!(
        export.json()[0]["<img src=x onerror=alert(2)>"],
        "<script>alert(4)</script>"
    );
}

#[tokio::test]
async fn huge_pages_are_refused() {
    let studio = Studio::on(SHOP).await;
    for size in ["0", "201", "1000000000", "-1", "18446744073709551616", "x"] {
        studio
            .get(&format!("/table/public/goods?size={size}"))
            .await
            .is(400);
    }
    let asked = |rows: i64, seconds: i64| json!({"id": "a", "sql": "SELECT 1", "rows": rows, "seconds": seconds, "mode": "read"});
    studio.post("/api/console", asked(10_001, 1)).await.is(400);
    studio.post("/api/console", asked(1, 100_000)).await.is(400);
    let many: Vec<_> = (0..1001).map(|_| json!({"insert": {"set": {}}})).collect();
    studio.post(SAVE, json!({"changes": many})).await.is(400);
    let large = json!({"changes": [{"insert": {"set": {"name": {"text": "x".repeat(3 << 20)}}}}]});
    studio.post(SAVE, large).await.is(413);
    nothing_was_written(&studio).await;
}

/// Whoever sends or takes slowly keeps nobody else waiting, and no connection to the database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_clients_keep_nobody_waiting() {
    let studio = Studio::with(
        "CREATE TABLE goods (id int PRIMARY KEY, name text NOT NULL); \
         INSERT INTO goods SELECT n, repeat('x', 1000) FROM generate_series(1, 30000) n",
        |settings| {
            settings.connections = 2;
            settings.patience = Duration::from_secs(2);
        },
    )
    .await;
    let mut slow = Vec::new();
    for _ in 0..5 {
        let mut stream = studio.connect().await;
        stream.write_all(b"GET / HTTP/1.1\r\nHost: ").await.unwrap();
        slow.push(stream);
        // An export that is begun and not taken.
        let mut stream = studio.begins(EXPORT).await;
        let mut first = [0; 64];
        stream.read_exact(&mut first).await.unwrap();
        assert!(first.starts_with(b"HTTP/1.1 "), "{first:?}");
        slow.push(stream);
    }
    for _ in 0..10 {
        studio.get("/table/public/goods").await.is(200);
    }
    // What waits for nobody is given up, and its session with it.
    while studio.value(EXPORTING).await != "0" {
        tokio::task::yield_now().await;
    }
    drop(slow);
}

#[tokio::test]
async fn what_only_reads_writes_nothing() {
    use seachange_studio::Access;
    let studio = Studio::with(SHOP, |settings| settings.access = Access::ReadOnly).await;
    let changes = serde_json::from_str(&insert()).unwrap();
    studio.post(SAVE, changes).await.is(403);
    for (mode, sql, status) in [
        ("write", "DELETE FROM goods", 403),
        ("read", "COMMIT; DELETE FROM goods", 400),
        ("read", "DELETE FROM goods", 200),
        ("read", "SET TRANSACTION READ WRITE; DELETE FROM goods", 200),
        (
            "read",
            "SET transaction_read_only = off; DELETE FROM goods",
            200,
        ),
        (
            "read",
            "WITH gone AS (DELETE FROM goods RETURNING 1) SELECT count(*) FROM gone",
            200,
        ),
        ("read", "DO $$ BEGIN COMMIT; DELETE FROM goods; END $$", 200),
        ("explain", "DELETE FROM goods", 200),
        ("analyze", "DELETE FROM goods", 200),
    ] {
        let asked = json!({"id": "a", "sql": sql, "rows": 10, "seconds": 5, "mode": mode});
        let answer = studio.post("/api/console", asked).await.is(status);
        if status == 200 && mode != "explain" {
            assert!(!answer.json()["failed"].is_null(), "{sql}: {answer:?}");
        }
    }
    nothing_was_written(&studio).await;
}

#[tokio::test]
async fn no_page_tells_a_secret() {
    let studio = Studio::on(SHOP).await;
    let url = std::env::var("SEACHANGE_TEST_URL").unwrap_or_default();
    let password = url
        .split("://")
        .nth(1)
        .and_then(|rest| rest.split('@').next()?.split_once(':'));
    for path in [
        "/",
        "/table/public/goods",
        "/console",
        "/nowhere",
        "/table/public/none",
    ] {
        let body = studio.get(path).await.body;
        assert!(!body.contains("postgres://"), "{path}");
        if let Some((_, password)) = password {
            assert!(!body.contains(password), "{path}");
        }
    }
}

#[tokio::test]
async fn another_role_does_what_that_role_may() {
    // Roles are the whole server's.
    let role = format!("studio_reader_{}", std::process::id());
    let schema = format!(
        "{SHOP}; CREATE TABLE wages (id int PRIMARY KEY, paid int); INSERT INTO wages VALUES (1, 4711); \
         CREATE ROLE {role}; GRANT SELECT ON goods TO {role}"
    );
    let studio = Studio::with(&schema, |settings| settings.role = Some(role.clone())).await;
    let page = studio.get("/table/public/goods").await.is(200);
    assert!(page.body.contains("good 1<"), "{page:?}");
    let changes = serde_json::from_str(&insert()).unwrap();
    let refused = studio.post(SAVE, changes).await.is(422);
    assert_eq!(refused.json()["sqlstate"], "42501", "{refused:?}");
    let page = studio.get("/table/public/wages").await;
    assert!(page.body.contains("permission denied"), "{page:?}");
    let export = studio.get("/table/public/wages/export/csv").await;
    assert!(!export.body.contains("4711"), "{export:?}");
    // A session that is used again is that role's, too.
    for _ in 0..3 {
        let asked = json!({"id": "a", "sql": "SELECT current_user", "rows": 1, "seconds": 5, "mode": "read"});
        let answer = studio.post("/api/console", asked).await.is(200).json();
        assert_eq!(answer["results"][0]["rows"][0][0], role, "{answer}");
    }
    nothing_was_written(&studio).await;
    studio
        .pool
        .execute(AssertSqlSafe(format!(
            "DROP OWNED BY {role}; DROP ROLE {role}"
        )))
        .await
        .unwrap();
}
