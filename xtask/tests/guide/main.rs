//! Every change of the guide, made as a developer makes it: an entity edited, the real programs run, on a
//! copy of the workspace and on a database with rows in it, which are compared before and after.

mod adopt;
mod asked_first;
mod book;
mod branches;
mod by_hand;
mod columns;
mod diffs;
mod enum_labels;
mod expand;
mod failures;
mod foreign_keys;
mod history;
mod indexes;
mod page;
mod production;
mod pull;
mod push;
mod renames;
mod reviewed;
mod spellings;
mod tampering;
mod types;
mod whole_way;
mod workspace;

use workspace::Workspace;
