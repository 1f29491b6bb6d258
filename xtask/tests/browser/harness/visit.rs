//! Somebody who has opened the studio of one database.

use std::ops::Deref;
use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};

use super::chromium::Chromium;
use super::database::{Database, Rows};
use super::page::Page;
use super::studio::Studio;

/// Fields go in their order: the browser, then the studio, then the database.
pub(crate) struct Visit {
    page: Page,
    studio: Studio,
    pub(crate) database: Database,
}

impl Visit {
    /// None where there is no browser.
    pub(crate) fn to(rows: Rows) -> Option<Self> {
        Self::with(rows, &[])
    }

    /// The same with more arguments of `cargo xtask db studio`.
    pub(crate) fn with(rows: Rows, arguments: &[&str]) -> Option<Self> {
        let chromium = Chromium::start()?;
        let runtime: Arc<Runtime> = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap()
            .into();
        let database = Database::of(rows, Arc::clone(&runtime));
        let studio = Studio::of(database.url(), arguments);
        let page = Page::open(chromium, runtime, &studio.link);
        Some(Self {
            page,
            studio,
            database,
        })
    }

    /// A page of this studio: `/diagram`.
    #[track_caller]
    pub(crate) fn goes(&self, path: &str) {
        self.page
            .goes_to(&format!("{}{path}", self.studio.origin()));
    }

    /// Where it is, without the studio's name: `/table/public/users?sort=name:asc`.
    pub(crate) fn path(&self) -> String {
        let url = self.page.url();
        match url.strip_prefix(self.studio.origin()) {
            Some(path) => path.to_owned(),
            None => panic!("{url} is not the studio's"),
        }
    }
}

impl Deref for Visit {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}
