//! The API through its router and, where it matters, through a real socket; each test on a database of its own.

mod audit;
mod edges;
mod flow;
mod harness;
mod process;
mod roles;
mod routes;
