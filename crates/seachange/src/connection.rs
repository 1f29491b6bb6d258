//! The one way to a PostgreSQL connection and to running SQL text over it: how a URL is read and
//! shown, what every session has set, where one statement of a file ends, and which line of which
//! file an error of the server is about.

mod error;
mod file;
mod identity;
mod libpq;
mod open;
mod run;
mod statements;
mod target;

pub use error::{SqlError, SqlFailure};
pub use file::{SqlFile, shown, sql_files_in};
pub(crate) use identity::system_identifier;
pub use libpq::{ForLibpq, for_libpq};

pub use open::{ConnectError, open, session};
pub(crate) use run::refuse;
pub use run::{SqlText, run_script, run_sql, run_statement};
pub use statements::{Statement, StatementKind, statements};
pub(crate) use target::server_of;
pub use target::{database_of, is_local, masked, with_database};
