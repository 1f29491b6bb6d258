//! What a workspace says about itself, in its page of xtask.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use seachange::entities::Declared;

/// A workspace whose database Seachange looks after.
#[derive(Clone, Debug)]
pub struct Project {
    /// The name of its database where none is given.
    pub name: &'static str,
    /// The workspace's root.
    pub root: PathBuf,
    /// What its entities, and the SQL beside them, declare.
    pub declared: Declared,
    /// The migration package: its name, and its folder below the root.
    pub migration: &'static str,
    /// The package that fills a database with fixtures.
    pub seed: &'static str,
}

impl Project {
    /// This workspace's cargo, at the root. What `cargo run` put into the environment about the
    /// package that runs is taken out: build scripts that look at it would all run again.
    pub fn cargo(&self) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.current_dir(&self.root);
        for (name, _) in std::env::vars_os() {
            let of_package = name.to_str().is_some_and(|name| {
                ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"]
                    .iter()
                    .any(|prefix| name.starts_with(prefix))
            });
            if of_package {
                command.env_remove(name);
            }
        }
        command
    }
}

/// A command of one workspace only. It is listed in the help and gets its arguments unread.
#[derive(Clone, Copy, Debug)]
pub struct Extra {
    pub name: &'static str,
    pub about: &'static str,
    pub run: fn(Vec<OsString>) -> ExitCode,
}
