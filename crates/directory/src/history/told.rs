//! The story: every event of a child and every look at the record, in order, as far as a case lets it be told.
//!
//! Beyond the groups that the case grants nothing is told: not what is held for matching alone, not what was told
//! under a shield that the approver did not lift, not the looks of services that a look would give away.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use events::{
    Fact, access, catalogue,
    child::{self, Child},
    decider::Decider,
    policy::{Bases, LegalBasis},
    recorded::{Actor, Payload, Recorded},
    supplied::{Supplied, SuppliedChild},
    told::Told as Word,
};
use serde::Serialize;
use serde_json::Value;
use visibility::{Column, Look, LookShown, Override, Reader, may_see_look};
use vocabulary::{
    ChildId, InvolvementId, KeyId, OrganisationId, OrganisationKind, Position, ServiceClass, StreamKind,
    england_day,
};

use super::{Reach, details, then::Cut};
use crate::{Directory, disclose::LookError, register::Register};

/// One event of the story.
#[derive(Debug, Serialize)]
pub struct Told {
    /// Where it stands in the whole log.
    pub position: Position,
    /// The day on which it was recorded; of what was removed, and nothing else is told of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// When it happened, as told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub happened_at: Option<DateTime<Utc>>,
    /// When the directory knew of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<DateTime<Utc>>,
    /// Who caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Actor>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// By what law what it says is held, by the policy in force now.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub basis: BTreeSet<LegalBasis>,
    /// What happened, a sentence a fact.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub story: Vec<String>,
    /// What happened, as stored.
    pub facts: Vec<Fact>,
    /// It was withdrawn, or its key was destroyed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

impl Told {
    fn removed(recorded: &Recorded) -> Told {
        Told {
            position: recorded.position,
            on: Some(england_day(recorded.recorded_at)),
            happened_at: None,
            recorded_at: None,
            by: None,
            who: None,
            basis: BTreeSet::new(),
            story: Vec::new(),
            facts: Vec::new(),
            removed: true,
        }
    }
}

/// The records of a child as they are told one after another: who was shielded when, and what each entry is.
struct Telling<'a> {
    register: &'a Register,
    bases: &'a Bases,
    records: BTreeMap<ChildId, Child>,
    /// The keys under which something is told still, of all records.
    kept: BTreeSet<KeyId>,
    /// Suppliers with an episode of the child that was not withdrawn.
    permitted: BTreeSet<OrganisationId>,
    lifts_shields: bool,
    /// Entries that may be named among those who were told of another: no sensitive one that stands no more.
    named: BTreeSet<InvolvementId>,
    /// From which position on addresses wait for a shield to be decided.
    held_since: Option<Position>,
}

impl Directory {
    /// Every event of the child and every look at the record, by position.
    pub(super) fn story(&self, id: ChildId, reach: &Reach, today: NaiveDate) -> Result<Vec<Told>, LookError> {
        let now = Cut::at(self.clock().now());
        let records = self.kinship().records(id);
        let (mut of_child, mut looks, mut kept) = (Vec::new(), Vec::new(), BTreeSet::new());
        for record in records {
            kept.extend(self.keys_kept(record)?);
            self.records_until(record.stream(), now, &mut |recorded| of_child.push((record, recorded)))?;
            self.records_until(record.access_stream(), now, &mut |recorded| looks.push(recorded))?;
        }
        of_child.sort_by_key(|(_, recorded)| recorded.position);
        let held = reach.child.shield_requests.values().filter(|request| request.holds_addresses);
        let register = self.register();
        let policy = register.in_force();
        let mut telling = Telling {
            register: &register,
            bases: &policy.settings.bases,
            records: BTreeMap::new(),
            kept,
            permitted: reach
                .child
                .episodes
                .values()
                .filter(|episode| !episode.withdrawn)
                .map(|episode| episode.supplier.clone())
                .collect(),
            lifts_shields: reach.lifts_shields(),
            named: named(&reach.child, today),
            held_since: held.map(|request| request.position).min(),
        };
        let mut events: Vec<Told> = Vec::with_capacity(of_child.len() + looks.len());
        for (record, recorded) in of_child {
            events.extend(telling.of_child(record, recorded));
        }
        for recorded in looks {
            events.extend(telling.of_look(reach, recorded, today));
        }
        events.sort_by_key(|told| told.position);
        Ok(events)
    }
}

impl Telling<'_> {
    fn is_shielded(&self) -> bool {
        self.records.values().any(Child::is_shielded)
    }

    fn of_child(&mut self, record: ChildId, recorded: Recorded) -> Option<Told> {
        let shielded_before = self.is_shielded();
        for fact in recorded.facts() {
            if let Fact::Child(event) = fact {
                Child::evolve(self.records.entry(record).or_default(), event, recorded.when());
            }
        }
        // What was told under a shield is told under it still; its beginning and its end are told.
        if shielded_before && self.is_shielded() && !self.lifts_shields {
            return None;
        }
        if matches!(recorded.payload, Payload::Erased)
            || !self.kept.contains(&recorded.key)
            || self.gives_away(&recorded)
        {
            return Some(Told::removed(&recorded));
        }
        let held_back =
            !self.lifts_shields && self.held_since.is_some_and(|since| recorded.position >= since);
        let nobody = Child::default();
        let known = self.records.get(&record).unwrap_or(&nobody);
        self.told(recorded, known, |fact| self.without_gone(shown(fact, held_back)))
    }

    /// A notification without those who were told because of an entry that is forgotten.
    fn without_gone(&self, mut fact: Fact) -> Fact {
        if let Fact::Child(child::Event::InvolvementNotified(notified)) = &mut fact {
            notified.told.retain(|told| self.named.contains(told));
        }
        fact
    }

    /// Whether who speaks would tell of consent that was withdrawn: without one that lives no link to a sensitive
    /// service is kept (rules.md 3.3), and none is told.
    fn gives_away(&self, recorded: &Recorded) -> bool {
        let speaker = match recorded.by() {
            Some(Actor::Supplier { organisation, .. }) => organisation,
            Some(Actor::Person(person)) => &person.organisation,
            Some(Actor::System | Actor::Shell) | None => return false,
        };
        let kind = self.register.organisation(speaker).and_then(|held| Some(held.details.as_ref()?.kind));
        let sensitive = matches!(
            kind,
            Some(
                OrganisationKind::MentalHealthService
                    | OrganisationKind::SexualHealthService
                    | OrganisationKind::SubstanceMisuseService
            )
        );
        sensitive && !self.permitted.contains(speaker)
    }

    /// A look, unless it would tell that a sensitive or protected service looked (rules.md 2.3).
    fn of_look(&self, reach: &Reach, recorded: Recorded, today: NaiveDate) -> Option<Told> {
        if matches!(recorded.payload, Payload::Erased) {
            return Some(Told::removed(&recorded));
        }
        let Some(Actor::Person(by)) = recorded.by() else { return None };
        let kind = |organisation| -> Option<OrganisationKind> {
            Some(self.register.organisation(organisation)?.details.as_ref()?.kind)
        };
        let caller = by.on_behalf_of.and_then(|caller| self.register.account(caller)?.created.as_ref());
        let authority = self.register.authority_of(&by.organisation);
        let look = Look {
            account: by.account,
            organisation: &by.organisation,
            kind: kind(&by.organisation)?,
            authority: authority.as_ref(),
            caller_kind: caller.and_then(|caller| kind(&caller.organisation)),
            child_authority: reach.child.authority.as_ref(),
            child_shielded: reach.child.is_shielded(),
            column: Column::of(reach.child.record_state(today), Override::None),
        };
        if may_see_look(Reader::Staff(&reach.viewer, Some(&reach.case)), &look) == LookShown::Hidden {
            return None;
        }
        self.told(recorded, &Child::default(), |fact| fact)
    }

    /// An event in its words and with its grounds; nothing where no fact of it is told.
    fn told(&self, recorded: Recorded, known: &Child, shown: impl Fn(Fact) -> Fact) -> Option<Told> {
        let Payload::Open(entry) = recorded.payload else { return None };
        let facts: Vec<Fact> = entry.facts.into_iter().filter(is_history).map(shown).collect();
        if facts.is_empty() {
            return None;
        }
        let (mut basis, mut story) = (BTreeSet::new(), Vec::new());
        for fact in &facts {
            let stored = serde_json::to_value(fact).unwrap_or_default();
            if let Fact::Access(_) = fact {
                basis.insert(LegalBasis::Audit);
            } else {
                grounds(&stored, self.bases, &mut basis);
            }
            story.push(sentence(fact, &stored, known, self.register));
        }
        Some(Told {
            position: recorded.position,
            on: None,
            happened_at: Some(recorded.happened_at),
            recorded_at: Some(recorded.recorded_at),
            who: Some(details::who(&entry.by, self.register)),
            by: Some(entry.by),
            basis,
            story,
            facts,
            removed: false,
        })
    }
}

fn named(child: &Child, today: NaiveDate) -> BTreeSet<InvolvementId> {
    let held = child.involvements.iter();
    let held = held.filter(|(_, held)| held.class() != ServiceClass::Sensitive || child.stands(held, today));
    held.map(|(id, _)| *id).collect()
}

/// What the catalogue says of the type, and what of this one may be said beside it.
fn sentence(fact: &Fact, stored: &Value, known: &Child, register: &Register) -> String {
    let name = stored.get("type").and_then(Value::as_str).unwrap_or_default();
    let meaning = catalogue::of(fact.kind(), name).map_or("Something was recorded.", |line| line.meaning);
    match details::of(fact, known, register) {
        Some(detail) => {
            let head = meaning.split(';').next().unwrap_or(meaning);
            format!("{}: {detail}.", head.trim_end_matches('.'))
        }
        None => meaning.to_owned(),
    }
}

/// Whether a fact is the child's story or a look at it. What reviewers say of looks, and which records are watched, is
/// theirs alone: an investigator may be who looked. What a family was told stands on no record (rules.md 6.3).
fn is_history(fact: &Fact) -> bool {
    !matches!(
        fact,
        Fact::Access(
            access::Event::ReviewDrawn { .. }
                | access::Event::AlertRaised { .. }
                | access::Event::ReviewClosed { .. }
        ) | Fact::Child(
            child::Event::CanaryMarked(_)
                | child::Event::CanaryUnmarked(_)
                | child::Event::NoticeGiven(_)
                | child::Event::ParentIncluded(_)
                | child::Event::ParentLeftOut(_)
        )
    )
}

/// A fact without what no view shows: a previous address is for matching alone (rules.md 1.2), and one that waits
/// for a shield to be decided is shown to nobody (rules.md 1.4).
fn shown(mut fact: Fact, held_back: bool) -> Fact {
    debug_assert_eq!(fact.kind(), StreamKind::Child, "of the child's own stream");
    match &mut fact {
        Fact::Child(child::Event::ChildDescribed(described)) => withhold(&mut described.child, held_back),
        Fact::Child(child::Event::OlderVersionReceived(older)) => {
            if let Supplied::ChildDescribed { child, .. } = older.told.as_mut() {
                withhold(child, held_back);
            }
        }
        Fact::Child(_)
        | Fact::Intake(_)
        | Fact::Access(_)
        | Fact::Search(_)
        | Fact::Account(_)
        | Fact::Organisation(_)
        | Fact::Case(_)
        | Fact::Policy(_)
        | Fact::Erasure(_)
        | Fact::Brokering(_)
        | Fact::Rights(_) => (),
    }
    fact
}

fn withhold(told: &mut SuppliedChild, held_back: bool) {
    told.previous_address = Word::Unsaid;
    if held_back {
        told.address = Word::Unsaid;
        told.carers = Word::Unsaid;
    }
}

/// The grounds of the fields that a fact holds.
fn grounds(stored: &Value, bases: &Bases, into: &mut BTreeSet<LegalBasis>) {
    match stored {
        Value::Object(fields) => {
            for (name, inner) in fields {
                into.extend(bases.of(name));
                grounds(inner, bases, into);
            }
        }
        Value::Array(values) => values.iter().for_each(|inner| grounds(inner, bases, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => (),
    }
}
