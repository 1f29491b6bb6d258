//! What the callers say: where the workspace keeps its things, which programs, which server.

use std::path::PathBuf;

/// Where a workspace keeps its local servers, and which programs run them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The workspace's `.seachange` folder; it is made when it is missing.
    pub home: PathBuf,
    /// The folder of PostgreSQL's programs, from `--server-bin` or `SEACHANGE_PG_BIN`; none leaves
    /// the choice to the search.
    pub programs: Option<PathBuf>,
}

/// Which of a workspace's two servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Keeps its data, survives a power cut, has a port that stays.
    Development,
    /// For scratch and test databases: no fsync, in memory where there is room, gone on `stop`.
    Throwaway,
}

impl Role {
    /// The folder of this server below the workspace's, and the stem of its lock file.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Throwaway => "throwaway",
        }
    }

    /// The folder of this server's socket: short, for a socket's path is limited to 107 bytes.
    pub(super) fn sockets(self) -> &'static str {
        match self {
            Self::Development => "dev",
            Self::Throwaway => "test",
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.folder())
    }
}
