//! Whose machine a database is on.

use std::net::IpAddr;

use sea_orm::sqlx::postgres::PgConnectOptions;

use crate::error::SeedError;

/// Refuses a URL that leads to another machine: neither a Unix socket nor a loopback address.
pub(crate) fn require_local(url: &str) -> Result<(), SeedError> {
    let options: PgConnectOptions = url.parse().map_err(|error: sea_orm::sqlx::Error| {
        SeedError::Settings(db::SettingsError::Url {
            reason: error.to_string(),
        })
    })?;
    let host = options.get_host();
    match options.get_socket().is_some() || is_local(host) {
        true => Ok(()),
        false => Err(SeedError::Remote {
            host: host.to_owned(),
        }),
    }
}

fn is_local(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let loopback = |address: IpAddr| address.to_canonical().is_loopback();
    host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || host.parse().is_ok_and(loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_local_however_it_is_spelled() {
        for url in [
            "postgres://a:b@localhost/x",
            "postgres://a@LOCALHOST:5433/x",
            "postgres://127.0.0.1/x",
            "postgres://127.8.8.8/x",
            "postgres://[::1]:5432/x",
            "postgres://[::ffff:127.0.0.1]/x",
            "postgres://%2Fvar%2Frun/x",
            "postgres:///x?host=/var/run&user=a",
            "postgresql:///x?host=127.0.0.1",
        ] {
            assert!(require_local(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn another_machine_is_not() {
        for (url, name) in [
            ("postgres://a:b@db.example.org/x", "db.example.org"),
            ("postgres://10.0.0.1/x", "10.0.0.1"),
            (
                "postgres://localhost.example.org/x",
                "localhost.example.org",
            ),
            (
                "postgres://localhost/x?host=db.example.org",
                "db.example.org",
            ),
            ("postgres://localhost/x?hostaddr=10.0.0.1", "10.0.0.1"),
            ("postgres://[2001:db8::1]/x", "[2001:db8::1]"),
        ] {
            match require_local(url) {
                Err(SeedError::Remote { host }) => assert_eq!(host, name, "{url}"),
                other => panic!("{url}: {other:?}"),
            }
        }
    }
}
