//! The server's main process as seen from outside: its `postmaster.pid`, whether the process named
//! there lives and is ours, and signals to it.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};

use super::ServerError;

/// What a server writes into its data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PidFile {
    pub(super) pid: u32,
    pub(super) port: Option<u16>,
    pub(super) sockets: Option<PathBuf>,
    pub(super) status: Status,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Starting,
    Ready,
    Stopping,
}

/// Whether the process that a `postmaster.pid` names is the server of that data folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Life {
    Ours,
    /// The process ended and its number went to another, or nobody has collected its end yet.
    Another,
    Gone,
}

/// Reads `postmaster.pid`; none when there is no such file, or it is still empty.
pub(super) fn pid_file(data: &Path) -> Result<Option<PidFile>, ServerError> {
    let path = path(data);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(parse(&text)),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(ServerError::io("read", &path)(error)),
    }
}

pub(super) fn path(data: &Path) -> PathBuf {
    data.join("postmaster.pid")
}

/// Lines: pid, data folder, start time, port, socket folder, address, shared memory, status. A
/// server that is starting has written the first few only.
fn parse(text: &str) -> Option<PidFile> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let line = |index: usize| lines.get(index).copied().filter(|line| !line.is_empty());
    // A single-user server writes its number as a negative one.
    let pid = line(0)?.trim_start_matches('-').parse().ok()?;
    let status = match line(7) {
        Some("ready" | "standby") => Status::Ready,
        Some("stopping") => Status::Stopping,
        _ => Status::Starting,
    };
    Some(PidFile {
        pid,
        port: line(3).and_then(|port| port.parse().ok()),
        sockets: line(4).map(PathBuf::from),
        status,
    })
}

/// A server's working folder is its data folder, also after that was moved.
pub(super) fn life(pid: u32, data: &Path) -> Life {
    let Some(number) = number(pid) else {
        return Life::Gone;
    };
    if rustix::process::test_kill_process(number) == Err(rustix::io::Errno::SRCH) {
        return Life::Gone;
    }
    if Path::new("/proc/self/cwd").exists() {
        return if works_in(pid, data) {
            Life::Ours
        } else {
            Life::Another
        };
    }
    let listed = std::process::Command::new("ps")
        .args(["-o", "command=", "-p", &pid.to_string()])
        .output();
    match listed {
        Ok(listed) => {
            let command = String::from_utf8_lossy(&listed.stdout);
            if command.contains("postgres") && command.contains(&*data.to_string_lossy()) {
                Life::Ours
            } else {
                Life::Another
            }
        }
        // Without any way to tell, a living process is believed to be the server.
        Err(_) => Life::Ours,
    }
}

fn works_in(pid: u32, data: &Path) -> bool {
    let (Ok(its), Ok(ours)) = (fs::metadata(format!("/proc/{pid}/cwd")), fs::metadata(data)) else {
        return false;
    };
    (its.dev(), its.ino()) == (ours.dev(), ours.ino())
}

/// Processes of a server on `data` that outlived their postmaster; known on Linux only.
pub(super) fn leftovers(data: &Path) -> Vec<u32> {
    let Ok(processes) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let mut pids: Vec<u32> = processes
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid| {
            works_in(*pid, data)
                && fs::read_to_string(format!("/proc/{pid}/comm"))
                    .is_ok_and(|name| name.trim() == "postgres")
        })
        .collect();
    pids.sort_unstable();
    pids
}

/// Sends a signal; a process that has ended meanwhile is fine.
pub(super) fn signal(pid: u32, signal: Signal, data: &Path) -> Result<(), ServerError> {
    let Some(number) = number(pid) else {
        return Ok(());
    };
    match rustix::process::kill_process(number, signal) {
        Err(error) if error != rustix::io::Errno::SRCH => {
            Err(ServerError::io("signal the server of", data)(error.into()))
        }
        _ => Ok(()),
    }
}

/// Calls `ready` at short intervals until it gives something or the time is over.
pub(super) fn poll<T>(
    limit: Duration,
    mut ready: impl FnMut() -> Result<Option<T>, ServerError>,
) -> Result<Option<T>, ServerError> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(2);
    loop {
        if let Some(value) = ready()? {
            return Ok(Some(value));
        }
        if start.elapsed() >= limit {
            return Ok(None);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(25));
    }
}

fn number(pid: u32) -> Option<Pid> {
    i32::try_from(pid).ok().and_then(Pid::from_raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pid_file_is_read_at_every_stage() {
        let ready = "4711\n/data\n1795000000\n15432\n/tmp/s\n127.0.0.1\n  1234   5678\nready   \n";
        assert_eq!(
            parse(ready),
            Some(PidFile {
                pid: 4711,
                port: Some(15432),
                sockets: Some("/tmp/s".into()),
                status: Status::Ready
            })
        );
        let young = parse("4711\n/data\n1795000000\n15432\n/tmp/s\n").expect("has a pid");
        assert_eq!(young.status, Status::Starting);
        assert_eq!(parse(""), None);
        assert_eq!(parse("rubbish"), None);
    }
}
