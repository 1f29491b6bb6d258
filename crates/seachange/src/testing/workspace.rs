//! Which workspace a test database is for, and on which server.

use std::path::{Path, PathBuf};

use super::database::TestDatabase;
use super::error::TestingError;
use super::templates::Content;
use crate::scratch::Scratch;
use crate::server::Settings;

/// Names a server to make test databases on, as somebody who may create databases, instead of the
/// one of `SEACHANGE_SCRATCH_URL` or the throwaway server.
pub const TEST_URL: &str = "SEACHANGE_TEST_URL";

const MIGRATION: &str = "migration";
const SEED: &str = "seed";

/// A workspace whose tests want databases.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Workspace {
    pub(super) root: PathBuf,
    /// Folders below the root; their last parts are the packages' names.
    pub(super) migration: String,
    pub(super) seed: String,
    pub(super) seed_arguments: Vec<String>,
    /// The server, where it is not left to the environment.
    url: Option<String>,
}

impl Workspace {
    /// The one of the package that is tested: the folder with `migration/seachange.lock` in it, at or
    /// above `CARGO_MANIFEST_DIR`, which cargo and cargo-nextest set, else at or above the current one.
    pub fn find() -> Result<Self, TestingError> {
        Self::find_with(MIGRATION)
    }

    /// The same with the migration package in another folder below the root.
    pub fn find_with(migration: &str) -> Result<Self, TestingError> {
        let from = match std::env::var_os("CARGO_MANIFEST_DIR") {
            Some(package) => PathBuf::from(package),
            None => std::env::current_dir().unwrap_or_default(),
        };
        let looked_for = format!("{migration}/seachange.lock");
        match from.ancestors().find(|at| at.join(&looked_for).is_file()) {
            Some(root) => Ok(Self::at(root).with_migration(migration)),
            None => Err(TestingError::NoWorkspace { looked_for, from }),
        }
    }

    /// The one at `root`, with the packages `migration` and `seed` in folders of these names.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            migration: MIGRATION.to_owned(),
            seed: SEED.to_owned(),
            seed_arguments: Vec::new(),
            url: None,
        }
    }

    /// With the migration package in that folder below the root, and of its name.
    #[must_use]
    pub fn with_migration(mut self, folder: impl Into<String>) -> Self {
        self.migration = folder.into();
        self
    }

    /// With that package to fill a database: its folder below the root, of its name. Its program is
    /// run with `DATABASE_URL` in its environment.
    #[must_use]
    pub fn with_seed(mut self, folder: impl Into<String>) -> Self {
        self.seed = folder.into();
        self
    }

    /// With these arguments for the program that fills a database, such as `--profile load`; without
    /// them it gets none. Each choice of arguments is a template of its own.
    #[must_use]
    pub fn with_seed_arguments<A: Into<String>>(
        mut self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        self.seed_arguments = arguments.into_iter().map(Into::into).collect();
        self
    }

    /// On the server of that URL, whatever the environment says.
    #[must_use]
    pub fn on(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// A database with nothing in it.
    pub async fn empty(&self) -> Result<TestDatabase, TestingError> {
        TestDatabase::make(self, Content::Empty).await
    }

    /// A database with all migrations applied.
    pub async fn migrated(&self) -> Result<TestDatabase, TestingError> {
        TestDatabase::make(self, Content::Migrated).await
    }

    /// The same with what the seed program puts into it.
    pub async fn seeded(&self) -> Result<TestDatabase, TestingError> {
        TestDatabase::make(self, Content::Seeded).await
    }

    /// Where test databases are made. No server is met yet.
    pub(super) fn scratch(&self) -> Scratch {
        let named = self.url.clone().or_else(|| variable(TEST_URL));
        let scratch = match named {
            Some(url) => Scratch::at(url),
            None => Scratch::open(&self.settings()),
        };
        scratch.leaving_leftovers()
    }

    pub(super) fn settings(&self) -> Settings {
        Settings {
            home: match variable("SEACHANGE_HOME") {
                Some(home) => home.into(),
                None => self.root.join(".seachange"),
            },
            programs: variable("SEACHANGE_PG_BIN").map(PathBuf::from),
        }
    }
}

/// The name of the package in a folder.
pub(super) fn package(folder: &str) -> &str {
    let name = Path::new(folder).file_name();
    name.and_then(|name| name.to_str()).unwrap_or(folder)
}

/// An environment variable; empty is as good as unset.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
