//! What the jsonb columns hold, typed, in the shape that the front end reads and writes.

mod export;
mod form;
mod rubric;

pub use export::ExportMapping;
pub use form::{Field, FieldType, Stage, Stages, Validation};
pub use rubric::{Criterion, Rubric, Scale, Scores};
