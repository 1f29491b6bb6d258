//! What handlers take from a request, each failing with a [`Problem`]: a path's id, a query, a body.

use axum::RequestExt as _;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::problem::{Code, Fault, Problem, pointer};

/// The id in the path. What is none names nothing.
pub(crate) struct At(pub(crate) Uuid);

/// The query, without a parameter that is not known.
pub(crate) struct Query<T>(pub(crate) T);

/// The JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync> FromRequestParts<S> for At {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<Uuid>::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Self(id)),
            Err(_) => Err(Problem::not_found("row: its id is a UUID")),
        }
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match axum::extract::Query::<T>::try_from_uri(&parts.uri) {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(rejection) => {
                let text = rejection.body_text();
                // axum puts its own words before the reason, and the parameter before that.
                let text = text
                    .rsplit_once("query string: ")
                    .map_or(&*text, |(_, why)| why);
                let (name, why) = match text.split_once(": ") {
                    Some((name, why)) if !name.contains(' ') => (name, why),
                    _ => ("", text),
                };
                Err(Problem::invalid(vec![Fault::new(name, "parameter", why)]))
            }
        }
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(&request) {
            return Err(Problem::new(
                Code::NotJson,
                "send `content-type: application/json`",
            ));
        }
        let bytes: Bytes = request.extract().await.map_err(|rejection| {
            let response = axum::extract::rejection::BytesRejection::into_response(rejection);
            match response.status() {
                StatusCode::PAYLOAD_TOO_LARGE => {
                    Problem::new(Code::TooLarge, "the body is larger than is taken")
                }
                _ => Problem::new(Code::Malformed, "the body did not arrive whole"),
            }
        })?;
        read(&bytes).map(Self)
    }
}

fn is_json(request: &Request) -> bool {
    let value = request.headers().get(header::CONTENT_TYPE);
    let Some(value) = value.and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let kind = value.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// Reads JSON, and says where what is not as it should be stands.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| Problem::new(Code::Malformed, format!("the body is not JSON: {error}")))?;
    let mut faults = Vec::new();
    no_nul(&value, &mut Vec::new(), &mut faults);
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let parts: Vec<String> = error
            .path()
            .iter()
            .filter_map(|segment| match segment {
                serde_path_to_error::Segment::Seq { index } => Some(index.to_string()),
                serde_path_to_error::Segment::Map { key } => Some(key.clone()),
                _ => None,
            })
            .collect();
        let at = pointer(parts.iter().map(String::as_str));
        Problem::invalid(vec![Fault::new(at, "shape", error.inner().to_string())])
    })
}

/// PostgreSQL's text holds every character but this one.
fn no_nul(value: &Value, path: &mut Vec<String>, faults: &mut Vec<Fault>) {
    let fault = |path: &[String]| {
        let at = pointer(path.iter().map(String::as_str));
        Fault::new(at, "nul", "the character U+0000 can't be kept")
    };
    match value {
        Value::String(text) if text.contains('\0') => faults.push(fault(path)),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                no_nul(item, path, faults);
                path.pop();
            }
        }
        Value::Object(entries) => {
            for (key, item) in entries {
                path.push(key.replace('\0', "\u{fffd}"));
                if key.contains('\0') {
                    faults.push(fault(path));
                }
                no_nul(item, path, faults);
                path.pop();
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sent {
        #[expect(dead_code, reason = "only whether it can be read is asked")]
        list: Vec<u8>,
    }

    fn fault(text: &str) -> String {
        format!("{:?}", read::<Sent>(text.as_bytes()).unwrap_err())
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        read::<Sent>(b"{\"list\":[1]}").unwrap();
        assert!(fault("{").contains("Malformed"));
        assert!(fault(r#"{"list":[1,"a"]}"#).contains("#/list/1"));
        assert!(fault(r#"{"list":[],"more":1}"#).contains("unknown field `more`"));
        assert!(fault(r#"{"list":["a\u0000b"]}"#).contains("U+0000"));
        assert!(fault("{\"a\\u0000\":[]}").contains("U+0000"));
    }
}
