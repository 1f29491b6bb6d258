//! A server that runs: its addresses, and how to tell that it does without asking it.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::place::{self, Layout, Place};
use super::postmaster::{self, Life, PidFile, Status};
use super::{Role, ServerError, Settings};

/// The superuser of both servers. Through the socket, which only the server's user and root can
/// reach, it needs no password; through TCP it does.
pub const SUPERUSER: &str = "postgres";

/// A server of this workspace that is ready for connections.
#[derive(Clone)]
pub struct Server {
    pub(super) role: Role,
    pub(super) pid: u32,
    pub(super) version: u32,
    pub(super) port: u16,
    pub(super) sockets: PathBuf,
    pub(super) programs: Option<PathBuf>,
    pub(super) folder: PathBuf,
    pub(super) password: String,
    /// Whether this call started it.
    pub freshly_started: bool,
    /// The port that it used to have and could not have again, because another program took it:
    /// URLs that were handed out before no longer hold.
    pub port_moved_from: Option<u16>,
}

impl Server {
    /// For the tools: through the Unix socket, without a password. The port stands in the URL's
    /// authority too, so that a driver that ignores `host` fails instead of finding another server.
    pub fn socket_url(&self, database: &str) -> String {
        format!(
            "postgres://{SUPERUSER}@localhost:{}/{}?host={}",
            self.port,
            encoded(database),
            encoded_path(&self.sockets)
        )
    }

    /// For other programs: through TCP on the loopback address, with the password.
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres://{SUPERUSER}:{}@127.0.0.1:{}/{}",
            encoded(&self.password),
            self.port,
            encoded(database)
        )
    }

    /// Development or scratch.
    pub fn role(&self) -> Role {
        self.role
    }

    /// As `server_version_num`: 150018 is 15.18.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The process id of the postmaster.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// On the loopback address.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder of the Unix socket: `psql -h`.
    pub fn socket_folder(&self) -> &Path {
        &self.sockets
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The server's log file.
    pub fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    /// A client program such as `psql` or `pg_dump`: beside the server's own, else on the PATH.
    pub fn client_program(&self, name: &str) -> Option<PathBuf> {
        let beside = self.programs.as_ref().map(|bin| bin.join(name));
        beside
            .filter(|program| program.is_file())
            .or_else(|| which::which(name).ok())
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Server")
            .field("role", &self.role)
            .field("pid", &self.pid)
            .field("version", &self.version)
            .field("port", &self.port)
            .field("sockets", &self.sockets)
            .field("folder", &self.folder)
            .field("freshly_started", &self.freshly_started)
            .finish_non_exhaustive()
    }
}

/// The server of this role if it is ready for connections; starts nothing and makes nothing.
pub fn running(settings: &Settings, role: Role) -> Result<Option<Server>, ServerError> {
    if !settings.home.exists() {
        return Ok(None);
    }
    in_layout(&Layout::resolve(settings)?, role)
}

pub(super) fn in_layout(layout: &Layout, role: Role) -> Result<Option<Server>, ServerError> {
    for place in layout.places(role) {
        if let Sight::Up(file) = look(&place)?
            && let Some(server) = server(&place, &file)?
        {
            return Ok(Some(server));
        }
    }
    Ok(None)
}

/// What is seen of a server in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sight {
    Up(PidFile),
    Starting(PidFile),
    Stopping(PidFile),
    /// Not running, and nothing says that it is.
    Down,
    /// Not running, but its pid file says that it is.
    Stale(PidFile, Life),
}

pub(super) fn look(place: &Place) -> Result<Sight, ServerError> {
    if !place.is_ours() {
        return Ok(Sight::Down);
    }
    let data = place.data();
    let Some(file) = postmaster::pid_file(&data)? else {
        return Ok(Sight::Down);
    };
    Ok(match postmaster::life(file.pid, &data) {
        Life::Ours => match file.status {
            Status::Ready => Sight::Up(file),
            Status::Starting => Sight::Starting(file),
            Status::Stopping => Sight::Stopping(file),
        },
        life => Sight::Stale(file, life),
    })
}

/// The server that a ready pid file speaks of; none when its socket or its password was
/// deleted, for then it runs but cannot be reached.
pub(super) fn server(place: &Place, file: &PidFile) -> Result<Option<Server>, ServerError> {
    let (Some(port), Some(sockets)) = (file.port, file.sockets.clone()) else {
        return Ok(None);
    };
    if !place::socket(&sockets, port)?.exists() {
        return Ok(None);
    }
    let state = State::read(place);
    let version = match &state {
        Some(state) => state.version,
        None => data_version(&place.data()).unwrap_or_default() * 10_000,
    };
    let path = place.password();
    let password = match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read.map_err(ServerError::io("read", &path))?,
    };
    Ok(Some(Server {
        role: place.role,
        pid: file.pid,
        version,
        port,
        sockets,
        programs: state.map(|state| state.programs),
        folder: place.folder.clone(),
        password,
        freshly_started: false,
        port_moved_from: None,
    }))
}

/// What is remembered of the last start.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) programs: PathBuf,
    pub(super) version: u32,
    pub(super) port: u16,
    pub(super) boot: Option<String>,
}

impl State {
    pub(super) fn read(place: &Place) -> Option<Self> {
        let text = fs::read_to_string(place.state()).ok()?;
        serde_json::from_str(&text).ok()
    }
}

/// The major version that made the data, if there are any.
pub(super) fn data_version(data: &Path) -> Option<u32> {
    let text = fs::read_to_string(data.join("PG_VERSION")).ok()?;
    text.trim().split('.').next()?.parse().ok()
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn encoded_path(path: &Path) -> String {
    encoded(&path.to_string_lossy()).replace("%2F", "/")
}
