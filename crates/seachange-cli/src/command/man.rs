//! `man`: a page for each command, from what `--help` is made of.

mod markdown;

use std::fs;
use std::path::PathBuf;

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::project::Extra;
use crate::terminal::{Format, Terminal};
use crate::{args, examples, reference};

/// Write a man page for each command: `cargo-xtask.1`, `cargo-xtask-db-push.1`
///
/// Below a folder `man1` of the `MANPATH`, `man cargo-xtask-db-push` finds them, and so does `cargo help xtask`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder to write to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// One page of Markdown with all of them instead, `reference.md`
    #[arg(long)]
    markdown: bool,
}

pub(crate) fn run(args: &Args, extras: &[Extra]) -> Result<Exit, Failure> {
    let failed = |path: &PathBuf, error: &std::io::Error| {
        Failure::new(format!("cannot write `{}`", path.display()))
            .because(error)
            .help("name a folder with `--out` that can be written to")
    };
    fs::create_dir_all(&args.out).map_err(|error| failed(&args.out, &error))?;
    let mut definition = args::definition(extras);
    definition.build();
    let mut pages = Vec::new();
    match args.markdown {
        true => pages.push((
            "reference.md".to_owned(),
            markdown::page(&definition).into_bytes(),
        )),
        false => add(&definition, "cargo-xtask", None, &mut pages),
    }
    let mut text = String::new();
    for (name, page) in pages {
        let path = args.out.join(name);
        fs::write(&path, page).map_err(|error| failed(&path, &error))?;
        text.push_str(&format!("wrote {}\n", path.display()));
    }
    Terminal::new(Format::Text).result(&text)?;
    Ok(Exit::Done)
}

/// The command's page, and those of the commands below it.
fn add(command: &Command, name: &str, parent: Option<&str>, pages: &mut Vec<(String, Vec<u8>)>) {
    let own = command.get_name();
    let below: Vec<&Command> = command
        .get_subcommands()
        .filter(|one| one.get_name() != "help" && !one.is_hide_set())
        .collect();
    let is_db = parent == Some("cargo-xtask-db");
    let examples = if is_db { examples::of(own) } else { &[] };
    let mut see: Vec<String> = parent.into_iter().map(str::to_owned).collect();
    see.extend(below.iter().map(|one| format!("{name}-{}", one.get_name())));
    pages.push((format!("{name}.1"), page(command, name, examples, &see)));
    for one in below {
        add(
            one,
            &format!("{name}-{}", one.get_name()),
            Some(name),
            pages,
        );
    }
}

fn page(command: &Command, name: &str, examples: &[(&str, &str)], see: &[String]) -> Vec<u8> {
    // Its own name is the page's; the end of its help becomes sections.
    let named = command
        .clone()
        .display_name(name.to_owned())
        .disable_help_subcommand(true)
        .after_help(None::<&str>)
        .after_long_help(None::<&str>);
    let man = Man::new(named);
    let mut text = Vec::new();
    let mut sections = Roff::new();
    if !examples.is_empty() {
        section(&mut sections, "EXAMPLES", examples);
    }
    section(&mut sections, "EXIT STATUS", &reference::EXIT_STATUS);
    section(&mut sections, "ENVIRONMENT", &reference::ENVIRONMENT);
    section(&mut sections, "FILES", &reference::FILES);
    if !see.is_empty() {
        sections.control("SH", ["SEE ALSO"]);
        let pages: Vec<String> = see.iter().map(|page| format!("{page}(1)")).collect();
        sections.text([roman(pages.join(", "))]);
    }
    let rendered = man
        .render_name_section(&mut text)
        .and_then(|()| man.render_synopsis_section(&mut text))
        .and_then(|()| man.render_description_section(&mut text))
        .and_then(|()| man.render_options_section(&mut text))
        .and_then(|()| match command.has_subcommands() {
            true => man.render_subcommands_section(&mut text),
            false => Ok(()),
        })
        .and_then(|()| sections.to_writer(&mut text));
    rendered.expect("a vector takes all that is written to it");
    let title = format!(
        ".TH \"{}\" \"1\" \"\" \"Seachange {}\" \"Seachange\"\n",
        name.to_uppercase(),
        env!("CARGO_PKG_VERSION")
    );
    [
        title.into_bytes(),
        tidy(&String::from_utf8_lossy(&text)).into_bytes(),
    ]
    .concat()
}

/// Without what clap_mangen writes twice: a break beside a blank line, blanks at the end of a line.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let is_blank = |at: Option<usize>| {
        at.and_then(|at| lines.get(at))
            .is_some_and(|line| [".sp", ""].contains(line))
    };
    let kept = lines.iter().enumerate().filter(|(at, line)| {
        **line != ".br" || !(is_blank(at.checked_sub(1)) || is_blank(Some(at + 1)))
    });
    kept.map(|(_, line)| format!("{line}\n")).collect()
}

/// Names, each with what it is.
fn section(roff: &mut Roff, title: &str, lines: &[(&str, &str)]) {
    roff.control("SH", [title]);
    for (name, what) in lines {
        roff.control("TP", []);
        roff.text([clap_mangen::roff::bold(*name)]);
        roff.text([roman(*what)]);
    }
}
