//! What a workspace says about itself, in its page of xtask.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use seachange::entities::Declared;
use seachange::workspace;

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
}

impl Project {
    /// This workspace's cargo, at the root, with nothing in its environment about the package that
    /// runs now.
    pub fn cargo(&self) -> Command {
        workspace::cargo(&self.root)
    }
}

/// A command of one workspace only. It is listed in the help and gets its arguments unread.
#[derive(Clone, Copy, Debug)]
pub struct Extra {
    pub name: &'static str,
    pub about: &'static str,
    pub run: fn(Vec<OsString>) -> ExitCode,
}
