//! What the API says when it can't do what was asked: `application/problem+json` (RFC 9457), one type for all of it.
//! Nothing internal is in it; what is unexpected goes to the log.

mod code;
mod database;

use std::borrow::Cow;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

pub use code::Code;

/// One failure, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    code: Code,
    detail: Cow<'static, str>,
    errors: Vec<Fault>,
}

/// One thing that is wrong with what was sent, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// A JSON pointer into the request's body, or into the resource where that is what falls short; for a parameter, its name.
    #[schema(example = "#/data/email")]
    pub pointer: String,
    /// Stable, for programs.
    #[schema(value_type = String, example = "required")]
    pub code: &'static str,
    #[schema(example = "an answer is required")]
    pub detail: String,
}

/// The body of every answer that is a failure.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Body {
    /// Stable: `urn:cohortflow:problem:` and the code.
    #[schema(example = "urn:cohortflow:problem:not-found")]
    r#type: String,
    #[schema(value_type = String, example = "Not found")]
    title: &'static str,
    #[schema(example = 404)]
    status: u16,
    #[schema(value_type = String, example = "not-found")]
    code: &'static str,
    #[schema(value_type = String, example = "there is no such program")]
    detail: Cow<'static, str>,
    /// What is wrong in particular.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<Fault>,
}

impl Problem {
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            detail: detail.into(),
            errors: Vec::new(),
        }
    }

    /// What was sent breaks rules: all of them at once.
    pub fn invalid(errors: Vec<Fault>) -> Self {
        Self::new(Code::Invalid, "what was sent breaks the rules below").because(errors)
    }

    /// The row is not there, or not for the eyes of who asks; one can't be told from the other.
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("there is no such {what}"))
    }

    pub fn forbidden() -> Self {
        Self::new(Code::Forbidden, "your role does not do this")
    }

    pub(crate) fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "unexpected");
        Self::new(Code::Internal, "an unexpected failure; it is in the log")
    }

    #[must_use]
    pub fn because(mut self, errors: Vec<Fault>) -> Self {
        self.errors = errors;
        self
    }

    pub fn code(&self) -> Code {
        self.code
    }
}

impl Fault {
    pub fn new(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            code,
            detail: detail.into(),
        }
    }
}

/// A JSON pointer in a URI fragment, from its unescaped parts.
pub(crate) fn pointer<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut pointer = "#".to_owned();
    for part in parts {
        pointer.push('/');
        pointer.push_str(&part.replace('~', "~0").replace('/', "~1"));
    }
    pointer
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.code.status();
        let body = Body {
            r#type: format!("urn:cohortflow:problem:{}", self.code.as_str()),
            title: self.code.title(),
            status: status.as_u16(),
            code: self.code.as_str(),
            detail: self.detail,
            errors: self.errors,
        };
        let mut response = (status, Json(body)).into_response();
        let mut set = |name: HeaderName, value| {
            response
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        };
        set(header::CONTENT_TYPE, "application/problem+json");
        match self.code {
            Code::Unauthorized => set(header::WWW_AUTHENTICATE, "Bearer realm=\"cohortflow\""),
            Code::Busy | Code::NotReady => set(header::RETRY_AFTER, "2"),
            _ => {}
        }
        response
    }
}
