//! What a test needs to use the studio as somebody does: a database of its own, the real program that serves it, a
//! Chromium, and hands and eyes for its page. All of it ends with the test, however that ends.
//!
//! ```ignore
//! #[test]
//! fn a_table_is_found() {
//!     let Some(visit) = Visit::to(Rows::Cohort) else { return };
//!     visit.types("users");                              // the search has the focus
//!     visit.follows("#tables tr:not([hidden]) a");       // a click that leads to another page
//!     visit.sees("users_email_key");                     // waits, and fails with what the page shows
//!     assert_eq!(visit.database.text("SELECT …"), "…");  // SQL of the test's own
//! }
//! ```

mod chromium;
mod database;
mod downloads;
mod hands;
mod keys;
mod looks;
mod page;
mod studio;
mod visit;
mod witness;

pub(crate) use database::Rows;
pub(crate) use looks::{Scheme, Size};
pub(crate) use page::Page;
pub(crate) use visit::Visit;
