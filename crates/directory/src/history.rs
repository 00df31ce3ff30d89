//! History: an investigator stands at any moment of a child's life and sees what was known then.
//!
//! From the fold, not from a second model; each replay is a fact before it is shown. What is replayed is what was
//! seen then, as far as the case lets its investigator see it now (ADR-0053). Source: contract.md section 2;
//! rules.md 2 (row investigator); domain.md 12.1 (two times).

mod details;
mod difference;
mod moment;
mod text;
mod then;
mod told;

use chrono::{DateTime, Utc};
use event_log::Ticket;
use events::{
    access::{self, Access, Replay, Replayed, SeenBy},
    case::{Case, Reference},
    ceiling::Attempt,
    child::Child,
    decider::Decider,
};
use serde::Serialize;
use visibility::{
    AccessibleRecord, ApprovedCase, Groups, Override, Scope, Shields, Sight, Viewer, view_within,
};
use vocabulary::{AccessId, CaseId, ChildId, ChildNumber, FieldGroup, Position, england_day};

use crate::{
    Directory,
    disclose::{Disclosed, LookError},
    people::Person,
};

pub use difference::Change;
pub use moment::{Moment, NotAMoment};
pub use text::Markup;
pub use told::Told;

use then::Then;

/// A request to replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRequest {
    /// The case that allows it.
    pub case_ref: Reference,
    /// As known at this moment; absent for the whole story.
    pub as_of: Option<Moment>,
    /// As whom; absent for the investigator's own view.
    pub as_seen_by: Option<SeenBy>,
    /// Compared with what was known at this moment.
    pub compare: Option<Moment>,
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
    Record(Box<RecordThen>),
    /// What differs between two moments.
    Difference {
        /// The earlier moment.
        from: DateTime<Utc>,
        /// The later one.
        to: DateTime<Utc>,
        /// What changed, by JSON pointer.
        changes: Vec<Change>,
    },
}

/// A record as it would have been shown at a moment.
#[derive(Debug, Serialize)]
pub struct RecordThen {
    /// As known at this instant.
    pub as_of: DateTime<Utc>,
    /// The last position of the log that counted, where one was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of_position: Option<Position>,
    /// By which rule nobody, or the organisation's staff, could look at all; the record is then empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<&'static str>,
    /// A date had run out: only an emergency or a child protection enquiry opened it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub urgent_only: bool,
    /// The record.
    pub record: AccessibleRecord,
}

/// Under what a history is replayed: the case as it stands, and what it lets its investigator see now.
struct Reach {
    viewer: Viewer,
    case: ApprovedCase,
    /// The whole that the child's records make now.
    child: std::sync::Arc<Child>,
    /// What the investigator may see of the record now: no replay shows more.
    scope: Scope,
}

impl Directory {
    /// Replays a child's history under an approved, unexpired case, recording the replay first.
    ///
    /// Cost: the child's stream, for the story its looks too, the streams of the policy and of the organisations
    /// that the record names, one append.
    ///
    /// # Errors
    /// `Unknown`: no such child, or an archive that the case does not reach. `Refused`: no investigator, or the
    /// case does not allow it; recorded.
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
        let (case_id, case) = self.own_case(person, &request.case_ref)?;
        let policy_version = self.register().in_force().version;
        let related = self.is_related(&viewer, number, id)?;
        // A number that nobody has is in no case, like any child that the case does not name.
        let named = id.map_or(ChildId::new(uuid::Uuid::nil()), |id| self.in_case(&case, id));
        let as_of = request.as_of.map(|moment| self.cut(moment, now)).transpose()?;
        let compare = request.compare.map(|moment| self.cut(moment, now)).transpose()?;
        let ask = access::Command::Replay(Box::new(Replay {
            looker,
            related,
            usable: case.usable(today, named),
            replayed: Replayed {
                access: AccessId::new(self.ids().next()),
                case: case_id,
                as_of: as_of.map(|cut| cut.at),
                as_of_position: as_of.and_then(|cut| cut.until),
                compared_with: compare.map(|cut| cut.at),
                compared_with_position: compare.and_then(|cut| cut.until),
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
        let case = ApprovedCase::of(&case, named, today).ok_or(LookError::Unknown)?;
        let child = self.load(id)?.child;
        let sight = Sight { case: Some(case), ..Sight::on(today) };
        let scope = visibility::scope(&viewer, &child, Override::None, &sight);
        if scope.groups() == Groups::NONE {
            // Beyond what the case reaches: unknown to it, as a concealed record is; that it was tried is recorded.
            let _refused = self.refused_at(person, Some(id), "concealed", String::new(), None);
            return Err(LookError::Unknown);
        }
        let reach = Reach { viewer, case, child, scope };
        let seen = |cut| self.record_as_of(id, &reach, request.as_seen_by.as_ref(), cut);
        let at_present = then::Cut::at(now);
        let history = match (compare, as_of, &request.as_seen_by) {
            (Some(compare), as_of, _) => {
                let other = as_of.unwrap_or(at_present);
                let (from, to) = if other < compare { (other, compare) } else { (compare, other) };
                let changes = difference::between(&json(&seen(from)?.record), &json(&seen(to)?.record));
                History::Difference { from: from.at, to: to.at, changes }
            }
            (None, Some(as_of), _) => History::Record(Box::new(seen(as_of)?)),
            // A shield is respected unless the approver lifted it: then only the least is shown, and no history.
            (None, None, None) if reach.scope.has(FieldGroup::I) => {
                History::Events { child_number: number, events: self.story(id, &reach, today)? }
            }
            (None, None, _) => History::Record(Box::new(seen(at_present)?)),
        };
        Ok((self.append_access(person, self.kinship().root(id), events)?, history))
    }

    /// The person's own case of a reference; another's is unknown.
    fn own_case(&self, person: &Person, reference: &Reference) -> Result<(CaseId, Case), LookError> {
        let register = self.register();
        let found = register.case_of_reference(reference.as_str());
        found
            .and_then(|found| Some((found, register.case(found)?.clone())))
            .filter(|(_, case)| case.opened.as_ref().is_some_and(|opened| opened.by == person.account))
            .ok_or_else(|| LookError::Refused {
                code: "case_unknown",
                detail: "no case of one's own has this reference".to_owned(),
            })
    }

    /// The record of a child by which a case names it, else this one.
    fn in_case(&self, case: &Case, id: ChildId) -> ChildId {
        let named = case.opened.as_ref().map(|opened| opened.children.as_slice()).unwrap_or_default();
        self.kinship().records(id).into_iter().find(|record| named.contains(record)).unwrap_or(id)
    }

    /// The record as it would have been shown at a moment, by the policy, the shields and the register of that
    /// time, as far as the investigator may see it now.
    fn record_as_of(
        &self,
        id: ChildId,
        reach: &Reach,
        seen_by: Option<&SeenBy>,
        cut: then::Cut,
    ) -> Result<RecordThen, LookError> {
        let then = Then::of(self, id, cut)?;
        let mut shown = RecordThen {
            as_of: cut.at,
            as_of_position: cut.until,
            refused: None,
            urgent_only: false,
            record: AccessibleRecord::default(),
        };
        if !then.child.is_registered() {
            shown.refused = Some("child_unknown");
            return Ok(shown);
        }
        let viewer = match seen_by {
            None => reach.viewer.clone(),
            Some(seen_by) => match then.viewer(self, &reach.viewer, seen_by)? {
                then::Looked::Could { viewer, urgent_only } => {
                    shown.urgent_only = urgent_only;
                    viewer
                }
                then::Looked::CouldNot(code) => {
                    shown.refused = Some(code);
                    return Ok(shown);
                }
            },
        };
        let sight = Sight {
            ended_visible_days: then.policy.settings.ended_visible_days,
            case: Some(reach.case).filter(|_| seen_by.is_none()),
            ..Sight::on(england_day(cut.at))
        };
        let scope = visibility::scope(&viewer, &then.child, Override::None, &sight).bounded_by(&reach.scope);
        shown.record = view_within(&scope, &then.child, &then, &sight);
        Ok(shown)
    }
}

impl Reach {
    /// Whether the approver lifted shields for this case.
    fn lifts_shields(&self) -> bool {
        self.case.shields == Shields::Lifted
    }
}

fn json(record: &AccessibleRecord) -> serde_json::Value {
    serde_json::to_value(record).unwrap_or(serde_json::Value::Null)
}
