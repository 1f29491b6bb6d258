//! The database that a plan is for, told from all others.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::refusal::{PlanError, PlanRefusal};
use crate::connection::{masked, server_of, system_identifier};

/// Which database, and who looked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity {
    /// Its password masked.
    url: String,
    /// Host and port, or socket.
    server: String,
    database: String,
    /// A database that was dropped and made again, or restored, is another one.
    database_oid: u32,
    /// None where it may not be read.
    system_identifier: Option<String>,
    /// What a role may not see, it does not plan for.
    role: String,
}

impl Identity {
    /// Of the database that the session is in.
    pub(crate) async fn of(connection: &mut PgConnection, url: &str) -> Result<Self, PlanError> {
        let system_identifier = system_identifier(connection).await?;
        let (database, oid, role): (String, i64, String) = sqlx::query_as(
            "SELECT datname::text, oid::bigint, current_user::text FROM pg_database \
             WHERE datname = current_database()",
        )
        .fetch_one(connection)
        .await?;
        Ok(Self {
            url: masked(url),
            server: server_of(url),
            database,
            database_oid: u32::try_from(oid).unwrap_or_default(),
            system_identifier,
            role,
        })
    }

    /// Whether this one is the one that was planned for.
    pub(crate) fn check(&self, here: &Self) -> Result<(), PlanRefusal> {
        let server = match (&self.system_identifier, &here.system_identifier) {
            (Some(planned), Some(here)) => planned == here,
            _ => self.server == here.server,
        };
        let other = |why: &str| PlanRefusal::OtherDatabase {
            planned: self.url.clone(),
            here: here.url.clone(),
            why: why.to_owned(),
        };
        if !server {
            return Err(other("it is on another server"));
        }
        if self.database != here.database {
            return Err(other("its name is another"));
        }
        if self.database_oid != here.database_oid {
            return Err(other("it was made anew, or restored, since"));
        }
        if self.role != here.role {
            return Err(PlanRefusal::OtherRole {
                planned: self.role.clone(),
                here: here.role.clone(),
            });
        }
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn example() -> Self {
        Self {
            url: "postgres://ada:***@h/app".to_owned(),
            server: "h:5432".to_owned(),
            database: "app".to_owned(),
            database_oid: 5,
            system_identifier: Some("7".to_owned()),
            role: "ada".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(change: impl FnOnce(&mut Identity)) -> &'static str {
        let mut here = Identity::example();
        change(&mut here);
        Identity::example()
            .check(&here)
            .map_or_else(|refusal| refusal.code(), |()| "ok")
    }

    #[test]
    fn one_database_by_whatever_name_it_is_reached() {
        assert_eq!(code(|_| {}), "ok");
        assert_eq!(code(|here| here.server = "10.0.0.1:5432".to_owned()), "ok");
        assert_eq!(code(|here| here.system_identifier = None), "ok");
        for code in [
            code(|here| here.system_identifier = Some("8".to_owned())),
            code(|here| here.database_oid = 6),
            code(|here| here.database = "other".to_owned()),
            code(|here| {
                here.system_identifier = None;
                here.server = "elsewhere:5432".to_owned();
            }),
        ] {
            assert_eq!(code, "plan-other-database");
        }
        assert_eq!(code(|here| here.role = "bob".to_owned()), "plan-other-role");
    }
}
