//! Ceilings: what each account tried lately, and the alarm where that reaches a ceiling of the policy.
//!
//! What follows from it is the account's standing, so that every decision knows it without asking here: the two
//! urgent reasons go on, every look reviewed, the rest waits for a sign-in (rules.md 5.1; ADR-0045).

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use event_log::Ticket;
use events::{
    Fact,
    account::{self, Account, Looking},
    ceiling::{Attempt, Ceilings, Counted, Reached, Span, Tally},
    looker::{self, Looker},
    recorded::Actor,
    search::{Event, Outcome},
};
use vocabulary::{AccessReason, AccountId, Position, Revision, england_day};

use crate::{
    Directory,
    by_hand::HandError,
    disclose::LookError,
    people::Person,
    register::{ActError, Acting},
    unseal::unseal,
};

/// Accounts whose tallies are kept at hand, some 60 MB: more than England had users.
const TALLIES_MAX: usize = 500_000;

/// Attempts below which a full table forgets an account.
const FEW: u32 = 10;

/// What each account tried since the process began, and how often that was too much.
#[derive(Debug)]
pub(crate) struct Tallies {
    begun: DateTime<Utc>,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    accounts: HashMap<AccountId, Kept>,
    reached: BTreeMap<(Counted, Span), u64>,
    refused: u64,
}

#[derive(Debug)]
struct Kept {
    tally: Tally,
    /// What was tried before counts no more.
    since: DateTime<Utc>,
    /// Where the newest alarm stands.
    alarm: Option<Position>,
}

/// How often ceilings were reached since the process began, and how often one kept somebody from looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CeilingFigures {
    /// Each kind of ceiling that was reached, and how often.
    pub reached: Vec<(Counted, Span, u64)>,
    /// Looks that a ceiling kept from being made.
    pub refused: u64,
}

impl Tallies {
    pub(crate) fn since(begun: DateTime<Utc>) -> Tallies {
        Tallies { begun, held: Mutex::default() }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing of this account is at hand.
    fn is_new(&self, account: AccountId) -> bool {
        !self.held().accounts.contains_key(&account)
    }

    /// Counts an attempt, on top of what was tried before the process began; answers a ceiling that is reached.
    fn count(
        &self,
        account: AccountId,
        attempt: Attempt,
        earlier: Option<Tally>,
        (lifted_at, now): (Option<DateTime<Utc>>, DateTime<Utc>),
        ceilings: &Ceilings,
    ) -> Option<Reached> {
        let mut held = self.held();
        held.make_room(account, now);
        let kept = held.accounts.entry(account).or_insert_with(|| Kept {
            tally: earlier.unwrap_or_else(|| Tally::begun(now)),
            since: lifted_at.unwrap_or(now),
            alarm: None,
        });
        if lifted_at.is_some_and(|lifted| lifted > kept.since) {
            (kept.tally, kept.since) = (Tally::begun(now), now);
        }
        kept.tally.add(attempt, now);
        ceilings.reached(&kept.tally)
    }

    fn rang(&self, account: AccountId, reached: Reached, position: Position) {
        let mut held = self.held();
        if let Some(kept) = held.accounts.get_mut(&account) {
            kept.alarm = Some(position);
        }
        *held.reached.entry((reached.counted, reached.within)).or_default() += 1;
    }

    /// Remembers that somebody was kept from looking; answers where the alarm about them stands.
    fn refused(&self, account: AccountId) -> Option<Position> {
        let mut held = self.held();
        held.refused += 1;
        held.accounts.get(&account)?.alarm
    }
}

impl Held {
    /// A full table forgets earlier days, and then those who tried little.
    fn make_room(&mut self, account: AccountId, now: DateTime<Utc>) {
        if self.accounts.len() < TALLIES_MAX || self.accounts.contains_key(&account) {
            return;
        }
        let today = england_day(now);
        self.accounts.retain(|_, kept| {
            let tried = Counted::ALL.into_iter().map(|counted| kept.tally.count(counted, Span::Day)).max();
            kept.tally.day() == today && tried.is_some_and(|tried| tried >= FEW)
        });
    }
}

impl Directory {
    /// How often ceilings were reached and kept somebody from looking, since the process began.
    pub fn ceiling_figures(&self) -> CeilingFigures {
        let held = self.tallies().held();
        let reached = held.reached.iter().map(|((counted, within), count)| (*counted, *within, *count));
        CeilingFigures { reached: reached.collect(), refused: held.refused }
    }

    /// What a ceiling that was reached says to this look, before any child is looked for or loaded.
    pub(crate) fn over_ceiling(
        &self,
        looker: &Looker,
        reason: Option<AccessReason>,
    ) -> Result<(), LookError> {
        let policy = self.register().in_force();
        match looker.permitted(reason, &policy.settings.reasons) {
            Err(refusal @ looker::Refusal::Account(_)) if is_ceiling(refusal.code()) => {
                Err(LookError::Refused { code: refusal.code(), detail: refusal.to_string() })
            }
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Counts a look by what is about to be answered, and waits until an alarm about it is durable.
    ///
    /// # Errors
    /// The alarm could not be recorded, so nothing is answered.
    pub(crate) async fn counted<T>(
        &self,
        person: &Person,
        answer: &Result<T, LookError>,
        attempt: impl FnOnce(&T) -> Attempt,
        otherwise: Attempt,
    ) -> Result<(), LookError> {
        let attempt = match answer {
            Ok(shown) => attempt(shown),
            Err(LookError::Refused { code, .. }) if is_ceiling(code) => {
                return self.rung_before(person).await;
            }
            Err(LookError::Unknown | LookError::Refused { .. }) => otherwise,
            // A machine failed: nothing is shown, and whoever asked has done nothing.
            Err(LookError::Load(_) | LookError::File(_) | LookError::Rows(_) | LookError::Log(_)) => {
                return Ok(());
            }
        };
        if let Some(alarm) = self.attempted(person, attempt).map_err(LookError::from)? {
            alarm.await?;
        }
        Ok(())
    }

    /// Counts a number that nobody has, or that is concealed, named where a person records by hand.
    ///
    /// Waits for the disk where it is the one attempt that reaches a ceiling: twice a day at most for an account.
    pub(crate) fn named_nobody(&self, person: &Person) -> HandError {
        match self.attempted(person, Attempt::OpenedNothing) {
            Ok(None) => HandError::Unknown,
            Ok(Some(alarm)) => match alarm.wait() {
                Ok(_) => HandError::Unknown,
                Err(error) => crate::filing::FileError::Append(error).into(),
            },
            Err(error) => error.into(),
        }
    }

    /// Counts an attempt; where it reaches a ceiling, the alarm that the answer must wait for.
    fn attempted(
        &self,
        person: &Person,
        attempt: Attempt,
    ) -> Result<Option<Ticket>, crate::filing::FileError> {
        let now = self.clock().now();
        // Whoever asks for a colleague is who could be trying; what a mediator records is through them.
        let account = person.through.as_ref().map_or(person.account, |mediator| mediator.account);
        let (ceilings, held) = {
            let register = self.register();
            let held = register.account(account).map(|held| held.ceilings).unwrap_or_default();
            (register.policy().ceilings, held)
        };
        let lifted_at = held.lifted_at();
        let earlier =
            self.tallies().is_new(account).then(|| self.tried_before(account, lifted_at, now)).flatten();
        let reached = self.tallies().count(account, attempt, earlier, (lifted_at, now), &ceilings);
        let Some(reached) = reached.filter(|_| held.looking() == Looking::Free) else { return Ok(None) };
        let acting = Acting { by: Actor::System, now };
        match self.act::<Account>(&acting, &account, &account::Command::ReachCeiling(reached)) {
            Ok(Some((position, ticket))) => {
                self.tallies().rang(account, reached, position);
                tracing::warn!(
                    ceiling.counted = reached.counted.name(),
                    ceiling.within = reached.within.name(),
                    ceiling.limit = reached.limit,
                    log.position = position.0,
                    "an account reached a ceiling of attempts; the record at this position names it"
                );
                Ok(Some(ticket))
            }
            Ok(None) | Err(ActError::Refused(_)) => Ok(None),
            Err(ActError::Seal(error)) => Err(error.into()),
            Err(ActError::Key(error)) => Err(error.into()),
            Err(ActError::Append(error)) => Err(error.into()),
        }
    }

    /// Waits until the alarm for which this look is refused is durable: nobody hears of it before the log does.
    async fn rung_before(&self, person: &Person) -> Result<(), LookError> {
        let Some(alarm) = self.tallies().refused(person.account) else { return Ok(()) };
        if self.log().head()? >= alarm {
            return Ok(());
        }
        // One log, one order: what is appended after the alarm is durable after it.
        let code = events::refused::Code::new("ceiling_reached");
        assert!(code.is_ok(), "the code of a refusal is snake_case");
        if let Ok(code) = code {
            let fact = Fact::Search(Event::SearchRefused { code, reason: None });
            self.append_look(person, person.account.search_stream(), vec![fact])?.await?;
        }
        Ok(())
    }

    /// What an account searched for today before the process began, as its own stream tells it.
    ///
    /// Openings and numbers that nobody has stand elsewhere or nowhere, and begin anew. Cost: at most as many records
    /// as a day's ceiling of searches, once an account, on the day of the opening.
    fn tried_before(
        &self,
        account: AccountId,
        lifted_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Option<Tally> {
        let begun = self.tallies().begun;
        let today = england_day(now);
        if england_day(begun) != today {
            return None;
        }
        let stream = account.search_stream();
        let most = u64::from(self.register().policy().ceilings.searches.day);
        let from = self.log().stream_revision(stream).0.saturating_sub(most);
        let mut tally = Tally::begun(now);
        let read = self.log().read_stream(stream, Revision(from), &mut |record| {
            let Ok(recorded) = unseal(self.vault(), record) else { return };
            let at = recorded.recorded_at;
            if at >= begun || england_day(at) != today || lifted_at.is_some_and(|lifted| at <= lifted) {
                return;
            }
            for fact in recorded.facts() {
                if let Fact::Search(event) = fact
                    && let Some(attempt) = searched(event)
                {
                    tally.add(attempt, at);
                }
            }
        });
        read.ok().map(|_| tally)
    }
}

/// What an event of a search counts as; a list is no search.
fn searched(event: &Event) -> Option<Attempt> {
    match event {
        Event::SearchDelivered(delivered) => Some(page_of(delivered.outcome, delivered.children.len())),
        Event::SearchRefused { .. } => Some(Attempt::FoundNothing),
        Event::ListDelivered { .. } | Event::ReportDelivered { .. } => None,
    }
}

/// What a page of a search counts as.
pub(crate) fn page_of(outcome: Outcome, listed: usize) -> Attempt {
    match outcome {
        Outcome::Found if listed > 0 => Attempt::Found { listed: u32::try_from(listed).unwrap_or(u32::MAX) },
        Outcome::Found | Outcome::None | Outcome::TooMany | Outcome::Refine => Attempt::FoundNothing,
    }
}

/// Whether a refusal is that a ceiling was reached.
pub(crate) fn is_ceiling(code: &str) -> bool {
    code == account::Refusal::CeilingReached.code() || code == account::Refusal::CeilingReachedAgain.code()
}
