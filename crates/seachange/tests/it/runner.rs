//! The runner against a real PostgreSQL: as a library, and as the process that it is in production.

mod database;
mod history;
mod locking;
mod migrator;
mod process;
mod refusals;
mod seaorm;
mod up_and_down;
