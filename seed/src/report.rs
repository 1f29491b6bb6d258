//! What the user sees: counts on stdout; progress and errors on stderr.

use std::io::Write as _;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};
use seachange::Help;
use seachange::plain::may_redraw;
use seachange::seed::{Loaded, NotSeeded, Progress, Seeded, VERSION};

use crate::arguments::Arguments;
use crate::error::SeedError;

/// The counts, table by table.
pub(crate) fn counts(loaded: &[Loaded], arguments: &Arguments) {
    if arguments.json {
        let outcome = match arguments.dry_run {
            true => "would be seeded",
            false => "seeded",
        };
        let seeded = Seeded {
            version: VERSION,
            outcome,
            tables: loaded,
        };
        json(&seeded);
        return;
    }
    let names = loaded.iter().map(|loaded| loaded.table.len());
    let width = names.max().unwrap_or(0);
    for Loaded { table, rows } in loaded {
        print(&format!("{table:width$} {rows:>9}"));
    }
    if arguments.dry_run {
        anstream::eprintln!("nothing was loaded");
    }
}

/// The bar of the table that is being loaded; only a terminal shows it.
pub(crate) struct Bars {
    bar: ProgressBar,
    table: String,
}

impl Bars {
    pub(crate) fn new() -> Self {
        Self {
            bar: ProgressBar::hidden(),
            table: String::new(),
        }
    }

    pub(crate) fn show(&mut self, progress: Progress<'_>) {
        if self.table != progress.table {
            self.bar.finish_and_clear();
            progress.table.clone_into(&mut self.table);
            if !may_redraw() {
                return;
            }
            self.bar = ProgressBar::new(progress.of);
            let template =
                "{msg:13} {wide_bar} {human_pos}/{human_len} rows, {per_sec}, {eta} left";
            if let Ok(style) = ProgressStyle::with_template(template) {
                self.bar.set_style(style);
            }
            self.bar.set_message(self.table.clone());
            self.bar.enable_steady_tick(Duration::from_millis(200));
        }
        self.bar.set_position(progress.rows);
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// An error, what it comes from, and what to do.
pub(crate) fn explain(error: &SeedError, arguments: &Arguments) {
    let causes = causes(error);
    if arguments.json {
        let is_refusal = !error.missing().is_empty();
        json(&NotSeeded {
            version: VERSION,
            refused: is_refusal.then(|| error.to_string()),
            error: error.to_string(),
            causes: causes.clone(),
            help: error.help(),
            exit: error.exit_code(),
            missing: error.missing().iter().map(ToString::to_string).collect(),
        });
    }
    let style = |color: AnsiColor| Style::new().bold().fg_color(Some(color.into()));
    let (red, cyan) = (style(AnsiColor::Red), style(AnsiColor::Cyan));
    anstream::eprintln!("{red}error:{red:#} {error}");
    for cause in causes {
        anstream::eprintln!("  because {cause}");
    }
    if let Some(help) = error.help() {
        anstream::eprintln!("{cyan}help:{cyan:#} {help}");
    }
}

/// What lies behind an error, from the nearest to the deepest.
fn causes(error: &SeedError) -> Vec<String> {
    let mut causes = Vec::new();
    let mut shown = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        // Some errors repeat their cause in their own words.
        let text = error.to_string();
        if !shown.ends_with(&text) {
            causes.push(text.clone());
        }
        shown = text;
        cause = error.source();
    }
    causes
}

/// The one object that a program reads.
fn json(value: &impl serde::Serialize) {
    if let Ok(text) = serde_json::to_string(value) {
        print(&text);
    }
}

/// A reader that closed the pipe wants no more.
fn print(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
