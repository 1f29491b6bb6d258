//! How a source is written on a command line.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::connection::masked;
use crate::error::Help;

/// Something that holds a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The entities and the SQL that stands beside them.
    Entities,
    /// The migrations, all of them or up to and with one.
    Migrations {
        /// The last one that counts; none for all.
        upto: Option<String>,
    },
    /// The workspace's database.
    Database,
    /// Any database.
    Url(String),
    /// An SQL file, or a folder of them.
    Sql(PathBuf),
    /// Nothing at all.
    Empty,
}

impl FromStr for Source {
    type Err = ParseSourceError;

    fn from_str(text: &str) -> Result<Self, ParseSourceError> {
        let refused = |kind| {
            Err(ParseSourceError {
                text: masked(text),
                kind,
            })
        };
        match text {
            "entities" => return Ok(Self::Entities),
            "migrations" => return Ok(Self::Migrations { upto: None }),
            "database" => return Ok(Self::Database),
            "empty" => return Ok(Self::Empty),
            _ => {}
        }
        if let Some(version) = text.strip_prefix("migrations@") {
            return match version {
                "" => refused(Kind::NoVersion),
                version => Ok(Self::Migrations {
                    upto: Some(version.to_owned()),
                }),
            };
        }
        if let Some((scheme, _)) = text.split_once("://") {
            return match scheme {
                "postgres" | "postgresql" => Ok(Self::Url(text.to_owned())),
                _ => refused(Kind::OtherScheme),
            };
        }
        let path = Path::new(text);
        if path.is_dir() || path.extension().is_some_and(|it| it == "sql") {
            return Ok(Self::Sql(path.to_owned()));
        }
        if path.exists() {
            return refused(Kind::OtherFile);
        }
        refused(match text.contains(['/', '\\']) {
            true => Kind::NoFile,
            false => Kind::NoWord,
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entities => to.write_str("entities"),
            Self::Migrations { upto: None } => to.write_str("migrations"),
            Self::Migrations {
                upto: Some(version),
            } => write!(to, "migrations@{version}"),
            Self::Database => to.write_str("database"),
            Self::Url(url) => to.write_str(&masked(url)),
            Self::Sql(path) => write!(to, "{}", path.display()),
            Self::Empty => to.write_str("empty"),
        }
    }
}

/// A word that names no source.
#[derive(Debug, thiserror::Error)]
#[error("`{text}` is no source: {kind}")]
pub struct ParseSourceError {
    text: String,
    kind: Kind,
}

#[derive(Debug, thiserror::Error)]
enum Kind {
    #[error("behind `@` the version of a migration is missing")]
    NoVersion,
    #[error("the URL of a database begins with `postgres://`")]
    OtherScheme,
    #[error("the file's name does not end in `.sql`")]
    OtherFile,
    #[error("there is no such file or folder")]
    NoFile,
    #[error("it is none of the words, and there is no such file or folder")]
    NoWord,
}

impl Help for ParseSourceError {
    fn help(&self) -> Option<String> {
        Some(
            "a source is `entities`, `migrations`, `migrations@<version>`, `database`, a \
             `postgres://` URL, an .sql file, a folder of them, or `empty`"
                .to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_understood() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().to_str().unwrap();
        for (text, source) in [
            ("entities", Source::Entities),
            ("migrations", Source::Migrations { upto: None }),
            (
                "migrations@m1_x",
                Source::Migrations {
                    upto: Some("m1_x".into()),
                },
            ),
            ("database", Source::Database),
            ("postgres://h/d", Source::Url("postgres://h/d".into())),
            ("postgresql:///d", Source::Url("postgresql:///d".into())),
            ("a.sql", Source::Sql("a.sql".into())),
            ("entities.sql", Source::Sql("entities.sql".into())),
            (folder, Source::Sql(folder.into())),
            ("empty", Source::Empty),
        ] {
            assert_eq!(text.parse::<Source>().unwrap(), source);
            assert_eq!(source.to_string(), text);
        }
        let url = Source::Url("postgres://a:s3cret@h/d".into());
        assert_eq!(url.to_string(), "postgres://a:***@h/d");
    }

    #[test]
    fn anything_else_is_refused_with_the_words() {
        for (text, part) in [
            ("entites", "none of the words"),
            ("", "none of the words"),
            ("migrations@", "version of a migration is missing"),
            ("mysql://a:s3cret@h/d", "begins with `postgres://`"),
            ("no/such/folder", "no such file"),
            ("Cargo.toml", "does not end in `.sql`"),
        ] {
            let error = text.parse::<Source>().unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
            assert!(!error.to_string().contains("s3cret"), "{error}");
            assert!(error.help().is_some());
        }
    }
}
