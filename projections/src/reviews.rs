//! Reviews: the looks that a person is to review, why, and what came of it; one row a look.
//!
//! Ids and closed words, sealed with the look under the key of its month, so that it goes when the look goes. What a
//! reviewer needs to know besides is read from the look itself. Source: rules.md 4.3, 5; domain.md 6.3, 6.4; ADR-0043.

use chrono::{DateTime, Utc};
use events::{
    access::{Event, Looked},
    recorded::{Actor, Payload, Recorded},
};
use serde::{Deserialize, Serialize};
use vocabulary::{
    AccessId, AccountId, ChildId, KeyId, Lot, OrganisationId, Position, ReviewOutcome, Signal, StreamKind,
};

use crate::{Posting, ReadModel, Writing, facts};

/// Looks to be reviewed and reviewed, by child and look.
pub enum Reviews {}

/// One look that a person reviews.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Where the look stands in the log.
    pub position: Position,
    /// When somebody looked.
    pub at: DateTime<Utc>,
    /// The key that seals it.
    pub key: KeyId,
    /// Who looked.
    pub account: AccountId,
    /// In which organisation.
    pub organisation: OrganisationId,
    /// The colleague for whom a mediator looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<AccountId>,
    /// Whether a shield was overridden, which opened an investigation.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub investigation: bool,
    /// For which lots of the sample it was drawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<Lot>,
    /// What was seen beside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<Signal>,
    /// When that was last told; absent where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alerted_at: Option<DateTime<Utc>>,
    /// What came of it, once somebody reviewed it: the gravest word said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
}

/// What came of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// The word.
    pub outcome: ReviewOutcome,
    /// When it was said.
    pub at: DateTime<Utc>,
    /// Where that stands in the log.
    pub position: Position,
    /// Who said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
}

/// How soon a person should ask, soonest first. The number is stored in an index; it is never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Urgency {
    /// Now: nobody has a reason to look there.
    Alarm = 1,
    /// An investigation is open.
    Investigation = 2,
    /// Something was seen that nothing explains.
    Alert = 3,
    /// Drawn for a lot that is reviewed for its own sake.
    Lot = 4,
    /// Drawn from all looks.
    Sample = 5,
}

impl Urgency {
    /// Every urgency, the soonest first.
    pub const ALL: [Urgency; 5] =
        [Urgency::Alarm, Urgency::Investigation, Urgency::Alert, Urgency::Lot, Urgency::Sample];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Urgency::Alarm => "alarm",
            Urgency::Investigation => "investigation",
            Urgency::Alert => "alert",
            Urgency::Lot => "lot",
            Urgency::Sample => "sample",
        }
    }
}

impl Review {
    /// How soon a person should ask about this look.
    pub fn urgency(&self) -> Urgency {
        if self.signals.contains(&Signal::Canary) {
            Urgency::Alarm
        } else if self.investigation {
            Urgency::Investigation
        } else if !self.signals.is_empty() {
            Urgency::Alert
        } else if self.lots.iter().any(|lot| *lot != Lot::Ordinary) {
            Urgency::Lot
        } else {
            Urgency::Sample
        }
    }
}

/// Number of the index of one look.
const BY_ACCESS: u8 = 1;

/// Number of the index of everybody's looks that wait.
const WAITING: u8 = 2;

/// Number of the index of an organisation's looks that wait.
const WAITING_OF: u8 = 3;

/// Number of the index of everybody's looks that were reviewed.
const CLOSED: u8 = 4;

/// Number of the index of an organisation's looks that were reviewed.
const CLOSED_OF: u8 = 5;

impl ReadModel for Reviews {
    const NAME: &'static str = "reviews.v1";
    const READS: &'static [StreamKind] = &[StreamKind::Access];
    const WRITING: Writing = Writing::OfStream(StreamKind::Access);

    type Key = (ChildId, AccessId);
    type Row = Review;

    fn keys(recorded: &Recorded) -> Vec<(ChildId, AccessId)> {
        let child = ChildId::new(recorded.stream.id);
        let about = recorded.facts().iter().filter_map(facts::of_access).filter_map(reviewed);
        let mut keys: Vec<(ChildId, AccessId)> = about.map(|access| (child, access)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn evolve(row: Option<Review>, (_, access): &(ChildId, AccessId), recorded: &Recorded) -> Option<Review> {
        let Payload::Open(entry) = &recorded.payload else { return row };
        let events = entry.facts.iter().filter_map(facts::of_access);
        let own = events.filter(|event| reviewed(event) == Some(*access));
        own.fold(row, |row, event| match row {
            Some(row) => Some(step(row, event, &entry.by, recorded)),
            None => Some(step(begun(event, &entry.by, recorded)?, event, &entry.by, recorded)),
        })
    }

    fn sealed_under(row: &Review, _recorded: &Recorded) -> KeyId {
        row.key
    }

    fn postings((_, access): &(ChildId, AccessId), row: &Review) -> Vec<Posting> {
        let mut postings = vec![by_access(*access)];
        match &row.closed {
            None => {
                let urgency = row.urgency() as u8;
                let place = |posting: Posting| posting.and(&urgency).and(&row.position).and(access);
                postings.push(place(waiting()));
                postings.push(place(waiting_of(&row.organisation)));
            }
            Some(done) => {
                postings.push(closed().and(&done.position).and(access));
                postings.push(closed_of(&row.organisation).and(&done.position).and(access));
            }
        }
        postings
    }
}

/// Of which look a fact says that it is or was reviewed.
fn reviewed(event: &Event) -> Option<AccessId> {
    match event {
        Event::InvestigationOpened { access }
        | Event::ReviewDrawn { access, .. }
        | Event::AlertRaised { access, .. }
        | Event::ReviewClosed { access, .. } => Some(*access),
        Event::RecordOpened(_)
        | Event::ShieldOverridden { .. }
        | Event::OpeningRefused { .. }
        | Event::HistoryReplayed(_)
        | Event::SubjectAccessGiven(_) => None,
    }
}

/// The row of a look that nothing was said of yet.
fn begun(event: &Event, by: &Actor, recorded: &Recorded) -> Option<Review> {
    // An alert of a later hour says itself whose look it is about; a look's own record is by whoever looked.
    let looked = match (event, by) {
        (Event::AlertRaised { looked: Some(looked), .. }, _) => looked.clone(),
        (event, Actor::Person(person)) if !matches!(event, Event::ReviewClosed { .. }) => Looked {
            position: recorded.position,
            at: recorded.recorded_at,
            account: person.account,
            organisation: person.organisation.clone(),
            on_behalf_of: person.on_behalf_of,
        },
        (_, Actor::Person(_) | Actor::Supplier { .. } | Actor::System | Actor::Shell) => return None,
    };
    Some(Review {
        position: looked.position,
        at: looked.at,
        key: recorded.key,
        account: looked.account,
        organisation: looked.organisation,
        on_behalf_of: looked.on_behalf_of,
        investigation: false,
        lots: Vec::new(),
        signals: Vec::new(),
        alerted_at: None,
        closed: None,
    })
}

fn step(mut row: Review, event: &Event, by: &Actor, recorded: &Recorded) -> Review {
    match event {
        Event::InvestigationOpened { .. } => row.investigation = true,
        Event::ReviewDrawn { lots, .. } => row.lots.clone_from(lots),
        Event::AlertRaised { signals, .. } => {
            let new: Vec<Signal> = signals.iter().filter(|new| !row.signals.contains(new)).copied().collect();
            row.signals.extend(new);
            row.alerted_at = Some(recorded.recorded_at);
        }
        Event::ReviewClosed { outcome, .. } => {
            let by = if let Actor::Person(person) = by { Some(person.account) } else { None };
            let said =
                Closed { outcome: *outcome, at: recorded.recorded_at, position: recorded.position, by };
            // Of two who review at once the graver word stands, whichever came first.
            row.closed = row.closed.filter(|before| before.outcome >= said.outcome).or(Some(said));
        }
        Event::RecordOpened(_)
        | Event::ShieldOverridden { .. }
        | Event::OpeningRefused { .. }
        | Event::HistoryReplayed(_)
        | Event::SubjectAccessGiven(_) => (),
    }
    row
}

/// The one posting of a look's review.
pub fn by_access(access: AccessId) -> Posting {
    Posting::of(BY_ACCESS).and(&access)
}

/// The beginning of all postings of looks that wait for a review: the most urgent first, then the oldest.
pub fn waiting() -> Posting {
    Posting::of(WAITING)
}

/// As [`waiting`], of one organisation's staff.
pub fn waiting_of(organisation: &OrganisationId) -> Posting {
    Posting::of(WAITING_OF).and(organisation)
}

/// The beginning of all postings of looks that were reviewed, in the order in which they were.
pub fn closed() -> Posting {
    Posting::of(CLOSED)
}

/// As [`closed`], of one organisation's staff.
pub fn closed_of(organisation: &OrganisationId) -> Posting {
    Posting::of(CLOSED_OF).and(organisation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::{access, ava, nurse, opened, organisation, overridden},
        spec::{Given, KEY, Telling, erased, given, told},
    };
    use events::{Fact, recorded::Person};
    use serde_json::json;
    use uuid::Uuid;
    use vocabulary::{Assurance, Channel, Role};

    fn look_id() -> AccessId {
        AccessId::new(Uuid::from_u128(0x4))
    }

    fn by(account: AccountId) -> Actor {
        Actor::Person(Person {
            account,
            organisation: organisation("org:a"),
            role: Role::Practitioner,
            channel: Channel::Web,
            assurance: Assurance::OwnSignIn,
            on_behalf_of: None,
            called_back: false,
            client: None,
            asserted: None,
        })
    }

    fn looked(more: impl IntoIterator<Item = Fact>) -> Telling {
        told(ava().access_stream(), std::iter::once(opened("assessment")).chain(more)).by(by(nurse()))
    }

    fn drawn(lots: &[&str]) -> Fact {
        access("review_drawn", &json!({"access": look_id(), "lots": lots}))
    }

    fn said(outcome: &str) -> Telling {
        let reviewer = AccountId::new(Uuid::from_u128(0xcd));
        let fact = access("review_closed", &json!({"access": look_id(), "outcome": outcome}));
        told(ava().access_stream(), [fact]).by(by(reviewer))
    }

    fn row(given: &Given) -> Review {
        given.row::<Reviews>(&(ava(), look_id())).get().clone()
    }

    fn waits(given: &Given, posting: &Posting) -> usize {
        given.postings::<Reviews>().iter().filter(|held| held.0.starts_with(&posting.0)).count()
    }

    #[test]
    fn a_look_that_was_not_drawn_is_no_row() {
        assert!(given([looked([])]).rows::<Reviews>().is_empty());
    }

    #[test]
    fn a_drawn_look_waits_for_all_and_for_its_organisation_until_it_is_reviewed() {
        let drawn = looked([drawn(&["ordinary"])]);
        let waiting_look = given([drawn.clone()]);
        let own = organisation("org:a");
        assert_eq!((waits(&waiting_look, &waiting()), waits(&waiting_look, &waiting_of(&own))), (1, 1));
        assert_eq!(waits(&waiting_look, &waiting_of(&organisation("org:b"))), 0);
        assert_eq!(row(&waiting_look).urgency(), Urgency::Sample);
        let done = given([drawn, said("advised")]);
        assert_eq!(
            (waits(&done, &waiting()), waits(&done, &closed()), waits(&done, &closed_of(&own))),
            (0, 1, 1)
        );
        assert_eq!(waits(&done, &by_access(look_id())), 1);
    }

    #[test]
    fn of_two_words_the_graver_stands_whichever_came_first() {
        for words in [["advised", "police"], ["police", "advised"]] {
            let [one, other] = words.map(said);
            let closed = row(&given([looked([drawn(&["grace"])]), one, other])).closed;
            assert_eq!(closed.map(|closed| closed.outcome), Some(ReviewOutcome::Police));
        }
    }

    #[test]
    fn the_alarm_comes_before_the_investigation_the_alert_the_lot_and_the_sample() {
        let alert = |signal: &str| access("alert_raised", &json!({"access": look_id(), "signals": [signal]}));
        let investigated = access("investigation_opened", &json!({"access": look_id()}));
        let table = [
            (vec![drawn(&["override"]), alert("canary")], Urgency::Alarm),
            (vec![overridden(), investigated], Urgency::Investigation),
            (vec![alert("sweep"), drawn(&["ordinary"])], Urgency::Alert),
            (vec![drawn(&["other_authority", "ordinary"])], Urgency::Lot),
            (vec![drawn(&["ordinary"])], Urgency::Sample),
        ];
        for (facts, urgency) in table {
            assert_eq!(row(&given([looked(facts)])).urgency(), urgency);
        }
        assert!(Urgency::ALL.is_sorted());
    }

    #[test]
    fn an_alert_of_a_later_day_says_itself_whose_look_it_was() {
        let later = access(
            "alert_raised",
            &json!({"access": look_id(), "signals": ["burst"],
                "looked": {"position": 1, "at": "2026-06-01T09:00:00Z", "account": nurse(), "organisation": "org:a"}}),
        );
        let row = row(&given([looked([]), told(ava().access_stream(), [later])]));
        assert_eq!((row.position, row.account, row.signals), (Position(1), nurse(), vec![Signal::Burst]));
        assert!(row.alerted_at.is_some_and(|at| at > row.at));
    }

    #[test]
    fn a_review_is_sealed_with_the_look_and_an_erased_record_tells_of_none() {
        assert_eq!(row(&given([looked([drawn(&["ordinary"])])])).key, KEY);
        assert!(given([erased(ava().access_stream())]).rows::<Reviews>().is_empty());
    }
}
