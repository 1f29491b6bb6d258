//! `generate`: writes the next migration from what the entities say and the migrations don't.

use chrono::Utc;
use seachange::generate::{self, Script};
use seachange::migrations::{self, Body, NewMigration};
use seachange::source::{Road, Source};
use seachange_schema::plan::Mode;
use serde::Serialize;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::renames::{self, Renames};
use crate::sizes::{Live, Sizes};
use crate::terminal::plan;

/// Write the next migration from the difference between migrations and entities, proven up, down and up
/// again
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Its name, such as `add_phone_number`; made from the change when none is given
    name: Option<String>,
    /// The same as NAME
    #[arg(long = "name", value_name = "NAME", conflicts_with = "name")]
    named: Option<String>,
    /// A migration to be written by hand, in SQL
    #[arg(long, conflicts_with = "dry_run")]
    empty: bool,
    /// The one by hand outside a transaction, statement by statement: for CREATE INDEX CONCURRENTLY, or a backfill in batches
    #[arg(long, requires = "empty", conflicts_with = "rust")]
    no_transaction: bool,
    /// A migration to be written by hand, in Rust: a backfill, say
    #[arg(long, conflicts_with = "dry_run")]
    rust: bool,
    /// All of it in one transaction, in the plainest form: readers and writers of the tables that it changes
    /// wait until it is over
    #[arg(long, conflicts_with_all = ["empty", "rust"])]
    offline: bool,
    /// In two migrations: the first adds what new code needs, the second takes away what code of before needs, and is
    /// held back until `migrate --contract`
    #[arg(long, conflicts_with_all = ["empty", "rust", "offline"])]
    expand_contract: bool,
    /// Prove and show it, and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    renames: Renames,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Report {
    /// `written`, `nothing to do` or `would be written`.
    outcome: &'static str,
    migrations: Vec<Migration>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
struct Migration {
    /// None where nothing was written.
    version: Option<String>,
    name: String,
    files: Vec<String>,
    up: String,
    down: String,
    plan: seachange_schema::Plan,
    /// For each step of the plan what it meets in the database that commands work on; null where it takes no lock, or
    /// no database answered.
    live: Vec<Option<Live>>,
}

pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let name = args.name.clone().or(args.named.clone());
    if let Some(name) = &name {
        migrations::check_name(name)?;
    }
    if args.empty || args.rust {
        let body = match args.rust {
            true => Body::EmptyRust,
            false => Body::EmptySql {
                in_transaction: !args.no_transaction,
            },
        };
        return by_hand(context, name, body);
    }
    let road = context.road(None);
    if road.known_to_agree(&Source::Migrations { upto: None }, &Source::Entities)? {
        return nothing(context);
    }
    let outcome = from_entities(context, &road, name.as_deref(), &args).await;
    let closed = road.close().await;
    let exit = outcome?;
    closed?;
    Ok(exit)
}

async fn from_entities(
    context: &Context,
    road: &Road,
    name: Option<&str>,
    args: &Args,
) -> Result<Exit, Failure> {
    let from = Source::Migrations { upto: None };
    let mode = match args.offline {
        true => Mode::Offline,
        false => Mode::Online,
    };
    let (mut draft, answers) =
        renames::answered(context, road, &from, &Source::Entities, &args.renames, mode).await?;
    if draft.is_empty() {
        road.remember_agreement(&from, &Source::Entities)?;
        return nothing(context);
    }
    let scripts = match args.expand_contract {
        false => vec![generate::script(road, &from, &mut draft, name).await?],
        true => generate::split_scripts(road, &from, &draft, &answers, name).await?,
    };
    if args.dry_run {
        return shown(context, &scripts).await;
    }
    let mut written = Vec::new();
    for script in &scripts {
        written.push(generate::write(road, script, Utc::now())?);
    }
    if let Some(last) = scripts.last() {
        road.remember(&from, last.next.clone())?;
    }
    road.remember_agreement(&from, &Source::Entities)?;
    let sizes = Sizes::of_the_database(context).await;
    if context.terminal.is_json() {
        let migrations = scripts
            .into_iter()
            .zip(&written)
            .map(|(script, written)| Migration {
                version: Some(written.version.clone()),
                files: written
                    .created
                    .iter()
                    .chain(&written.changed)
                    .map(|path| context.relative(path))
                    .collect(),
                ..report(script, &sizes)
            })
            .collect();
        context.terminal.json(&Report {
            outcome: "written",
            migrations,
        })?;
        return Ok(Exit::Done);
    }
    for (script, written) in scripts.iter().zip(&written) {
        context.terminal.note(plan::text_for(&script.plan, &sizes));
        let mut text = String::new();
        for path in &written.created {
            text.push_str(&format!("wrote {}\n", context.relative(path)));
        }
        context.terminal.result(&text)?;
    }
    context
        .terminal
        .note("proven on a scratch database: up, down and up again");
    context
        .terminal
        .note("next: review up.sql, then `cargo xtask db migrate`");
    Ok(Exit::Done)
}

fn nothing(context: &Context) -> Result<Exit, Failure> {
    if context.terminal.is_json() {
        context.terminal.json(&Report {
            outcome: "nothing to do",
            migrations: Vec::new(),
        })?;
    } else {
        context
            .terminal
            .note("nothing to do: the migrations give what the entities declare");
    }
    Ok(Exit::Done)
}

async fn shown(context: &Context, scripts: &[Script]) -> Result<Exit, Failure> {
    if context.terminal.is_json() {
        let sizes = Sizes::of_the_database(context).await;
        context.terminal.json(&Report {
            outcome: "would be written",
            migrations: scripts
                .iter()
                .map(|script| report(script.clone(), &sizes))
                .collect(),
        })?;
        return Ok(Exit::Done);
    }
    for script in scripts {
        context.terminal.result(&format!(
            "-- {name}/up.sql\n{up}\n-- {name}/down.sql\n{down}",
            name = script.name,
            up = script.up,
            down = script.down
        ))?;
    }
    context
        .terminal
        .note("proven on a scratch database: up, down and up again; nothing was written");
    Ok(Exit::Done)
}

fn report(script: Script, sizes: &Sizes) -> Migration {
    Migration {
        live: sizes.of_steps(&script.plan),
        version: None,
        name: script.name,
        files: Vec::new(),
        up: script.up,
        down: script.down,
        plan: script.plan,
    }
}

fn by_hand(context: &Context, name: Option<String>, body: Body) -> Result<Exit, Failure> {
    let Some(name) = name else {
        return Err(Failure::usage("a migration by hand needs a name")
            .help("`cargo xtask db generate --empty backfill_phone_numbers`"));
    };
    let folder = migrations::read(&context.migrations())?;
    let written = migrations::write(
        &folder,
        &NewMigration {
            at: Utc::now(),
            name: &name,
            about: "",
            body,
            schema_sql: None,
        },
    )?;
    let files: Vec<String> = written
        .created
        .iter()
        .map(|path| context.relative(path))
        .collect();
    if context.terminal.is_json() {
        context.terminal.json(&Report {
            outcome: "written",
            migrations: vec![Migration {
                version: Some(written.version),
                name,
                files,
                up: String::new(),
                down: String::new(),
                plan: seachange_schema::Plan::default(),
                live: Vec::new(),
            }],
        })?;
        return Ok(Exit::Done);
    }
    let text: String = files.iter().map(|file| format!("wrote {file}\n")).collect();
    context.terminal.result(&text)?;
    context.terminal.note(
        "next: fill it in, then `cargo xtask db rebase` to lock it, then `cargo xtask db migrate`",
    );
    Ok(Exit::Done)
}
