//! What putting rows into tables by the thousand needs, whoever makes the rows: which table first, which
//! triggers not, and where sequences stand afterwards.

mod order;
mod sequences;
mod triggers;

pub(crate) use order::referred_first;
pub(crate) use sequences::{Numbering, numberings};
pub(crate) use triggers::Trigger;
