//! The branches that meet in a folder, read from the lock alone: what was added to one parent by people
//! who did not know of each other.

use std::fmt;

use crate::migrations::{Entry, Folder, Kind, LockFile, Migration};
use crate::runner::changes_of_rows;

/// Where branches part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    /// What all have in common, in order.
    pub trunk: Vec<String>,
    /// Each from its first migration to its last.
    pub branches: Vec<Vec<String>>,
}

/// What a migration does that no schema tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// The migration's name.
    pub version: String,
    /// The statements, with their lines in `up.sql`; none of a migration in Rust, which may do anything.
    pub statements: Vec<(u32, String)>,
}

impl fmt::Display for Unseen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self
            .statements
            .iter()
            .map(|(line, word)| format!("{word} in line {line}"))
            .collect();
        match words.is_empty() {
            true => write!(f, "`{}` is written in Rust", self.version),
            false => write!(f, "`{}` changes rows ({})", self.version, words.join(", ")),
        }
    }
}

impl LockFile {
    /// Every place where branches part.
    pub fn forks(&self) -> Vec<Fork> {
        let mut forks: Vec<Fork> = Vec::new();
        for entry in &self.entries {
            let children = self.children(&entry.parent);
            if children.len() < 2 || children[0] != entry {
                continue;
            }
            let mut trunk = Vec::new();
            let mut parent = &entry.parent;
            while let Some(before) = self.entries.iter().find(|it| it.chain() == *parent) {
                trunk.insert(0, before.version.clone());
                parent = &before.parent;
            }
            forks.push(Fork {
                trunk,
                branches: children.into_iter().map(|it| self.line_from(it)).collect(),
            });
        }
        forks
    }

    fn children(&self, parent: &str) -> Vec<&Entry> {
        let entries = self.entries.iter();
        entries.filter(|entry| entry.parent == parent).collect()
    }

    /// A migration and what was written after it, as far as that is one line.
    fn line_from(&self, entry: &Entry) -> Vec<String> {
        let mut line = vec![entry.version.clone()];
        let mut chain = entry.chain();
        while let [next] = self.children(&chain).as_slice() {
            line.push(next.version.clone());
            chain = next.chain();
        }
        line
    }
}

impl Folder {
    /// What of these migrations no schema tells.
    pub fn unseen<'a>(&self, versions: impl IntoIterator<Item = &'a String>) -> Vec<Unseen> {
        let found = versions
            .into_iter()
            .filter_map(|version| self.migration(version));
        found.filter_map(Migration::unseen).collect()
    }
}

impl Migration {
    fn unseen(&self) -> Option<Unseen> {
        let statements = match self.kind {
            Kind::Sql => changes_of_rows(self.up_sql.as_deref().unwrap_or_default()),
            Kind::Rust => Vec::new(),
        };
        (self.kind == Kind::Rust || !statements.is_empty()).then(|| Unseen {
            version: self.version.clone(),
            statements,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(version: &str, parent: String) -> Entry {
        Entry {
            version: version.to_owned(),
            files: format!("files of {version}"),
            up: None,
            down: None,
            parent,
            replaces: Vec::new(),
            contract: false,
        }
    }

    #[test]
    fn a_branch_is_all_that_follows() {
        let mut lock = LockFile::default();
        let [a, b, c, d] = ["a", "b", "c", "d"];
        lock.entries.push(entry(a, lock.head()));
        let parent = lock.head();
        lock.entries.push(entry(b, parent.clone()));
        lock.entries.push(entry(c, lock.head()));
        assert_eq!(lock.forks(), []);
        lock.entries.push(entry(d, parent));
        assert_eq!(
            lock.forks(),
            [Fork {
                trunk: vec![a.to_owned()],
                branches: vec![vec![b.to_owned(), c.to_owned()], vec![d.to_owned()]],
            }]
        );
    }
}
