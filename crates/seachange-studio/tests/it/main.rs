//! A studio on a real database, asked over a socket: what is refused, and what is harmless.

mod attacks;
mod console;
mod crowd;
mod edits;
mod files;
mod harmless;
mod rows;
mod shop;
mod studio;

use studio::{Answer, Studio};
