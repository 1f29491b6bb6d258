//! The workspace from outside: its arrows, its tidiness, and its commands through the real binary.

mod arrows;
mod documentation;
mod features;
mod messages;
mod packaging;
mod tidy;
