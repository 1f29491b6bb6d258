//! The same migrations on many targets: databases that a list names, or schemas of one database. Canaries go
//! first, then the others side by side, until too many have failed. Each target has its own lock, record and
//! journal, so a run that was killed is gone on with by the next.

mod deed;
mod drive;
mod entry;
mod find;
mod list;
mod pace;

pub(super) use deed::{Deed, Going, Said};
pub(super) use entry::{Entry, Outcome, Summary};
pub use find::FleetError;
pub use list::{Fleet, Listed};
pub use pace::{Pace, Stopped, Tolerance};
