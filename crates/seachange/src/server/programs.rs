//! PostgreSQL's programs: where they may be, in which order, and which of them will do.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::programs_text;
use super::place::Layout;
use super::{ServerError, Settings};
use crate::postgresql::OLDEST;

/// A folder that may hold the programs, and how it was come by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) bin: PathBuf,
    pub(super) origin: &'static str,
}

/// Programs that answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Programs {
    pub(super) bin: PathBuf,
    /// As `server_version_num`: 150018 is 15.18.
    pub(super) version: u32,
}

impl Programs {
    pub(super) fn major(&self) -> u32 {
        self.version / 10_000
    }

    pub(super) fn initdb(&self) -> PathBuf {
        self.bin.join("initdb")
    }

    pub(super) fn postgres(&self) -> PathBuf {
        self.bin.join("postgres")
    }
}

/// Finds programs: those that the settings name and no others, or the first that will do. With
/// data there already, only programs of their major version will.
pub(super) fn find(
    settings: &Settings,
    layout: &Layout,
    data: Option<(u32, &Path)>,
) -> Result<Programs, ServerError> {
    let mut passed_over = Vec::new();
    let mut other_versions = Vec::new();
    for candidate in candidates(settings, layout) {
        match probe(&candidate, layout) {
            Ok(programs) => match data {
                Some((major, _)) if programs.major() != major => {
                    other_versions.push(programs_text(programs.version, &programs.bin));
                }
                _ => return Ok(programs),
            },
            Err(reason) if settings.programs.is_some() => {
                return Err(ServerError::NotPrograms {
                    folder: candidate.bin,
                    reason,
                });
            }
            Err(reason) => passed_over.push(format!("{}: {reason}", candidate.bin.display())),
        }
    }
    match data {
        Some((major, folder)) if !other_versions.is_empty() => Err(ServerError::DataVersion {
            folder: folder.to_owned(),
            data: major,
            found: other_versions,
        }),
        _ => Err(ServerError::ProgramsMissing { passed_over }),
    }
}

/// Every folder that may hold the programs, in the order in which they are tried.
pub(super) fn candidates(settings: &Settings, layout: &Layout) -> Vec<Candidate> {
    if let Some(bin) = &settings.programs {
        return vec![Candidate {
            bin: super::folder::canonical(bin),
            origin: "asked for",
        }];
    }
    let mut found: Vec<Candidate> = Vec::new();
    let mut add = |origin: &'static str, bins: Vec<PathBuf>| {
        for bin in bins {
            if !found.iter().any(|known| known.bin == bin) {
                found.push(Candidate { bin, origin });
            }
        }
    };
    add("installed for this workspace", installed(layout));
    add("on the PATH", on_path());
    add("from pg_config", from_pg_config(layout));
    add("of the system", of_the_system().collect());
    found
}

/// Folders with one subfolder a version, and where its programs are below that.
const SYSTEM_FOLDERS: &[(&str, &str)] = &[
    ("/usr/lib/postgresql", "bin"),
    ("/usr", "pgsql-*/bin"),
    ("/opt/homebrew/opt", "postgresql*/bin"),
    ("/usr/local/opt", "postgresql*/bin"),
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql*/bin"),
    ("/Applications/Postgres.app/Contents/Versions", "bin"),
];

/// Newest first. `below` is `bin`, or names the subfolders that count: `postgresql*/bin`.
fn versions_below(folder: &Path, below: &str) -> Vec<PathBuf> {
    let prefix = below.split_once('*').map_or("", |(prefix, _)| prefix);
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut versions: Vec<(Vec<u32>, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let version = numbers(name.strip_prefix(prefix)?);
            // `latest` and `postgresql` without a version are links to one of the others.
            (!version.is_empty() || !prefix.is_empty()).then(|| (version, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, bin)| bin).collect()
}

/// What `install` put below `.seachange/pg`, newest first.
pub(super) fn installed(layout: &Layout) -> Vec<PathBuf> {
    let mut versions: Vec<(Vec<u32>, PathBuf)> = Vec::new();
    for pg in [layout.base.join("pg"), layout.home.join("pg")] {
        for entry in fs::read_dir(pg).into_iter().flatten().flatten() {
            let Some(version) = entry.file_name().to_str().map(numbers) else {
                continue;
            };
            if !version.is_empty()
                && let Some(bin) = bin_below(&entry.path())
            {
                versions.push((version, bin));
            }
        }
    }
    versions.sort();
    versions.into_iter().rev().map(|(_, bin)| bin).collect()
}

/// The folder of programs somewhere below an unpacked package.
pub(super) fn bin_below(folder: &Path) -> Option<PathBuf> {
    walkdir::WalkDir::new(folder)
        .max_depth(4)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_dir() && entry.file_name() == "bin")
        .map(walkdir::DirEntry::into_path)
        .find(|bin| bin.join("postgres").is_file() && bin.join("initdb").is_file())
}

fn on_path() -> Vec<PathBuf> {
    folders_on_path()
        .filter(|folder| folder.join("postgres").is_file())
        .collect()
}

pub(super) fn folders_on_path() -> impl Iterator<Item = PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.into_iter().filter(|folder| folder.is_absolute())
}

/// The folders of the system, newest version first.
pub(super) fn of_the_system() -> impl Iterator<Item = PathBuf> {
    SYSTEM_FOLDERS
        .iter()
        .flat_map(|(folder, below)| versions_below(Path::new(folder), below))
}

fn from_pg_config(layout: &Layout) -> Vec<PathBuf> {
    let Ok(program) = which::which("pg_config") else {
        return Vec::new();
    };
    let Ok(output) = layout.account.command(&program).arg("--bindir").output() else {
        return Vec::new();
    };
    let bin = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    if output.status.success() && bin.is_absolute() {
        vec![bin]
    } else {
        Vec::new()
    }
}

/// Asks the programs for their version as the user who would run them, or says why they won't do.
pub(super) fn probe(candidate: &Candidate, layout: &Layout) -> Result<Programs, String> {
    let bin = &candidate.bin;
    if let Some(blocked) = layout.account.blocked_at(bin) {
        return Err(format!(
            "user `{}` cannot enter `{}`",
            layout.account.name,
            blocked.display()
        ));
    }
    for program in ["postgres", "initdb"] {
        if !bin.join(program).is_file() {
            return Err(format!("there is no `{program}` in it"));
        }
    }
    let output = layout
        .account
        .command(&bin.join("postgres"))
        .arg("--version")
        .output()
        .map_err(|error| format!("`postgres` cannot be run: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let Some(version) = parse_version(&text).filter(|_| output.status.success()) else {
        let said = format!("{text}{}", String::from_utf8_lossy(&output.stderr));
        return Err(format!("`postgres --version` failed: {}", said.trim()));
    };
    if version / 10_000 < OLDEST {
        return Err(format!(
            "PostgreSQL {} is older than {OLDEST}",
            version_text(version)
        ));
    }
    Ok(Programs {
        bin: bin.clone(),
        version,
    })
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` is 150018; `18beta1` is 180000.
pub(super) fn parse_version(text: &str) -> Option<u32> {
    let version = text.split("PostgreSQL)").nth(1)?.trim();
    let digits = |text: &str| {
        text.split(|c: char| !c.is_ascii_digit())
            .next()?
            .parse()
            .ok()
    };
    let major: u32 = digits(version)?;
    let minor = version
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .strip_prefix('.')
        .and_then(digits);
    Some(major * 10_000 + minor.unwrap_or(0))
}

/// 150018 as people write it: `15.18`.
pub fn version_text(version: u32) -> String {
    format!("{}.{}", version / 10_000, version % 10_000)
}

/// The numbers at the start of a text: `17.10-npm` and `@17.10` have 17 and 10; `latest` has none.
pub(super) fn numbers(text: &str) -> Vec<u32> {
    text.trim_start_matches(['@', '-'])
        .split(['.', '-'])
        .map_while(|part| part.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_the_server_numbers_them() {
        for (text, version) in [
            (
                "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n",
                150_018,
            ),
            ("postgres (PostgreSQL) 17.10\n", 170_010),
            ("postgres (PostgreSQL) 18beta1\n", 180_000),
            ("postgres (PostgreSQL) 19devel\n", 190_000),
        ] {
            assert_eq!(parse_version(text), Some(version), "{text}");
        }
        assert_eq!(parse_version("mysqld 8"), None);
    }
}
