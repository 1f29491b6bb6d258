//! Everything that can go wrong with a local server, each with what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use super::programs::version_text;
use crate::error::Help;

/// A local server could not be found, made, started, stopped or installed.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error("cannot find PostgreSQL's server programs (`initdb` and `postgres`)")]
    ProgramsMissing {
        /// What was looked at and why it was passed over.
        passed_over: Vec<String>,
    },
    #[error("`{}` is no folder of PostgreSQL's server programs: {reason}", folder.display())]
    NotPrograms { folder: PathBuf, reason: String },
    #[error(
        "the data in `{}` were made by PostgreSQL {data}, but the programs found are of {}",
        folder.display(),
        found.join(" and ")
    )]
    DataVersion {
        folder: PathBuf,
        data: u32,
        found: Vec<String>,
    },
    #[error("the folder `{}` is not empty and holds no PostgreSQL data", folder.display())]
    NotACluster { folder: PathBuf },
    #[error(
        "PostgreSQL refuses to run as root, and this machine has neither a user `postgres` nor `nobody`"
    )]
    NoAccount,
    #[error("`{}` belongs to user {owner}, not to `{expected}`", path.display())]
    ForeignFolder {
        path: PathBuf,
        owner: u32,
        expected: String,
    },
    #[error("user `{account}`, who runs the server, cannot enter `{}`", blocked.display())]
    CannotEnter {
        account: String,
        blocked: PathBuf,
        data: PathBuf,
    },
    #[error("the socket's path `{}` has {length} bytes, {limit} are the most", path.display())]
    SocketPath {
        path: PathBuf,
        length: usize,
        limit: usize,
    },
    #[error("no free port on 127.0.0.1 from {from} to {to}")]
    NoPort { from: u16, to: u16 },
    #[error("cannot {doing} `{}`", path.display())]
    Io {
        doing: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot run `{}`", program.display())]
    Run {
        program: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`{program}` failed on `{}` ({status}): {output}", path.display())]
    ToolFailed {
        program: String,
        path: PathBuf,
        status: String,
        output: String,
    },
    #[error("the {role} server ended while it started ({status}); its log `{}` says: {tail}", log.display())]
    DiedAtStart {
        role: super::Role,
        status: String,
        log: PathBuf,
        tail: String,
    },
    #[error("the {role} server (process {pid}) was not ready within {seconds} s; its log `{}` says: {tail}", log.display())]
    NotReady {
        role: super::Role,
        pid: u32,
        seconds: u64,
        log: PathBuf,
        tail: String,
    },
    #[error("processes of an earlier server still hold `{}`: {}", data.display(), list(pids))]
    Leftover { data: PathBuf, pids: Vec<u32> },
    #[error("the server (process {pid}) on `{}` did not stop within {seconds} s", data.display())]
    NotStopped {
        data: PathBuf,
        pid: u32,
        seconds: u64,
    },
    #[error("`{version}` is no PostgreSQL version")]
    VersionText { version: String },
    #[error("there is no PostgreSQL {version} to install for {platform} with {client}")]
    NoSuchVersion {
        version: String,
        platform: String,
        client: &'static str,
        available: Vec<String>,
    },
    #[error("cannot find {wanted} to install PostgreSQL with")]
    ClientMissing { wanted: &'static str },
    #[error("{client} failed ({status}): {output}")]
    ClientFailed {
        client: &'static str,
        status: String,
        output: String,
    },
    #[error("the package `{package}` is not usable: {reason}")]
    BadPackage { package: String, reason: String },
}

impl ServerError {
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            doing,
            path: path.to_owned(),
            source,
        }
    }
}

impl Help for ServerError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::ProgramsMissing { .. } => how_to_install(),
            Self::NotPrograms { .. } => "name the folder that holds `initdb` and `postgres` with `--server-bin` or \
                 `SEACHANGE_PG_BIN`, or leave both away to have them searched for".into(),
            Self::DataVersion { data, folder, .. } => format!(
                "install the programs of the data's version (`cargo xtask db install {data}`), or move `{}` away \
                 and start with an empty database",
                folder.display()
            ),
            Self::NotACluster { folder } => {
                format!("move `{}` away; the next start makes a new one", folder.display())
            }
            Self::NoAccount => "run as an ordinary user, or add one for the server: `useradd --system postgres`".into(),
            Self::ForeignFolder { path, expected, .. } => format!(
                "run the command as that user or as root, or remove `{}` so that `{expected}` can have a folder of its own",
                path.display()
            ),
            Self::CannotEnter { blocked, data, account } => format!(
                "let `{account}` in with `chmod o+x {}`, or move `{}` away to start with an empty database elsewhere",
                blocked.display(),
                data.display()
            ),
            Self::SocketPath { .. } => "use a shorter folder for sockets".into(),
            Self::NoPort { .. } => "stop servers that are no longer needed: `cargo xtask db stop`".into(),
            Self::Io { path, source, .. } => io_help(path, source.kind()),
            Self::Run { program, source } => io_help(program, source.kind()),
            Self::ToolFailed { output, path, .. } => output_help(output, path)?,
            Self::DiedAtStart { tail, log, .. } => output_help(tail, log)
                .unwrap_or_else(|| "`cargo xtask db doctor` shows what was found on this machine".into()),
            Self::NotReady { role: super::Role::Development, pid, .. } => format!(
                "the server keeps on (it may be recovering after a crash): try again, or end it with `kill -INT {pid}`"
            ),
            Self::NotReady { .. } => "the machine may be overloaded: try again".into(),
            Self::Leftover { pids, .. } if pids.is_empty() => {
                "wait until the processes of the earlier server have ended, then try again".into()
            }
            Self::Leftover { pids, .. } => format!("end them and try again: `kill {}`", list(pids)),
            Self::NotStopped { pid, .. } => format!(
                "end it at once with `kill -QUIT {pid}`: nothing that was committed is lost, the next start recovers"
            ),
            Self::VersionText { .. } => "name a major version such as `17`, or a full one such as `17.10`".into(),
            Self::NoSuchVersion { available, .. } if available.is_empty() => how_to_install(),
            Self::NoSuchVersion { available, .. } => format!("there are {}", available.join(", ")),
            Self::ClientMissing { .. } => {
                "install Node.js (npm) or Python (pip), or PostgreSQL itself: see `cargo xtask db doctor`".into()
            }
            Self::ClientFailed { .. } => "the client reads its own settings for its registry and proxy: check that \
                 it can install any other package"
                .into(),
            Self::BadPackage { .. } => "try another version, or the other client".into(),
        })
    }
}

/// How to get PostgreSQL on this kind of machine.
pub(super) fn how_to_install() -> String {
    let system = match std::env::consts::OS {
        "macos" => "`brew install postgresql@17`",
        _ => {
            "`apt-get install postgresql` (Debian, Ubuntu) or `dnf install postgresql-server` (Fedora, RHEL)"
        }
    };
    format!(
        "install PostgreSQL 14 or newer with {system}, fetch its programs for this workspace alone with \
         `cargo xtask db install 17`, or name a folder that has them with `--server-bin` or `SEACHANGE_PG_BIN`; \
         `cargo xtask db doctor` shows where was looked"
    )
}

fn io_help(path: &Path, kind: io::ErrorKind) -> String {
    let elsewhere = "or name databases instead with `DATABASE_URL` and `SEACHANGE_SCRATCH_URL`";
    match kind {
        io::ErrorKind::PermissionDenied => format!(
            "let user {} write to `{}`, {elsewhere}",
            rustix::process::geteuid().as_raw(),
            path.display()
        ),
        io::ErrorKind::ReadOnlyFilesystem => {
            format!(
                "`{}` is on a read-only disk: mount it writable, {elsewhere}",
                path.display()
            )
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => full_disk(path),
        _ => format!("check `{}`, {elsewhere}", path.display()),
    }
}

/// PostgreSQL's own words for what the operating system refused, for its programs are only heard.
fn output_help(output: &str, path: &Path) -> Option<String> {
    let full = [
        "No space left on device",
        "Disk quota exceeded",
        "Check free disk space",
    ];
    if full.iter().any(|words| output.contains(words)) {
        Some(full_disk(path))
    } else if output.contains("Read-only file system") {
        Some(io_help(path, io::ErrorKind::ReadOnlyFilesystem))
    } else if output.contains("Permission denied") {
        Some(format!(
            "check the owner and the permissions of `{}` and of what is in it",
            path.display()
        ))
    } else if output.contains("incompatible with server") {
        Some(
            "the programs and the data are of different versions: see `cargo xtask db doctor`"
                .into(),
        )
    } else {
        None
    }
}

fn full_disk(path: &Path) -> String {
    let free = super::folder::free_bytes(path)
        .map(|bytes| format!(" ({} MiB free)", bytes / (1024 * 1024)))
        .unwrap_or_default();
    format!(
        "the disk of `{}` is full{free}: make some 100 MiB of room and try again",
        path.display()
    )
}

fn list(pids: &[u32]) -> String {
    let pids: Vec<String> = pids.iter().map(u32::to_string).collect();
    pids.join(" ")
}

/// `17.10 (/usr/lib/postgresql/17/bin)`, for messages.
pub(super) fn programs_text(version: u32, bin: &Path) -> String {
    format!("{} (`{}`)", version_text(version), bin.display())
}
