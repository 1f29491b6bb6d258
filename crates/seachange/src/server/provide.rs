//! Programs of one version, whatever the search would take first: those that are on this machine,
//! else fetched.

use super::install::{Installed, install};
use super::place::Layout;
use super::programs::{self, numbers};
use super::{ServerError, Settings};

/// The programs of `version` (`17`, `17.10`): those that the search finds, else those that `install`
/// fetches. No package manager is asked for what is there.
pub fn provide(settings: &Settings, version: &str) -> Result<Installed, ServerError> {
    let wanted = numbers(version);
    let layout = Layout::resolve(settings)?;
    let found = programs::candidates(settings, &layout)
        .iter()
        .filter_map(|candidate| programs::probe(candidate, &layout).ok())
        .find(|found| {
            let parts = [found.version / 10_000, found.version % 10_000];
            !wanted.is_empty() && parts.starts_with(&wanted)
        });
    match found {
        Some(found) => Ok(Installed {
            bin: found.bin,
            version: found.version,
            fetched_with: None,
        }),
        None => install(settings, version, None),
    }
}
