//! From data to a server that is ready: what a crash left behind is cleared away, the process is
//! spawned, and its pid file is waited for.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use rustix::process::Signal;

use super::place::{self, Layout, Place};
use super::postmaster::{self, Life, Status};
use super::programs::Programs;
use super::running::{self, Server, Sight, State};
use super::{Role, ServerError, cluster, folder, port};

const READY_LIMIT: Duration = Duration::from_secs(30);
/// The children of a dead postmaster notice it when they next wait, and end.
const LEFTOVER_NOTICES: Duration = Duration::from_secs(2);
/// What a postmaster itself gives a child between SIGQUIT and SIGKILL.
const LEFTOVER_QUITS: Duration = Duration::from_secs(5);
const LEFTOVER_LIMIT: Duration = Duration::from_secs(30);
const LOG_LIMIT: u64 = 4 * 1024 * 1024;

/// Starts the server of a place whose data are there, and waits until it is ready.
pub(super) fn launch(
    layout: &Layout,
    place: &Place,
    programs: &Programs,
) -> Result<Server, ServerError> {
    let data = place.data();
    if let Some(server) = settle(place)? {
        return Ok(server);
    }
    let mut log = take_log(layout, place)?;
    clear_empty_pid_file(&data)?;
    // A lock file beside a stale socket names a process too, and that number may live again.
    folder::remove(&place.sockets)?;
    folder::private(&place.sockets, &layout.account)?;
    cluster::mend_password(layout, place, programs)?;
    let remembered = State::read(place).map(|state| state.port);
    let mut attempts = 0;
    let (child, port) = loop {
        let port = port::choose(remembered, layout.seed(), place.role)?;
        place::socket(&place.sockets, port)?;
        let beginning = log.seek(SeekFrom::End(0)).unwrap_or_default();
        let mut child = spawn(layout, place, programs, port, &log)?;
        attempts += 1;
        match await_ready(place, &mut child, beginning) {
            Ok(()) => break (child, port),
            // Another program took the port between the choice and the start.
            Err(ServerError::DiedAtStart { .. }) if attempts < 5 && !port::is_free(port) => {}
            Err(error) => return Err(error),
        }
    };
    let pid = child.id();
    // Collects the end of the server, should this process live longer than it.
    let mut child = child;
    std::thread::spawn(move || child.wait());
    let state = State {
        programs: programs.bin.clone(),
        version: programs.version,
        port,
        boot: boot(),
    };
    let text = serde_json::to_string(&state).expect("paths and numbers always serialize");
    folder::write_private(&place.state(), &text, &layout.account)?;
    let path = place.password();
    let password = fs::read_to_string(&path).map_err(ServerError::io("read", &path))?;
    Ok(Server {
        role: place.role,
        pid,
        version: programs.version,
        port,
        sockets: place.sockets.clone(),
        programs: Some(programs.bin.clone()),
        folder: place.folder.clone(),
        password,
        freshly_started: true,
        port_moved_from: remembered
            .filter(|before| *before != port && place.role == Role::Development),
    })
}

/// Brings the place to a rest: a server on its way up or down is waited for, one that cannot be
/// reached is stopped, the pid file of one that is gone is removed.
fn settle(place: &Place) -> Result<Option<Server>, ServerError> {
    let data = place.data();
    let settled = postmaster::poll(READY_LIMIT, || {
        Ok(match running::look(place)? {
            Sight::Starting(_) | Sight::Stopping(_) => None,
            sight => Some(sight),
        })
    })?;
    match settled {
        None => {
            let pid = postmaster::pid_file(&data)?.map_or(0, |file| file.pid);
            Err(not_ready(place, pid, 0))
        }
        Some(Sight::Up(file)) => match running::server(place, &file)? {
            Some(server) => Ok(Some(server)),
            None => {
                super::stop::gently(place, file.pid)?;
                Ok(None)
            }
        },
        // PostgreSQL itself clears the file of a process that is gone, but takes any other process
        // with the same number for a server.
        Some(Sight::Stale(_, Life::Another)) => {
            let path = postmaster::path(&data);
            fs::remove_file(&path).map_err(ServerError::io("remove", &path))?;
            Ok(None)
        }
        Some(_) => Ok(None),
    }
}

/// Opens the log and locks it. The server and all its children inherit this open file as their
/// standard output, and with it the lock, so that it is free when the last of them has ended.
fn take_log(layout: &Layout, place: &Place) -> Result<File, ServerError> {
    let path = place.log();
    let log = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
        .open(&path)
        .map_err(ServerError::io("open", &path))?;
    layout.account.hand_over(&path)?;
    outlast_leftovers(place, &log)?;
    if log
        .metadata()
        .is_ok_and(|metadata| metadata.len() > LOG_LIMIT)
    {
        log.set_len(0).map_err(ServerError::io("shorten", &path))?;
    }
    Ok(log)
}

/// Until the lock on the log is free. Children that compute, or hang on a slow disk, do not notice
/// that their postmaster is dead, and are ended as it would have ended them: by SIGQUIT, then by
/// SIGKILL. What was committed is in the log that the next start recovers from.
fn outlast_leftovers(place: &Place, log: &File) -> Result<(), ServerError> {
    let free = |limit| {
        postmaster::poll(limit, || match log.try_lock() {
            Ok(()) => Ok(Some(())),
            Err(TryLockError::WouldBlock) => Ok(None),
            // A disk without locks has PostgreSQL's own check of its shared memory alone.
            Err(TryLockError::Error(_)) => Ok(Some(())),
        })
    };
    for (limit, signal) in [
        (LEFTOVER_NOTICES, Signal::QUIT),
        (LEFTOVER_QUITS, Signal::KILL),
    ] {
        if free(limit)?.is_some() {
            return Ok(());
        }
        // A server that a hand started meanwhile is none of them.
        if matches!(running::look(place)?, Sight::Down | Sight::Stale(..)) {
            super::stop::end_leftovers(place, signal)?;
        }
    }
    free(LEFTOVER_LIMIT)?.ok_or_else(|| ServerError::Leftover {
        data: place.data(),
        pids: postmaster::leftovers(&place.data()),
    })
}

fn spawn(
    layout: &Layout,
    place: &Place,
    programs: &Programs,
    port: u16,
    log: &File,
) -> Result<Child, ServerError> {
    let path = place.log();
    let output = || log.try_clone().map_err(ServerError::io("open", &path));
    let mut command = layout.account.command(&programs.postgres());
    command.arg("-D").arg(place.data());
    for (name, value) in [
        ("listen_addresses", port::address()),
        ("port", &port.to_string()),
        ("unix_socket_directories", &place.sockets.to_string_lossy()),
        ("logging_collector", "off"),
        ("log_destination", "stderr"),
    ] {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    if place.role == Role::Throwaway {
        for setting in THROWAWAY {
            command.arg("-c").arg(setting);
        }
    }
    // A process group of its own keeps the terminal's Ctrl-C away from it.
    command
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(output()?)
        .stderr(output()?)
        .spawn()
        .map_err(|source| ServerError::Run {
            program: programs.postgres(),
            source,
        })
}

/// What is given up and gained for data that nobody will miss. Statements that fail are the daily
/// bread of tests and are not logged.
const THROWAWAY: &[&str] = &[
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=256MB",
    "max_connections=300",
    "shared_buffers=128MB",
    // In files of the data folder, which go with it; the other kinds outlive a server that is killed.
    "dynamic_shared_memory_type=mmap",
    "log_checkpoints=off",
    "log_min_messages=log",
    "log_min_error_statement=panic",
];

/// Until the pid file names this very child and says ready: an answer on the socket alone could
/// come from an older server.
fn await_ready(place: &Place, child: &mut Child, beginning: u64) -> Result<(), ServerError> {
    let data = place.data();
    let pid = child.id();
    let ready = postmaster::poll(READY_LIMIT, || {
        if let Some(status) = child
            .try_wait()
            .map_err(ServerError::io("wait for the server of", &data))?
        {
            return Err(ServerError::DiedAtStart {
                role: place.role,
                status: status.to_string(),
                log: place.log(),
                tail: tail(place, beginning),
            });
        }
        let file = postmaster::pid_file(&data)?;
        Ok(file
            .filter(|file| file.pid == pid && file.status == Status::Ready)
            .map(drop))
    })?;
    if ready.is_some() {
        return Ok(());
    }
    if place.role == Role::Throwaway {
        super::stop::at_once(place, pid)?;
    }
    Err(not_ready(place, pid, beginning))
}

fn not_ready(place: &Place, pid: u32, beginning: u64) -> ServerError {
    ServerError::NotReady {
        role: place.role,
        pid,
        seconds: READY_LIMIT.as_secs(),
        log: place.log(),
        tail: tail(place, beginning),
    }
}

/// A full disk leaves an empty one, and PostgreSQL takes that for a server that is just starting.
/// The lock on the log says that there is none.
fn clear_empty_pid_file(data: &Path) -> Result<(), ServerError> {
    let path = postmaster::path(data);
    if path.exists() && postmaster::pid_file(data)?.is_none() {
        fs::remove_file(&path).map_err(ServerError::io("remove", &path))?;
    }
    Ok(())
}

/// What tells one run of the machine from another, where the system says so.
pub(super) fn boot() -> Option<String> {
    let text = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(text.trim().to_owned())
}

/// The last lines of the log since this start.
fn tail(place: &Place, beginning: u64) -> String {
    let mut text = Vec::new();
    if let Ok(mut log) = File::open(place.log())
        && log.seek(SeekFrom::Start(beginning)).is_ok()
    {
        // An unreadable log leaves nothing to quote; the error names its path.
        let _ = log.read_to_end(&mut text);
    }
    cluster::last_lines(&String::from_utf8_lossy(&text))
}
