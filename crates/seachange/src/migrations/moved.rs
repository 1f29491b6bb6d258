//! Migrations that get a later version, because others are to come before them: their files under
//! another name, and nothing else of them changed.

use std::fs;

use chrono::{DateTime, Utc};

use crate::migrations::change_set::ChangeSet;
use crate::migrations::folder::{read_text, rust_path};
use crate::migrations::write::shape;
use crate::migrations::{Folder, MigrationsError, Rebased, register, version};

/// A migration's version, and the one that it gets.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Moved {
    /// The name that it had.
    pub from: String,
    /// The name that it has now.
    pub to: String,
}

impl Folder {
    /// The versions that these would have behind all others, in their order.
    pub fn versions_behind(
        &self,
        versions: &[String],
        at: DateTime<Utc>,
    ) -> Result<Vec<Moved>, MigrationsError> {
        let known = self.migrations.iter().map(|one| &one.version);
        let mut taken: Vec<String> = known.chain(&self.registered).cloned().collect();
        let mut moved = Vec::new();
        for from in versions {
            let to = version::later(from, at, taken.iter().map(String::as_str));
            taken.push(to.clone());
            moved.push(Moved {
                from: from.clone(),
                to,
            });
        }
        Ok(moved)
    }

    /// The folder as it would be under those versions.
    pub fn with_versions(&self, moved: &[Moved]) -> Self {
        let mut folder = self.clone();
        let src = self.root.join("src");
        for one in &mut folder.migrations {
            let Some(to) = moved.iter().find(|it| it.from == one.version) else {
                continue;
            };
            one.version.clone_from(&to.to);
            one.rust = rust_path(&src, &to.to);
            for path in [&mut one.up, &mut one.down].into_iter().flatten() {
                if let Some(name) = path.file_name() {
                    *path = src.join(&to.to).join(name);
                }
            }
        }
        folder
            .migrations
            .sort_by(|one, other| one.version.cmp(&other.version));
        folder
    }

    /// Gives these migrations those versions and puts the folder in order: their files, `lib.rs`, the lock
    /// and `schema.sql`, or nothing.
    pub fn rebase_moving(
        &self,
        moved: &[Moved],
        schema_sql: String,
    ) -> Result<Rebased, MigrationsError> {
        let mut changes = ChangeSet::default();
        let src = self.root.join("src");
        let mut lib = self.lib_text.clone();
        let mut folder = self.with_versions(moved);
        for one in moved {
            lib = lib.replace(&one.from, &one.to);
            let (old, new) = (rust_path(&src, &one.from), rust_path(&src, &one.to));
            let rs = read_text(&old)?.unwrap_or_default();
            let renamed = rs.replace(&one.from, &one.to);
            let mut parts = vec![("rs".to_owned(), renamed.clone())];
            changes.remove(old, rs);
            changes.create(new, renamed);
            let home = src.join(&one.from);
            if home.is_dir() {
                changes.create_folder(src.join(&one.to));
                for (name, text) in files(&home)? {
                    changes.remove(home.join(&name), text.clone());
                    changes.create(src.join(&one.to).join(&name), text.clone());
                    if name.ends_with(".sql") {
                        parts.push((name, text));
                    }
                }
            }
            if let Some(migration) = folder.migrations.iter_mut().find(|it| it.version == one.to) {
                migration.rehash(&parts);
            }
        }
        let (lock, relocked) = folder.locked_anew()?;
        let versions: Vec<String> = folder
            .migrations
            .iter()
            .map(|it| it.version.clone())
            .collect();
        let lib =
            register::in_order(&lib, &versions).map_err(|why| shape(self, why, Vec::new()))?;
        let mut rebased = Rebased {
            lock: relocked,
            ..Rebased::default()
        };
        self.write_all(&mut changes, schema_sql, lock.render(), lib, &mut rebased)?;
        changes.apply()?;
        Ok(rebased)
    }
}

/// The files of a migration's folder by name.
pub(super) fn files(home: &std::path::Path) -> Result<Vec<(String, String)>, MigrationsError> {
    let failed = |source| MigrationsError::Read {
        path: home.to_owned(),
        source,
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(home).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if let Some(name) = path.file_name().and_then(|name| name.to_str())
            && let Some(text) = read_text(&path)?
        {
            found.push((name.to_owned(), text));
        }
    }
    found.sort();
    Ok(found)
}
