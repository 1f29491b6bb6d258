//! A URL for PostgreSQL's own programs: without its password, which every user of the machine could read on
//! a command line, and without what only our driver understands.

use url::Url;

use super::target::without_empty_host;

/// What such a program is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForLibpq {
    /// Goes onto the command line.
    pub url: String,
    /// Goes into `PGPASSWORD`.
    pub password: Option<String>,
}

/// Takes the password out of a URL, and spells its parameters as libpq does. Text that is no URL stays whole.
pub fn for_libpq(text: &str) -> ForLibpq {
    let Ok(mut url) = Url::parse(&without_empty_host(text)) else {
        return ForLibpq {
            url: text.to_owned(),
            password: None,
        };
    };
    let mut password = url.password().map(decoded);
    if password.is_some() && url.set_password(None).is_err() {
        password = None;
    }
    let mut kept = Vec::new();
    for pair in url.query().unwrap_or_default().split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match name {
            "" | "statement-cache-capacity" => {}
            "password" => password = Some(decoded(value)),
            _ => kept.push(format!("{}={value}", spelled(name))),
        }
    }
    url.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    ForLibpq {
        url: url.into(),
        password,
    }
}

/// Our driver takes these with hyphens, too.
fn spelled(name: &str) -> &str {
    match name {
        "ssl-mode" => "sslmode",
        "ssl-root-cert" | "ssl-ca" => "sslrootcert",
        "ssl-cert" => "sslcert",
        "ssl-key" => "sslkey",
        name => name,
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escape = (*first == b'%')
            .then(|| std::str::from_utf8(tail.get(..2)?).ok())
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escape {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_leaves_the_url() {
        for (text, url, password) in [
            (
                "postgres://a:b@h:1/d?x=1",
                "postgres://a@h:1/d?x=1",
                Some("b"),
            ),
            (
                "postgres://a:%40%2Fb%c3%a4%@h/d",
                "postgres://a@h/d",
                Some("@/bä%"),
            ),
            ("postgres://a@h/d", "postgres://a@h/d", None),
            (
                "postgres://a:b@/d?host=/tmp",
                "postgres:///d?host=/tmp&user=a",
                Some("b"),
            ),
            (
                "postgres://a@h/d?password=c%20d&ssl-mode=require&statement-cache-capacity=0",
                "postgres://a@h/d?sslmode=require",
                Some("c d"),
            ),
        ] {
            let taken = for_libpq(text);
            assert_eq!(
                (taken.url.as_str(), taken.password.as_deref()),
                (url, password)
            );
        }
    }
}
