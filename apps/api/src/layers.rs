//! What every request passes through, from outside in: its id, its span, panics, headers, other sites, time.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, Response, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::IntoResponse as _;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::trace::TraceLayer;
use tracing::{Span, field};
use uuid::Uuid;

use crate::app::App;
use crate::problem::{Code, Problem};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(crate) fn around(router: Router, app: &App) -> Router {
    let traced = TraceLayer::new_for_http()
        .make_span_with(span)
        .on_request(())
        .on_body_chunk(())
        .on_eos(())
        // Statuses say it; a failure that the layer could not tell from others is none.
        .on_failure(())
        .on_response(answered);
    router
        .layer(from_fn_with_state(app.clone(), in_time))
        .layer(cors(app))
        .layer(from_fn(headers))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(traced)
        .layer(from_fn(identified))
}

/// Takes over the id that a proxy gave, if it is fit for a log, and sends it back.
async fn identified(mut request: Request, next: Next) -> axum::response::Response {
    let given = request.headers().get(REQUEST_ID);
    let id = match given.filter(|id| is_plain(id)) {
        Some(id) => id.clone(),
        None => new_id(),
    };
    request.headers_mut().insert(REQUEST_ID, id.clone());
    let mut response = next.run(request).await;
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

fn is_plain(id: &HeaderValue) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    (1..=64).contains(&id.len()) && id.as_bytes().iter().all(plain)
}

fn new_id() -> HeaderValue {
    let id = Uuid::from_u128(rand::random());
    HeaderValue::from_str(&id.simple().to_string()).expect("hexadecimal digits")
}

/// Method and route, never the address: a query may hold what is nobody's business.
fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>();
    let id = request.headers().get(REQUEST_ID);
    tracing::info_span!(
        "request",
        method = %request.method(),
        route = route.map_or("", MatchedPath::as_str),
        id = id.and_then(|id| id.to_str().ok()).unwrap_or_default(),
        user = field::Empty,
        status = field::Empty,
    )
}

fn answered<B>(response: &Response<B>, latency: Duration, span: &Span) {
    span.record("status", response.status().as_u16());
    let milliseconds = latency.as_micros() as f64 / 1000.0;
    tracing::info!(parent: span, milliseconds, "answered");
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> axum::response::Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    Problem::internal(&text.unwrap_or("a panic")).into_response()
}

async fn headers(request: Request, next: Next) -> axum::response::Response {
    let page = request.uri().path().starts_with("/docs");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::X_FRAME_OPTIONS, "DENY");
    // All of it is somebody's, save the page that explains it.
    if page {
        set(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
        );
    } else {
        set(header::CACHE_CONTROL, "no-store");
        set(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        );
    }
    response
}

/// Off, unless the environment names sites.
fn cors(app: &App) -> CorsLayer {
    let origins = app.settings().cors_origins.clone();
    if origins.is_empty() {
        return CorsLayer::new();
    }
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
        ])
        .expose_headers([header::ETAG, header::LOCATION, REQUEST_ID])
        .max_age(Duration::from_secs(600))
}

/// What is not done by then is undone: a transaction that is dropped is rolled back.
async fn in_time(State(app): State<App>, request: Request, next: Next) -> axum::response::Response {
    match tokio::time::timeout(app.settings().request_timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(Code::Busy, "it took too long, and was given up").into_response(),
    }
}
