//! What the runner has to know of a statement before it sends it: whether it can run in a transaction,
//! whether it keeps others waiting while it works, and whether it only changes the session. It is told by
//! the words; PostgreSQL has the last say.

mod alone;
mod pace;
mod rows;
mod words;

pub(super) use alone::{Alone, Reindexed, Wide, alone};
pub(super) use pace::{Pace, limits, pace};
pub(crate) use rows::changes_of_rows;
pub(super) use words::{Name, Reader, Token, tokens};
