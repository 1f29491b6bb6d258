//! Hazards in SQL files and in what entities declare. Pure: text and schemas in, findings out; no database, file or
//! environment is ever met here.
//!
//! ```text
//! text ──> syntax ──> deeds ─┐
//!                            ├─> rules, statement by statement ──> findings, less what comments allow
//! Schema before the file ────┘
//! ```

#![deny(missing_docs)]

mod syntax;

mod deed;
mod file;
mod impact;
mod state;

mod allow;
mod declared;
mod finding;
mod lint;
mod rules;
mod wait;

pub use declared::{Declared, lint_declared};
pub use file::{Direction, File};
pub use finding::{Finding, Impact, Lock, Place, Severity, Work};
pub use lint::{Linted, lint};
pub use rules::{Rule, rule, rules};
pub use wait::{Wait, waits};
