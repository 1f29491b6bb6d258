//! Rows taken along as CSV, JSON and SQL, and brought in from CSV after a look at what would not fit.

use serde_json::Value;

use crate::{Rows, Visit};

const STOCK: &str = "CREATE TABLE stock (id int PRIMARY KEY, name text NOT NULL DEFAULT 'unnamed', price numeric, sold date, extra jsonb); \
     INSERT INTO stock SELECT n, CASE n WHEN 1 THEN 'with \"quotes\", commas' WHEN 2 THEN E'two\\nlines' WHEN 3 THEN '' \
         ELSE 'item ' || n END, nullif(n, 4) * 1.10, date '2026-01-01' + n, jsonb_build_object('n', n) \
     FROM generate_series(1, 2500) n; ANALYZE";

#[test]
fn rows_are_exported_as_csv_json_and_sql() {
    let Some(visit) = Visit::to(Rows::Of(STOCK)) else {
        return;
    };
    let rows = "SELECT md5(string_agg(stock::text, ',' ORDER BY id)) FROM stock";
    let before = visit.database.text(rows);
    visit.goes("/table/public/stock");
    let export = |format: &str| {
        visit.clicks("#export summary");
        let file = visit.downloads(|| visit.clicks(&format!("#export a >> {format}")));
        visit.presses(&["Escape"]);
        file
    };
    let (name, csv) = export("CSV");
    assert_eq!(name, "stock.csv");
    assert!(
        csv.starts_with("id,name,price,sold,extra"),
        "{}",
        &csv[..80]
    );
    assert!(csv.contains("1,\"with \"\"quotes\"\", commas\",1.10,2026-01-02,"));
    assert!(csv.contains("\n4,item 4,,2026-01-05,"), "NULL is nothing");
    assert!(csv.contains("\n3,\"\",3.30,"), "an empty text is no NULL");
    let (name, json) = export("JSON");
    assert_eq!(name, "stock.json");
    let json: Vec<Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(json.len(), 2500);
    assert_eq!(json[1]["name"], "two\nlines");
    assert!(json[3]["price"].is_null());

    // What is exported as SQL makes the same rows again.
    let (name, sql) = export("SQL");
    assert_eq!(name, "stock.sql");
    visit.database.run("TRUNCATE stock");
    visit.database.run(&sql);
    assert_eq!(visit.database.text(rows), before);

    // The result of a query, whole, however few of its rows are shown.
    visit.goes("/console");
    visit.fills(
        "textarea[name=sql]",
        "SELECT id, name FROM stock ORDER BY id",
    );
    visit.presses(&["Control+Enter"]);
    visit.says("section.result", "the first 100 rows");
    let (name, csv) = visit.downloads(|| visit.clicks("section.result button >> CSV"));
    assert_eq!(name, "result.csv");
    assert!(csv.contains("2500,item 2500"), "{}", csv.len());

    // What a filter leaves, in the order and with the columns of the grid.
    visit.goes("/table/public/stock?sort=id%3Adesc&filter=%5B%22id%22%2C%22le%22%2C%223%22%5D&show=id&show=price");
    let (_, csv) = export("CSV");
    assert_eq!(csv.replace('\r', ""), "id,price\n3,3.30\n2,2.20\n1,1.10\n");
}

#[test]
fn a_csv_file_is_looked_at_before_it_is_imported() {
    let Some(visit) = Visit::to(Rows::Of(STOCK)) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file
    };
    visit.goes("/table/public/stock");
    visit.clicks("#export summary");
    visit.follows("#export a >> Import CSV");
    let wrong =
        "ID;Name;price;day sold\n5001;\"a;b\";1.5;2026-02-30\n5002;c;cheap;2026-03-01\n5003;;;\n";
    visit.gives_file("input[type=file]", &file("wrong.csv", wrong));
    // On the way through the list there is a column that another field has already.
    visit.witness().expects("preview");
    // Names are matched whatever their case; what has no column is left out until one is chosen.
    visit.says("#preview", "The first of 3 rows");
    visit.chooses("select[aria-label='Column for day sold']", "sold");
    visit.says("#tried", "sold");
    visit.says("#tried .failure", "row 1, sold");
    let told = visit.reads("#tried .failure");
    for part in [
        "row 2, price",
        "row 3, name: it must have a value",
        "2026-02-30",
        "cheap",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    visit.holds("no import", "every('#tried button')[0].disabled");
    let count = "SELECT count(*) FROM stock";
    assert_eq!(visit.database.text(count), "2500");

    let right = "ID;Name;price;day sold\n5001;\"a;b\";1.5;2026-02-28\n5002;c;;2026-03-01\n5003;\"\";7;\n5004;d;8;\n";
    visit.gives_file("input[type=file]", &file("right.csv", right));
    visit.says("#preview", "The first of 4 rows");
    visit.chooses("select[aria-label='Column for day sold']", "sold");
    visit.loses("#tried .failure");
    visit.clicks("#tried button >> Import 4 rows");
    visit.says("#preview", "4 rows imported");
    let brought = "SELECT concat_ws('|', id, name, coalesce(price::text, 'NULL'), coalesce(sold::text, 'NULL')) FROM stock WHERE id > 5000 ORDER BY id";
    assert_eq!(
        visit.database.texts(brought),
        [
            "5001|a;b|1.5|2026-02-28",
            "5002|c|NULL|2026-03-01",
            "5003||7|NULL",
            "5004|d|8|NULL"
        ]
    );

    // What only the table as a whole refuses is said as well, and nothing is left of it.
    visit.reloads();
    visit
        .witness()
        .expects("the server responded with a status of 422");
    let twice = "id,name\n6001,x\n1,twice\n";
    visit.gives_file("input[type=file]", &file("twice.csv", twice));
    visit.clicks("#tried button >> Import 2 rows");
    visit.says("#preview .failure", "stock_pkey");
    assert_eq!(visit.database.text(count), "2504");
}
