//! The real program: it listens, says whether it is ready, and stops when it is told to.

use std::process::Stdio;
use std::time::Duration;

use axum::body::Body;
use hyper::Request;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use sea_orm::{ConnectionTrait as _, EntityTrait as _};
use seachange::testing::TestDatabase;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::harness::KEY;

struct Served {
    child: Child,
    address: String,
}

fn program(url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_api"));
    command
        .env("COHORTFLOW_TOKEN_KEY", KEY)
        .env("DATABASE_URL", url)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

impl Served {
    async fn start(url: &str) -> Self {
        Self::start_logging(url, "info").await
    }

    /// Nobody reads the log before the end: who asks often has it say little, or the program waits for a reader.
    async fn start_logging(url: &str, log: &str) -> Self {
        let mut child = program(url)
            .env("RUST_LOG", log)
            .args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json"])
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = child.stdout.as_mut().unwrap();
        BufReader::new(stdout).read_line(&mut line).await.unwrap();
        let address = line.trim().strip_prefix("listening on http://");
        let address = address.unwrap_or_else(|| panic!("{line}")).to_owned();
        Self { child, address }
    }

    async fn get(&self, path: &str) -> (u16, String, hyper::HeaderMap) {
        let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
        let uri = format!("http://{}{path}", self.address);
        let request = Request::get(uri).header("x-request-id", "seen-before");
        let answer = client
            .request(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = axum::body::to_bytes(Body::new(body), usize::MAX)
            .await
            .unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        (parts.status.as_u16(), text, parts.headers)
    }

    fn terminate(&self) {
        let id = self.child.id().unwrap();
        let pid = rustix::process::Pid::from_raw(i32::try_from(id).unwrap()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    }
}

#[tokio::test]
async fn it_serves_and_lets_a_request_end_before_it_stops() {
    let database = TestDatabase::seeded().await;
    let mut served = Served::start(database.url()).await;
    let (status, text, headers) = served.get("/ready").await;
    assert_eq!((status, text.as_str()), (200, "{\"status\":\"ok\"}"));
    assert_eq!(headers["x-request-id"], "seen-before");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(served.get("/health").await.0, 200);
    assert_eq!(served.get("/nowhere").await.0, 404);
    let (status, page, _) = served.get("/docs/").await;
    assert_eq!(status, 200);
    assert!(
        page.contains("swagger-ui") && !page.contains("https://"),
        "{page}"
    );
    let document: Value = serde_json::from_str(&served.get("/openapi.json").await.1).unwrap();
    assert_eq!(document["openapi"], "3.1.0");

    let token = program(database.url())
        .args(["token", "Coordinator@CohortFlow.org", "--for", "1h"])
        .output()
        .await
        .unwrap();
    assert!(token.status.success());
    let token = String::from_utf8(token.stdout).unwrap();
    // The head is there, and the body still under way, when the signal comes.
    let body = r#"{"to":"archived"}"#;
    let connection = database.connect().await;
    let program = db::programs::Entity::find().one(&connection).await;
    let program = program.unwrap().unwrap().id;
    let mut stream = TcpStream::connect(&served.address).await.unwrap();
    let head = format!(
        "POST /v1/programs/{program}/transitions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        token.trim(),
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // The handler has begun to read the body.
    let mut go = [0; 25];
    stream.read_exact(&mut go).await.unwrap();
    assert!(go.starts_with(b"HTTP/1.1 100 Continue"));
    served.terminate();
    // Nobody is let in any more.
    while TcpStream::connect(&served.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("\"status\":\"archived\""), "{answer}");
    let ended = tokio::time::timeout(Duration::from_secs(30), served.child.wait());
    assert!(ended.await.unwrap().unwrap().success());
    let mut log = String::new();
    let stderr = served.child.stderr.as_mut().unwrap();
    stderr.read_to_string(&mut log).await.unwrap();
    assert!(
        log.contains("\"route\":\"/v1/programs/{id}/transitions\""),
        "{log}"
    );
    assert!(log.contains("seen-before") && log.contains("\"signal\":\"SIGTERM\""));
    for secret in [token.trim(), KEY, "coordinator@cohortflow.org"] {
        assert!(!log.to_lowercase().contains(&secret.to_lowercase()));
    }
}

#[tokio::test]
async fn it_is_not_ready_where_migrations_are_pending_or_the_schema_has_drifted() {
    let newest = "DELETE FROM seaql_migrations WHERE version LIKE '%add_phone_number'";
    for (change, expected) in [
        (newest, "is not applied"),
        ("DROP INDEX users_role_idx", "the schema has drifted"),
    ] {
        let database = TestDatabase::migrated().await;
        let served = Served::start(database.url()).await;
        let connection = database.connect().await;
        connection.execute_unprepared(change).await.unwrap();
        let (status, text, headers) = served.get("/ready").await;
        assert_eq!(status, 503, "{text}");
        assert_eq!(headers["content-type"], "application/problem+json");
        assert!(text.contains(expected), "{text}");
        assert_eq!(served.get("/health").await.0, 200);
    }
}

#[tokio::test]
async fn without_its_database_it_is_not_ready_and_with_it_again_it_is() {
    let database = TestDatabase::migrated().await;
    let served = Served::start_logging(database.url(), "off").await;
    let (address, query) = database
        .url()
        .split_once('?')
        .unwrap_or((database.url(), ""));
    let (elsewhere, name) = address.rsplit_once('/').unwrap();
    let server = sea_orm::Database::connect(format!("{elsewhere}/postgres?{query}"))
        .await
        .unwrap();
    let let_in = async |whether: bool| {
        let sql = format!("ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS {whether}");
        server.execute_unprepared(&sql).await.unwrap();
    };
    let_in(false).await;
    let end =
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    server.execute_unprepared(&end).await.unwrap();
    let (status, text, headers) = served.get("/ready").await;
    assert_eq!(status, 503, "{text}");
    assert!(headers.contains_key("retry-after"), "{headers:?}");
    assert_eq!(served.get("/health").await.0, 200);
    let_in(true).await;
    // An answer is remembered for a moment.
    let begin = std::time::Instant::now();
    loop {
        let (status, text, _) = served.get("/ready").await;
        if status == 200 {
            break;
        }
        assert!(begin.elapsed() < Duration::from_secs(30), "{text}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn it_refuses_a_short_key_and_an_unknown_user() {
    let database = TestDatabase::migrated().await;
    let short = program(database.url())
        .env("COHORTFLOW_TOKEN_KEY", "short")
        .args(["serve", "--listen", "127.0.0.1:0"])
        .output()
        .await
        .unwrap();
    let text = String::from_utf8(short.stderr).unwrap();
    assert_eq!(short.status.code(), Some(64), "{text}");
    assert!(
        text.contains("has 5 bytes, fewer than 32") && text.contains("help:"),
        "{text}"
    );
    let mut nobody = program(database.url());
    let nobody = nobody
        .args(["token", "nobody@example.org"])
        .output()
        .await
        .unwrap();
    assert_eq!(nobody.status.code(), Some(1));
}
