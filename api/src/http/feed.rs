//! `GET /api/v1/feed`: what became of a client's events, as server-sent events that go on for as long as it reads.
//!
//! Each reader pulls: the next batch is made once the one before was taken, so that a slow one holds nothing up
//! and nothing is kept for it. A reader that comes again names the last event it had and goes on after it.
//! Source: contract.md section 2; the HTML standard, section 9.2 (server-sent events).

use std::{collections::VecDeque, convert::Infallible, sync::Arc};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use directory::Told;
use futures_util::stream;
use serde::Serialize;
use tokio::{sync::watch, time::Duration};
use vocabulary::{ChildNumber, Position};

use super::events::may_supply;
use crate::{
    answer::unavailable,
    door::Door,
    feeds::Place,
    identify::{Holder, Supplier},
    problem::Problem,
};

/// Names the last event that a reader had.
const LAST_EVENT_ID: &str = "last-event-id";

/// Tells some proxies that an answer is not to be gathered up first.
const UNBUFFERED: &str = "x-accel-buffering";

/// Time between two looks at how far the read models have come.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// After how long a reader that was cut off is to come again.
const COME_AGAIN: Duration = Duration::from_secs(2);

/// The data of one event.
#[derive(Serialize)]
struct Written {
    kind: &'static str,
    position: Position,
    #[serde(skip_serializing_if = "Option::is_none")]
    child_number: Option<ChildNumber>,
}

/// Where one reader stands.
struct Reader {
    door: Arc<Door>,
    client: Holder,
    after: Position,
    /// How far the read models had come when the feed was last looked at; none until then.
    looked_at: Option<Position>,
    ready: VecDeque<Event>,
    ending: watch::Receiver<bool>,
    _place: Place,
}

/// 200 events for as long as they are read · 403 the organisation may not supply · 422 `Last-Event-ID` is no position · 429 too many readers.
pub(crate) async fn follow(
    State(door): State<Arc<Door>>,
    Supplier(client, holder): Supplier,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    may_supply(&client)?;
    let after = last_had(&headers)?;
    let head = door.directory.head().map_err(|error| unavailable(&error))?;
    if after > head {
        // A log that was restored gives its positions again: going on from there would pass over news.
        return Err(Problem::new("header_invalid").at(head).because(
            "Last-Event-ID lies beyond the newest event: the directory was restored; begin again without it.",
        ));
    }
    let place = door.feeds.take(&holder.client, door.settings.feeds_per_client)?;
    let opening = Event::default().retry(COME_AGAIN).comment("the events of this organisation follow");
    let reader = Reader {
        client: holder,
        after,
        looked_at: None,
        ready: VecDeque::from([opening]),
        ending: door.ending.subscribe(),
        _place: place,
        door: Arc::clone(&door),
    };
    let events = stream::unfold(reader, |mut reader| async move {
        let event = reader.next().await?;
        Some((Ok::<Event, Infallible>(event), reader))
    });
    let beat = KeepAlive::new().interval(door.settings.feed_heartbeat);
    let mut response = Sse::new(events).keep_alive(beat).into_response();
    response.headers_mut().insert(UNBUFFERED, HeaderValue::from_static("no"));
    Ok(response)
}

/// What a reader had last; the beginning where it does not say.
fn last_had(headers: &HeaderMap) -> Result<Position, Problem> {
    let Some(last) = headers.get(LAST_EVENT_ID) else { return Ok(Position::ZERO) };
    let last = last.to_str().ok().and_then(|text| text.trim().parse().ok()).map(Position);
    last.ok_or_else(|| {
        Problem::new("header_invalid").because("Last-Event-ID is the id of an event of this feed.")
    })
}

impl Reader {
    /// The next event; `None` ends the answer, and the reader comes again.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if *self.ending.borrow() {
                return None;
            }
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            // Asked anew each time: a client that is suspended meanwhile is told nothing more, while a token
            // that expires does not cut the stream.
            let client = self.client.still(&self.door.directory)?;
            may_supply(&client).ok()?;
            let reached = self.door.directory.caught_up();
            if self.looked_at != Some(reached) {
                match self.door.directory.feed(&client.sender, self.after).await {
                    Ok(Some(batch)) => {
                        if let Some(told) = &batch.told {
                            self.make_ready(told.view());
                        }
                        self.after = batch.to;
                    }
                    Ok(None) => self.looked_at = Some(reached),
                    Err(error) => {
                        let _logged = unavailable(&error);
                        return None;
                    }
                }
                continue;
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => (),
                _ended = self.ending.changed() => (),
            }
        }
    }

    fn make_ready(&mut self, batch: &[Told]) {
        let mut batch = batch.iter().peekable();
        while let Some(told) = batch.next() {
            let written =
                Written { kind: told.kind, position: told.position, child_number: told.child_number };
            // Texts and numbers alone: there is nothing in it that JSON cannot hold.
            let data = serde_json::to_string(&written).unwrap_or_default();
            let event = Event::default().event(told.kind).data(data);
            // Of several at one place only the last bears its id, so that none is passed over by coming again.
            let more = batch.peek().is_some_and(|next| next.at == told.at);
            self.ready.push_back(if more { event } else { event.id(told.at.to_string()) });
        }
    }
}
