//! Exports, and files that are imported.

use serde_json::json;

use super::Studio;
use super::shop::GOODS;

#[tokio::test]
async fn exports_are_whole_and_read_back() {
    let studio = Studio::on(
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text, j jsonb, twice int GENERATED ALWAYS AS (id * 2) STORED); \
         INSERT INTO t (a, j) SELECT CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN E'a\"b,\\n' ELSE '\\.' END, jsonb_build_object('n', n) FROM generate_series(1, 2500) n; \
         CREATE TABLE copy (LIKE t INCLUDING ALL)",
    )
    .await;
    let csv = studio
        .get(
            "/table/public/t/export/csv?filter=%5B%22id%22%2C%22le%22%2C%222400%22%5D&sort=id:desc",
        )
        .await
        .is(200);
    assert!(
        csv.body.starts_with("id,a,j,twice\n2400,"),
        "{}",
        &csv.body[..60]
    );
    let rows = studio
        .get("/table/public/t/export/json")
        .await
        .is(200)
        .json();
    assert_eq!(rows.as_array().unwrap().len(), 2500);
    assert_eq!(rows[1]["j"]["n"], 2);
    let sql = studio.get("/table/public/t/export/sql").await.is(200).body;
    let sql = sql.replace("\"public\".\"t\"", "\"public\".\"copy\"");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .execute(&studio.pool)
        .await
        .unwrap();
    let same = "SELECT (count(*) = 0)::text FROM (SELECT id, a, j FROM t EXCEPT SELECT id, a, j FROM copy) d";
    assert_eq!(studio.value(same).await, "true");
    let result = studio
        .post(
            "/api/export",
            json!({"sql": "SELECT 1 AS a, NULL AS b", "format": "csv"}),
        )
        .await
        .is(200);
    assert_eq!(result.body, "a,b\n1,\n");
}

#[tokio::test]
async fn a_file_is_tried_and_imported_whole() {
    let studio = Studio::on(GOODS).await;
    let given =
        |csv: &str| json!({"csv": csv, "delimiter": ",", "columns": ["name", "price", null]});
    let path = "/api/import/public/goods";
    let wrong = "n,p,x\n\"\",3,a\nfar too long for it,dear,b\n,,c\n";
    let seen = studio
        .post(&format!("{path}/preview"), given(wrong))
        .await
        .is(200)
        .json();
    assert_eq!(seen["rows"], 3);
    assert_eq!(seen["first"][0], json!(["", "3"]));
    assert_eq!(seen["first"][2], json!([null, null]));
    let told: Vec<String> = seen["wrong"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{}{}", one["row"], one["column"]))
        .collect();
    // A default does not step in for what is NULL.
    let all = ["2\"name\"", "2\"price\"", "3\"price\""];
    assert_eq!(told, all, "{seen}");
    studio.post(path, given("n,p,x\nx,,a\n")).await.is(422);
    studio.post(path, given(wrong)).await.is(422);
    assert_eq!(studio.value("SELECT count(*)::text FROM goods").await, "3");
    let good = "n,p,x\nthree,3,a\n\"fo\"\"ur\",4,b\n";
    let done = studio.post(path, given(good)).await.is(200).json();
    assert_eq!(done["rows"], 2);
    assert_eq!(
        studio
            .value("SELECT string_agg(name, ',' ORDER BY id) FROM goods WHERE price IN (3, 4)")
            .await,
        "three,fo\"ur"
    );
    let ragged = studio.post(path, given("n,p,x\na,1\n")).await.is(422);
    assert!(ragged.body.contains("22P04"), "{ragged:?}");
}
