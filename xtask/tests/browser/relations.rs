//! Foreign keys followed to the row that they point at, and back to the rows that point here.

use crate::{Rows, Visit};

#[test]
fn references_are_followed_there_and_back() {
    let Some(visit) = Visit::to(Rows::Cohort) else {
        return;
    };
    // Somebody with three applications.
    let applicant = visit.database.text(
        "SELECT applicant_id FROM applications GROUP BY 1 HAVING count(*) = 3 ORDER BY 1 LIMIT 1",
    );
    let of_theirs = |what: &str, table: &str, column: &str| {
        visit.database.text(&format!(
            "SELECT {what} FROM {table} WHERE {column} = '{applicant}'"
        ))
    };
    let filter = format!("%5B%22applicant_id%22%2C%22is%22%2C%22{applicant}%22%5D");
    visit.goes(&format!("/table/public/applications?filter={filter}"));
    assert_eq!(visit.all("#grid tbody tr").len(), 3);

    let height: f64 = visit.now("one('#grid tbody tr').getBoundingClientRect().height");
    assert!(height < 35.0, "a row with references is {height} high");

    // From the cell of the grid to the applicant.
    let cell = format!("#grid tbody tr:nth-child(2) td >> {applicant}");
    visit.finds(&cell);
    visit.clicks(&cell);
    visit.follows("#grid tbody tr:nth-child(2) a.follow[href*=users]");
    assert!(visit.path().starts_with("/table/public/users?filter="));
    assert_eq!(visit.all("#grid tbody tr").len(), 1);
    visit.sees(&of_theirs("email", "users", "id"));

    // The row by itself, and what points at it, with the numbers.
    visit.follows("#grid tbody a[title^='This row']");
    visit.says("#row", &of_theirs("name", "users", "id"));
    for (by, table, column) in [
        (
            "applications by applicant_id",
            "applications",
            "applicant_id",
        ),
        ("audit_logs by user_id", "audit_logs", "user_id"),
        ("comments by author_id", "comments", "author_id"),
        ("programs by creator_id", "programs", "creator_id"),
    ] {
        let count = of_theirs("count(*)", table, column);
        let row = visit.reads(&format!("#pointing tr >> {by}"));
        assert_eq!(row.split_whitespace().last(), Some(count.as_str()), "{row}");
    }
    visit.follows("#pointing a >> applications");
    assert_eq!(visit.all("#grid tbody tr").len(), 3);

    // From a row by itself, too: application, program, and back to its applications.
    visit.follows("#grid tbody tr:first-child a[title^='This row']");
    visit.follows("#row a >> → programs");
    visit.follows("#grid tbody a[title^='This row']");
    let program: String = visit.reads("main .bar .faint");
    let count = visit.database.text(&format!(
        "SELECT count(*) FROM applications WHERE program_id = '{program}'"
    ));
    let row = visit.reads("#pointing tr >> applications by program_id");
    let shown: String = row
        .rsplit("program_id")
        .next()
        .unwrap()
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    assert_eq!(shown, count, "{row}");
}
