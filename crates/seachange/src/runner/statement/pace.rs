//! How long a statement may take, by what it does to others meanwhile.

use std::time::Duration;

use super::alone::{Alone, alone};
use super::words::Reader;
use crate::runner::run::Settings;

/// What a statement does to others while it works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::runner) enum Pace {
    /// It changes a definition, mostly under a lock that keeps readers or writers out: it has to be short.
    Blocking,
    /// It goes over rows, and others go on: index builds, validation, rows changed, maintenance.
    Long,
    /// It changes the session and nothing else: settings, roles, prepared statements.
    Session,
}

/// Tells it by the first words.
pub(in crate::runner) fn pace(text: &str) -> Pace {
    if alone(text).is_some() {
        return Pace::Long;
    }
    let mut reader = Reader::new(text);
    let Some(first) = reader.word().map(str::to_owned) else {
        return Pace::Long;
    };
    match first.as_str() {
        "set"
            if !["local", "constraints", "transaction"]
                .iter()
                .any(|word| reader.take(&[word])) =>
        {
            Pace::Session
        }
        "reset" | "load" | "prepare" | "deallocate" | "discard" | "listen" | "unlisten" => {
            Pace::Session
        }
        "select" => {
            let sets = reader.name().is_some_and(|name| name.name == "set_config");
            reader.options_have("set_config");
            if sets && reader.at_end() {
                Pace::Session
            } else {
                Pace::Long
            }
        }
        "create" => created(&mut reader),
        "alter" if reader.has("validate") && reader.has("constraint") => Pace::Long,
        "alter" | "drop" | "lock" | "truncate" | "comment" | "grant" | "revoke" | "security" => {
            Pace::Blocking
        }
        _ => Pace::Long,
    }
}

/// A table or a view that is filled from a query is nobody else's yet.
fn created(reader: &mut Reader) -> Pace {
    if reader.take(&["materialized"]) {
        return Pace::Long;
    }
    reader.take(&["unlogged"]);
    if !reader.take(&["table"]) {
        return Pace::Blocking;
    }
    reader.take(&["if", "not", "exists"]);
    reader.name();
    match reader.has("select") {
        true => Pace::Long,
        false => Pace::Blocking,
    }
}

/// Whether the locks that it waits for keep readers and writers waiting behind it. Those of index builds
/// with CONCURRENTLY and of a plain VACUUM don't: a lock timeout would only have them fail behind any long
/// transaction. Detaching a partition ends with a lock that does.
fn waits_in_the_way(text: &str) -> bool {
    let reader = Reader::new(text);
    match alone(text) {
        Some(Alone::CreateIndex { .. } | Alone::DropIndex { .. }) => false,
        Some(Alone::Reindex(_)) => !reader.has("concurrently"),
        Some(Alone::Repeatable) if reader.is_at("vacuum") => reader.has("full"),
        _ => true,
    }
}

/// The `lock_timeout` and the `statement_timeout` of a statement.
pub(in crate::runner) fn limits(text: &str, settings: &Settings) -> (Duration, Duration) {
    let lock = match waits_in_the_way(text) {
        true => settings.lock_timeout,
        false => Duration::ZERO,
    };
    let statement = match pace(text) {
        Pace::Blocking => settings.statement_timeout,
        Pace::Long | Pace::Session => Duration::ZERO,
    };
    (lock, statement)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_locks_is_short() {
        for text in [
            "ALTER TABLE t ADD COLUMN a int",
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
            "CREATE TABLE t (a int)",
            "CREATE INDEX i ON t (a)",
            "DROP TABLE t",
        ] {
            assert_eq!(pace(text), Pace::Blocking, "{text}");
        }
    }

    #[test]
    fn what_goes_over_rows_takes_its_time() {
        for text in [
            "ALTER TABLE t VALIDATE CONSTRAINT c",
            "CREATE INDEX CONCURRENTLY i ON t (a)",
            "CREATE TABLE t AS SELECT 1",
            "CREATE MATERIALIZED VIEW v AS SELECT 1",
            "UPDATE t SET a = 1",
            "VACUUM t",
            "SET LOCAL work_mem = '1MB'",
        ] {
            assert_eq!(pace(text), Pace::Long, "{text}");
        }
    }

    #[test]
    fn what_nobody_waits_behind_waits_without_end() {
        for (text, expected) in [
            ("CREATE INDEX CONCURRENTLY i ON t (a)", false),
            ("DROP INDEX CONCURRENTLY i", false),
            ("REINDEX TABLE CONCURRENTLY t", false),
            ("VACUUM (ANALYZE) t", false),
            ("VACUUM FULL t", true),
            ("REINDEX TABLE t", true),
            ("CREATE INDEX i ON t (a)", true),
            ("ALTER TABLE p DETACH PARTITION q CONCURRENTLY", true),
            ("UPDATE t SET a = 1", true),
        ] {
            assert_eq!(waits_in_the_way(text), expected, "{text}");
        }
    }

    #[test]
    fn what_changes_the_session() {
        for text in [
            "SET search_path = a, b",
            "RESET ALL",
            "SELECT pg_catalog.set_config('search_path', '', false)",
        ] {
            assert_eq!(pace(text), Pace::Session, "{text}");
        }
    }
}
