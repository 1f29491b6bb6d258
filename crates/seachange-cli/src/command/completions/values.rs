//! The values that the workspace knows: versions of its migrations, sources, tables and columns as `schema.sql` has
//! them. From files alone, so that a key is answered at once.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::Command;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, PathCompleter};
use seachange::migrations;

use crate::project::Project;

/// What an argument's value is.
#[derive(Clone, Copy)]
enum Kind {
    Version,
    Source,
    /// `boats`, `boats.name`.
    Name,
    /// The same with the colon behind which the new name stands.
    Old,
    Table,
    Rule,
    File,
}

/// Which argument of which command below `db`.
const KINDS: [(&str, &str, Kind); 33] = [
    ("migrate", "to", Kind::Version),
    ("migrate", "fleet", Kind::File),
    ("migrate", "plan", Kind::File),
    ("migrate", "plan_out", Kind::File),
    ("rollback", "to", Kind::Version),
    ("rollback", "fleet", Kind::File),
    ("status", "fleet", Kind::File),
    ("baseline", "to", Kind::Version),
    ("squash", "to", Kind::Version),
    ("squash", "drop_data_statements", Kind::Version),
    ("rebase", "moved", Kind::Version),
    ("rebase", "onto", Kind::Version),
    ("lint", "since", Kind::Version),
    ("lint", "files", Kind::File),
    ("lint", "against", Kind::Source),
    ("lint", "deny", Kind::Rule),
    ("lint", "allow", Kind::Rule),
    ("diff", "from", Kind::Source),
    ("diff", "to", Kind::Source),
    ("docs", "from", Kind::Source),
    ("docs", "out", Kind::File),
    ("pull", "from", Kind::Source),
    ("pull", "tables", Kind::Table),
    ("pull", "out", Kind::File),
    ("push", "hints", Kind::Old),
    ("push", "allow_data_loss", Kind::Name),
    ("push", "plan", Kind::File),
    ("generate", "hints", Kind::Old),
    ("generate", "allow_data_loss", Kind::Name),
    ("diff", "hints", Kind::Old),
    ("diff", "allow_data_loss", Kind::Name),
    ("restore", "file", Kind::File),
    ("backup", "out", Kind::File),
];

/// The definition with completers at these arguments.
pub(super) fn known(mut definition: Command, project: &Project) -> Command {
    let migration = project.root.join(project.migration);
    for (command, argument, kind) in KINDS {
        let completer = completer(kind, migration.clone());
        definition = definition.mut_subcommand("db", |db| {
            db.mut_subcommand(command, |command| {
                command.mut_arg(argument, |it| it.add(completer))
            })
        });
    }
    definition
}

fn completer(kind: Kind, migration: PathBuf) -> ArgValueCompleter {
    match kind {
        Kind::File => ArgValueCompleter::new(PathCompleter::any()),
        kind => ArgValueCompleter::new(move |typed: &OsStr| {
            let typed = typed.to_string_lossy();
            // Of a list, the last one is being typed.
            let (before, last) = match (kind, typed.rfind(',')) {
                (Kind::Table | Kind::Rule, Some(at)) => typed.split_at(at + 1),
                _ => ("", &*typed),
            };
            let all = all(kind, &migration).into_iter();
            all.filter(|value| fits(kind, value, last))
                .map(|value| CompletionCandidate::new(format!("{before}{value}")))
                .collect()
        }),
    }
}

/// A version may be meant by its end as well: what follows the time.
fn fits(kind: Kind, value: &str, typed: &str) -> bool {
    let named = matches!(kind, Kind::Version) && !typed.is_empty();
    value.starts_with(typed)
        || (named
            && value
                .splitn(3, '_')
                .nth(2)
                .is_some_and(|it| it.starts_with(typed)))
}

fn all(kind: Kind, migration: &std::path::Path) -> Vec<String> {
    let versions = || -> Vec<String> {
        let folder = migrations::read(migration).ok();
        let all = folder.map(|folder| folder.migrations).unwrap_or_default();
        all.into_iter().map(|one| one.version).collect()
    };
    let names = || {
        let text = std::fs::read_to_string(migration.join("schema.sql")).unwrap_or_default();
        names(&text)
    };
    match kind {
        Kind::Version => versions(),
        Kind::Source => ["entities", "migrations", "database", "empty", "postgres://"]
            .map(str::to_owned)
            .into_iter()
            .chain(
                versions()
                    .into_iter()
                    .map(|one| format!("migrations@{one}")),
            )
            .collect(),
        Kind::Name => names(),
        Kind::Old => names().into_iter().map(|name| name + ":").collect(),
        Kind::Table => names()
            .into_iter()
            .filter(|name| !name.contains('.'))
            .collect(),
        Kind::Rule => (seachange_lint::rules().map(|rule| rule.code.to_owned())).collect(),
        Kind::File => Vec::new(),
    }
}

/// Tables and their columns, as `generate` writes them.
fn names(schema_sql: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut table: Option<String> = None;
    for line in schema_sql.lines() {
        if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
            let name = rest.trim_end_matches(" (").replace('"', "");
            names.push(name.clone());
            table = Some(name);
        } else if line.starts_with(')') {
            table = None;
        } else if let (Some(table), Some(rest)) = (&table, line.strip_prefix("    \""))
            && let Some((column, _)) = rest.split_once('"')
        {
            names.push(format!("{table}.{column}"));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_columns_of_a_schema() {
        let text = "CREATE TYPE \"kind\" AS ENUM ('a');\n\nCREATE TABLE \"boats\" (\n    \"id\" uuid NOT NULL,\n    \
                    \"name\" text,\n    CONSTRAINT \"x\" PRIMARY KEY (\"id\")\n);\n\nCREATE TABLE \"a\".\"b\" (\n);\n";
        assert_eq!(names(text), ["boats", "boats.id", "boats.name", "a.b"]);
    }

    #[test]
    fn a_version_is_meant_by_its_name_too() {
        let version = "m20260101_000100_add_boats";
        for typed in ["", "m2026", "add_", version] {
            assert!(fits(Kind::Version, version, typed), "{typed}");
        }
        assert!(!fits(Kind::Version, version, "boats"));
        assert!(!fits(Kind::Name, "a_b_c", "c"));
    }
}
