//! The server behind a [`Scratch`](super::Scratch): administrative connections, and what is done
//! through them.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use seachange_schema::Ident;

use super::admin::{Admin, Admins};
use super::error::ScratchError;
use super::template::Template;
use crate::connection::{masked, open};
use crate::postgresql::has_copy_strategy;

/// What the names of all scratch databases begin with.
pub(super) const PREFIX: &str = "seachange_scratch_";

pub(super) struct Host {
    /// With the administrative database's name, whatever that is.
    pub(super) url: String,
    /// `server_version_num`.
    pub(super) version: u32,
    /// Whether copying files beats copying pages through the log: where nothing is synced.
    file_copy: bool,
    /// Part of the names of this handle's databases. A session whose `application_name` holds it
    /// lives as long as the handle, which is how others know that it does.
    owner: String,
    made: AtomicU32,
    abandoned: Mutex<Vec<String>>,
    admins: Admins,
}

impl Host {
    pub(super) async fn connect(url: String) -> Result<Self, ScratchError> {
        let owner = format!("{}_{:08x}", std::process::id(), rand::random::<u32>());
        let purpose = format!("scratch {owner}");
        let mut admin = open(&url, &purpose).await?;
        let (version, no_sync, may_create, user): (i32, bool, bool, String) = sqlx::query_as(
            "SELECT current_setting('server_version_num')::int, current_setting('fsync') = 'off', \
             rolcreatedb OR rolsuper, rolname::text FROM pg_roles WHERE rolname = current_user",
        )
        .fetch_one(&mut admin)
        .await
        .map_err(ScratchError::sql("ask the server what it is"))?;
        if !may_create {
            return Err(ScratchError::MayNotCreate {
                target: masked(&url),
                user,
            });
        }
        let version = u32::try_from(version).unwrap_or_default();
        Ok(Self {
            admins: Admins::new(&url, purpose, admin),
            url,
            file_copy: no_sync && has_copy_strategy(version),
            version,
            owner,
            made: AtomicU32::new(0),
            abandoned: Mutex::default(),
        })
    }

    /// A name that nobody else takes.
    pub(super) fn next_name(&self) -> String {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        format!("{PREFIX}{}_{number}", self.owner)
    }

    pub(super) async fn create(
        &self,
        name: &str,
        template: Option<&Template>,
    ) -> Result<(), ScratchError> {
        // template1 may hold what somebody put there; template0 is as PostgreSQL made it.
        let template = template.map_or("template0", Template::name);
        self.drop_abandoned().await?;
        let strategy = if self.file_copy {
            " STRATEGY FILE_COPY"
        } else {
            ""
        };
        let sql = format!(
            "CREATE DATABASE {} TEMPLATE {}{strategy}",
            Ident::new(name),
            Ident::new(template)
        );
        self.run("create a scratch database", sql).await
    }

    /// Drops a database, and whoever is connected to it with it.
    pub(super) async fn drop_database(&self, name: &str) -> Result<(), ScratchError> {
        self.admin().await?.drop_database(name).await
    }

    pub(super) async fn names_from(&self, beginning: &str) -> Result<Vec<String>, ScratchError> {
        self.names(
            "list databases",
            "SELECT datname::text FROM pg_database \
             WHERE starts_with(datname, ($1::text[])[1]) ORDER BY datname",
            &[beginning.to_owned()],
        )
        .await
    }

    /// Takes note of a database whose owner forgot it, for the next one who passes by here.
    pub(super) fn abandon(&self, name: String) {
        self.abandoned
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(name);
    }

    pub(super) async fn drop_abandoned(&self) -> Result<(), ScratchError> {
        let names = std::mem::take(
            &mut *self
                .abandoned
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        for name in names {
            self.drop_database(&name).await?;
        }
        Ok(())
    }

    /// An administrative connection, for what has to be done on one and the same.
    pub(super) async fn admin(&self) -> Result<Admin<'_>, ScratchError> {
        self.admins.take().await
    }

    /// Runs administrative SQL; several statements are one transaction.
    pub(super) async fn run(&self, doing: &'static str, sql: String) -> Result<(), ScratchError> {
        self.admin().await?.run(doing, sql).await
    }

    /// The first column of a query with one list of texts as its parameter.
    pub(super) async fn names(
        &self,
        doing: &'static str,
        query: &'static str,
        parameter: &[String],
    ) -> Result<Vec<String>, ScratchError> {
        self.admin().await?.names(doing, query, parameter).await
    }
}
