//! Everything that can go wrong with seeding, with its remedy and its exit code.

use sea_orm::{DbErr, RuntimeErr};
use seachange::Help;

#[derive(Debug, thiserror::Error)]
pub(crate) enum SeedError {
    #[error("cannot read `.env`: {0}")]
    DotEnv(String),
    #[error(transparent)]
    Settings(#[from] db::SettingsError),
    #[error("`{target}` is not on this machine, and fixtures overwrite rows")]
    Remote { target: String },
    #[error("`{target}` is not on this machine, and only local databases are emptied")]
    TruncateRemote { target: String },
    #[error(transparent)]
    Connect(#[from] db::ConnectError),
    #[error(transparent)]
    Open(#[from] seachange::connection::ConnectError),
    #[error("SEACHANGE_MASK_KEY is not 64 hexadecimal digits")]
    Key,
    #[error(transparent)]
    Request(#[from] seachange::sample::RequestError),
    #[error(transparent)]
    Sample(#[from] seachange::sample::SampleError),
    #[error(transparent)]
    Plan(#[from] seachange::seed::SeedError),
    #[error("the transaction failed; nothing was changed")]
    Transaction(#[source] DbErr),
    #[error(
        "table `{table}` is not as the fixtures need it: {message} (SQLSTATE {code}); nothing was changed"
    )]
    Schema {
        table: &'static str,
        message: String,
        code: String,
    },
    #[error(
        "another row of `{table}` holds a fixture's value already: {detail} (`{constraint}`); nothing was changed"
    )]
    Taken {
        table: &'static str,
        detail: String,
        constraint: String,
    },
    #[error("cannot write `{table}`; nothing was changed")]
    Write { table: &'static str, source: DbErr },
    #[error("cannot start the runtime")]
    Runtime(#[source] std::io::Error),
}

impl SeedError {
    /// A line that doesn't parse is not shown: it may be the one with the password.
    pub(crate) fn dot_env(error: &dotenvy::Error) -> Self {
        Self::DotEnv(match error {
            dotenvy::Error::LineParse(..) => "a line of it is not `NAME=value`".to_owned(),
            other => other.to_string(),
        })
    }

    pub(crate) fn transaction(source: DbErr) -> Self {
        Self::Transaction(source)
    }

    /// What PostgreSQL said about a table, as far as there is something to do about it.
    pub(crate) fn write(table: &'static str, source: DbErr) -> Self {
        let (DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))) = &source
        else {
            return Self::Write { table, source };
        };
        let Some(error) = error.as_database_error() else {
            return Self::Write { table, source };
        };
        let code = error.code().unwrap_or_default().into_owned();
        match code.as_str() {
            // No such schema, table, column or type; no such label of an enumeration.
            "3F000" | "42P01" | "42703" | "42704" | "22P02" => Self::Schema {
                table,
                message: error.message().to_owned(),
                code,
            },
            "23505" => Self::Taken {
                table,
                detail: detail(error).unwrap_or_else(|| error.message().to_owned()),
                constraint: error.constraint().unwrap_or_default().to_owned(),
            },
            _ => Self::Write { table, source },
        }
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Settings(_) | Self::Key | Self::Request(_) => 64,
            Self::Remote { .. } | Self::TruncateRemote { .. } => 3,
            Self::Plan(seachange::seed::SeedError::Occupied { .. }) => 3,
            _ => 1,
        }
    }

    /// The flags that would turn a refusal into consent.
    pub(crate) fn missing(&self) -> &'static [&'static str] {
        match self {
            Self::Remote { .. } => &["--allow-remote"],
            Self::Plan(seachange::seed::SeedError::Occupied { .. }) => &["--truncate"],
            _ => &[],
        }
    }
}

impl Help for SeedError {
    fn help(&self) -> Option<String> {
        match self {
            Self::DotEnv(_) => Some(
                "compare it with `.env.example`; a value with spaces or quotes goes between quotes"
                    .to_owned(),
            ),
            Self::Settings(error) => error.help(),
            Self::Remote { .. } => Some("add `--allow-remote` if it is meant".to_owned()),
            Self::TruncateRemote { .. } => Some(
                "empty its tables by hand, if that is meant, and leave `--truncate` out".to_owned(),
            ),
            Self::Connect(error) => error.help(),
            Self::Open(error) => error.help(),
            Self::Key => Some("`openssl rand -hex 32` makes one".to_owned()),
            Self::Request(error) => error.help(),
            Self::Sample(seachange::sample::SampleError::Filled(_)) => {
                Some("`cargo xtask db reset --no-seed` makes an empty one".to_owned())
            }
            Self::Sample(error) => error.help(),
            Self::Plan(error) => error.help(),
            Self::Schema { .. } => Some("cargo xtask db migrate".to_owned()),
            Self::Taken { .. } => Some(
                "change or delete that row, or begin anew with `cargo xtask db reset`".to_owned(),
            ),
            Self::Transaction(_) | Self::Write { .. } => {
                Some("run it again; if it stays, the server's log has more".to_owned())
            }
            Self::Runtime(_) => {
                Some("the machine has too little memory, or too many processes".to_owned())
            }
        }
    }
}

/// `Key (email)=(a@b) already exists.`, without what is obvious.
fn detail(error: &dyn sea_orm::sqlx::error::DatabaseError) -> Option<String> {
    let error = error.try_downcast_ref::<sea_orm::sqlx::postgres::PgDatabaseError>()?;
    let detail = error.detail()?;
    Some(
        detail
            .trim_end_matches('.')
            .trim_end_matches(" already exists")
            .to_owned(),
    )
}
