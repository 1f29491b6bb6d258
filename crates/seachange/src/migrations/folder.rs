//! Reading the folder: its files become plain values, and what is wrong with them a list of
//! [`Problem`]s, so that one odd file hides nothing about the others.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::migrations::hash::{sql_hash, text_hash};
use crate::migrations::version::is_version;
use crate::migrations::{Entry, LockFile, MigrationsError, Problem, Replaced, register, render};

/// A migration package as it lies on disk.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The package: where its `Cargo.toml` is.
    pub root: PathBuf,
    /// Its migrations, in the order of their versions.
    pub migrations: Vec<Migration>,
    /// `seachange.lock` as it stands.
    pub lock: LockFile,
    /// The versions in `lib.rs`, in its order; empty when it could not be told.
    pub registered: Vec<String>,
    pub(super) lib_text: String,
    pub(super) lock_text: Option<String>,
    unreadable: Vec<Problem>,
}

/// One migration.
#[derive(Clone, Debug)]
pub struct Migration {
    /// `m20261122_101500_add_phone_number`.
    pub version: String,
    /// What its `.rs` says about it in its first line.
    pub about: Option<String>,
    /// Its `.rs`.
    pub rust: PathBuf,
    /// Its `up.sql`, unless it is written in Rust.
    pub up: Option<PathBuf>,
    /// Its `down.sql`, unless it is written in Rust.
    pub down: Option<PathBuf>,
    /// What is in it.
    pub up_sql: Option<String>,
    /// What is in it.
    pub down_sql: Option<String>,
    /// The hash of all its files.
    pub hash: String,
    /// SQL or Rust.
    pub kind: Kind,
    /// Whether both ways run inside a transaction.
    pub transaction: bool,
    /// Whether SeaORM's own runner is told the same by the `.rs`.
    pub(super) declared: bool,
}

/// What a migration is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `up.sql` and `down.sql`, and nothing else: it can be replayed without compiling.
    Sql,
    /// An `.rs` with a mind of its own.
    Rust,
}

/// Reads the migration package at `root`.
pub fn read(root: &Path) -> Result<Folder, MigrationsError> {
    let src = root.join("src");
    let lib = lib_path(root);
    let lib_text = read_text(&lib)?.ok_or_else(|| MigrationsError::NotAPackage {
        root: root.to_owned(),
        missing: "src/lib.rs",
    })?;
    let lock_text = read_text(&lock_path(root))?;

    let mut unreadable = Vec::new();
    let (lock, problems) = LockFile::parse(lock_text.as_deref().unwrap_or_default());
    unreadable.extend(problems);
    let registered = register::registered(&lib_text).unwrap_or_else(|why| {
        unreadable.push(Problem::Shape {
            path: lib.clone(),
            why,
        });
        Vec::new()
    });

    let mut migrations = Vec::new();
    for version in versions(&src)? {
        match read_migration(&src, &version) {
            Ok(migration) => {
                unreadable.extend(migration.incomplete(&src));
                if migration.transaction != migration.declared {
                    unreadable.push(Problem::Transaction { version });
                }
                migrations.push(migration);
            }
            Err(problem) => unreadable.push(problem),
        }
    }
    Ok(Folder {
        root: root.to_owned(),
        migrations,
        lock,
        registered,
        lib_text,
        lock_text,
        unreadable,
    })
}

impl Folder {
    /// The migration of a version.
    pub fn migration(&self, version: &str) -> Option<&Migration> {
        self.migrations.iter().find(|m| m.version == version)
    }

    /// Everything that is wrong with it.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = self.unreadable.clone();
        problems.extend(self.lock.problems());
        for migration in &self.migrations {
            match self.lock.entry(&migration.version) {
                Some(entry) => problems.extend(migration.edited_since(entry)),
                None => problems.push(Problem::Unlocked {
                    version: migration.version.clone(),
                }),
            }
        }
        for entry in &self.lock.entries {
            if !self.is_there(&entry.version) {
                problems.push(Problem::Gone {
                    version: entry.version.clone(),
                });
            }
        }
        problems.extend(self.registration_problems());
        problems
    }

    fn registration_problems(&self) -> Vec<Problem> {
        let shapeless = |problem: &Problem| matches!(problem, Problem::Shape { .. });
        if self.unreadable.iter().any(shapeless) {
            return Vec::new();
        }
        let mut problems = Vec::new();
        for version in &self.registered {
            if !self.is_there(version) {
                problems.push(Problem::NoFile {
                    version: version.clone(),
                });
            }
        }
        for migration in &self.migrations {
            if !self.registered.contains(&migration.version) {
                problems.push(Problem::Unregistered {
                    version: migration.version.clone(),
                });
            }
        }
        for pair in self.registered.windows(2) {
            if pair[0] > pair[1] {
                problems.push(Problem::Order {
                    version: pair[0].clone(),
                    before: pair[1].clone(),
                });
            }
        }
        problems
    }

    /// Whether its file is there, be it readable or not.
    fn is_there(&self, version: &str) -> bool {
        self.migration(version).is_some() || rust_path(&self.root.join("src"), version).exists()
    }
}

impl Migration {
    /// The lock's entry for the migration as it is now.
    pub(super) fn entry(&self, parent: String) -> Entry {
        let hash = |sql: &Option<String>| match self.kind {
            Kind::Sql => sql.as_deref().map(sql_hash),
            Kind::Rust => None,
        };
        Entry {
            version: self.version.clone(),
            files: self.hash.clone(),
            up: hash(&self.up_sql),
            down: hash(&self.down_sql),
            parent,
            replaces: self.replaces(),
            contract: self.up_sql.as_deref().is_some_and(render::is_contract),
        }
    }

    /// What was folded into it.
    pub fn replaces(&self) -> Vec<Replaced> {
        match self.kind {
            Kind::Sql => render::replaces(self.up_sql.as_deref().unwrap_or_default()),
            Kind::Rust => Vec::new(),
        }
    }

    /// Takes the hash of files that are about to be written under these names.
    pub(super) fn rehash(&mut self, parts: &[(String, String)]) {
        let parts: Vec<(&str, &str)> = parts
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        self.hash = text_hash(&parts);
    }

    fn edited_since(&self, entry: &Entry) -> Option<Problem> {
        let now = self.entry(entry.parent.clone());
        if now == *entry {
            return None;
        }
        let mut files = Vec::new();
        if now.up != entry.up {
            files.push(format!("{}/up.sql", self.version));
        }
        if now.down != entry.down {
            files.push(format!("{}/down.sql", self.version));
        }
        if files.is_empty() {
            files.push(format!("{}.rs", self.version));
        }
        Some(Problem::Edited {
            version: self.version.clone(),
            files,
        })
    }

    /// The files that its `.rs` needs and that are not there.
    fn incomplete(&self, src: &Path) -> Vec<Problem> {
        let missing = |there: &Option<PathBuf>, name: &str| {
            (self.kind == Kind::Sql && there.is_none()).then(|| Problem::Incomplete {
                version: self.version.clone(),
                missing: src.join(&self.version).join(name),
            })
        };
        [missing(&self.up, "up.sql"), missing(&self.down, "down.sql")]
            .into_iter()
            .flatten()
            .collect()
    }
}

pub(super) fn lib_path(root: &Path) -> PathBuf {
    root.join("src").join("lib.rs")
}

pub(super) fn lock_path(root: &Path) -> PathBuf {
    root.join("seachange.lock")
}

pub(super) fn rust_path(src: &Path, version: &str) -> PathBuf {
    src.join(format!("{version}.rs"))
}

/// A file's text; none when it does not exist.
pub(super) fn read_text(path: &Path) -> Result<Option<String>, MigrationsError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(MigrationsError::Read {
            path: path.to_owned(),
            source,
        }),
    }
}

/// The versions that a file or a folder is named after, sorted.
fn versions(src: &Path) -> Result<Vec<String>, MigrationsError> {
    let failed = |source| MigrationsError::Read {
        path: src.to_owned(),
        source,
    };
    let mut versions = Vec::new();
    for entry in fs::read_dir(src).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = if path.is_dir() {
            path.file_name()
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            path.file_stem()
        } else {
            None
        };
        if let Some(name) = name.and_then(|name| name.to_str())
            && is_version(name)
        {
            versions.push(name.to_owned());
        }
    }
    versions.sort();
    versions.dedup();
    Ok(versions)
}

fn read_migration(src: &Path, version: &str) -> Result<Migration, Problem> {
    let text = |path: &Path| {
        fs::read_to_string(path).map_err(|error| Problem::Unreadable {
            path: path.to_owned(),
            why: error.to_string(),
        })
    };
    let rust = rust_path(src, version);
    if !rust.exists() {
        return Err(Problem::Incomplete {
            version: version.to_owned(),
            missing: rust,
        });
    }
    let rs = text(&rust)?;
    let mut sql = sql_files(&src.join(version))
        .into_iter()
        .map(|(name, path)| Ok((name, (text(&path)?, path))))
        .collect::<Result<BTreeMap<_, _>, Problem>>()?;

    let mut parts = vec![("rs", rs.as_str())];
    parts.extend(
        sql.iter()
            .map(|(name, (text, _))| (name.as_str(), text.as_str())),
    );
    let hash = text_hash(&parts);

    let kind = if render::is_canonical(version, &rs) {
        Kind::Sql
    } else {
        Kind::Rust
    };
    let (up_sql, up) = sql.remove("up.sql").unzip();
    let (down_sql, down) = sql.remove("down.sql").unzip();
    let in_transaction = |sql: &Option<String>| sql.as_deref().is_none_or(render::in_transaction);
    let declared = !(rs.contains("fn use_transaction") && rs.contains("Some(false)"));
    let transaction = match kind {
        Kind::Sql => in_transaction(&up_sql) && in_transaction(&down_sql),
        Kind::Rust => declared,
    };
    Ok(Migration {
        version: version.to_owned(),
        about: render::about(&rs).map(str::to_owned),
        rust,
        up,
        down,
        up_sql,
        down_sql,
        hash,
        kind,
        transaction,
        declared,
    })
}

/// The SQL files of a migration's folder by name; none when there is no such folder.
fn sql_files(folder: &Path) -> BTreeMap<String, PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return BTreeMap::new();
    };
    entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_name()?.to_str()?.to_owned();
            name.ends_with(".sql").then_some((name, path))
        })
        .collect()
}
