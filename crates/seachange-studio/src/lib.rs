//! The studio: a PostgreSQL database in the browser, served on loopback by this process alone. Pages are made on the
//! server; what moves on them are small modules of our own in `assets`. Nothing is fetched from anywhere else.

#![deny(missing_docs)]

mod answer;
mod app;
mod assets;
mod console;
mod data;
mod diagram;
pub mod documentation;
mod edit;
mod error;
mod grid;
mod guard;
pub mod history;
mod page;
mod row;
mod serve;
mod settings;
mod tables;
mod transfer;

pub use error::StudioError;
pub use serve::{Running, start};
pub use settings::{Access, Settings};
