//! What a session remembers between two pages, so that no criterion and no name stands in an address: what was looked
//! for, and why a record is open. In memory only; it ends with the session.

use std::collections::VecDeque;

use chrono::{DateTime, Duration, Utc};
use directory::{OpenRequest, SearchRequest};
use vocabulary::{AccessReason, ChildNumber, Position, SearchId};

/// Most searches and most open records that one session remembers: some 20 KB.
const KEPT_MAX: usize = 20;

/// How long a reason given for one record holds for the pages about it.
const REASON_MINUTES: i64 = 30;

/// What a session remembers.
#[derive(Debug, Default)]
pub(crate) struct Visit {
    /// What was written last: pages wait for it.
    pub(crate) at_least: Position,
    searches: VecDeque<(u32, SearchRequest)>,
    grounds: VecDeque<Ground>,
    last: u32,
    /// What the next page says once.
    done: Option<String>,
}

/// Why a record is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ground {
    pub(crate) child: ChildNumber,
    pub(crate) reason: Option<AccessReason>,
    pub(crate) search_id: Option<SearchId>,
    pub(crate) case_ref: Option<events::case::Reference>,
    pub(crate) until: DateTime<Utc>,
}

impl Visit {
    /// Remembers what is looked for; answers by which number.
    pub(crate) fn looks_for(&mut self, request: SearchRequest) -> u32 {
        self.last = self.last.wrapping_add(1);
        self.searches.push_back((self.last, request));
        while self.searches.len() > KEPT_MAX {
            self.searches.pop_front();
        }
        self.last
    }

    /// What was looked for under that number.
    pub(crate) fn looked_for(&self, number: u32) -> Option<SearchRequest> {
        self.searches.iter().find(|(known, _)| *known == number).map(|(_, request)| request.clone())
    }

    /// Remembers why a record is open.
    pub(crate) fn opens(&mut self, ground: Ground) {
        self.grounds.retain(|other| other.child != ground.child);
        self.grounds.push_back(ground);
        while self.grounds.len() > KEPT_MAX {
            self.grounds.pop_front();
        }
    }

    /// Why that record is open, if it still is.
    pub(crate) fn ground(&self, child: ChildNumber, now: DateTime<Utc>) -> Option<Ground> {
        self.grounds.iter().find(|ground| ground.child == child && ground.until > now).cloned()
    }

    /// What the next page says once.
    pub(crate) fn say(&mut self, done: impl Into<String>) {
        self.done = Some(done.into());
    }

    /// Takes what was to be said.
    pub(crate) fn said(&mut self) -> Option<String> {
        self.done.take()
    }
}

impl Ground {
    /// A reason given at `now`.
    pub(crate) fn given(
        child: ChildNumber,
        reason: Option<AccessReason>,
        search_id: Option<SearchId>,
        case_ref: Option<events::case::Reference>,
        now: DateTime<Utc>,
    ) -> Ground {
        Ground { child, reason, search_id, case_ref, until: now + Duration::minutes(REASON_MINUTES) }
    }

    /// The look that it allows to ask for.
    pub(crate) fn request(&self) -> OpenRequest {
        OpenRequest {
            number: self.child,
            reason: self.reason,
            search_id: self.search_id,
            on_behalf_of: None,
            case_ref: self.case_ref.clone(),
            override_ground: None,
        }
    }
}
