//! Rows as pages show them: walked by key, narrowed down, one by itself.

use serde_json::json;

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
