//! What the studio asks, and what it is told: plain values, so that neither side knows the other's insides.

use seachange::migrations::Folder;
use seachange::runner::Status;
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};

use crate::answer::Refusal;

/// The studio's end.
#[derive(Clone, Debug)]
pub struct History(mpsc::Sender<Question>);

/// The end of whoever answers.
pub type Questions = mpsc::Receiver<Question>;

/// Where an answer goes.
pub type Reply<T> = oneshot::Sender<Result<T, Refused>>;

/// Where a run's lines go, as they come. Nobody may be there any more.
pub type Lines = mpsc::UnboundedSender<String>;

/// Both ends.
pub fn channel() -> (History, Questions) {
    let (sender, receiver) = mpsc::channel(16);
    (History(sender), receiver)
}

/// Something that only the workspace can tell or do.
#[derive(Debug)]
pub enum Question {
    /// Where every migration stands.
    Overview(Reply<Overview>),
    /// What a migration meets and leaves.
    Meeting(String, Reply<Meeting>),
    /// How the database differs from what its migrations make.
    Drift(Reply<Drift>),
    /// Applies what was shown, and nothing else.
    Apply(Apply, Lines, Reply<Ended>),
    /// Ends the run that goes on, as Ctrl-C does; whether there was one.
    Cancel(Reply<bool>),
}

/// The folder and the database side by side.
#[derive(Clone, Debug)]
pub struct Overview {
    /// What the files say.
    pub folder: Folder,
    /// What the database says.
    pub status: Status,
    /// The database that migrations are applied to, its password masked.
    pub target: String,
}

/// The schema around a migration, each as SQL.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// What it meets.
    pub before: String,
    /// What it leaves.
    pub after: String,
    /// Who waits for its statements where its head does not say so, and what lint has to say.
    pub warnings: Vec<Warning>,
}

/// Something to know before it runs.
#[derive(Clone, Debug)]
pub struct Warning {
    /// Of `up.sql`, from 1.
    pub line: u32,
    /// What it is, as a fragment.
    pub words: String,
    /// Whether values or rows are lost.
    pub loses: bool,
}

/// The database against what it should be by its own account.
#[derive(Clone, Debug)]
pub struct Drift {
    /// What it is held against, in words: `migrations@m2026…`.
    pub expected: String,
    /// How many objects differ; 0 is in step.
    pub differences: usize,
    /// What leads from what is expected to the database, a line each.
    pub steps: Vec<String>,
    /// The SQL that takes the database back, and what would have to be in a migration instead.
    pub back: String,
    /// As SQL.
    pub forth: String,
    /// Differences that are overlooked by rule.
    pub ignored: Vec<String>,
    /// Both schemas as SQL.
    pub expected_sql: String,
    /// The database as it is.
    pub database_sql: String,
}

/// What is to be applied.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Apply {
    /// In order. Anything else that is pending by then, or another text, is a reason to refuse.
    pub shown: Vec<Shown>,
    /// Flags that go on nevertheless, of those that a refusal named.
    #[serde(default)]
    pub flags: Vec<String>,
}

/// A migration as it was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// The migration's name.
    pub version: String,
    /// Of all its files.
    pub hash: String,
    /// Whether it was held back, and is wanted nevertheless.
    pub contract: bool,
}

/// How a run ended.
#[derive(Clone, Debug, Serialize)]
pub struct Ended {
    /// The program's exit code.
    pub code: u8,
}

/// Why there is no answer.
#[derive(Clone, Debug, Default)]
pub struct Refused {
    /// What was refused, as a fragment.
    pub message: String,
    /// What lay behind it, the nearest first.
    pub causes: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// The flags that would go on nevertheless.
    pub flags: Vec<String>,
}

impl History {
    pub(super) async fn overview(&self) -> Result<Overview, Refusal> {
        self.ask(Question::Overview).await
    }

    pub(super) async fn meeting(&self, version: String) -> Result<Meeting, Refusal> {
        self.ask(|reply| Question::Meeting(version, reply)).await
    }

    pub(super) async fn drift(&self) -> Result<Drift, Refusal> {
        self.ask(Question::Drift).await
    }

    pub(super) async fn apply(&self, apply: Apply, lines: Lines) -> Result<Ended, Refusal> {
        self.ask(|reply| Question::Apply(apply, lines, reply)).await
    }

    pub(super) async fn cancel(&self) -> Result<bool, Refusal> {
        self.ask(Question::Cancel).await
    }

    async fn ask<T>(&self, question: impl FnOnce(Reply<T>) -> Question) -> Result<T, Refusal> {
        let (reply, answer) = oneshot::channel();
        let gone = || Refusal::unavailable("the studio is ending");
        self.0.send(question(reply)).await.map_err(|_| gone())?;
        Ok(answer.await.map_err(|_| gone())??)
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        let mut refusal = Self::conflict(refused.message).flags(refused.flags);
        if !refused.causes.is_empty() {
            refusal = refusal.detail(refused.causes.join("\n"));
        }
        match refused.help {
            Some(help) => refusal.help(help),
            None => refusal,
        }
    }
}
