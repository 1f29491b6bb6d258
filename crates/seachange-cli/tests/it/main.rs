//! The commands as a program, in workspaces of their own.

mod backup;
mod baseline;
mod branches;
mod docs;
mod drift;
mod folder;
mod labels;
mod lint;
mod looks;
mod observed;
mod prompts;
mod push_plan;
mod refusals;
mod schemas;
mod server;
mod shells;
mod squash;
mod studio;
mod target;
mod terminal;
mod test_databases;
mod usage;
mod workspace;
