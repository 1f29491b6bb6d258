//! What is let in and what is not, header by header.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::Guard;

struct Browser {
    guard: Guard,
    headers: HeaderMap,
}

impl Browser {
    /// With a cookie, on our own page.
    fn let_in() -> Self {
        let guard = Guard::new(4000);
        let cookie = guard.keys.exchange(&guard.new_token()).unwrap();
        let csrf = guard.keys.session(&cookie).unwrap().csrf().to_owned();
        let browser = Self {
            guard,
            headers: HeaderMap::new(),
        };
        browser
            .with("host", "127.0.0.1:4000")
            .with(
                "cookie",
                &format!("theme=dark; seachange_studio_4000={cookie}"),
            )
            .with("origin", "http://127.0.0.1:4000")
            .with("sec-fetch-site", "same-origin")
            .with("content-type", "application/json; charset=utf-8")
            .with(super::CSRF, &csrf)
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).unwrap();
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.remove(name).unwrap();
        self
    }

    fn asks(&self, method: Method) -> StatusCode {
        match self.guard.admit(&method, &self.headers) {
            Ok(_) => StatusCode::OK,
            Err(refusal) => refusal.status(),
        }
    }
}

#[test]
fn our_own_page_may_read_and_write() {
    let browser = Browser::let_in();
    assert_eq!(browser.asks(Method::GET), StatusCode::OK);
    assert_eq!(browser.asks(Method::POST), StatusCode::OK);
    assert_eq!(browser.asks(Method::PUT), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(
        browser.asks(Method::OPTIONS),
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[test]
fn another_name_is_not_ours() {
    for host in [
        "evil.example",
        "evil.example:4000",
        "127.0.0.1",
        "127.0.0.1:4001",
        "localhost.evil.example:4000",
    ] {
        let browser = Browser::let_in().with("host", host);
        assert_eq!(
            browser.asks(Method::GET),
            StatusCode::MISDIRECTED_REQUEST,
            "{host}"
        );
    }
    let twice = {
        let mut browser = Browser::let_in();
        browser
            .headers
            .append("host", HeaderValue::from_static("evil.example"));
        browser
    };
    assert_eq!(twice.asks(Method::GET), StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(
        Browser::let_in().without("host").asks(Method::GET),
        StatusCode::MISDIRECTED_REQUEST
    );
}

#[test]
fn another_site_is_refused() {
    for site in ["cross-site", "same-site", "none, cross-site"] {
        let browser = Browser::let_in().with("sec-fetch-site", site);
        assert_eq!(browser.asks(Method::GET), StatusCode::FORBIDDEN, "{site}");
    }
    for origin in [
        "http://evil.example",
        "null",
        "http://localhost:4000",
        "https://127.0.0.1:4000",
        "http://127.0.0.1:4001",
    ] {
        let browser = Browser::let_in().with("origin", origin);
        assert_eq!(
            browser.asks(Method::POST),
            StatusCode::FORBIDDEN,
            "{origin}"
        );
    }
    assert_eq!(
        Browser::let_in().without("origin").asks(Method::POST),
        StatusCode::FORBIDDEN
    );
}

#[test]
fn nobody_writes_without_the_header_and_json() {
    let browser = Browser::let_in().without(super::CSRF);
    assert_eq!(browser.asks(Method::POST), StatusCode::FORBIDDEN);
    let browser = Browser::let_in().with(super::CSRF, &"0".repeat(64));
    assert_eq!(browser.asks(Method::POST), StatusCode::FORBIDDEN);
    for kind in [
        "application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data; boundary=application/json",
    ] {
        let browser = Browser::let_in().with("content-type", kind);
        assert_eq!(
            browser.asks(Method::POST),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "{kind}"
        );
    }
}

#[test]
fn nobody_comes_in_without_a_cookie_of_this_run() {
    assert_eq!(
        Browser::let_in().without("cookie").asks(Method::GET),
        StatusCode::UNAUTHORIZED
    );
    for cookie in [
        "seachange_studio_4000=",
        "seachange_studio_4000=00",
        "seachange_studio_4001=ab",
    ] {
        let browser = Browser::let_in().with("cookie", cookie);
        assert_eq!(
            browser.asks(Method::GET),
            StatusCode::UNAUTHORIZED,
            "{cookie}"
        );
    }
    let other_run = Browser::let_in().headers;
    let mut browser = Browser::let_in();
    browser.headers = other_run;
    assert_eq!(browser.asks(Method::GET), StatusCode::UNAUTHORIZED);
}

#[test]
fn a_token_is_good_once() {
    let guard = Guard::new(4000);
    let token = guard.new_token();
    let cookie = guard.keys.exchange(&token).unwrap();
    assert!(guard.keys.exchange(&token).is_none());
    assert!(guard.keys.exchange("").is_none());
    assert!(guard.keys.exchange(&cookie).is_none());
    assert!(guard.keys.session(&token).is_none());
    assert!(guard.keys.session(&cookie).is_some());
}
