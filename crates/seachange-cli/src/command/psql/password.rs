//! The password of a URL, taken out of it.

use url::Url;

/// The URL without its password, and the password as it is. A URL that only libpq understands, such
/// as one with a user and no host, stays whole.
pub(super) fn taken_out(text: &str) -> (String, Option<String>) {
    let Ok(mut url) = Url::parse(text) else {
        return (text.to_owned(), None);
    };
    let Some(password) = url.password().map(decoded) else {
        return (text.to_owned(), None);
    };
    match url.set_password(None) {
        Ok(()) => (url.into(), Some(password)),
        Err(()) => (text.to_owned(), None),
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
                "postgres://a@/d?host=/tmp",
                "postgres://a@/d?host=/tmp",
                None,
            ),
        ] {
            let taken = taken_out(text);
            assert_eq!((taken.0.as_str(), taken.1.as_deref()), (url, password));
        }
    }
}
