//! What a workspace says about itself, in its page of xtask.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use seachange::entities::Declared;
use seachange::workspace;
use seachange_lint::Finding;

/// A workspace whose database Seachange looks after.
#[derive(Clone, Debug)]
pub struct Project {
    /// The name of its database where none is given.
    pub name: &'static str,
    /// The workspace's root.
    pub root: PathBuf,
    /// What its entities, and the SQL beside them, declare.
    pub declared: Declared,
    /// The folder, below the root, of the package that its entities are in: `pull` writes there.
    pub entities: &'static str,
    /// The migration package: its name, and its folder below the root.
    pub migration: &'static str,
    /// The package that fills a database with fixtures: its name, and its folder below the root.
    pub seed: &'static str,
    /// What `lint` and `check` are to pass over.
    pub lint: &'static [Allowed],
}

/// Findings of lint that are meant to be so: what entities declare has no place for a comment, and an applied
/// migration must not be edited for the sake of one.
#[derive(Clone, Copy, Debug)]
pub struct Allowed {
    /// The rule.
    pub code: &'static str,
    /// What the finding is about, as `lint --json` names its subject (`users.email`), or a migration's version;
    /// for all of them, `*`.
    pub subject: &'static str,
    /// Why.
    pub reason: &'static str,
}

impl Allowed {
    pub(crate) fn covers(&self, finding: &Finding) -> bool {
        let file = finding.file.as_deref().unwrap_or_default();
        let subject = self.subject;
        self.code == finding.code
            && (subject == "*"
                || subject == finding.subject
                || file.split(['/', '\\']).any(|part| part == subject))
    }
}

impl Project {
    /// A workspace as SeaORM's own guides lay it out: entities in `entity`, migrations in `migration`; rows
    /// are put in by `seed`, where there is such a folder. It declares nothing yet.
    pub fn new(name: &'static str, root: impl Into<PathBuf>) -> Self {
        Self {
            name,
            root: root.into(),
            declared: Declared::nothing(),
            entities: "entity",
            migration: "migration",
            seed: "seed",
            lint: &[],
        }
    }

    /// With what its entities, and the SQL beside them, declare.
    #[must_use]
    pub fn with_declared(mut self, declared: Declared) -> Self {
        self.declared = declared;
        self
    }

    /// Whether there is a package that fills a database.
    pub(crate) fn has_seed(&self) -> bool {
        self.root.join(self.seed).join("Cargo.toml").exists()
    }

    /// This workspace's cargo, at the root, with nothing in its environment about the package that
    /// runs now.
    pub fn cargo(&self) -> Command {
        workspace::cargo(&self.root)
    }
}

/// A command of one workspace only. It is listed in the help and gets its arguments unread.
#[derive(Clone, Copy, Debug)]
pub struct Extra {
    /// As it is typed.
    pub name: &'static str,
    /// Its line in the help.
    pub about: &'static str,
    /// What it does with its arguments; the code is the program's.
    pub run: fn(Vec<OsString>) -> ExitCode,
}
