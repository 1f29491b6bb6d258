//! A migration outside a transaction, of which every effect happens once, whenever its runner is killed.
//!
//! Each statement that can run in a transaction has one of its own, together with its line in the journal. One
//! that can't is written down before and after; when the second line is missing, the catalog is asked
//! what became of it. A backfill goes on behind its last committed key.

mod backfill;
mod carry;
mod deed;
mod journal;
mod session;
mod trouble;
mod unit;
mod verdict;

pub(super) use backfill::directive_within;
pub use journal::Halfway;
pub(super) use journal::{Line, Lines, fingerprint, install, read};
pub(super) use trouble::is_lost;
pub(super) use unit::{changed, goes_on_with, keeps_together, units};
