//! Supply: one event of a case management system, from its sending to one outcome of the contract.
//!
//! Source: contract.md section 3; rules.md 2.7, 3.3; invariants I-4, I-16, I-17.

mod beside;
mod judging;
mod references;
mod remembered;

use chrono::{DateTime, Utc};
use events::{
    child::{Child, Event, Refusal, details, identity},
    recorded::Actor,
    supplied::{Supplied, SuppliedChild},
};
use vocabulary::{
    ChildId, ChildNumber, ClientId, ConsentDecision, IntakeId, KeyId, OrganisationId, OrganisationKind,
    PersonName, england_day,
};

use crate::{
    Directory,
    children::LoadError,
    commands::{involvement_id, keyed},
    desk::Desk,
    filing::{FileError, Filing},
    judge::{Linking, Meant, Unmeant},
    keying,
    outcome::{Outcome, OutcomeKind, Pending, Problem},
};

/// Who sends: an organisation with a supply agreement, by one of its clients or by a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Whose references these are.
    pub organisation: OrganisationId,
    /// What kind of organisation it is.
    pub kind: OrganisationKind,
    /// Which client posts; its ids are remembered apart from other clients'.
    pub client: ClientId,
    /// Whether its agreement lets it state others' involvements.
    pub states_others: bool,
}

/// One event as sent.
#[derive(Debug, Clone)]
pub struct SuppliedEvent {
    /// The client's id for it.
    pub id: String,
    /// When it happened; absent means when received.
    pub happened_at: Option<DateTime<Utc>>,
    /// What was sent, for telling a repeat from another event of the same id.
    pub body: Vec<u8>,
    /// What it says.
    pub told: Supplied,
}

/// Whether to record, or to judge only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Record what follows.
    Record,
    /// Record what follows; a description under a reference that is not known is of a new child, whoever is like it.
    /// For the first load of one supplier, whose references are each of another child. The index is left as it is:
    /// the directory finds nobody new until it is opened again.
    FirstLoad,
    /// Judge and record nothing.
    DryRun,
}

/// A machine failed; nothing is known of the outcome, so send the same event again.
#[derive(Debug, thiserror::Error)]
pub enum SupplyError {
    /// The child could not be read.
    #[error("the child could not be read")]
    Load(#[from] LoadError),
    /// The records could not be filed.
    #[error("the records could not be filed")]
    File(#[from] FileError),
}

/// Where an event came from, when it is placed.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) sender: Sender,
    pub(crate) filing: Filing,
    pub(crate) told: Supplied,
    pub(crate) mode: Mode,
    /// A person's decision on who this is, for what comes off the queue.
    pub(crate) decided: Option<Meant>,
    /// The person who records by hand, where one does.
    pub(crate) recorded_by: Option<PersonName>,
    /// The authority whose directory team records by hand, where one does.
    pub(crate) team_of: Option<OrganisationId>,
    /// The item of the queue that it was until now, with the key of its stream.
    pub(crate) item: Option<(IntakeId, KeyId)>,
}

impl Said {
    /// In what capacity this is said of a child: of the team only where its own authority answers for the record.
    fn capacity(&self, child: &Child) -> details::Capacity {
        match &self.team_of {
            Some(team) if child.authority.as_ref() == Some(team) => details::Capacity::DirectoryTeam,
            Some(_) | None => details::Capacity::of(self.sender.kind),
        }
    }
}

/// What placing an event came to, before it is durable.
pub(crate) type Placed = Result<Pending, SupplyError>;

impl Directory {
    /// Takes one event of a supplier. The answer may be given once [`Pending`] is settled, never before.
    ///
    /// Order is kept for calls made one after another. Cost: some hashes, one fold step, one append.
    ///
    /// # Errors
    /// A machine failed: send the same event again, under the same id.
    pub fn supply(&self, sender: &Sender, event: SuppliedEvent, mode: Mode) -> Placed {
        let now = self.clock().now();
        let mut told = event.told;
        keying::key_refs(self.vault(), &sender.organisation, &mut told);
        let id = keying::event_id(self.vault(), &sender.client, &event.id);
        let body = keying::body_hash(self.vault(), &event.body);
        // I-4: asked here and not at the door, so that a file is judged like a request.
        if let Err(refusal) = self.supplies(&sender.organisation, now) {
            return Ok(Pending::refused(event.id, Problem::new(refusal.code(), refusal.to_string())));
        }
        let said = Said {
            sender: sender.clone(),
            filing: Filing {
                by: Actor::Supplier {
                    organisation: sender.organisation.clone(),
                    client: Some(sender.client.clone()),
                },
                cause: None,
                id,
                body,
                happened_at: event.happened_at.map_or(now, |told_at| told_at.min(now)),
                now,
            },
            told,
            mode,
            decided: None,
            recorded_by: None,
            team_of: None,
            item: None,
        };
        let placed = match self.place_beside_others(&said)? {
            Some(placed) => placed,
            None => self.place_alone(&said)?,
        };
        Ok(placed.named(event.id))
    }

    /// I-4: whether an organisation may supply today.
    fn supplies(&self, id: &OrganisationId, now: DateTime<Utc>) -> Result<(), events::organisation::Refusal> {
        let register = self.register();
        let organisation = register.organisation(id).ok_or(events::organisation::Refusal::Unknown)?;
        organisation.may_supply(england_day(now), &register.policy().conditions)
    }

    /// The present outcome of an event that this client sent; `None` for an id that was never taken.
    ///
    /// # Errors
    /// A machine failed; ask again.
    pub fn event_outcome(&self, sender: &Sender, id: &str) -> Result<Option<Outcome>, SupplyError> {
        let desk = self.desk();
        let keyed = keying::event_id(self.vault(), &sender.client, id);
        let Some(seen) = self.handles().seen(keyed, self.log()).map_err(LoadError::from)? else {
            return Ok(None);
        };
        let (outcome, _) = self.present(&desk, seen.position)?.named(id.to_owned()).parts();
        Ok(Some(outcome))
    }

    /// Finds the child, judges what is asked, and files what follows.
    pub(crate) fn place(&self, desk: &mut Desk, said: &Said) -> Placed {
        if let Some(problem) = self.not_permitted(said) {
            return Ok(Pending::refused(String::new(), problem));
        }
        if let Supplied::PractitionerContactsChanged { practitioner_ref, .. } = &said.told {
            return self.practitioner_changed(said, keyed(practitioner_ref));
        }
        if let Supplied::LocalRefsMerged { from, to } = &said.told {
            return self.refs_merged(desk, said, keyed(from), keyed(to));
        }
        if let Supplied::LinkDisputed { local_ref } = &said.told {
            return match &said.decided {
                Some(meant) => self.dispute_decided(said, keyed(local_ref), meant),
                None => self.disputed(desk, said, keyed(local_ref)),
            };
        }
        let meant = match &said.decided {
            Some(meant) => meant.clone(),
            None => self.meant_by(desk, &said.told, said.mode)?,
        };
        match meant {
            Meant::Refused(unmeant) => {
                Ok(Pending::refused(String::new(), Problem::new(unmeant.code(), unmeant.to_string())))
            }
            Meant::Behind(head) => self.wait(desk, said, head),
            Meant::Queue(reason, candidates, weighings) => match Self::describable(said, None) {
                Some(problem) => Ok(Pending::refused(String::new(), problem)),
                None => self.enqueue(desk, said, reason, candidates, weighings),
            },
            Meant::New => {
                self.file_for(said, ChildId::new(self.ids().next()), Some(identity::Judgement::New.into()))
            }
            Meant::Child(child, linking) => self.file_for(said, child, linking),
        }
    }

    /// Which child the event means, by its `child` or by its involvement.
    fn meant_by(&self, desk: &Desk, told: &Supplied, mode: Mode) -> Result<Meant, LoadError> {
        let involvement = told.involvement_ref();
        let behind = involvement.and_then(|reference| desk.waiting_refs.get(&keyed(reference))).copied();
        Ok(match (told.child(), involvement) {
            (Some(child), _) => match (self.meant(desk, child, mode)?, behind) {
                (Meant::Refused(unmeant), _) => Meant::Refused(unmeant),
                (_, Some(head)) => Meant::Behind(head),
                (meant, None) => meant,
            },
            (None, Some(reference)) => match behind {
                Some(head) => Meant::Behind(head),
                None => self
                    .involved(involvement_id(reference))?
                    .map_or(Meant::Refused(Unmeant::InvolvementUnknown), |child| Meant::Child(child, None)),
            },
            (None, None) => Meant::Refused(Unmeant::ReferenceMissing),
        })
    }

    /// What the sender's agreement does not permit, whoever the child is.
    fn not_permitted(&self, said: &Said) -> Option<Problem> {
        let named = said.told.organisation()?;
        if !self.register().knows(named) {
            return Some(Problem::new(
                "organisation_unknown",
                format!(
                    "no organisation {named} is registered; check the id, or ask the directory team to add it"
                ),
            ));
        }
        let others_involvement = matches!(&said.told, Supplied::InvolvementStarted(_))
            && *named != said.sender.organisation
            && !said.sender.states_others;
        others_involvement.then(|| {
            Problem::new(
                "organisation_of_another",
                "the supply agreement does not let this client state another organisation's involvement"
                    .to_owned(),
            )
        })
    }

    /// What a description lacks to be taken for a child that is not `known` yet.
    fn describable(said: &Said, known: Option<&Child>) -> Option<Problem> {
        let told = said.told.child()?;
        let today = england_day(said.filing.now);
        let nobody = Child::default();
        let refusal = details::well_formed(told, today)
            .and_then(|()| details::complete(told))
            .and_then(|()| details::held_at_age(known.unwrap_or(&nobody), told.date_of_birth, today))
            .err();
        if let Some(refusal) = refusal {
            return Some(Problem::refused(&Refusal::Details(refusal)));
        }
        // Rules.md 3.3: from a sensitive organisation without live consent or override, nothing is kept.
        let sensitive = matches!(
            said.sender.kind,
            OrganisationKind::MentalHealthService
                | OrganisationKind::SexualHealthService
                | OrganisationKind::SubstanceMisuseService
        );
        let permits = matches!(
            &said.told,
            Supplied::ConsentRecorded { decision: ConsentDecision::Given, .. }
                | Supplied::SignificantHarmRecorded { .. }
        );
        let permitted = known.is_some_and(|child| {
            child.episodes.values().any(|episode| {
                episode.supplier == said.sender.organisation && episode.live_basis(today).is_some()
            })
        });
        (sensitive && !permits && !permitted)
            .then(|| Problem::refused(&Refusal::Involvement(events::child::involvement::Refusal::NoBasis)))
    }

    /// Judges everything the event asks of one child, and files what follows in one append.
    fn file_for(&self, said: &Said, id: ChildId, linking: Option<Linking>) -> Placed {
        let (id, known) = self.at_source(said, id)?;
        if refuses_consent(&said.told) {
            let problem = said
                .told
                .child()
                .filter(|child| child.is_described())
                .and_then(|_| Self::refusal_of_parts(said));
            if let Some(problem) = problem {
                return Ok(Pending::refused(String::new(), problem));
            }
            if !known.child.is_registered() {
                // A refusal about a child nobody knows keeps nothing but its count.
                return self.count_refusal(said, None);
            }
        } else if linking.is_some()
            && said.told.child().is_some_and(SuppliedChild::is_described)
            && let Some(problem) = Self::describable(said, Some(&known.child))
        {
            return Ok(Pending::refused(String::new(), problem));
        }
        let judged = self.judge(said, &known, linking)?;
        let events = match judged {
            Ok(events) => events,
            Err(refusal) => {
                return Ok(
                    Pending::refused(String::new(), Problem::refused(&refusal)).about(known.child.number)
                );
            }
        };
        let number = known.child.number.or_else(|| number_in(&events));
        if refuses_consent(&said.told) && events.is_empty() {
            return self.count_refusal(said, Some(id)).map(|pending| pending.about(number));
        }
        if events.is_empty() {
            return self.repeated(said, id).map(|pending| pending.about(number));
        }
        let problem = lead_taken(&said.told, &events);
        if said.mode == Mode::DryRun {
            return Ok(Pending::judged(OutcomeKind::Recorded).about(known.child.number).but(problem));
        }
        let raised: Vec<Event> =
            events.iter().filter(|event| matches!(event, Event::DiscrepancyRaised(_))).cloned().collect();
        let filed = self.file(&said.filing, id, &known, events)?;
        Ok(Pending::filed(OutcomeKind::Recorded, filed).about(number).but(problem).differing(&raised))
    }

    /// Checks a description that will not be kept, so that bad input is told all the same.
    fn refusal_of_parts(said: &Said) -> Option<Problem> {
        let told = said.told.child()?;
        details::well_formed(told, england_day(said.filing.now))
            .err()
            .map(|refusal| Problem::refused(&Refusal::Details(refusal)))
    }
}

/// A new record's number, among the facts that open it.
fn number_in(events: &[Event]) -> Option<ChildNumber> {
    events.iter().find_map(|event| {
        if let Event::ChildRegistered(registered) = event { Some(registered.number) } else { None }
    })
}

fn refuses_consent(told: &Supplied) -> bool {
    matches!(told, Supplied::ConsentRecorded { decision: ConsentDecision::Refused, .. })
}

/// A lead that was asked with a start and not named was taken: refused alone, the involvement stands.
fn lead_taken(told: &Supplied, events: &[Event]) -> Option<Problem> {
    let asked = matches!(told, Supplied::InvolvementStarted(started) if started.lead_professional == Some(true) && started.ended_on.is_none());
    let started = events.iter().any(|event| matches!(event, Event::InvolvementStarted(_)));
    let named = events.iter().any(|event| matches!(event, Event::LeadProfessionalNamed(_)));
    (asked && started && !named)
        .then(|| Problem::refused(&Refusal::Involvement(events::child::involvement::Refusal::LeadTaken)))
}
