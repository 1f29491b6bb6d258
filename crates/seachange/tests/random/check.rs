//! One pair of schemas through everything that has to hold for it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use seachange::catalog;
use seachange::proof::{self, Leg, difference};
use seachange::scratch::Scratch;
use seachange_schema::change::Changes;
use seachange_schema::{Plan, Schema, diff, plan, script};

use super::build::Bench;
use super::failure::Failure;
use super::refusals::{is_legitimate, may_follow};
use super::rows;

/// What came of a pair.
pub(crate) struct Checked {
    /// The statements of each side that PostgreSQL took.
    pub(crate) previous: Vec<String>,
    pub(crate) next: Vec<String>,
    /// The reasons for which it was refused, where that is legitimate.
    pub(crate) refused: Vec<String>,
    /// How many rows were kept under watch.
    pub(crate) tables_watched: usize,
    pub(crate) failure: Option<Failure>,
}

pub(crate) async fn check(scratch: &Scratch, previous: &[String], next: &[String]) -> Checked {
    let mut old = Bench::empty(scratch).await;
    let mut new = Bench::empty(scratch).await;
    let mut checked = Checked {
        previous: old.build(previous).await,
        next: new.build(next).await,
        refused: Vec::new(),
        tables_watched: 0,
        failure: None,
    };
    checked.failure = judge(scratch, &mut old, &mut new, &mut checked).await.err();
    old.drop().await;
    new.drop().await;
    checked
}

async fn judge(
    scratch: &Scratch,
    old: &mut Bench,
    new: &mut Bench,
    checked: &mut Checked,
) -> Result<(), Failure> {
    let previous = read(old).await?;
    let next = read(new).await?;
    for schema in [&previous, &next] {
        if let Some(one) = schema.unmodelled.first() {
            return Err(Failure::new(
                "generator",
                format!("{} is not modelled", one.kind),
            ));
        }
    }
    let (changes, up, down) = catch_unwind(AssertUnwindSafe(|| planned(&previous, &next)))
        .map_err(|panic| Failure::new("plan", words(&*panic)))??;
    refusals("up", &up, checked)?;
    refusals("down", &down, checked)?;

    let (sides, ways) = ((&previous, &next), (&up, &down));
    if up.refusals.is_empty() {
        rows::fill(old, &previous).await;
        if let Err(failure) = circle(old, sides, &changes, ways, checked).await {
            if !failure.is_about_rows() {
                return Err(failure);
            }
            // The rows don't allow it, which a plan may find out: without them it has to work.
            let mut again = Bench::empty(scratch).await;
            again.build(&checked.previous).await;
            let circled = circle(&mut again, sides, &changes, ways, checked).await;
            again.drop().await;
            circled?;
        }
    }
    if down.refusals.is_empty() {
        // Next, as it was written rather than as the plan left it.
        run(new, &down, Leg::Down).await?;
        arrived(new, &previous, "Down from next as written").await?;
    }
    from_nothing(scratch, &previous).await
}

fn planned(previous: &Schema, next: &Schema) -> Result<(Changes, Plan, Plan), Failure> {
    for schema in [previous, next] {
        if !diff(schema.clone(), schema.clone(), Vec::new()).is_empty() {
            return Err(Failure::new("diff", "a schema differs from itself"));
        }
    }
    let changes = diff(previous.clone(), next.clone(), Vec::new());
    if changes.clone().reverse().reverse() != changes {
        return Err(Failure::new("reverse", "twice is not what it was"));
    }
    let up = plan(&changes);
    let down = plan(&changes.clone().reverse());
    Ok((changes, up, down))
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    format!("panics: {}", text.unwrap_or_default())
}

fn refusals(way: &str, plan: &Plan, checked: &mut Checked) -> Result<(), Failure> {
    let named = plan.refusals.iter().any(|it| is_legitimate(&it.reason));
    for refusal in &plan.refusals {
        let follows = named && may_follow(&refusal.reason);
        if !is_legitimate(&refusal.reason) && !follows {
            return Err(Failure::new(
                format!("refused {way}"),
                format!("{}\n{}", refusal.reason, refusal.object),
            ));
        }
        checked.refused.push(refusal.reason.clone());
    }
    Ok(())
}

async fn circle(
    bench: &mut Bench,
    (previous, next): (&Schema, &Schema),
    changes: &Changes,
    (up, down): (&Plan, &Plan),
    checked: &mut Checked,
) -> Result<(), Failure> {
    let kept = |error: sqlx::Error| Failure::new("rows", error.to_string());
    let before = rows::kept(bench, changes).await.map_err(kept)?;
    checked.tables_watched = before.values().filter(|rows| *rows != "[]").count();
    let legs = [
        (Leg::Up, up, next),
        (Leg::Down, down, previous),
        (Leg::UpAgain, up, next),
    ];
    for (leg, plan, goal) in legs {
        if !plan.refusals.is_empty() {
            return Ok(());
        }
        run(bench, plan, leg).await?;
        arrived(bench, goal, &format!("{leg:?}"))
            .await
            .map_err(|failure| with_script(failure, plan))?;
        let after = rows::kept(bench, changes).await.map_err(kept)?;
        if before != after {
            let failure = Failure::new(
                format!("rows {leg:?}"),
                format!("rows are not kept\nbefore {before:?}\nafter {after:?}"),
            );
            return Err(with_script(failure, plan));
        }
    }
    Ok(())
}

fn with_script(mut failure: Failure, plan: &Plan) -> Failure {
    for phase in &plan.phases {
        failure.script.push_str(&script::script(phase));
    }
    failure
}

async fn run(bench: &mut Bench, plan: &Plan, leg: Leg) -> Result<(), Failure> {
    proof::run(&mut bench.connection, plan, leg)
        .await
        .map_err(|error| Failure::of_proof(leg, error))
}

async fn arrived(bench: &mut Bench, goal: &Schema, doing: &str) -> Result<(), Failure> {
    let actual = read(bench).await?;
    let difference = difference(&actual, goal);
    if difference.is_empty() {
        Ok(())
    } else {
        let details = details(&actual, goal);
        let mut failure = Failure::new(doing, difference.join("; "));
        failure.script = details;
        Err(failure)
    }
}

/// Both states of what differs.
fn details(actual: &Schema, goal: &Schema) -> String {
    let changes = diff(actual.clone(), goal.clone(), Vec::new());
    let mut text = String::new();
    for (id, change) in &changes.changes {
        if let (Some(actual), Some(goal)) = (&change.previous, &change.next) {
            text.push_str(&format!(
                "-- {id}\n--   is     {actual:?}\n--   not    {goal:?}\n"
            ));
        }
    }
    text
}

async fn from_nothing(scratch: &Scratch, schema: &Schema) -> Result<(), Failure> {
    let plan = script::from_nothing(schema);
    if let Some(refusal) = plan.refusals.first() {
        return Err(Failure::new(
            "refused from nothing",
            format!("{}\n{}", refusal.reason, refusal.object),
        ));
    }
    let mut bench = Bench::empty(scratch).await;
    let built = async {
        run(&mut bench, &plan, Leg::Up)
            .await
            .map_err(|failure| Failure {
                doing: "from nothing".to_owned(),
                ..failure
            })?;
        arrived(&mut bench, schema, "from nothing")
            .await
            .map_err(|failure| with_script(failure, &plan))
    }
    .await;
    bench.drop().await;
    built
}

async fn read(bench: &mut Bench) -> Result<Schema, Failure> {
    catalog::read(&mut bench.connection)
        .await
        .map_err(|error| Failure::new("catalog", error.to_string()))
}
