//! A proxy between the runner and the server that sees each request of the runner on either of its connections,
//! and says when one has come: the place to kill the runner at.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;
use url::Url;

use super::error::TortureError;
use super::server::TortureServer;

/// What the runner asked for.
#[derive(Clone, Debug)]
pub(super) struct Request {
    /// The beginning of its SQL.
    pub(super) sql: String,
    begun: Instant,
    /// How long the answer took.
    pub(super) took: Duration,
}

/// At which request, counted from 0, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    pub(super) request: usize,
    pub(super) moment: Moment,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Moment {
    /// The server never hears of it.
    Before,
    /// So long after the server has heard of it.
    Inside(Duration),
    /// The server has answered, and nobody hears it.
    After,
}

/// The proxy; with the value all its connections are cut.
pub(super) struct Watched {
    port: u16,
    seen: Arc<Mutex<Vec<Request>>>,
    reached: watch::Receiver<bool>,
    task: JoinHandle<()>,
}

#[derive(Clone)]
struct Eye {
    at: Option<At>,
    seen: Arc<Mutex<Vec<Request>>>,
    say: watch::Sender<bool>,
}

impl Watched {
    pub(super) async fn new(server: &TortureServer, at: Option<At>) -> Result<Self, TortureError> {
        let failed = |source| TortureError::Start {
            command: "a proxy".to_owned(),
            source,
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let (say, reached) = watch::channel(false);
        let seen = Arc::default();
        let eye = Eye {
            at,
            seen: Arc::clone(&seen),
            say,
        };
        let behind = server.port();
        let task = tokio::spawn(async move {
            // Ends with this task, and every connection with it.
            let mut carried = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let eye = eye.clone();
                carried.spawn(async move {
                    if let Ok(server) = TcpStream::connect(("127.0.0.1", behind)).await {
                        eye.pass(client, server).await;
                    }
                });
            }
        });
        Ok(Self {
            port,
            seen,
            reached,
            task,
        })
    }

    /// Through the proxy.
    pub(super) fn url(&self, server: &TortureServer, database: &str) -> String {
        through(&server.tcp_url(database), self.port)
    }

    /// Ready when the moment has come.
    pub(super) fn reached(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut reached = self.reached.clone();
        async move {
            if reached.wait_for(|reached| *reached).await.is_err() {
                std::future::pending().await
            }
        }
    }

    pub(super) fn seen(&self) -> Vec<Request> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The same server behind another port.
fn through(url: &str, port: u16) -> String {
    match Url::parse(url) {
        Ok(mut parsed) => {
            // A URL with a host takes a port.
            let _ = parsed.set_port(Some(port));
            parsed.into()
        }
        Err(_) => url.to_owned(),
    }
}

impl Eye {
    async fn pass(&self, mut client: TcpStream, mut server: TcpStream) {
        let (mut asked, mut answered) = (vec![0; 65536], vec![0; 65536]);
        let mut last = None;
        loop {
            tokio::select! {
                read = client.read(&mut asked) => {
                    let Ok(length @ 1..) = read else { return };
                    let number = self.see(&asked[..length]);
                    last = Some(number);
                    match self.moment(number) {
                        Some(Moment::Before) => return self.hold(client).await,
                        Some(Moment::Inside(time)) => {
                            let say = self.say.clone();
                            tokio::spawn(async move {
                                sleep(time).await;
                                say.send_replace(true);
                            });
                        }
                        Some(Moment::After) | None => {}
                    }
                    if server.write_all(&asked[..length]).await.is_err() { return }
                }
                read = server.read(&mut answered) => {
                    let Ok(length @ 1..) = read else { return };
                    if let Some(number) = last {
                        self.answered(number);
                        if let Some(Moment::After) = self.moment(number) {
                            return self.hold(client).await;
                        }
                    }
                    if client.write_all(&answered[..length]).await.is_err() { return }
                }
            }
        }
    }

    /// Until the runner is gone; the server's side stays open as long.
    async fn hold(&self, mut client: TcpStream) {
        self.say.send_replace(true);
        while client
            .read(&mut [0; 1024])
            .await
            .is_ok_and(|length| length > 0)
        {}
    }

    fn moment(&self, number: usize) -> Option<Moment> {
        self.at
            .filter(|at| at.request == number)
            .map(|at| at.moment)
    }

    fn see(&self, bytes: &[u8]) -> usize {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push(Request {
            sql: sql(bytes),
            begun: Instant::now(),
            took: Duration::ZERO,
        });
        seen.len() - 1
    }

    fn answered(&self, number: usize) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(request) = seen.get_mut(number) {
            request.took = request.begun.elapsed();
        }
    }
}

/// How the statements of the runner and of the migrations begin.
const VERBS: [&str; 15] = [
    "ALTER ",
    "BEGIN",
    "COMMIT",
    "CREATE ",
    "DELETE FROM",
    "DROP ",
    "INSERT INTO",
    "REINDEX ",
    "RESET ",
    "ROLLBACK",
    "SELECT ",
    "SET ",
    "UPDATE ",
    "VACUUM",
    "WITH ",
];

/// What of a message can be read, from the first verb on.
fn sql(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let begin = VERBS.iter().filter_map(|verb| text.find(verb)).min();
    match begin {
        Some(begin) => {
            let end = text[begin..]
                .find('\0')
                .map_or(text.len(), |end| begin + end);
            let words: Vec<&str> = text[begin..end].split_whitespace().collect();
            words.join(" ")
        }
        None if text.contains("sqlx_s_") => "a prepared statement".to_owned(),
        None => "the beginning or end of a session".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_told_by_its_sql() {
        let query = b"Q\0\0\0\x2aINSERT INTO t\n  SELECT 1\0";
        assert_eq!(sql(query), "INSERT INTO t SELECT 1");
        let parse = b"P\0\0\0\x30sqlx_s_1\0VACUUM t\0\0\0D\0\0\0\x06S";
        assert_eq!(sql(parse), "VACUUM t");
        assert_eq!(sql(b"B\0\0\0\x0f\0sqlx_s_1\0"), "a prepared statement");
        assert_eq!(sql(b"X\0\0\0\x04"), "the beginning or end of a session");
    }

    #[test]
    fn a_url_is_led_through_the_proxy() {
        let url = "postgres://ada:secret@127.0.0.1:5432/app";
        assert_eq!(through(url, 7), "postgres://ada:secret@127.0.0.1:7/app");
    }
}
