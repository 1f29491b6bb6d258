//! `diff`: the SQL from one schema to another, on stdout and nothing else there.

use seachange::draft::{self, Draft};
use seachange::source::{Road, Source};
use serde::Serialize;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::renames::{self, Renames};
use seachange_schema::plan::{Mode, Transaction};
use seachange_schema::{Plan, script};

/// Print the SQL that leads from one schema to another
///
/// A source is `entities`, `migrations`, `migrations@<version>`, `database`, a `postgres://` URL, an .sql
/// file, a folder of them, or `empty`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The schema to start from
    #[arg(long, value_name = "SRC")]
    from: Source,
    /// The schema to arrive at
    #[arg(long, value_name = "SRC")]
    to: Source,
    /// The way back instead
    #[arg(long)]
    down: bool,
    /// For a database in use: what would keep others waiting is done in parts, some of them outside a
    /// transaction
    #[arg(long)]
    online: bool,
    /// Exit with 2 when there is a difference
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    renames: Renames,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Report<'a> {
    from: String,
    to: String,
    different: bool,
    sql: String,
    plan: &'a Plan,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let database = if [&args.from, &args.to].contains(&&Source::Database) {
        Some(context.announced_target().await?.url)
    } else {
        None
    };
    let road = context.road(database);
    let outcome = compared(context, &road, &args).await;
    let closed = road.close().await;
    let exit = outcome?;
    closed?;
    Ok(exit)
}

async fn compared(context: &Context, road: &Road, args: &Args) -> Result<Exit, Failure> {
    let mode = match args.online {
        true => Mode::Online,
        false => Mode::Offline,
    };
    let (mut draft, _) =
        renames::answered(context, road, &args.from, &args.to, &args.renames, mode).await?;
    let plan = if args.down { &draft.down } else { &draft.up };
    if !plan.refusals.is_empty() {
        context.terminal.note(crate::terminal::plan::text(plan));
        return Err(Failure::new("not every difference can be planned")
            .help("those marked with ! have to be written by hand"));
    }
    if args.online {
        prove(context, road, args, &mut draft).await?;
    }
    let plan = if args.down { &draft.down } else { &draft.up };
    let mut sql = String::new();
    for phase in &plan.phases {
        if !sql.is_empty() {
            sql.push('\n');
        }
        // psql runs it as it stands.
        let statements = script::script(phase);
        match phase.transaction {
            Transaction::One => sql.push_str(&format!("BEGIN;\n\n{statements}\nCOMMIT;\n")),
            Transaction::None => sql.push_str(&statements),
        }
    }
    if context.terminal.is_json() {
        context.terminal.json(&Report {
            from: args.from.to_string(),
            to: args.to.to_string(),
            different: !draft.is_empty(),
            sql,
            plan,
        })?;
    } else {
        context.terminal.result(&sql)?;
    }
    Ok(if args.exit_code && !draft.is_empty() {
        Exit::Different
    } else {
        Exit::Done
    })
}

/// What runs in parts is proven before it is shown: nobody reads that from the text.
async fn prove(
    context: &Context,
    road: &Road,
    args: &Args,
    draft: &mut Draft,
) -> Result<(), Failure> {
    if draft.up.refusals.is_empty() && draft.down.refusals.is_empty() {
        draft::prove(road, &args.from, draft).await?;
        context
            .terminal
            .note("proven on a scratch database: up, down and up again");
    } else {
        context
            .terminal
            .note("not proven: one of the two ways can't be planned");
    }
    Ok(())
}
