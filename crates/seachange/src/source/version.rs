//! Which PostgreSQL the cached schemas are from, known without asking one.
//!
//! The major version goes into every key, for PostgreSQL's spelling of expressions is its own. While
//! the throwaway server runs, it tells; else what it told last is taken, as long as the same
//! server would be chosen. When it turns out to be another one, what was handed out is stale.

use std::sync::Mutex;

use super::cache::Cache;
use super::error::SourceError;
use super::road::locked;
use crate::migrations::text_hash;
use crate::scratch::Scratch;

const NOTE: &str = "server";

#[derive(Default)]
pub(super) struct ServerVersion {
    assumed: Mutex<Assumed>,
}

#[derive(Default)]
struct Assumed {
    version: Option<u32>,
    /// Whether anything was handed out on the strength of it.
    relied_on: bool,
}

impl ServerVersion {
    /// The major version, as far as it is known.
    pub(super) fn assume(&self, scratch: &Scratch, cache: &Cache) -> Option<u32> {
        let mut assumed = locked(&self.assumed);
        if assumed.version.is_none() {
            assumed.version = scratch
                .version_if_running()
                .map(major)
                .or_else(|| remembered(scratch, cache));
        }
        assumed.version
    }

    /// Something is handed out on the strength of what was assumed.
    pub(super) fn rely(&self) {
        locked(&self.assumed).relied_on = true;
    }

    /// The major version of the server itself, which is started if need be.
    pub(super) async fn ask(&self, scratch: &Scratch, cache: &Cache) -> Result<u32, SourceError> {
        let is = major(scratch.version().await?);
        if remembered(scratch, cache) != Some(is) {
            cache.write_note(NOTE, &format!("{} {is}", choice(scratch)));
        }
        let mut assumed = locked(&self.assumed);
        let was = assumed.version.replace(is);
        match was {
            Some(was) if was != is && assumed.relied_on => {
                Err(SourceError::ServerChanged { was, is })
            }
            _ => Ok(is),
        }
    }
}

fn remembered(scratch: &Scratch, cache: &Cache) -> Option<u32> {
    let note = cache.note(NOTE)?;
    let (of, version) = note.split_once(' ')?;
    (of == choice(scratch)).then(|| version.parse().ok())?
}

/// Hashed, because it may be a URL with a password.
fn choice(scratch: &Scratch) -> String {
    text_hash(&[("choice", &scratch.choice())])
}

fn major(version: u32) -> u32 {
    version / 10_000
}
