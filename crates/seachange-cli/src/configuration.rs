//! `seachange.toml` at the workspace's root: what is to be said once, and not on each command line. A
//! section for each part of the tool; a file that is not there says nothing.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::str::FromStr;

use seachange::Help;
use seachange::ignore::{Rule, Rules};
use serde::Deserialize;
use toml::Spanned;

use crate::failure::Failure;

/// Its name below the root.
pub(crate) const FILE: &str = "seachange.toml";

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Configuration {
    /// Differences between a database and its migrations that are meant to be.
    pub(crate) ignored: Rules,
}

/// The file as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    drift: Drift,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Drift {
    ignore: Vec<Spanned<String>>,
}

/// Reads it; what can't be read is a failure, since it would be heeded by halves.
pub(crate) fn read(root: &Path) -> Result<Configuration, Failure> {
    match fs::read_to_string(root.join(FILE)) {
        Ok(text) => parse(&text),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Configuration::default()),
        Err(error) => Err(Failure::new(format!("cannot read `{FILE}`"))
            .because(&error)
            .help("look at its permissions and that it is UTF-8")),
    }
}

fn parse(text: &str) -> Result<Configuration, Failure> {
    let file: File = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let first = error.message().lines().next().unwrap_or_default();
        Failure::new(format!("{}: {first}", place(text, at)))
            .help("docs/drift.md lists what may stand there")
    })?;
    let rules = file.drift.ignore.iter().map(|rule| {
        Rule::from_str(rule.get_ref()).map_err(|error| {
            let failure = Failure::new(format!("{}: {error}", place(text, rule.span().start)));
            Failure {
                help: error.help(),
                ..failure
            }
        })
    });
    Ok(Configuration {
        ignored: rules.collect::<Result<_, _>>()?,
    })
}

/// `seachange.toml:3:11`: line and column, both from 1.
fn place(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before[start..].chars().count() + 1;
    format!("{FILE}:{line}:{column}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        parse(text).unwrap_err().message
    }

    #[test]
    fn nothing_is_the_default() {
        for text in ["", "# nothing\n", "[drift]\n", "[drift]\nignore = []\n"] {
            assert_eq!(parse(text).unwrap(), Configuration::default());
        }
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        assert!(refused("[drift]\nignor = []\n").starts_with("seachange.toml:2:1: unknown field"));
        assert!(refused("\n[drfit]\n").starts_with("seachange.toml:2:2: unknown field"));
        assert!(refused("[drift\n").starts_with("seachange.toml:1:"));
        assert!(refused("[drift]\nignore = \"table x\"\n").starts_with("seachange.toml:2:10: "));
        assert_eq!(
            refused("[drift]\nignore = [\n  \"table x\",\n  \"tabel ä\",\n]\n"),
            "seachange.toml:4:3: `tabel ä` names no kind of object"
        );
    }
}
