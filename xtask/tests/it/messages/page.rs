//! `docs/messages.md`: by what somebody was doing, each message, and what to do about it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::read::{Help, Sources};

const HEAD: &str = "\
# Messages, and what to do

Every message of the commands, of the `migration` program and of the seed program, by what was being done. `…` stands for
names and numbers. What lies behind a message follows it as `caused by:`, and what to do behind `help:`; this page has the
same words, in case the screen is gone. With `--json` they are `error`, `causes`, `help` and, where consent or an answer
was missing, the flags that give it in `missing`.

A message of PostgreSQL's own is passed on as it is, with its SQLSTATE, file, line and statement. Exit code 3 always means
that nothing was done for want of consent or an answer.

<!-- Written by a test from the sources: UPDATE_EXPECT=1 cargo xtask test -p xtask --test it messages -->
";

/// What somebody was doing, by a part of the file's path; the first that fits.
const AREAS: [(&str, &str); 27] = [
    ("seachange/src/connection", "Connecting, and running SQL"),
    ("seachange/src/server", "The local server"),
    ("seachange/src/scratch", "Scratch databases"),
    ("seachange/src/testing", "Test databases"),
    ("seachange/src/catalog", "Reading a schema"),
    ("seachange/src/source", "Naming a schema"),
    ("seachange/src/entities", "What entities declare"),
    ("seachange/src/migrations", "The migration folder"),
    ("seachange/src/draft", "Planning a change"),
    ("seachange/src/proof", "Proving a change"),
    ("seachange/src/generate", "Writing a migration"),
    ("seachange/src/expand", "A change in two migrations"),
    ("seachange/src/squash", "Folding migrations"),
    ("seachange/src/push", "Pushing"),
    ("seachange/src/reviewed", "Plans that were reviewed"),
    ("seachange/src/runner", "Migrating and rolling back"),
    ("seachange/src/backup", "Backups"),
    ("seachange/src/pull", "Entities from a database"),
    ("seachange/src/ignore", "`seachange.toml`"),
    ("seachange/src/seed", "Seeding"),
    ("seachange/src/sample", "A masked sample"),
    ("seachange/src/workspace", "The workspace's programs"),
    ("seed/src", "The seed program"),
    ("seachange-schema/src", "Values of flags"),
    ("seachange-studio/src", "The studio"),
    ("seachange-cli/src/command/studio", "The studio"),
    ("seachange-cli/src", "The commands"),
];

pub(super) fn page(sources: &Sources) -> String {
    // The same message from several places stands once, with what each says to do.
    let mut areas: BTreeMap<usize, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    let area = |file: &str| {
        let (_, title) = AREAS.iter().find(|(path, _)| file.contains(path))?;
        AREAS.iter().position(|(_, it)| it == title)
    };
    for error in &sources.errors {
        // Parts of other errors, which have the help.
        if super::WITHOUT.contains(&error.name.as_str()) && !error.name.ends_with("Error") {
            continue;
        }
        let help = sources.helps.iter().find(|help| help.is_for(error));
        let Some(at) = area(&error.file) else {
            continue;
        };
        for variant in &error.variants {
            let Some(message) = &variant.message else {
                continue;
            };
            let help = help.map_or_else(Vec::new, |help| of(help, &variant.name));
            let all = areas.entry(at).or_default();
            all.entry(readable(message)).or_default().extend(help);
        }
    }
    for told in &sources.told {
        if let Some(at) = area(&told.file) {
            let all = areas.entry(at).or_default();
            let help = all.entry(readable(&told.message)).or_default();
            help.extend(told.help.iter().cloned());
        }
    }
    let mut page = HEAD.to_owned();
    for (at, messages) in areas {
        let _ = write!(page, "\n## {}\n\n", AREAS[at].1);
        for (message, help) in messages {
            // Nothing but what is filled in: the cause's own words.
            if !message.contains(char::is_alphabetic) {
                continue;
            }
            let _ = writeln!(page, "- **{message}**");
            let mut told = Vec::new();
            for text in help.iter().map(|text| readable(text)) {
                if !told.contains(&text) {
                    let _ = writeln!(page, "  - {text}");
                    told.push(text);
                }
            }
            if told.is_empty() {
                let _ = writeln!(page, "  - {}", without(&message));
            }
        }
    }
    page
}

fn without(message: &str) -> &'static str {
    match message.contains("interrupted") {
        true => "it was asked to stop; run it again to go on",
        false => "what lies behind it follows as `caused by:`, with what to do about that",
    }
}

fn of(help: &Help, variant: &str) -> Vec<String> {
    if help.arms.is_empty() {
        return help.texts.clone();
    }
    let arms = help
        .arms
        .iter()
        .filter(|arm| arm.of.iter().any(|it| it == variant));
    arms.flat_map(|arm| arm.texts.clone()).collect()
}

/// `…` in the place of what is filled in, and the rest as Markdown shows it.
fn readable(text: &str) -> String {
    let mut plain = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '{' if letters.peek() == Some(&'{') => {
                letters.next();
                plain.push('{');
            }
            '{' => {
                for inner in letters.by_ref() {
                    if inner == '}' {
                        break;
                    }
                }
                plain.push('…');
            }
            '}' if letters.peek() == Some(&'}') => {
                letters.next();
                plain.push('}');
            }
            '\n' => plain.push(' '),
            '*' | '<' | '_' if !in_code(&plain) => {
                plain.push('\\');
                plain.push(letter);
            }
            letter => plain.push(letter),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn in_code(before: &str) -> bool {
    before.matches('`').count() % 2 == 1
}
