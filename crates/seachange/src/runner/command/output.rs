//! What is printed: results on stdout, everything else on stderr; with `--json` one object on stdout.

use std::io::{self, Write as _};

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
}

impl Output {
    /// Names the target, before anything is done to it.
    pub(super) fn new(format: Format, command: &'static str, target: &Target) -> Self {
        let shown = target.shown();
        match target.schema.as_str() {
            "public" => eprintln!("database: {shown}"),
            schema => eprintln!("database: {shown} (schema {schema})"),
        }
        Self {
            format,
            report: Report::new(command, target),
            printed: false,
            margin: "",
        }
    }

    /// For output that goes into psql.
    pub(super) fn of_sql(&mut self) {
        self.margin = "-- ";
    }

    pub(super) fn event(&mut self, event: Event) {
        match event {
            Event::Waiting { holder, waited } => {
                let who = holder.map_or_else(|| "another runner".to_owned(), |h| h.to_string());
                eprintln!(
                    "waiting for the migration lock, held by {who} ({} s so far)",
                    waited.as_secs()
                );
            }
            Event::Started { version, direction } => eprintln!("{} {version}", direction.doing()),
            Event::Retrying {
                version,
                tried,
                reason,
                pause,
            } => eprintln!(
                "try {tried} of {version} failed: {reason}; again in {} ms",
                pause.as_millis()
            ),
            Event::Wiped => eprintln!("dropped everything"),
            Event::Note(note) => eprintln!("note: {note}"),
            Event::Nothing(why) => {
                self.say(&format!("{}{why}", self.margin));
                self.report.nothing = Some(why);
            }
            Event::Done(done) => {
                self.say(&done_line(&done));
                self.report.done.push(done);
            }
        }
    }

    pub(super) fn planned(&mut self, planned: &[Planned]) {
        for one in planned {
            self.say(&planned_text(one));
        }
        self.report.planned = Some(planned.to_vec());
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
                eprintln!("error: {refusal}");
                if let Some(help) = refusal.help() {
                    eprintln!("help: {help}");
                }
            }
            return;
        }
        eprintln!("error: {error}");
        if let Some(help) = error.help() {
            eprintln!("help: {help}");
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
            Err(error) => eprintln!("error: could not write the report: {error}"),
        }
    }
}

/// Whoever reads may have gone, as `head` does: that is no failure of a migration.
fn write(text: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

fn done_line(done: &Done) -> String {
    format!(
        "{} {} in {} ms",
        done.direction.done(),
        done.version,
        done.duration_ms
    )
}

fn planned_text(one: &Planned) -> String {
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
    if one.state == State::Missing {
        line.push_str("  applied, but not in this program");
    }
    if let Some(failure) = &one.failure {
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
