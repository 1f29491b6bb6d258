//! `db::connect` and the settings that it takes from the environment.

use std::collections::BTreeMap;
use std::time::Duration;

use db::{Settings, SettingsError};
use sea_orm::{FromQueryResult, Statement};

use crate::database::TestDatabase;

const URL: &str = "postgres://app:secret@db.example.org/cohortflow";

fn read(url: Option<&str>, variables: &[(&'static str, &str)]) -> Result<Settings, SettingsError> {
    let variables: BTreeMap<_, _> = variables.iter().copied().collect();
    Settings::read(url, |name| {
        Ok(variables.get(name).map(|value| (*value).to_owned()))
    })
}

#[tokio::test]
async fn a_connection_has_the_settings_that_were_asked_for() {
    #[derive(Debug, PartialEq, FromQueryResult)]
    struct Row {
        application_name: String,
        search_path: String,
        statement_timeout: String,
    }
    let database = TestDatabase::create_empty().await;
    let settings =
        read(Some(&database.url), &[("DB_STATEMENT_TIMEOUT", "1500ms")]).expect("are right");
    let connection = db::connect(&settings, "cohortflow test")
        .await
        .expect("connects");
    let row = Row::find_by_statement(Statement::from_string(
        connection.get_database_backend(),
        "SELECT current_setting('application_name') AS application_name,
            current_setting('search_path') AS search_path,
            current_setting('statement_timeout') AS statement_timeout",
    ))
    .one(&connection)
    .await
    .expect("reads")
    .expect("one row");
    assert_eq!(
        row,
        Row {
            application_name: "cohortflow test".to_owned(),
            search_path: "public".to_owned(),
            statement_timeout: "1500ms".to_owned(),
        }
    );
    connection.close().await.expect("closes");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named() {
    let database = TestDatabase::create_empty().await;
    let url = database.url.replace(&database.name, "no_such_database");
    let settings = read(Some(&url), &[]).expect("are right");
    let error = db::connect(&settings, "test")
        .await
        .expect_err("there is no such database");
    assert!(
        error.to_string().contains("database `no_such_database` at"),
        "{error}"
    );
    assert!(
        error
            .help()
            .is_some_and(|help| help.contains("cargo xtask db migrate"))
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_an_error_at_once() {
    // A port that was free a moment ago.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("binds");
    let port = listener.local_addr().expect("has an address").port();
    drop(listener);
    let url = format!("postgres://app:secret@127.0.0.1:{port}/x");
    let settings = read(Some(&url), &[("DB_ACQUIRE_TIMEOUT", "1h")]).expect("are right");
    let error = db::connect(&settings, "test")
        .await
        .expect_err("nothing listens");
    let expected = format!("cannot connect to database `x` at `127.0.0.1:{port}` as `app`");
    assert_eq!(error.to_string(), expected);
    assert!(error.help().is_some());
}

#[tokio::test]
async fn a_server_that_keeps_silent_is_given_up() {
    // Taken on by the kernel, and never answered.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("binds");
    let url = format!(
        "postgres://{}/x",
        listener.local_addr().expect("has an address")
    );
    let settings = read(Some(&url), &[("DB_ACQUIRE_TIMEOUT", "50ms")]).expect("are right");
    let error = db::connect(&settings, "test")
        .await
        .expect_err("nobody answers");
    assert!(
        error.to_string().ends_with("did not answer within 50ms"),
        "{error}"
    );
    assert!(error.help().is_some());
}

#[test]
fn defaults_do_without_any_variable_but_the_url() {
    let settings =
        read(None, &[("DATABASE_URL", URL), ("DB_IDLE_TIMEOUT", " ")]).expect("are right");
    assert_eq!(settings.url(), URL);
    assert_eq!(settings.max_connections, 10);
    assert_eq!(settings.statement_timeout, Some(Duration::from_secs(30)));
    assert_eq!(settings.idle_timeout, Some(Duration::from_secs(600)));
}

#[test]
fn every_variable_of_the_example_file_holds_its_default() {
    let text = include_str!("../../../../.env.example");
    let example: Vec<(String, String)> = text
        .lines()
        .filter_map(|line| line.trim_start_matches('#').split_once('='))
        .filter(|(name, _)| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let asked = std::cell::RefCell::new(Vec::new());
    let settings = Settings::read(Some(URL), |name| {
        asked.borrow_mut().push(name);
        let of = example.iter().find(|(of, _)| of == name);
        Ok(Some(
            of.unwrap_or_else(|| panic!("{name} is not in the file"))
                .1
                .clone(),
        ))
    })
    .expect("the file's values are right");
    assert!(asked.into_inner().len() >= 8);
    let defaults = read(Some(URL), &[]).expect("are right");
    assert_eq!(settings, defaults);
}

#[test]
fn what_is_wrong_is_named_with_a_remedy_and_without_the_password() {
    for (url, variables, message) in [
        (None, vec![], "`DATABASE_URL` is not set"),
        (
            None,
            vec![("DATABASE_URL", "")],
            "`DATABASE_URL` is not set",
        ),
        (
            Some("mysql://root:secret@localhost/x"),
            vec![],
            "the database URL is not one of PostgreSQL: it does not begin with `postgres://`",
        ),
        (
            Some("postgres://u:secret@host:port/x"),
            vec![],
            "the database URL is not one of PostgreSQL: error with configuration: invalid port number",
        ),
        (
            Some(URL),
            vec![("DB_MAX_CONNECTIONS", "many")],
            "`DB_MAX_CONNECTIONS` is `many`, which is not a whole number",
        ),
        (
            Some(URL),
            vec![("DB_MAX_CONNECTIONS", "0")],
            "`DB_MAX_CONNECTIONS` is `0`, which is not at least 1",
        ),
        (
            Some(URL),
            vec![("DB_MIN_CONNECTIONS", "11")],
            "`DB_MIN_CONNECTIONS` is 11, more than `DB_MAX_CONNECTIONS`, which is 10",
        ),
        (
            Some(URL),
            vec![("DB_ACQUIRE_TIMEOUT", "30")],
            "`DB_ACQUIRE_TIMEOUT` is `30`, which is not a duration such as `500ms`, `30s`, `10min` or `1h`",
        ),
        (
            Some(URL),
            vec![("DB_LOG_STATEMENTS", "loud")],
            "`DB_LOG_STATEMENTS` is `loud`, which is not one of `off`, `error`, `warn`, `info`, `debug`, `trace`",
        ),
    ] {
        let error = read(url, &variables).expect_err(message);
        assert_eq!(error.to_string(), message);
        assert!(error.help().is_some(), "{message}");
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
    let settings = read(Some(URL), &[]).expect("are right");
    assert!(!format!("{settings:?}").contains("secret"));
}
