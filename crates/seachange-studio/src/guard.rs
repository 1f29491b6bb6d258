//! Who may ask at all. Any web site that this machine's browser shows can send requests to a loopback port, so every
//! request has to come from our own page: under our own name, with the cookie of a link that the terminal printed, not
//! sent by another site, and with a header that only our own modules know when something is to be changed.

mod headers;
mod keys;
mod opening;
#[cfg(test)]
mod tests;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::answer::{PageRefusal, Refusal};
use crate::app::Shared;
use crate::assets;
use keys::Keys;

pub(crate) use keys::Session;

/// The header that only our own modules send.
pub(crate) const CSRF: &str = "x-seachange-csrf";

/// What is let in.
pub(crate) struct Guard {
    hosts: [String; 2],
    cookie: String,
    keys: Keys,
}

impl Guard {
    pub(crate) fn new(port: u16) -> Self {
        Self {
            hosts: [format!("127.0.0.1:{port}"), format!("localhost:{port}")],
            // Cookies know no port: two studios must not take each other's away.
            cookie: format!("seachange_studio_{port}"),
            keys: Keys::default(),
        }
    }

    pub(crate) fn new_token(&self) -> String {
        self.keys.new_token()
    }

    /// The session of a request, or why it has none.
    fn admit(&self, method: &Method, headers: &HeaderMap) -> Result<Session, Refusal> {
        self.is_of_this_site(headers)?;
        let session = self.session(headers).ok_or_else(unknown)?;
        match *method {
            Method::GET | Method::HEAD => Ok(session),
            Method::POST => self.may_write(headers, &session).map(|()| session),
            _ => Err(Refusal::new(
                StatusCode::METHOD_NOT_ALLOWED,
                format!("{method} is not answered here"),
            )),
        }
    }

    /// A name that leads here by somebody else's DNS is refused (DNS rebinding), and so is what another page sends.
    fn is_of_this_site(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        self.is_for_us(headers)?;
        match only(headers, "sec-fetch-site") {
            None | Some("same-origin" | "none") => Ok(()),
            Some(_) => Err(forbidden("it was sent by another site")),
        }
    }

    fn is_for_us(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let host = only(headers, header::HOST.as_str());
        match host {
            Some(host) if self.hosts.iter().any(|ours| ours == host) => Ok(()),
            _ => Err(Refusal::new(
                StatusCode::MISDIRECTED_REQUEST,
                "this is no name of the studio",
            )
            .help(format!("it is at http://{}", self.hosts[0]))),
        }
    }

    fn session(&self, headers: &HeaderMap) -> Option<Session> {
        let cookies = headers.get_all(header::COOKIE);
        (cookies.iter().filter_map(|value| value.to_str().ok()))
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(name, value)| match name == self.cookie {
                true => self.keys.session(value),
                false => None,
            })
    }

    fn may_write(&self, headers: &HeaderMap, session: &Session) -> Result<(), Refusal> {
        let origin = only(headers, header::ORIGIN.as_str())
            .and_then(|origin| origin.strip_prefix("http://"))
            .ok_or_else(|| forbidden("it does not say which page sent it"))?;
        if only(headers, header::HOST.as_str()) != Some(origin) {
            return Err(forbidden("it was sent by another site"));
        }
        if !session.knows(only(headers, CSRF).unwrap_or_default()) {
            return Err(forbidden("its CSRF header is not that of this session")
                .help("load the page again"));
        }
        let kind = only(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
        if kind.split(';').next().map(str::trim) != Some("application/json") {
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "a request that changes something is JSON",
            ));
        }
        Ok(())
    }
}

/// The value of a header that is there once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

fn forbidden(why: &str) -> Refusal {
    Refusal::new(
        StatusCode::FORBIDDEN,
        format!("the request is refused: {why}"),
    )
}

fn unknown() -> Refusal {
    Refusal::new(StatusCode::UNAUTHORIZED, "this browser has not been let in")
        .help("open the link that the terminal printed; Enter there prints another")
}

/// Between every request and what answers it.
pub(crate) async fn watch(State(app): State<Shared>, mut request: Request, next: Next) -> Response {
    let guard = &app.guard;
    let for_people = wants_page(request.headers());
    let mut response = if request.uri().path() == opening::PATH {
        match guard.is_for_us(request.headers()) {
            Ok(()) => opening::open(guard, request.method(), request.uri()),
            Err(refusal) => PageRefusal(refusal).into_response(),
        }
    } else {
        let admitted = match assets::is_of_them(request.uri()) {
            // Style and modules are no secret, and a refusal needs them.
            true => guard.is_of_this_site(request.headers()).map(|()| None),
            false => guard.admit(request.method(), request.headers()).map(Some),
        };
        match admitted {
            Ok(session) => {
                if let Some(session) = session {
                    request.extensions_mut().insert(session);
                }
                next.run(request).await
            }
            Err(refusal) if for_people => PageRefusal(refusal).into_response(),
            Err(refusal) => refusal.into_response(),
        }
    };
    headers::harden(response.headers_mut());
    response
}

fn wants_page(headers: &HeaderMap) -> bool {
    only(headers, header::ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/html"))
}
