//! Sealed templates: databases that nobody can connect to, so that they can be cloned at any time.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::admin::{Admin, Leaving};
use super::database::ScratchDatabase;
use super::error::ScratchError;
use super::host::Host;
use crate::connection::open;

/// How many templates of one kind are kept; the oldest go first.
const KEPT: usize = 8;

/// What a template is known by: what sort of thing made it, and the hash of that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateKey {
    name: String,
}

impl TemplateKey {
    /// `kind` is a lower-case word; of the hash as much is used as fits into a name.
    pub fn new(kind: &str, hash: &str) -> Self {
        const LONGEST_NAME: usize = 63;
        let mut name = format!("seachange_tpl_{kind}_{hash}");
        name.truncate(LONGEST_NAME);
        Self { name }
    }

    /// What the names of all templates of this kind begin with.
    fn family(&self) -> &str {
        let end = self.name.rfind('_').map_or(0, |underscore| underscore + 1);
        &self.name[..end]
    }

    /// Advisory locks go by number.
    fn lock(&self) -> i64 {
        let hash = Sha256::digest(self.name.as_bytes());
        i64::from_be_bytes(std::array::from_fn(|byte| hash[byte]))
    }
}

/// A sealed template that was there a moment ago. It may be pruned by somebody who seals another:
/// cloning it then fails with [`ScratchError::is_gone`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    name: String,
}

impl Template {
    /// Its name on the server.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is the one of that key.
    pub fn is(&self, key: &TemplateKey) -> bool {
        self.name == key.name
    }

    pub(super) async fn find(host: &Host, keys: &[TemplateKey]) -> Result<Vec<Self>, ScratchError> {
        let names: Vec<String> = keys.iter().map(|key| key.name.clone()).collect();
        let found = host
            .names(
                "look for a template database",
                "SELECT datname::text FROM pg_database \
                 WHERE datname = ANY($1) AND NOT datallowconn AND datconnlimit <> -2 \
                 ORDER BY array_position($1, datname::text)",
                &names,
            )
            .await?;
        Ok(found.into_iter().map(|name| Self { name }).collect())
    }

    pub(super) async fn seal(
        database: ScratchDatabase,
        key: &TemplateKey,
    ) -> Result<Self, ScratchError> {
        let host = Arc::clone(database.host());
        let template = Self {
            name: key.name.clone(),
        };
        let mut admin = host.admin().await?;
        admin.leave(database.name(), Leaving::ByThemselves).await?;
        let sealed = admin
            .run(
                "seal a template database",
                format!(
                    "ALTER DATABASE \"{0}\" WITH ALLOW_CONNECTIONS false IS_TEMPLATE true; \
                     ALTER DATABASE \"{0}\" RENAME TO \"{1}\"",
                    database.name(),
                    template.name
                ),
            )
            .await;
        drop(admin);
        match sealed {
            Ok(()) => database.surrender(),
            Err(error) if error.sqlstate().as_deref() == Some("42P04") => database.drop().await?,
            Err(error) => return Err(error),
        }
        prune(&host, key).await?;
        Ok(template)
    }
}

/// Held by whoever builds a template. It ends with the connection that took it, however that ends.
pub struct BuildLock {
    _session: PgConnection,
}

impl BuildLock {
    /// On a connection of its own, for the administrative one must not wait: what the holder of a
    /// lock needs would wait behind it.
    pub(super) async fn wait_for(host: &Host, key: &TemplateKey) -> Result<Self, ScratchError> {
        let mut session = open(&host.url, "scratch lock").await?;
        sqlx::query("SELECT pg_advisory_lock($1)")
            .bind(key.lock())
            .execute(&mut session)
            .await
            .map_err(ScratchError::sql("wait for the template database"))?;
        Ok(Self { _session: session })
    }
}

/// Drops the oldest templates of a kind beyond the number that is kept. Databases have no date of
/// creation, but their numbers rise.
///
/// One at a time: a database that is being dropped is marked invalid (`datconnlimit = -2`), and whoever
/// alters it meanwhile is thrown out by PostgreSQL with his whole session.
async fn prune(host: &Host, key: &TemplateKey) -> Result<(), ScratchError> {
    // The session that takes the lock has to give it back.
    let mut admin = host.admin().await?;
    let mine = admin
        .names(
            "take turns at dropping template databases",
            "SELECT 'mine' WHERE pg_try_advisory_lock(hashtext(($1::text[])[1] || ' prune'))",
            &[key.family().to_owned()],
        )
        .await?;
    if mine.is_empty() {
        return Ok(());
    }
    let pruned = prune_alone(&mut admin, key).await;
    admin
        .names(
            "end the turn at dropping template databases",
            "SELECT 'done' WHERE pg_advisory_unlock(hashtext(($1::text[])[1] || ' prune'))",
            &[key.family().to_owned()],
        )
        .await?;
    pruned
}

async fn prune_alone(admin: &mut Admin<'_>, key: &TemplateKey) -> Result<(), ScratchError> {
    let family = [key.family().to_owned()];
    let templates = admin
        .names(
            "list the template databases",
            "SELECT datname::text FROM pg_database \
             WHERE starts_with(datname, ($1::text[])[1]) AND datconnlimit <> -2 ORDER BY oid DESC",
            &family,
        )
        .await?;
    for old in templates.iter().skip(KEPT) {
        // Somebody may be cloning it just now: then it stays until the next time.
        let freed = format!("ALTER DATABASE \"{old}\" WITH IS_TEMPLATE false");
        if admin.run("drop a template database", freed).await.is_ok() {
            admin.drop_database(old).await.ok();
        }
    }
    // What an interrupted drop left behind can only be dropped.
    let halves = admin
        .names(
            "list what is left of template databases",
            "SELECT datname::text FROM pg_database \
             WHERE starts_with(datname, ($1::text[])[1]) AND datconnlimit = -2",
            &family,
        )
        .await?;
    for half in halves {
        admin.drop_database(&half).await.ok();
    }
    Ok(())
}
