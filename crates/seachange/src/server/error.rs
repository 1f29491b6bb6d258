//! Everything that can go wrong with a local server, each with what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use super::programs::version_text;
use crate::error::Help;

/// A local server could not be found, made, started, stopped or installed.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// Nothing that was looked at holds them.
    #[error("cannot find PostgreSQL's server programs (`initdb` and `postgres`)")]
    ProgramsMissing {
        /// What was looked at and why it was passed over.
        passed_over: Vec<String>,
    },
    /// The folder that was named does not hold them.
    #[error("`{}` is no folder of PostgreSQL's server programs: {reason}", folder.display())]
    NotPrograms {
        /// The folder.
        folder: PathBuf,
        /// Why, as a fragment.
        reason: String,
    },
    /// A data folder only runs with its own major version.
    #[error(
        "the data in `{}` were made by PostgreSQL {data}, but the programs found are of {}",
        folder.display(),
        found.join(" and ")
    )]
    DataVersion {
        /// The folder.
        folder: PathBuf,
        /// Major version of the data.
        data: u32,
        /// Versions of the programs.
        found: Vec<String>,
    },
    /// Nothing is put where other files are.
    #[error("the folder `{}` is not empty and holds no PostgreSQL data", folder.display())]
    NotACluster {
        /// The folder.
        folder: PathBuf,
    },
    /// Root may not run a server, and there is nobody else to run it.
    #[error(
        "PostgreSQL refuses to run as root, and this machine has neither a user `postgres` nor `nobody`"
    )]
    NoAccount,
    /// Somebody else's folder is not used.
    #[error("`{}` belongs to user {owner}, not to `{expected}`", path.display())]
    ForeignFolder {
        /// The file or folder.
        path: PathBuf,
        /// The user id that owns it.
        owner: u32,
        /// Who should.
        expected: String,
    },
    /// A folder above the data is closed to that user.
    #[error("user `{account}`, who runs the server, cannot enter `{}`", blocked.display())]
    CannotEnter {
        /// Who runs the server.
        account: String,
        /// The first folder that is closed.
        blocked: PathBuf,
        /// Where the data are.
        data: PathBuf,
    },
    /// The system limits how long a socket's path may be.
    #[error("the socket's path `{}` has {length} bytes, {limit} are the most", path.display())]
    SocketPath {
        /// The file or folder.
        path: PathBuf,
        /// In bytes.
        length: usize,
        /// In bytes.
        limit: usize,
    },
    /// All are taken.
    #[error("no free port on 127.0.0.1 from {from} to {to}")]
    NoPort {
        /// The first that was tried.
        from: u16,
        /// The last one.
        to: u16,
    },
    /// A file or folder of the server could not be made or read.
    #[error("cannot {doing} `{}`", path.display())]
    Io {
        /// What was being done, as words that follow "cannot".
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A program did not start.
    #[error("cannot run `{}`", program.display())]
    Run {
        /// The program.
        program: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// `initdb` or `pg_ctl` ended with an error.
    #[error("`{program}` failed on `{}` ({status}): {output}", path.display())]
    ToolFailed {
        /// Its name.
        program: String,
        /// The data folder.
        path: PathBuf,
        /// How it ended, in words.
        status: String,
        /// Its last words on stderr.
        output: String,
    },
    /// The server ended by itself.
    #[error("the {role} server ended while it started ({status}); its log `{}` says: {tail}", log.display())]
    DiedAtStart {
        /// Development or scratch.
        role: super::Role,
        /// How it ended, in words.
        status: String,
        /// Its log.
        log: PathBuf,
        /// The log's last lines.
        tail: String,
    },
    /// The server runs, and does not answer.
    #[error("the {role} server (process {pid}) was not ready within {seconds} s; its log `{}` says: {tail}", log.display())]
    NotReady {
        /// Development or scratch.
        role: super::Role,
        /// The postmaster's.
        pid: u32,
        /// How long it was waited for.
        seconds: u64,
        /// Its log.
        log: PathBuf,
        /// The log's last lines.
        tail: String,
    },
    /// The postmaster is dead, its children are not.
    #[error("processes of an earlier server still hold `{}`: {}", data.display(), list(pids))]
    Leftover {
        /// The data folder.
        data: PathBuf,
        /// Their process ids.
        pids: Vec<u32>,
    },
    /// The server did not end when told to.
    #[error("the server (process {pid}) on `{}` did not stop within {seconds} s", data.display())]
    NotStopped {
        /// The data folder.
        data: PathBuf,
        /// The postmaster's.
        pid: u32,
        /// How long it was waited for.
        seconds: u64,
    },
    /// Neither a major version nor a full one.
    #[error("`{version}` is no PostgreSQL version")]
    VersionText {
        /// As it was given.
        version: String,
    },
    /// The package manager does not have that version.
    #[error("there is no PostgreSQL {version} to install for {platform} with {client}")]
    NoSuchVersion {
        /// As it was asked for.
        version: String,
        /// System and processor.
        platform: String,
        /// The package manager's name.
        client: &'static str,
        /// Those that it has.
        available: Vec<String>,
    },
    /// There is no package manager to fetch the programs with.
    #[error("cannot find {wanted} to install PostgreSQL with")]
    ClientMissing {
        /// Which ones would do.
        wanted: &'static str,
    },
    /// The package manager ended with an error.
    #[error("{client} failed ({status}): {output}")]
    ClientFailed {
        /// The package manager's name.
        client: &'static str,
        /// How it ended, in words.
        status: String,
        /// Its last words on stderr.
        output: String,
    },
    /// What came lacks the programs.
    #[error("the package `{package}` is not usable: {reason}")]
    BadPackage {
        /// Its name.
        package: String,
        /// Why, as a fragment.
        reason: String,
    },
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
            Self::ToolFailed { output, path, .. } => output_help(output, path)
                .unwrap_or_else(|| "its own words say why; `cargo xtask db doctor` shows what was found on this machine".into()),
            Self::DiedAtStart { tail, log, .. } => output_help(tail, log)
                .unwrap_or_else(|| "`cargo xtask db doctor` shows what was found on this machine".into()),
            Self::NotReady { role: super::Role::Development, pid, .. } => format!(
                "the server keeps on (it may be recovering after a crash): try again, or end it with `kill -INT {pid}`"
            ),
            Self::NotReady { .. } => "the machine may be overloaded: try again".into(),
            Self::Leftover { pids, .. } if pids.is_empty() => {
                "wait until the processes of the earlier server have ended, then try again".into()
            }
            Self::Leftover { .. } => {
                "not even SIGKILL ends them, as happens while a disk does not answer: see to the disk, then try again"
                    .into()
            }
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
