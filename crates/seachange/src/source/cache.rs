//! Schemas that were read before, on disk, each under the hash of everything that made it.
//!
//! It is only ever a saving: what is missing or cannot be read is built again, and where nothing
//! can be written nothing is kept.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use seachange_schema::Schema;

/// How many schemas, and how many facts, are kept; those not used for longest go first.
const KEPT: usize = 48;

/// What the names of cached files end in.
const SCHEMA: &str = "json";
const FACT: &str = "fact";

#[derive(Clone)]
pub(super) struct Cache {
    folder: PathBuf,
}

impl Cache {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The schema of that key, if it was kept.
    pub(super) fn read(&self, key: &str) -> Option<Schema> {
        let path = self.path(key);
        let text = fs::read(&path).ok()?;
        match serde_json::from_slice(&text) {
            Ok(schema) => {
                touch(&path);
                Some(schema)
            }
            Err(error) => {
                tracing::debug!(path = %path.display(), %error, "a cached schema cannot be read");
                None
            }
        }
    }

    /// Keeps a schema under a key.
    pub(super) fn write(&self, key: &str, schema: &Schema) {
        if let Err(error) = self.try_write(key, schema) {
            tracing::debug!(folder = %self.folder.display(), %error, "a schema cannot be cached");
        }
    }

    /// A short text beside the schemas.
    pub(super) fn note(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.folder.join(name)).ok()
    }

    pub(super) fn write_note(&self, name: &str, text: &str) {
        if let Err(error) = self.replace(&self.folder.join(name), text.as_bytes()) {
            tracing::debug!(folder = %self.folder.display(), %error, "a note cannot be cached");
        }
    }

    /// Whether a fact of that name was kept.
    pub(super) fn holds(&self, fact: &str) -> bool {
        let path = self.fact(fact);
        let holds = path.exists();
        if holds {
            touch(&path);
        }
        holds
    }

    /// Keeps a fact, of which the name says everything.
    pub(super) fn keep(&self, fact: &str) {
        let kept = self
            .replace(&self.fact(fact), b"")
            .and_then(|()| self.prune(FACT));
        if let Err(error) = kept {
            tracing::debug!(folder = %self.folder.display(), %error, "a fact cannot be cached");
        }
    }

    fn try_write(&self, key: &str, schema: &Schema) -> std::io::Result<()> {
        self.replace(&self.path(key), &serde_json::to_vec(schema)?)?;
        self.prune(SCHEMA)
    }

    /// Whoever reads at this moment sees the old file or the new one, never half of it.
    fn replace(&self, path: &Path, content: &[u8]) -> std::io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(content)?;
        file.persist(path)?;
        Ok(())
    }

    fn prune(&self, extension: &str) -> std::io::Result<()> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.path().extension().is_some_and(|it| it == extension) {
                files.push((entry.metadata()?.modified()?, entry.path()));
            }
        }
        files.sort();
        let surplus = files.len().saturating_sub(KEPT);
        for (_, path) in files.into_iter().take(surplus) {
            fs::remove_file(path)?;
        }
        Ok(())
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.{SCHEMA}"))
    }

    fn fact(&self, fact: &str) -> PathBuf {
        self.folder.join(format!("{fact}.{FACT}"))
    }
}

/// Marks a file as used just now.
fn touch(path: &Path) {
    if let Ok(file) = fs::File::options().append(true).open(path) {
        file.set_modified(SystemTime::now()).ok();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_kept_is_found_and_what_is_broken_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("cache"));
        assert_eq!(cache.read("a"), None);
        cache.write("a", &Schema::default());
        assert_eq!(cache.read("a"), Some(Schema::default()));
        fs::write(cache.path("a"), "{").unwrap();
        assert_eq!(cache.read("a"), None);
        cache.write("a", &Schema::default());
        assert_eq!(cache.read("a"), Some(Schema::default()));
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_no_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let cache = Cache::new(file.join("cache"));
        cache.write("a", &Schema::default());
        assert_eq!(cache.read("a"), None);
    }

    #[test]
    fn what_was_not_used_for_longest_goes() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned());
        let old = SystemTime::now() - Duration::from_secs(1000);
        for number in 0..KEPT {
            let key = number.to_string();
            cache.write(&key, &Schema::default());
            let file = fs::File::options()
                .append(true)
                .open(cache.path(&key))
                .unwrap();
            let age = Duration::from_secs(number as u64);
            file.set_modified(old + age).unwrap();
        }
        cache.read("0").unwrap();
        cache.write("new", &Schema::default());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), KEPT);
        assert_eq!(cache.read("1"), None);
        assert!(cache.read("0").is_some() && cache.read("new").is_some());
    }
}
