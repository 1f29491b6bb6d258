//! Scratch databases: made for one purpose, gone afterwards, and never in a production database.
//! They live in the throwaway server, or in the one that `SEACHANGE_SCRATCH_URL` names; what took
//! long to build is sealed as a template there, and cloned.

mod admin;
mod database;
mod error;
mod handle;
mod host;
mod roles;
mod sweep;
mod template;

pub use database::ScratchDatabase;
pub use error::ScratchError;
pub use handle::{SCRATCH_URL, Scratch};
pub(crate) use roles::missing_role;
pub use roles::roles_of;
pub use template::{BuildLock, Template, TemplateKey};
