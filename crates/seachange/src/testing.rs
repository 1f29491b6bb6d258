//! Test databases: for each test one of its own, on the throwaway server or on the one that
//! `SEACHANGE_TEST_URL` names.
//!
//! ```no_run
//! use seachange::testing::TestDatabase;
//!
//! # async fn test() {
//! let database = TestDatabase::seeded().await;
//! let connection = database.connect().await;
//! # }
//! ```
//!
//! It is a copy of a template that is built once, whatever number of processes and threads ask for
//! it: by the migrations, and for a seeded one by the `seed` program after them. It goes when the value
//! goes. With `SEACHANGE_KEEP=1` the database of a test that panics stays, and its URL is printed.

mod database;
mod error;
mod living;
mod sources;
mod templates;
mod workspace;

pub use database::{KEEP, TestDatabase};
pub use error::TestingError;
pub use templates::{Content, Templates};
pub use workspace::{TEST_URL, Workspace};
