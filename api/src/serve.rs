//! Serving: connections in, answers out, and an end that lets what was begun be finished.

use std::{io, sync::Arc, time::Duration};

use axum::{Extension, Router};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto::Builder,
        graceful::{GracefulShutdown, Watcher},
    },
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
};

use crate::{door::Door, router, settings::Settings, tls::Tls};

/// Streams of one HTTP/2 connection at once: a browser's page, or a system's lanes, with room.
const STREAMS_MAX: u32 = 100;

/// Resets of one connection that wait to be noticed, and those that its own mistakes make us send, before it ends.
const RESETS_PENDING_MAX: usize = 20;
const RESETS_LOCAL_MAX: usize = 100;

/// All headers of one HTTP/2 request: a token, a signed user, and what proxies add.
const HEADER_LIST_BYTES_MAX: u32 = 64 * 1024;

/// How long to wait after a connection could not be taken, as when there are no more file handles.
const AFTER_FAILURE: Duration = Duration::from_millis(100);

/// Largest header of a request, in bytes; a bearer token and a cookie jar fit in a fraction of it.
const HEADER_BYTES_MAX: usize = 64 * 1024;

/// Serves the door until `shutdown`, then lets requests end for as long as the settings say; feeds end at once.
///
/// # Errors
/// The listener has no address, so that nothing can be served.
pub async fn serve(
    door: Arc<Door>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), io::Error> {
    serve_over(door, listener, None, shutdown).await
}

/// Serves the door over TLS where `tls` is given, else in the clear, as [`serve`] does.
///
/// # Errors
/// As [`serve`].
pub async fn serve_over(
    door: Arc<Door>,
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
    shutdown: impl Future<Output = ()>,
) -> Result<(), io::Error> {
    let settings = door.settings.clone();
    let told = Arc::clone(&door);
    let shutdown = async move {
        shutdown.await;
        told.ending.send_replace(true);
    };
    connections(router::router(door), listener, tls, &settings, shutdown).await
}

/// Serves the figures of the door on an address of their own, as [`serve`] does.
///
/// # Errors
/// As [`serve`].
pub async fn serve_figures(
    door: Arc<Door>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), io::Error> {
    let settings = door.settings.clone();
    connections(router::figures(door), listener, None, &settings, shutdown).await
}

pub(crate) async fn connections(
    routes: Router,
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
    settings: &Settings,
    shutdown: impl Future<Output = ()>,
) -> Result<(), io::Error> {
    listener.local_addr()?;
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(settings.header_timeout)
        .max_buf_size(HEADER_BYTES_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(settings.header_timeout)
        // Told here and not left to defaults: resets that a client makes, or makes us make, are few (CVE-2023-44487,
        // CVE-2025-8671).
        .max_concurrent_streams(STREAMS_MAX)
        .max_pending_accept_reset_streams(RESETS_PENDING_MAX)
        .max_local_error_reset_streams(RESETS_LOCAL_MAX)
        .max_header_list_size(HEADER_LIST_BYTES_MAX);
    let ending = GracefulShutdown::new();
    tokio::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(error = %error, "a connection could not be taken");
                tokio::time::sleep(AFTER_FAILURE).await;
                continue;
            }
        };
        // Small answers leave at once; without it the last packet of one waits for the client's next word.
        let _best_effort = stream.set_nodelay(true);
        // Greeting takes as long as the client takes over it, so each has a task of its own from the first byte.
        let (builder, routes, tls) = (builder.clone(), routes.clone(), tls.clone());
        let (watcher, within) = (ending.watcher(), settings.header_timeout);
        tokio::spawn(async move {
            let ended = match tls {
                None => answered(builder, routes, watcher, stream).await,
                Some(tls) => greeted(builder, routes, watcher, &tls, within, stream).await,
            };
            if let Err(error) = ended {
                // A client that goes away in the middle is no fault of the server.
                tracing::debug!(error = %error, "a connection ended early");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(settings.drain, ending.shutdown()).await.is_err() {
        tracing::warn!("some requests had not ended when the time to drain was over");
    }
    Ok(())
}

type Ended = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// Greets a client over TLS, and keeps the certificate that it showed with each of its requests.
async fn greeted(
    builder: Builder<TokioExecutor>,
    routes: Router,
    watcher: Watcher,
    tls: &Tls,
    within: Duration,
    stream: TcpStream,
) -> Ended {
    let (stream, shown) = tls.greet(stream, within).await?;
    let routes = match shown {
        Some(shown) => routes.layer(Extension(shown)),
        None => routes,
    };
    answered(builder, routes, watcher, stream).await
}

/// Answers the requests of one connection until it ends.
async fn answered(
    builder: Builder<TokioExecutor>,
    routes: Router,
    watcher: Watcher,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> Ended {
    let service = TowerToHyperService::new(routes);
    watcher.watch(builder.serve_connection(TokioIo::new(stream), service).into_owned()).await
}
