//! Proxies between the runner and the server: one that loses the answer to a COMMIT, and one that
//! gives out server connections a transaction, as poolers do.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex};

use seachange::runner::{Extent, Pooled, RunnerError};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};

use super::child::{M, Setting, finished};
use super::database::TestDatabase;
use super::migrator::{Migrator, table, up};

/// A socket folder of its own in front of the server's.
pub(super) struct Front {
    pub(super) url: String,
    pub(super) listener: UnixListener,
    pub(super) server: PathBuf,
    _folder: TempDir,
}

impl Front {
    async fn of(setting: &Setting) -> Self {
        Self::before(&setting.database).await
    }

    pub(super) async fn before(database: &TestDatabase) -> Self {
        let value = async |sql| database.value(sql).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let port = value("SELECT current_setting('port')").await;
        let host =
            value("SELECT split_part(current_setting('unix_socket_directories'), ',', 1)").await;
        let name = value("SELECT current_database()").await;
        let user = value("SELECT session_user").await;
        let socket = format!(".s.PGSQL.{port}");
        Self {
            url: format!(
                "postgres:///{name}?host={}&port={port}&user={user}",
                folder.path().display()
            ),
            listener: UnixListener::bind(folder.path().join(&socket)).unwrap(),
            server: Path::new(&host).join(socket),
            _folder: folder,
        }
    }
}

/// Loses the answer to the COMMITs whose number is in `cut`, counted from 0, and the connection with it.
async fn lossy(front: Front, cut: Vec<i32>) {
    let seen = Arc::new(AtomicI32::new(0));
    loop {
        let (client, _) = front.listener.accept().await.unwrap();
        let server = UnixStream::connect(&front.server).await.unwrap();
        let (seen, cut) = (Arc::clone(&seen), cut.clone());
        tokio::spawn(async move { pass(client, server, &seen, &cut).await });
    }
}

async fn pass(mut client: UnixStream, mut server: UnixStream, seen: &AtomicI32, cut: &[i32]) {
    let (mut up, mut down) = (vec![0; 65536], vec![0; 65536]);
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let Ok(length @ 1..) = read else { return };
                let loses = up[..length].windows(12).any(|bytes| bytes == b"Q\0\0\0\x0bCOMMIT\0")
                    && cut.contains(&seen.fetch_add(1, Ordering::SeqCst));
                if server.write_all(&up[..length]).await.is_err() { return }
                if loses {
                    // The server has committed, and nobody hears of it.
                    let _ = server.read(&mut down).await;
                    return;
                }
            }
            read = server.read(&mut down) => {
                let Ok(length @ 1..) = read else { return };
                if client.write_all(&down[..length]).await.is_err() { return }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_looked_up() {
    for text in [
        "INSERT INTO log VALUES (1);\nINSERT INTO log VALUES (2);\n",
        "-- seachange: no-transaction\nINSERT INTO log VALUES (1);\nINSERT INTO log VALUES (2);\n",
    ] {
        let setting = Setting::new(text, "").await;
        let front = Front::of(&setting).await;
        let url = front.url.clone();
        let proxy = tokio::spawn(lossy(front, vec![0]));
        let output = tokio::task::spawn_blocking({
            let mut command = setting.command_on(&url, "up");
            move || command.output().unwrap()
        });
        let text = finished(output.await.unwrap(), 0);
        assert!(text.contains(&format!("applied {M} in ")), "{text}");
        setting
            .check("SELECT string_agg(n::text, ' ' ORDER BY n) FROM log", "1 2")
            .await;
        setting
            .check("SELECT count(*) FROM seaql_migrations", "1")
            .await;
        proxy.abort();
    }
}

/// Server connections that are nobody's between two transactions, the last one used first.
async fn pool(front: Front) {
    let idle: Arc<Mutex<Vec<UnixStream>>> = Arc::default();
    loop {
        let (client, _) = front.listener.accept().await.unwrap();
        let server = UnixStream::connect(&front.server).await.unwrap();
        tokio::spawn(pooled(client, server, Arc::clone(&idle)));
    }
}

async fn pooled(
    mut client: UnixStream,
    server: UnixStream,
    idle: Arc<Mutex<Vec<UnixStream>>>,
) -> Option<()> {
    // Its own connection answers when it begins, and goes into the pool.
    let mut length = client.read_i32().await.ok()?;
    let mut kind = None;
    let mut held = Some(server);
    loop {
        let mut body = vec![0; usize::try_from(length).ok()? - 4];
        client.read_exact(&mut body).await.ok()?;
        let mut server = match held.take() {
            Some(server) => server,
            None => idle.lock().unwrap().pop()?,
        };
        if let Some(kind) = kind {
            server.write_u8(kind).await.ok()?;
        }
        server.write_i32(length).await.ok()?;
        server.write_all(&body).await.ok()?;
        // Only what ends with a ReadyForQuery is answered.
        let answered = matches!(kind, None | Some(b'Q' | b'S'));
        if answered && relay(&mut server, &mut client).await? == b'I' {
            idle.lock().unwrap().push(server);
        } else {
            held = Some(server);
        }
        kind = Some(client.read_u8().await.ok()?);
        length = client.read_i32().await.ok()?;
    }
}

/// Passes an answer on; returns the state of the transaction behind it.
async fn relay(server: &mut UnixStream, client: &mut UnixStream) -> Option<u8> {
    loop {
        let (kind, length) = (server.read_u8().await.ok()?, server.read_i32().await.ok()?);
        let mut body = vec![0; usize::try_from(length).ok()? - 4];
        server.read_exact(&mut body).await.ok()?;
        client.write_u8(kind).await.ok()?;
        client.write_i32(length).await.ok()?;
        client.write_all(&body).await.ok()?;
        if kind == b'Z' {
            return body.first().copied();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_is_told_from_a_server() {
    let setting = Setting::new("SELECT 1;", "").await;
    let front = Front::of(&setting).await;
    let url = front.url.clone();
    let proxy = tokio::spawn(pool(front));
    let program = Migrator::of(&[table(M)]).program();
    let outcome = up(&program, &url, Extent::All).await;
    let error = outcome.error();
    assert!(
        matches!(error, RunnerError::Pooler(Pooled::Shared { .. })),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .contains("a pooler's that shares server connections"),
        "{error}"
    );
    assert_eq!(setting.database.relations().await, "log");
    proxy.abort();
    up(&program, &setting.database.url, Extent::All)
        .await
        .done();
}
