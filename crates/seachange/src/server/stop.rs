//! Stopping: the durable server with a fast shutdown, the throwaway one at once and with its data.

use std::fs;
use std::time::Duration;

use rustix::process::Signal;

use super::place::{Layout, Place};
use super::postmaster::{self, Life};
use super::running::{self, Sight};
use super::{Role, ServerError, Settings, folder, start};

const STOP_LIMIT: Duration = Duration::from_secs(30);
const QUIT_LIMIT: Duration = Duration::from_secs(7);

/// Whether there was a server to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// It ran, and has ended.
    Stopped,
    /// There was nothing to do.
    WasNotRunning,
}

/// Stops the server of this role and waits until it is gone. The data of the throwaway server go
/// with it, also those that an earlier one left behind.
pub fn stop(settings: &Settings, role: Role) -> Result<Stopped, ServerError> {
    if !settings.home.is_dir() {
        return Ok(Stopped::WasNotRunning);
    }
    let layout = Layout::resolve(settings)?;
    let there = |place: &Place| place.folder.exists() || place.sockets.exists();
    if !layout.places(role).iter().any(there) {
        return Ok(Stopped::WasNotRunning);
    }
    let _lock = start::lock(&settings.home, role)?;
    let mut stopped = Stopped::WasNotRunning;
    for place in layout.places(role) {
        if let Sight::Up(file) | Sight::Starting(file) | Sight::Stopping(file) =
            running::look(&place)?
        {
            match role {
                Role::Development => gently(&place, file.pid)?,
                Role::Throwaway => at_once(&place, file.pid)?,
            }
            stopped = Stopped::Stopped;
        }
        if role == Role::Throwaway {
            end_leftovers(&place, Signal::KILL)?;
            if place.is_ours() {
                folder::remove(&place.folder)?;
            }
        }
        if folder::belongs_to(&layout.sockets(), layout.account.uid) {
            folder::remove(&place.sockets)?;
        }
    }
    // Fails while the other server has its socket in there, as it should.
    let _ = fs::remove_dir(layout.sockets());
    Ok(stopped)
}

/// Ends connections, writes everything out, leaves nothing to recover.
pub(super) fn gently(place: &Place, pid: u32) -> Result<(), ServerError> {
    end(place, pid, Signal::INT)
}

/// Ends everything without writing anything out; for expendable data.
pub(super) fn at_once(place: &Place, pid: u32) -> Result<(), ServerError> {
    end(place, pid, Signal::QUIT).or_else(|_| end(place, pid, Signal::KILL))?;
    end_leftovers(place, Signal::KILL)
}

/// Signals processes that outlived their postmaster.
pub(super) fn end_leftovers(place: &Place, signal: Signal) -> Result<(), ServerError> {
    for pid in postmaster::leftovers(&place.data()) {
        postmaster::signal(pid, signal, &place.data())?;
    }
    Ok(())
}

fn end(place: &Place, pid: u32, signal: Signal) -> Result<(), ServerError> {
    let data = place.data();
    postmaster::signal(pid, signal, &data)?;
    let limit = match signal {
        Signal::INT => STOP_LIMIT,
        // A postmaster gives its children 5 s before it kills them.
        _ => QUIT_LIMIT,
    };
    let gone = postmaster::poll(limit, || {
        let ours = postmaster::life(pid, &data) == Life::Ours;
        Ok((!ours).then_some(()))
    })?;
    gone.ok_or(ServerError::NotStopped {
        data,
        pid,
        seconds: limit.as_secs(),
    })
}
