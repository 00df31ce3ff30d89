//! A witness as others reach it: one address, which takes a checkpoint and tells what was judged of it.

use std::{io, sync::Arc};

use axum::{
    Router,
    body::to_bytes,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use tokio::{net::TcpListener, sync::Semaphore, time::timeout};

use super::ADD_CHECKPOINT;
use crate::{serve::connections, settings::Settings};

/// Largest request: a proof of 63 nodes, and a checkpoint with many signatures.
const BODY_BYTES_MAX: usize = 64 << 10;

/// Requests at once. Each log asks twice a second at most, and judging is one after the other.
const REQUESTS_MAX: usize = 256;

/// What a size is told as (C2SP tlog-witness).
const SIZE: &str = "text/x.tlog.size";

/// Judges the body of a request: the status of the answer, and its text. May wait for a disk.
pub type Judge = dyn Fn(&str) -> (u16, String) + Send + Sync;

struct Answering {
    judge: Arc<Judge>,
    room: Semaphore,
    settings: Settings,
}

/// Serves a witness until `shutdown`, then lets requests end.
///
/// # Errors
/// The listener has no address, so that nothing can be served.
pub async fn serve_witness(
    judge: Arc<Judge>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), io::Error> {
    let settings = Settings::default();
    let answering = Answering { judge, room: Semaphore::new(REQUESTS_MAX), settings: settings.clone() };
    let routes = Router::new().route(ADD_CHECKPOINT, post(add_checkpoint)).with_state(Arc::new(answering));
    connections(routes, listener, None, &settings, shutdown).await
}

/// 200 the cosignature · 400, 403, 404, 422 why not · 409 the size cosigned last · 500, 503 later.
async fn add_checkpoint(State(answering): State<Arc<Answering>>, request: Request) -> Response {
    let Ok(_room) = answering.room.try_acquire() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let body = to_bytes(request.into_body(), BODY_BYTES_MAX);
    let Ok(body) = timeout(answering.settings.request_timeout, body).await else {
        return StatusCode::REQUEST_TIMEOUT.into_response();
    };
    let Some(body) = body.ok().and_then(|body| String::from_utf8(body.into()).ok()) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let judge = Arc::clone(&answering.judge);
    // Judging waits for the disk: no work for a thread that serves.
    let Ok((status, text)) = tokio::task::spawn_blocking(move || judge(&body)).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if status == StatusCode::CONFLICT {
        return (status, [(header::CONTENT_TYPE, SIZE)], text).into_response();
    }
    (status, text).into_response()
}
