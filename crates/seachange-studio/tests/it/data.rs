//! Rows read by key, changed, refused, exported and imported.

use serde_json::{Value, json};

use super::{Answer, Studio};

/// The address of a link with this relation.
fn link(answer: &Answer, rel: &str) -> Option<String> {
    let mark = format!("rel=\"{rel}\" href=\"");
    let rest = answer.body.split(&mark).nth(1)?;
    Some(rest.split('"').next()?.replace("&amp;", "&"))
}

/// The first cell of every row.
fn firsts(answer: &Answer) -> Vec<String> {
    answer
        .body
        .split("<tr data-at")
        .skip(1)
        .map(|row| {
            let cell = row.split("<td").nth(1).unwrap();
            let inside = cell.split_once('>').unwrap().1;
            inside
                .split("</td>")
                .next()
                .unwrap()
                .replace("<span class=\"null\">NULL</span>", "NULL")
        })
        .collect()
}

/// Every order of rows with NULLs and twins, walked forth to the end and back to the start, is all rows once.
#[tokio::test]
async fn pages_are_walked_by_key() {
    let studio = Studio::on(
        "CREATE TABLE t (n int, a text, b numeric NOT NULL, id int PRIMARY KEY); \
         INSERT INTO t SELECT nullif(n % 7, 0), nullif('x' || n % 11, 'x3'), n % 5, n FROM generate_series(1, 260) n; \
         CREATE INDEX ON t (n); \
         CREATE TABLE keyless (n int, a text); INSERT INTO keyless SELECT nullif(n % 7, 0), 'x' FROM generate_series(1, 130) n",
    )
    .await;
    for (table, sort, order) in [
        ("t", "", "id"),
        ("t", "sort=n:asc", "n, id"),
        ("t", "sort=n:desc", "n DESC, id DESC"),
        ("t", "sort=a:desc&sort=n:asc", "a DESC, n, id DESC"),
        ("t", "sort=b:desc&sort=a:asc", "b DESC, a, id DESC"),
        (
            "t",
            "sort=n:asc&filter=%5B%22a%22%2C%22notnull%22%5D",
            "n, id",
        ),
        ("keyless", "sort=n:desc", "n DESC"),
    ] {
        let condition = if sort.contains("notnull") {
            "WHERE a IS NOT NULL"
        } else {
            ""
        };
        let all = studio
            .value(&format!("SELECT string_agg(coalesce(n::text, 'NULL'), ',') FROM (SELECT n FROM {table} {condition} ORDER BY {order}) s"))
            .await;
        let all: Vec<&str> = all.split(',').collect();
        let mut page = studio
            .get(&format!("/table/public/{table}?size=25&{sort}"))
            .await
            .is(200);
        let mut seen = firsts(&page);
        while let Some(next) = link(&page, "next") {
            page = studio.get(&next).await.is(200);
            seen.extend(firsts(&page));
        }
        assert_eq!(seen, all, "{table} {sort}");
        let mut back = vec![firsts(&page)];
        while let Some(before) = link(&page, "prev") {
            page = studio.get(&before).await.is(200);
            back.push(firsts(&page));
        }
        back.reverse();
        assert_eq!(back.concat(), all, "{table} {sort}, backwards");
        let end = format!("/table/public/{table}?size=25&last=yes&{sort}");
        let last = studio.get(&end).await.is(200);
        assert_eq!(
            firsts(&last),
            all[all.len() - 25..],
            "{table} {sort}, the last page"
        );
        assert_eq!(link(&last, "next"), None);
        let before = studio.get(&link(&last, "prev").unwrap()).await.is(200);
        assert_eq!(firsts(&before), all[all.len() - 50..all.len() - 25]);
    }
}

#[tokio::test]
async fn filters_narrow_down() {
    let studio = Studio::on(
        "CREATE TYPE mood AS ENUM ('glad', 'sad'); \
         CREATE TABLE t (id int PRIMARY KEY, mood mood, at date, tags text[], extra jsonb, note text); \
         INSERT INTO t VALUES (1, 'glad', '2026-01-01', '{a,b}', '{\"n\": 1}', '100%'), (2, 'sad', '2026-02-01', '{b}', '{\"n\": 5}', 'under_score'), (3, NULL, NULL, NULL, NULL, NULL)",
    )
    .await;
    for (filter, expected) in [
        (json!(["mood", "in", "glad", "sad"]), vec!["1", "2"]),
        (json!(["mood", "not", "glad"]), vec!["2", "3"]),
        (
            json!(["at", "between", "2026-01-15", "2026-03-01"]),
            vec!["2"],
        ),
        (json!(["at", "lt", "2026-02-01"]), vec!["1"]),
        (json!(["tags", "has", "a"]), vec!["1"]),
        (json!(["extra", "path", "$.n ? (@ > 3)"]), vec!["2"]),
        (json!(["extra", "holds", "{\"n\": 1}"]), vec!["1"]),
        (json!(["note", "contains", "%"]), vec!["1"]),
        (json!(["note", "begins", "UNDER_"]), vec!["2"]),
        (json!(["note", "matches", "^1"]), vec!["1"]),
        (json!(["note", "null"]), vec!["3"]),
        (json!(["id", "ge", "2"]), vec!["2", "3"]),
    ] {
        let encoded: String = filter
            .to_string()
            .bytes()
            .map(|byte| format!("%{byte:02X}"))
            .collect();
        let page = studio
            .get(&format!("/table/public/t?filter={encoded}"))
            .await
            .is(200);
        assert_eq!(firsts(&page), expected, "{filter}");
    }
    let page = studio
        .get("/table/public/t?where=id%20%3E%201%20--%20all%20but%20one")
        .await
        .is(200);
    assert_eq!(firsts(&page), ["2", "3"]);
    let wrong = studio.get("/table/public/t?where=nonsense").await.is(422);
    assert!(wrong.body.contains("42703"), "{wrong:?}");
    // The form's fields become an address that can be kept.
    let form = studio
        .get("/table/public/t?column=id&operator=is&value=2&upto=")
        .await
        .is(303);
    assert_eq!(
        form.headers["location"],
        "/table/public/t?filter=%5B%22id%22%2C%22is%22%2C%222%22%5D"
    );
}

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

const GOODS: &str = "CREATE TABLE goods (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name varchar(10) UNIQUE, \
    price numeric NOT NULL DEFAULT 5 CHECK (price > 0), double numeric GENERATED ALWAYS AS (price * 2) STORED); \
    INSERT INTO goods (name) VALUES ('one'), ('two'), (NULL)";

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
async fn a_row_leads_to_what_belongs_to_it() {
    let studio = Studio::on(
        "CREATE TABLE makers (id int PRIMARY KEY, name text); \
         CREATE TABLE goods (id int PRIMARY KEY, maker int REFERENCES makers); CREATE INDEX ON goods (maker); \
         INSERT INTO makers VALUES (1, 'a'), (2, 'b'); INSERT INTO goods SELECT n, 1 FROM generate_series(1, 30) n",
    )
    .await;
    let row = studio
        .get("/table/public/makers/row?key=%5B%221%22%5D")
        .await
        .is(200);
    assert!(row.body.contains("30"), "{}", row.body);
    let back = "/table/public/goods?filter=%5B%22maker%22%2C%22is%22%2C%221%22%5D";
    assert!(row.body.contains(back), "{}", row.body);
    assert_eq!(
        firsts(&studio.get(&format!("{back}&size=25")).await).len(),
        25
    );
    let goods = studio.get("/table/public/goods").await.is(200);
    assert!(
        goods
            .body
            .contains("/table/public/makers?filter=%5B%22id%22%2C%22is%22%2C%221%22%5D"),
        "{}",
        goods.body
    );
    studio
        .get("/table/public/makers/row?key=%5B%229%22%5D")
        .await
        .is(404);
}

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

#[tokio::test]
async fn bytes_are_shown_by_their_size() {
    let studio = Studio::on(
        "CREATE TABLE scans (id int PRIMARY KEY, page bytea); \
         INSERT INTO scans VALUES (1, decode(repeat('c0ffee', 1000), 'hex'))",
    )
    .await;
    let page = studio.get("/table/public/scans").await.is(200);
    assert!(page.body.contains("3000 bytes c0ffee"), "{page:?}");
    assert!(page.body.len() < 20_000, "{}", page.body.len());
}
