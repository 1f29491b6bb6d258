//! Why a push did not happen.

use seachange_schema::plan::Refusal;

use crate::catalog::CatalogError;
use crate::connection::SqlError;
use crate::draft::DraftError;
use crate::error::{Help, database_help};
use crate::reviewed::PlanError;
use crate::source::SourceError;

/// Why the database was not made to match.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// There are differences that can't be planned.
    #[error("this change can't be planned: {}", reasons(.0))]
    Refused(Vec<Refusal>),
    /// PostgreSQL refused a statement.
    #[error("the change fails; nothing of it was kept")]
    Sql(#[from] SqlError),
    /// Inside the transaction, the result was not what was planned.
    #[error("the change does not arrive where it should, and nothing of it was kept: {}", difference.join("; "))]
    Differs {
        /// A line for each object that differs.
        difference: Vec<String>,
    },
    /// Some changes need a transaction of their own, and the later one failed.
    #[error("the second of two transactions failed; the first one stays: {}", stays.join(", "))]
    Half {
        /// What the first one did.
        stays: Vec<String>,
        /// Why the second one failed.
        #[source]
        source: Box<PushError>,
    },
    /// Another runner or push has the lock.
    #[error("migrations are being applied to this database, or it is pushed to, right now")]
    Locked,
    /// The reviewed plan could not be made or does not fit.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// `seachange_declared` has something that is not known.
    #[error("the record of what was declared can't be read: {0}")]
    Record(String),
    /// The connection failed.
    #[error("the database does not answer")]
    Connection(#[from] sqlx::Error),
    /// The change could not be planned.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// A schema could not be had.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The catalog could not be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

fn reasons(refusals: &[Refusal]) -> String {
    let all: Vec<String> = refusals
        .iter()
        .map(|refusal| format!("{}: {}", refusal.object, refusal.reason))
        .collect();
    all.join("; ")
}

impl Help for PushError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Refused(_) => Some("nothing was changed; write a migration by hand: `generate --empty NAME`".to_owned()),
            Self::Sql(error) => error.known_help().or_else(|| {
                Some("mend the rows or the entity, then push again".to_owned())
            }),
            Self::Differs { .. } => Some(
                "something else may have changed the database meanwhile: push again; if it stays, report the difference".to_owned(),
            ),
            Self::Half { source, .. } => source.help(),
            Self::Locked => Some("wait until that has ended, then push again".to_owned()),
            Self::Plan(error) => error.help(),
            Self::Record(_) => Some("drop the table `seachange_declared` and push again".to_owned()),
            Self::Connection(error) => Some(database_help(error)),
            Self::Draft(error) => error.help(),
            Self::Source(error) => error.help(),
            Self::Catalog(error) => error.help(),
        }
    }
}
