//! The migrations of a copy: the files that `generate` wrote, and the way up, down and up again.

use std::fs;

use super::ran::Ran;
use super::{Rows, Workspace};

/// A migration on disk.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Migration {
    pub(crate) version: String,
    pub(crate) up: String,
    pub(crate) down: String,
}

/// The rows before a migration and at each stop of its way.
pub(crate) struct Circle {
    pub(crate) before: Rows,
    pub(crate) up: Rows,
    pub(crate) down: Rows,
    pub(crate) up_again: Rows,
}

impl Workspace {
    /// `generate NAME …`, and the one migration that it writes.
    #[track_caller]
    pub(crate) fn generate(&self, name: &str, more: &[&str]) -> Migration {
        let before = self.migrations();
        let words = [&["generate", name], more].concat();
        self.db(&words).done();
        let mut written = self.migrations();
        written.retain(|one| !before.contains(one));
        assert_eq!(written.len(), 1, "{written:#?}");
        assert!(written[0].version.ends_with(name), "{written:#?}");
        written.remove(0)
    }

    /// Every migration, in order; one in Rust has no SQL.
    pub(crate) fn migrations(&self) -> Vec<Migration> {
        let folder = self.root().join("migration/src");
        let mut found: Vec<Migration> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter_map(|name| name.strip_suffix(".rs").map(str::to_owned))
            .filter(|name| name.starts_with("m2"))
            .map(|version| {
                let text = |name: &str| fs::read_to_string(folder.join(&version).join(name));
                Migration {
                    up: text("up.sql").unwrap_or_default(),
                    down: text("down.sql").unwrap_or_default(),
                    version,
                }
            })
            .collect();
        found.sort();
        found
    }

    /// Applies what is pending, takes `steps` migrations back and applies them again. At each stop
    /// `status` has to find the database in order, and the rows are read.
    #[track_caller]
    pub(crate) fn circle(&self, steps: usize) -> Circle {
        let before = self.rows();
        self.db(&["migrate"]).done();
        self.in_order();
        let up = self.rows();
        self.db(&["rollback", "--yes", "--steps", &steps.to_string()])
            .done();
        self.as_migrated();
        let down = self.rows();
        self.db(&["migrate"]).done();
        self.in_order();
        Circle {
            before,
            up,
            down,
            up_again: self.rows(),
        }
    }

    /// Nothing is pending, nothing is wrong, nothing differs: database, migrations and entities.
    #[track_caller]
    pub(crate) fn in_order(&self) -> Ran {
        self.db(&["status", "--exit-code"]).done()
    }

    /// The database is what its applied migrations make of one, whatever is pending.
    #[track_caller]
    pub(crate) fn as_migrated(&self) {
        let status = self.db(&["status", "--json"]).done();
        assert_eq!(status.json()["database"]["differences"], 0, "{status:?}");
    }

    /// What is applied, by SeaORM's own record.
    pub(crate) fn applied(&self) -> Vec<String> {
        self.texts("SELECT version FROM seaql_migrations ORDER BY version")
    }
}

impl Migration {
    /// Its statements, without comments and blank lines.
    pub(crate) fn up_statements(&self) -> String {
        statements(&self.up)
    }

    pub(crate) fn down_statements(&self) -> String {
        statements(&self.down)
    }

    /// A file of it, from the copy's root.
    pub(crate) fn path(&self, file: &str) -> String {
        format!("migration/src/{}/{file}", self.version)
    }
}

fn statements(sql: &str) -> String {
    let lines = sql.lines().map(str::trim_end);
    let lines: Vec<&str> = lines
        .filter(|line| !line.is_empty() && !line.starts_with("--"))
        .collect();
    lines.join("\n")
}
