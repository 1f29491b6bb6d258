//! What a web site, another user of the machine or a row of the database might try.

use super::shop::{SAVE, SHOP, insert, nothing_was_written};
use super::{Answer, Studio};

/// The save with other headers than our own modules send.
async fn saved_with(studio: &Studio, change: impl Fn(&mut Vec<(&'static str, String)>)) -> Answer {
    let host = studio.host();
    let mut headers = vec![
        ("Host", host.clone()),
        ("Cookie", studio.cookie().to_owned()),
        ("Origin", format!("http://{host}")),
        ("Sec-Fetch-Site", "same-origin".to_owned()),
        ("Content-Type", "application/json".to_owned()),
        ("X-Seachange-Csrf", studio.csrf().to_owned()),
    ];
    change(&mut headers);
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    studio.raw("POST", SAVE, &headers, &insert()).await
}

fn set(headers: &mut [(&'static str, String)], name: &str, value: &str) {
    let header = headers
        .iter_mut()
        .find(|(given, _)| *given == name)
        .unwrap();
    header.1 = value.to_owned();
}

#[tokio::test]
async fn another_origin_writes_nothing() {
    let studio = Studio::on(SHOP).await;
    for origin in [
        "http://evil.example",
        "null",
        "http://127.0.0.1",
        "http://localhost:1",
    ] {
        saved_with(&studio, |headers| set(headers, "Origin", origin))
            .await
            .is(403);
    }
    saved_with(&studio, |headers| {
        set(headers, "Sec-Fetch-Site", "cross-site")
    })
    .await
    .is(403);
    saved_with(&studio, |headers| {
        headers.retain(|(name, _)| *name != "Origin")
    })
    .await
    .is(403);
    nothing_was_written(&studio).await;
    // The same as our own module sends it: the others were refused for what they lack.
    saved_with(&studio, |_| {}).await.is(200);
}

#[tokio::test]
async fn a_foreign_host_is_nobody() {
    let studio = Studio::on(SHOP).await;
    for host in ["evil.example", "rebound.evil.example:80"] {
        saved_with(&studio, |headers| set(headers, "Host", host))
            .await
            .is(421);
        let headers = [("Host", host), ("Cookie", studio.cookie())];
        let answer = studio.raw("GET", "/", &headers, "").await.is(421);
        assert!(!answer.body.contains("goods"));
        // Not even the link works there, and it is not used up.
        studio
            .raw("GET", &studio.token_path(), &[("Host", host)], "")
            .await
            .is(421);
    }
    nothing_was_written(&studio).await;
}

#[tokio::test]
async fn without_a_token_nothing_is_seen() {
    let studio = Studio::on(SHOP).await;
    let host = studio.host();
    for path in [
        "/",
        "/table/public/goods",
        "/console",
        "/api/tables",
        "/table/public/goods/export/csv",
        "/open",
        "/open?token=",
    ] {
        let answer = studio.raw("GET", path, &[("Host", &host)], "").await;
        assert!([401, 403].contains(&answer.status), "{path}: {answer:?}");
        assert!(!answer.body.contains("goods"), "{path}");
    }
    saved_with(&studio, |headers| {
        headers.retain(|(name, _)| *name != "Cookie")
    })
    .await
    .is(401);
    nothing_was_written(&studio).await;
}

#[tokio::test]
async fn a_token_opens_once_and_not_another_run() {
    let studio = Studio::on(SHOP).await;
    let other = Studio::on(SHOP).await;
    let (host, path) = (studio.host(), studio.token_path());
    let first = studio
        .raw("GET", &path, &[("Host", &host)], "")
        .await
        .is(200);
    let cookie = &first.headers["set-cookie"];
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
    let again = studio
        .raw("GET", &path, &[("Host", &host)], "")
        .await
        .is(403);
    assert!(!again.headers.contains_key("set-cookie"));
    let elsewhere = other
        .raw("GET", &path, &[("Host", &other.host())], "")
        .await;
    elsewhere.is(403);
    let headers = [("Host", &*other.host()), ("Cookie", studio.cookie())];
    other.raw("GET", "/", &headers, "").await.is(401);
}

#[tokio::test]
async fn a_form_of_another_site_does_nothing() {
    let studio = Studio::on(SHOP).await;
    for kind in [
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "text/plain",
    ] {
        // As a browser sends a form: it can't set our header, and names its own origin.
        let sent = saved_with(&studio, |headers| {
            headers.retain(|(name, _)| *name != "X-Seachange-Csrf");
            set(headers, "Content-Type", kind);
            set(headers, "Origin", "http://evil.example");
            set(headers, "Sec-Fetch-Site", "cross-site");
        });
        sent.await.is(403);
        saved_with(&studio, |headers| set(headers, "Content-Type", kind))
            .await
            .is(415);
    }
    // What only reads changes nothing when it is asked for with another method, or by a link.
    let host = studio.host();
    let cookie = studio.cookie();
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
        let headers = [("Host", &*host), ("Cookie", cookie)];
        studio.raw(method, SAVE, &headers, "").await.is(405);
    }
    studio.get(SAVE).await.is(405);
    nothing_was_written(&studio).await;
}

#[tokio::test]
async fn no_answer_may_be_read_by_another_site() {
    let studio = Studio::on(SHOP).await;
    for path in ["/", "/table/public/goods", "/api/tables", "/nowhere"] {
        let answer = studio.get(path).await;
        assert!(
            !answer
                .headers
                .keys()
                .any(|name| name.starts_with("access-control-")),
            "{path}"
        );
        let policy = &answer.headers["content-security-policy"];
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert!(policy.contains("frame-ancestors 'none'"));
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(
            answer.headers["cross-origin-resource-policy"],
            "same-origin"
        );
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
}
