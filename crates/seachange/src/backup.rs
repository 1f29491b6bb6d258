//! Backups: pg_dump's archives, named so that they can be told apart, whole or not there at all; and the
//! way back, which loses nothing when it fails.

mod child;
mod dump;
mod error;
mod keep;
mod look;
mod name;
mod partial;
mod restore;

pub use dump::{Backup, Destination, Wanted, backup};
pub use error::BackupError;
pub use keep::Keep;
pub use look::{Contents, Session, contents};
pub use restore::{Onto, Others, Owners, Restore, Restored, restore, sessions};
