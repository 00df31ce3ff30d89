//! Disclosure: a view that has left its trace in the log, and the opening of one record.
//!
//! The access is durable before anything is shown (ADR-0006; invariant I-18). If it cannot be recorded,
//! nothing is shown. Source: rules.md 2, 4.2; contract.md section 2.

use event_log::{AppendError, Expected, Ticket};
use events::{
    Fact,
    access::{self, Access, Event, Open, OverrideGround, ToldLead},
    case::Reference,
    ceiling::Attempt,
    child::Child,
    decider::Decider,
    recorded::{Actor, Entry},
    refused::Code,
};
use visibility::{AccessibleRecord, Named, Names, Onlooker, Override, Sight, Viewer, permission::Relation};
use vocabulary::{
    AccessId, AccessReason, BodyHash, ChildId, ChildNumber, EventId, OrganisationId, Position, Revision,
    SearchId, england_day,
};

use crate::{
    Directory,
    ceilings::is_ceiling,
    children::LoadError,
    filing::{FileError, Filed, refused as not_taken},
    people::Person,
    register::Register,
    unseal::{Sealing, seal},
};

/// A view that has left its trace in the log. Made only in this crate, and only from a durable append.
#[derive(Debug)]
pub struct Disclosed<T> {
    view: T,
    position: Position,
}

impl<T> Disclosed<T> {
    /// Waits until the trace is durable, then lets the view out.
    pub(crate) async fn after(ticket: Ticket, view: T) -> Result<Disclosed<T>, AppendError> {
        let committed = ticket.await?;
        Ok(Disclosed { view, position: committed.position })
    }

    /// What may be shown.
    pub fn view(&self) -> &T {
        &self.view
    }

    /// Where the trace stands.
    pub fn position(&self) -> Position {
        self.position
    }

    /// What may be shown, to keep.
    pub fn into_view(self) -> T {
        self.view
    }

    /// The same in another shape, made of what is shown here.
    pub(crate) fn of<U>(&self, view: U) -> Disclosed<U> {
        Disclosed { view, position: self.position }
    }

    /// Changes what is shown into another shape of the same.
    pub fn map<U>(self, shape: impl FnOnce(T) -> U) -> Disclosed<U> {
        Disclosed { view: shape(self.view), position: self.position }
    }
}

/// A colleague for whom a mediator asks, and the one-time code that the colleague read out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnBehalf {
    /// The colleague's user name.
    pub username: String,
    /// The code from the colleague's own token; without it the mediator calls back.
    pub code: Option<String>,
}

/// A request to open one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRequest {
    /// Whose.
    pub number: ChildNumber,
    /// Why; may come from the search instead.
    pub reason: Option<AccessReason>,
    /// The search that listed the child.
    pub search_id: Option<SearchId>,
    /// For whom.
    pub on_behalf_of: Option<OnBehalf>,
    /// The reference of a case or of the person's request.
    pub case_ref: Option<Reference>,
    /// Why the shield is to be overridden.
    pub override_ground: Option<OverrideGround>,
}

/// A record as opened.
#[derive(Debug)]
pub struct OpenedRecord {
    /// Which look.
    pub access_id: AccessId,
    /// What this viewer may see; its position is the look's own.
    pub record: AccessibleRecord,
}

/// Why nothing was shown.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// No such child, or concealed from this viewer: deliberately the same answer.
    #[error("no such record, or it is not open to this user")]
    Unknown,
    /// A rule said no; the attempt is recorded.
    #[error("{detail}")]
    Refused {
        /// The stable name.
        code: &'static str,
        /// The sentence.
        detail: String,
    },
    /// The child could not be read.
    #[error("the child could not be read")]
    Load(#[from] LoadError),
    /// The look could not be recorded, so nothing is shown; safe to ask again.
    #[error("the look could not be recorded")]
    File(#[from] FileError),
    /// The rows could not be read.
    #[error("the read models could not be read")]
    Rows(#[from] crate::rows::RowsError),
    /// The log could not be read.
    #[error("the log could not be read")]
    Log(#[from] event_log::LogError),
}

impl From<AppendError> for LookError {
    fn from(error: AppendError) -> LookError {
        LookError::File(FileError::Append(error))
    }
}

impl Names for Register {
    fn organisation(&self, id: &OrganisationId) -> Option<Named> {
        Some(Named { name: self.name_of(id)?, contacts: self.contacts_of(id) })
    }
}

impl Directory {
    /// Opens one child record for `person`, recording the access before anything is shown.
    ///
    /// Cost: one child as it stands, one append (one fsync).
    ///
    /// # Errors
    /// `Unknown`: no such child, or concealed. `Refused`: role, reason or relation insufficient, and the refused
    /// attempt is recorded; or a ceiling was reached, which is recorded once. Others: a machine failed, nothing is
    /// shown, safe to ask again.
    pub async fn open_record(
        &self,
        person: &Person,
        request: OpenRequest,
    ) -> Result<Disclosed<OpenedRecord>, LookError> {
        let opening = self.opening(person, &request);
        self.counted(person, &opening, |_| Attempt::Opened, Attempt::OpenedNothing).await?;
        let (ticket, opened, alarms) = opening?;
        let disclosed = Disclosed::after(ticket, opened).await?;
        if alarms {
            self.alarm(disclosed.view().access_id, "alarm");
        }
        let position = disclosed.position();
        Ok(disclosed.map(|shown| OpenedRecord { record: shown.record.at(position), ..shown }))
    }

    /// The look on its way to the disk, what it will show, and whether it raises an alarm.
    fn opening(
        &self,
        person: &Person,
        request: &OpenRequest,
    ) -> Result<(Ticket, OpenedRecord, bool), LookError> {
        let now = self.clock().now();
        let today = england_day(now);
        let searched = request.search_id.and_then(|search| self.search_made(person.account, search));
        let reason = request.reason.or(searched.as_ref().map(|made| made.made.reason));
        let looking = self.looking(person, request.on_behalf_of.as_ref(), now);
        if let Ok((_, looker)) = &looking {
            self.over_ceiling(looker, reason)?;
        }
        let id = self.numbered(request.number)?;
        let known = id.map(|id| self.load_whole(id)).transpose()?;
        let (viewer, looker) = match looking {
            Ok(looking) => looking,
            Err((code, detail)) => return Err(self.refused_at(person, id, code, detail, request.reason)),
        };
        let person = &person.mediating(looker.caller.as_ref(), request.on_behalf_of.as_ref());
        let policy = self.register().in_force();
        let sight = Sight {
            ended_visible_days: policy.settings.ended_visible_days,
            matched_former_names: searched
                .as_ref()
                .zip(id)
                .and_then(|(made, id)| made.former_names.get(&id).cloned())
                .unwrap_or_default(),
            case: None,
            ..Sight::on(today)
        };
        let opened = if request.override_ground.is_some() { Override::Open } else { Override::None };
        let nobody = Child::default();
        let outwardly = known.as_ref().map_or(&nobody, |known| known.outwardly());
        let scope = visibility::scope(&viewer, outwardly, opened, &sight);
        let onlooker = Onlooker::of(&scope, &viewer.organisation);
        let held = known.as_ref().map_or(&nobody, |known| known.looked_at(onlooker));
        let record = visibility::view_within(&scope, held, &*self.register(), &sight);
        // Concealed is unknown, to the byte: judged by nothing that a number of nobody would not be judged by.
        let shown = id.filter(|_| !record.groups().is_empty());
        let judged = if shown.is_some() { held } else { &nobody };
        let access_id = AccessId::new(self.ids().next());
        let ask = access::Command::Open(Box::new(Open {
            access: access_id,
            number: request.number,
            looker,
            reason,
            search: request.search_id.filter(|_| searched.is_some()),
            case: None,
            case_ref: request
                .case_ref
                .clone()
                .or(searched.as_ref().and_then(|made| made.made.case_ref.clone())),
            related: self.is_related(&viewer, request.number, shown)?,
            own_entry: has_own_entry(judged, &viewer.organisation, today),
            other_authority: person.relation_to(judged) == Relation::Elsewhere,
            canary: judged.canary,
            // Without a code the mediator calls the colleague back, at the number on file (rules.md 5.3).
            called_back: request.on_behalf_of.as_ref().is_some_and(|colleague| colleague.code.is_none()),
            override_ground: request.override_ground,
            leads: leads(&viewer, judged, reason, &sight),
            groups: record.groups(),
            record_state: judged.record_state(today),
            policy: policy.clone(),
        }));
        let events = match Access::decide(&Access, &ask, now) {
            Ok(events) => events,
            Err(refusal) => {
                return Err(self.refused_at(person, id, refusal.code(), refusal.to_string(), reason));
            }
        };
        let Some(child) = shown else {
            // That it was tried is recorded all the same.
            let _refused = self.refused_at(person, id, "concealed", String::new(), reason);
            return Err(LookError::Unknown);
        };
        let alarms = events.iter().any(|event| matches!(event, Event::AlertRaised { .. }));
        let ticket = self.append_access(person, child, events)?;
        Ok((ticket, OpenedRecord { access_id, record }, alarms))
    }

    /// Appends facts to a child's stream of looks, whatever its revision.
    pub(crate) fn append_access(
        &self,
        person: &Person,
        child: ChildId,
        events: Vec<Event>,
    ) -> Result<Ticket, LookError> {
        let facts = events.into_iter().map(Fact::Access).collect();
        Ok(self.append_look(person, child.access_stream(), facts)?)
    }

    /// Appends facts about a look, under the key of the month.
    pub(crate) fn append_look(
        &self,
        person: &Person,
        stream: vocabulary::Stream,
        facts: Vec<Fact>,
    ) -> Result<Ticket, FileError> {
        self.append_look_by(person.actor(), stream, facts)
    }

    /// As [`Directory::append_look`], whoever looks.
    pub(crate) fn append_look_by(
        &self,
        by: Actor,
        stream: vocabulary::Stream,
        facts: Vec<Fact>,
    ) -> Result<Ticket, FileError> {
        let now = self.clock().now();
        let key = self.months().key(now, self.vault())?;
        let entry = Entry { by, cause: None, facts };
        let sealing = Sealing {
            stream,
            event_id: EventId(self.ids().next()),
            body: BodyHash::default(),
            key,
            happened_at: now,
            recorded_at: now,
        };
        Ok(self.log().submit(stream, Expected::Any, vec![seal(self.vault(), &sealing, &entry)?]))
    }

    /// Appends facts to a stream at a revision, under the key of the month.
    pub(crate) fn append_by_month(
        &self,
        person: &Person,
        stream: vocabulary::Stream,
        revision: Revision,
        facts: Vec<Fact>,
    ) -> Result<Filed, FileError> {
        self.append_by_month_as(person.actor(), stream, revision, facts)
    }

    /// As [`Directory::append_by_month`], for whoever acts.
    pub(crate) fn append_by_month_as(
        &self,
        by: Actor,
        stream: vocabulary::Stream,
        revision: Revision,
        facts: Vec<Fact>,
    ) -> Result<Filed, FileError> {
        let now = self.clock().now();
        let entry = Entry { by, cause: None, facts };
        let sealing = Sealing {
            stream,
            event_id: EventId(self.ids().next()),
            body: BodyHash::default(),
            key: self.months().key(now, self.vault())?,
            happened_at: now,
            recorded_at: now,
        };
        let proposed = seal(self.vault(), &sealing, &entry)?;
        let ticket = self.log().submit(stream, Expected::At(revision), vec![proposed]);
        match ticket.position() {
            Some(position) => Ok(Filed { ticket, position }),
            None => Err(not_taken(ticket)),
        }
    }

    /// As [`Directory::refused_look`]; at a number that nobody has there is no record to keep it with, and a ceiling
    /// that was reached was recorded once for all.
    pub(crate) fn refused_at(
        &self,
        person: &Person,
        child: Option<ChildId>,
        code: &'static str,
        detail: String,
        reason: Option<AccessReason>,
    ) -> LookError {
        match child {
            Some(child) if !is_ceiling(code) => self.refused_look(person, child, code, detail, reason),
            Some(_) | None => LookError::Refused { code, detail },
        }
    }

    /// Records a refused attempt and says why. Nothing is shown, so nobody waits for it to be durable.
    pub(crate) fn refused_look(
        &self,
        person: &Person,
        child: ChildId,
        code: &'static str,
        detail: String,
        reason: Option<AccessReason>,
    ) -> LookError {
        let kept = Code::new(code);
        assert!(kept.is_ok(), "the code of a refusal is snake_case: {code}");
        if let Ok(kept) = kept
            && let Err(error) =
                self.append_access(person, child, vec![Event::OpeningRefused { code: kept, reason }])
        {
            return error;
        }
        LookError::Refused { code, detail }
    }
}

/// The lead professionals who may be told of a look: all there is to say is that somebody of this organisation looked.
fn leads(viewer: &Viewer, child: &Child, reason: Option<AccessReason>, sight: &Sight) -> Vec<ToldLead> {
    let leads = reason.map(|reason| visibility::leads_of_look(viewer, child, reason, sight));
    let told = |(involvement, organisation)| ToldLead {
        involvement,
        organisation,
        looked: viewer.organisation.clone(),
    };
    leads.unwrap_or_default().into_iter().map(told).collect()
}

/// Tells whether the organisation works with the child today, by an entry that stands.
pub(crate) fn has_own_entry(child: &Child, organisation: &OrganisationId, today: chrono::NaiveDate) -> bool {
    child.involvements.values().any(|held| {
        (held.organisation == *organisation || held.supplier == *organisation)
            && held.is_open(today)
            && child.stands(held, today)
    })
}
