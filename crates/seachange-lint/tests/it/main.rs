//! The rules, in one binary: their cases on a real PostgreSQL, what comments allow, what is declared.

mod cases;
mod comments;
mod declared;
mod grammar;
mod registry;
mod waits;
