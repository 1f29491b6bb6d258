//! A copy of the workspace with a database of its own, and the real programs run in it: what every test
//! of the guide begins with.

pub(super) mod artefacts;
mod database;
mod edits;
mod migrations;
mod programs;
mod ran;
mod rows;
mod slot;
pub(super) mod sources;
mod terminal;

use std::cell::Cell;
use std::path::PathBuf;

use seachange::scratch::ScratchDatabase;

pub(super) use edits::Kept;
pub(super) use migrations::Migration;
pub(super) use programs::unset;
pub(super) use ran::Ran;
pub(super) use rows::Rows;
pub(super) use terminal::{CTRL_C, DOWN, ENTER, ESCAPE, UP};

pub(super) use database::Server;
use programs::Xtask;
use slot::Slot;

/// Entities, migrations and fixtures as they are in this repository, to be changed at will; a database
/// with the migrations applied, the fixtures and a few rows more.
pub(super) struct Workspace {
    slot: Slot,
    server: Server,
    /// None only while it is dropped.
    database: Option<ScratchDatabase>,
    /// Which of its xtasks is made of the sources as they are now.
    xtask: Cell<Xtask>,
}

/// Rows that the fixtures lack: what is odd is what gets lost.
const ROWS: &str = r#"
INSERT INTO users (email, name) VALUES
    ('zoë@example.org', E'Zoë O''Hara \\ "Z"\n\t'),
    ('blank@example.org', '');
INSERT INTO comments (application_id, author_id, content)
    SELECT id, NULL, 'left by somebody who is gone' FROM applications LIMIT 1;
"#;

impl Workspace {
    /// Takes a slot, lays the copy out in it, and makes its database.
    pub(super) fn copy() -> Self {
        let mut workspace = Self {
            slot: Slot::take(),
            server: Server::find(),
            database: None,
            xtask: Cell::new(Xtask::Fresh),
        };
        let database = workspace.server.filled(workspace.slot.hash(), |url| {
            workspace.db_on(url, &["migrate"]).done();
            workspace.db_on(url, &["seed"]).done();
            workspace.psql(url, ROWS).done();
        });
        workspace.database = Some(database);
        workspace
    }

    /// The root of the copy.
    pub(super) fn root(&self) -> PathBuf {
        self.slot.root()
    }

    /// The URL of its database.
    pub(super) fn url(&self) -> &str {
        self.database.as_ref().unwrap().url()
    }

    fn database_name(&self) -> &str {
        self.database.as_ref().unwrap().name()
    }

    /// Another database, empty, until the workspace is dropped.
    pub(super) fn empty_database(&self) -> Other<'_> {
        Other {
            workspace: self,
            database: Some(self.server.empty()),
        }
    }

    /// Every row of its database.
    pub(super) fn rows(&self) -> Rows {
        self.server.rows(self.url())
    }

    /// Runs statements in its database.
    #[track_caller]
    pub(super) fn execute(&self, sql: &str) {
        self.try_execute(sql).unwrap();
    }

    /// The SQLSTATE where PostgreSQL refuses them.
    pub(super) fn try_execute(&self, sql: &str) -> Result<(), String> {
        let result = self.server.execute(self.url(), sql);
        result.map_err(|error| {
            error
                .as_database_error()
                .unwrap()
                .code()
                .unwrap()
                .into_owned()
        })
    }

    /// The first column of every row that a query gives, as text.
    pub(super) fn texts(&self, query: &str) -> Vec<String> {
        self.server.texts(self.url(), query)
    }

    /// The one text that a query gives.
    pub(super) fn text(&self, query: &str) -> String {
        let mut texts = self.texts(query);
        assert_eq!(texts.len(), 1, "rows of {query}");
        texts.remove(0)
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        if let Some(database) = self.database.take() {
            self.server.drop(database);
        }
    }
}

/// A second database beside the workspace's own.
pub(super) struct Other<'a> {
    workspace: &'a Workspace,
    database: Option<ScratchDatabase>,
}

impl Other<'_> {
    pub(super) fn url(&self) -> &str {
        self.database.as_ref().unwrap().url()
    }

    pub(super) fn rows(&self) -> Rows {
        self.workspace.server.rows(self.url())
    }

    #[track_caller]
    pub(super) fn execute(&self, sql: &str) {
        self.workspace.server.execute(self.url(), sql).unwrap();
    }
}

impl Drop for Other<'_> {
    fn drop(&mut self) {
        if let Some(database) = self.database.take() {
            self.workspace.server.drop(database);
        }
    }
}
