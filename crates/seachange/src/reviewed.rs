//! Plans that were reviewed: a file says exactly what is to be done to which database as it was, and it is
//! done to that one alone. What `migrate` and `push` have in common; what they do stands in their own plans.

mod file;
mod fingerprint;
mod identity;
mod refusal;

pub(crate) use file::{Kind, read, write};
pub(crate) use fingerprint::{Fingerprint, live};
pub(crate) use identity::Identity;
pub use refusal::{PlanError, PlanRefusal};
