//! Where a database stands against the migration folder, without compiling anything; and what is put
//! right, or refused, before the folder's program runs.

use seachange::migrations::{self, Folder, Problem};
use seachange::runner::{self, Program, Status};
use seachange::{Help, runner::Target as RunnerTarget};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::Target;
use crate::terminal;

/// The migration folder and the database, side by side.
pub(crate) struct Standing {
    pub(crate) folder: Folder,
    pub(crate) status: Status,
}

/// What may go on nevertheless.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Allowed {
    pub(crate) out_of_order: bool,
    pub(crate) edited: bool,
}

pub(crate) async fn read(context: &Context, target: &Target) -> Result<Standing, Failure> {
    let folder = migrations::read(&context.migrations())?;
    let program = Program::on_disk(&folder);
    let status = runner::status(&program, &RunnerTarget::new(target.url.clone())).await?;
    Ok(Standing { folder, status })
}

/// The folder against a database that has nothing.
pub(crate) fn of_empty(context: &Context) -> Result<Standing, Failure> {
    Ok(Standing {
        folder: migrations::read(&context.migrations())?,
        status: Status {
            migrations: Vec::new(),
            problems: Vec::new(),
            kept: Vec::new(),
        },
    })
}

impl Standing {
    pub(crate) fn is_applied(&self, version: &str) -> bool {
        self.status
            .migrations
            .iter()
            .any(|one| one.version == version && one.is_in_effect())
    }

    /// In the order of their versions.
    pub(crate) fn applied(&self) -> Vec<&str> {
        let mut applied: Vec<&str> = self
            .status
            .migrations
            .iter()
            .filter(|one| one.is_in_effect())
            .map(|one| one.version.as_str())
            .collect();
        applied.sort_unstable();
        applied
    }

    /// Makes the folder ready for `up`: what was edited and is applied nowhere yet is locked anew on a
    /// developer's machine; everything else that is wrong is told, all at once.
    pub(crate) fn make_ready(&self, context: &Context, allowed: Allowed) -> Result<(), Failure> {
        let mut harmless = Vec::new();
        let mut wrong = Vec::new();
        for problem in self.folder.problems() {
            match &problem {
                Problem::Edited { version, .. } if self.is_applied(version) => {
                    if !allowed.edited {
                        wrong.push((problem, Some("--allow-edited")));
                    }
                }
                Problem::Edited { version, .. } | Problem::Unlocked { version } => {
                    harmless.push((version.clone(), problem));
                }
                Problem::Branches { versions, .. } => {
                    // Both applied: that is the past, and there is nothing left to decide.
                    let past = versions.iter().all(|version| self.is_applied(version));
                    if !past && !allowed.out_of_order {
                        wrong.push((problem, Some("--allow-out-of-order")));
                    }
                }
                _ => wrong.push((problem, None)),
            }
        }
        if !wrong.is_empty() {
            return Err(not_ready(&wrong));
        }
        if harmless.is_empty() {
            return Ok(());
        }
        if terminal::on_ci() {
            let wrong: Vec<_> = harmless.into_iter().map(|(_, it)| (it, None)).collect();
            return Err(Failure {
                exit: Exit::Refused,
                ..not_ready(&wrong)
            }
            .help(
                "run `migrate` on the machine where they were edited, and commit `seachange.lock`",
            ));
        }
        // The chain is made anew as a whole, which would hide what must stay in sight.
        if self.folder.problems().len() == harmless.len() {
            self.folder.relock()?;
            for (version, _) in &harmless {
                context.terminal.note(format!(
                    "locked `{version}` as it is now: it is applied nowhere here"
                ));
            }
        }
        Ok(())
    }
}

/// Every problem with the flag that would go on nevertheless, if one does.
fn not_ready(wrong: &[(Problem, Option<&'static str>)]) -> Failure {
    let flags: Option<Vec<String>> = wrong
        .iter()
        .map(|(_, flag)| flag.map(str::to_owned))
        .collect();
    let mut failure = match flags {
        Some(mut flags) => {
            flags.sort();
            flags.dedup();
            Failure::refused(String::new(), flags)
        }
        None => Failure::new(String::new()),
    };
    match wrong {
        [(problem, _)] => failure.message = problem.to_string(),
        several => {
            "the migration folder is not in order".clone_into(&mut failure.message);
            failure.causes = several.iter().map(|(it, _)| it.to_string()).collect();
        }
    }
    let mut helps: Vec<String> = wrong.iter().filter_map(|(it, _)| it.help()).collect();
    helps.dedup();
    helps.extend(failure.help.take());
    failure.help = (!helps.is_empty()).then(|| helps.join("; "));
    failure
}
