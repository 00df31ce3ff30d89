//! `GET /`: one plain page that says what runs here, what it is not, and where to go on.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use directory::MISUSE;

use crate::door::Door;

/// Nothing is loaded, run, framed or sent from this page.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// 200 the page.
pub(crate) async fn page(State(door): State<Arc<Door>>) -> Response {
    let position = door.directory.head().map_or_else(|_| "not known".to_owned(), |head| head.to_string());
    let mut response = Html(html(&position)).into_response();
    let policy = HeaderValue::from_static(POLICY);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

fn html(position: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!(
        r#"<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Contactpoint: who else is working with this child</title>
</head>
<body>
<main>
<h1>Contactpoint</h1>
<p><strong>This is a rebuilt demonstration. It is not a government service, and the people in it are invented.</strong></p>
<p>A directory of which services are working with a child, so that practitioners can find each other.
It holds names and telephone numbers, and no case notes. Every look at a record is itself recorded, before anything is shown.</p>
<p>{MISUSE}</p>
<h2>What runs here</h2>
<ul>
<li>Version {version}; the log stands at position {position}.</li>
<li><a href="/api/v1/openapi.json">The API, as an OpenAPI 3.1 document</a></li>
<li><a href="/readyz">Whether it is ready</a>, <a href="/livez">whether it is alive</a>, <a href="/version">which version it is</a></li>
<li><a href="/api/v1/ledger/checkpoint">The newest signed checkpoint of the log</a></li>
</ul>
</main>
</body>
</html>
"#
    )
}
