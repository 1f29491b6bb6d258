//! Every command on one page of Markdown, from what `--help` is made of.

use clap::{Arg, Command};

use crate::{examples, reference};

/// The whole page: what holds for all commands first, then each by its name, then those of the program that
/// production runs.
pub(super) fn page(definition: &Command) -> String {
    let mut page = "# Commands\n\nMade from the arguments themselves by `cargo xtask man --markdown`; `--help` of each command says the \
                    same. `cargo xtask db:push` is `cargo xtask db push`.\n"
        .to_owned();
    for (title, lines) in [
        ("Exit status", &reference::EXIT_STATUS[..]),
        ("Environment", &reference::ENVIRONMENT),
        ("Files", &reference::FILES),
    ] {
        page += &format!("\n## {title}\n\n| | |\n|---|---|\n");
        for (name, what) in lines {
            page += &format!("| `{name}` | {} |\n", safe(what).replace('|', "\\|"));
        }
    }
    let (first, last): (Vec<&Command>, Vec<&Command>) =
        shown(definition).partition(|one| one.get_name() == "db");
    for command in first.into_iter().chain(last) {
        add(&mut page, command, "cargo xtask", &[]);
    }
    let mut program = seachange::runner::command_line().bin_name("migration");
    program.build();
    page += "\n## The migration program\n\nWhat `cargo xtask db migrate` and `rollback` build and run, and what production has of it all.\n";
    let all: Vec<&Arg> = program.get_arguments().filter(|it| visible(it)).collect();
    options(&mut page, "Options of every command", &all);
    for command in shown(&program) {
        add(&mut page, command, "migration", &[]);
    }
    page
}

fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    let below = command.get_subcommands();
    below.filter(|one| one.get_name() != "help" && !one.is_hide_set())
}

fn add(page: &mut String, command: &Command, before: &str, above: &[&str]) {
    let name = format!("{before} {}", command.get_name());
    let level = if above.is_empty() { "##" } else { "###" };
    *page += &format!("\n{level} `{name}`\n");
    if let Some(about) = command.get_long_about().or(command.get_about()) {
        *page += &format!("\n{}\n", safe(about.to_string().trim()));
    }
    let aliases: Vec<String> = (command.get_visible_aliases())
        .map(|alias| format!("`{alias}`"))
        .collect();
    if !aliases.is_empty() {
        *page += &format!("\nAlso: {}.\n", aliases.join(", "));
    }
    let own: Vec<&Arg> = (command.get_arguments())
        .filter(|one| visible(one) && !above.contains(&one.get_id().as_str()))
        .collect();
    let mut bare = command.clone().bin_name(name.clone());
    let usage = bare.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    if !command.has_subcommands() {
        let lines: Vec<&str> = usage.lines().map(str::trim).collect();
        *page += &format!("\n```text\n{}\n```\n", lines.join("\n"));
    }
    let (positional, flags): (Vec<&Arg>, Vec<&Arg>) =
        own.into_iter().partition(|one| one.is_positional());
    options(page, "Arguments", &positional);
    let title = match command.has_subcommands() {
        true => "Options of every command below it",
        false => "Options",
    };
    options(page, title, &flags);
    for (number, (line, what)) in examples::of(command.get_name()).iter().enumerate() {
        if number == 0 {
            *page += "\nExamples:\n\n";
        }
        *page += &format!("- `{line}`: {}\n", safe(what));
    }
    let known: Vec<&str> = (command.get_arguments().filter(|one| one.is_global_set()))
        .map(|one| one.get_id().as_str())
        .chain(above.iter().copied())
        .chain(["help"])
        .collect();
    for one in shown(command) {
        add(page, one, &name, &known);
    }
}

fn visible(argument: &Arg) -> bool {
    !argument.is_hide_set() && !["help", "version"].contains(&argument.get_id().as_str())
}

fn options(page: &mut String, title: &str, arguments: &[&Arg]) {
    if arguments.is_empty() {
        return;
    }
    *page += &format!("\n{title}:\n\n");
    for argument in arguments {
        *page += &format!("- {}: {}\n", spelled(argument), meaning(argument));
    }
}

/// `-s`, `--database-schema <SCHEMA>`.
fn spelled(argument: &Arg) -> String {
    let values: Vec<String> = (argument.get_value_names().unwrap_or_default().iter())
        .map(|name| format!("<{name}>"))
        .collect();
    let values = match argument.get_action().takes_values() {
        true => values.join(" "),
        false => String::new(),
    };
    let short = argument.get_short().map(|short| format!("`-{short}`"));
    let long =
        (argument.get_long()).map(|long| format!("`{}`", format!("--{long} {values}").trim()));
    match (short, long) {
        (None, None) => format!("`{values}`"),
        (short, long) => [short, long]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn meaning(argument: &Arg) -> String {
    let help = argument.get_long_help().or(argument.get_help());
    let mut text = help.map_or_else(String::new, |help| safe(&help.to_string()));
    text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let values: Vec<String> = (argument.get_possible_values().iter())
        .filter(|value| !value.is_hide_set() && argument.get_action().takes_values())
        .map(|value| match value.get_help() {
            Some(help) => format!("`{}` ({})", value.get_name(), safe(&help.to_string())),
            None => format!("`{}`", value.get_name()),
        })
        .collect();
    if !values.is_empty() {
        text = format!(
            "{}. One of {}",
            text.trim_end_matches('.'),
            values.join(", ")
        );
    }
    let defaults: Vec<String> = (argument.get_default_values().iter())
        .map(|value| format!("`{}`", value.to_string_lossy()))
        .collect();
    if !defaults.is_empty() && argument.get_action().takes_values() {
        text = format!(
            "{}. Default: {}",
            text.trim_end_matches('.'),
            defaults.join(", ")
        );
    }
    if let Some(variable) = argument.get_env() {
        text = format!(
            "{}. Environment: `{}`",
            text.trim_end_matches('.'),
            variable.to_string_lossy()
        );
    }
    text
}

/// A text whose angle brackets are no HTML; those between backticks are none anyway.
fn safe(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(number, part)| match number % 2 {
        0 => part.replace('<', "&lt;"),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("`")
}
