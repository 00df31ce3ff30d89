//! Who reads the feed now: a few connections a client, so that none takes the places of the rest.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use vocabulary::ClientId;

use crate::problem::Problem;

/// The readers of the feed, by client.
#[derive(Clone, Default)]
pub(crate) struct Feeds(Arc<Mutex<HashMap<ClientId, usize>>>);

/// The place of one reader; given back when dropped.
pub(crate) struct Place {
    feeds: Feeds,
    client: ClientId,
}

impl Feeds {
    /// Takes a place for one more reader, of at most `most` a client.
    pub(crate) fn take(&self, client: &ClientId, most: usize) -> Result<Place, Problem> {
        let mut readers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = readers.get(client).copied().unwrap_or_default();
        if own >= most {
            return Err(Problem::new("rate_limited")
                .because(format!("This client reads the feed {most} times already; one reader is enough.")));
        }
        readers.insert(client.clone(), own + 1);
        Ok(Place { feeds: self.clone(), client: client.clone() })
    }

    /// How many readers there are.
    pub(crate) fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut readers = self.feeds.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = readers.get_mut(&self.client) {
            *own -= 1;
            if *own == 0 {
                readers.remove(&self.client);
            }
        }
    }
}
