//! What PostgreSQL refuses, in words that make sense to who asked. Its own go to the log at most: they may quote rows.

use sea_orm::sqlx;
use sea_orm::{DbErr, RuntimeErr};

use super::{Code, Fault, Problem};

impl From<DbErr> for Problem {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => away(&error),
            DbErr::Exec(RuntimeErr::SqlxError(inner))
            | DbErr::Query(RuntimeErr::SqlxError(inner)) => refused(inner, &error),
            _ => Self::internal(&error),
        }
    }
}

fn refused(inner: &sqlx::Error, error: &DbErr) -> Problem {
    let Some(refusal) = inner.as_database_error() else {
        return match inner {
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Tls(_)
            | sqlx::Error::WorkerCrashed => away(error),
            _ => Problem::internal(error),
        };
    };
    let constraint = refusal.constraint().unwrap_or_default();
    match refusal.code().unwrap_or_default().as_ref() {
        "23505" => Problem::new(
            Code::AlreadyThere,
            match constraint {
                "applications_program_id_applicant_id_key" => {
                    "you have applied to this program already; change that application"
                }
                "reviews_application_id_reviewer_id_key" => {
                    "this reviewer has a review of this application already"
                }
                _ => "another row has this value already",
            },
        ),
        // The row that it refers to was deleted meanwhile.
        "23503" => Problem::new(Code::Conflict, "what this belongs to has just been deleted"),
        // Serialization failures, deadlocks, and a lock that was waited for too long.
        "40001" | "40P01" | "55P03" => Problem::new(
            Code::Conflict,
            "somebody else is changing the same; read it again, then try again",
        ),
        "23514" | "22001" | "22003" | "22021" | "22P05" => Problem::invalid(vec![Fault::new(
            "#",
            "refused",
            "the database refuses a value",
        )]),
        // Cancelled by the statement timeout, out of connections, shutting down, read-only.
        "57014" | "53300" | "57P01" | "57P02" | "57P03" | "25006" => away(error),
        _ => Problem::internal(error),
    }
}

fn away(error: &DbErr) -> Problem {
    tracing::warn!(%error, "the database does not answer as it should");
    Problem::new(Code::Busy, "the database is busy or away; try again")
}
