//! The history of migrations: read, compared, applied and cancelled.

use crate::{Rows, Visit};

const ADDED: &str = "m20261123_001313_add_phone_number";

/// Takes the newest migration back behind the tool's back.
const UNDO: &str = "DROP INDEX users_phone_idx; ALTER TABLE users DROP COLUMN phone_number; \
    DELETE FROM seaql_migrations WHERE version LIKE '%add_phone_number'";

fn tells_of_the_newest(visit: &Visit, words: &[&str]) {
    let newest = visit.all("#migrations tbody tr").remove(0);
    for told in words {
        assert!(newest.contains(told), "no {told} in {newest}");
    }
}

fn has_phone_number(visit: &Visit) -> String {
    visit.database.text(
        "SELECT count(*) FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'phone_number'",
    )
}

#[test]
fn the_history_is_read_and_compared() {
    let Some(visit) = Visit::to(Rows::Fixtures) else {
        return;
    };
    visit.follows("header nav a >> Migrations");
    visit.sees("2 applied, 0 pending");
    visit.finds("#summary.good");
    tells_of_the_newest(&visit, &[ADDED, "applied", "UTC"]);

    // What it says, and the schema before and after it.
    visit.follows("#migrations a >> add_phone_number");
    visit.says("pre.sql", "CREATE INDEX \"users_phone_idx\"");
    visit.finds(".risk.lock");
    visit.says(".sides td.added", "\"phone_number\" text");
    visit.follows("#part a >> the whole schema");
    visit.finds(".sides td >> CREATE TABLE \"applications\"");
    visit.follows("#part a >> only what differs");
    visit.loses(".sides td >> CREATE TABLE \"applications\"");

    // Somebody changes the database by hand.
    visit
        .database
        .run("ALTER TABLE programs ADD COLUMN by_hand integer");
    visit.goes("/migrations");
    visit.finds("#summary.bad");
    visit.says("#summary", "+ column programs.by_hand integer");
    visit.follows("#summary a >> Show it");
    visit.says(
        "pre.sql",
        "ALTER TABLE \"programs\" DROP COLUMN \"by_hand\"",
    );
    visit.says(".sides td.added", "\"by_hand\" integer");
}

#[test]
fn what_is_pending_is_reviewed_and_applied() {
    let Some(visit) = Visit::to(Rows::Fixtures) else {
        return;
    };
    visit.database.run(UNDO);
    visit.goes("/migrations");
    visit.sees("1 applied, 1 pending");
    visit.follows("a >> Review and apply");
    visit.says("main", "The database: ");
    visit.says(".pending", ADDED);
    visit.clicks(".pending summary");
    visit.says(".pending pre", "ADD COLUMN \"phone_number\"");

    // Somebody uses the table: it waits, and is cancelled.
    let user = visit.database.holds("LOCK TABLE users");
    visit.clicks("#apply button.main");
    visit.says("#run", &format!("applying {ADDED}"));
    visit.database.becomes(
        "EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'users'::regclass)",
    );
    visit.clicks("#apply button.danger");
    visit.says("#ended", "exit code 130");
    drop(user);
    assert_eq!(has_phone_number(&visit), "0");

    visit.clicks("#apply button.main");
    visit.says("#ended", "Applied.");
    assert_eq!(has_phone_number(&visit), "1");
    visit.follows("#ended a");
    visit.sees("2 applied, 0 pending");
    visit.finds("#summary.good");
    tells_of_the_newest(&visit, &["applied", " ms", "postgres"]);

    // Its files become others than those that were applied.
    visit
        .database
        .run("UPDATE seachange_history SET hash = 'another'");
    visit.reloads();
    tells_of_the_newest(&visit, &["edited", "edited after it was applied"]);
}
