//! `seachange.lock`: one line a migration, each naming the hash of its files and of its parent. Pure:
//! text to value and back, so that the runner reads the copy inside its binary by the same code.

use std::fmt::Write as _;

use crate::migrations::Problem;
use crate::migrations::hash::text_hash;
use crate::migrations::version::is_version;

/// The parent of the first migration.
pub const ROOT: &str = "root";

const HEADER: &str = "\
# Seachange's lock: one line a migration, in the order in which they are applied. Commit it.
# `files` is the hash of a migration's files, `up` and `down` of its SQL, `parent` of all before it: so an
# edit after the fact, and two branches that added a migration to the same parent, are seen without a database.
# Written by the tool. On a merge conflict keep the lines of both sides; `check` says what comes next.
";

/// What stands before a migration that was folded into the one above.
const REPLACES: &str = "replaces ";
/// What stands below a migration that is held back.
const HELD: &str = "contract";

/// The lock of a migration folder, in the order of its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockFile {
    /// A migration each.
    pub entries: Vec<Entry>,
}

/// One migration as it was when it was locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The migration's name.
    pub version: String,
    /// The hash of the `.rs`, `up.sql` and `down.sql` together.
    pub files: String,
    /// The hash of `up.sql` alone, when the `.rs` does nothing but run it.
    pub up: Option<String>,
    /// The hash of `down.sql` alone, when the `.rs` does nothing but run it.
    pub down: Option<String>,
    /// The parent's [`Entry::chain`], or [`ROOT`].
    pub parent: String,
    /// What was folded into it, in order: databases that ran all of that have run this.
    pub replaces: Vec<Replaced>,
    /// Held back until no code needs what it takes away. For those who have the lock and not the files; what counts
    /// is the header of `up.sql`, which is a part of `files`, so it is no part of the chain.
    pub contract: bool,
}

/// A migration that was folded into another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Replaced {
    /// The migration's name.
    pub version: String,
    /// The hash of its files, as its own entry had it.
    pub files: String,
}

impl Entry {
    /// The hash of this entry and, through its parent's, of all that came before it.
    pub fn chain(&self) -> String {
        let mut parts = vec![
            ("version", self.version.as_str()),
            ("files", &self.files),
            ("up", self.up.as_deref().unwrap_or("-")),
            ("down", self.down.as_deref().unwrap_or("-")),
            ("parent", &self.parent),
        ];
        for one in &self.replaces {
            parts.extend([("replaces", one.version.as_str()), ("files", &one.files)]);
        }
        text_hash(&parts)
    }

    /// Whether the `.rs` does nothing but run its SQL.
    pub fn is_sql(&self) -> bool {
        self.up.is_some()
    }
}

impl LockFile {
    /// Reads a lock; what can't be read of it is returned beside.
    pub fn parse(text: &str) -> (Self, Vec<Problem>) {
        let mut lock = Self::default();
        let mut problems = Vec::new();
        let mut conflicted = false;
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
                .iter()
                .any(|marker| line.starts_with(marker))
            {
                if !conflicted {
                    problems.push(Problem::LockConflict { line: number });
                }
                conflicted = true;
            } else if let Some(replaced) = line.strip_prefix(REPLACES) {
                match (lock.entries.last_mut(), parse_replaced(replaced)) {
                    (Some(entry), Some(replaced)) => entry.replaces.push(replaced),
                    _ => problems.push(Problem::LockLine {
                        line: number,
                        why: "`replaces` is followed by a version and a hash, below the migration that does"
                            .to_owned(),
                    }),
                }
            } else if line == HELD {
                match lock.entries.last_mut() {
                    Some(entry) => entry.contract = true,
                    None => problems.push(Problem::LockLine {
                        line: number,
                        why: "`contract` stands below the migration that is held back".to_owned(),
                    }),
                }
            } else if !line.is_empty() && !line.starts_with('#') {
                match parse_entry(line) {
                    Ok(entry) if lock.entry(&entry.version).is_some() => {
                        problems.push(Problem::LockLine {
                            line: number,
                            why: format!("`{}` has a line already", entry.version),
                        });
                    }
                    Ok(entry) => lock.entries.push(entry),
                    Err(why) => problems.push(Problem::LockLine { line: number, why }),
                }
            }
        }
        (lock, problems)
    }

    /// The lock's text.
    pub fn render(&self) -> String {
        let mut text = HEADER.to_owned();
        for entry in &self.entries {
            let hash = |hash: &Option<String>| hash.clone().unwrap_or_else(|| "-".to_owned());
            writeln!(
                text,
                "{} files={} up={} down={} parent={}",
                entry.version,
                entry.files,
                hash(&entry.up),
                hash(&entry.down),
                entry.parent
            )
            .expect("writing to a String does not fail");
            for one in &entry.replaces {
                writeln!(text, "  {REPLACES}{} {}", one.version, one.files)
                    .expect("writing to a String does not fail");
            }
            if entry.contract {
                text.push_str("  ");
                text.push_str(HELD);
                text.push('\n');
            }
        }
        text
    }

    /// The entry of a version.
    pub fn entry(&self, version: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.version == version)
    }

    /// What the next entry's parent is.
    pub fn head(&self) -> String {
        self.entries
            .last()
            .map_or_else(|| ROOT.to_owned(), Entry::chain)
    }

    /// What the lock alone shows: two migrations with one parent, and a chain that does not hold.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut chains = vec![ROOT.to_owned()];
        let mut parents: Vec<(&str, Vec<String>)> = Vec::new();
        for entry in &self.entries {
            if !chains.contains(&entry.parent) {
                problems.push(Problem::BrokenChain {
                    version: entry.version.clone(),
                });
            }
            chains.push(entry.chain());
            match parents.iter_mut().find(|(p, _)| *p == entry.parent) {
                Some((_, children)) => children.push(entry.version.clone()),
                None => parents.push((&entry.parent, vec![entry.version.clone()])),
            }
        }
        for (parent, children) in parents {
            if children.len() > 1 {
                problems.push(Problem::Branches {
                    parent: self.name_of(parent),
                    versions: children,
                });
            }
        }
        problems
    }

    /// The version whose chain hash this is.
    fn name_of(&self, chain: &str) -> Option<String> {
        self.entries
            .iter()
            .find(|entry| entry.chain() == chain)
            .map(|entry| entry.version.clone())
    }
}

/// A version and a hash.
pub(super) fn parse_replaced(text: &str) -> Option<Replaced> {
    let mut words = text.split_whitespace();
    let (version, files) = (words.next()?, words.next()?);
    (is_version(version) && words.next().is_none()).then(|| Replaced {
        version: version.to_owned(),
        files: files.to_owned(),
    })
}

fn parse_entry(line: &str) -> Result<Entry, String> {
    let mut words = line.split_whitespace();
    let version = words.next().unwrap_or_default();
    if !is_version(version) {
        return Err(format!("`{version}` is no migration's version"));
    }
    let mut field = |name: &str| {
        words
            .next()
            .and_then(|word| word.strip_prefix(name)?.strip_prefix('='))
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
            .ok_or_else(|| format!("`{name}=…` is missing"))
    };
    let optional = |hash: String| (hash != "-").then_some(hash);
    let entry = Entry {
        version: version.to_owned(),
        files: field("files")?,
        up: optional(field("up")?),
        down: optional(field("down")?),
        parent: field("parent")?,
        replaces: Vec::new(),
        contract: false,
    };
    match words.next() {
        Some(word) => Err(format!("`{word}` is not known here")),
        None => Ok(entry),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(version: &str, parent: String) -> Entry {
        Entry {
            version: version.to_owned(),
            files: "f".repeat(32),
            up: Some("a".repeat(32)),
            down: None,
            parent,
            replaces: Vec::new(),
            contract: false,
        }
    }

    fn chain(versions: &[&str]) -> LockFile {
        let mut lock = LockFile::default();
        for version in versions {
            lock.entries.push(entry(version, lock.head()));
        }
        lock
    }

    const A: &str = "m20260101_000000_a";
    const B: &str = "m20260102_000000_b";
    const C: &str = "m20260103_000000_c";

    #[test]
    fn reads_what_it_writes() {
        let lock = chain(&[A, B, C]);
        let (read, problems) = LockFile::parse(&lock.render());
        assert_eq!((read, problems), (lock.clone(), vec![]));
        assert_eq!(lock.problems(), vec![]);
        assert_eq!(LockFile::parse(""), (LockFile::default(), vec![]));
    }

    #[test]
    fn what_was_folded_is_kept_and_counts() {
        let mut lock = chain(&[A]);
        let plain = lock.head();
        lock.entries[0].replaces.push(Replaced {
            version: B.to_owned(),
            files: "0".repeat(32),
        });
        assert_ne!(lock.head(), plain);
        let text = lock.render();
        assert_eq!(LockFile::parse(&text), (lock, vec![]));
        for broken in [
            format!("replaces {A} 0\n{text}"),
            format!("{text}  replaces {A}\n"),
        ] {
            let (_, problems) = LockFile::parse(&broken);
            assert!(
                matches!(problems[..], [Problem::LockLine { .. }]),
                "{problems:?}"
            );
        }
    }

    #[test]
    fn what_is_held_back_is_told_and_does_not_count() {
        let mut lock = chain(&[A, B]);
        let plain = lock.head();
        lock.entries[1].contract = true;
        assert_eq!(lock.head(), plain);
        let text = lock.render();
        assert!(text.ends_with("\n  contract\n"), "{text}");
        assert_eq!(LockFile::parse(&text), (lock, vec![]));
        let (_, problems) = LockFile::parse("contract");
        assert!(matches!(problems[..], [Problem::LockLine { line: 1, .. }]));
    }

    #[test]
    fn two_branches_are_seen_after_the_merge() {
        let mut lock = chain(&[A, B]);
        lock.entries.push(entry(C, chain(&[A]).head()));
        assert_eq!(
            lock.problems(),
            vec![Problem::Branches {
                parent: Some(A.to_owned()),
                versions: vec![B.to_owned(), C.to_owned()],
            }]
        );
    }

    #[test]
    fn a_line_changed_by_hand_breaks_the_chain() {
        let mut lock = chain(&[A, B, C]);
        lock.entries[1].files = "0".repeat(32);
        assert_eq!(
            lock.problems(),
            vec![Problem::BrokenChain {
                version: C.to_owned()
            }]
        );
        lock.entries.remove(1);
        assert_eq!(
            lock.problems(),
            vec![Problem::BrokenChain {
                version: C.to_owned()
            }]
        );
    }

    #[test]
    fn what_is_no_lock_is_named_by_line() {
        let lock = chain(&[A]).render();
        let text =
            format!("{lock}<<<<<<< ours\n{A} files=1 up=- down=- parent=root\n=======\nnonsense\n");
        let (read, problems) = LockFile::parse(&text);
        assert_eq!(read, chain(&[A]));
        assert_eq!(
            problems,
            vec![
                Problem::LockConflict { line: 6 },
                Problem::LockLine {
                    line: 7,
                    why: format!("`{A}` has a line already")
                },
                Problem::LockLine {
                    line: 9,
                    why: "`nonsense` is no migration's version".to_owned()
                },
            ]
        );
    }
}
