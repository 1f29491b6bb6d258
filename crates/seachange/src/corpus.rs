//! Runs public cases of schema changes through the engine, both ways: the yardstick for the planner.
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
use crate::proof::{self, Leg, ProofError};
use crate::scratch::{Scratch, ScratchError};

/// One case on disk.
#[derive(Clone, Debug)]
pub struct Case {
    pub name: String,
    pub folder: PathBuf,
    pub classes: Vec<String>,
    /// Whether nothing is to be done.
    pub noop: bool,
}

/// How a case came out in one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
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
    pub forward: Verdict,
    pub back: Verdict,
    /// The forward plan, for a report.
    pub sql: String,
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
    let mut old_connection = old.connect().await?;
    let mut new_connection = new.connect().await?;
    let outcome = judge(&mut old_connection, &mut new_connection, case, mode).await;
    drop(old_connection);
    drop(new_connection);
    old.drop().await?;
    new.drop().await?;
    Ok(outcome)
}

async fn judge(old: &mut PgConnection, new: &mut PgConnection, case: &Case, mode: Mode) -> Outcome {
    let built = async {
        let previous = build(old, case, "old.sql").await?;
        let next = build(new, case, "new.sql").await?;
        Ok::<_, String>((previous, next))
    };
    let (previous, next) = match built.await {
        Ok(sides) => sides,
        Err(why) => {
            let verdict = Verdict::Unbuildable(why);
            return Outcome {
                forward: verdict.clone(),
                back: verdict,
                sql: String::new(),
            };
        }
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
        let verdict = Verdict::Wrong(error.to_string());
        return Outcome {
            forward: verdict.clone(),
            back: verdict,
            sql: String::new(),
        };
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
    Outcome { forward, back, sql }
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
