//! Who waits for a file's statements, those too that no rule finds fault with.

use seachange_lint::{Direction, File, waits};

#[test]
fn each_statement_says_what_it_locks_and_what_the_file_made_is_left_out() {
    let text = "-- by hand\nCREATE TABLE crews (id bigint PRIMARY KEY, boat bigint REFERENCES boats);\n\
        CREATE INDEX ON crews (boat);\n\nALTER TABLE boats\n    ADD COLUMN name text,\n    ADD CONSTRAINT of_pier FOREIGN KEY (pier) REFERENCES piers;\n\
        SELECT 1;\nUPDATE boats SET name = '';\n";
    let said: Vec<String> = waits(&File {
        path: "up.sql",
        text,
        direction: Direction::Up,
        transaction: true,
        before: None,
    })
    .iter()
    .map(|wait| format!("{}: {wait}", wait.place.line))
    .collect();
    assert_eq!(
        said,
        [
            "2: SHARE ROW EXCLUSIVE on boats: writers wait",
            "5: ACCESS EXCLUSIVE on boats: readers and writers wait",
            "5: SHARE ROW EXCLUSIVE on piers: writers wait",
            "9: ROW EXCLUSIVE on boats: other writers of the same rows wait",
        ]
    );
}
