//! What people see of a fleet: on a terminal one line that is written over, else a line for each target that
//! ended, both on stderr; the summary on stdout.

use crate::telemetry::note;
use std::collections::BTreeMap;

use crate::runner::command::output::{planned_text, write};
use crate::runner::command::progress::Progress;
use crate::runner::command::telling::lines;
use crate::runner::event::{Event, Planned};
use crate::runner::fleet::{Deed, Entry, Outcome, Said, Stopped, Summary};

/// How many names a line holds, and how many different notes are kept.
const NAMES: usize = 10;
const NOTES: usize = 50;

/// What was told so far.
pub(super) struct Show {
    targets: usize,
    ended: BTreeMap<Outcome, usize>,
    under_way: Vec<String>,
    notes: BTreeMap<String, usize>,
    progress: Progress,
}

impl Show {
    pub(super) fn new(targets: usize) -> Self {
        Self {
            targets,
            ended: BTreeMap::new(),
            under_way: Vec::new(),
            notes: BTreeMap::new(),
            progress: Progress::new(),
        }
    }

    pub(super) fn said(&mut self, said: &Said<'_>) {
        match said {
            Said::Begun(name) => self.under_way.push((*name).to_owned()),
            Said::Of(_, Event::Note(note)) => {
                if self.notes.len() < NOTES || self.notes.contains_key(note) {
                    *self.notes.entry(note.clone()).or_insert(0) += 1;
                }
            }
            // A fleet tells its own progress.
            Said::Of(_, Event::Started { .. } | Event::Progress { .. }) => return,
            Said::Of(_, Event::Backfilled { .. }) => return,
            Said::Of(name, event) => {
                self.progress.clear();
                for line in lines(event) {
                    note!("{name}: {line}");
                }
            }
            Said::Ended(entry) => self.ended(entry),
        }
        if self.progress.is_terminal() {
            let done: usize = self.ended.values().sum();
            let share = (done * 100).checked_div(self.targets);
            let how_far = format!(
                "{done} of {}, {} failed; under way: {}",
                self.targets,
                self.ended.get(&Outcome::Failed).unwrap_or(&0),
                self.under_way.join(", ")
            );
            let share = share.and_then(|share| u64::try_from(share).ok());
            self.progress.show("fleet", &how_far, share);
        }
    }

    fn ended(&mut self, entry: &Entry) {
        self.under_way.retain(|name| *name != entry.name);
        *self.ended.entry(entry.outcome).or_insert(0) += 1;
        let failed = matches!(entry.outcome, Outcome::Failed | Outcome::Interrupted);
        if self.progress.is_terminal() && !failed {
            return;
        }
        self.progress.clear();
        let done: usize = self.ended.values().sum();
        note!("[{done}/{}] {}", self.targets, line(entry));
    }

    /// The notes, with how many targets each is about.
    pub(super) fn end(mut self) -> BTreeMap<String, usize> {
        self.progress.clear();
        self.notes
    }
}

/// One target that ended.
fn line(entry: &Entry) -> String {
    let name = &entry.name;
    match entry.outcome {
        Outcome::Done if entry.status.is_some() => standing(entry),
        Outcome::Done => {
            let what = |count| match count {
                1 => "1 migration".to_owned(),
                count => format!("{count} migrations"),
            };
            match &entry.planned {
                Some(planned) => format!("read {name}: {} to do", what(planned.len())),
                None => format!(
                    "done {name}: {} in {} ms",
                    what(entry.done.len()),
                    entry.duration_ms
                ),
            }
        }
        Outcome::Nothing => format!("done {name}: nothing to do"),
        Outcome::Failed => format!("failed {name}: {}", first_line(entry)),
        Outcome::Interrupted => format!("stopped {name}: {}", first_line(entry)),
        Outcome::NotBegun => format!("not begun {name}"),
    }
}

fn first_line(entry: &Entry) -> &str {
    let told = entry.told.as_ref().map_or("", |(message, _)| message);
    told.lines().next().unwrap_or_default()
}

fn standing(entry: &Entry) -> String {
    let Some(counts) = entry.status else {
        return entry.name.clone();
    };
    let mut text = format!(
        "{}  {} applied, {} pending",
        entry.name, counts.applied, counts.pending
    );
    for (count, what) in [
        (counts.half_way, "half-way"),
        (counts.edited, "edited after they were applied"),
        (counts.missing, "not in this program"),
    ] {
        if count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
    }
    text
}

/// The last word, for people.
pub(super) fn result(
    deed: &Deed,
    summary: &Summary,
    entries: &[Entry],
    notes: &BTreeMap<String, usize>,
    sql: &BTreeMap<String, Planned>,
) {
    match deed {
        Deed::Status => {
            for entry in entries.iter().filter(|entry| entry.status.is_some()) {
                write(&standing(entry));
            }
        }
        Deed::DryRun(..) => dry_run(entries, sql),
        Deed::Through(..) => {}
    }
    // What a dry run prints goes into psql.
    let margin = match deed {
        Deed::DryRun(..) => "-- ",
        _ => "",
    };
    let say = |text: &str| {
        for line in text.lines() {
            write(&format!("{margin}{line}"));
        }
    };
    for entry in entries {
        if let Some((message, help)) = &entry.told {
            let what = match entry.outcome {
                Outcome::Interrupted => "interrupted",
                _ => "failed",
            };
            say(&format!("{what}: {} ({})", entry.name, entry.target));
            say(&format!("  {}", message.replace('\n', "\n  ")));
            if let Some(help) = help {
                say(&format!("  help: {help}"));
            }
        }
    }
    let left = entries
        .iter()
        .filter(|one| one.outcome == Outcome::NotBegun);
    let left: Vec<&str> = left.map(|one| one.name.as_str()).collect();
    if !left.is_empty() {
        say(&format!("not begun: {}", names(&left)));
    }
    for (note, targets) in notes {
        say(&format!("note ({targets} of them): {note}"));
    }
    if let Some(stopped) = summary.stopped {
        say(match stopped {
            Stopped::Canary => "stopped: a canary failed, so none of the others was begun",
            Stopped::Failures => {
                "stopped: more failed than `--max-failures` bears, so no other was begun"
            }
            Stopped::Interrupted => "interrupted: run it again to go on",
        });
    }
    say(&total(deed, summary));
}

fn total(deed: &Deed, summary: &Summary) -> String {
    let done = match deed {
        Deed::Status => "read",
        Deed::DryRun(..) => "with something to do",
        Deed::Through(..) => "done",
    };
    let mut text = format!("{} targets: {} {done}", summary.targets, summary.done);
    for (count, what) in [
        (summary.nothing, "with nothing to do"),
        (summary.failed, "failed"),
        (summary.interrupted, "interrupted"),
        (summary.not_begun, "not begun"),
    ] {
        if count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
    }
    text
}

/// Those with the same before them together.
fn dry_run(entries: &[Entry], sql: &BTreeMap<String, Planned>) {
    let mut alike: BTreeMap<&[String], Vec<&str>> = BTreeMap::new();
    for entry in entries {
        if let Some(planned) = entry.planned.as_ref().filter(|one| !one.is_empty()) {
            alike.entry(planned).or_default().push(&entry.name);
        }
    }
    for (versions, targets) in alike {
        write(&format!(
            "-- {} of {} targets: {}",
            targets.len(),
            entries.len(),
            names(&targets)
        ));
        for planned in versions.iter().filter_map(|version| sql.get(version)) {
            write(&planned_text(planned));
        }
    }
}

fn names(all: &[&str]) -> String {
    let mut text = all[..all.len().min(NAMES)].join(", ");
    if all.len() > NAMES {
        text.push_str(&format!(" and {} more", all.len() - NAMES));
    }
    text
}
