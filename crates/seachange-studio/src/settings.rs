//! What a studio is told when it starts.

use std::time::Duration;

use crate::history::History;

/// Which database, and what may be done with it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `postgres://…`; it is never shown.
    pub url: String,
    /// What the pages call the database.
    pub title: String,
    /// What a visitor may do.
    pub access: Access,
    /// The loopback port; a free one if none is asked for.
    pub port: Option<u16>,
    /// The role that every session takes on (`SET ROLE`) beside the one that connects.
    pub role: Option<String>,
    /// The longest that a statement of a page may take.
    pub statement_timeout: Duration,
    /// The most connections to the database at a time, those of consoles and exports apart.
    pub connections: u32,
    /// Whom to ask about migrations; without it the studio shows none.
    pub history: Option<History>,
    /// How long an export waits for a browser that takes nothing, and an export or a text of the console for its turn.
    pub patience: Duration,
}

/// Whether anything may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Every session has `default_transaction_read_only`, and every transaction is a read-only one.
    ReadOnly,
    /// Rows can be edited, and migrations applied.
    ReadWrite,
}

impl Settings {
    /// With what serves a developer's own machine.
    pub fn new(url: impl Into<String>, title: impl Into<String>, access: Access) -> Self {
        Self {
            url: url.into(),
            title: title.into(),
            access,
            port: None,
            role: None,
            statement_timeout: Duration::from_secs(15),
            connections: 8,
            history: None,
            patience: Duration::from_secs(30),
        }
    }
}
