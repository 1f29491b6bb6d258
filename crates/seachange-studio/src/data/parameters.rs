//! Values as parameters: each is sent as text, and read by PostgreSQL as the type that it is compared in or written as.

use std::fmt::Display;

use sqlx::postgres::{PgArguments, Postgres};
use sqlx::{Arguments as _, Encode, Type};

use super::Text;

/// The condition that an expression equals a value, which becomes the next of the parameters.
pub(crate) fn equal(
    expression: impl Display,
    type_name: &str,
    value: Text,
    values: &mut Vec<Text>,
) -> String {
    values.push(value);
    format!("{expression} = ${}::text::{type_name}", values.len())
}

/// All of them are sent, also those that a statement has no place for.
pub(crate) fn arguments<'a, T>(values: &'a [T]) -> Result<PgArguments, sqlx::Error>
where
    &'a T: Encode<'a, Postgres> + Type<Postgres>,
{
    let mut arguments = PgArguments::default();
    for value in values {
        arguments.add(value).map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}
