//! Runs public cases of schema changes through the engine, both ways: the yardstick for the planner. What the steps
//! say that they cost is measured besides.
//!
//! A case is a folder with `old.sql` and `new.sql`, sometimes `setup.sql`, and a `meta.json` that says
//! which classes of objects it is about.

use std::fs;
use std::path::{Path, PathBuf};

use seachange_schema::plan::{Mode, Plan, plan_in};
use seachange_schema::{Schema, diff};
use serde::Deserialize;
use sqlx::PgConnection;

use crate::catalog;
use crate::connection::{SqlText, run_sql};
use crate::extensions;
use crate::proof::{self, Leg, Measured, ProofError, Wrong};
use crate::scratch::{Scratch, ScratchError};

/// One case on disk.
#[derive(Clone, Debug)]
pub struct Case {
    /// The folder's name.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
    /// What it is about, as its folder says.
    pub classes: Vec<String>,
    /// Whether nothing is to be done.
    pub noop: bool,
}

/// How a case came out in one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The plan arrives where it should.
    Right,
    /// The case's own SQL does not run on this server, and why.
    Unbuildable(String),
    /// The engine said that it can't, and why.
    Refused(String),
    /// The plan failed or left a difference.
    Wrong(String),
}

/// What became of a case.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// From the old schema to the new one.
    pub forward: Verdict,
    /// From the new schema to the old one.
    pub back: Verdict,
    /// Whether the steps of both ways cost what they say.
    pub hazards: Measured,
    /// The forward plan, for a report.
    pub sql: String,
}

impl Outcome {
    /// Neither way could be tried.
    fn neither(verdict: Verdict) -> Self {
        Self {
            forward: verdict.clone(),
            back: verdict,
            hazards: Measured::default(),
            sql: String::new(),
        }
    }
}

#[derive(Deserialize)]
struct Meta {
    #[serde(default)]
    noop: bool,
    #[serde(default)]
    classes: Vec<String>,
}

/// Every case below a folder, by name.
pub fn cases(root: &Path) -> std::io::Result<Vec<Case>> {
    let mut cases = Vec::new();
    for entry in walkdir::WalkDir::new(root).sort_by_file_name() {
        let entry = entry?;
        if entry.file_name() != "old.sql" {
            continue;
        }
        let Some(folder) = entry.path().parent() else {
            continue;
        };
        if !folder.join("new.sql").exists() {
            continue;
        }
        let meta = match fs::read_to_string(folder.join("meta.json")) {
            Ok(text) => serde_json::from_str(&text)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Meta {
                noop: false,
                classes: Vec::new(),
            },
            Err(error) => return Err(error),
        };
        cases.push(Case {
            name: folder
                .strip_prefix(root)
                .unwrap_or(folder)
                .display()
                .to_string(),
            folder: folder.to_owned(),
            classes: meta.classes,
            noop: meta.noop,
        });
    }
    Ok(cases)
}

/// Builds both sides, plans, applies, compares; then goes back.
///
/// # Errors
/// Only where the scratch server itself fails; everything about the case is in the outcome.
pub async fn run(scratch: &Scratch, case: &Case, mode: Mode) -> Result<Outcome, ScratchError> {
    let old = scratch.create().await?;
    let new = scratch.create().await?;
    let third = scratch.create().await?;
    let mut sides = Sides {
        old: old.connect().await?,
        new: new.connect().await?,
        third: third.connect().await?,
    };
    let outcome = judge(&mut sides, case, mode).await;
    drop(sides);
    for database in [old, new, third] {
        database.drop().await?;
    }
    Ok(outcome)
}

/// A database for each side, and one to measure in.
struct Sides {
    old: PgConnection,
    new: PgConnection,
    third: PgConnection,
}

async fn judge(sides: &mut Sides, case: &Case, mode: Mode) -> Outcome {
    let Sides { old, new, third } = sides;
    let built = async {
        let previous = build(old, case, "old.sql").await?;
        let next = build(new, case, "new.sql").await?;
        Ok::<_, String>((previous, next))
    };
    let (previous, next) = match built.await {
        Ok(sides) => sides,
        Err(why) => return Outcome::neither(Verdict::Unbuildable(why)),
    };
    let changes = diff(previous.clone(), next.clone(), Vec::new());
    let mut up = plan_in(&changes, mode);
    let reversed = changes.clone().reverse();
    let mut down = plan_in(&reversed, mode);
    let known = async {
        extensions::refuse_pathless(old, &changes, &mut up).await?;
        extensions::refuse_pathless(old, &reversed, &mut down).await
    };
    if let Err(error) = known.await {
        return Outcome::neither(Verdict::Wrong(error.to_string()));
    }
    let mut sql = String::new();
    for phase in &up.phases {
        sql.push_str(&seachange_schema::script::script(phase));
    }
    let forward = if case.noop && !up.is_empty() {
        Verdict::Wrong("there is nothing to do, but the plan does something".to_owned())
    } else {
        way(old, &next, &up, Leg::Up).await
    };
    // The way back is judged by itself: it starts from the case's own new side.
    let back = way(new, &previous, &down, Leg::Down).await;
    let hazards = match (&forward, &back) {
        (Verdict::Right, Verdict::Right) => {
            let both = [(&up, Leg::Up), (&down, Leg::Down)];
            measured(third, case, "old.sql", &both).await
        }
        (Verdict::Right, _) => measured(third, case, "old.sql", &[(&up, Leg::Up)]).await,
        (_, Verdict::Right) => measured(third, case, "new.sql", &[(&down, Leg::Down)]).await,
        _ => Measured::default(),
    };
    Outcome {
        forward,
        back,
        hazards,
        sql,
    }
}

async fn way(connection: &mut PgConnection, goal: &Schema, plan: &Plan, leg: Leg) -> Verdict {
    if !plan.refusals.is_empty() {
        let reasons: Vec<String> = plan
            .refusals
            .iter()
            .map(|refusal| format!("{}: {}", refusal.object, refusal.reason))
            .collect();
        return Verdict::Refused(reasons.join("; "));
    }
    let arrived = async {
        proof::run(connection, plan, leg).await?;
        let actual = catalog::read(connection).await?;
        Ok::<_, ProofError>(proof::difference(&actual, goal))
    };
    match arrived.await {
        Ok(difference) if difference.is_empty() => Verdict::Right,
        Ok(difference) => Verdict::Wrong(difference.join("; ")),
        Err(ProofError::Fails { source, .. }) => Verdict::Wrong(source.to_string()),
        Err(error) => Verdict::Wrong(error.to_string()),
    }
}

/// What the steps of plans that are known to run cost, one plan behind the other.
async fn measured(
    connection: &mut PgConnection,
    case: &Case,
    file: &str,
    plans: &[(&Plan, Leg)],
) -> Measured {
    let stopped = |why: String| Measured {
        steps: 0,
        wrong: vec![Wrong {
            step: "step by step".to_owned(),
            statements: Vec::new(),
            why,
        }],
    };
    if let Err(why) = build(connection, case, file).await {
        return stopped(why);
    }
    let mut measured = Measured::default();
    for (plan, leg) in plans {
        let more = match proof::measure(connection, plan, *leg).await {
            Ok(more) => more,
            Err(ProofError::Fails { source, .. }) => stopped(source.to_string()),
            Err(error) => stopped(error.to_string()),
        };
        measured = measured.and(more);
    }
    measured
}

async fn build(connection: &mut PgConnection, case: &Case, file: &str) -> Result<Schema, String> {
    for name in ["setup.sql", file] {
        let path = case.folder.join(name);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(format!("{}: {error}", path.display())),
        };
        let sql = SqlText {
            path: name,
            text: &text,
        };
        run_sql(connection, sql)
            .await
            .map_err(|error| error.to_string())?;
    }
    catalog::read(connection)
        .await
        .map_err(|error| error.to_string())
}
