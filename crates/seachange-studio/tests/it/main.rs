//! A studio on a real database, asked over a socket: what is refused, and what is harmless.

mod attacks;
mod crowd;
mod data;
mod studio;

use studio::{Answer, Studio};
