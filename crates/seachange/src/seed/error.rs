//! Why rows were not loaded.

use crate::catalog::CatalogError;
use crate::error::{Help, database_help};

/// Why rows were not loaded.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// A plan has a table once.
    #[error("table `{table}` is planned twice")]
    Twice {
        /// The table's name.
        table: String,
    },
    /// The plan names a table that is not there.
    #[error("the database has no table `{table}`")]
    NoTable {
        /// The table's name.
        table: String,
    },
    /// The entity has a column that the table has not.
    #[error("the database has no column `{table}.{column}`")]
    NoColumn {
        /// The table's name.
        table: String,
        /// The column's name.
        column: String,
    },
    /// The table has a column that the entity has not, without a default.
    #[error("column `{table}.{column}` is required, and the entity doesn't have it")]
    Unplanned {
        /// The table's name.
        table: String,
        /// The column's name.
        column: String,
    },
    /// A column that closes a circle of keys has to take NULL meanwhile.
    #[error("column `{table}.{column}` is to be filled later, and can't be null until then")]
    Later {
        /// The table's name.
        table: String,
        /// The column's name.
        column: String,
    },
    /// No order loads these tables.
    #[error("foreign keys go round in a circle through {}", tables.join(", "))]
    Circle {
        /// Along the circle.
        tables: Vec<String>,
    },
    /// Rows are there, and `--truncate` was not given.
    #[error("table `{table}` has rows already")]
    Occupied {
        /// The table's name.
        table: String,
    },
    /// TRUNCATE would empty a table that the plan does not fill again.
    #[error(
        "table `{table}` is not in the plan, and its rows refer to tables that are to be emptied"
    )]
    Referring {
        /// The table's name.
        table: String,
    },
    /// The plan's own code failed.
    #[error("the plan fails in rows {first} to {last} of `{table}`: {message}")]
    Row {
        /// The table's name.
        table: String,
        /// Number of the first row of the batch.
        first: u64,
        /// Number of its last row.
        last: u64,
        /// What is wrong, as PostgreSQL or the program said it.
        message: String,
    },
    /// A type that the writer for COPY does not know.
    #[error(
        "column `{table}.{column}` has a value of kind {kind}, which can't be loaded by COPY yet"
    )]
    Unwritten {
        /// The table's name.
        table: String,
        /// The column's name.
        column: String,
        /// The value's kind, as SeaORM names it.
        kind: String,
    },
    /// PostgreSQL refused rows.
    #[error("could not load `{table}`{}", context(source))]
    Copy {
        /// The table's name.
        table: String,
        /// What PostgreSQL or the connection said.
        #[source]
        source: sqlx::Error,
    },
    /// A statement around the loading failed.
    #[error("could not {doing}")]
    Sql {
        /// What was being done, as words that follow "cannot".
        doing: &'static str,
        /// What PostgreSQL or the connection said.
        #[source]
        source: sqlx::Error,
    },
    /// The catalog could not be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

impl SeedError {
    pub(super) fn sql(doing: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Sql { doing, source }
    }
}

/// PostgreSQL's own word for the place: `COPY users, line 17, column role: "x"`.
fn context(error: &sqlx::Error) -> String {
    let database = error.as_database_error();
    let postgres =
        database.and_then(|error| error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>());
    match postgres.and_then(|error| error.r#where()) {
        Some(place) => format!(" ({})", place.lines().next().unwrap_or(place)),
        None => String::new(),
    }
}

impl Help for SeedError {
    fn help(&self) -> Option<String> {
        let text = match self {
            Self::Twice { .. } => "declare it once, with all its rows",
            Self::NoTable { .. } | Self::NoColumn { .. } => {
                "nothing was loaded; bring the database up to the entities first: `cargo xtask db migrate`"
            }
            Self::Unplanned { .. } => {
                "nothing was loaded; the database is ahead of the entities: give the entity the column, or the \
                 column a default"
            }
            Self::Later { .. } => "only a column that may be null can be filled in a second pass",
            Self::Circle { .. } => {
                "declare one of the columns with `Plan::table_later`: it is filled once all rows are there"
            }
            Self::Occupied { .. } => "empty the planned tables first: `--truncate`",
            Self::Referring { .. } => "take that table into the plan, or delete its rows",
            Self::Row { .. } => "nothing was loaded; mend how the plan makes this table's rows",
            Self::Unwritten { .. } => "nothing was loaded; take another type, or leave it NULL",
            Self::Copy { source, .. } => return Some(copy_help(source)),
            Self::Sql { source, .. } => return Some(database_help(source)),
            Self::Catalog(error) => return error.help(),
        };
        Some(text.to_owned())
    }
}

fn copy_help(source: &sqlx::Error) -> String {
    let Some(error) = source.as_database_error() else {
        return database_help(source);
    };
    let code = error.code().unwrap_or_default();
    let constraint = error.constraint().unwrap_or("the constraint");
    match code.as_ref() {
        "23505" => format!(
            "nothing was loaded; the plan repeats a value of `{constraint}`: `Row::tag` and `Row::uuid` \
             are unique, and `Row::distinct` makes pairs without duplicates"
        ),
        "23503" => format!(
            "nothing was loaded; the plan refers to rows that are not there (`{constraint}`): take them by \
             `Row::pick`, `Row::parent` or `Row::distinct`"
        ),
        "23514" | "23P01" => format!(
            "nothing was loaded; the plan makes a row that `{constraint}` refuses: mend how it is made"
        ),
        _ => "nothing was loaded; mend how the plan makes this column".to_owned(),
    }
}
