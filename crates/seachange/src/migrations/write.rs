//! Writing the next migration, and locking the folder anew.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::migrations::change_set::ChangeSet;
use crate::migrations::folder::{lib_path, lock_path, read_text, rust_path};
use crate::migrations::hash::{sql_hash, text_hash};
use crate::migrations::{
    Entry, Folder, LockFile, MigrationsError, Problem, register, render, version,
};

/// A migration to be written.
#[derive(Clone, Debug)]
pub struct NewMigration<'a> {
    /// The time of its version.
    pub at: DateTime<Utc>,
    /// `add_phone_number`.
    pub name: &'a str,
    /// What it does, for the first lines of its `.rs`; made from the name when empty.
    pub about: &'a str,
    /// What is in it.
    pub body: Body,
    /// `schema.sql` as it is after this migration; left as it is when none.
    pub schema_sql: Option<String>,
}

/// What a new migration consists of.
#[derive(Clone, Debug)]
pub enum Body {
    /// Two SQL files, and an `.rs` that names them.
    Sql {
        /// For `up.sql`.
        up: String,
        /// For `down.sql`.
        down: String,
    },
    /// Two SQL files to be filled by hand.
    EmptySql {
        /// Whether it runs in one transaction, or statement by statement.
        in_transaction: bool,
    },
    /// An `.rs` to be filled by hand.
    EmptyRust,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The migration's name.
    pub version: String,
    /// Files that are new.
    pub created: Vec<PathBuf>,
    /// Files that were there: `lib.rs`, the lock, `schema.sql`.
    pub changed: Vec<PathBuf>,
}

/// What locking anew changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relocked {
    /// Migrations that it did not know.
    pub added: Vec<String>,
    /// Migrations whose files are others now.
    pub edited: Vec<String>,
    /// Migrations that are gone.
    pub removed: Vec<String>,
    /// Those whose own files are as they were, but not what comes before them.
    pub moved: Vec<String>,
}

impl Relocked {
    /// Whether the lock was right already.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Writes a migration behind the last one: its files, `lib.rs`, the lock and `schema.sql`, or none of
/// them. Nothing that is there is overwritten.
pub fn write(folder: &Folder, new: &NewMigration<'_>) -> Result<Written, MigrationsError> {
    let taken = folder
        .migrations
        .iter()
        .map(|migration| &migration.version)
        .chain(folder.lock.entries.iter().map(|entry| &entry.version))
        .chain(&folder.registered);
    let version = version::next(new.at, new.name, taken.map(String::as_str))?;
    refuse(folder, &version, Problem::stops_writing)?;

    let derived;
    let about = if new.about.trim().is_empty() {
        derived = render::about_from(new.name);
        &derived
    } else {
        new.about
    };
    let lib = register::register(&folder.lib_text, &version)
        .map_err(|why| shape(folder, why, register::lines(&version)))?;

    let src = folder.root.join("src");
    let mut changes = ChangeSet::default();
    let mut created = vec![rust_path(&src, &version)];
    let (rs, sql) = match &new.body {
        Body::Sql { up, down } => (
            render::sql_rs(&version, about, up, down),
            Some((up.clone(), down.clone())),
        ),
        Body::EmptySql { in_transaction } => {
            let first = about.lines().next().unwrap_or_default();
            let up = render::empty_sql(first, "The way up.", *in_transaction);
            let down = render::empty_sql(first, "The way back.", *in_transaction);
            (
                render::sql_rs(&version, about, &up, &down),
                Some((up, down)),
            )
        }
        Body::EmptyRust => (render::empty_rs(about), None),
    };
    let entry = entry(&version, &rs, sql.as_ref(), folder.lock.head());
    changes.create(created[0].clone(), rs);
    if let Some((up, down)) = sql {
        let home = src.join(&version);
        changes.create_folder(home.clone());
        for (name, text) in [("up.sql", up), ("down.sql", down)] {
            created.push(home.join(name));
            changes.create(home.join(name), text);
        }
    }

    let mut lock = folder.lock.clone();
    lock.entries.push(entry);
    let mut changed = vec![lock_path(&folder.root)];
    changes.replace(changed[0].clone(), lock.render(), folder.lock_text.clone());
    if let Some(schema) = &new.schema_sql {
        let path = folder.root.join("schema.sql");
        let previous = read_text(&path)?;
        changes.replace(path.clone(), schema.clone(), previous);
        changed.push(path);
    }
    // The registration comes last: until it is there, the rest is not part of the program.
    changes.replace(lib_path(&folder.root), lib, Some(folder.lib_text.clone()));
    changed.push(lib_path(&folder.root));
    changes.apply()?;
    Ok(Written {
        version,
        created,
        changed,
    })
}

impl Folder {
    /// Writes the lock anew from the files as they are now, in the order of their versions: after an
    /// edit to a migration that no database has yet, or after a merge.
    pub fn relock(&self) -> Result<Relocked, MigrationsError> {
        let (lock, result) = self.locked_anew()?;
        let text = lock.render();
        if self.lock_text.as_ref() != Some(&text) {
            let mut changes = ChangeSet::default();
            changes.replace(lock_path(&self.root), text, self.lock_text.clone());
            changes.apply()?;
        }
        Ok(result)
    }

    /// The lock of the files as they are now, and how it differs from the one that is there.
    pub(super) fn locked_anew(&self) -> Result<(LockFile, Relocked), MigrationsError> {
        refuse(self, "", |problem| {
            matches!(
                problem,
                Problem::Unreadable { .. } | Problem::Incomplete { .. }
            )
        })?;
        let mut lock = LockFile::default();
        let mut result = Relocked::default();
        for migration in &self.migrations {
            let entry = migration.entry(lock.head());
            match self.lock.entry(&entry.version) {
                None => result.added.push(entry.version.clone()),
                Some(previous) if *previous == entry => {}
                Some(previous) if previous.files == entry.files => {
                    result.moved.push(entry.version.clone());
                }
                Some(_) => result.edited.push(entry.version.clone()),
            }
            lock.entries.push(entry);
        }
        for entry in &self.lock.entries {
            if lock.entry(&entry.version).is_none() {
                result.removed.push(entry.version.clone());
            }
        }
        Ok((lock, result))
    }
}

/// The lock's entry for files that are about to be written; the hash is made as `folder` makes it.
fn entry(version: &str, rs: &str, sql: Option<&(String, String)>, parent: String) -> Entry {
    let mut parts = vec![("rs", rs)];
    if let Some((up, down)) = sql {
        parts.extend([("down.sql", down.as_str()), ("up.sql", up)]);
    }
    Entry {
        version: version.to_owned(),
        files: text_hash(&parts),
        up: sql.map(|(up, _)| sql_hash(up)),
        down: sql.map(|(_, down)| sql_hash(down)),
        parent,
        replaces: Vec::new(),
        contract: sql.is_some_and(|(up, _)| render::is_contract(up)),
    }
}

fn refuse(
    folder: &Folder,
    version: &str,
    fatal: impl Fn(&Problem) -> bool,
) -> Result<(), MigrationsError> {
    let problems: Vec<_> = folder.problems().into_iter().filter(fatal).collect();
    if let Some(Problem::Shape { why, .. }) = problems
        .iter()
        .find(|problem| matches!(problem, Problem::Shape { .. }))
    {
        return Err(shape(folder, why.clone(), register::lines(version)));
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(MigrationsError::Problems { problems })
    }
}

pub(super) fn shape(folder: &Folder, why: String, lines: Vec<String>) -> MigrationsError {
    MigrationsError::Shape {
        path: lib_path(&folder.root),
        why,
        lines,
    }
}
