//! Why rows were not loaded.

use crate::catalog::CatalogError;
use crate::error::Help;

#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    #[error("table `{table}` is planned twice")]
    Twice { table: String },
    #[error("the database has no table `{table}`")]
    NoTable { table: String },
    #[error("the database has no column `{table}.{column}`")]
    NoColumn { table: String, column: String },
    #[error("column `{table}.{column}` is required, and the entity doesn't have it")]
    Unplanned { table: String, column: String },
    #[error("column `{table}.{column}` is to be filled later, and can't be null until then")]
    Later { table: String, column: String },
    #[error("foreign keys go round in a circle through {}", tables.join(", "))]
    Circle { tables: Vec<String> },
    #[error("table `{table}` has rows already")]
    Occupied { table: String },
    #[error(
        "table `{table}` is not in the plan, and its rows refer to tables that are to be emptied"
    )]
    Referring { table: String },
    #[error("the plan fails in rows {first} to {last} of `{table}`: {message}")]
    Row {
        table: String,
        first: u64,
        last: u64,
        message: String,
    },
    #[error(
        "column `{table}.{column}` has a value of kind {kind}, which can't be loaded by COPY yet"
    )]
    Unwritten {
        table: String,
        column: String,
        kind: String,
    },
    #[error("could not load `{table}`{}", context(source))]
    Copy {
        table: String,
        #[source]
        source: sqlx::Error,
    },
    #[error("could not {doing}")]
    Sql {
        doing: &'static str,
        #[source]
        source: sqlx::Error,
    },
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
            Self::Copy { source, .. } => return copy_help(source),
            Self::Sql { .. } => return None,
            Self::Catalog(error) => return error.help(),
        };
        Some(text.to_owned())
    }
}

fn copy_help(source: &sqlx::Error) -> Option<String> {
    let error = source.as_database_error()?;
    let code = error.code()?;
    let constraint = error.constraint().unwrap_or("the constraint");
    let text = match code.as_ref() {
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
    };
    Some(text)
}
