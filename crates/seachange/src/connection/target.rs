//! Connection URLs: what sqlx makes of them, and how they are shown without their password.

use std::net::IpAddr;
use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::Url;

use super::open::ConnectError;

/// The URL with its password, in the authority or as a parameter, replaced by `***`. Text that is
/// no URL keeps nothing between `://` and the last `@`.
pub fn masked(url: &str) -> String {
    let Ok(mut parsed) = Url::parse(&without_empty_host(url)) else {
        return match (url.find("://"), url.rfind('@')) {
            (Some(scheme), Some(at)) if scheme + 3 < at => {
                format!("{}***{}", &url[..scheme + 3], &url[at..])
            }
            _ => mask_parameters(url),
        };
    };
    // Refused for URLs without a host, which have no password in their authority either.
    if parsed.password().is_some() && parsed.set_password(Some("***")).is_err() {
        return parsed.scheme().to_owned() + "://***";
    }
    mask_parameters(parsed.as_str())
}

/// The URL of another database on the same server.
pub fn with_database(url: &str, database: &str) -> Result<String, ConnectError> {
    let mut parsed = Url::parse(&without_empty_host(url))
        .map_err(|error| ConnectError::url(url, error.to_string()))?;
    parsed.set_path(database);
    let kept: Vec<String> = parsed
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("dbname="))
        .map(str::to_owned)
        .collect();
    parsed.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    Ok(parsed.into())
}

/// Whether the server is on this machine: over a Unix socket or a loopback address. What can't be read
/// as a URL is not.
pub fn is_local(url: &str) -> bool {
    let Ok(options) = options(url) else {
        return false;
    };
    let host = options
        .get_host()
        .trim_start_matches('[')
        .trim_end_matches(']');
    options.get_socket().is_some()
        || host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || host
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}

/// What sqlx connects with. Over a Unix socket TLS is not asked for: no server offers it there, and
/// asking costs a round trip.
pub(super) fn options(url: &str) -> Result<PgConnectOptions, sqlx::Error> {
    // sqlx itself takes any scheme, and would talk to a server of another kind.
    if !["postgres://", "postgresql://"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
    {
        return Err(sqlx::Error::Configuration(
            "the URL does not begin with `postgres://`".into(),
        ));
    }
    let options = PgConnectOptions::from_str(&without_empty_host(url))?;
    Ok(match options.get_socket() {
        Some(_) => options.ssl_mode(PgSslMode::Disable),
        None => options,
    })
}

/// `postgres://user:password@/db?host=/tmp` is a URL to libpq, but not to the URL standard, which
/// knows no user without a host: the user and the password move into the parameters.
pub(super) fn without_empty_host(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let Some(user) = authority.strip_suffix('@') else {
        return url.to_owned();
    };
    let (user, password) = match user.split_once(':') {
        Some((user, password)) => (user, Some(password)),
        None => (user, None),
    };
    let mut moved = format!("{scheme}://{tail}");
    moved.push(if tail.contains('?') { '&' } else { '?' });
    moved.push_str(&format!("user={user}"));
    if let Some(password) = password {
        moved.push_str(&format!("&password={password}"));
    }
    moved
}

/// The name of the database that a URL leads to, as PostgreSQL's own programs would choose it; an
/// error where it is no URL of PostgreSQL.
pub fn database_of(url: &str) -> Result<String, ConnectError> {
    let options =
        options(url).map_err(|error| ConnectError::url(url, super::open::url_message(&error)))?;
    Ok(match options.get_database() {
        Some(name) => name.to_owned(),
        None => options.get_username().to_owned(),
    })
}

/// Host and port, or the folder of the socket, as far as the URL says; nothing of who connects.
pub(crate) fn server_of(url: &str) -> String {
    match options(url) {
        Ok(options) => match options.get_socket() {
            Some(folder) => format!("{}:{}", folder.display(), options.get_port()),
            None => format!("{}:{}", options.get_host(), options.get_port()),
        },
        Err(_) => String::new(),
    }
}

fn mask_parameters(url: &str) -> String {
    let Some((before, query)) = url.split_once('?') else {
        return url.to_owned();
    };
    let pairs: Vec<&str> = query
        .split('&')
        .map(|pair| match pair.starts_with("password=") {
            true => "password=***",
            false => pair,
        })
        .collect();
    format!("{before}?{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_never_shown() {
        for (url, shown) in [
            (
                "postgres://ada:s3cret@db.example/app",
                "postgres://ada:***@db.example/app",
            ),
            (
                "postgres://ada@db.example/app",
                "postgres://ada@db.example/app",
            ),
            (
                "postgres:///app?host=/tmp/x&user=ada&password=s3cret",
                "postgres:///app?host=/tmp/x&user=ada&password=***",
            ),
            (
                "postgres://ada:s3cret@/app?host=/tmp/x",
                "postgres:///app?host=/tmp/x&user=ada&password=***",
            ),
            (
                "postgres://ada:s3@cret@db:notaport/app",
                "postgres://***@db:notaport/app",
            ),
            ("nothing", "nothing"),
        ] {
            assert_eq!(masked(url), shown);
            assert!(!masked(url).contains("s3"), "{url}");
        }
    }

    #[test]
    fn sockets_are_understood_in_each_spelling() {
        for url in [
            "postgres:///app?host=/tmp/x&port=5433&user=ada",
            "postgres://ada@/app?host=/tmp/x&port=5433",
            "postgres://ada@%2Ftmp%2Fx:5433/app",
        ] {
            let options = options(url).unwrap();
            assert_eq!(options.get_socket().unwrap().to_str(), Some("/tmp/x"));
            assert_eq!(options.get_port(), 5433);
            assert_eq!(options.get_username(), "ada");
            assert_eq!(options.get_database(), Some("app"));
        }
    }

    #[test]
    fn this_machine_is_told_from_others() {
        for url in [
            "postgres:///app?host=/tmp/x&user=ada",
            "postgres://ada@%2Ftmp%2Fx:5433/app",
            "postgres://ada@localhost/app",
            "postgres://ada@127.0.0.2:5433/app",
            "postgres://ada@[::1]/app",
        ] {
            assert!(is_local(url), "{url}");
        }
        for url in [
            "postgres://ada@db.example/app",
            "postgres://ada@10.0.0.1/app",
            "postgres://ada@localhost.example/app",
            "postgres://ada@127.0.0.1.example/app",
            "nonsense",
        ] {
            assert!(!is_local(url), "{url}");
        }
    }

    #[test]
    fn the_database_is_the_one_that_psql_would_take() {
        for (url, name) in [
            ("postgres://ada@h/app", "app"),
            ("postgresql://ada@h:5433/a%20b?x=1", "a b"),
            ("postgres://ada@h", "ada"),
            ("postgres:///app?host=/tmp/x&user=ada", "app"),
        ] {
            assert_eq!(database_of(url).unwrap(), name);
        }
        for url in ["mysql://ada@h/app", "nonsense", "postgres://h:port/app", ""] {
            database_of(url).unwrap_err();
        }
    }

    #[test]
    fn another_database_keeps_the_rest() {
        for (url, other) in [
            ("postgres://a:b@h:1/app?x=1", "postgres://a:b@h:1/other?x=1"),
            (
                "postgres:///app?host=/tmp/x&dbname=app",
                "postgres:///other?host=/tmp/x",
            ),
            (
                "postgres://a@/app?host=/t",
                "postgres:///other?host=/t&user=a",
            ),
        ] {
            assert_eq!(with_database(url, "other").unwrap(), other);
        }
    }
}
