//! Why a push did not happen.

use seachange_schema::plan::Refusal;

use crate::catalog::CatalogError;
use crate::connection::SqlError;
use crate::draft::DraftError;
use crate::error::Help;
use crate::reviewed::PlanError;
use crate::source::SourceError;

#[derive(Debug, thiserror::Error)]
pub enum PushError {
    #[error("this change can't be planned: {}", reasons(.0))]
    Refused(Vec<Refusal>),
    #[error("the change fails; nothing of it was kept")]
    Sql(#[from] SqlError),
    #[error("the change does not arrive where it should, and nothing of it was kept: {}", difference.join("; "))]
    Differs { difference: Vec<String> },
    #[error("the second of two transactions failed; the first one stays: {}", stays.join(", "))]
    Half {
        stays: Vec<String>,
        #[source]
        source: Box<PushError>,
    },
    #[error("migrations are being applied to this database, or it is pushed to, right now")]
    Locked,
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error("the record of what was declared can't be read: {0}")]
    Record(String),
    #[error("the database does not answer")]
    Connection(#[from] sqlx::Error),
    #[error(transparent)]
    Draft(#[from] DraftError),
    #[error(transparent)]
    Source(#[from] SourceError),
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
            Self::Sql(error) => error.help().or_else(|| {
                Some("mend the rows or the entity, then push again".to_owned())
            }),
            Self::Differs { .. } => Some(
                "something else may have changed the database meanwhile: push again; if it stays, report the difference".to_owned(),
            ),
            Self::Half { source, .. } => source.help(),
            Self::Locked => Some("wait until that has ended, then push again".to_owned()),
            Self::Plan(error) => error.help(),
            Self::Record(_) => Some("drop the table `seachange_declared` and push again".to_owned()),
            Self::Connection(_) => None,
            Self::Draft(error) => error.help(),
            Self::Source(error) => error.help(),
            Self::Catalog(error) => error.help(),
        }
    }
}
