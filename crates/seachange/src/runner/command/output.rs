//! What is printed: results on stdout, everything else on stderr; with `--json` one object on stdout.

use crate::telemetry::note;
use std::io::{self, Write as _};
use std::path::Path;

use super::progress::Progress;
use super::telling::lines;
use crate::error::Help;
use crate::runner::error::RunnerError;
use crate::runner::event::{Done, Event, Planned};
use crate::runner::report::{Report, StatusReport};
use crate::runner::run::Target;
use crate::runner::standing::{Standing, State, Status};

/// For people or for programs.
#[derive(Clone, Copy, Debug)]
pub(super) enum Format {
    Text,
    Json,
}

/// The printer of one command.
pub(super) struct Output {
    format: Format,
    report: Report,
    /// Whether a JSON object is out already.
    printed: bool,
    /// What stands before a line that is no SQL, where SQL is the result.
    margin: &'static str,
    progress: Progress,
}

impl Output {
    /// Names the target, before anything is done to it.
    pub(super) fn new(format: Format, command: &'static str, target: &Target) -> Self {
        let shown = target.shown();
        match target.schema.as_str() {
            "public" => note!("database: {shown}"),
            schema => note!("database: {shown} (schema {schema})"),
        }
        Self {
            format,
            report: Report::new(command, target),
            printed: false,
            margin: "",
            progress: Progress::new(),
        }
    }

    /// For output that goes into psql.
    pub(super) fn of_sql(&mut self) {
        self.margin = "-- ";
    }

    pub(super) fn event(&mut self, event: Event) {
        match event {
            Event::Progress { .. } | Event::Backfilled { .. } => return self.going_on(event),
            _ => self.progress.clear(),
        }
        match event {
            Event::BackedUp(backup) => {
                for line in backup.lines() {
                    self.say(&line);
                }
                self.report.backup = Some(backup);
            }
            Event::Nothing(why) => {
                self.say(&format!("{}{why}", self.margin));
                self.report.nothing = Some(why);
            }
            Event::Done(done) => {
                self.say(&done_line(&done));
                self.report.done.push(done);
            }
            event => {
                for line in lines(&event) {
                    note!("{line}");
                }
            }
        }
    }

    /// What is told many times.
    fn going_on(&mut self, event: Event) {
        match event {
            Event::Progress {
                version,
                statement,
                of,
                elapsed,
                working,
            } => {
                let what = place(&version, statement, of);
                let mut how_far = format!("{} s", elapsed.as_secs());
                let mut share = None;
                if let Some(working) = working {
                    how_far.push_str(&format!(", {working}"));
                    share = (working.done * 100).checked_div(working.total);
                }
                self.progress.show(&what, &how_far, share);
            }
            Event::Backfilled {
                version,
                statement,
                of,
                seen,
                changed,
                estimated,
                elapsed,
            } => {
                let what = place(&version, statement, of);
                let about = estimated.map_or_else(String::new, |rows| format!(" of about {rows}"));
                let how_far = format!(
                    "{} s, {seen}{about} rows gone through, {changed} changed",
                    elapsed.as_secs()
                );
                let share = estimated.and_then(|rows| (seen * 100).checked_div(rows));
                self.progress.show(&what, &how_far, share);
            }
            _ => {}
        }
    }

    pub(super) fn planned(&mut self, planned: &[Planned]) {
        for one in planned {
            self.say(&planned_text(one));
        }
        self.report.planned = Some(planned.to_vec());
    }

    /// What was written down for review.
    pub(super) fn plan(&mut self, planned: &[Planned], path: &Path) {
        for one in planned {
            let how = match one.transaction {
                true => "in one transaction",
                false => "statement by statement, outside a transaction",
            };
            self.say(&format!("would apply {}, {how}", one.version));
        }
        self.say(&format!("wrote {}", path.display()));
        note!(
            "next: review it, then run this with `--plan {}`",
            path.display()
        );
        self.report.planned = Some(planned.to_vec());
        self.report.plan = Some(path.display().to_string());
    }

    pub(super) fn status(&mut self, status: &Status) {
        if let Format::Json = self.format {
            let target = self.report.target.clone();
            self.print(&StatusReport::new(&target, status));
            return;
        }
        let width = status.migrations.iter().map(|one| one.version.len()).max();
        for one in &status.migrations {
            self.say(&standing_line(one, width.unwrap_or(0)));
        }
        if status.migrations.is_empty() {
            self.say("there are no migrations");
        }
        for problem in &status.problems {
            self.say(&format!("problem: {problem}"));
            if let Some(help) = problem.help() {
                self.say(&format!("help: {help}"));
            }
        }
    }

    /// The last word: the error, or the JSON object.
    pub(super) fn end(&mut self, error: Option<&RunnerError>) {
        self.progress.clear();
        if let Some(error) = error {
            self.report.set_error(error);
            self.explain(error);
        }
        if let Format::Json = self.format
            && !self.printed
        {
            let report = std::mem::take(&mut self.report);
            self.print(&report);
        }
    }

    fn explain(&self, error: &RunnerError) {
        if let RunnerError::Refused(refusals) = error {
            for refusal in refusals {
                note!("error: {refusal}");
                if let Some(help) = refusal.help() {
                    note!("help: {help}");
                }
            }
            return;
        }
        note!("error: {error}");
        if let Some(help) = error.help() {
            note!("help: {help}");
        }
    }

    /// A line for people.
    fn say(&self, text: &str) {
        if let Format::Text = self.format {
            write(text);
        }
    }

    fn print(&mut self, value: &impl serde::Serialize) {
        self.printed = true;
        match serde_json::to_string_pretty(value) {
            Ok(text) => write(&text),
            Err(error) => note!("error: could not write the report: {error}"),
        }
    }
}

/// Whoever reads may have gone, as `head` does: that is no failure of a migration.
pub(super) fn write(text: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

fn place(version: &str, statement: u32, of: u32) -> String {
    match (statement, of) {
        (0, _) => version.to_owned(),
        (statement, 0) => format!("{version}, statement {statement}"),
        (statement, of) => format!("{version}, statement {statement} of {of}"),
    }
}

fn done_line(done: &Done) -> String {
    format!(
        "{} {} in {} ms",
        done.direction.done(),
        done.version,
        done.duration_ms
    )
}

pub(super) fn planned_text(one: &Planned) -> String {
    let how = if one.transaction {
        "in one transaction"
    } else {
        "statement by statement, outside a transaction"
    };
    match &one.sql {
        Some(file) => format!(
            "-- {} ({}): {}, {how}\n{}",
            one.version,
            one.direction,
            file.path,
            file.text.trim_end()
        ),
        None => format!(
            "-- {} ({}): a migration in Rust, {how}; only running it tells its SQL",
            one.version, one.direction
        ),
    }
}

fn standing_line(one: &Standing, width: usize) -> String {
    let state = match one.state {
        State::Applied => "applied",
        State::Pending => "pending",
        State::Missing => "missing",
    };
    let mut line = format!("{state}  {:width$}", one.version);
    if let Some(at) = one.applied_at {
        line.push_str(&format!("  {}", at.format("%Y-%m-%d %H:%M:%S UTC")));
    }
    if let Some(duration) = one.duration_ms {
        line.push_str(&format!("  {duration} ms"));
    }
    if one.edited {
        line.push_str("  edited after it was applied");
    }
    if one.out_of_order {
        line.push_str("  out of order: a later one is applied");
    }
    if one.contract {
        line.push_str("  held back until `--contract`");
    }
    if one.state == State::Missing {
        line.push_str("  applied, but not in this program");
    }
    if let Some(squash) = &one.squash {
        line.push_str(&format!("  {squash}"));
    }
    if let Some(halfway) = &one.halfway {
        line.push_str(&format!("  {halfway}"));
    } else if let Some(failure) = &one.failure {
        let reason = failure
            .error
            .as_deref()
            .and_then(|text| text.lines().next());
        let reason = reason.unwrap_or("its runner was ended, or is still at it");
        line.push_str(&format!("  last try {}", failure.direction));
        if let Some(statement) = failure.statement {
            line.push_str(&format!(" reached statement {statement}"));
        }
        line.push_str(&format!(": {reason}"));
    }
    line.trim_end().to_owned()
}
