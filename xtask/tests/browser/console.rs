//! The SQL console: several statements, limits, cancelling, plans, history; it reads unless it is switched.

use crate::{Page, Rows, Visit};

/// Replaces the text of the console and presses a button.
fn runs(page: &Page, sql: &str, button: &str) {
    page.fills("textarea[name=sql]", sql);
    page.clicks(&format!("#console button >> {button}"));
}

#[test]
fn statements_run_within_limits_and_read_unless_switched() {
    let Some(visit) = Visit::to(Rows::Cohort) else {
        return;
    };
    visit.follows("header nav a >> SQL");
    visit.chooses("select[name=seconds]", "60");
    visit.fills(
        "textarea[name=sql]",
        "SELECT 1 AS one, NULL AS none;\nSELECT name FROM users ORDER BY name;\nSHOW statement_timeout",
    );
    visit.presses(&["Control+Enter"]);
    visit.holds("three results", "every('section.result').length === 3");
    visit.says("section.result:nth-of-type(1) tbody", "NULL");
    visit.says(
        "section.result:nth-of-type(2)",
        "the first 100 rows; there are more",
    );
    let names = visit
        .database
        .texts("SELECT name FROM users ORDER BY name LIMIT 100");
    assert_eq!(visit.all("section.result:nth-of-type(2) tbody td"), names);
    visit.says("section.result:nth-of-type(3) tbody", "1min");

    // The second of two fails: the first is shown, and where the other one stands.
    runs(&visit, "SELECT 2 AS two;\nSELECT nothing FROM users", "Run");
    visit.says("#results .failure", "column \"nothing\" does not exist");
    visit.sees("statement 2, line 2");
    visit.says("section.result", "1 row");

    let email = "SELECT email FROM users ORDER BY id LIMIT 1";
    let before = visit.database.text(email);
    let update = "UPDATE users SET email = 'changed@example.org' WHERE id = (SELECT id FROM users ORDER BY id LIMIT 1)";
    runs(&visit, update, "Run");
    visit.says("#results .failure", "read-only transaction");
    assert_eq!(visit.database.text(email), before);
    runs(&visit, update, "Explain analyze");
    visit.says("#results", "actual time");
    visit.says("#results", "everything that ran was rolled back");
    assert_eq!(visit.database.text(email), before);
    visit.clicks("label >> may write");
    runs(&visit, update, "Run");
    visit.says("section.result", "done, 1 rows");
    assert_eq!(visit.database.text(email), "changed@example.org");

    runs(
        &visit,
        "SELECT * FROM users WHERE email = 'changed@example.org'",
        "Explain",
    );
    visit.says("section.result pre", "Index Scan using users_email");

    // What was run is there after the page was left, and comes back by a press.
    visit.reloads();
    visit.clicks("summary >> History");
    let past = visit.all("#history .past");
    assert!(
        past[0].starts_with("SELECT * FROM users WHERE email"),
        "{past:?}"
    );
    assert!(past[1].starts_with("UPDATE users"), "{past:?}");
    visit.clicks("#history .past >> SELECT 1 AS one");
    visit.says("textarea[name=sql]", "SHOW statement_timeout");
    visit.presses(&["Control+Enter"]);
    visit.says("section.result:nth-of-type(3) tbody", "15s");
}

#[test]
fn what_runs_is_cancelled_by_hand_and_by_the_clock() {
    let Some(visit) = Visit::to(Rows::Fixtures) else {
        return;
    };
    visit.goes("/console");
    runs(&visit, "SELECT pg_sleep(60)", "Run");
    let sleeps = "EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' \
                  AND datname = current_database() AND pid <> pg_backend_pid())";
    visit.database.becomes(sleeps);
    visit.clicks("button >> Cancel");
    visit.says(
        "#results .failure",
        "canceling statement due to user request",
    );
    visit.database.becomes(&format!("NOT {sleeps}"));
    visit.holds("nothing to cancel", "one('button[name=cancel]').disabled");

    visit.clicks("label >> may write");
    runs(
        &visit,
        "SET statement_timeout = '300ms';\nSELECT pg_sleep(60)",
        "Run",
    );
    visit.says(
        "#results .failure",
        "canceling statement due to statement timeout",
    );
    visit.sees("statement 2, line 2");
}

#[test]
fn a_studio_that_only_reads_has_no_way_to_write() {
    let Some(visit) = Visit::with(Rows::Fixtures, &["--read-only"]) else {
        return;
    };
    visit.says("header", "read-only");
    visit.goes("/console");
    assert!(visit.all("input[name=write]").is_empty());
    runs(&visit, "DELETE FROM comments", "Run");
    visit.says("#results .failure", "read-only transaction");
    visit.goes("/table/public/users");
    visit.finds("#grid");
    assert!(visit.all("button >> Insert a row").is_empty());
    visit.clicks("#grid tbody tr:first-child td:nth-child(3)");
    visit.presses(&["Enter"]);
    visit.clicks("#export summary");
    visit.finds("#export a >> CSV");
    assert!(visit.all("dialog, #export a >> Import CSV").is_empty());
}
