//! A reader of the feed, as a case management system has one: events one by one, heartbeats counted.

use std::time::Duration;

use axum::{
    body::BodyDataStream,
    http::{HeaderMap, StatusCode},
};
use futures_util::StreamExt;
use serde_json::Value;
use tokio::time::timeout;

use crate::house::{House, get};

/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long nothing must come for a feed to be called quiet: twice the time between two looks.
const QUIET: Duration = Duration::from_millis(600);

/// One event as it came.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Came {
    pub(crate) id: String,
    pub(crate) event: String,
    pub(crate) data: Value,
}

/// An open feed.
pub(crate) struct Following {
    headers: HeaderMap,
    body: BodyDataStream,
    text: String,
    comments: usize,
}

impl Following {
    /// Opens the feed, after the event named.
    pub(crate) async fn begin(house: &House, token: &str, last: Option<&str>) -> Following {
        let asked = get("/api/v1/feed").by(token);
        let asked = if let Some(last) = last { asked.with("last-event-id", last) } else { asked };
        let response = house.begun(asked).await;
        assert_eq!(response.status(), StatusCode::OK);
        let (parts, body) = response.into_parts();
        Following { headers: parts.headers, body: body.into_data_stream(), text: String::new(), comments: 0 }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn comments(&self) -> usize {
        self.comments
    }

    /// The next event, which must come.
    pub(crate) async fn next(&mut self) -> Came {
        timeout(PATIENCE, self.event()).await.unwrap().unwrap()
    }

    /// Whether nothing comes for a while.
    pub(crate) async fn quiet(&mut self) -> bool {
        timeout(QUIET, self.event()).await.is_err()
    }

    /// Whether the answer ends.
    pub(crate) async fn ends(&mut self) -> bool {
        timeout(PATIENCE, self.event()).await.unwrap().is_none()
    }

    async fn event(&mut self) -> Option<Came> {
        loop {
            while let Some(end) = self.text.find("\n\n") {
                let block: String = self.text.drain(..end + 2).collect();
                let field = |name: &str| {
                    let line = block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
                    line.map(|value| value.trim_start().to_owned())
                };
                match field("data") {
                    Some(data) => {
                        return Some(Came {
                            id: field("id").unwrap_or_default(),
                            event: field("event").unwrap_or_default(),
                            data: serde_json::from_str(&data).unwrap(),
                        });
                    }
                    None => self.comments += 1,
                }
            }
            let chunk = self.body.next().await?.unwrap();
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}
