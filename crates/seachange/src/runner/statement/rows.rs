//! Statements whose work a schema does not hold: they change rows, or nobody can know that they don't.

use super::words::{Token, tokens};
use crate::connection::statements;

/// Each such statement of a text: its line, and the word that it begins with.
pub(crate) fn changes_of_rows(text: &str) -> Vec<(u32, String)> {
    let all = statements(text);
    let found = all.iter().filter_map(|statement| {
        let word = of_one(statement.text)?;
        Some((statement.line, word.to_uppercase()))
    });
    found.collect()
}

fn of_one(statement: &str) -> Option<String> {
    let words: Vec<String> = tokens(statement)
        .into_iter()
        .map(|(token, _)| match token {
            Token::Word(word) => word,
            Token::Sign(sign) => sign.to_string(),
            Token::Quoted(_) | Token::Text => String::new(),
        })
        .collect();
    let is = |at: usize, word: &str| words.get(at).is_some_and(|it| it == word);
    let first = words.first()?;
    let changes = match first.as_str() {
        "insert" | "update" | "delete" | "merge" | "copy" | "truncate" | "do" | "call" | "with"
        | "execute" | "explain" => true,
        // Of all functions, this one is known to change the session alone.
        "select" => !(is(1, "set_config") || is(1, "pg_catalog") && is(3, "set_config")),
        // A table that is filled from a query; `AS (` and `AS IDENTITY` belong to columns.
        "create" => {
            words.iter().take(4).any(|word| word == "table")
                && words.windows(2).any(|pair| {
                    pair[0] == "as"
                        && ["select", "with", "values", "table", "execute"]
                            .contains(&pair[1].as_str())
                })
        }
        // Where a sequence stands.
        "alter" => words.iter().any(|word| word == "restart"),
        _ => false,
    };
    changes.then(|| first.clone())
}

#[cfg(test)]
mod tests {
    use super::changes_of_rows;

    #[test]
    fn what_a_schema_does_not_hold() {
        for text in [
            "INSERT INTO t VALUES (1)",
            "-- why\nupdate t set a = 1",
            "WITH x AS (DELETE FROM t RETURNING *) SELECT 1",
            "DO $$ BEGIN END $$",
            "SELECT setval('s', 5)",
            "CREATE TABLE t AS SELECT 1",
            "CREATE UNLOGGED TABLE IF NOT EXISTS t (a) AS VALUES (1)",
            "ALTER SEQUENCE s RESTART WITH 100",
            "TRUNCATE t",
        ] {
            assert_eq!(changes_of_rows(text).len(), 1, "{text}");
        }
        for text in [
            "",
            "CREATE TABLE t (a int GENERATED ALWAYS AS (1 + 1) STORED)",
            "CREATE VIEW v AS SELECT 1",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'INSERT INTO t VALUES (1)'",
            "SELECT pg_catalog.set_config('search_path', '', false)",
            "COMMENT ON TABLE t IS 'INSERT'",
            "ALTER TABLE t ADD COLUMN a int DEFAULT 3",
            "BEGIN; SET lock_timeout = 5; COMMIT",
        ] {
            assert_eq!(changes_of_rows(text), [], "{text}");
        }
        assert_eq!(
            changes_of_rows("SELECT 1;\n\ninsert into t select 1;"),
            [(1, "SELECT".to_owned()), (3, "INSERT".to_owned())]
        );
    }
}
