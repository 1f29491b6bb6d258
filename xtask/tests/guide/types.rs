//! Text to integer and back, with rows that allow it and with rows that don't: in one statement, and beside the column
//! while the table is in use.

use serde_json::{Value, json};

use super::Workspace;
use super::workspace::Rows;

const AS_TEXT: &str = "    #[sea_orm(column_type = \"Text\")]\n    pub pages: Option<String>,\n";
const AS_INTEGER: &str = "    pub pages: Option<i32>,\n";

#[test]
fn text_to_integer() {
    let workspace = with_pages();
    let migration = workspace.generate("count_pages", &["--offline"]);
    assert_eq!(
        migration.up_statements(),
        r#"ALTER TABLE "files" ALTER COLUMN "pages" TYPE integer USING "pages"::integer;"#
    );
    assert!(migration.up.contains("may-fail"), "{}", migration.up);

    it_casts(&workspace);
    it_does_not_cast(&workspace, &migration.path("up.sql"));
}

#[test]
fn text_to_integer_while_the_table_is_in_use() {
    let workspace = with_pages();
    let migration = workspace.generate("count_pages", &[]);
    assert!(migration.up.contains("may-fail"), "{}", migration.up);
    assert!(migration.up.contains("__in_step"), "{}", migration.up);

    it_casts(&workspace);
    it_stops_at_the_row(&workspace, &migration.path("up.sql"));
}

/// Files with a number of pages, but one, as text; the entity has it as a number already.
fn with_pages() -> Workspace {
    let workspace = Workspace::copy();
    workspace.add_field("files", "filename: String", AS_TEXT);
    workspace.generate("add_pages", &[]);
    workspace.db(&["migrate"]).done();
    workspace.execute(
        "UPDATE files SET pages = length(filename)::text; \
         UPDATE files SET pages = NULL WHERE id = (SELECT id FROM files ORDER BY id LIMIT 1)",
    );
    workspace.edit_entity("files", AS_TEXT, AS_INTEGER);
    workspace
}

fn it_casts(workspace: &Workspace) {
    let rows = workspace.circle(1);
    let counted = |value: &Value| match value.as_str() {
        Some(text) => json!(text.parse::<i32>().unwrap()),
        None => Value::Null,
    };
    rows.up.are(&rows.before.mapped("files.pages", counted));
    rows.down.are(&rows.before);
    rows.up_again.are(&rows.up);
    workspace.db(&["rollback", "--yes"]).done();
    workspace.rows().are(&rows.before);
}

/// It fails before anything is changed, says where and why, and goes on once the row is mended.
fn it_does_not_cast(workspace: &Workspace, up_sql: &str) {
    let one = "WHERE id = (SELECT max(id::text)::uuid FROM files)";
    workspace.execute(&format!("UPDATE files SET pages = 'seven' {one}"));
    let before = workspace.rows();
    let applied = workspace.applied();

    let file = up_sql.rsplit("src/").next().unwrap();
    let line = line_of(&workspace.read(up_sql), "ALTER TABLE");
    let place = format!("{file}:{line}: ");
    let failed = workspace.db(&["migrate"]).ends(1);
    failed.says([&place, "22P02", "seven", "as it was before"]);
    workspace.rows().are(&before);
    assert_eq!(workspace.applied(), applied);
    workspace.as_migrated();

    // A push of the same change is no way around it.
    workspace.db(&["push"]).ends(1).says(["22P02", "seven"]);
    workspace.rows().are(&before);

    it_goes_on(workspace, &before, one);
}

/// The backfill stops where the row is. The column is still what the application knows, and says which value it has
/// no number for; once the row is mended the run goes on from there.
fn it_stops_at_the_row(workspace: &Workspace, up_sql: &str) {
    let one = "WHERE id = (SELECT max(id::text)::uuid FROM files)";
    workspace.execute(&format!("UPDATE files SET pages = 'seven' {one}"));
    let before = workspace.rows();
    let applied = workspace.applied();

    let file = up_sql.rsplit("src/").next().unwrap();
    let line = line_of(&workspace.read(up_sql), "UPDATE ");
    let place = format!("{file}:{line}: ");
    let failed = workspace.db(&["migrate"]).ends(1);
    failed.says([&place, "22P02", "seven"]);
    workspace.rows().without("files.pages__new").are(&before);
    assert_eq!(workspace.applied(), applied);
    let refused = workspace.try_execute("UPDATE files SET pages = 'eight'");
    assert_eq!(refused, Err("22P02".to_owned()));

    it_goes_on(workspace, &before, one);
}

/// With seven pages in the row where the word was.
fn it_goes_on(workspace: &Workspace, before: &Rows, one: &str) {
    workspace.execute(&format!("UPDATE files SET pages = '7' {one}"));
    workspace.db(&["migrate"]).done();
    workspace.in_order();
    let sum = workspace.text("SELECT sum(pages)::text FROM files");
    let pages: i32 = before
        .column("files.pages")
        .values()
        .filter_map(|value| value.as_str()?.parse::<i32>().ok())
        .sum();
    assert_eq!(sum, (pages + 7).to_string());
}

/// The number of the first line that begins so.
fn line_of(text: &str, beginning: &str) -> usize {
    text.lines()
        .position(|line| line.starts_with(beginning))
        .unwrap()
        + 1
}
