//! What was found on this machine and why it was chosen: programs, user, places, servers, clients.
//! Reads only.

use std::path::Path;
use std::process::Command;

use super::error::{how_to_install, programs_text};
use super::install::Client;
use super::place::{Layout, MEMORY_WANTED, Place};
use super::postmaster::Life;
use super::running::{self, Sight, State, data_version};
use super::{Role, Settings, folder, programs, version_text};
use crate::error::Help;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about, in a word or two.
    pub topic: String,
    /// What is there, and why it matters.
    pub found: String,
    /// Whether it will do.
    pub verdict: Verdict,
    /// What to do, where something is to be done.
    pub help: Option<String>,
}

/// Whether a finding is in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing to do.
    Good,
    /// It works, with less.
    Warning,
    /// It does not work so.
    Bad,
}

impl Finding {
    fn new(topic: &str, found: impl Into<String>, verdict: Verdict) -> Self {
        Self {
            topic: topic.to_owned(),
            found: found.into(),
            verdict,
            help: None,
        }
    }

    fn good(topic: &str, found: impl Into<String>) -> Self {
        Self::new(topic, found, Verdict::Good)
    }

    fn warning(topic: &str, found: impl Into<String>) -> Self {
        Self::new(topic, found, Verdict::Warning)
    }

    fn bad(topic: &str, found: impl Into<String>) -> Self {
        Self::new(topic, found, Verdict::Bad)
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Looks at everything that the local servers depend on.
pub fn doctor(settings: &Settings) -> Vec<Finding> {
    let layout = match Layout::resolve(settings) {
        Ok(layout) => layout,
        Err(error) => {
            let finding = Finding::bad("user", error.to_string());
            return vec![finding.help(error.help().unwrap_or_default())];
        }
    };
    let mut findings = vec![account(&layout), home(&layout)];
    findings.extend(found_programs(settings, &layout));
    findings.extend(rooms(&layout));
    for role in [Role::Development, Role::Throwaway] {
        for place in layout.places(role) {
            findings.extend(server(&layout, &place));
        }
    }
    findings.extend(clients(settings, &layout));
    findings
}

fn account(layout: &Layout) -> Finding {
    let account = &layout.account;
    let why = if account.is_caller() {
        "the caller"
    } else {
        "PostgreSQL refuses to run as root"
    };
    Finding::good("user", format!("servers run as `{}` ({why})", account.name))
}

fn home(layout: &Layout) -> Finding {
    let home = layout.home.display();
    let account = &layout.account.name;
    match (layout.blocked(), layout.base == layout.home) {
        (Some(blocked), _) => Finding::bad(
            "home",
            format!(
                "`{home}`: user `{account}` cannot enter `{}`",
                blocked.display()
            ),
        )
        .help(format!("`chmod o+x {}`", blocked.display())),
        (None, true) => Finding::good("home", format!("`{home}`: user `{account}` can enter it")),
        (None, false) => {
            let why = match layout.account.blocked_at(&layout.home) {
                Some(blocked) => format!("user `{account}` cannot enter `{}`", blocked.display()),
                None => "its note says so".to_owned(),
            };
            Finding::good(
                "home",
                format!(
                    "`{home}`, with the data in `{}`: {why}",
                    layout.base.display()
                ),
            )
        }
    }
}

fn found_programs(settings: &Settings, layout: &Layout) -> Vec<Finding> {
    let data = layout.development().data();
    let wanted = data_version(&data);
    let mut findings = Vec::new();
    let mut taken = false;
    for candidate in programs::candidates(settings, layout) {
        let origin = candidate.origin;
        findings.push(match programs::probe(&candidate, layout) {
            Err(reason) => Finding::warning(
                "programs",
                format!(
                    "`{}` ({origin}): passed over, {reason}",
                    candidate.bin.display()
                ),
            ),
            Ok(found) => {
                let text = format!("{}, {origin}", programs_text(found.version, &found.bin));
                let note = match wanted {
                    Some(major) if found.major() != major => {
                        format!("passed over, the data are of version {major}")
                    }
                    _ if taken => "would do too".to_owned(),
                    Some(major) => format!("taken, the first of version {major} like the data"),
                    None => "taken, the first that will do".to_owned(),
                };
                taken |= note.starts_with("taken");
                Finding::good("programs", format!("{text}: {note}"))
            }
        });
    }
    if !taken {
        let (found, help) = match wanted {
            Some(major) => (
                format!(
                    "none of version {major}, which the data in `{}` need",
                    data.display()
                ),
                format!("`cargo xtask db install {major}`"),
            ),
            None => ("none that will do".to_owned(), how_to_install()),
        };
        findings.push(Finding::bad("programs", found).help(help));
    }
    findings
}

fn rooms(layout: &Layout) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mebibytes = |bytes: u64| bytes / (1024 * 1024);
    if let Some(free) = folder::free_bytes(&layout.base) {
        let found = format!("`{}`: {} MiB free", layout.base.display(), mebibytes(free));
        findings.push(if free < 256 * 1024 * 1024 {
            Finding::bad("disk", found).help("make room: a new server takes about 100 MiB")
        } else {
            Finding::good("disk", found)
        });
    }
    if let Some(place) = layout.throwaway_in_memory() {
        let free = folder::free_bytes(&place.folder).unwrap_or_default();
        let found = format!("`/dev/shm`: {} MiB free", mebibytes(free));
        findings.push(if free >= MEMORY_WANTED || place.folder.exists() {
            Finding::good(
                "memory disk",
                format!("{found}, the throwaway server lives there"),
            )
        } else {
            Finding::warning(
                "memory disk",
                format!(
                    "{found}, {} are wanted: the throwaway server lives on disk",
                    mebibytes(MEMORY_WANTED)
                ),
            )
            .help("give the container more of it, such as `--shm-size=1g`")
        });
    }
    findings
}

fn server(layout: &Layout, place: &Place) -> Option<Finding> {
    let topic = format!("{} server", place.role);
    let folder = place.folder.display();
    let chosen =
        layout.places(place.role).first().map(|first| &first.folder) == Some(&place.folder);
    let sight = match running::look(place) {
        Ok(sight) => sight,
        Err(error) => {
            let finding = Finding::bad(&topic, format!("`{folder}`: {error}"));
            return Some(finding.help(error.help().unwrap_or_default()));
        }
    };
    Some(match sight {
        Sight::Up(file) => match running::server(place, &file) {
            Ok(Some(server)) => Finding::good(
                &topic,
                format!(
                    "runs in `{folder}`: PostgreSQL {}, process {}, port {}, socket in `{}`",
                    version_text(server.version()),
                    server.pid(),
                    server.port(),
                    server.socket_folder().display()
                ),
            ),
            _ => Finding::warning(
                &topic,
                format!(
                    "runs in `{folder}` (process {}), but its socket or password is gone",
                    file.pid
                ),
            )
            .help("the next start mends it"),
        },
        Sight::Starting(file) => Finding::warning(
            &topic,
            format!("`{folder}`: process {} is starting", file.pid),
        ),
        Sight::Stopping(file) => Finding::warning(
            &topic,
            format!("`{folder}`: process {} is stopping", file.pid),
        ),
        Sight::Stale(file, life) => {
            let whose = match life {
                Life::Another => "which is another program by now",
                _ => "which is gone",
            };
            Finding::warning(
                &topic,
                format!(
                    "`{folder}`: does not run, its pid file names process {}, {whose}",
                    file.pid
                ),
            )
            .help("the next start recovers")
        }
        Sight::Down if place.folder.exists() || chosen => {
            let data = match (data_version(&place.data()), State::read(place)) {
                (Some(major), Some(state)) => {
                    format!("data of version {major}, last on port {}", state.port)
                }
                (Some(major), None) => format!("data of version {major}"),
                (None, _) => "no data yet".to_owned(),
            };
            let found = format!("`{folder}`: does not run, {data}");
            Finding::good(&topic, found).help("the first command that needs it starts it")
        }
        Sight::Down => return None,
    })
}

fn clients(settings: &Settings, layout: &Layout) -> Vec<Finding> {
    let beside = programs::find(settings, layout, None).ok();
    let mut findings = Vec::new();
    for name in ["psql", "pg_dump"] {
        let program = beside
            .as_ref()
            .map(|programs| programs.bin.join(name))
            .filter(|program| program.is_file())
            .or_else(|| which::which(name).ok());
        findings.push(match program {
            Some(program) => {
                let found = format!("`{}`: {}", program.display(), said_version(&program));
                Finding::good(name, found)
            }
            None => Finding::warning(name, "is not on this machine").help(
                "the servers do without; `db psql` and `db backup` need PostgreSQL's client programs \
                 (`apt-get install postgresql-client`, `brew install libpq`)",
            ),
        });
    }
    for client in [Client::Npm, Client::Pip] {
        findings.push(match client.program() {
            Some(program) => Finding::good(
                client.name(),
                format!("`{}`: `db install` can use it", program.display()),
            ),
            None => Finding::good(
                client.name(),
                "is not on this machine: `db install` cannot use it",
            ),
        });
    }
    findings
}

fn said_version(program: &Path) -> String {
    match Command::new(program).arg("--version").output() {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(error) => format!("cannot be run: {error}"),
    }
}
