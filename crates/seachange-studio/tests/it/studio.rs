//! A studio that was started for one test, and requests whose every byte the test chooses.

use std::collections::BTreeMap;

use seachange::testing::TestDatabase;
use seachange_studio::{Access, Running, Settings, start};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Executor as _, PgPool};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A studio, its database, and the cookie and header of a browser that was let in.
pub(super) struct Studio {
    running: Running,
    pub(super) pool: PgPool,
    cookie: String,
    csrf: String,
    _database: TestDatabase,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
}

impl Studio {
    pub(super) async fn on(schema: &str) -> Self {
        Self::with(schema, |_| {}).await
    }

    pub(super) async fn with(schema: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let database = TestDatabase::empty().await;
        let pool = database.pool().await;
        pool.execute(sqlx::raw_sql(AssertSqlSafe(schema)))
            .await
            .unwrap();
        let mut settings = Settings::new(database.url(), "shop", Access::ReadWrite);
        change(&mut settings);
        let running = start(settings).await.unwrap();
        let mut studio = Self {
            running,
            pool,
            cookie: String::new(),
            csrf: String::new(),
            _database: database,
        };
        let (path, host) = (studio.token_path(), studio.host());
        let opened = studio.raw("GET", &path, &[("Host", &host)], "").await;
        let cookie = opened.headers["set-cookie"].split(';').next().unwrap();
        studio.cookie = cookie.to_owned();
        let page = studio.get("/").await.body;
        let csrf = page.split("name=\"csrf\" content=\"").nth(1).unwrap();
        studio.csrf = csrf.split('"').next().unwrap().to_owned();
        studio
    }

    pub(super) fn host(&self) -> String {
        self.running.address().to_string()
    }

    /// The path of a link that nobody has opened.
    pub(super) fn token_path(&self) -> String {
        let link = self.running.link();
        link.split_once(&self.host()).unwrap().1.to_owned()
    }

    pub(super) fn cookie(&self) -> &str {
        &self.cookie
    }

    pub(super) fn csrf(&self) -> &str {
        &self.csrf
    }

    /// As our own page asks.
    pub(super) async fn get(&self, path: &str) -> Answer {
        let host = self.host();
        let headers = [
            ("Host", host.as_str()),
            ("Cookie", &self.cookie),
            ("Accept", "text/html"),
            ("Sec-Fetch-Site", "same-origin"),
        ];
        self.raw("GET", path, &headers, "").await
    }

    /// As our own modules ask.
    pub(super) async fn post(&self, path: &str, body: Value) -> Answer {
        let host = self.host();
        let origin = format!("http://{host}");
        let headers = [
            ("Host", host.as_str()),
            ("Cookie", &self.cookie),
            ("Origin", &origin),
            ("Sec-Fetch-Site", "same-origin"),
            ("Content-Type", "application/json"),
            ("X-Seachange-Csrf", &self.csrf),
        ];
        self.raw("POST", path, &headers, &body.to_string()).await
    }

    /// A request of these headers and no others, but for its length.
    pub(super) async fn raw(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut stream = self.connect().await;
        let mut request = format!("{method} {path} HTTP/1.1\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!(
            "Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        ));
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        Answer::read(&bytes)
    }

    pub(super) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.running.address()).await.unwrap()
    }

    /// A request that is sent, and of whose answer nothing is taken yet.
    pub(super) async fn begins(&self, path: &str) -> TcpStream {
        let mut stream = self.connect().await;
        let (host, cookie) = (self.host(), &self.cookie);
        let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    }

    /// The one text that a query gives.
    pub(super) async fn value(&self, sql: &str) -> String {
        sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }
}

impl Answer {
    fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let status = lines.next().unwrap_or_default().split(' ').nth(1);
        let headers: BTreeMap<String, String> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let body = match headers.get("transfer-encoding").map(String::as_str) {
            Some("chunked") => chunks(body),
            _ => body.to_owned(),
        };
        Self {
            status: status
                .and_then(|status| status.parse().ok())
                .unwrap_or_default(),
            headers,
            body,
        }
    }

    #[track_caller]
    pub(super) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

fn chunks(mut rest: &str) -> String {
    let mut whole = String::new();
    while let Some((size, behind)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            break;
        }
        whole.push_str(&behind[..size]);
        rest = behind[size..].trim_start_matches("\r\n");
    }
    whole
}
