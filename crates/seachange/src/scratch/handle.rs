//! The handle on the server for scratch databases, which is started or connected to when a
//! database is first needed: what is cached needs none.

use std::sync::Arc;

use tokio::sync::OnceCell;

use super::database::ScratchDatabase;
use super::error::ScratchError;
use super::host::Host;
use super::template::{BuildLock, Template, TemplateKey};
use crate::connection::with_database;
use crate::server::{Role, Settings, ensure, running};

/// Names a server to make scratch databases in, instead of the throwaway one.
pub const SCRATCH_URL: &str = "SEACHANGE_SCRATCH_URL";

/// Makes, clones and seals scratch databases.
pub struct Scratch {
    origin: Origin,
    leftovers: Leftovers,
    host: OnceCell<Arc<Host>>,
}

enum Origin {
    Url(String),
    Managed(Settings),
}

/// What is done about them when the handle first meets its server.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leftovers {
    /// A few are dropped.
    Swept,
    Left,
}

impl Scratch {
    /// In the server of `SEACHANGE_SCRATCH_URL` if that is set, else in the throwaway server.
    /// Neither is met before a database is needed.
    pub fn open(settings: &Settings) -> Self {
        match std::env::var(SCRATCH_URL) {
            Ok(url) if !url.is_empty() => Self::at(url),
            _ => Self::from(Origin::Managed(settings.clone())),
        }
    }

    /// In the server of a URL.
    pub fn at(url: impl Into<String>) -> Self {
        Self::from(Origin::Url(url.into()))
    }

    /// For those who look after the leftovers themselves, with [`Scratch::sweep_alone`].
    #[must_use]
    pub fn leaving_leftovers(mut self) -> Self {
        self.leftovers = Leftovers::Left;
        self
    }

    /// An empty database.
    #[tracing::instrument(name = "scratch", skip_all)]
    pub async fn create(&self) -> Result<ScratchDatabase, ScratchError> {
        ScratchDatabase::create(self.host().await?, None).await
    }

    /// A copy of a sealed template.
    #[tracing::instrument(name = "clone", skip_all)]
    pub async fn clone_of(&self, template: &Template) -> Result<ScratchDatabase, ScratchError> {
        ScratchDatabase::create(self.host().await?, Some(template)).await
    }

    /// The sealed template of that key, if there is one.
    pub async fn template(&self, key: &TemplateKey) -> Result<Option<Template>, ScratchError> {
        let mut found = self.templates(std::slice::from_ref(key)).await?;
        Ok(found.pop())
    }

    /// Those of the keys that have a template, in the order of the keys.
    pub async fn templates(&self, keys: &[TemplateKey]) -> Result<Vec<Template>, ScratchError> {
        Template::find(self.host().await?, keys).await
    }

    /// Turns a database that nobody is connected to any more into the template of that key. If
    /// another process was quicker, its template is taken and this database dropped.
    #[tracing::instrument(name = "seal", skip_all)]
    pub async fn seal(
        &self,
        database: ScratchDatabase,
        key: &TemplateKey,
    ) -> Result<Template, ScratchError> {
        Template::seal(database, key).await
    }

    /// Waits for whoever builds the template of that key, here or in another process.
    pub async fn building(&self, key: &TemplateKey) -> Result<BuildLock, ScratchError> {
        BuildLock::wait_for(self.host().await?, key).await
    }

    /// Drops what processes left behind that no longer live; says what it dropped.
    pub async fn sweep(&self) -> Result<Vec<String>, ScratchError> {
        self.host().await?.sweep(usize::MAX).await
    }

    /// The same, and nothing while another process is at it.
    pub async fn sweep_alone(&self) -> Result<Vec<String>, ScratchError> {
        self.host().await?.sweep_alone().await
    }

    /// Makes a database of that name, in place of one that may be there, and returns its URL. It is
    /// no scratch database: nobody drops it but whoever asked for it.
    pub async fn replace(
        &self,
        name: &str,
        template: Option<&Template>,
    ) -> Result<String, ScratchError> {
        let host = self.host().await?;
        host.drop_database(name).await?;
        host.create(name, template).await?;
        Ok(with_database(&host.url, name)?)
    }

    /// Drops those databases, if they are there.
    pub async fn remove(&self, names: &[String]) -> Result<(), ScratchError> {
        let host = self.host().await?;
        for name in names {
            host.drop_database(name).await?;
        }
        Ok(())
    }

    /// The names of the databases that begin with that.
    pub async fn names_from(&self, beginning: &str) -> Result<Vec<String>, ScratchError> {
        self.host().await?.names_from(beginning).await
    }

    /// The server's `server_version_num`.
    pub async fn version(&self) -> Result<u32, ScratchError> {
        Ok(self.host().await?.version)
    }

    /// The same without starting or connecting to anything, where that can be told.
    pub fn version_if_running(&self) -> Option<u32> {
        if let Some(host) = self.host.get() {
            return Some(host.version);
        }
        match &self.origin {
            Origin::Url(_) => None,
            Origin::Managed(settings) => match running(settings, Role::Throwaway) {
                Ok(Some(server)) => Some(server.version()),
                // Whatever is wrong with it is told when it is needed.
                Ok(None) | Err(_) => None,
            },
        }
    }

    /// What the server is chosen by: another text may mean another version.
    pub(crate) fn choice(&self) -> String {
        match &self.origin {
            Origin::Url(url) => url.clone(),
            Origin::Managed(Settings { programs, .. }) => format!("managed {programs:?}"),
        }
    }

    /// Drops the databases of this handle whose owners forgot them.
    pub async fn drop_abandoned(&self) -> Result<(), ScratchError> {
        match self.host.get() {
            Some(host) => host.drop_abandoned().await,
            None => Ok(()),
        }
    }

    /// Drops what was abandoned on the way and closes the connection.
    pub async fn close(self) -> Result<(), ScratchError> {
        match self.host.into_inner() {
            Some(host) => host.drop_abandoned().await,
            None => Ok(()),
        }
    }

    pub(super) async fn host(&self) -> Result<&Arc<Host>, ScratchError> {
        self.host
            .get_or_try_init(|| async {
                let url = match &self.origin {
                    Origin::Url(url) => url.clone(),
                    Origin::Managed(settings) => managed(settings.clone()).await?,
                };
                let host = Host::connect(url).await?;
                if self.leftovers == Leftovers::Swept {
                    host.sweep_some().await?;
                }
                Ok(Arc::new(host))
            })
            .await
    }
}

impl From<Origin> for Scratch {
    fn from(origin: Origin) -> Self {
        Self {
            origin,
            leftovers: Leftovers::Swept,
            host: OnceCell::new(),
        }
    }
}

/// Finding and starting the server blocks, so it does not do so on the executor's thread.
async fn managed(settings: Settings) -> Result<String, ScratchError> {
    let ensured = tokio::task::spawn_blocking(move || ensure(&settings, Role::Throwaway)).await;
    match ensured {
        Ok(server) => Ok(server?.socket_url("postgres")),
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}
