//! CohortFlow's HTTP API: programs, applications, reviews and their audit log over the entities of `db`.
//!
//! A resource is a module with its routes, its types and its handlers. What they share stands around them: who
//! asks ([`identity`]), what they may see (`access`), changes that carry their audit entry (`audited`), errors
//! ([`problem`]). `docs/api.md` is the guide.

#![expect(
    unused_qualifications,
    reason = "utoipa's macro for parameters writes the whole path of the type that it was given"
)]

mod access;
mod answers;
mod app;
mod applications;
mod audit;
mod audited;
mod comments;
mod definition;
mod error;
mod etag;
mod export;
mod files;
mod health;
pub mod identity;
mod layers;
mod openapi;
mod page;
pub mod problem;
mod programs;
mod request;
mod reviews;
mod scoring;
mod server;
pub mod settings;
mod transition;
mod users;

pub use app::{App, router};
pub use error::StartError;
pub use openapi::document;
pub use server::serve;
pub use settings::Settings;
