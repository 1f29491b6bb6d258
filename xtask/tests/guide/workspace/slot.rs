//! A place for one copy of the workspace, with a target folder that stays warm: taken under a file
//! lock, so that no two tests, in whatever process, share one.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::{artefacts, sources};

/// As many as there are tests of this kind at once. `.config/nextest.toml` says the same.
const SLOTS: usize = 2;

/// A folder that is one test's alone until it is dropped. Its path is the same for every test, so what
/// cargo built there for the last one counts for the next.
pub(super) struct Slot {
    folder: PathBuf,
    hash: String,
    _lock: File,
}

impl Slot {
    /// Takes a free one, or waits; lays the workspace out in it as it is in this repository.
    pub(super) fn take() -> Self {
        let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guide");
        fs::create_dir_all(&all).unwrap();
        let (folder, lock) = free(&all).unwrap_or_else(|| wait(&all));
        let slot = Self {
            folder,
            hash: sources::hash(),
            _lock: lock,
        };
        if slot.home().exists() {
            fs::remove_dir_all(slot.home()).unwrap();
        }
        fs::create_dir_all(slot.home()).unwrap();
        sources::lay_out(&slot.root());
        artefacts::share(&slot.root().join("target"));
        slot
    }

    /// The root of the copy.
    pub(super) fn root(&self) -> PathBuf {
        self.folder.join("workspace")
    }

    /// Of the sources that a fresh copy has.
    pub(super) fn hash(&self) -> &str {
        &self.hash
    }

    /// Where a program that outlives a test is kept.
    pub(super) fn kept(&self, name: &str) -> PathBuf {
        self.folder.join("kept").join(name)
    }

    /// Keeps a program there, instead of the one that was kept before.
    pub(super) fn keep(&self, program: &Path, kept: &Path) {
        let folder = kept.parent().unwrap();
        // There is none before the first.
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder).unwrap();
        let unfinished = folder.join("unfinished");
        fs::copy(program, &unfinished).unwrap();
        fs::rename(unfinished, kept).unwrap();
    }

    /// Stands in for the copy's `.seachange`, empty for every test.
    pub(super) fn home(&self) -> PathBuf {
        self.folder.join("home")
    }
}

fn free(all: &Path) -> Option<(PathBuf, File)> {
    (1..=SLOTS).find_map(|number| {
        let (folder, lock) = place(all, number);
        match lock.try_lock() {
            Ok(()) => Some((folder, lock)),
            Err(TryLockError::WouldBlock) => None,
            Err(TryLockError::Error(error)) => panic!("cannot lock: {error}"),
        }
    })
}

/// Which one comes free first can't be waited for; processes spread over them by their ids.
fn wait(all: &Path) -> (PathBuf, File) {
    let (folder, lock) = place(all, std::process::id() as usize % SLOTS + 1);
    lock.lock().unwrap();
    (folder, lock)
}

fn place(all: &Path, number: usize) -> (PathBuf, File) {
    let lock = File::create(all.join(format!("slot-{number}.lock"))).unwrap();
    (all.join(format!("slot-{number}")), lock)
}
