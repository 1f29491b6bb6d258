//! The folder put in order after a merge: `lib.rs`, the lock and `schema.sql`, all in the order of the
//! versions. No migration's own file is touched.

use crate::migrations::change_set::ChangeSet;
use crate::migrations::folder::{lib_path, lock_path, read_text};
use crate::migrations::write::shape;
use crate::migrations::{Folder, MigrationsError, Relocked, register};

/// What putting a folder in order changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebased {
    /// What changed in `seachange.lock`.
    pub lock: Relocked,
    /// The files that have another text now, relative to the folder.
    pub changed: Vec<&'static str>,
}

impl Folder {
    /// What [`Folder::rebase`] would do to the lock.
    pub fn rebased_lock(&self) -> Result<Relocked, MigrationsError> {
        Ok(self.locked_anew()?.1)
    }

    /// Puts every migration that has its files into `lib.rs` and the lock, in the order of the
    /// versions, and takes the conflict marks of a merge out. All is written, or nothing.
    pub fn rebase(&self, schema_sql: String) -> Result<Rebased, MigrationsError> {
        let (lock, relocked) = self.locked_anew()?;
        let versions: Vec<String> = self
            .migrations
            .iter()
            .map(|migration| migration.version.clone())
            .collect();
        let lib = register::in_order(&self.lib_text, &versions)
            .map_err(|why| shape(self, why, Vec::new()))?;

        let mut rebased = Rebased {
            lock: relocked,
            ..Rebased::default()
        };
        let mut changes = ChangeSet::default();
        self.write_all(&mut changes, schema_sql, lock.render(), lib, &mut rebased)?;
        changes.apply()?;
        Ok(rebased)
    }

    /// The files that tell of all migrations, where they are others than before.
    pub(super) fn write_all(
        &self,
        changes: &mut ChangeSet,
        schema_sql: String,
        lock: String,
        lib: String,
        rebased: &mut Rebased,
    ) -> Result<(), MigrationsError> {
        let schema = self.root.join("schema.sql");
        let texts = [
            ("schema.sql", schema_sql, read_text(&schema)?, schema),
            (
                "seachange.lock",
                lock,
                self.lock_text.clone(),
                lock_path(&self.root),
            ),
            (
                "src/lib.rs",
                lib,
                Some(self.lib_text.clone()),
                lib_path(&self.root),
            ),
        ];
        for (name, text, previous, path) in texts {
            if previous.as_ref() != Some(&text) {
                changes.replace(path, text, previous);
                rebased.changed.push(name);
            }
        }
        Ok(())
    }
}
