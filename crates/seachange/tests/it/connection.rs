//! Connections and errors as a server really gives them.

use seachange::Help;
use seachange::connection::{
    SqlError, SqlText, masked, open, run_sql, run_statement, statements, with_database,
};
use sqlx::{Connection, PgConnection};

use crate::database::{admin, admin_url};

async fn connect() -> PgConnection {
    admin().await
}

async fn run(text: &str) -> Result<(), SqlError> {
    let mut connection = connect().await;
    let mut transaction = connection.begin().await.unwrap();
    run_sql(
        &mut transaction,
        SqlText {
            path: "a.sql",
            text,
        },
    )
    .await
}

async fn failure(text: &str) -> SqlError {
    run(text).await.expect_err(text)
}

#[tokio::test]
async fn a_session_is_pinned() {
    let mut connection = connect().await;
    let row: (String, String, String) = sqlx::query_as(
        "SELECT current_setting('search_path'), current_setting('application_name'), \
         current_setting('client_min_messages')",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    assert_eq!(
        row,
        ("public".into(), "seachange test".into(), "warning".into())
    );
}

#[tokio::test]
async fn a_connection_that_fails_says_where_to() {
    let nowhere = with_database(&admin_url().await, "no_such_database").unwrap();
    let error = open(&nowhere, "test").await.unwrap_err();
    assert_eq!(error.sqlstate(), Some("3D000"));
    assert!(error.to_string().contains(&masked(&nowhere)), "{error}");
    assert!(error.help().unwrap().contains("create the database"));

    let error = open("postgres://ada:s3cret@127.0.0.1:1/app", "test")
        .await
        .unwrap_err();
    assert!(error.to_string().contains("ada:***@"), "{error}");
    assert!(
        error.help().unwrap().contains("no server listens"),
        "{error}"
    );

    let error = open("postgres:///app?host=/nowhere&password=s3cret", "test")
        .await
        .unwrap_err();
    assert!(!error.to_string().contains("s3cret"), "{error}");

    let error = open("postgres://ada:s3cret@db:notaport/app", "test")
        .await
        .unwrap_err();
    assert!(!error.to_string().contains("s3cret"), "{error}");
    assert!(error.help().unwrap().contains("a URL reads"));
}

#[tokio::test]
async fn a_position_becomes_line_and_column() {
    let error = failure("-- größe\nselect 1;\n\nselect 'ä',\n  nix from pg_class;\n").await;
    assert_eq!((error.line, error.column), (5, Some(3)));
    assert_eq!(error.sqlstate.as_deref(), Some("42703"));
    assert!(
        error.statement.starts_with("select 'ä'"),
        "{}",
        error.statement
    );
    assert!(
        error.to_string().starts_with("a.sql:5: column \"nix\""),
        "{error}"
    );
    assert!(error.to_string().ends_with("(SQLSTATE 42703)"), "{error}");
}

#[tokio::test]
async fn a_syntax_error_is_found_before_anything_runs() {
    let mut connection = connect().await;
    let text = "create temp table a ();\nselect from from;";
    let error = run_sql(
        &mut connection,
        SqlText {
            path: "a.sql",
            text,
        },
    )
    .await
    .unwrap_err();
    assert_eq!((error.line, error.column), (2, Some(13)));
    let error = failure("select 1;\n\nselect 'open").await;
    assert_eq!(error.line, 3);
    run_sql(
        &mut connection,
        SqlText {
            path: "b.sql",
            text: "create temp table a ();",
        },
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn without_a_position_the_failing_statement_is_named() {
    let text = "create temp table a (b int primary key);;\n\
                insert into a values (1);\n-- a comment; with more\n\
                \n  insert into a\n  values (1);\nselect 1;";
    let error = failure(text).await;
    assert_eq!((error.line, error.column), (5, None));
    assert_eq!(error.sqlstate.as_deref(), Some("23505"));
    assert_eq!(error.detail.as_deref(), Some("Key (b)=(1) already exists."));
    assert!(
        error.statement.starts_with("insert into a\n"),
        "{}",
        error.statement
    );
}

#[tokio::test]
async fn rows_on_the_way_do_not_count_as_statements() {
    let error = failure("select generate_series(1, 5);\nselect 1 where false;\nselect 1/0;").await;
    assert_eq!(error.line, 3);
    assert_eq!(error.sqlstate.as_deref(), Some("22012"));
}

#[tokio::test]
async fn an_error_inside_a_function_is_told_with_its_context() {
    let error = failure("select 1;\ndo $$ begin\n perform 1/0;\nend $$;").await;
    assert_eq!(error.line, 2);
    assert!(error.context.as_ref().unwrap().contains("PL/pgSQL"));
}

#[tokio::test]
async fn one_statement_is_placed_in_its_file() {
    let mut connection = connect().await;
    let text = "select 1;\nselect 2,\n  nix;";
    let sql = SqlText {
        path: "a.sql",
        text,
    };
    let all = statements(text);
    run_statement(&mut connection, sql, &all[0]).await.unwrap();
    let error = run_statement(&mut connection, sql, &all[1])
        .await
        .unwrap_err();
    assert_eq!((error.line, error.column), (3, Some(3)));
}

#[tokio::test]
async fn what_only_psql_understands_is_refused_or_left_out() {
    let error = failure("select 1;\n\\d t\n").await;
    assert_eq!(
        error.to_string(),
        "a.sql:2: this is a command of psql, not SQL"
    );
    assert!(error.help().is_some());
    let error = failure("\ncopy t from stdin;\n1\n\\.\n").await;
    assert_eq!(error.line, 2);
    run("\\restrict abc\nselect 1;\n\\unrestrict abc\n")
        .await
        .unwrap();
    run("\\restrict abc\n").await.unwrap();
    run("-- nothing\n").await.unwrap();
    let error = failure("\\restrict abc\nselect 1;\nselect nix;\n").await;
    assert_eq!((error.line, error.column), (3, Some(8)));
}

#[tokio::test]
async fn after_an_error_the_connection_still_works() {
    let mut connection = connect().await;
    let sql = SqlText {
        path: "a.sql",
        text: "select 1; select 1/0; select 2",
    };
    run_sql(&mut connection, sql).await.unwrap_err();
    let one: i32 = sqlx::query_scalar("SELECT 1")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(one, 1);
}
