//! Answers what the studio asks about migrations, by the same roads as `status`, `check` and `migrate`.

use std::cell::Cell;

use rustix::process::{Pid, Signal, kill_process};
use seachange::migrations::Kind;
use seachange::source::{Road, Source};
use seachange_lint::{Direction, File, Finding, lint};
use seachange_schema::{Schema, script};
use seachange_studio::history::{Drift, Meeting, Overview, Question, Refused, Warning};

use super::apply::apply;
use crate::context::Context;
use crate::drift::{self, OfDatabase};
use crate::failure::Failure;
use crate::standing;
use crate::target::Target;
use crate::waits;

/// Who knows the workspace, and which run of its migration program goes on.
pub(super) struct Historian<'a> {
    pub(super) context: &'a Context,
    pub(super) target: &'a Target,
    running: Cell<Running>,
}

/// At most one at a time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Running {
    Nothing,
    /// Not yet begun: what is to run is being built.
    Building,
    Process(Pid),
    /// It was told to end, once.
    Ending,
}

impl<'a> Historian<'a> {
    pub(super) fn new(context: &'a Context, target: &'a Target) -> Self {
        Self {
            context,
            target,
            running: Cell::new(Running::Nothing),
        }
    }

    /// Whoever asked may have gone: then nobody hears the answer.
    pub(super) async fn answer(&self, question: Question) {
        match question {
            Question::Overview(reply) => {
                let _ = reply.send(self.overview().await.map_err(refused));
            }
            Question::Meeting(version, reply) => {
                let _ = reply.send(self.meeting(&version).await.map_err(refused));
            }
            Question::Drift(reply) => {
                let _ = reply.send(self.drift().await.map_err(refused));
            }
            Question::Apply(wanted, lines, reply) => {
                let _ = reply.send(apply(self, &wanted, &lines).await.map_err(refused));
            }
            Question::Cancel(reply) => {
                let _ = reply.send(Ok(self.interrupt()));
            }
        }
    }

    /// Tells the run that goes on to end; whether there is one.
    pub(super) fn interrupt(&self) -> bool {
        match self.running.get() {
            Running::Nothing => return false,
            Running::Process(pid) => {
                if let Err(error) = kill_process(pid, Signal::INT) {
                    tracing::debug!(%error, "the run has ended by itself");
                }
            }
            Running::Building | Running::Ending => {}
        }
        self.running.set(Running::Ending);
        true
    }

    /// A place for one run, until the value is dropped.
    pub(super) fn begin(&self) -> Result<Place<'_>, Failure> {
        match self.running.get() {
            Running::Nothing => {
                self.running.set(Running::Building);
                Ok(Place(&self.running))
            }
            _ => Err(Failure::new("a run of this studio goes on already")
                .help("wait for its end, or cancel it")),
        }
    }

    async fn overview(&self) -> Result<Overview, Failure> {
        let standing = standing::read(self.context, self.target).await?;
        Ok(Overview {
            folder: standing.folder,
            status: standing.status,
            target: self.target.described(),
        })
    }

    async fn meeting(&self, version: &str) -> Result<Meeting, Failure> {
        let road = self.context.road(None);
        let meeting = meeting(&road, version).await;
        road.close().await?;
        meeting
    }

    async fn drift(&self) -> Result<Drift, Failure> {
        let standing = standing::read(self.context, self.target).await?;
        let OfDatabase {
            drift,
            expected,
            live,
        } = drift::of_database(self.context, self.target, &standing.status).await?;
        Ok(Drift {
            expected: drift.from.clone(),
            differences: drift.differences,
            steps: [drift.way.steps.clone(), drift.way.refusals.clone()].concat(),
            back: drift
                .back
                .as_ref()
                .map(drift::Way::script)
                .unwrap_or_default(),
            forth: drift.way.script(),
            ignored: drift.ignored,
            expected_sql: sql(&expected),
            database_sql: sql(&live),
        })
    }
}

/// The only run that may go on.
pub(super) struct Place<'a>(&'a Cell<Running>);

impl Place<'_> {
    /// Refuses where it was told to end before it began.
    pub(super) fn goes_on(&self) -> Result<(), Failure> {
        match self.0.get() {
            Running::Ending => Err(Failure::new("cancelled before anything was done")
                .help("nothing was changed; begin again when it is meant")),
            _ => Ok(()),
        }
    }

    pub(super) fn is(&self, process: u32) {
        if let Some(pid) = i32::try_from(process).ok().and_then(Pid::from_raw) {
            self.0.set(Running::Process(pid));
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.set(Running::Nothing);
    }
}

async fn meeting(road: &Road, version: &str) -> Result<Meeting, Failure> {
    let folder = road.folder()?;
    let place = folder
        .migrations
        .iter()
        .position(|one| one.version == version);
    let at = place.ok_or_else(|| {
        Failure::new(format!("`{version}` has no files here"))
            .help("bring them back from version control, and reload the page")
    })?;
    let after = Source::Migrations {
        upto: Some(version.to_owned()),
    };
    let (before, after) = road.pair(&waits::before(&folder, at), &after).await?;
    let waits = waits::unsaid(road, &folder, at).await.into_iter();
    let mut warnings: Vec<Warning> = waits
        .map(|wait| Warning {
            line: wait.place.line,
            words: wait.to_string(),
            loses: false,
        })
        .collect();
    let migration = &folder.migrations[at];
    if let (Kind::Sql, Some(text)) = (migration.kind, &migration.up_sql) {
        let linted = lint(&File {
            path: "up.sql",
            text,
            direction: Direction::Up,
            transaction: migration.transaction,
            before: Some(&before),
        });
        // What a comment allows was reviewed; that it loses something stays true.
        let mut findings = linted.allowed;
        findings.retain(loses);
        findings.extend(linted.findings);
        warnings.extend(findings.into_iter().map(|finding| Warning {
            line: finding.place.as_ref().map_or(1, |place| place.line),
            loses: loses(&finding),
            words: format!("{}; {}", finding.message, finding.help),
        }));
    }
    warnings.sort_by_key(|warning| warning.line);
    Ok(Meeting {
        before: sql(&before),
        after: sql(&after),
        warnings,
    })
}

/// Whether values or rows go.
fn loses(finding: &Finding) -> bool {
    ["drops-data", "cascades", "changes-values"].contains(&finding.code)
}

/// As `schema.sql` has it; what can't be made from nothing is left out with a word.
fn sql(schema: &Schema) -> String {
    script::schema_sql(schema).unwrap_or_else(|plan| drift::Way::of(&plan).script())
}

fn refused(failure: Failure) -> Refused {
    Refused {
        message: failure.message,
        causes: failure.causes,
        help: failure.help,
        flags: failure.missing,
    }
}
