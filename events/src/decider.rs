//! The shape of every decision: what was, what is asked, what follows.
//!
//! Source: house rules section 10; the names decide and evolve are the field's own.

use chrono::{DateTime, Utc};

/// One consistency boundary: what can be asked of it, what can happen to it, and why not.
///
/// Pure by construction: no clock, no ids, no I/O. All that a decision needs is in its arguments.
pub trait Decider {
    /// Facts, in the past tense; stored for ever.
    type Event: Clone + PartialEq + std::fmt::Debug;
    /// Requests, in the imperative; never stored.
    type Command;
    /// Reasons to say no; each variant names the rule it guards.
    type Refusal: std::error::Error + PartialEq;
    /// What deciding needs to remember, and no more.
    type State: Default;

    /// Judges `command` at `now` (UTC). An empty answer means "already so": not an error, not news.
    ///
    /// # Errors
    /// The refusal that comes first in the order of precedence.
    fn decide(
        state: &Self::State,
        command: &Self::Command,
        now: DateTime<Utc>,
    ) -> Result<Vec<Self::Event>, Self::Refusal>;

    /// Remembers `event`, recorded at `when`. Never fails, never judges: what has happened has happened.
    fn evolve(state: &mut Self::State, event: &Self::Event, when: When);
}

/// When and where in its stream an event stands, as far as remembering needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// When it happened, as told by its source.
    pub happened_at: DateTime<Utc>,
    /// When we recorded it.
    pub recorded_at: DateTime<Utc>,
    /// Where it stands in the whole log.
    pub position: vocabulary::Position,
    /// Which key seals it.
    pub key: vocabulary::KeyId,
}

/// Folds events into the state that deciding needs.
pub fn fold<D: Decider>(events: impl IntoIterator<Item = (D::Event, When)>) -> D::State {
    let mut state = D::State::default();
    for (event, when) in events {
        D::evolve(&mut state, &event, when);
    }
    state
}
