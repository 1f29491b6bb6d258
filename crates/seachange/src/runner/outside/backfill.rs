//! A backfill: an UPDATE or a DELETE under `-- seachange: backfill by <column>`, carried out in batches by
//! that column's order. psql could run it whole.

mod batch;
mod key;
mod lag;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::connection::{SqlError, SqlText, Statement};
use crate::runner::statement::{Name, Reader, Token, tokens};

const DIRECTIVE: &str = "-- seachange: backfill";
const ROWS: u32 = 1000;

/// What the comment above a statement asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Directive {
    column: String,
    rows: u32,
    apart: Duration,
}

/// A statement that a range of keys can be put into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Backfill {
    directive: Directive,
    table: Name,
    only: bool,
    /// What the statement calls its table.
    alias: String,
    /// The statement up to its WHERE, and what stands behind that.
    head: String,
    condition: Option<String>,
}

impl Backfill {
    /// The column that it goes by.
    pub(super) fn column(&self) -> &str {
        &self.directive.column
    }
}

/// The directives of a file by the place of their statement.
pub(super) fn directives(
    sql: SqlText<'_>,
    all: &[Statement<'_>],
) -> Result<BTreeMap<usize, Directive>, SqlError> {
    let mut found = BTreeMap::new();
    let mut from = 0;
    for (place, statement) in all.iter().enumerate() {
        let gap = &sql.text[from..statement.offset];
        // Without what stands before the statement on its own line.
        let gap: Vec<&str> = gap[..gap.rfind('\n').unwrap_or(0)]
            .split('\n')
            .map(str::trim)
            .collect();
        from = statement.offset + statement.text.len();
        let Some(line) = gap.iter().rposition(|line| line.starts_with(DIRECTIVE)) else {
            continue;
        };
        if !gap[line..].iter().all(|line| line.starts_with("--")) {
            return Err(wrong(
                sql,
                statement,
                "the backfill's comment has to stand right above its statement",
            ));
        }
        let Some(directive) = parse(gap[line]) else {
            return Err(wrong(
                sql,
                statement,
                "the comment above this does not read `-- seachange: backfill by <column>`",
            ));
        };
        found.insert(place, directive);
    }
    let behind = sql.text[from..].lines();
    match all.last() {
        Some(last)
            if behind
                .into_iter()
                .any(|line| line.trim().starts_with(DIRECTIVE)) =>
        {
            Err(wrong(
                sql,
                last,
                "behind this stands a backfill's comment with no statement below it",
            ))
        }
        _ => Ok(found),
    }
}

/// The statement of a file that asks to be a backfill, where it can't be one: inside a transaction.
pub(in crate::runner) fn directive_within(
    sql: SqlText<'_>,
    all: &[Statement<'_>],
) -> Result<(), SqlError> {
    if !sql.text.contains(DIRECTIVE) {
        return Ok(());
    }
    match directives(sql, all)?.keys().next() {
        None => Ok(()),
        Some(place) => Err(SqlError::refused(
            sql,
            &all[*place],
            "a backfill runs in batches that are committed one by one, and this migration is one transaction",
            "begin the file with `-- seachange: no-transaction`, or leave the backfill's comment out",
        )),
    }
}

/// `-- seachange: backfill by id, 1000 rows, 50ms apart`
fn parse(line: &str) -> Option<Directive> {
    let rest = line.strip_prefix(DIRECTIVE)?.trim().strip_prefix("by ")?;
    let mut parts = rest.split(',').map(str::trim);
    let mut reader = Reader::new(parts.next()?);
    let column = reader.name().filter(|name| name.schema.is_none())?.name;
    if !reader.at_end() {
        return None;
    }
    let mut directive = Directive {
        column,
        rows: ROWS,
        apart: Duration::ZERO,
    };
    for part in parts {
        if let Some(rows) = part.strip_suffix("rows").or(part.strip_suffix("row")) {
            directive.rows = rows.trim().parse().ok().filter(|rows| *rows > 0)?;
        } else {
            let time = part.strip_suffix("apart")?.trim();
            let (number, unit) = match time.strip_suffix("ms") {
                Some(number) => (number, 1),
                None => (time.strip_suffix('s')?, 1000),
            };
            let number: u64 = number.trim().parse().ok()?;
            directive.apart = Duration::from_millis(number.checked_mul(unit)?);
        }
    }
    Some(directive)
}

/// Takes the statement apart.
pub(super) fn read(
    sql: SqlText<'_>,
    statement: &Statement<'_>,
    directive: Directive,
) -> Result<Backfill, SqlError> {
    let text = statement.text;
    let mut reader = Reader::new(text);
    let updates = reader.take(&["update"]);
    if !updates && !reader.take(&["delete", "from"]) {
        return Err(wrong(sql, statement, "a backfill is an UPDATE or a DELETE"));
    }
    let only = reader.take(&["only"]);
    let Some(table) = reader.name() else {
        return Err(wrong(sql, statement, "a backfill names its table"));
    };
    reader.sign('*');
    let named = reader.take(&["as"]);
    let clauses = ["set", "where", "using", "returning"];
    let alias = if named || !(reader.at_end() || clauses.iter().any(|word| reader.is_at(word))) {
        reader.name().map_or(table.name.clone(), |name| name.name)
    } else {
        table.name.clone()
    };

    let outer = outer(text);
    let find = |word: &str| {
        let is = |(token, _): &&(Token, usize)| matches!(token, Token::Word(one) if one == word);
        outer.iter().rfind(is).map(|(_, at)| *at)
    };
    if find("returning").is_some() {
        return Err(wrong(
            sql,
            statement,
            "a backfill returns no rows: leave RETURNING out",
        ));
    }
    if updates && sets(text, &directive.column) {
        return Err(wrong(
            sql,
            statement,
            "a backfill can't set the key itself that it goes by",
        ));
    }
    let (head, condition) = match find("where") {
        Some(at) => (
            &text[..at],
            Some(text[at + "where".len()..].trim().to_owned()),
        ),
        None => (text, None),
    };
    if condition
        .as_deref()
        .is_some_and(|text| Reader::new(text).take(&["current", "of"]))
    {
        return Err(wrong(sql, statement, "a backfill has no cursor"));
    }
    Ok(Backfill {
        directive,
        table,
        only,
        alias,
        head: head.trim_end().to_owned(),
        condition,
    })
}

/// The tokens that stand in no parentheses or brackets.
fn outer(text: &str) -> Vec<(Token, usize)> {
    let mut depth = 0_u32;
    let mut found = Vec::new();
    for (token, at) in tokens(text) {
        match token {
            Token::Sign('(' | '[') => depth += 1,
            Token::Sign(')' | ']') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            found.push((token, at));
        }
    }
    found
}

/// Whether an UPDATE assigns to the column: it stands behind SET or a comma and before `=`, by itself or
/// in a list.
fn sets(text: &str, column: &str) -> bool {
    let all: Vec<Token> = tokens(text).into_iter().map(|(token, _)| token).collect();
    let is_column =
        |token: &Token| matches!(token, Token::Word(name) | Token::Quoted(name) if name == column);
    let word = |token: &Token, word: &str| matches!(token, Token::Word(one) if one == word);
    let mut depth = 0_u32;
    let mut inside = false;
    let mut list: Option<bool> = None;
    for (place, token) in all.iter().enumerate() {
        let starts =
            place > 0 && (word(&all[place - 1], "set") || all[place - 1] == Token::Sign(','));
        match token {
            Token::Sign('(' | '[') => {
                if depth == 0 && inside && starts {
                    list = Some(false);
                }
                depth += 1;
            }
            Token::Sign(')' | ']') => {
                depth = depth.saturating_sub(1);
                if depth == 0
                    && list.take() == Some(true)
                    && all.get(place + 1) == Some(&Token::Sign('='))
                {
                    return true;
                }
            }
            token if depth == 0 && word(token, "set") => inside = true,
            token if depth == 0 && (word(token, "from") || word(token, "where")) => inside = false,
            token if inside && is_column(token) => {
                if depth == 0 && starts && all.get(place + 1) == Some(&Token::Sign('=')) {
                    return true;
                }
                if let (1, Some(has)) = (depth, list.as_mut()) {
                    *has = true;
                }
            }
            _ => {}
        }
    }
    false
}

fn wrong(sql: SqlText<'_>, statement: &Statement<'_>, message: &str) -> SqlError {
    SqlError::refused(
        sql,
        statement,
        message,
        "a backfill reads `-- seachange: backfill by id, 1000 rows, 50ms apart`, and on the next line an UPDATE or a DELETE whose last clause is its WHERE",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::statements;

    fn one(text: &str) -> Backfill {
        let sql = SqlText {
            path: "up.sql",
            text,
        };
        let all = statements(text);
        let directive = directives(sql, &all).unwrap().remove(&0).unwrap();
        read(sql, &all[0], directive).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn the_comment_is_read() {
        let read = |line: &str| parse(line).map(|it| (it.column, it.rows, it.apart.as_millis()));
        let line = "-- seachange: backfill by id";
        assert_eq!(read(line), Some(("id".to_owned(), ROWS, 0)));
        let line = "-- seachange: backfill by \"My Id\", 50 rows, 20ms apart";
        assert_eq!(read(line), Some(("My Id".to_owned(), 50, 20)));
        let line = "-- seachange: backfill by id, 2s apart";
        assert_eq!(read(line), Some(("id".to_owned(), ROWS, 2000)));
        for wrong in [
            "",
            "by",
            "by a.b",
            "by id 5",
            "by id, 0 rows",
            "by id, soon",
        ] {
            assert_eq!(read(&format!("{DIRECTIVE} {wrong}")), None, "{wrong}");
        }
    }

    #[test]
    fn the_statement_is_taken_apart() {
        let found = one(
            "-- seachange: backfill by id\nUPDATE ONLY app.t AS x SET a = (SELECT 1 WHERE true), b = y.b\nFROM y WHERE y.id = x.id -- why\n",
        );
        assert_eq!(found.table.plain(), "app.t");
        assert!(found.only);
        assert_eq!(found.alias, "x");
        assert_eq!(
            found.head,
            "UPDATE ONLY app.t AS x SET a = (SELECT 1 WHERE true), b = y.b\nFROM y"
        );
        assert_eq!(found.condition.as_deref(), Some("y.id = x.id"));
        let found = one("-- seachange: backfill by id\nDELETE FROM t");
        assert_eq!((found.alias.as_str(), found.condition), ("t", None));
        let found = one("-- seachange: backfill by id\nDELETE FROM t u USING v WHERE v.id = u.id");
        assert_eq!(found.alias, "u");
    }

    #[test]
    fn assignments_to_the_key_are_seen() {
        for (text, expected) in [
            ("UPDATE t SET id = 1", true),
            ("UPDATE t SET a = 1, \"id\" = 2", true),
            ("UPDATE t SET (a, id) = (1, 2)", true),
            ("UPDATE t SET a = id, b = (SELECT id = 3)", false),
            ("UPDATE t SET a = f(b, id) WHERE id = 4", false),
            ("UPDATE t SET (a, b) = (id, id)", false),
        ] {
            assert_eq!(sets(text, "id"), expected, "{text}");
        }
    }
}
