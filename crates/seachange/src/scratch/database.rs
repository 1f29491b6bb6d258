//! One scratch database.

use std::sync::Arc;

use sqlx::PgConnection;

use super::error::ScratchError;
use super::host::Host;
use super::template::Template;
use crate::connection::{open, with_database};

/// A database that is its owner's alone. One that is not dropped by hand is dropped when the next is
/// made, and if there is none, by whoever comes after this process.
pub struct ScratchDatabase {
    host: Arc<Host>,
    /// Empty once it is no longer this value's to drop.
    name: String,
    url: String,
}

impl ScratchDatabase {
    pub(super) async fn create(
        host: &Arc<Host>,
        template: Option<&Template>,
    ) -> Result<Self, ScratchError> {
        let name = host.next_name();
        host.create(&name, template).await?;
        Ok(Self {
            host: Arc::clone(host),
            url: with_database(&host.url, &name)?,
            name,
        })
    }

    /// A new connection to it.
    pub async fn connect(&self) -> Result<PgConnection, ScratchError> {
        Ok(open(&self.url, "scratch").await?)
    }

    /// The whole URL, password included.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its name on the server.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Drops it, and whoever is connected to it with it.
    pub async fn drop(mut self) -> Result<(), ScratchError> {
        self.host.drop_database(&self.name).await?;
        self.name.clear();
        Ok(())
    }

    /// Leaves it where it is, for somebody who wants to look into it. It is never swept; `note` is its
    /// comment.
    pub async fn keep(mut self, note: &str) -> Result<(), ScratchError> {
        let sql = format!(
            "COMMENT ON DATABASE \"{}\" IS {}",
            self.name,
            seachange_schema::name::literal(note)
        );
        self.host.run("keep a scratch database", sql).await?;
        self.name.clear();
        Ok(())
    }

    /// Gives it up to somebody who gives it another name.
    pub(super) fn surrender(mut self) {
        self.name.clear();
    }

    pub(super) fn host(&self) -> &Arc<Host> {
        &self.host
    }
}

impl Drop for ScratchDatabase {
    fn drop(&mut self) {
        if !self.name.is_empty() {
            self.host.abandon(std::mem::take(&mut self.name));
        }
    }
}
