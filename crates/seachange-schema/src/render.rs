//! How objects and their changes read as SQL, and what each statement risks.
//!
//! One file a family of objects; the three verbs (`create`, `alter`, `drop`) choose among them.

mod alter;
mod aside;
mod beside;
mod cast;
mod column;
mod comment;
mod convert;
mod create;
mod database;
mod domain;
mod drop;
mod generated;
mod handover;
mod heir;
mod identity;
mod owner;
mod privilege;
mod sequence;
mod statistics;
mod summary;
mod table;
mod types;
mod view;
mod work;

pub use cast::effects as type_change;

pub(crate) use alter::alter;
pub(crate) use aside::{drop_set_aside, set_aside};
pub(crate) use beside::{added_beside, fill_rows, kept_in_step, kept_no_longer};
pub(crate) use cast::using as cast;
pub(crate) use column::alter_column;
pub(crate) use comment::comment_on;
pub(crate) use convert::remade;
pub(crate) use create::create;
pub(crate) use domain::{bare_domain, dress_domain};
pub(crate) use drop::drop;
pub(crate) use generated::loses_no_values;
pub(crate) use handover::handover;
pub(crate) use heir::settle;
pub(crate) use identity::{counted, counts_before};
pub(crate) use owner::owner;
pub(crate) use privilege::change as change_privileges;
pub(crate) use sequence::own as own_sequence;
pub(crate) use sequence::{kept as sequences_kept, starts_anew};
pub(crate) use summary::summary;
pub(crate) use table::{create_table, inline};
pub(crate) use types::alike;
pub(crate) use work::{Alteration, Work};
