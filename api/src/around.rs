//! Around every request: how many at once, how long, what is counted, and the headers of every answer.

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use tokio::time::{Instant, timeout};

use crate::{door::Door, problem::Problem};

/// What an address is called in figures where no route has it: never what was asked for.
const NOWHERE: &str = "(none)";

/// Lets a request in if there is room, gives it its time, and counts it.
pub(crate) async fn around(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let is_private = request.uri().path().starts_with("/api/");
    let mut response = match door.requests.try_acquire() {
        Err(_) => Problem::new("overloaded").into_response(),
        Ok(_room) => answered(&door, request, next).await,
    };
    let headers = response.headers_mut();
    let no_sniff = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, no_sniff);
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    if is_private {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    let route = route.as_ref().map_or(NOWHERE, MatchedPath::as_str);
    door.metrics.request(&method, route, response.status(), begun.elapsed());
    response
}

async fn answered(door: &Door, request: Request, next: Next) -> Response {
    // A mistake of ours ends one request and not the server; the panic itself is printed where it happened.
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    match timeout(door.settings.request_timeout, answer).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Problem::new("internal").into_response(),
        Err(_) => Problem::new("timed_out").into_response(),
    }
}
