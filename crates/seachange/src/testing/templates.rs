//! The templates of one workspace: found, or built by whoever comes first.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::process::Command;
use tokio::sync::OnceCell;

use super::error::TestingError;
use super::workspace::{Workspace, package};
use super::{living, sources};
use crate::connection::is_local;
use crate::entities::Declared;
use crate::migrations::text_hash;
use crate::scratch::{Scratch, ScratchDatabase, Template, TemplateKey};
use crate::server::Settings;
use crate::source::{Places, Road, Source};
use crate::workspace::{RustMigrations, build};

/// What is in a test database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Empty,
    /// All migrations are applied.
    Migrated,
    /// They are, and the seed program has run.
    Seeded,
}

/// What the test databases of one workspace are copied from.
pub struct Templates {
    workspace: Workspace,
    road: Road,
    messages: fn() -> Stdio,
    migrated: Kept,
    seeded: Kept,
    swept: OnceCell<()>,
}

/// A template that was there a moment ago. Whoever builds it holds the lock.
type Kept = tokio::sync::Mutex<Option<Template>>;

impl Templates {
    /// `messages` is where cargo says what it has to say, as in [`build`].
    pub fn new(workspace: &Workspace, messages: fn() -> Stdio) -> Self {
        let Workspace {
            root, migration, ..
        } = workspace;
        let settings = workspace.settings();
        let rust = RustMigrations::new(root, package(migration), messages);
        let places = Places {
            // What is remembered about the tests' server is nothing to the commands.
            server: Settings {
                home: settings.home.join("testing"),
                ..settings
            },
            declared: Declared::nothing(),
            migrations: root.join(migration),
            database: None,
            rust: Some(Box::new(rust)),
        };
        Self {
            workspace: workspace.clone(),
            road: Road::with_scratch(places, workspace.scratch()),
            messages,
            migrated: Kept::default(),
            seeded: Kept::default(),
            swept: OnceCell::new(),
        }
    }

    /// Those of a workspace, for as long as this process lives.
    pub(super) fn of(workspace: &Workspace) -> Arc<Self> {
        static OPEN: Mutex<BTreeMap<Workspace, Arc<Templates>>> = Mutex::new(BTreeMap::new());
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        let templates = open
            .entry(workspace.clone())
            .or_insert_with(|| Arc::new(Self::new(workspace, Stdio::piped)));
        Arc::clone(templates)
    }

    /// Where they are.
    pub fn scratch(&self) -> &Scratch {
        self.road.scratch()
    }

    /// The template of that content, found or built; none for nothing.
    pub async fn template(&self, content: Content) -> Result<Option<Template>, TestingError> {
        Ok(match content {
            Content::Empty => None,
            Content::Migrated => Some(self.migrated().await?),
            Content::Seeded => Some(self.seeded().await?),
        })
    }

    /// A database of that content. The first one is followed by a look for leftovers.
    pub(super) async fn database(
        self: Arc<Self>,
        content: Content,
    ) -> Result<ScratchDatabase, TestingError> {
        let copied = self.copied(content).await;
        if copied.is_err() {
            // What was begun of a template goes with the error.
            self.scratch().drop_abandoned().await.ok();
        }
        let database = copied?;
        if self.swept.set(()).is_ok() {
            living::start(async move {
                // What can't be dropped now is seen by the next one who looks.
                self.scratch().sweep_alone().await.ok();
            });
        }
        Ok(database)
    }

    /// The template may be pruned by another process that seals one.
    async fn copied(&self, content: Content) -> Result<ScratchDatabase, TestingError> {
        const TRIES: usize = 3;
        let mut tries = 1;
        loop {
            let Some(template) = self.template(content).await? else {
                return Ok(self.scratch().create().await?);
            };
            match self.scratch().clone_of(&template).await {
                Err(error) if error.is_gone() && tries < TRIES => {
                    tries += 1;
                    for kept in [&self.migrated, &self.seeded] {
                        kept.lock().await.take_if(|kept| *kept == template);
                    }
                }
                copied => return Ok(copied?),
            }
        }
    }

    async fn migrated(&self) -> Result<Template, TestingError> {
        let mut kept = self.migrated.lock().await;
        if let Some(template) = &*kept {
            return Ok(template.clone());
        }
        let template = self
            .road
            .template(&Source::Migrations { upto: None })
            .await?;
        // The process may end before the thread that does it.
        self.road.finish_writing();
        Ok(kept.insert(template).clone())
    }

    async fn seeded(&self) -> Result<Template, TestingError> {
        let mut kept = self.seeded.lock().await;
        if let Some(template) = &*kept {
            return Ok(template.clone());
        }
        let Workspace { root, seed, .. } = &self.workspace;
        let content = sources::hash(root, seed)?;
        let migrated = self.migrated().await?;
        let mut parts = vec![("migrations", migrated.name()), ("seed", content.as_str())];
        let arguments = &self.workspace.seed_arguments;
        parts.extend(arguments.iter().map(|it| ("argument", it.as_str())));
        let key = TemplateKey::new("seeded", &text_hash(&parts));
        let template = match self.scratch().template(&key).await? {
            Some(template) => template,
            None => self.build_seeded(&key).await?,
        };
        Ok(kept.insert(template).clone())
    }

    async fn build_seeded(&self, key: &TemplateKey) -> Result<Template, TestingError> {
        let _turn = self.scratch().building(key).await?;
        if let Some(template) = self.scratch().template(key).await? {
            return Ok(template);
        }
        let workspace = &self.workspace;
        let package = package(&workspace.seed);
        let program = build(&workspace.root, package, (self.messages)()).await?;
        let database = Box::pin(self.copied(Content::Migrated)).await?;
        fill(workspace, &program, database.url()).await?;
        Ok(self.scratch().seal(database, key).await?)
    }
}

async fn fill(workspace: &Workspace, program: &Path, url: &str) -> Result<(), TestingError> {
    let consent = (!is_local(url)).then_some("--allow-remote");
    let output = Command::new(program)
        .args(&workspace.seed_arguments)
        .args(consent)
        .env("DATABASE_URL", url)
        .env_remove("DATABASE_SCHEMA")
        .current_dir(&workspace.root)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|source| TestingError::Run {
            program: program.to_owned(),
            source,
        })?;
    if output.status.success() {
        return Ok(());
    }
    Err(TestingError::Seed {
        package: package(&workspace.seed).to_owned(),
        status: output.status,
        said: String::from_utf8_lossy(&output.stderr)
            .trim_end()
            .to_owned(),
    })
}
