//! Renames: the flags that answer, and the questions where nothing was said. Nothing is ever dropped
//! because nobody was asked.

use std::collections::BTreeSet;

use seachange::draft::{self, Answers, Draft};
use seachange::source::{Road, Source};
use seachange_schema::plan::Mode;
use seachange_schema::rename::Candidate;
use seachange_schema::{Hint, Mapping};

use crate::context::Context;
use crate::failure::Failure;
use crate::terminal::Question;

/// What was said beforehand.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct Renames {
    /// It was renamed, not dropped and added: `users:people`, `users.name:full_name`,
    /// `user_role.applicant:candidate`; may be given several times
    #[arg(long = "rename", value_name = "OLD:NEW")]
    pub(crate) hints: Vec<Hint>,
    /// Rows that hold a label which is removed hold another one instead:
    /// `user_role.coordinator:reviewer`; may be given several times
    #[arg(long = "map", value_name = "REMOVED:KEPT")]
    pub(crate) mappings: Vec<Mapping>,
    /// It really goes away, with all its data: `users`, `users.name`, `user_role.applicant`; may be given
    /// several times
    #[arg(long, value_name = "NAME")]
    pub(crate) allow_data_loss: Vec<String>,
}

impl Renames {
    pub(crate) fn answers(&self, road: &Road) -> Result<Answers, Failure> {
        Ok(Answers {
            hints: self.hints.clone(),
            mappings: self.mappings.clone(),
            attributes: road.recorded()?.renamed_from.clone(),
            dropped: self.allow_data_loss.iter().cloned().collect(),
            ..Answers::default()
        })
    }
}

/// A draft without open questions, and what was answered: asks them on a terminal, else refuses with the flags that answer.
pub(crate) async fn answered(
    context: &Context,
    road: &Road,
    from: &Source,
    to: &Source,
    renames: &Renames,
    mode: Mode,
) -> Result<(Draft, Answers), Failure> {
    let mut answers = renames.answers(road)?;
    answers.mode = mode;
    if *to != Source::Entities {
        // What entities say of former names is about entities.
        answers.attributes.clear();
    }
    loop {
        let draft = draft::draft(road, from, to, &answers).await?;
        if draft.questions.is_empty() {
            unused(&renames.allow_data_loss, &draft.up)?;
            return Ok((draft, answers));
        }
        ask(context, &draft.questions, &mut answers)?;
    }
}

/// Asks about every candidate once; the answers change what can be asked next.
pub(crate) fn ask(
    context: &Context,
    candidates: &[Candidate],
    answers: &mut Answers,
) -> Result<(), Failure> {
    if !context.terminal.can_ask() {
        return Err(refusal(candidates));
    }
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for candidate in candidates {
        let free: Vec<_> = candidate
            .renames
            .iter()
            .filter(|rename| !taken.contains(&new_name(&rename.flag())))
            .collect();
        let mut options: Vec<String> = free
            .iter()
            .map(|rename| {
                format!(
                    "it is called {} now, and keeps its data",
                    new_name(&rename.flag())
                )
            })
            .collect();
        options.push("it is dropped, with all its data".to_owned());
        let text = format!(
            "{} is no longer declared. What became of it?",
            candidate.gone
        );
        let chosen = context.terminal.choice(
            Question {
                text: &text,
                refusal: "a rename has to be told from a drop",
                flags: Vec::new(),
            },
            options,
        )?;
        match free.get(chosen) {
            Some(rename) => {
                let flag = rename.flag();
                taken.insert(new_name(&flag));
                answers.hints.push(flag.parse().map_err(
                    |error: seachange_schema::rename::HintError| Failure::new(error.to_string()),
                )?);
            }
            None => {
                answers.dropped.insert(plain(candidate).to_owned());
            }
        }
    }
    Ok(())
}

fn new_name(flag: &str) -> String {
    flag.rsplit(':').next().unwrap_or(flag).to_owned()
}

/// `users.name` of `column users.name`.
fn plain(candidate: &Candidate) -> &str {
    candidate
        .gone
        .split_once(' ')
        .map_or(candidate.gone.as_str(), |(_, name)| name)
}

fn refusal(candidates: &[Candidate]) -> Failure {
    let gone: Vec<&str> = candidates
        .iter()
        .map(|candidate| candidate.gone.as_str())
        .collect();
    let mut missing = Vec::new();
    let mut help = Vec::new();
    for candidate in candidates {
        let renames: Vec<String> = candidate
            .renames
            .iter()
            .map(|rename| format!("--rename {}", rename.flag()))
            .collect();
        let drop = format!("--allow-data-loss {}", plain(candidate));
        let label = candidate.gone.strip_prefix("label ");
        let map = label.map(|label| format!("--map {label}:KEPT"));
        help.push(format!(
            "`{}` if it was renamed, `{drop}` if it is to go{}",
            renames.join("` or `"),
            match &map {
                Some(map) => format!(", `{map}` if rows hold it"),
                None => String::new(),
            }
        ));
        missing.extend(renames);
        missing.push(drop);
        missing.extend(map);
    }
    Failure::refused(
        format!(
            "{} may have been renamed or dropped, and nobody can be asked",
            gone.join(", ")
        ),
        missing,
    )
    .help(help.join("; "))
}

/// A name that nothing loses is a slip, and would hide the next one.
pub(crate) fn unused(allowed: &[String], plan: &seachange_schema::Plan) -> Result<(), Failure> {
    for name in allowed {
        let lost = plan.steps().any(|step| {
            step.object.plain() == *name
                || step.hazards.iter().any(|hazard| hazard.subject == *name)
        }) || plan
            .steps()
            .any(|step| name.starts_with(&format!("{}.", step.object.plain())));
        if !lost {
            return Err(Failure::usage(format!(
                "`--allow-data-loss {name}` matches nothing that is lost"
            ))
            .help("leave it out, or name what the plan drops, such as `users.name`"));
        }
    }
    Ok(())
}
