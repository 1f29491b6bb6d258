//! The migration folder on disk: what lies in it, what is wrong with it, and how the next migration
//! is written and registered. Nothing here meets a database; applying them is `runner`'s work.

mod branch;
mod change_set;
mod error;
mod folder;
mod hash;
mod lock;
mod moved;
mod problem;
mod rebase;
mod register;
mod render;
mod squash;
mod version;
mod write;

pub use branch::{Fork, Unseen};
pub use error::MigrationsError;
pub use folder::{Folder, Kind, Migration, read};
pub use hash::{sql_hash, text_hash};
pub use lock::{Entry, LockFile, ROOT, Replaced};
pub use moved::Moved;
pub use problem::Problem;
pub use rebase::Rebased;
pub use render::{
    CONTRACT, LIB_RS, MAIN_RS, NO_TRANSACTION, in_transaction, is_canonical, is_contract, replaces,
};
pub use squash::Squashed;
pub use version::{MAX_NAME, check_name, is_version};
pub use write::{Body, NewMigration, Relocked, Written, write};
