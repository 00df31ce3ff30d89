//! History: an investigator stands on any day of a child's life and sees what was known then.
//!
//! From the fold, not from a second model; each replay is a fact before it is shown. Source: contract.md
//! section 2; rules.md 2 (row investigator); domain.md 12.1 (two times).

mod difference;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use event_log::Ticket;
use events::{
    Fact,
    access::{self, Access, Replay, Replayed, SeenBy},
    case::{Case, Reference},
    ceiling::Attempt,
    child::{self, Child},
    decider::Decider,
    policy::InForce,
    recorded::{Actor, Payload, Recorded},
};
use serde::Serialize;
use visibility::{AccessibleRecord, ApprovedCase, Override, Sight, Viewer};
use vocabulary::{
    AccessId, Assurance, Channel, ChildId, ChildNumber, Position, Revision, Role, Stream, StreamKind,
    england_day,
};

use crate::{
    Directory,
    disclose::{Disclosed, LookError},
    kinship::Kinship,
    people::Person,
    register::POLICY_STREAM,
    unseal::unseal,
};

pub use difference::Change;

/// A request to replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRequest {
    /// The case that allows it.
    pub case_ref: Reference,
    /// As known at this instant; absent for the whole story.
    pub as_of: Option<DateTime<Utc>>,
    /// As whom; absent for the investigator's own view.
    pub as_seen_by: Option<SeenBy>,
    /// Compared with what was known at this instant.
    pub compare: Option<DateTime<Utc>>,
}

/// What a replay shows.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum History {
    /// Every event in order.
    Events {
        /// Whose.
        child_number: ChildNumber,
        /// The events of the child and the looks at the record, by position.
        events: Vec<Told>,
    },
    /// The record as it would have been shown.
    Record {
        /// As known at this instant.
        as_of: DateTime<Utc>,
        /// The record.
        record: Box<AccessibleRecord>,
    },
    /// What differs between two days.
    Difference {
        /// The earlier instant.
        from: DateTime<Utc>,
        /// The later one.
        to: DateTime<Utc>,
        /// What changed, by JSON pointer.
        changes: Vec<Change>,
    },
}

/// One event of the story.
#[derive(Debug, Serialize)]
pub struct Told {
    /// Where it stands in the whole log.
    pub position: Position,
    /// When it happened, as told.
    pub happened_at: DateTime<Utc>,
    /// When the directory knew of it.
    pub recorded_at: DateTime<Utc>,
    /// Who caused it; absent once erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Actor>,
    /// What happened; empty once erased.
    pub facts: Vec<Fact>,
    /// Its key was destroyed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

impl Directory {
    /// Replays a child's history under an approved, unexpired case, recording the replay first.
    ///
    /// Cost: the child's stream and its looks, one append.
    ///
    /// # Errors
    /// `Unknown`: no such child. `Refused`: no investigator, or the case does not allow it; recorded.
    pub async fn history(
        &self,
        person: &Person,
        number: ChildNumber,
        request: HistoryRequest,
    ) -> Result<Disclosed<History>, LookError> {
        let replaying = self.replaying(person, number, &request);
        self.counted(person, &replaying, |_| Attempt::Opened, Attempt::OpenedNothing).await?;
        let (ticket, history) = replaying?;
        Ok(Disclosed::after(ticket, history).await?)
    }

    fn replaying(
        &self,
        person: &Person,
        number: ChildNumber,
        request: &HistoryRequest,
    ) -> Result<(Ticket, History), LookError> {
        let id = self.numbered_itself(number)?;
        let now = self.clock().now();
        let (viewer, looker) =
            self.looking(person, None, now).map_err(|(code, detail)| LookError::Refused { code, detail })?;
        let today = england_day(now);
        let case = {
            let register = self.register();
            let found = register.case_of_reference(request.case_ref.as_str());
            found.and_then(|found| Some((found, register.case(found)?.clone())))
        };
        let Some((case_id, case)) =
            case.filter(|(_, case)| case.opened.as_ref().is_some_and(|opened| opened.by == person.account))
        else {
            return Err(LookError::Refused {
                code: "case_unknown",
                detail: "no case of one's own has this reference".to_owned(),
            });
        };
        let policy_version = self.register().in_force().version;
        let related = self.is_related(&viewer, number, id)?;
        let ask = access::Command::Replay(Box::new(Replay {
            looker,
            related,
            // A number that nobody has is in no case, like any child that the case does not name.
            usable: case
                .usable(today, id.map_or(ChildId::new(uuid::Uuid::nil()), |id| self.in_case(&case, id))),
            replayed: Replayed {
                access: AccessId::new(self.ids().next()),
                case: case_id,
                as_of: request.as_of,
                compared_with: request.compare,
                as_seen_by: request.as_seen_by.clone(),
                policy_version,
            },
        }));
        let events = match Access::decide(&Access, &ask, now) {
            Ok(events) => events,
            Err(refusal) => {
                return Err(self.refused_at(person, id, refusal.code(), refusal.to_string(), None));
            }
        };
        let id = id.ok_or(LookError::Unknown)?;
        let history = self.replayed(person, id, number, &case, request, now)?;
        Ok((self.append_access(person, self.kinship().root(id), events)?, history))
    }

    /// The record of a child by which a case names it, else this one.
    fn in_case(&self, case: &Case, id: ChildId) -> ChildId {
        let named = case.opened.as_ref().map(|opened| opened.children.as_slice()).unwrap_or_default();
        self.kinship().records(id).into_iter().find(|record| named.contains(record)).unwrap_or(id)
    }

    fn replayed(
        &self,
        person: &Person,
        id: ChildId,
        number: ChildNumber,
        case: &Case,
        request: &HistoryRequest,
        now: DateTime<Utc>,
    ) -> Result<History, LookError> {
        let seen = |at: DateTime<Utc>| -> Result<AccessibleRecord, LookError> {
            self.record_as_of(person, id, case, request.as_seen_by.as_ref(), at)
        };
        match (request.compare, request.as_of, &request.as_seen_by) {
            (Some(compare), as_of, _) => {
                let (from, to) = (compare.min(as_of.unwrap_or(now)), compare.max(as_of.unwrap_or(now)));
                let changes = difference::between(&json(&seen(from)?), &json(&seen(to)?));
                Ok(History::Difference { from, to, changes })
            }
            (None, Some(as_of), _) => Ok(History::Record { as_of, record: Box::new(seen(as_of)?) }),
            (None, None, Some(_)) => Ok(History::Record { as_of: now, record: Box::new(seen(now)?) }),
            (None, None, None) => {
                let mut events = Vec::new();
                for record in self.kinship().records(id) {
                    for stream in [record.stream(), record.access_stream()] {
                        let told = self.stream_until(stream, now)?.into_iter().map(Told::from);
                        events.extend(told.filter(|told| told.removed || !told.facts.is_empty()));
                    }
                }
                events.sort_by_key(|told| told.position);
                // A shield is respected unless the approver lifted it: then only the least is told.
                let shielded = self.load(id)?.child.is_shielded() && !case.lifts_shields;
                if shielded {
                    return Ok(History::Record { as_of: now, record: Box::new(seen(now)?) });
                }
                Ok(History::Events { child_number: number, events })
            }
        }
    }

    /// The record as it would have been shown at `at`, by the policy and the shields of that time.
    fn record_as_of(
        &self,
        person: &Person,
        id: ChildId,
        case: &Case,
        seen_by: Option<&SeenBy>,
        at: DateTime<Utc>,
    ) -> Result<AccessibleRecord, LookError> {
        let child = self.whole_at(id, at)?;
        let mut policy = InForce::default();
        for recorded in self.stream_until(POLICY_STREAM, at)? {
            for fact in recorded.facts() {
                if let Fact::Policy(event) = fact {
                    InForce::evolve(&mut policy, event, recorded.when());
                }
            }
        }
        let today = england_day(self.clock().now());
        let own = seen_by.is_none();
        let sight = Sight {
            ended_visible_days: policy.settings.ended_visible_days,
            case: ApprovedCase::of(case, self.in_case(case, id), today).filter(|_| own),
            ..Sight::on(england_day(at))
        };
        let viewer = self.replay_viewer(person, seen_by)?;
        let register = self.register();
        Ok(visibility::view(&viewer, &child, Override::None, &*register, &sight))
    }

    /// The child as its records told of it at `at`, merged as they were then.
    fn whole_at(&self, id: ChildId, at: DateTime<Utc>) -> Result<Child, LookError> {
        let mut then = Kinship::default();
        let mut told: BTreeMap<ChildId, Child> = BTreeMap::new();
        let mut asked = self.kinship().records(id);
        asked.push(id);
        while let Some(record) = asked.pop() {
            if told.contains_key(&record) {
                continue;
            }
            let mut child = Child::default();
            for recorded in self.stream_until(record.stream(), at)? {
                for fact in recorded.facts() {
                    if let Fact::Child(event) = fact {
                        Child::evolve(&mut child, event, recorded.when());
                    }
                }
            }
            then.remember(record, &child);
            asked.extend(child.ties.keys());
            told.insert(record, child);
        }
        let mut parts = then.records(id).into_iter().filter_map(|record| told.remove(&record));
        let Some(answers) = parts.next() else { return Ok(Child::default()) };
        let others: Vec<Child> = parts.collect();
        Ok(if others.is_empty() { answers } else { answers.joined(&others) })
    }

    /// The one as whom is looked: the investigator, anyone in a role, or an organisation's practitioner.
    fn replay_viewer(&self, person: &Person, seen_by: Option<&SeenBy>) -> Result<Viewer, LookError> {
        let mut viewer = person.viewer();
        match seen_by {
            None => (),
            Some(SeenBy::Role(role)) => {
                viewer.role = *role;
                viewer.authority = None;
                viewer.national = *role == Role::Auditor;
            }
            Some(SeenBy::Organisation(id)) => {
                let register = self.register();
                let details = register
                    .organisation(id)
                    .and_then(|held| held.details.as_ref())
                    .ok_or(LookError::Unknown)?;
                viewer.organisation = id.clone();
                viewer.kind = details.kind;
                viewer.authority = register.authority_of(id);
                viewer.role = Role::Practitioner;
                viewer.national = viewer.authority.is_none();
            }
        }
        viewer.channel = Channel::Web;
        viewer.assurance = Assurance::OwnSignIn;
        Ok(viewer)
    }

    /// The records of a stream that were known at `at`.
    fn stream_until(&self, stream: Stream, at: DateTime<Utc>) -> Result<Vec<Recorded>, LookError> {
        debug_assert!(
            matches!(stream.kind, StreamKind::Child | StreamKind::Access | StreamKind::Policy),
            "only these streams tell a child's story"
        );
        let mut records = Vec::new();
        let mut failed = None;
        self.log().read_stream(stream, Revision::NONE, &mut |record| match unseal(self.vault(), record) {
            Ok(recorded) if recorded.recorded_at <= at => records.push(recorded),
            Ok(_) => (),
            Err(error) => failed = failed.take().or(Some(error)),
        })?;
        match failed {
            Some(error) => Err(LookError::Load(error.into())),
            None => Ok(records),
        }
    }
}

/// Whether a fact is the child's story or a look at it. What reviewers say of looks, and which records are watched, is
/// theirs alone: an investigator may be who looked.
fn is_history(fact: &Fact) -> bool {
    !matches!(
        fact,
        Fact::Access(
            access::Event::ReviewDrawn { .. }
                | access::Event::AlertRaised { .. }
                | access::Event::ReviewClosed { .. }
        ) | Fact::Child(child::Event::CanaryMarked(_) | child::Event::CanaryUnmarked(_))
    )
}

impl From<Recorded> for Told {
    fn from(recorded: Recorded) -> Told {
        let (by, facts, removed) = match recorded.payload {
            Payload::Open(mut entry) => {
                entry.facts.retain(is_history);
                (Some(entry.by), entry.facts, false)
            }
            Payload::Erased => (None, Vec::new(), true),
        };
        Told {
            position: recorded.position,
            happened_at: recorded.happened_at,
            recorded_at: recorded.recorded_at,
            by,
            facts,
            removed,
        }
    }
}

fn json(record: &AccessibleRecord) -> serde_json::Value {
    serde_json::to_value(record).unwrap_or(serde_json::Value::Null)
}
