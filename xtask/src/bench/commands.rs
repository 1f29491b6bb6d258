//! `bench commands`: the same commands of both tools, in turn, on schemas of several sizes.

use super::arguments::Commands;
use super::contender::{Contender, Measured, Task};
use super::drizzle::{self, DrizzleKit, Release};
use super::error::BenchError;
use super::notes::{Notes, progress};
use super::report::{self, Row};
use super::sample::{Sample, Summary};
use super::seachange::{Profile, Seachange};
use super::server::Server;
use super::{machine, place};

pub(super) fn run(arguments: &Commands) -> Result<(), BenchError> {
    let releases = drizzle::installed()?;
    let notes = Notes::default();
    let mut facts = machine::facts()?;
    facts.push(machine::node()?);
    let server = server(arguments, &releases, &notes)?;
    facts.push(server.facts()?);
    if !arguments.only_drizzle {
        facts.push(format!("seachange built with {}", profile(arguments)));
    }

    let mut titles = Vec::new();
    let mut rows = Vec::new();
    for &tables in &arguments.tables {
        let mut tools = contenders(arguments, &releases, usize::from(tables), &server, &notes);
        titles = tools.iter().map(|tool| tool.title()).collect();
        for tool in &mut tools {
            tool.prepare()?;
        }
        for task in Task::ALL {
            progress(format_args!("{tables} tables: {task}"));
            let tools = measure(&mut tools, task, arguments.runs, &notes)?;
            rows.push(Row {
                tables: usize::from(tables),
                task,
                tools,
            });
        }
    }
    drop(server);

    let ours = (!arguments.only_drizzle).then_some(0);
    println!("{}\n", facts.join(" · "));
    println!("{}\n", report::table(&titles, &rows, ours));
    println!(
        "Medians of {} runs in turn (least–most), whole processes; the least memory that can be told is {} MiB.",
        arguments.runs,
        machine::least_peak()? >> 20
    );
    if let Some(ours) = ours {
        println!("\nWhere seachange's time goes:");
        for line in report::shares(&rows, ours) {
            println!("- {line}");
        }
    }
    println!("\nBeside the table:");
    for line in notes.into_lines() {
        println!("- {line}");
    }
    Ok(())
}

/// The server that the arguments name, else one of the first workspace's own.
fn server(arguments: &Commands, releases: &[Release], notes: &Notes) -> Result<Server, BenchError> {
    let packages = releases.last().map_or_else(place::bench, Release::folder);
    if let Some(url) = &arguments.server {
        return Server::given(url.clone(), &packages);
    }
    let tables = arguments.tables.first().copied().map_or(10, usize::from);
    let first = Seachange::new(tables, profile(arguments), notes);
    first.build()?;
    Server::of(&first.xtask(), &packages)
}

fn profile(arguments: &Commands) -> Profile {
    match arguments.release {
        true => Profile::Release,
        false => Profile::Dev,
    }
}

/// This project's tool first.
fn contenders<'a>(
    arguments: &Commands,
    releases: &[Release],
    tables: usize,
    server: &'a Server,
    notes: &'a Notes,
) -> Vec<Box<dyn Contender + 'a>> {
    let mut tools: Vec<Box<dyn Contender + 'a>> = Vec::new();
    if !arguments.only_drizzle {
        tools.push(Box::new(
            Seachange::new(tables, profile(arguments), notes).on(server),
        ));
    }
    for release in releases {
        let tool = DrizzleKit::new(*release, tables, server, notes);
        tools.push(Box::new(match arguments.full {
            true => tool.with_slow(),
            false => tool,
        }));
    }
    tools
}

/// Every tool in turn, round by round. A round ahead of the first fills the caches, of the files in
/// memory as of the tools; a new column is new each time, so it has none.
fn measure(
    tools: &mut [Box<dyn Contender + '_>],
    task: Task,
    runs: u16,
    notes: &Notes,
) -> Result<Vec<Option<Summary>>, BenchError> {
    let mut samples: Vec<Vec<Sample>> = tools.iter().map(|_| Vec::new()).collect();
    let warming = u16::from(task != Task::GenerateColumn);
    for round in 0..runs + warming {
        for (tool, samples) in tools.iter_mut().zip(&mut samples) {
            let rounds = match tool.measured(task) {
                Measured::AsAsked => runs + warming,
                // What is that slow is not in need of warming.
                Measured::AtMost(most) => most.min(runs),
                Measured::Not(reason) => {
                    if round == 0 {
                        notes.say(format_args!("{}: {task}: {reason}", tool.title()));
                    }
                    0
                }
            };
            if round >= rounds {
                continue;
            }
            tool.before(task, round)?;
            let finished = tool.program(task).run();
            let proven = finished.and_then(|finished| {
                tool.prove(task, &finished)?;
                Ok(finished)
            });
            tool.after(task)?;
            let finished = proven?;
            let warmed = rounds > runs;
            if !(warmed && round == 0) {
                samples.push(finished.sample);
            }
        }
    }
    Ok(samples.iter().map(|samples| Summary::of(samples)).collect())
}
