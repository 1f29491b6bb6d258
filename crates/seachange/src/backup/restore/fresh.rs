//! The database that a backup is restored into before it has its name. Its name holds the session that
//! makes it, so that what a killed one left is found, and dropped, by the next.

use seachange_schema::Ident;
use seachange_schema::name::literal;
use sqlx::{AssertSqlSafe, PgConnection};

use super::{like, stands};
use crate::backup::error::BackupError;
use crate::connection::with_database;

const PREFIX: &str = "seachange_restore_";

/// It stays only when it has been given another name.
pub(super) struct Fresh {
    pub(super) name: String,
}

impl Fresh {
    /// An empty one, like the database that it is to take the place of, where that is there.
    pub(super) async fn create(
        maintenance: &mut PgConnection,
        database: &str,
    ) -> Result<Self, BackupError> {
        sweep(maintenance).await?;
        let session: String = sqlx::query_scalar(
            "SELECT pid || '_' || (extract(epoch FROM backend_start) * 1000000)::bigint \
             FROM pg_stat_activity WHERE pid = pg_backend_pid()",
        )
        .fetch_one(&mut *maintenance)
        .await
        .map_err(BackupError::asking("asking for the session"))?;
        let name = format!("{PREFIX}{session}");
        let create = like::create(maintenance, database, &name).await?;
        execute(maintenance, "creating a database", create).await?;
        Ok(Self { name })
    }

    pub(super) fn url(&self, url: &str) -> Result<String, BackupError> {
        Ok(with_database(url, &self.name)?)
    }

    /// What the database that makes place is called, until it is dropped.
    pub(super) fn aside(&self) -> String {
        format!("{}_old", self.name)
    }

    pub(super) async fn take_name(
        &self,
        maintenance: &mut PgConnection,
        name: &str,
    ) -> Result<(), BackupError> {
        let rename = format!(
            "ALTER DATABASE {} RENAME TO {}",
            Ident::new(&self.name),
            Ident::new(name)
        );
        execute(maintenance, "naming the database", rename).await
    }

    /// Drops it unless all went well, and says how things stand.
    pub(super) async fn kept_if(
        &self,
        maintenance: &mut PgConnection,
        done: Result<(), BackupError>,
        otherwise: &str,
    ) -> Result<(), BackupError> {
        let Err(error) = done else {
            return Ok(());
        };
        let mut otherwise = otherwise.to_owned();
        if let Err(left) = drop_database(maintenance, &self.name).await {
            otherwise.push_str(&format!(
                "; `{}` is left, and the next restore drops it ({left})",
                self.name
            ));
        }
        Err(stands(otherwise)(error))
    }
}

/// Drops what sessions left that are gone.
async fn sweep(maintenance: &mut PgConnection) -> Result<(), BackupError> {
    let left: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT datname::text FROM pg_database \
         WHERE starts_with(datname, {prefix}) AND NOT EXISTS ( \
             SELECT FROM pg_stat_activity WHERE starts_with(pg_database.datname, {prefix} || pid || '_' || \
                 (extract(epoch FROM backend_start) * 1000000)::bigint))",
        prefix = literal(PREFIX)
    )))
    .fetch_all(&mut *maintenance)
    .await
    .map_err(BackupError::asking("looking for what a killed restore left"))?;
    for name in left {
        if let Err(error) = drop_database(maintenance, &name).await {
            tracing::debug!(name, %error, "what a killed restore left can't be dropped");
        }
    }
    Ok(())
}

pub(super) async fn drop_database(
    maintenance: &mut PgConnection,
    name: &str,
) -> Result<(), BackupError> {
    let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", Ident::new(name));
    execute(maintenance, "dropping a database", drop).await
}

pub(super) async fn execute(
    maintenance: &mut PgConnection,
    doing: &'static str,
    sql: String,
) -> Result<(), BackupError> {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(maintenance)
        .await
        .map_err(BackupError::asking(doing))?;
    Ok(())
}
