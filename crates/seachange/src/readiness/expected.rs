//! What a program was built for.

use super::error::ExpectedError;
use crate::ignore::Rules;
use crate::migrations::LockFile;
use crate::runner::Program;

/// The migrations that have to be applied, and the schema that they leave.
pub struct Expected {
    pub(super) program: Program,
    pub(super) schema_sql: String,
    pub(super) ignored: Option<Rules>,
}

impl Expected {
    /// From the text of `seachange.lock` and of `schema.sql`.
    ///
    /// # Errors
    /// The first thing that is wrong with the lock.
    pub fn parse(lock: &str, schema_sql: &str) -> Result<Self, ExpectedError> {
        let (file, mut problems) = LockFile::parse(lock);
        problems.extend(file.problems());
        match problems.into_iter().next() {
            Some(problem) => Err(ExpectedError(problem)),
            None => Ok(Self {
                program: Program::locked(lock),
                schema_sql: schema_sql.to_owned(),
                ignored: None,
            }),
        }
    }

    /// With the differences that `seachange.toml` overlooks.
    #[must_use]
    pub fn ignoring(self, rules: Rules) -> Self {
        Self {
            ignored: Some(rules),
            ..self
        }
    }
}
