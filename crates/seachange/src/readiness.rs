//! Whether a program may serve from a database: what it was built for is applied, and the schema is still the one that
//! the migrations left. For a health endpoint: it needs the text of two files of the migration package and one session,
//! no scratch database, and it changes nothing.
//!
//! ```no_run
//! use seachange::readiness::{Expected, readiness};
//!
//! # async fn ready(connection: &mut sqlx::PgConnection, lock: &str, schema_sql: &str) -> Result<bool, Box<dyn std::error::Error>> {
//! // In a program: `include_str!("../../migration/seachange.lock")` and `include_str!("../../migration/schema.sql")`.
//! let expected = Expected::parse(lock, schema_sql)?;
//! let readiness = readiness(connection, &expected).await?;
//! println!("{}", readiness.reasons().join("\n"));
//! # Ok(readiness.is_ready())
//! # }
//! ```

mod error;
mod expected;
mod text;

use seachange_schema::script;
use serde::Serialize;
use sqlx::PgConnection;

pub use error::{ExpectedError, ReadinessError};
pub use expected::Expected;

use crate::catalog;
use crate::runner::{Standing, State, Status, status_within};

/// What stands against serving, and what does not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// Not applied. Those that are held back until no code needs what they take away are not among them.
    pub pending: Vec<String>,
    /// Begun and not done, or undone by half.
    pub halfway: Vec<String>,
    /// Not what was applied.
    pub edited: Vec<String>,
    /// Applied by a newer release. That alone stands against nothing: it is what a deployment looks like.
    pub newer: Vec<String>,
    /// How the database differs from `schema.sql`.
    pub drift: Drift,
}

/// The schema beside what it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Drift {
    /// One line for each statement of `schema.sql` that is missing, is another, or is there besides. `unsure` has views
    /// and rules that read otherwise: PostgreSQL writes those anew with each version, so they may be the same.
    Compared {
        /// A line each; the database is not in sync if there is any.
        differences: Vec<String>,
        /// A line each; they count for nothing.
        unsure: Vec<String>,
    },
    /// Why it could not be compared.
    Untold {
        /// What is in the way of comparing.
        why: String,
    },
}

impl Default for Drift {
    fn default() -> Self {
        Self::Compared {
            differences: Vec::new(),
            unsure: Vec::new(),
        }
    }
}

impl Readiness {
    /// Whether a program built with this lock may serve.
    pub fn is_ready(&self) -> bool {
        self.reasons().is_empty()
    }

    /// Why it is not ready, a sentence each without a period.
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        for (versions, what) in [
            (&self.pending, "is not applied"),
            (&self.halfway, "stands half-way"),
            (&self.edited, "is not what was applied"),
        ] {
            reasons.extend(versions.iter().map(|version| format!("`{version}` {what}")));
        }
        if let Drift::Compared { differences, .. } = &self.drift {
            let drifted = |difference| format!("the schema has drifted: {difference}");
            reasons.extend(differences.iter().map(drifted));
        }
        reasons
    }
}

/// Looks at the record of migrations and, where everything that is meant to be is applied, at the schema.
///
/// The role that the session has needs to read `seaql_migrations`, `seachange_history` and `seachange_journal`.
///
/// # Errors
/// Where the database can't be asked: then nobody knows, and a program had better not serve.
#[tracing::instrument(name = "readiness", skip_all)]
pub async fn readiness(
    connection: &mut PgConnection,
    expected: &Expected,
) -> Result<Readiness, ReadinessError> {
    let status = status_within(&expected.program, connection).await?;
    let versions = |of: fn(&Standing) -> bool| -> Vec<String> {
        let which = status.migrations.iter().filter(|one| of(one));
        which.map(|one| one.version.clone()).collect()
    };
    Ok(Readiness {
        pending: versions(|one| !one.is_in_effect() && !one.contract && one.halfway.is_none()),
        halfway: versions(|one| one.halfway.is_some()),
        edited: versions(|one| one.edited),
        newer: versions(|one| one.state == State::Missing),
        drift: match untold(&status) {
            Some(why) => Drift::Untold { why },
            None => drift(connection, expected).await?,
        },
    })
}

/// Why `schema.sql` is not what the database should be just now.
fn untold(status: &Status) -> Option<String> {
    let not = (status.migrations.iter())
        .find(|one| !one.is_in_effect() || one.state == State::Missing || one.halfway.is_some())?;
    Some(match not.state {
        State::Missing => format!("`{}` is of a newer release", not.version),
        _ if not.contract => format!("`{}` is held back", not.version),
        _ => format!("`{}` is not applied", not.version),
    })
}

async fn drift(
    connection: &mut PgConnection,
    expected: &Expected,
) -> Result<Drift, ReadinessError> {
    let live = catalog::read(connection).await?;
    let written = |schema| {
        script::schema_sql(schema).map_err(|plan| {
            let first = plan.refusals.first();
            first.map_or_else(String::new, |one| format!("{} {}", one.object, one.reason))
        })
    };
    let whole = match written(&live) {
        Ok(whole) => whole,
        Err(why) => return Ok(Drift::Untold { why }),
    };
    let mut difference = text::difference(&expected.schema_sql, &whole);
    if let Some(rules) = &expected.ignored
        && !difference.is_none()
    {
        // What is covered is not there; what is declared is not covered by being there.
        let without = rules.overlook(&seachange_schema::Schema::default(), &live);
        match written(&without.live) {
            Ok(without) => {
                let kept = text::difference(&expected.schema_sql, &without);
                difference.besides.retain(|one| kept.besides.contains(one));
                difference.others.retain(|one| kept.others.contains(one));
            }
            Err(why) => return Ok(Drift::Untold { why }),
        }
    }
    Ok(difference.told())
}
