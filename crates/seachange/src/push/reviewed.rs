//! `push --plan-out` and `push --plan`: the SQL of a push, written down for review, and applied as it was
//! written where the database is still as it was then.

use std::collections::BTreeSet;
use std::path::Path;

use seachange_schema::{ObjectId, Schema, script};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{Push, PushError, Work, carry_out, declared};
use crate::catalog;
use crate::migrations::text_hash;
use crate::reviewed::{self, Fingerprint, Identity, Kind, PlanError, PlanRefusal};

/// A push that was read from a file.
#[derive(Debug)]
pub struct Reviewed {
    identity: Identity,
    plan: Plan,
}

/// What a file holds beside the database that it is for.
#[derive(Debug, Serialize, Deserialize)]
struct Plan {
    /// Nearly always there is one.
    transactions: Vec<Transaction>,
    losses: Vec<Loss>,
    /// A hash of what pushes had declared before.
    declared_before: String,
    live: Fingerprint,
    /// What there has to be afterwards.
    goal: Schema,
    declared: BTreeSet<ObjectId>,
}

/// What is done in one transaction.
#[derive(Debug, Serialize, Deserialize)]
struct Transaction {
    /// A line for each change.
    changes: Vec<String>,
    sql: String,
}

/// Something that is lost, as `--allow-data-loss` would name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Loss {
    /// `users.name`.
    pub subject: String,
    /// What is lost with it.
    pub message: String,
}

/// Writes a prepared push down.
pub async fn write_plan(
    connection: &mut PgConnection,
    url: &str,
    push: &Push,
    path: &Path,
) -> Result<(), PushError> {
    if !push.plan.refusals.is_empty() {
        return Err(PushError::Refused(push.plan.refusals.clone()));
    }
    let identity = Identity::of(connection, url).await?;
    let plan = Plan {
        transactions: (push.plan.phases.iter())
            .map(|phase| Transaction {
                changes: phase.steps.iter().map(script::line).collect(),
                sql: script::script(phase),
            })
            .collect(),
        losses: (push.losses().into_iter())
            .map(|(subject, message)| Loss { subject, message })
            .collect(),
        declared_before: hash(&push.declared_before),
        live: Fingerprint::of(&push.live)?,
        goal: push.goal.clone(),
        declared: push.declared.clone(),
    };
    reviewed::write(path, Kind::Push, identity, &plan)?;
    Ok(())
}

/// Reads what was written down.
pub fn read_plan(path: &Path) -> Result<Reviewed, PushError> {
    let (identity, plan) = reviewed::read(path, Kind::Push)?;
    Ok(Reviewed { identity, plan })
}

impl Reviewed {
    /// A line for each change.
    pub fn changes(&self) -> impl Iterator<Item = &String> {
        self.plan.transactions.iter().flat_map(|one| &one.changes)
    }

    /// What is lost: to have reviewed it is the consent.
    pub fn losses(&self) -> &[Loss] {
        &self.plan.losses
    }

    /// Whether the plan is for the database that a session is in.
    pub async fn check_target(
        &self,
        connection: &mut PgConnection,
        url: &str,
    ) -> Result<(), PushError> {
        let here = Identity::of(connection, url).await?;
        self.identity.check(&here).map_err(PlanError::from)?;
        Ok(())
    }

    /// In the transaction that is about to change it.
    pub(super) async fn check_live(&self, connection: &mut PgConnection) -> Result<(), PushError> {
        let live = catalog::read_within(connection).await?;
        let live = Fingerprint::of(&live)?;
        self.plan.live.check(&live).map_err(PlanError::from)?;
        if hash(&declared::read(connection).await?) != self.plan.declared_before {
            return Err(PlanError::from(PlanRefusal::Declared).into());
        }
        Ok(())
    }
}

/// Carries out what was reviewed, with the same proof as any push.
///
/// # Errors
/// As [`apply`](super::apply); and [`PushError::Plan`] where anything is another than it was, before
/// anything is done.
pub async fn apply_reviewed(
    connection: &mut PgConnection,
    url: &str,
    reviewed: &Reviewed,
) -> Result<(), PushError> {
    reviewed.check_target(connection, url).await?;
    let plan = &reviewed.plan;
    let work = Work {
        phases: (plan.transactions.iter())
            .map(|one| one.sql.clone())
            .collect(),
        changes: (plan.transactions.iter())
            .map(|one| one.changes.clone())
            .collect(),
        goal: &plan.goal,
        declared: &plan.declared,
        reviewed: Some(reviewed),
    };
    carry_out(connection, work).await
}

fn hash(declared: &BTreeSet<ObjectId>) -> String {
    let names: Vec<String> = declared.iter().map(ToString::to_string).collect();
    text_hash(&[("declared", &names.join("\n"))])
}
