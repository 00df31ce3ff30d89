//! Challenges: what a passkey is asked to sign; each is good once, for two minutes.
//!
//! In memory and bounded: a restart asks anew.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Duration, Utc};
use vocabulary::AccountId;

/// Bytes of a challenge: twice what Web Authentication asks for.
pub(crate) const CHALLENGE_BYTES: usize = 32;

/// How long it is good: time to find the token and to touch it.
const SECONDS: i64 = 120;

/// Most at once, some 3 MB: as many sign-ins as the door lets begin in two minutes, twice over.
const HELD_MAX: usize = 25_000;

/// A challenge.
pub(crate) type Challenge = [u8; CHALLENGE_BYTES];

/// What a challenge was given out for: it is good for nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A passkey to be registered to this account.
    Registration(AccountId),
    /// A sign-in to this account, or under a name that nobody has.
    SignIn(Option<AccountId>),
    /// A step-up of this account.
    StepUp(AccountId),
}

/// The challenges that are open.
#[derive(Debug, Default)]
pub(crate) struct Challenges(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    open: HashMap<Challenge, (Purpose, DateTime<Utc>)>,
    /// All that were given out and not dropped, oldest first; those that were taken stand here still.
    given: VecDeque<(Challenge, DateTime<Utc>)>,
}

impl Challenges {
    /// Remembers a challenge, and answers until when. A full memory forgets the oldest.
    pub(crate) fn open(&self, challenge: Challenge, purpose: Purpose, now: DateTime<Utc>) -> DateTime<Utc> {
        let end = now + Duration::seconds(SECONDS);
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((oldest, ended)) = held.given.front().copied()
            && (ended <= now || held.given.len() >= HELD_MAX)
        {
            held.given.pop_front();
            held.open.remove(&oldest);
        }
        held.given.push_back((challenge, end));
        held.open.insert(challenge, (purpose, end));
        end
    }

    /// Takes a challenge, whatever comes of it: it is good no more.
    pub(crate) fn take(&self, challenge: &[u8], now: DateTime<Utc>) -> Option<Purpose> {
        let challenge: &Challenge = challenge.try_into().ok()?;
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (purpose, end) = held.open.remove(challenge)?;
        (now < end).then_some(purpose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn numbered(number: usize) -> Challenge {
        let mut challenge = [0; CHALLENGE_BYTES];
        challenge[..8].copy_from_slice(&number.to_be_bytes());
        challenge
    }

    #[test]
    fn a_challenge_is_good_once_and_for_two_minutes() {
        let challenges = Challenges::default();
        let purpose = Purpose::SignIn(None);
        let end = challenges.open(numbered(1), purpose, noon());
        assert_eq!(challenges.take(&numbered(2), noon()), None);
        assert_eq!(challenges.take(&numbered(1), end - Duration::seconds(1)), Some(purpose));
        assert_eq!(challenges.take(&numbered(1), noon()), None);
        challenges.open(numbered(3), purpose, noon());
        assert_eq!(challenges.take(&numbered(3), end), None);
    }

    #[test]
    fn a_full_memory_forgets_the_oldest_and_what_has_ended_takes_no_room() {
        let challenges = Challenges::default();
        for number in 0..=HELD_MAX {
            challenges.open(numbered(number), Purpose::SignIn(None), noon());
        }
        assert_eq!(challenges.take(&numbered(0), noon()), None);
        assert!(challenges.take(&numbered(1), noon()).is_some());
        let later = noon() + Duration::seconds(SECONDS);
        challenges.open(numbered(HELD_MAX + 1), Purpose::SignIn(None), later);
        let held = challenges.0.lock().unwrap();
        assert_eq!((held.open.len(), held.given.len()), (1, 1));
    }
}
