//! What a file is carried out in: single statements, or several between BEGIN and COMMIT. What could not
//! be resumed is refused before anything runs.

use super::backfill::{self, Backfill};
use super::journal::Line;
use crate::connection::{SqlError, SqlText, Statement, StatementKind, refuse, statements};
use crate::migrations::sql_hash;
use crate::runner::statement::{Alone, Pace, Reader, alone, pace};

/// What is done or not done as one.
pub(in crate::runner) struct Unit<'a> {
    /// The place of its first statement in the file, from 1.
    pub(super) number: u32,
    pub(super) statements: Vec<Statement<'a>>,
    pub(super) way: Way,
    pub(super) hash: String,
}

/// How it is carried out.
pub(super) enum Way {
    /// In a transaction with the line about it.
    Together,
    /// Between BEGIN and COMMIT of the file's own; the same, with these.
    Bracketed,
    /// Outside a transaction.
    Alone(Alone),
    /// Always, also by the run that goes on: it changes nothing but the session.
    Session,
    Backfill(Backfill),
}

impl Unit<'_> {
    /// The text of its first statement.
    pub(super) fn text(&self) -> &str {
        self.statements[0].text
    }

    /// Whether it is about rows alone, which every server gives back.
    pub(super) fn changes_rows(&self) -> bool {
        let mut reader = Reader::new(self.text());
        ["insert", "update", "delete", "merge", "select", "values"]
            .iter()
            .any(|word| reader.take(&[word]))
    }

    /// The place behind it.
    pub(super) fn next(&self) -> u32 {
        self.number + number(self.statements.len())
    }
}

/// The units of a file and how many statements it has.
pub(in crate::runner) fn units<'a>(sql: SqlText<'a>) -> Result<(Vec<Unit<'a>>, u32), SqlError> {
    let all = statements(sql.text);
    let count = number(all.len());
    for one in &all {
        refuse(sql, one)?;
    }
    let mut backfills = backfill::directives(sql, &all)?;
    let mut units = Vec::new();
    let mut place = 0;
    while place < all.len() {
        let first = all[place];
        let from = place;
        place += 1;
        let way = match first.kind {
            StatementKind::Restrict => continue,
            StatementKind::Transaction => {
                place = closing(sql, &all, from)? + 1;
                Way::Bracketed
            }
            _ => match backfills.remove(&from) {
                Some(directive) => Way::Backfill(backfill::read(sql, &first, directive)?),
                None => way(sql, &first)?,
            },
        };
        let statements = all[from..place].to_vec();
        let mut text: Vec<&str> = statements.iter().map(|one| one.text).collect();
        if let Way::Backfill(backfill) = &way {
            // A key reached means nothing in another column.
            text.push(backfill.column());
        }
        units.push(Unit {
            number: number(from) + 1,
            hash: sql_hash(&text.join(";\n")),
            statements,
            way,
        });
    }
    Ok((units, count))
}

/// Whether several statements of it are to be done or not done as one.
pub(in crate::runner) fn keeps_together(sql: SqlText<'_>) -> bool {
    // What can't be taken apart is told when it is to be carried out.
    let Ok((units, _)) = units(sql) else {
        return false;
    };
    units.iter().any(|unit| matches!(unit.way, Way::Bracketed))
}

/// The first statement that was carried out, or begun, as something else than the file has now.
pub(in crate::runner) fn changed(units: &[Unit<'_>], lines: &[Line]) -> Option<u32> {
    lines
        .iter()
        .filter(|line| !line.is_open_to_change())
        .find(|line| {
            let unit = units.iter().find(|unit| unit.number == line.statement);
            unit.is_none_or(|unit| unit.hash != line.hash)
        })
        .map(|line| line.statement)
}

/// Where the next run goes on that finds everything before a statement done: a transaction of the file's own has
/// a line in the journal for its beginning alone.
pub(in crate::runner) fn goes_on_with(units: &[Unit<'_>], statement: u32, of: u32) -> u32 {
    let mut begins = units.iter().map(|unit| unit.number);
    begins.find(|begin| *begin >= statement).unwrap_or(of + 1)
}

fn way(sql: SqlText<'_>, statement: &Statement<'_>) -> Result<Way, SqlError> {
    let mut reader = Reader::new(statement.text);
    if reader.take(&["create"]) {
        let _ = reader.take(&["local"]) || reader.take(&["global"]);
        if reader.take(&["temp"]) || reader.take(&["temporary"]) {
            return Err(SqlError::refused(
                sql,
                statement,
                "what is temporary is gone when a run that was killed is resumed",
                "use a plain table and drop it at the end, or put BEGIN and COMMIT around all that needs it",
            ));
        }
    }
    Ok(match (alone(statement.text), pace(statement.text)) {
        (Some(alone), _) => Way::Alone(alone),
        (None, Pace::Session) => Way::Session,
        (None, _) => Way::Together,
    })
}

/// Where the transaction ends that begins here.
fn closing(sql: SqlText<'_>, all: &[Statement<'_>], from: usize) -> Result<usize, SqlError> {
    let opens = |one: &Statement<'_>| {
        let mut reader = Reader::new(one.text);
        reader.take(&["begin"]) || reader.take(&["start", "transaction"])
    };
    let closes = |one: &Statement<'_>| {
        let mut reader = Reader::new(one.text);
        let commits = reader.take(&["commit"]) || reader.take(&["end"]);
        let _ = reader.take(&["work"]) || reader.take(&["transaction"]);
        commits && reader.at_end()
    };
    let refused = |statement, message| {
        let remedy = "outside a transaction, statements that belong together stand between BEGIN and COMMIT; leave out what else begins or ends a transaction";
        Err(SqlError::refused(sql, statement, message, remedy))
    };
    if !opens(&all[from]) {
        return refused(
            &all[from],
            "this ends a transaction that the file did not begin",
        );
    }
    for (place, one) in all.iter().enumerate().skip(from + 1) {
        if one.kind == StatementKind::Transaction {
            return match closes(one) {
                true => Ok(place),
                false => refused(
                    one,
                    "this is no way to end the transaction that the file began",
                ),
            };
        }
        if alone(one.text).is_some() {
            return refused(one, "this can't run between BEGIN and COMMIT");
        }
    }
    refused(&all[from], "this transaction is never committed")
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sql(text: &str) -> SqlText<'_> {
        SqlText {
            path: "up.sql",
            text,
        }
    }

    fn shape(text: &str) -> Vec<(u32, usize, &'static str)> {
        let (units, _) = units(sql(text)).unwrap_or_else(|error| panic!("{error}"));
        units
            .iter()
            .map(|unit| {
                let way = match &unit.way {
                    Way::Together => "together",
                    Way::Bracketed => "bracketed",
                    Way::Alone(_) => "alone",
                    Way::Session => "session",
                    Way::Backfill(_) => "backfill",
                };
                (unit.number, unit.statements.len(), way)
            })
            .collect()
    }

    #[test]
    fn each_has_its_way() {
        let text = "-- seachange: no-transaction\nSET work_mem = '1MB';\n\
                    CREATE INDEX CONCURRENTLY i ON t (a);\nBEGIN;\nSELECT 1;\nSELECT 2;\nCOMMIT;\n\
                    -- seachange: backfill by id, 10 rows, 5ms apart\nUPDATE t SET a = 1 WHERE a IS NULL;\nANALYZE t;";
        assert_eq!(
            shape(text),
            [
                (1, 1, "session"),
                (2, 1, "alone"),
                (3, 4, "bracketed"),
                (7, 1, "backfill"),
                (8, 1, "together"),
            ]
        );
    }

    #[test]
    fn what_could_not_be_resumed_is_refused() {
        for (text, message) in [
            ("CREATE TEMP TABLE x (a int)", "temporary"),
            ("SELECT 1; COMMIT", "did not begin"),
            ("BEGIN; SELECT 1", "never committed"),
            ("BEGIN; SELECT 1; ROLLBACK", "no way to end"),
            ("BEGIN; SELECT 1; COMMIT AND CHAIN", "no way to end"),
            ("BEGIN; VACUUM t; COMMIT", "between BEGIN and COMMIT"),
            (
                "-- seachange: backfill by id\n\nUPDATE t SET a = 1",
                "right above",
            ),
            (
                "-- seachange: backfill by\nUPDATE t SET a = 1",
                "backfill by <column>",
            ),
            (
                "-- seachange: backfill by id\nINSERT INTO t SELECT 1",
                "UPDATE or a DELETE",
            ),
            (
                "-- seachange: backfill by id\nUPDATE t SET a = 1 RETURNING a",
                "RETURNING",
            ),
            (
                "-- seachange: backfill by id\nUPDATE t SET a = 1, id = 2",
                "the key itself",
            ),
        ] {
            let error = units(sql(text)).err().unwrap_or_else(|| panic!("{text}"));
            assert!(error.message.contains(message), "{text}: {error}");
        }
    }
}
