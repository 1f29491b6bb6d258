//! What was measured of each change, what does not hold, and the table.

use std::fmt;
use std::time::{Duration, Instant};

use super::LONGEST;
use super::clients::Load;
use super::kind::Kind;
use super::latency::Latency;
use crate::torture::runner::Ended;
use crate::torture::{Arguments, Report, table};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// With the number of the migration, where there are two.
    Online(usize),
    Plain,
}

impl fmt::Display for Form {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Online(0) => "online",
            Self::Online(_) => "contract",
            Self::Plain => "plain",
        })
    }
}

pub(super) struct Measured {
    name: &'static str,
    form: Form,
    took: Duration,
    before: Latency,
    during: Latency,
    errors: usize,
    plans: usize,
    retries: usize,
    pub(super) wrong: Vec<String>,
}

impl Measured {
    pub(super) fn new(
        kind: &Kind,
        form: Form,
        ended: &Ended,
        load: Load,
        start: Instant,
        end: Instant,
    ) -> Self {
        let first = load.statements.iter().map(|one| one.0).min();
        let before = Latency::between(&load.statements, first.unwrap_or(start), start);
        let during = Latency::between(&load.statements, start, end);
        let mut wrong = Vec::new();
        if !ended.is_done() {
            wrong.push(format!(
                "the runner ended with {:?}: {}",
                ended.code,
                ended.text()
            ));
        }
        if during.is_empty() {
            wrong.push("there was no load".to_owned());
        }
        if let Form::Online(_) = form {
            if during.most() > LONGEST {
                let most = during.most().as_secs_f64();
                wrong.push(format!("a statement took {most:.2} s"));
            }
            if let Some(error) = load.errors.first() {
                wrong.push(format!("{} statements failed: {error}", load.errors.len()));
            }
        }
        Self {
            name: kind.name,
            form,
            took: end.saturating_duration_since(start),
            before,
            during,
            errors: load.errors.len(),
            plans: load.plans,
            retries: ended.count(" failed: "),
            wrong,
        }
    }

    fn row(&self) -> Vec<String> {
        let mut cells = vec![
            self.name.to_owned(),
            self.form.to_string(),
            format!("{:.1}", self.took.as_secs_f64()),
        ];
        for latency in [&self.before, &self.during] {
            cells.extend([latency.at(500), latency.at(990), latency.most()].map(milliseconds));
            cells.push(format!("{:.0}", latency.a_second()));
        }
        cells.extend([self.errors, self.plans, self.retries].map(|count| count.to_string()));
        cells
    }
}

fn milliseconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1000.0;
    match milliseconds < 10.0 {
        true => format!("{milliseconds:.1}"),
        false => format!("{milliseconds:.0}"),
    }
}

pub(super) fn report(measured: Vec<Measured>, arguments: &Arguments, took: Duration) -> Report {
    let mut table = table(&[
        "change",
        "form",
        "s",
        "p50 before",
        "p99",
        "max",
        "a second",
        "p50 during",
        "p99",
        "max",
        "a second",
        "errors",
        "plans",
        "retries",
    ]);
    let mut failures = Vec::new();
    for one in &measured {
        table.add_row(one.row());
        for wrong in &one.wrong {
            failures.push(format!("{}, {}: {wrong}", one.name, one.form));
        }
    }
    Report {
        title: format!(
            "load: {} rows, 4 sessions, {} s in all",
            arguments.rows,
            took.as_secs()
        ),
        table,
        notes: vec![
            "Latencies in milliseconds. Of the plain forms, which are there to be compared with, only the schema that they \
             lead to is held to something. `plans` are cached plans that PostgreSQL refuses once a session after any change of \
             the type of a column that they return; the session prepares the statement again."
                .to_owned(),
        ],
        failures,
    }
}
