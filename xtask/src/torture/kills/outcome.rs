//! What the kills came to, counted.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::torture::requests::{At, Moment, Request};
use crate::torture::runner::Ended;
use crate::torture::trial::Undisturbed;
use crate::torture::{Report, table};

/// One database.
pub(super) struct Trial {
    number: u64,
    /// At what each kill came.
    kills: Vec<(String, At)>,
    /// Whether a run has ended by itself.
    pub(super) ended: bool,
    resumed: usize,
    cleared: usize,
    waited: usize,
    longest: Duration,
    failure: Option<String>,
    pub(super) wrong: Vec<String>,
}

impl Trial {
    pub(super) fn new(number: u64) -> Self {
        Self {
            number,
            kills: Vec::new(),
            ended: false,
            resumed: 0,
            cleared: 0,
            waited: 0,
            longest: Duration::ZERO,
            failure: None,
            wrong: Vec::new(),
        }
    }

    /// A run that was to be killed.
    pub(super) fn ran(&mut self, ended: &Ended, at: At, seen: &[Request]) {
        if !ended.was_killed() {
            return self.last(ended);
        }
        self.count(ended);
        let request = seen.get(at.request);
        let sql = request.map_or("", |request| request.sql.as_str());
        self.kills.push((kind(sql), at));
    }

    /// A run that ended by itself.
    pub(super) fn last(&mut self, ended: &Ended) {
        self.count(ended);
        self.ended = true;
        self.longest = ended.took;
        if !ended.is_done() {
            self.failure = Some(format!("ended with {:?}:\n{}", ended.code, ended.text()));
        }
    }

    fn count(&mut self, ended: &Ended) {
        self.resumed += ended.count("goes on with statement");
        self.cleared += ended.count("clears up");
        self.waited += ended.count("which a killed run left");
    }
}

#[derive(Default)]
pub(super) struct Outcome {
    pub(super) kills: u32,
    pub(super) failures: Vec<String>,
    places: BTreeMap<String, [u32; 3]>,
    resumed: usize,
    cleared: usize,
    waited: usize,
    longest: Duration,
}

impl Outcome {
    pub(super) fn add(&mut self, trial: Trial) {
        self.kills += u32::try_from(trial.kills.len()).unwrap_or(u32::MAX);
        self.resumed += trial.resumed;
        self.cleared += trial.cleared;
        self.waited += trial.waited;
        self.longest = self.longest.max(trial.longest);
        let wrong = trial.failure.iter().chain(&trial.wrong);
        for wrong in wrong {
            let kills = &trial.kills;
            self.failures.push(format!(
                "trial {}, killed after {kills:?}: {wrong}",
                trial.number
            ));
        }
        for (kind, at) in trial.kills {
            let times = self.places.entry(kind).or_default();
            let column = match at.moment {
                Moment::Before => 0,
                Moment::Inside(_) => 1,
                Moment::After => 2,
            };
            times[column] += 1;
        }
    }

    pub(super) fn report(self, undisturbed: &Undisturbed, trials: u64, took: Duration) -> Report {
        let mut table = table(&["killed at", "before", "inside", "after"]);
        for (kind, times) in &self.places {
            let times = times.map(|times| times.to_string());
            table.add_row(std::iter::once(kind).chain(&times));
        }
        Report {
            title: format!(
                "kills: {} of the runner, in {trials} databases, {} s",
                self.kills,
                took.as_secs()
            ),
            table,
            notes: vec![format!(
                "{} runs went on half-way, {} times an invalid index was cleared up, {} times a session that was left was waited for; \
                 the longest last run took {:.1} s, an undisturbed one {:.1} s. {} databases are not as they should be.",
                self.resumed,
                self.cleared,
                self.waited,
                self.longest.as_secs_f64(),
                undisturbed.took.as_secs_f64(),
                self.failures.len()
            )],
            failures: self.failures,
        }
    }
}

/// The first words of a request say what it is about.
fn kind(sql: &str) -> String {
    let words: Vec<&str> = sql.split_whitespace().take(3).collect();
    match words.as_slice() {
        [] => "nothing that can be read".to_owned(),
        [
            "INSERT" | "UPDATE" | "DELETE" | "SELECT" | "SET" | "BEGIN" | "COMMIT",
            ..,
        ] => {
            let records = ["seaql_migrations", "seachange_history", "seachange_journal"];
            match records.iter().find(|record| sql.contains(*record)) {
                Some(record) => format!("{} … {record}", words[0]),
                None => words[..words.len().min(2)].join(" "),
            }
        }
        _ => words.join(" "),
    }
}
