//! Beginnings: browsers that were sent to a provider; each may come back once, within ten minutes.
//!
//! In memory and bounded: after a restart whoever was on the way begins anew.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Duration, Utc};
use vocabulary::{AccountId, ProviderName};

/// Bytes of a state, a nonce, a binding and a verifier: the last is 43 characters then, the least of RFC 7636.
pub(crate) const SECRET_BYTES: usize = 32;

/// How long a browser may be away: time to sign in there by two things, with the telephone in another room.
const SECONDS: i64 = 600;

/// Most at once, some 20 MB: as many sign-ins as the door lets begin in ten minutes.
const HELD_MAX: usize = 60_000;

type Secret = [u8; SECRET_BYTES];

/// What a browser was sent for: it comes back for nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To sign in.
    SignIn,
    /// To link an identity to this account.
    Linking(AccountId),
}

/// What was drawn for one sign-in.
#[derive(Clone, Copy)]
pub(crate) struct Drawn {
    pub(crate) nonce: Secret,
    pub(crate) verifier: Secret,
    pub(crate) binding: Secret,
}

/// A browser on its way.
#[derive(Clone)]
pub(crate) struct Held {
    pub(crate) provider: ProviderName,
    pub(crate) purpose: Purpose,
    pub(crate) drawn: Drawn,
    pub(crate) begun_at: DateTime<Utc>,
}

/// The browsers that are on their way.
#[derive(Default)]
pub(crate) struct Beginnings(Mutex<Open>);

#[derive(Default)]
struct Open {
    held: HashMap<Secret, Held>,
    /// All that were sent and not dropped, oldest first; those that came back stand here still.
    sent: VecDeque<(Secret, DateTime<Utc>)>,
}

impl fmt::Debug for Beginnings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Beginnings(..)")
    }
}

impl Beginnings {
    /// Remembers a browser by its state, and answers until when. A full memory forgets the oldest.
    pub(crate) fn open(&self, state: Secret, held: Held) -> DateTime<Utc> {
        let (now, end) = (held.begun_at, held.begun_at + Duration::seconds(SECONDS));
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((oldest, ended)) = open.sent.front().copied()
            && (ended <= now || open.sent.len() >= HELD_MAX)
        {
            open.sent.pop_front();
            open.held.remove(&oldest);
        }
        open.sent.push_back((state, end));
        open.held.insert(state, held);
        end
    }

    /// Takes a state, whatever comes of it: it is good no more, to whomever it was shown.
    pub(crate) fn take(&self, state: &[u8], binding: &[u8], now: DateTime<Utc>) -> Option<Held> {
        let state: &Secret = state.try_into().ok()?;
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner).held.remove(state)?;
        let binding: &Secret = binding.try_into().ok()?;
        let differ =
            held.drawn.binding.iter().zip(binding).fold(0, |differ, (one, other)| differ | (one ^ other));
        let in_time = now < held.begun_at + Duration::seconds(SECONDS);
        (differ == 0 && in_time).then_some(held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn numbered(number: usize) -> Secret {
        let mut secret = [0; SECRET_BYTES];
        secret[..8].copy_from_slice(&number.to_be_bytes());
        secret
    }

    fn sent(begun_at: DateTime<Utc>) -> Held {
        let drawn =
            Drawn { nonce: [1; SECRET_BYTES], verifier: [2; SECRET_BYTES], binding: [3; SECRET_BYTES] };
        Held { provider: "haringey".parse().unwrap(), purpose: Purpose::SignIn, drawn, begun_at }
    }

    #[test]
    fn a_state_is_taken_once_in_time_and_by_whoever_began() {
        let beginnings = Beginnings::default();
        for (number, binding, seconds, good) in [
            (1, [3; SECRET_BYTES], SECONDS - 1, true),
            (2, [3; SECRET_BYTES], SECONDS, false),
            (3, [4; SECRET_BYTES], 1, false),
        ] {
            beginnings.open(numbered(number), sent(noon()));
            let at = noon() + Duration::seconds(seconds);
            assert_eq!(beginnings.take(&numbered(number), &binding, at).is_some(), good, "{number}");
            // Whatever came of it, it is good no more.
            assert!(beginnings.take(&numbered(number), &[3; SECRET_BYTES], noon()).is_none(), "{number}");
        }
        beginnings.open(numbered(4), sent(noon()));
        assert!(beginnings.take(&numbered(4), b"short", noon()).is_none());
        assert!(beginnings.take(b"", &[3; SECRET_BYTES], noon()).is_none());
    }

    #[test]
    fn a_full_memory_forgets_the_oldest_and_whoever_never_came_back() {
        let beginnings = Beginnings::default();
        for number in 0..=HELD_MAX {
            beginnings.open(numbered(number), sent(noon()));
        }
        let binding = [3; SECRET_BYTES];
        assert!(beginnings.take(&numbered(0), &binding, noon()).is_none());
        assert!(beginnings.take(&numbered(1), &binding, noon()).is_some());
        beginnings.open(numbered(HELD_MAX + 1), sent(noon() + Duration::seconds(SECONDS)));
        assert_eq!(beginnings.0.lock().unwrap().held.len(), 1);
    }
}
