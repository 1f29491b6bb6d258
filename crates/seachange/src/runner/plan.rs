//! `up --plan-out` and `up --plan`: what a run would do, written down for review, and done only where
//! everything is still as it was then.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sqlx::{Connection as _, PgConnection};

use super::ability::{Ability, Servers};
use super::begin::begin;
use super::commands::{
    Look, all_refusals, checked, connect, finish, held_back, lock, nothing, read, unless_refused,
};
use super::error::RunnerError;
use super::event::{Direction, Event, Planned};
use super::extent::Extent;
use super::lock::Held;
use super::outside;
use super::program::{Known, Member};
use super::run::{Allow, Run, Settings};
use crate::connection::statements;
use crate::reviewed::{self, Fingerprint, Identity, Kind, PlanError, PlanRefusal};

/// What a file holds beside the database that it is for.
#[derive(Debug, Serialize, Deserialize)]
struct Plan {
    /// The schema that the migrations run in.
    schema: String,
    direction: Direction,
    migrations: Vec<Step>,
    /// Consent that was given when it was made.
    allow: Vec<String>,
    resume_at: BTreeMap<String, u32>,
    applied: Vec<Applied>,
    /// A hash of where migrations stand half-way.
    half_way: String,
    live: Fingerprint,
}

/// One migration.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Step {
    version: String,
    /// Of its files, as they were locked.
    hash: String,
    transaction: bool,
    /// None for a migration in Rust: only running it tells.
    path: Option<String>,
    /// What the file says of itself: what it does, and at what risk.
    header: Option<Vec<String>>,
    statements: Option<Vec<String>>,
}

/// One that is applied, with the hash that it was applied with where that is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Applied {
    pub(super) version: String,
    pub(super) hash: Option<String>,
}

/// Everything about a database that a plan depends on.
struct Seen {
    look: Look,
    identity: Identity,
    live: Fingerprint,
}

/// Writes down what `up` would do. Changes nothing, creates nothing, takes no lock.
pub async fn plan(
    run: &mut Run<'_>,
    extent: &Extent,
    path: &Path,
) -> Result<Vec<Planned>, RunnerError> {
    let mut connection = connect(run.target, "plan").await?;
    let seen = see(run, &mut connection).await;
    // It was only to look.
    let _ = connection.close().await;
    let Seen {
        look,
        identity,
        live,
    } = seen?;
    let versions = checked(run.program, run.settings, &look, Direction::Up, extent).await?;
    held_back(run, &look.status, &versions, Direction::Up);
    let mut migrations = Vec::new();
    let mut planned = Vec::new();
    for member in versions.iter().filter_map(|one| run.program.member(one)) {
        let known = member.known(Direction::Up).await;
        migrations.push(step(member, &known)?);
        planned.push(member.planned(Direction::Up, known));
    }
    if planned.is_empty() {
        run.tell(Event::Nothing(nothing(&look.status, Direction::Up, extent)));
    }
    let plan = Plan {
        schema: run.target.schema.clone(),
        direction: Direction::Up,
        migrations,
        allow: (run.settings.allow.iter())
            .map(|allow| allow.flag().to_owned())
            .collect(),
        resume_at: run.settings.resume_at.clone(),
        half_way: outside::fingerprint(&look.journal),
        applied: look.applied,
        live,
    };
    reviewed::write(path, Kind::Migrate, identity, &plan)?;
    Ok(planned)
}

/// Does what a plan says, if the database and this program are what they were when it was made.
pub async fn up_as_planned(run: &mut Run<'_>, path: &Path) -> Result<(), RunnerError> {
    let (identity, plan): (Identity, Plan) = reviewed::read(path, Kind::Migrate)?;
    let settings = plan.settings(run.settings);
    let mut run = Run {
        program: run.program,
        target: run.target,
        settings: &settings,
        interrupt: run.interrupt.clone(),
        observe: &mut *run.observe,
    };
    let servers = Servers::default();
    let mut held = lock(&mut run, &servers).await?;
    let result = go(&mut run, &mut held, &servers, &identity, &plan).await;
    finish(held, result).await
}

/// The lock is held from before the looking until after the last statement.
async fn go(
    run: &mut Run<'_>,
    held: &mut Held,
    servers: &Servers,
    identity: &Identity,
    plan: &Plan,
) -> Result<(), RunnerError> {
    let seen = see(run, &mut *held.books.lock().await).await?;
    plan.check(run, identity, &seen)
        .await
        .map_err(PlanError::from)?;
    let versions: Vec<&str> = (plan.migrations.iter())
        .map(|step| step.version.as_str())
        .collect();
    let Seen { mut look, .. } = seen;
    if !versions.is_empty() {
        held.ask(run.target, servers).await?;
        look.one_by_one = !held.able.has(Ability::TransactionalDdl);
    }
    unless_refused(
        all_refusals(run.program, run.settings, &look, &versions, plan.direction).await,
    )?;
    if versions.is_empty() {
        run.tell(Event::Nothing("the plan has nothing to apply".to_owned()));
        return Ok(());
    }
    begin(run, held, &look, &versions, plan.direction).await
}

/// Record, journal and schema in one snapshot.
async fn see(run: &Run<'_>, connection: &mut PgConnection) -> Result<Seen, RunnerError> {
    let identity = Identity::of(connection, &run.target.url)
        .await
        .map_err(RunnerError::Plan)?;
    let mut snapshot = connection
        .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        .await
        .map_err(RunnerError::books("beginning to look"))?;
    let look = read(run.program, &mut snapshot).await?;
    let live = reviewed::live(&mut snapshot).await?;
    snapshot
        .rollback()
        .await
        .map_err(RunnerError::books("ending to look"))?;
    Ok(Seen {
        look,
        identity,
        live,
    })
}

fn step(member: &Member, known: &Known) -> Result<Step, PlanError> {
    let Some(entry) = &member.entry else {
        return Err(PlanError::Refused(PlanRefusal::Unlocked {
            version: member.version.clone(),
        }));
    };
    let file = match known {
        Known::Sql(file) => Some(file),
        Known::Rust | Known::Mismatch => None,
    };
    Ok(Step {
        version: member.version.clone(),
        hash: entry.files.clone(),
        transaction: member.in_transaction(known),
        path: file.map(|file| file.path.clone()),
        header: file.map(|file| {
            let comments = file.text.lines().take_while(|line| line.starts_with("--"));
            comments.map(str::to_owned).collect()
        }),
        statements: file.map(|file| {
            let statements = statements(&file.text);
            statements.iter().map(|one| one.text.to_owned()).collect()
        }),
    })
}

impl Plan {
    /// How to go about it, with the consent that the plan holds.
    fn settings(&self, given: &Settings) -> Settings {
        let allowed = |allow: &Allow| self.allow.iter().any(|flag| flag == allow.flag());
        let mut settings = given.clone();
        settings.allow = Allow::ALL.into_iter().filter(allowed).collect();
        settings.resume_at.clone_from(&self.resume_at);
        settings
    }

    async fn check(
        &self,
        run: &Run<'_>,
        identity: &Identity,
        seen: &Seen,
    ) -> Result<(), PlanRefusal> {
        identity.check(&seen.identity)?;
        if self.schema != run.target.schema {
            return Err(PlanRefusal::OtherSchema {
                planned: self.schema.clone(),
                here: run.target.schema.clone(),
            });
        }
        self.check_applied(&seen.look.applied)?;
        if self.half_way != outside::fingerprint(&seen.look.journal) {
            return Err(PlanRefusal::HalfWay);
        }
        self.live.check(&seen.live)?;
        for planned in &self.migrations {
            let differs = |why| PlanRefusal::Migration {
                version: planned.version.clone(),
                why,
            };
            let Some(member) = run.program.member(&planned.version) else {
                return Err(differs("this program does not have it"));
            };
            let known = member.known(self.direction).await;
            let Ok(here) = step(member, &known) else {
                return Err(differs("this program does not have it locked"));
            };
            if matches!(known, Known::Mismatch) || here != *planned {
                return Err(differs("its content is another"));
            }
        }
        Ok(())
    }

    fn check_applied(&self, here: &[Applied]) -> Result<(), PlanRefusal> {
        let mut what = Vec::new();
        for one in here.iter().filter(|one| !self.applied.contains(one)) {
            let known = self
                .applied
                .iter()
                .any(|other| other.version == one.version);
            what.push(match known {
                true => format!("`{}` was applied with another content", one.version),
                false => format!("`{}` was applied meanwhile", one.version),
            });
        }
        for one in &self.applied {
            if here.iter().all(|other| other.version != one.version) {
                what.push(format!("`{}` is no longer applied", one.version));
            }
        }
        if what.is_empty() {
            return Ok(());
        }
        Err(PlanRefusal::Applied { what })
    }
}
