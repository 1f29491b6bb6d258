//! Running the copy's programs: built by cargo where their sources changed, run as they are.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use seachange::scratch::SCRATCH_URL;

use super::Workspace;
use super::ran::{self, Ran};
use crate::page::Ground;

/// Which xtask is made of the sources as they are now.
#[derive(Clone, Copy)]
pub(super) enum Xtask {
    /// That of a fresh copy.
    Fresh,
    /// None yet.
    Edited,
    /// The one in the target folder.
    Built,
}

/// What this test run put into the environment about itself, its terminal or its user.
const UNSET: [&str; 9] = [
    "CARGO_TARGET_DIR",
    "CI",
    "CLICOLOR_FORCE",
    "DATABASE_SCHEMA",
    "NO_COLOR",
    "PGOPTIONS",
    "RUST_LOG",
    "SEACHANGE_PG_BIN",
    "TERM",
];

impl Workspace {
    /// `cargo xtask db …` on the workspace's database.
    pub(crate) fn db(&self, words: &[&str]) -> Ran {
        self.db_on(self.url(), words)
    }

    /// The same on another database.
    pub(crate) fn db_on(&self, url: &str, words: &[&str]) -> Ran {
        ran::run(&mut self.db_command(url, words))
    }

    /// The same, still to be run. Without cargo, whose look at what is up to date is the slower part.
    pub(super) fn db_command(&self, url: &str, words: &[&str]) -> Command {
        let mut command = self.command(&self.xtask(), url);
        command.arg("db").args(words);
        command
    }

    /// xtask as its sources are now. That of a fresh copy is kept: many tests edit no entity.
    fn xtask(&self) -> PathBuf {
        let built = self.root().join("target/debug/xtask");
        match self.xtask.get() {
            Xtask::Built => built,
            Xtask::Edited => {
                self.build_xtask();
                self.xtask.set(Xtask::Built);
                built
            }
            Xtask::Fresh => {
                let kept = self.slot.kept(&format!("xtask-{}", self.slot.hash()));
                if !kept.exists() {
                    self.build_xtask();
                    self.slot.keep(&built, &kept);
                }
                kept
            }
        }
    }

    fn build_xtask(&self) {
        let build = [
            "build",
            "--quiet",
            "--offline",
            "--locked",
            "--package",
            "xtask",
        ];
        self.cargo(&build).done();
    }

    /// The copy's cargo, on the workspace's database if it has one yet.
    pub(crate) fn cargo(&self, words: &[&str]) -> Ran {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let url = self.database.as_ref().map_or("", |database| database.url());
        ran::run(self.command(Path::new(&cargo), url).args(words))
    }

    /// psql with a script, which stops at the first error.
    pub(crate) fn psql(&self, url: &str, script: &str) -> Ran {
        let file = self.slot.home().join("script.sql");
        std::fs::write(&file, script).unwrap();
        let mut command = self.command(Path::new("psql"), url);
        command.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]);
        ran::run(command.arg("--file").arg(file).arg(url))
    }

    /// The copy as the ground of a page of documentation, on the workspace's database.
    pub(crate) fn ground(&self) -> Ground {
        let ground = Ground::at(&self.root(), "/home/ada/cohortflow");
        let ground = unset().into_iter().fold(ground, Ground::without);
        ground
            .with("DATABASE_URL", self.url())
            .with(SCRATCH_URL, &self.server.url)
            .with("SEACHANGE_HOME", self.slot.home())
            .with("CARGO_NET_OFFLINE", "true")
            .shows(self.url(), "postgres://ada@db.example/cohortflow")
            .shows(self.database_name(), "cohortflow")
            .shows(
                self.slot.home().to_str().unwrap(),
                "/home/ada/cohortflow/.seachange",
            )
    }

    fn command(&self, program: &Path, url: &str) -> Command {
        let mut command = Command::new(program);
        for name in unset() {
            command.env_remove(name);
        }
        command
            .current_dir(self.root())
            .env("DATABASE_URL", url)
            .env(SCRATCH_URL, &self.server.url)
            .env("SEACHANGE_HOME", self.slot.home());
        command
    }
}

/// The variables that this test run has for itself.
pub(crate) fn unset() -> Vec<OsString> {
    let names = std::env::vars_os().map(|(name, _)| name);
    let own = names.filter(|name| {
        let name = name.to_string_lossy();
        let mut prefixes = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "NEXTEST"].iter();
        prefixes.any(|prefix| name.starts_with(prefix))
    });
    own.chain(UNSET.map(OsString::from)).collect()
}
