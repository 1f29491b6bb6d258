//! What a browser sends, over a connection that is kept, and how long each answer takes from the first byte that is
//! sent to the last one that comes. Nothing of it is drawn.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use crate::bench::error::BenchError;

/// Somebody who opened a link.
pub(super) struct Browser {
    address: SocketAddr,
    connection: Option<BufReader<TcpStream>>,
    cookie: String,
    csrf: String,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
    pub(super) took: Duration,
}

/// How much of an answer is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    All,
    /// So many bytes; then the connection is cut.
    Bytes(usize),
}

/// The head of an answer.
struct Head {
    status: u16,
    cookie: Option<String>,
    length: Length,
}

enum Length {
    Known(usize),
    Chunks,
}

impl Browser {
    pub(super) async fn open(link: &str) -> Result<Self, BenchError> {
        let unread = || BenchError::Studio {
            said: format!("`{link}` is no link"),
        };
        let rest = link.strip_prefix("http://").ok_or_else(unread)?;
        let (host, path) = rest.split_once('/').ok_or_else(unread)?;
        let mut browser = Self {
            address: host.parse().map_err(|_| unread())?,
            connection: None,
            cookie: String::new(),
            csrf: String::new(),
        };
        let opened = browser.get(&format!("/{path}")).await?;
        opened.done(path)?;
        let first = browser.get("/").await?;
        browser.csrf = between(&first.body, "name=\"csrf\" content=\"", "\"").ok_or_else(unread)?;
        Ok(browser)
    }

    pub(super) async fn get(&mut self, path: &str) -> Result<Answer, BenchError> {
        self.ask(path, &self.request("GET", path, ""), Taken::All)
            .await
    }

    /// A file that is begun, and not always taken to its end.
    pub(super) async fn take(&mut self, path: &str, taken: Taken) -> Result<Answer, BenchError> {
        self.ask(path, &self.request("GET", path, ""), taken).await
    }

    pub(super) async fn post(
        &mut self,
        path: &str,
        body: &serde_json::Value,
    ) -> Result<Answer, BenchError> {
        let request = self.request("POST", path, &body.to_string());
        self.ask(path, &request, Taken::All).await
    }

    fn request(&self, method: &str, path: &str, body: &str) -> String {
        let (host, cookie, csrf) = (self.address, &self.cookie, &self.csrf);
        let kind = match method {
            "POST" => format!(
                "Accept: application/json\r\nContent-Type: application/json\r\nOrigin: http://{host}\r\n\
                 X-Seachange-Csrf: {csrf}\r\nContent-Length: {}\r\n",
                body.len()
            ),
            _ => "Accept: text/html\r\n".to_owned(),
        };
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\n{kind}\r\n{body}"
        )
    }

    /// As browsers do, once more where a kept connection was closed meanwhile.
    async fn ask(&mut self, path: &str, request: &str, taken: Taken) -> Result<Answer, BenchError> {
        let kept = self.connection.is_some();
        let asked = self.try_to_ask(request, taken).await;
        let asked = match asked {
            Err(error) if kept && error.kind() == ErrorKind::ConnectionReset => {
                self.try_to_ask(request, taken).await
            }
            asked => asked,
        };
        asked.map_err(|source| BenchError::Http {
            path: path.to_owned(),
            source,
        })
    }

    async fn try_to_ask(&mut self, request: &str, taken: Taken) -> io::Result<Answer> {
        let begun = Instant::now();
        // It is put back when the answer has come to its end.
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                let stream = TcpStream::connect(self.address).await?;
                stream.set_nodelay(true)?;
                BufReader::new(stream)
            }
        };
        connection.get_mut().write_all(request.as_bytes()).await?;
        let head = head(&mut connection).await?;
        let mut body = Vec::new();
        let whole = match head.length {
            Length::Known(length) => {
                body.resize(length, 0);
                connection.read_exact(&mut body).await?;
                true
            }
            Length::Chunks => chunks(&mut connection, &mut body, taken).await?,
        };
        let took = begun.elapsed();
        if let Some(cookie) = head.cookie {
            self.cookie = cookie;
        }
        if whole {
            self.connection = Some(connection);
        }
        Ok(Answer {
            status: head.status,
            body: String::from_utf8_lossy(&body).into_owned(),
            took,
        })
    }
}

impl Answer {
    /// A page that is not shown is an error.
    pub(super) fn done(&self, path: &str) -> Result<(), BenchError> {
        match self.status {
            200..400 => Ok(()),
            status => Err(BenchError::Answer {
                path: path.to_owned(),
                status,
                said: self.body.chars().take(400).collect(),
            }),
        }
    }
}

async fn head(connection: &mut BufReader<TcpStream>) -> io::Result<Head> {
    let mut head = Head {
        status: 0,
        cookie: None,
        length: Length::Known(0),
    };
    loop {
        let line = line(connection).await?;
        if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
            head.status = rest
                .get(..3)
                .and_then(|code| code.parse().ok())
                .unwrap_or(0);
            continue;
        }
        let Some((name, value)) = line.split_once(": ") else {
            return Ok(head);
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => head.length = Length::Known(value.parse().unwrap_or(0)),
            "transfer-encoding" => head.length = Length::Chunks,
            "set-cookie" => head.cookie = value.split(';').next().map(str::to_owned),
            _ => {}
        }
    }
}

/// Whether all of them were taken.
async fn chunks(
    connection: &mut BufReader<TcpStream>,
    body: &mut Vec<u8>,
    taken: Taken,
) -> io::Result<bool> {
    loop {
        let size = line(connection).await?;
        let size = usize::from_str_radix(&size, 16).map_err(io::Error::other)?;
        let begin = body.len();
        body.resize(begin + size, 0);
        connection.read_exact(&mut body[begin..]).await?;
        line(connection).await?;
        if size == 0 {
            return Ok(true);
        }
        if matches!(taken, Taken::Bytes(bytes) if body.len() >= bytes) {
            return Ok(false);
        }
    }
}

async fn line(connection: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    match connection.read_line(&mut line).await? {
        0 => Err(ErrorKind::ConnectionReset.into()),
        _ => Ok(line.trim_end().to_owned()),
    }
}

/// The first text between the two, as an attribute of HTML has it.
pub(super) fn between(text: &str, before: &str, behind: &str) -> Option<String> {
    let rest = text.split_once(before)?.1;
    let found = rest.split_once(behind)?.0;
    Some(
        found
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    )
}

/// A pair of an address.
pub(super) fn pair(name: &str, value: &serde_json::Value) -> String {
    let text = value.to_string();
    let bytes: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    format!("{name}={bytes}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_says_is_read() {
        let page = "<a rel=\"next\" href=\"/t?after=%5B1%5D&amp;size=25\">";
        let next = between(page, "rel=\"next\" href=\"", "\"");
        assert_eq!(next.as_deref(), Some("/t?after=%5B1%5D&size=25"));
        assert_eq!(between(page, "rel=\"prev\"", "\""), None);
        let pair = pair("filter", &serde_json::json!(["a b", "is", "1"]));
        assert_eq!(pair, "filter=%5B%22a+b%22%2C%22is%22%2C%221%22%5D");
    }
}
