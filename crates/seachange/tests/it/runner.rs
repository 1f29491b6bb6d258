//! The runner against a real PostgreSQL: as a library, and as the process that it is in production.

mod ability;
mod backfill;
mod backup;
mod child;
mod database;
mod detach;
mod fleet;
mod history;
mod locking;
mod migrator;
mod observed;
mod plan;
mod process;
mod progress;
mod proxy;
mod readiness;
mod refusals;
mod resume;
mod running;
mod seaorm;
mod squash;
mod up_and_down;
