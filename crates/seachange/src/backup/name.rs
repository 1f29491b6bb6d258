//! The names of backups: database, time in UTC, last applied version, and which cluster it is of.
//!
//! `harbour.20261123T114002Z.m20261123_001313_add_phone_number.1f0c9a2b.dump`; a folder of pg_dump's ends
//! in `.dir`. Whatever is not named so was not made here, and is never deleted.

use chrono::{DateTime, NaiveDateTime, Utc};

const TIME: &str = "%Y%m%dT%H%M%SZ";
/// Where no migration is applied.
const UNMIGRATED: &str = "unmigrated";

/// What a name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) database: String,
    /// To the second.
    pub(super) at: DateTime<Utc>,
    pub(super) version: Option<String>,
    /// Eight hexadecimal digits that stand for the cluster: databases of one name on two servers may share
    /// a folder.
    pub(super) server: String,
    pub(super) form: Form,
}

/// How pg_dump writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// One file, in its custom format.
    File,
    /// A folder, which several of its workers can write to at once.
    Folder,
}

impl Name {
    pub(super) fn render(&self) -> String {
        format!(
            "{}.{}.{}.{}.{}",
            encoded(&self.database),
            self.at.format(TIME),
            encoded(self.version.as_deref().unwrap_or(UNMIGRATED)),
            self.server,
            match self.form {
                Form::File => "dump",
                Form::Folder => "dir",
            }
        )
    }

    /// None for what this tool did not name.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('.').collect();
        let [database, at, version, server, ending] = parts[..] else {
            return None;
        };
        let name = Self {
            database: decoded(database)?,
            at: NaiveDateTime::parse_from_str(at, TIME).ok()?.and_utc(),
            version: Some(decoded(version)?).filter(|version| version != UNMIGRATED),
            server: server.to_owned(),
            form: match ending {
                "dump" => Form::File,
                "dir" => Form::Folder,
                _ => return None,
            },
        };
        (name.render() == text).then_some(name)
    }

    /// Whether both are of one database.
    pub(super) fn is_of(&self, database: &str, server: &str) -> bool {
        self.database == database && self.server == server
    }
}

/// Letters, digits, `_` and `-` as they are, every other byte as `%2E`: a dot only ever parts.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_were_given() {
        let at = DateTime::from_timestamp(1_795_434_002, 0).unwrap();
        for (database, version, form, text) in [
            (
                "cohort-flow",
                Some("m20261123_001313_add_phone"),
                Form::File,
                "cohort-flow.20261123T114002Z.m20261123_001313_add_phone.1f0c9a2b.dump",
            ),
            (
                "a.b/ä%",
                None,
                Form::Folder,
                "a%2Eb%2F%C3%A4%25.20261123T114002Z.unmigrated.1f0c9a2b.dir",
            ),
        ] {
            let name = Name {
                database: database.to_owned(),
                at,
                version: version.map(str::to_owned),
                server: "1f0c9a2b".to_owned(),
                form,
            };
            assert_eq!(name.render(), text);
            assert_eq!(Name::parse(text), Some(name));
        }
    }

    #[test]
    fn what_is_named_otherwise_is_nobodys() {
        for text in [
            "",
            "app.dump",
            "app.20261123T114002Z.m1.1f0c9a2b.sql",
            "app.20261123T114002Z.m1.1f0c9a2b.dump.old",
            ".app.20261123T114002Z.m1.1f0c9a2b.dump.partial",
            "app.2026-11-23.m1.1f0c9a2b.dump",
            "a b.20261123T114002Z.m1.1f0c9a2b.dump",
        ] {
            assert_eq!(Name::parse(text), None, "{text}");
        }
    }
}
