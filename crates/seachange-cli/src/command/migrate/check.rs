//! `migrate --check`: whether the rows that are there allow what is pending, asked before it is tried.

use std::time::Duration;

use seachange::ask::{self, Answer, Asked};
use seachange::connection;
use seachange::source::Source;
use seachange_schema::diff;
use seachange_schema::question::{self, About, Question};
use serde::Serialize;
use sqlx::Connection as _;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::standing::Standing;
use crate::target::Target;
use crate::terminal::style;

/// A question reads a table once, or finds out that it takes too long.
const TIME: Duration = Duration::from_secs(300);

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(in crate::command) struct Report {
    /// Whether nothing that was asked would fail.
    ok: bool,
    target: String,
    pending: Vec<String>,
    asked: Vec<Asked>,
    /// What would have to be asked, and can't be.
    not_asked: Vec<String>,
}

pub(super) async fn run(
    context: &Context,
    target: &Target,
    standing: &Standing,
    pending: Vec<String>,
) -> Result<Exit, Failure> {
    let from = match standing.applied().last() {
        Some(version) => Source::Migrations {
            upto: Some((*version).to_owned()),
        },
        None => Source::Empty,
    };
    let to = Source::Migrations {
        upto: pending.last().cloned(),
    };
    let (questions, not_asked) = match pending.is_empty() {
        true => (Vec::new(), Vec::new()),
        false => {
            let road = context.road(None);
            let pair = road.pair(&from, &to).await;
            road.close().await?;
            let (previous, next) = pair?;
            let changes = diff((*previous).clone(), (*next).clone(), Vec::new());
            let (asked, mut not_asked) = question::questions(&changes);
            let (filled, asked): (Vec<_>, Vec<_>) = (asked.into_iter())
                .partition(|question| is_filled_before(standing, &pending, question));
            not_asked.extend(filled.into_iter().map(|question| {
                format!("{}: a pending migration writes it first", question.subject)
            }));
            (asked, not_asked)
        }
    };
    let mut connection = connection::open(&target.url, "migrate --check").await?;
    let asked = ask::ask(&mut connection, &questions, TIME)
        .await
        .map_err(|error| {
            Failure::new("the database does not answer any more")
                .help("nothing was changed; run it again")
                .because(&error)
        })?;
    connection.close().await.ok();
    let report = Report {
        ok: (asked.iter()).all(|one| !matches!(one.answer, Answer::Fails { .. })),
        target: target.masked(),
        pending,
        asked,
        not_asked,
    };
    match context.terminal.is_json() {
        true => context.terminal.json(&report)?,
        false => context.terminal.result(&text(&report))?,
    }
    Ok(match report.ok {
        true => Exit::Done,
        false => Exit::Failed,
    })
}

/// Whether a pending migration gives values to a column that needs some: what the rows hold now says nothing then.
fn is_filled_before(standing: &Standing, pending: &[String], question: &Question) -> bool {
    if !matches!(question.about, About::NotNull | About::Rows) {
        return false;
    }
    let Some((table, column)) = question.subject.rsplit_once('.') else {
        return false;
    };
    let table = table.rsplit('.').next().unwrap_or(table);
    let names = |text: &str, name: &str| {
        text.split(|character: char| !(character.is_alphanumeric() || character == '_'))
            .any(|word| word == name)
    };
    (pending.iter())
        .filter_map(|version| standing.folder.migration(version))
        .any(|migration| match &migration.up_sql {
            None => true,
            Some(sql) => connection::statements(sql).iter().any(|statement| {
                let first = statement.text.split_whitespace().next().unwrap_or_default();
                first.eq_ignore_ascii_case("update")
                    && names(statement.text, table)
                    && names(statement.text, column)
            }),
        })
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    let (good, error, warning, dim) = (style::GOOD, style::ERROR, style::WARNING, style::DIM);
    for asked in &report.asked {
        let subject = &asked.question.subject;
        match &asked.answer {
            Answer::Fine => text.push_str(&format!(
                "{good}ok{good:#}       {subject}: no {}\n",
                asked.question.wrong
            )),
            Answer::Unknown { why } => {
                text.push_str(&format!("{warning}unknown{warning:#}  {subject}: {why}\n"));
            }
            Answer::Fails {
                count,
                more,
                examples,
            } => {
                let count = match (count, more) {
                    (Some(count), true) => format!("more than {count} "),
                    (Some(count), false) => format!("{count} "),
                    (None, _) => String::new(),
                };
                text.push_str(&format!(
                    "{error}fails{error:#}    {subject}: {count}{}\n",
                    asked.question.wrong
                ));
                for example in examples {
                    text.push_str(&format!("           {example}\n"));
                }
                text.push_str(&format!("           {dim}{}{dim:#}\n", asked.question.sql));
            }
        }
    }
    for one in &report.not_asked {
        text.push_str(&format!("{warning}not asked{warning:#}  {one}\n"));
    }
    let fails = (report.asked.iter())
        .filter(|one| matches!(one.answer, Answer::Fails { .. }))
        .count();
    text.push_str(&match (report.pending.len(), report.asked.len(), fails) {
        (0, _, _) => "nothing is pending\n".to_owned(),
        (_, 0, _) => "nothing has to be asked of the rows that are there\n".to_owned(),
        (_, asked, 0) => format!("asked {asked}: nothing is in the way of what is pending\n"),
        (_, asked, fails) => format!(
            "asked {asked}: {fails} would fail, unless a pending migration changes those rows first\n"
        ),
    });
    text
}
