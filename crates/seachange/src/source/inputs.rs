//! What a source's schema is made from, read from the workspace, and the hashes that it is known
//! by. Everything that could make the schema another one is in its hash.

use std::path::Path;
use std::sync::Arc;

use walkdir::WalkDir;

use super::error::SourceError;
use crate::connection::{SqlFile, shown, sql_files_in};
use crate::entities::Recorded;
use crate::migrations::{Folder, Kind, Migration, is_version, text_hash};
use crate::scratch::TemplateKey;

/// A source that can be built from nothing.
pub(super) enum Inputs {
    Entities(Arc<Recorded>),
    /// The first `count` migrations of the folder.
    Migrations {
        folder: Arc<Folder>,
        count: usize,
    },
    Sql(Vec<SqlFile>),
    Empty,
}

/// What the result is known by.
pub(super) struct Keys {
    kind: &'static str,
    /// Of each stage on the way; the last one is of the whole. Only migrations have more than one:
    /// before the first, after the first, and so on.
    stages: Vec<String>,
}

impl Inputs {
    /// The hashes under a server of that major version, whose spelling of things is its own.
    pub(super) fn keys(&self, server: u32) -> Keys {
        let server = server.to_string();
        let begin = |kind| {
            text_hash(&[
                ("kind", kind),
                ("server", &server),
                ("reader", env!("SEACHANGE_READER")),
                ("model", seachange_schema::fingerprint::MODEL),
            ])
        };
        let whole = |kind, texts: &[&str]| {
            let begun = begin(kind);
            let mut parts = vec![("begin", begun.as_str())];
            parts.extend(texts.iter().map(|text| ("text", *text)));
            Keys {
                kind,
                stages: vec![text_hash(&parts)],
            }
        };
        match self {
            Self::Entities(recorded) => whole("entities", &[&recorded.text()]),
            Self::Sql(files) => {
                let texts: Vec<&str> = files.iter().map(|file| file.text.as_str()).collect();
                whole("sql", &texts)
            }
            Self::Empty => whole("empty", &[]),
            Self::Migrations { folder, count } => {
                let migrations = &folder.migrations[..*count];
                let rust = migrations.iter().any(|one| one.kind == Kind::Rust);
                let shared = if rust {
                    shared_code(&folder.root)
                } else {
                    String::new()
                };
                let mut stages = vec![begin("migrations")];
                for migration in migrations {
                    let before = stages.last().map_or("", String::as_str);
                    let next = after(before, migration, &shared);
                    stages.push(next);
                }
                Keys {
                    kind: "migrations",
                    stages,
                }
            }
        }
    }
}

impl Keys {
    /// Of the whole.
    pub(super) fn last(&self) -> &str {
        self.stages.last().map_or("", String::as_str)
    }

    /// The templates of all stages, in their order.
    pub(super) fn templates(&self) -> Vec<TemplateKey> {
        let stages = self.stages.iter();
        stages
            .map(|hash| TemplateKey::new(self.kind, hash))
            .collect()
    }
}

/// The files of an SQL source.
pub(super) fn sql_files(path: &Path) -> Result<Vec<SqlFile>, SourceError> {
    let unreadable = |path: &Path, source| SourceError::Read {
        path: shown(path),
        source,
    };
    let paths = if path.is_dir() {
        sql_files_in(path).map_err(|error| unreadable(path, error))?
    } else {
        vec![path.to_owned()]
    };
    if paths.is_empty() {
        return Err(SourceError::NoSqlFiles { path: shown(path) });
    }
    paths
        .iter()
        .map(|path| SqlFile::read(path).map_err(|error| unreadable(path, error)))
        .collect()
}

/// What one goes down by, or says about itself, makes no difference to where its up leads.
fn after(before: &str, migration: &Migration, shared: &str) -> String {
    let mut parts = vec![("before", before), ("version", &migration.version)];
    match migration.kind {
        Kind::Sql => {
            let up = migration.up_sql.as_deref().unwrap_or_default();
            let transaction = if migration.transaction { "one" } else { "none" };
            parts.extend([("transaction", transaction), ("up", up)]);
        }
        Kind::Rust => parts.extend([("files", migration.hash.as_str()), ("shared", shared)]),
    }
    text_hash(&parts)
}

/// The code of the package that belongs to no migration, but that one in Rust may call. `lib.rs` is
/// left out: it changes with each new migration.
fn shared_code(root: &Path) -> String {
    let src = root.join("src");
    let mut texts = Vec::new();
    let files = WalkDir::new(&src)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| !is_version(&stem(entry.path())))
        .filter_map(Result::ok);
    for file in files {
        let path = file.path();
        let listed = matches!(stem(path).as_str(), "lib" | "main") && file.depth() == 1;
        if !listed && path.extension().is_some_and(|it| it == "rs") {
            let name = path.strip_prefix(&src).unwrap_or(path).display();
            let text = std::fs::read_to_string(path).unwrap_or_default();
            texts.push((name.to_string(), text));
        }
    }
    let parts: Vec<(&str, &str)> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    text_hash(&parts)
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
