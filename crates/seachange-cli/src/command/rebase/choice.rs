//! Which of two branches moves: the one that nobody has run yet.

use std::collections::BTreeSet;

use seachange::migrations::{Folder, Fork};
use seachange::runner::State;

use super::{Args, main_branch};
use crate::context::Context;
use crate::failure::Failure;
use crate::standing::Standing;

/// Who has run what, as far as it can be known here.
struct Known<'a> {
    standing: Option<&'a Standing>,
    main: Option<(String, BTreeSet<String>)>,
}

/// The migrations that go behind all others, in their order.
pub(super) fn movers(
    context: &Context,
    folder: &Folder,
    standing: Option<&Standing>,
    args: &Args,
) -> Result<Vec<String>, Failure> {
    let known = Known {
        standing,
        main: main_branch::versions(&context.project.root, context.project.migration),
    };
    let forks = folder.lock.forks();
    let mut movers: Vec<String> = Vec::new();
    if let Some(asked) = args.moved.as_ref().or(args.onto.as_ref()) {
        let version = version(folder, asked)?;
        let has = |branch: &Vec<String>| branch.contains(&version);
        let fork = forks.iter().find(|fork| fork.branches.iter().any(has));
        let fork = fork.ok_or_else(|| {
            Failure::usage(format!("`{version}` is on no branch beside another"))
                .help("leave it out: `rebase` puts the rest in order by itself")
        })?;
        let chosen = fork.branches.iter();
        movers.extend(
            chosen
                .filter(|it| has(it) == args.moved.is_some())
                .flatten()
                .cloned(),
        );
    } else {
        for fork in &forks {
            movers.extend(known.movers_of(fork)?);
        }
        movers.extend(known.late(folder, &movers)?);
    }
    movers.retain(|version| folder.migration(version).is_some());
    movers.sort();
    movers.dedup();
    let applied: Vec<String> = movers
        .iter()
        .filter(|it| known.is_applied(it))
        .cloned()
        .collect();
    match applied.is_empty() {
        true => Ok(movers),
        false => Err(refused(
            format!(
                "`{}` is applied, and would move behind another",
                applied.join("`, `")
            ),
            "take it back first with `rollback`, then `rebase` again",
        )),
    }
}

impl Known<'_> {
    fn is_applied(&self, version: &str) -> bool {
        self.standing.is_some_and(|it| it.is_applied(version))
    }

    fn is_on_main(&self, version: &str) -> bool {
        let main = self.main.as_ref();
        main.is_some_and(|(_, versions)| versions.contains(version))
    }

    /// All branches of a fork but the one that stays.
    fn movers_of(&self, fork: &Fork) -> Result<Vec<String>, Failure> {
        let having = |has: &dyn Fn(&String) -> bool| -> Vec<usize> {
            let branches = fork.branches.iter().enumerate();
            branches
                .filter(|(_, it)| it.iter().any(has))
                .map(|(at, _)| at)
                .collect()
        };
        let applied = having(&|version| self.is_applied(version));
        let on_main = having(&|version| self.is_on_main(version));
        let stays = match (applied.as_slice(), on_main.as_slice()) {
            // Several are run: that is the past, and there is nothing left to move.
            ([_, _, ..], _) => return Ok(Vec::new()),
            ([one], [other]) if one != other => {
                return Err(self.torn(&fork.branches[*one], &fork.branches[*other]));
            }
            ([one], _) | ([], [one]) => *one,
            ([], _) => (0..fork.branches.len())
                .min_by_key(|at| &fork.branches[*at])
                .unwrap_or(0),
        };
        let branches = fork.branches.iter().enumerate();
        let others = branches.filter(|(at, _)| *at != stays);
        Ok(others.flat_map(|(_, branch)| branch.clone()).collect())
    }

    /// What is pending, and older than what is applied: nobody wrote it after what it would follow.
    fn late(&self, folder: &Folder, others: &[String]) -> Result<Vec<String>, Failure> {
        let Some(standing) = self.standing else {
            return Ok(Vec::new());
        };
        let late = standing.status.migrations.iter().filter(|one| {
            one.state == State::Pending && one.out_of_order && !others.contains(&one.version)
        });
        let late: Vec<String> = late.map(|one| one.version.clone()).collect();
        let run_elsewhere: Vec<String> = late
            .iter()
            .filter(|it| self.is_on_main(it))
            .cloned()
            .collect();
        let newest: Vec<String> = folder
            .migrations
            .iter()
            .map(|one| one.version.clone())
            .filter(|it| {
                self.is_applied(it) && !self.is_on_main(it) && late.iter().any(|one| one < it)
            })
            .collect();
        match run_elsewhere.is_empty() {
            true => Ok(late),
            // Both are on the main branch, so both are run in whichever order: see `migrate`.
            false if newest.is_empty() => Ok(Vec::new()),
            false => Err(self.torn(&newest, &run_elsewhere)),
        }
    }

    /// The one is applied here, the other is on the main branch.
    fn torn(&self, applied: &[String], on_main: &[String]) -> Failure {
        let main = self.main.as_ref().map_or("main", |(name, _)| name);
        refused(
            format!(
                "`{}` is applied here, and `{}` is on `{main}`: each would have to stay where it is",
                applied.join("`, `"),
                on_main.join("`, `")
            ),
            "take the one that is applied here back with `rollback`, then `rebase` again; or choose \
             with `--move VERSION`",
        )
    }
}

fn refused(message: String, help: &str) -> Failure {
    Failure::refused(message, Vec::new()).help(help)
}

/// By its whole version, or by what only one ends with.
fn version(folder: &Folder, asked: &str) -> Result<String, Failure> {
    let versions = || folder.migrations.iter().map(|one| &one.version);
    let found: Vec<&String> = match versions().find(|it| *it == asked) {
        Some(one) => vec![one],
        None => versions()
            .filter(|it| it.starts_with(asked) || it.ends_with(asked))
            .collect(),
    };
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Failure::usage(format!("no migration is called `{asked}`"))
            .help("`status` lists them; the beginning or the end of a version will do")),
        several => {
            let names: Vec<&str> = several.iter().map(|it| it.as_str()).collect();
            Err(
                Failure::usage(format!("`{asked}` may be any of `{}`", names.join("`, `")))
                    .help("give more of its version"),
            )
        }
    }
}
