//! Texts of the console.

use serde_json::{Value, json};

use super::Studio;
use super::shop::GOODS;

async fn console(studio: &Studio, sql: &str, mode: &str) -> Value {
    let asked = json!({"id": "a", "sql": sql, "rows": 10, "seconds": 5, "mode": mode});
    studio.post("/api/console", asked).await.is(200).json()
}

#[tokio::test]
async fn the_console_runs_several_statements() {
    let studio = Studio::on(GOODS).await;
    let answer = console(&studio, "SELECT n, NULL AS nothing FROM generate_series(1, 1000000) n; SHOW server_encoding;\nSELECT 1/0", "read").await;
    assert_eq!(answer["results"][0]["rows"].as_array().unwrap().len(), 10);
    assert_eq!(answer["results"][0]["more"], true);
    assert_eq!(answer["results"][0]["rows"][0], json!(["1", null]));
    assert_eq!(answer["results"][0]["columns"][0]["type"], "integer");
    assert_eq!(answer["failed"]["statement"], 2);
    assert_eq!(answer["failed"]["line"], 2);
    assert_eq!(answer["failed"]["sqlstate"], "22012");
    let empty = console(&studio, "SELECT id, name FROM goods WHERE false", "read").await;
    assert_eq!(empty["results"][0]["columns"][1]["name"], "name");
    let written = console(
        &studio,
        "UPDATE goods SET price = 8; BEGIN; DELETE FROM goods",
        "write",
    )
    .await;
    assert_eq!(written["results"][0]["counted"], 3);
    assert!(
        written["note"].as_str().unwrap().contains("rolled back"),
        "{written}"
    );
    assert_eq!(
        studio.value("SELECT sum(price)::text FROM goods").await,
        "24"
    );
    let plan = console(&studio, "DELETE FROM goods", "analyze").await;
    assert!(
        plan["results"][0]["rows"][0][0]
            .as_str()
            .unwrap()
            .contains("Delete on"),
        "{plan}"
    );
    assert_eq!(studio.value("SELECT count(*)::text FROM goods").await, "3");
    let at = console(&studio, "SELECT 1;\nSELECT 'ü', nonsense", "write").await;
    assert_eq!(at["failed"]["at"], 22, "{at}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_is_cancelled() {
    let studio = std::sync::Arc::new(Studio::on(GOODS).await);
    let asking = tokio::spawn({
        let studio = std::sync::Arc::clone(&studio);
        async move {
            let asked = json!({"id": "long", "sql": "SELECT pg_sleep(60)", "rows": 1, "seconds": 100, "mode": "read"});
            studio.post("/api/console", asked).await
        }
    });
    loop {
        let running = studio
            .value("SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'")
            .await;
        if running == "1" {
            break;
        }
        tokio::task::yield_now().await;
    }
    let cancelled = studio
        .post("/api/console/cancel", json!({"id": "long"}))
        .await
        .is(200);
    assert_eq!(cancelled.json()["cancelled"], true);
    let answer = asking.await.unwrap().is(200).json();
    assert_eq!(answer["failed"]["sqlstate"], "57014", "{answer}");
}
