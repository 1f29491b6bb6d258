//! Listening, and stopping: on a signal nobody is let in any more, and who is inside may finish, for a bounded time.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use sea_orm::DatabaseConnection;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::error::StartError;
use crate::{App, Settings, router};

/// The most connections at a time; who comes later waits in the kernel's queue.
const CONNECTIONS: usize = 1024;
/// A request that has not sent its head by then is ended.
const HEAD: Duration = Duration::from_secs(10);
/// Before the next try where none could be accepted: nothing tells when there is a file descriptor again.
const NO_DESCRIPTOR: Duration = Duration::from_millis(50);

/// Serves until SIGTERM or SIGINT, then closes the pool.
pub async fn serve(
    settings: Settings,
    pool: DatabaseConnection,
    listener: TcpListener,
) -> Result<(), StartError> {
    let mut terminate = signal(SignalKind::terminate()).map_err(StartError::Signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(StartError::Signals)?;
    let patience = settings.stop_timeout;
    let router = router(App::new(settings, pool.clone()));
    let (stop, stopped) = watch::channel(());
    let signalled = async {
        tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        }
    };
    let mut open = JoinSet::new();
    tokio::select! {
        signal = signalled => tracing::info!(signal, open = open.len(), "stopping"),
        () = accept(&listener, &router, &stopped, &mut open) => {}
    }
    drop((listener, stopped));
    // Nobody listens where it fails, and then nobody is inside.
    let _ = stop.send(());
    let end = async { while open.join_next().await.is_some() {} };
    if tokio::time::timeout(patience, end).await.is_err() {
        tracing::warn!("requests that still ran were ended");
        open.shutdown().await;
    }
    // Its only failure is that it is closed already.
    let _ = pool.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Lets connections in, for ever.
async fn accept(
    listener: &TcpListener,
    router: &Router,
    stopped: &watch::Receiver<()>,
    open: &mut JoinSet<()>,
) {
    loop {
        if open.len() >= CONNECTIONS {
            open.join_next().await;
        }
        let accepted = tokio::select! {
            Some(_) = open.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                open.spawn(converse(stream, router.clone(), stopped.clone()));
            }
            // The client went away, or this process has no file descriptor left for a moment.
            Err(error) => {
                tracing::debug!(%error, "could not accept a connection");
                tokio::time::sleep(NO_DESCRIPTOR).await;
            }
        }
    }
}

async fn converse(stream: TcpStream, router: Router, mut stopped: watch::Receiver<()>) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let answer = router.clone().oneshot(request.map(Body::new));
        async move {
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
