//! What a request is answered with when it can't have what it asks for.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::page;

/// A request that can't have what it asks for; a page for people, JSON for our own modules.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Refusal(Box<Told>);

/// What is told of it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Told {
    #[serde(skip)]
    status: StatusCode,
    pub(crate) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) help: Option<String>,
    /// PostgreSQL's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sqlstate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) detail: Option<String>,
    /// In characters from 1, within the SQL that was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) position: Option<usize>,
    /// Of the column that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) column: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) constraint: Option<String>,
    /// Of the command line: they would go on nevertheless.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) flags: Vec<String>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self(Box::new(Told {
            status,
            message: message.into(),
            help: None,
            sqlstate: None,
            detail: None,
            position: None,
            column: None,
            constraint: None,
            flags: Vec::new(),
        }))
    }

    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// Something is otherwise than what is asked for takes for granted.
    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    /// Whoever would answer does not.
    pub(crate) fn unavailable(message: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, message)
    }

    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    pub(crate) fn flags(mut self, flags: Vec<String>) -> Self {
        self.0.flags = flags;
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.0.status
    }

    pub(crate) fn told(&self) -> &Told {
        &self.0
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::postgres::{PgDatabaseError, PgErrorPosition};
        let sqlx::Error::Database(database) = &error else {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            return match error {
                sqlx::Error::PoolTimedOut => {
                    Self::new(status, "all connections to the database are busy")
                        .help("try again in a moment")
                }
                error => Self::new(status, format!("the database does not answer: {error}")),
            };
        };
        let mut refusal = Self::new(StatusCode::UNPROCESSABLE_ENTITY, database.message());
        let told = &mut refusal.0;
        told.sqlstate = database.code().map(|code| code.into_owned());
        if let Some(postgres) = database.try_downcast_ref::<PgDatabaseError>() {
            told.detail = postgres.detail().map(str::to_owned);
            told.help = postgres.hint().map(str::to_owned);
            told.column = postgres.column().map(str::to_owned);
            told.constraint = postgres.constraint().map(str::to_owned);
            told.position = match postgres.position() {
                Some(PgErrorPosition::Original(position)) => Some(position),
                _ => None,
            };
        }
        match told.sqlstate.as_deref() {
            Some("57014") => {
                told.help = Some("it took longer than a page may: narrow it down, or sort by a column with an index".to_owned());
            }
            Some("25006") => {
                told.help = Some(
                    "this studio only reads; start it with `--read-only=false` to change rows"
                        .to_owned(),
                );
            }
            _ => {}
        }
        refusal
    }
}

/// As our own modules read it.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status(), axum::Json(self)).into_response()
    }
}

/// As people read it: on a page of its own.
pub(crate) struct PageRefusal(pub(crate) Refusal);

impl<E: Into<Refusal>> From<E> for PageRefusal {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for PageRefusal {
    fn into_response(self) -> Response {
        (self.0.status(), page::refusal(&self.0)).into_response()
    }
}
