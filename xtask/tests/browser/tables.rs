//! Tables: found, counted, sorted, narrowed down by every kind of filter, walked by key; all of it in the address.

use crate::{Page, Rows, Visit};

/// The texts of one column of the grid, as they are shown.
fn column(page: &Page, name: &str) -> Vec<String> {
    let heads: Vec<String> = page.now(
        "[...document.querySelectorAll('#grid thead th')].map((head) => head.dataset.name ?? '')",
    );
    let at = heads.iter().position(|head| head == name).unwrap() + 1;
    let cells = page.all(&format!("#grid tbody tr > :nth-child({at})"));
    // A foreign key has an arrow beside its value.
    cells
        .iter()
        .map(|it| it.trim_end_matches('→').trim().to_owned())
        .collect()
}

fn heads(page: &Page) -> Vec<String> {
    page.now(
        "[...document.querySelectorAll('#grid thead th[data-name]')].map((it) => it.dataset.name)",
    )
}

/// Opens the menu of filters, sets one, and is on the page that it leads to.
fn filters(page: &Page, column: &str, operator: &str, set: impl FnOnce()) {
    page.clicks("#filter summary");
    page.chooses("#filter select[name=column]", column);
    page.chooses("#filter select[name=operator]", operator);
    set();
    page.follows("#filter button >> Add");
}

#[test]
fn tables_are_listed_searched_and_counted() {
    let Some(visit) = Visit::to(Rows::Cohort) else {
        return;
    };
    visit.finds("#tables tr >> applications");
    // The estimate is PostgreSQL's; the exact number comes when it is asked for.
    visit.says("#tables tr >> applications", "≈ 10\u{202f}001");
    visit
        .database
        .run("DELETE FROM applications WHERE id IN (SELECT id FROM applications LIMIT 10)");
    visit.clicks("[aria-label='Count applications']");
    visit.says("#tables tr >> applications", "9\u{202f}991");

    visit.fills("input[type=search]", "rev");
    visit.loses("#tables tr >> applications");
    assert_eq!(visit.all("#tables tbody a"), ["reviews"]);

    visit.presses(&["Control+k"]);
    visit.finds("dialog.go");
    visit.types("x");
    visit.presses(&["Escape"]);
    visit.loses("dialog.go");
    visit.presses(&["Control+k"]);
    visit.finds("dialog.go");
    visit.types("aplct");
    visit.says("dialog.go li[aria-selected=true]", "applications");
    visit.leads(|| visit.presses(&["Enter"]));
    visit.finds("#grid");
    assert_eq!(visit.path(), "/table/public/applications");
}

#[test]
fn rows_are_sorted_and_narrowed_down_by_every_type() {
    let Some(visit) = Visit::to(Rows::Cohort) else {
        return;
    };
    let ids = |condition: &str| {
        visit.database.texts(&format!(
            "SELECT id FROM applications WHERE {condition} ORDER BY id LIMIT 50"
        ))
    };
    visit.goes("/table/public/applications");
    assert_eq!(column(&visit, "id"), ids("true"));

    // Labels of an enum, picked.
    filters(&visit, "status", "is one of", || {
        visit.clicks("#filter option >> accepted");
        visit.clicks_with("Control", "#filter option >> waitlisted");
    });
    visit.sees("status is one of accepted, waitlisted");
    let chosen = "status IN ('accepted', 'waitlisted')";
    assert_eq!(column(&visit, "id"), ids(chosen));

    // A range of numbers beside it.
    filters(&visit, "current_stage", "between", || {
        visit.fills("#filter input[name=value]", "5");
        visit.fills("#filter input[name=upto]", "9");
    });
    let chosen = format!("{chosen} AND current_stage BETWEEN 5 AND 9");
    assert_eq!(column(&visit, "id"), ids(&chosen));
    assert!(column(&visit, "status").iter().all(|it| it == "accepted"));

    // A filter that is taken away again.
    visit.follows(".chip >> status is one of");
    visit.follows(".chip >> current_stage between");
    assert_eq!(column(&visit, "id"), ids("true"));

    filters(&visit, "data", "has the JSON path", || {
        visit.fills("#filter input[name=value]", "$.** ? (@ == \"Lagos\")");
    });
    assert_eq!(
        column(&visit, "id"),
        ids("data @? '$.** ? (@ == \"Lagos\")'")
    );

    visit.goes("/table/public/applications");
    visit.clicks("#where summary");
    let condition = "created_at < '2026-09-20' -- early\nAND status <> 'draft'";
    visit.fills("#where textarea", condition);
    visit.follows("#where button >> Apply");
    let chosen = "created_at < '2026-09-20' AND status <> 'draft'";
    assert_eq!(column(&visit, "id"), ids(chosen));
    // Sorted besides.
    visit.follows("#grid thead a >> current_stage");
    visit.follows("#grid thead a >> current_stage");
    let sorted = "SELECT current_stage FROM applications WHERE created_at < '2026-09-20' AND status <> 'draft' \
                  ORDER BY current_stage DESC LIMIT 50";
    assert_eq!(
        column(&visit, "current_stage"),
        visit.database.texts(sorted)
    );
    // What PostgreSQL does not understand is said as it says it.
    visit.clicks("#where summary");
    visit.fills("#where textarea", "stage = 1");
    visit.witness().expects("status of 422");
    visit.follows("#where button >> Apply");
    visit.sees("column \"stage\" does not exist");

    visit.goes("/table/public/users");
    filters(&visit, "name", "contains", || {
        visit.fills("#filter input[name=value]", "mar");
    });
    let named = "SELECT id FROM users WHERE name ILIKE '%mar%' ORDER BY id LIMIT 50";
    assert_eq!(column(&visit, "id"), visit.database.texts(named));
    visit.goes("/table/public/comments");
    filters(&visit, "author_id", "is NULL", || {});
    let nobody = "SELECT id FROM comments WHERE author_id IS NULL ORDER BY id LIMIT 50";
    let nobody = visit.database.texts(nobody);
    assert!(!nobody.is_empty());
    assert_eq!(column(&visit, "id"), nobody);
}

#[test]
fn columns_are_hidden_and_moved_and_the_address_says_so() {
    let Some(visit) = Visit::to(Rows::Fixtures) else {
        return;
    };
    visit.goes("/table/public/users?sort=email%3Adesc");
    let before = heads(&visit);
    assert_eq!(
        before,
        ["id", "email", "name", "role", "created_at", "phone_number"]
    );
    visit.clicks("#columns summary");
    visit.clicks("#columns label >> role");
    visit.clicks("#columns label >> created_at");
    for _ in 0..2 {
        visit.clicks("[aria-label='Move name before']");
    }
    visit.follows("#columns button >> Show");
    let chosen = ["name", "id", "email", "phone_number"];
    assert_eq!(heads(&visit), chosen);
    let emails = visit
        .database
        .texts("SELECT email FROM users ORDER BY email DESC LIMIT 50");
    assert_eq!(column(&visit, "email"), emails);

    // The link alone gives the same to whoever opens it.
    let link = visit.path();
    visit.goes("/");
    visit.goes(&link);
    assert_eq!(heads(&visit), chosen);
    assert_eq!(column(&visit, "email"), emails);
    visit.clicks("#columns summary");
    visit.follows("#columns a >> all");
    assert_eq!(heads(&visit), before);
}

const MILLION: &str = "CREATE TABLE measures (id bigint PRIMARY KEY, station int NOT NULL, value numeric, note text); \
     INSERT INTO measures SELECT n, n % 1000, nullif(n % 97, 0), 'note ' || n FROM generate_series(1, 1000000) n; \
     CREATE INDEX ON measures (station, id); ANALYZE measures";

#[test]
fn a_million_rows_are_walked_by_key() {
    let Some(visit) = Visit::to(Rows::Of(MILLION)) else {
        return;
    };
    let log = Log::of(&visit);
    let ids = || -> (String, String) {
        let all = column(&visit, "id");
        assert_eq!(all.len(), 50);
        (all[0].clone(), all[49].clone())
    };
    let is = |first: &str, last: &str| (first.to_owned(), last.to_owned());
    visit.goes("/table/public/measures");
    visit.says("main", "≈ 1");
    assert_eq!(ids(), is("1", "50"));
    // Whoever goes to the last row sees the head, and the way on, without looking for them.
    visit.clicks("#grid tbody tr:first-child td:nth-child(2)");
    visit.presses(&["PageDown"]);
    visit.holds(
        "the last row, the head and the way on",
        "document.activeElement.parentElement.sectionRowIndex === 49 && [document.activeElement, one('#grid thead a'), one('a[rel=next]')] \
         .every((it) => { const box = it.getBoundingClientRect(); \
             return it.contains(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)); })",
    );
    visit.follows("a >> next ›");
    assert_eq!(ids(), is("51", "100"));
    visit.follows("a >> last »");
    assert_eq!(ids(), is("999951", "1000000"));
    assert!(visit.all("a[rel=next]").is_empty());
    visit.follows("a >> ‹ before");
    assert_eq!(ids(), is("999901", "999950"));
    visit.follows("a >> next ›");
    assert_eq!(ids(), is("999951", "1000000"));
    visit.follows("a >> « first");
    assert_eq!(ids(), is("1", "50"));

    // By another column, and back from its end.
    visit.follows("#grid thead a >> station");
    assert_eq!(ids(), is("1000", "50000"));
    visit.follows("a >> last »");
    assert_eq!(column(&visit, "station")[49], "999");
    assert_eq!(ids(), is("950999", "999999"));
    visit.follows("a >> ‹ before");
    assert_eq!(ids(), is("900999", "949999"));

    // What the server ran for it.
    let ran = log.statements();
    assert!(
        ran.iter().filter(|it| it.contains("LIMIT 51")).count() >= 9,
        "{ran:#?}"
    );
    for statement in ran {
        let statement = statement.to_lowercase();
        let counts = statement.contains("offset") || statement.contains("count(*)");
        assert!(!counts, "{statement}");
    }
}

/// The server's log, which has every statement of this database from here on.
struct Log<'a> {
    visit: &'a Visit,
    begin: usize,
}

impl<'a> Log<'a> {
    const FILE: &'static str = "current_setting('data_directory') || '/../server.log'";

    fn of(visit: &'a Visit) -> Self {
        visit.database.run(
            "DO $set$ BEGIN EXECUTE format('ALTER DATABASE %I SET log_statement = ''all''', current_database()); END $set$",
        );
        // Sessions that are there already log nothing.
        visit.database.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND application_name LIKE '%studio%'",
        );
        let size = format!("SELECT size FROM pg_stat_file({})", Self::FILE);
        let begin = visit.database.text(&size).parse().unwrap();
        Self { visit, begin }
    }

    fn statements(&self) -> Vec<String> {
        let file = format!(
            "SELECT pg_read_file({}, {}, 10000000)",
            Self::FILE,
            self.begin
        );
        let log = self.visit.database.text(&file);
        let entries = log.split("LOG:  ").filter(|it| it.contains("measures"));
        entries.map(str::to_owned).collect()
    }
}
