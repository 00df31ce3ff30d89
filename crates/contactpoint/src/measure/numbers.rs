//! The numbers of children, asked of the server itself: what was told of a child once is told again, and the
//! `duplicate` that answers names the child. Nothing is recorded by it.

use std::{collections::HashMap, net::SocketAddr};

use anyhow::{Context, bail};
use population::Population;
use serde::Deserialize;

use super::connection::{Connection, post};

/// Events in a batch (contract.md section 3 allows 1,000).
const BATCH: usize = 500;

#[derive(Deserialize)]
struct Outcome {
    outcome: String,
    child_number: Option<String>,
}

/// The numbers of these children; those whom the directory does not know, or not yet, are left out.
///
/// # Errors
/// The server broke off, or the children are not those that were loaded.
pub(crate) async fn of(
    address: SocketAddr,
    client: &str,
    england: &Population,
    children: &[u64],
) -> anyhow::Result<HashMap<u64, String>> {
    let (one, other) = children.split_at(children.len() / 2);
    let part = |half| asked(address, client, england, half);
    let (mut found, others) = tokio::try_join!(part(one), part(other))?;
    found.extend(others);
    Ok(found)
}

/// As [`of`], on one connection.
async fn asked(
    address: SocketAddr,
    client: &str,
    england: &Population,
    children: &[u64],
) -> anyhow::Result<HashMap<u64, String>> {
    let mut connection = Connection::open(address).await.context("the server cannot be reached")?;
    let mut found = HashMap::with_capacity(children.len());
    let (mut request, mut body, mut lines) = (Vec::new(), Vec::new(), Vec::new());
    for batch in children.chunks(BATCH) {
        body.clear();
        for index in batch {
            lines.clear();
            england.write_events(*index..index + 1, &mut lines)?;
            // The first event of a child describes it.
            let line = lines.split(|byte| *byte == b'\n').next().unwrap_or_default();
            body.push(if body.is_empty() { b'[' } else { b',' });
            body.extend_from_slice(line);
        }
        body.push(b']');
        post(&mut request, "/api/v1/events", "application/cloudevents-batch+json", client, &body);
        let answer = connection.exchange(&request).await?;
        if answer.status != 200 {
            bail!("events that were told again were answered with {}", answer.status);
        }
        let outcomes: Vec<Outcome> = serde_json::from_slice(answer.body)?;
        for (index, outcome) in batch.iter().zip(outcomes) {
            if outcome.outcome != "duplicate" {
                bail!("another England is loaded than the credentials tell of: {}", outcome.outcome);
            }
            if let Some(number) = outcome.child_number {
                found.insert(*index, number);
            }
        }
    }
    Ok(found)
}
