//! Listening on loopback, and stopping.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};
use tower::ServiceExt as _;

use crate::app::{self, App, Shared};
use crate::console::Runs;
use crate::data::Database;
use crate::error::StudioError;
use crate::guard::Guard;
use crate::settings::Settings;

/// The most connections of browsers at a time; who comes later waits in the kernel's queue.
const CONNECTIONS: usize = 256;
/// A request that has not sent its head by then is ended.
const HEAD: Duration = Duration::from_secs(10);

/// Before the next try where none could be accepted: nothing tells when there is a file descriptor again.
const NO_DESCRIPTOR: Duration = Duration::from_millis(50);

/// A studio that answers; dropped, it goes on until the runtime ends.
pub struct Running {
    address: SocketAddr,
    app: Shared,
    stop: watch::Sender<()>,
    listening: JoinHandle<()>,
}

/// Connects to the database and listens on `127.0.0.1`.
///
/// # Errors
/// When the database is not to be had, the role can't be taken on, or the port is taken.
pub async fn start(settings: Settings) -> Result<Running, StudioError> {
    let database = Database::connect(&settings).await?;
    let port = settings.port.unwrap_or(0);
    let listen = async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    let (listener, address) = listen
        .await
        .map_err(|source| StudioError::Listen { port, source })?;
    let app = Arc::new(App {
        runs: Runs::new(database.pool(), settings.patience),
        settings,
        database,
        guard: Guard::new(address.port()),
        drawing: Arc::default(),
    });
    let (stop, stopped) = watch::channel(());
    let listening = tokio::spawn(accept(listener, app::router(Arc::clone(&app)), stopped));
    Ok(Running {
        address,
        app,
        stop,
        listening,
    })
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// An address that opens the studio in one browser, once.
    pub fn link(&self) -> String {
        format!(
            "http://{}/open?token={}",
            self.address,
            self.app.guard.new_token()
        )
    }

    /// Lets the requests that run end, for three seconds at most, and closes the database's connections.
    pub async fn stop(self) {
        // Nobody listens any more where it fails, which is what is wanted.
        let _ = self.stop.send(());
        let _ = self.listening.await;
        self.app.database.close().await;
    }
}

async fn accept(listener: TcpListener, router: Router, mut stopped: watch::Receiver<()>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut open = JoinSet::new();
    loop {
        let place = Arc::clone(&places).acquire_owned();
        let accepted = tokio::select! {
            _ = stopped.changed() => break,
            Some(_) = open.join_next() => continue,
            accepted = async {
                let place = place.await;
                (listener.accept().await, place)
            } => accepted,
        };
        match accepted {
            (Ok((stream, _)), place) => {
                let router = router.clone();
                let stopped = stopped.clone();
                open.spawn(async move {
                    converse(stream, router, stopped).await;
                    drop(place);
                });
            }
            // The browser went away, or this process has no file descriptor left for a moment.
            (Err(error), _) => {
                tracing::debug!(%error, "could not accept a connection");
                tokio::time::sleep(NO_DESCRIPTOR).await;
            }
        }
    }
    drop(listener);
    let end = async { while open.join_next().await.is_some() {} };
    if tokio::time::timeout(Duration::from_secs(3), end)
        .await
        .is_err()
    {
        tracing::debug!("requests that still ran were ended");
    }
}

async fn converse(stream: TcpStream, router: Router, mut stopped: watch::Receiver<()>) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let router = router.clone();
        async move {
            let answer = router.oneshot(request.map(axum::body::Body::new) as Request);
            Ok::<_, Infallible>(match answer.await {
                Ok(answer) => answer,
                Err(never) => match never {},
            })
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
