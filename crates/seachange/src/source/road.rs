//! From a source to its schema, or to a scratch database that has it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};

use seachange_schema::{Name, Schema, fingerprint};
use sqlx::Connection;

use super::build::Sealed;
use super::cache::Cache;
use super::choose::count_upto;
use super::error::SourceError;
use super::inputs::{Inputs, Keys, sql_files};
use super::replay::RunRust;
use super::version::ServerVersion;
use super::words::Source;
use crate::catalog;
use crate::connection::open;
use crate::entities::{Declared, EntitiesError, Recorded, record};
use crate::migrations::{self, Folder, Migration, MigrationsError, Problem, text_hash};
use crate::scratch::{Scratch, ScratchDatabase, ScratchError, Template, roles_of};
use crate::server::Settings;

/// Where a workspace has what schemas come from.
pub struct Places {
    /// Of the managed servers; schemas are cached below its `home`.
    pub server: Settings,
    /// The entities, and the SQL beside them.
    pub declared: Declared,
    /// The `migration` package.
    pub migrations: PathBuf,
    /// The URL of the workspace's database, if it has one.
    pub database: Option<String>,
    /// What can run migrations written in Rust.
    pub rust: Option<Box<dyn RunRust>>,
}

/// The way from sources to schemas. Files are read once; after writing a migration, [`Road::reread`].
pub struct Road {
    pub(super) places: Places,
    pub(super) scratch: Scratch,
    cache: Cache,
    version: ServerVersion,
    recorded: OnceLock<Arc<Recorded>>,
    folder: Mutex<Option<Arc<Folder>>>,
    schemas: Mutex<BTreeMap<String, Arc<Schema>>>,
    writing: Writing,
}

/// Schemas on their way to the disk, while the server works on something else.
#[derive(Default)]
struct Writing(Mutex<Vec<JoinHandle<()>>>);

impl Writing {
    fn finish(&self) {
        for thread in std::mem::take(&mut *locked(&self.0)) {
            // A schema that isn't kept is built again.
            thread.join().ok();
        }
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.finish();
    }
}

impl Road {
    /// Meets neither server nor files yet.
    pub fn new(places: Places) -> Self {
        let scratch = Scratch::open(&places.server);
        Self::with_scratch(places, scratch)
    }

    /// With scratch databases elsewhere than the settings say.
    pub fn with_scratch(places: Places, scratch: Scratch) -> Self {
        Self {
            cache: Cache::new(places.server.home.join("schemas")),
            places,
            scratch,
            version: ServerVersion::default(),
            recorded: OnceLock::new(),
            folder: Mutex::default(),
            schemas: Mutex::default(),
            writing: Writing::default(),
        }
    }

    /// Two schemas to be compared. What a live database has of partitions that something else makes, and
    /// of owners that nobody declared, is no difference, and left out.
    pub async fn pair(
        &self,
        from: &Source,
        to: &Source,
    ) -> Result<(Arc<Schema>, Arc<Schema>), SourceError> {
        // Where both have to be built, the server builds them side by side.
        let (previous, next) = tokio::try_join!(self.schema(from), self.schema(to))?;
        Ok((
            self.as_declared(from, &previous, &next),
            self.as_declared(to, &next, &previous),
        ))
    }

    fn as_declared(&self, source: &Source, schema: &Arc<Schema>, other: &Schema) -> Arc<Schema> {
        match source {
            Source::Database | Source::Url(_) => self.of_live(schema, other),
            _ => Arc::clone(schema),
        }
    }

    /// A live database's schema as it is compared with another.
    pub fn of_live(&self, schema: &Schema, other: &Schema) -> Arc<Schema> {
        let declared = &self.places.declared;
        let made_elsewhere = |table: &Name| declared.makes_no_partitions_of(table);
        let schema = match declared.partitions_made_elsewhere.is_empty() {
            true => schema.clone(),
            false => schema.without_partitions(made_elsewhere, |id| other.contains(id)),
        };
        Arc::new(schema.without_owners(|id| other.contains(id)))
    }

    /// What the source declares. No server is needed for what was built from the same before.
    #[tracing::instrument(name = "schema", skip_all, fields(%source))]
    pub async fn schema(&self, source: &Source) -> Result<Arc<Schema>, SourceError> {
        if let Some(url) = self.live(source)? {
            let mut connection = open(url, "schema").await?;
            let schema = catalog::read(&mut connection).await?;
            connection.close().await.ok();
            return Ok(Arc::new(schema));
        }
        self.built(self.inputs(source)?).await
    }

    /// What these migrations make, in this order; they need not stand in the folder so.
    pub async fn schema_of(&self, migrations: Vec<Migration>) -> Result<Arc<Schema>, SourceError> {
        self.built(self.inputs_of(migrations)?).await
    }

    /// A scratch database with what these migrations make.
    pub async fn database_of(
        &self,
        migrations: Vec<Migration>,
    ) -> Result<ScratchDatabase, SourceError> {
        let inputs = self.inputs_of(migrations)?;
        let version = self.version.ask(&self.scratch, &self.cache).await?;
        self.cloned(&inputs, &inputs.keys(version)).await
    }

    fn inputs_of(&self, migrations: Vec<Migration>) -> Result<Inputs, SourceError> {
        let mut folder = Folder::clone(&*self.folder()?);
        folder.migrations = migrations;
        Ok(Inputs::Migrations {
            count: folder.migrations.len(),
            folder: Arc::new(folder),
        })
    }

    async fn built(&self, inputs: Inputs) -> Result<Arc<Schema>, SourceError> {
        if let Some(version) = self.version.assume(&self.scratch, &self.cache)
            && let Some(schema) = self.cached(inputs.keys(version).last())
        {
            self.version.rely();
            return Ok(schema);
        }
        let keys = inputs.keys(self.version.ask(&self.scratch, &self.cache).await?);
        if let Some(schema) = self.cached(keys.last()) {
            return Ok(schema);
        }
        if let Sealed::Built(_, schema) = self.sealed(&inputs, &keys).await? {
            return Ok(schema);
        }
        let database = self.cloned(&inputs, &keys).await?;
        let schema = self.read(&database, &keys).await?;
        database.drop().await?;
        Ok(schema)
    }

    /// A scratch database that has the source's schema, to prove things in.
    pub async fn database(&self, source: &Source) -> Result<ScratchDatabase, SourceError> {
        if self.live(source)?.is_some() {
            return Err(SourceError::Live {
                source_name: source.to_string(),
            });
        }
        let inputs = self.inputs(source)?;
        let version = self.version.ask(&self.scratch, &self.cache).await?;
        if matches!(inputs, Inputs::Empty) {
            return Ok(self.scratch.create().await?);
        }
        self.cloned(&inputs, &inputs.keys(version)).await
    }

    /// Sees that the scratch server knows every role that a schema names.
    pub(crate) async fn provide_roles(&self, schema: &Schema) -> Result<(), ScratchError> {
        self.scratch.provide_roles(&roles_of(schema)).await
    }

    /// A sealed template of the source's schema, found or built.
    pub async fn template(&self, source: &Source) -> Result<Template, SourceError> {
        if self.live(source)?.is_some() {
            return Err(SourceError::Live {
                source_name: source.to_string(),
            });
        }
        let inputs = self.inputs(source)?;
        let version = self.version.ask(&self.scratch, &self.cache).await?;
        let sealed = self.sealed(&inputs, &inputs.keys(version)).await?;
        Ok(sealed.into_template())
    }

    /// The hash of everything that makes the source's schema. None for live sources, and while it is
    /// not known which PostgreSQL would build it.
    pub fn key(&self, source: &Source) -> Result<Option<String>, SourceError> {
        if matches!(source, Source::Database | Source::Url(_)) {
            return Ok(None);
        }
        let inputs = self.inputs(source)?;
        let version = self.version.assume(&self.scratch, &self.cache);
        self.version.rely();
        Ok(version.map(|version| inputs.keys(version).last().to_owned()))
    }

    /// Takes down what is known to be the source's schema, because it was proven to be.
    pub fn remember(&self, source: &Source, schema: Arc<Schema>) -> Result<(), SourceError> {
        if let Some(key) = self.key(source)? {
            self.keep(&key, schema);
        }
        Ok(())
    }

    /// Whether two sources were compared before and nothing was found to do. Told by their inputs
    /// alone: neither schema is read.
    pub fn known_to_agree(&self, previous: &Source, next: &Source) -> Result<bool, SourceError> {
        let fact = self.agreement(previous, next)?;
        Ok(fact.is_some_and(|fact| self.cache.holds(&fact)))
    }

    /// Takes down that two sources were compared and nothing was found to do.
    pub fn remember_agreement(&self, previous: &Source, next: &Source) -> Result<(), SourceError> {
        if let Some(fact) = self.agreement(previous, next)? {
            self.cache.keep(&fact);
        }
        Ok(())
    }

    fn agreement(&self, previous: &Source, next: &Source) -> Result<Option<String>, SourceError> {
        let (Some(previous), Some(next)) = (self.key(previous)?, self.key(next)?) else {
            return Ok(None);
        };
        let whole = ("comparison", fingerprint::WHOLE);
        let (previous, next) = (("previous", &*previous), ("next", &*next));
        Ok(Some(text_hash(&[whole, previous, next])))
    }

    /// What the entities declare, as SQL, and what they say about former names.
    pub fn recorded(&self) -> Result<Arc<Recorded>, EntitiesError> {
        if let Some(recorded) = self.recorded.get() {
            return Ok(Arc::clone(recorded));
        }
        let recorded = Arc::new(record(&self.places.declared)?);
        Ok(Arc::clone(self.recorded.get_or_init(|| recorded)))
    }

    /// The migration folder.
    pub fn folder(&self) -> Result<Arc<Folder>, SourceError> {
        let mut folder = locked(&self.folder);
        if let Some(folder) = folder.as_ref() {
            return Ok(Arc::clone(folder));
        }
        let read = Arc::new(readable(migrations::read(&self.places.migrations)?)?);
        *folder = Some(Arc::clone(&read));
        Ok(read)
    }

    /// The migration that somebody means by a version, or by a part of it.
    pub fn version(&self, asked: &str) -> Result<String, SourceError> {
        let folder = self.folder()?;
        let versions: Vec<&str> = folder
            .migrations
            .iter()
            .map(|one| one.version.as_str())
            .collect();
        let count = count_upto(&versions, asked)?;
        Ok(versions[count - 1].to_owned())
    }

    /// Lets go of the schemas that were read: they are found again on disk.
    pub fn forget(&self) {
        locked(&self.schemas).clear();
    }

    /// Forgets the migration folder, because it has changed.
    pub fn reread(&self) {
        *locked(&self.folder) = None;
    }

    /// The server for scratch databases.
    pub fn scratch(&self) -> &Scratch {
        &self.scratch
    }

    /// Where the schemas come from.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// Waits until all schemas are on disk, as the end of the road does.
    pub fn finish_writing(&self) {
        self.writing.finish();
    }

    /// Closes what is open and drops what was left over.
    pub async fn close(self) -> Result<(), SourceError> {
        Ok(self.scratch.close().await?)
    }

    /// The URL of a source that is a database already.
    fn live<'a>(&'a self, source: &'a Source) -> Result<Option<&'a str>, SourceError> {
        match source {
            Source::Url(url) => Ok(Some(url)),
            Source::Database => match &self.places.database {
                Some(url) => Ok(Some(url)),
                None => Err(SourceError::NoDatabase),
            },
            _ => Ok(None),
        }
    }

    fn inputs(&self, source: &Source) -> Result<Inputs, SourceError> {
        Ok(match source {
            Source::Entities => Inputs::Entities(self.recorded()?),
            Source::Migrations { upto } => {
                let folder = self.folder()?;
                let versions: Vec<&str> = folder
                    .migrations
                    .iter()
                    .map(|migration| migration.version.as_str())
                    .collect();
                let count = match upto {
                    Some(asked) => count_upto(&versions, asked)?,
                    None => versions.len(),
                };
                Inputs::Migrations { folder, count }
            }
            Source::Sql(path) => Inputs::Sql(sql_files(path)?),
            Source::Empty | Source::Database | Source::Url(_) => Inputs::Empty,
        })
    }

    /// Reads the schema of a database that has it, and keeps it.
    pub(super) async fn read(
        &self,
        database: &ScratchDatabase,
        keys: &Keys,
    ) -> Result<Arc<Schema>, SourceError> {
        let mut connection = database.connect().await?;
        let schema = Arc::new(catalog::read(&mut connection).await?);
        connection.close().await.ok();
        self.keep(keys.last(), Arc::clone(&schema));
        Ok(schema)
    }

    fn cached(&self, key: &str) -> Option<Arc<Schema>> {
        if let Some(schema) = locked(&self.schemas).get(key) {
            return Some(Arc::clone(schema));
        }
        let schema = Arc::new(self.cache.read(key)?);
        locked(&self.schemas).insert(key.to_owned(), Arc::clone(&schema));
        Some(schema)
    }

    fn keep(&self, key: &str, schema: Arc<Schema>) {
        locked(&self.schemas).insert(key.to_owned(), Arc::clone(&schema));
        let (cache, key) = (self.cache.clone(), key.to_owned());
        let thread = thread::spawn(move || cache.write(&key, &schema));
        locked(&self.writing.0).push(thread);
    }
}

/// A folder with a migration that cannot be read is another history than the one that is meant.
fn readable(folder: Folder) -> Result<Folder, MigrationsError> {
    let mut problems = folder.problems();
    problems.retain(|problem| match problem {
        Problem::Unreadable { .. } => true,
        Problem::Incomplete { missing, .. } => !missing.ends_with("down.sql"),
        _ => false,
    });
    match problems.is_empty() {
        true => Ok(folder),
        false => Err(MigrationsError::Problems { problems }),
    }
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
