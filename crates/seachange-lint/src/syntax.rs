//! SQL text as a tree. The grammar is squawk's parser, which follows PostgreSQL's own; the tree, the names and
//! the types read out of it are ours, so that nothing else here sees that parser but for its node kinds.

mod names;
mod tree;
mod types;

pub(crate) use names::{ident, name, names_in};
pub(crate) use squawk_parser::SyntaxKind;
pub(crate) use tree::{Comment, Element, Node, Token, parse};
pub(crate) use types::{DataType, data_type};
