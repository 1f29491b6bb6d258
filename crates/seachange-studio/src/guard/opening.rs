//! The link that the terminal prints: its token becomes a cookie.

use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::Guard;
use crate::answer::{PageRefusal, Refusal};
use crate::page;

pub(super) const PATH: &str = "/open";

pub(super) fn open(guard: &Guard, method: &Method, uri: &Uri) -> Response {
    let token = (uri.query().unwrap_or_default().split('&'))
        .find_map(|pair| pair.strip_prefix("token="))
        .unwrap_or_default();
    // HEAD would use it up for nothing.
    let cookie = match *method {
        Method::GET => guard.keys.exchange(token),
        _ => None,
    };
    let cookie = cookie.and_then(|cookie| {
        let name = &guard.cookie;
        HeaderValue::try_from(format!(
            "{name}={cookie}; HttpOnly; SameSite=Strict; Path=/"
        ))
        .ok()
    });
    match cookie {
        // A page that goes on by itself, not a redirect: the browser sends a strict cookie only where our own page
        // led it, and this request was begun elsewhere.
        Some(cookie) => ([(header::SET_COOKIE, cookie)], page::opened()).into_response(),
        None => PageRefusal(
            Refusal::new(
                StatusCode::FORBIDDEN,
                "this link is not good, or was used already",
            )
            .help("press Enter in the terminal of the studio, and open the link that it prints"),
        )
        .into_response(),
    }
}
