//! Every case file below `tests/cases`: its plan is what the file says, and the circle (up, down, up)
//! holds on a real database with rows in it. `UPDATE_EXPECT=1` writes the plans into the files.
//!
//! Plans hold expressions as PostgreSQL spells them, which each version does a little differently: the
//! text is compared, and written, on version 15, on the others its steps are. The circle, rows included,
//! runs on every version that has what the case is about.
//!
//! A file with the line `expand` shows both steps of expand and contract, one behind the other.
//! What would be done otherwise with the tables in use goes the circle as well; a file with the line `online`
//! before its first section shows that plan.

mod file;
mod kept;
mod measured;
mod version;

use std::path::{Path, PathBuf};

use futures_util::StreamExt;
use seachange::draft::{self, Answers, Draft};
use seachange::entities::Declared;
use seachange::expand::{self, Split};
use seachange::proof::{self, Leg, ProofError, difference};
use seachange::source::{Places, Road, Source};
use seachange_schema::plan::{Mode, Transaction};
use seachange_schema::{Hint, Mapping, Plan, Schema, script};
use sqlx::{AssertSqlSafe, PgConnection};

use self::file::Case;
use self::kept::{Snapshot, answer};
use self::version::Held;
use crate::database;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_case_goes_up_down_and_up() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "case"))
        .collect();
    paths.sort();
    let only = std::env::var("CASE").unwrap_or_default();
    paths.retain(|path| path.display().to_string().contains(&only));
    assert!(!paths.is_empty(), "no case in {}", folder.display());
    let count = paths.len();
    let server = database::version().await;
    let held = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let (about, _) = text.split_once("-- previous --\n").unwrap_or_default();
        Held::on(server, about)
    };
    paths.retain(|path| held(path) != Held::NotAtAll);
    let text = paths.iter().filter(|path| held(path) == Held::ToTheText);
    eprintln!(
        "PostgreSQL {server}: {count} cases, {} held to their text, {} to their steps, {} need a newer version",
        text.clone().count(),
        paths.len() - text.count(),
        count - paths.len()
    );
    let failures: Vec<String> = futures_util::stream::iter(paths)
        .map(|path| async move {
            let name = path.file_stem().unwrap().display().to_string();
            check(&path, server)
                .await
                .err()
                .map(|why| format!("{name}: {why}"))
        })
        .buffer_unordered(4)
        .filter_map(std::future::ready)
        .collect()
        .await;
    assert!(
        failures.is_empty(),
        "{} of {count} cases fail:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

async fn check(path: &Path, server: u32) -> Result<(), String> {
    let text = std::fs::read_to_string(path).unwrap();
    let case = Case::parse(&text)?;
    let home = tempfile::tempdir().unwrap();
    let side = |name: &str, sql: &str| {
        let path = home.path().join(name);
        std::fs::write(&path, sql).unwrap();
        Source::Sql(path)
    };
    let previous = side("previous.sql", case.previous);
    let next = side("next.sql", case.next);
    let road = road(home.path()).await;
    let held = Held::on(server, case.about);
    let result = turn(&road, &case, &previous, &next, held).await;
    road.close().await.unwrap();
    let (up, down) = result?;
    let actual = case.with_plans(&up, &down);
    if held.agree(&text, &actual) {
        return Ok(());
    }
    if held == Held::ToTheText && std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path, actual).unwrap();
        return Ok(());
    }
    Err(format!(
        "the plan is not what the file says\n{}",
        similar::TextDiff::from_lines(text.as_str(), &actual).unified_diff()
    ))
}

pub(crate) async fn road(home: &Path) -> Road {
    Road::with_scratch(
        Places {
            server: seachange::server::Settings {
                home: home.to_owned(),
                programs: None,
            },
            declared: Declared {
                builder: || sea_orm::Schema::new(sea_orm::DbBackend::Postgres).builder(),
                indexes: Vec::new,
                sql: home.join("sql"),
                partitions_made_elsewhere: &[],
            },
            migrations: home.join("migration"),
            database: None,
            rust: None,
        },
        database::scratch().await,
    )
}

/// The plans as text, once they are proven.
async fn turn(
    road: &Road,
    case: &Case<'_>,
    previous: &Source,
    next: &Source,
    held: Held,
) -> Result<(String, String), String> {
    let answers = Answers {
        hints: case
            .renames
            .lines()
            .map(|line| line.parse::<Hint>().map_err(|error| error.to_string()))
            .collect::<Result<_, _>>()?,
        mappings: case
            .maps
            .lines()
            .map(|line| line.parse::<Mapping>().map_err(|error| error.to_string()))
            .collect::<Result<_, _>>()?,
        ..Answers::default()
    };
    let says = |word: &str| case.about.lines().any(|line| line == word);
    if says("expand") {
        let draft = draft::draft(road, previous, next, &answers)
            .await
            .map_err(chain)?;
        let split = expand::split(road, previous, &draft, &answers)
            .await
            .map_err(chain)?;
        let whole = in_a_row(draft, split);
        go(road, case, previous, &whole).await?;
        return Ok((text(&whole.up), text(&whole.down)));
    }
    let shown = match says("online") {
        true => Mode::Online,
        false => Mode::Offline,
    };
    let online = Answers {
        mode: Mode::Online,
        ..answers.clone()
    };
    let answers = Answers {
        mode: shown,
        ..answers
    };
    let draft = draft::draft(road, previous, next, &answers)
        .await
        .map_err(chain)?;
    go(road, case, previous, &draft).await?;
    if held == Held::ToTheText && case.fails.is_empty() {
        let measured = measured::both_ways(road, case, previous, &draft).await;
        measured.map_err(|why| format!("is not what it says: {why}"))?;
    }
    // What fails does so in another place then, where it can be gone on with. One version is enough.
    if shown == Mode::Offline && case.fails.is_empty() && held == Held::ToTheText {
        let in_use = draft::draft(road, previous, next, &online)
            .await
            .map_err(chain)?;
        if in_use.up != draft.up || in_use.down != draft.down {
            let gone = go(road, case, previous, &in_use).await;
            gone.map_err(|why| format!("with the tables in use: {why}\n{}", text(&in_use.up)))?;
        }
    }
    Ok((text(&draft.up), text(&draft.down)))
}

/// Both steps, as one way there and one back.
fn in_a_row(draft: Draft, split: Split) -> Draft {
    let steps: Vec<Draft> = split.expand.into_iter().chain(split.contract).collect();
    let all = |plans: Vec<&Plan>| Plan {
        phases: plans.iter().flat_map(|plan| plan.phases.clone()).collect(),
        refusals: Vec::new(),
    };
    Draft {
        up: all(steps.iter().map(|step| &step.up).collect()),
        down: all(steps.iter().rev().map(|step| &step.down).collect()),
        ..draft
    }
}

async fn go(road: &Road, case: &Case<'_>, previous: &Source, draft: &Draft) -> Result<(), String> {
    for refusal in draft.up.refusals.iter().chain(&draft.down.refusals) {
        // PostgreSQL has a way through every circle; a case may show what it has none for.
        if refusal.reason.starts_with("these need each other") {
            return Err(format!("a circle: {}", refusal.object));
        }
    }
    if draft.up.refusals.is_empty() {
        let database = road.database(previous).await.map_err(chain)?;
        let mut connection = database.connect().await.map_err(chain)?;
        let circled = circle(&mut connection, case, draft).await;
        drop(connection);
        database.drop().await.map_err(chain)?;
        circled?;
    }
    Ok(())
}

/// The circle, or as much of it as is not refused.
async fn circle(
    connection: &mut PgConnection,
    case: &Case<'_>,
    draft: &Draft,
) -> Result<(), String> {
    sqlx::raw_sql(AssertSqlSafe(case.rows.to_owned()))
        .execute(&mut *connection)
        .await
        .map_err(|error| format!("rows: {error}"))?;
    let start = Snapshot::take(connection).await?;
    let before = answer(connection, case.keeps).await;
    if !case.fails.is_empty() {
        let Err(error) = proof::run(connection, &draft.up, Leg::Up).await else {
            return Err(format!("does not fail with {}", case.fails));
        };
        let error = chain(error);
        if !error.contains(case.fails.trim()) {
            return Err(error);
        }
        arrived(connection, &draft.previous, Leg::Down).await?;
        return start.same(&Snapshot::take(connection).await?, &[]);
    }
    for (leg, plan, goal) in [
        (Leg::Up, &draft.up, &draft.next),
        (Leg::Down, &draft.down, &draft.previous),
        (Leg::UpAgain, &draft.up, &draft.next),
    ] {
        if !plan.refusals.is_empty() {
            return Ok(());
        }
        proof::run(connection, plan, leg).await.map_err(told)?;
        arrived(connection, goal, leg).await?;
        let after = answer(connection, case.keeps).await;
        // A query may speak of what only one side has: then both sides of it are compared.
        if let (Ok(before), Ok(after)) = (&before, &after)
            && before != after
        {
            return Err(format!("{leg:?}: rows were {before}, and are {after}"));
        }
        if leg == Leg::Down {
            start
                .same(&Snapshot::take(connection).await?, &kept::lost(draft))
                .map_err(|why| format!("the way back: {why}"))?;
        } else if let Err(error) = after {
            return Err(format!("keeps: {error}"));
        }
    }
    Ok(())
}

async fn arrived(connection: &mut PgConnection, goal: &Schema, leg: Leg) -> Result<(), String> {
    let actual = seachange::catalog::read(connection).await.map_err(chain)?;
    let difference = difference(&actual, goal);
    if difference.is_empty() {
        Ok(())
    } else {
        Err(format!("{leg:?}: {}", difference.join("; ")))
    }
}

/// With the script, whose lines the message counts.
fn told(error: ProofError) -> String {
    let script = match &error {
        ProofError::Fails { script, .. } => format!("\n{script}"),
        _ => String::new(),
    };
    format!("{}{script}", chain(error))
}

fn chain(error: impl std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}

fn text(plan: &Plan) -> String {
    let mut text = String::new();
    for refusal in &plan.refusals {
        text.push_str(&format!(
            "-- refused: {}: {}\n",
            refusal.object, refusal.reason
        ));
    }
    if !text.is_empty() {
        return text;
    }
    if plan.phases.is_empty() {
        return "-- nothing to do\n".to_owned();
    }
    for (at, phase) in plan.phases.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        match phase.transaction {
            Transaction::None => text.push_str("-- outside a transaction\n\n"),
            Transaction::One if at > 0 => text.push_str("-- another transaction\n\n"),
            Transaction::One => {}
        }
        text.push_str(&script::outline(phase));
        text.push('\n');
        text.push_str(&script::script(phase));
    }
    text
}
