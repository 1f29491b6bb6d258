//! Editing the copy as a developer would: by exact replacement, so that an edit which no longer fits is
//! an error and not a test of nothing.

use std::fs;
use std::path::PathBuf;

use super::Workspace;
use super::programs::Xtask;
use super::sources;

impl Workspace {
    /// Replaces the one place where `from` stands in a file.
    #[track_caller]
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        let times = text.matches(from).count();
        assert_eq!(times, 1, "`{from}` stands {times} times in {path}");
        self.write(path, &text.replace(from, to));
    }

    /// Adds a field behind `after` to an entity.
    #[track_caller]
    pub(crate) fn add_field(&self, entity: &str, after: &str, field: &str) {
        let after = format!("    pub {after},\n");
        self.edit(&entity_path(entity), &after, &format!("{after}{field}"));
    }

    /// Renames a field of an entity, its type and nothing else said with both names.
    #[track_caller]
    pub(crate) fn rename_field(&self, entity: &str, from: &str, to: &str) {
        let (from, to) = (format!("    pub {from},\n"), format!("    pub {to},\n"));
        self.edit_entity(entity, &from, &to);
    }

    #[track_caller]
    pub(crate) fn edit_entity(&self, entity: &str, from: &str, to: &str) {
        self.edit(&entity_path(entity), from, to);
    }

    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let file = self.root().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
        self.changed(path);
    }

    /// Keeps a folder of the copy aside, to be brought back.
    pub(crate) fn keep(&self, folder: &str) -> Kept {
        let aside = self.slot.home().join("kept").join(folder);
        let number = (0..).find(|number| !aside.join(number.to_string()).exists());
        let at = aside.join(number.unwrap().to_string());
        sources::mirror(&self.root().join(folder), &at);
        Kept {
            folder: folder.to_owned(),
            at,
        }
    }

    /// Makes the folder what it was.
    pub(crate) fn bring_back(&self, kept: &Kept) {
        sources::mirror(&kept.at, &self.root().join(&kept.folder));
        self.changed(&kept.folder);
    }

    /// xtask is made of entities and itself; migrations and fixtures it runs.
    fn changed(&self, path: &str) {
        if path.starts_with("crates/") || path.starts_with("xtask/") {
            self.xtask.set(Xtask::Edited);
        }
    }
}

/// A folder as it was.
pub(crate) struct Kept {
    folder: String,
    pub(crate) at: PathBuf,
}

fn entity_path(entity: &str) -> String {
    format!("crates/db/src/entity/{entity}.rs")
}
