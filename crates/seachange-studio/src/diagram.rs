//! The diagram of a schema: tables and the foreign keys between them. Pure but for `page`: a `Schema` becomes a
//! `Diagram`, that gets places and lines, and these are written as SVG, Mermaid or DOT, always in the same bytes.

mod definition;
mod focus;
mod graph;
mod read;

mod layout;

mod dot;
mod mermaid;
mod svg;

mod page;
#[cfg(test)]
mod tests;

pub(crate) use dot::dot;
pub(crate) use graph::Diagram;
#[cfg(test)]
use layout::Drawing;
pub(crate) use layout::draw;
pub(crate) use mermaid::mermaid;
pub(crate) use page::{neighbourhood, routes};
pub(crate) use read::diagram;
pub(crate) use svg::{Use, svg};
