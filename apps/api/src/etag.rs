//! Optimistic concurrency: a tag for what a row holds, and `If-Match`, which whoever changes it has to send.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use sea_orm::ModelTrait;
use sha2::{Digest as _, Sha256};

use crate::problem::{Code, Problem};

/// The tag of what a row holds; it does not depend on who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ETag(String);

impl ETag {
    /// Of every column, so that no change is missed, whatever the clock says.
    pub(crate) fn of<M: ModelTrait + std::fmt::Debug>(row: &M) -> Self {
        let digest = Sha256::digest(format!("{row:?}"));
        let text: String = digest
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self(format!("\"{text}\""))
    }

    /// An answer with this tag.
    pub(crate) fn on(self, answer: impl IntoResponse) -> Response {
        let mut response = answer.into_response();
        let value = HeaderValue::from_str(&self.0).expect("hexadecimal digits in quotes");
        response.headers_mut().insert(header::ETAG, value);
        response
    }
}

/// `If-Match`, which must be there.
pub(crate) struct IfMatch(Vec<String>);

impl IfMatch {
    /// The row has to be as it was read.
    pub(crate) fn holds(&self, row: &ETag) -> Result<(), Problem> {
        if self.0.iter().any(|tag| *tag == row.0 || tag == "*") {
            return Ok(());
        }
        Err(Problem::new(
            Code::Stale,
            "it was changed since you read it; read it again",
        ))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut tags = Vec::new();
        for value in parts.headers.get_all(header::IF_MATCH) {
            // What can't be read matches nothing.
            let text = value.to_str().unwrap_or_default();
            tags.extend(text.split(',').map(|tag| tag.trim().to_owned()));
        }
        if tags.is_empty() {
            return Err(Problem::new(
                Code::NoPrecondition,
                "send `If-Match` with the `ETag` of what you read",
            ));
        }
        Ok(Self(tags))
    }
}
