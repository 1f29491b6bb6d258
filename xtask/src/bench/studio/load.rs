//! Many users at once, each with a link and a cookie of its own: what went wrong, how long each kind of page took, and
//! whether the studio's memory stays flat.

mod user;
mod watch;

use std::sync::Arc;
use std::time::{Duration, Instant};

use comfy_table::{CellAlignment, Table, presets};
use tokio::sync::watch as signal;

use super::browser::Browser;
use super::database::Database;
use super::process::Studio;
use super::report::{at, count, milliseconds};
use crate::bench::error::BenchError;
use crate::bench::notes::progress;
use crate::bench::sample::median;
use user::{Kind, User, Walk, World};
use watch::Watched;

/// How many of what went wrong are told.
const TOLD: usize = 10;

pub(super) async fn run(
    studio: &mut Studio,
    database: &Database,
    users: u16,
    seconds: u16,
) -> Result<(), BenchError> {
    let world = Arc::new(World {
        rows: database.rows,
        cohorts: database.cohorts(),
    });
    let mut browsers = Vec::new();
    for _ in 0..users {
        browsers.push(Browser::open(&studio.link()?).await?);
    }
    progress(format_args!("{users} users for {seconds} s"));
    let end = Instant::now() + Duration::from_secs(seconds.into());
    let (stop, stopped) = signal::channel(());
    let mut running = Vec::new();
    for (number, browser) in (1..).zip(browsers) {
        let user = User::new(number, browser, Arc::clone(&world));
        running.push(tokio::spawn(user.walk_until(end)));
    }
    let watching = watch::watch(studio.pid(), database.connect().await?, stopped);
    let watching = tokio::spawn(watching);
    let mut all = Walk::default();
    for user in running {
        match user.await {
            Ok(walk) => all.add(walk),
            Err(error) => all.wrong.push(error.to_string()),
        }
    }
    // Nobody listens any more where it fails: then it has ended by itself.
    let _ = stop.send(());
    let watched = watching.await.map_err(|_| watch::ended())??;
    println!(
        "{users} users for {seconds} s, on a table of {} rows:\n",
        count(database.rows)
    );
    println!("{}\n", table(&all));
    tell(&all, &watched, seconds);
    if !all.wrong.is_empty() {
        return Err(BenchError::Requests {
            failed: all.wrong.len(),
            requests: all.requests.len(),
        });
    }
    watched.is_flat()
}

fn table(all: &Walk) -> Table {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(["kind", "requests", "refused", "median", "95th", "slowest"]);
    for kind in Kind::ALL {
        let of_kind = all.requests.iter().filter(|request| request.kind == kind);
        let refused = of_kind.clone().filter(|it| it.status >= 400).count();
        let mut times: Vec<Duration> = of_kind.map(|request| request.took).collect();
        times.sort_unstable();
        table.add_row([
            kind.title().to_owned(),
            times.len().to_string(),
            refused.to_string(),
            milliseconds(median(&times).unwrap_or_default()),
            milliseconds(at(&times, 95)),
            milliseconds(times.last().copied().unwrap_or_default()),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn tell(all: &Walk, watched: &Watched, seconds: u16) {
    let requests = all.requests.len();
    println!(
        "Milliseconds. {} requests, {:.0} a second; {} went wrong.",
        count(requests as u64),
        requests as f64 / f64::from(seconds),
        all.wrong.len()
    );
    for wrong in all.wrong.iter().take(TOLD) {
        println!("- {wrong}");
    }
    println!("{watched}");
}
