//! The commands as a program, in workspaces of their own.

mod backup;
mod baseline;
mod branches;
mod docs;
mod drift;
mod folder;
mod labels;
mod lint;
mod push_plan;
mod refusals;
mod server;
mod squash;
mod studio;
mod target;
mod terminal;
mod test_databases;
mod usage;
mod workspace;
