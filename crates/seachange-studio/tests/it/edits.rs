//! Rows inserted, changed and deleted, and what is refused of it.

use serde_json::{Value, json};

use super::shop::GOODS;
use super::{Answer, Studio};

async fn save(studio: &Studio, table: &str, changes: Value) -> Answer {
    studio
        .post(
            &format!("/api/rows/public/{table}/save"),
            json!({"changes": changes}),
        )
        .await
}

async fn version(studio: &Studio, id: i32) -> Value {
    let version = studio
        .value(&format!("SELECT xmin::text FROM goods WHERE id = {id}"))
        .await;
    json!({"key": [id.to_string()], "version": version})
}

#[tokio::test]
async fn changes_are_saved_together() {
    let studio = Studio::on(GOODS).await;
    let changes = json!([
        {"update": {"at": version(&studio, 1).await, "set": {"name": "null", "price": {"text": "7.50"}}}},
        {"insert": {"set": {"name": {"text": ""}, "price": "default"}}},
        {"insert": {"set": {}}},
        {"delete": {"at": version(&studio, 2).await}},
    ]);
    let shown = studio
        .post("/api/rows/public/goods/sql", json!({"changes": changes}))
        .await
        .is(200)
        .json();
    let sql = shown["sql"].as_str().unwrap();
    assert!(sql.contains(r#"UPDATE "public"."goods" SET "name" = NULL, "price" = '7.50'::pg_catalog."numeric" WHERE"#) || sql.contains("\"price\" = '7.50'::pg_catalog.numeric"), "{sql}");
    assert!(
        sql.contains("INSERT INTO \"public\".\"goods\" DEFAULT VALUES"),
        "{sql}"
    );
    save(&studio, "goods", changes).await.is(200);
    let rows = "SELECT string_agg(concat_ws(':', id, coalesce(name, 'NULL'), price), ' ' ORDER BY id) FROM goods";
    assert_eq!(
        studio.value(rows).await,
        "1:NULL:7.50 3:NULL:5 4::5 5:NULL:5"
    );
}

#[tokio::test]
async fn what_somebody_else_changed_is_shown_not_overwritten() {
    let studio = Studio::on(GOODS).await;
    let seen = version(&studio, 1).await;
    sqlx::query("UPDATE goods SET price = 9 WHERE id = 1")
        .execute(&studio.pool)
        .await
        .unwrap();
    let changes = json!([
        {"insert": {"set": {"name": {"text": "new"}}}},
        {"update": {"at": seen, "set": {"price": {"text": "6"}}}},
    ]);
    let answer = save(&studio, "goods", changes).await.is(409).json();
    assert_eq!(answer["outcome"], "changed");
    assert_eq!(answer["change"], 1);
    assert_eq!(answer["now"]["values"]["price"], "9");
    assert_eq!(
        studio
            .value("SELECT count(*)::text || sum(price) FROM goods")
            .await,
        "319"
    );
    // What was shown can be meant.
    let changes = json!([{"update": {"at": answer["now"]["at"], "set": {"price": {"text": "6"}}}}]);
    save(&studio, "goods", changes).await.is(200);
    let gone = version(&studio, 2).await;
    sqlx::query("DELETE FROM goods WHERE id = 2")
        .execute(&studio.pool)
        .await
        .unwrap();
    let answer = save(&studio, "goods", json!([{"delete": {"at": gone}}]))
        .await
        .is(409)
        .json();
    assert!(answer["now"].is_null(), "{answer}");
}

#[tokio::test]
async fn what_postgresql_refuses_is_said_beside_the_field() {
    let studio = Studio::on(GOODS).await;
    for (set, columns, sqlstate) in [
        (json!({"price": {"text": "-1"}}), json!(["price"]), "23514"),
        (json!({"price": "null"}), json!(["price"]), "23502"),
        (
            json!({"price": {"text": "dear"}}),
            json!(["price"]),
            "22P02",
        ),
        (json!({"name": {"text": "two"}}), json!(["name"]), "23505"),
        (
            json!({"name": {"text": "longer than ten"}, "price": {"text": "1"}}),
            json!(["name"]),
            "22001",
        ),
    ] {
        let at = version(&studio, 1).await;
        let answer = save(
            &studio,
            "goods",
            json!([{"update": {"at": at, "set": set}}]),
        )
        .await
        .is(422)
        .json();
        assert_eq!(answer["columns"], columns, "{answer}");
        assert_eq!(answer["sqlstate"], sqlstate, "{answer}");
        assert_eq!(answer["change"], 0);
    }
    let generated = json!([{"insert": {"set": {"double": {"text": "1"}}}}]);
    save(&studio, "goods", generated).await.is(400);
}

#[tokio::test]
async fn rows_without_a_key_are_told_apart_by_place_and_version() {
    let studio = Studio::on("CREATE TABLE twins (a int) PARTITION BY LIST (a); CREATE TABLE twins_1 PARTITION OF twins DEFAULT; INSERT INTO twins VALUES (1), (1), (1)").await;
    let page = studio.get("/table/public/twins").await.is(200);
    let at = page
        .body
        .split("<tr data-at=\"")
        .nth(2)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .replace("&quot;", "\"");
    let at: Value = serde_json::from_str(&at).unwrap();
    save(
        &studio,
        "twins",
        json!([{"update": {"at": at, "set": {"a": {"text": "2"}}}}]),
    )
    .await
    .is(200);
    assert_eq!(
        studio
            .value("SELECT string_agg(a::text, ',' ORDER BY a) FROM twins")
            .await,
        "1,1,2"
    );
    save(&studio, "twins", json!([{"delete": {"at": at}}]))
        .await
        .is(409);
}

#[tokio::test]
async fn a_value_that_no_browser_could_edit_is_not_sent() {
    let studio = Studio::on(
        "CREATE TABLE notes (id int PRIMARY KEY, body text); \
         INSERT INTO notes VALUES (1, repeat('é', 1000000)), (2, repeat('é', 1000001))",
    )
    .await;
    let asked = async |id: &str| {
        let version = studio
            .value(&format!("SELECT xmin::text FROM notes WHERE id = {id}"))
            .await;
        json!({"at": {"key": [id], "version": version}, "column": "body"})
    };
    let path = "/api/rows/public/notes/value";
    let whole = studio.post(path, asked("1").await).await.is(200).json();
    assert_eq!(whole["value"].as_str().unwrap().chars().count(), 1_000_000);
    let refused = studio.post(path, asked("2").await).await.is(400);
    assert!(
        refused.body.contains("an export has the whole"),
        "{}",
        &refused.body[..200]
    );
}
