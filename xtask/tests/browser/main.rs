//! The studio as somebody uses it: the real program, a real database, clicks and keys in Chromium. What is asserted is
//! what can be seen, and what the database has afterwards.

mod console;
mod diagram;
mod edits;
mod everywhere;
mod harness;
mod migrations;
mod relations;
mod tables;
mod transfer;

use harness::{Page, Rows, Scheme, Size, Visit};
