//! Judges what is asked of involvements, refusals in order of precedence.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use vocabulary::{
    Contact, ContactKind, InvolvementId, KeyedRef, OrganisationId, ServiceClass, contact::CONTACTS_MAX,
    england_day,
};

use super::{
    AssessmentIndicated, AssessmentWithdrawn, Changer, Command, Ended, InError, Involvement, LeadClashed,
    LeadNamed, LeadRelinquished, PractitionerContactsChanged, Refusal, START_DAYS_AHEAD_MAX, Started,
    Updated,
};
use crate::{
    child::{Child, Event, consent::Basis, shield},
    told::Told,
};

pub(in crate::child) fn decide(
    child: &Child,
    command: &Command,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    if !child.is_registered() {
        return Err(Refusal::NotRegistered);
    }
    let today = england_day(now);
    match command {
        Command::Start { .. } => start(child, command, today),
        Command::Update { by, updated } => update(child, by, updated, today),
        Command::End { by, involvement, ended_on, version } => {
            let held = changeable(child, by, involvement)?;
            if is_older(held.version, *version) || held.ended_on == Some(*ended_on) {
                return Ok(Vec::new());
            }
            period(child, held.started_on, Some(*ended_on), today)?;
            Ok(vec![Event::InvolvementEnded(Ended {
                involvement: *involvement,
                ended_on: *ended_on,
                version: *version,
            })])
        }
        Command::EnterInError { by, involvement } => match changeable(child, by, involvement) {
            Err(Refusal::InError) => Ok(Vec::new()),
            Err(refusal) => Err(refusal),
            Ok(_) => Ok(vec![Event::InvolvementEnteredInError(InError { involvement: *involvement })]),
        },
        Command::ChangeContacts { supplier, practitioner_ref, contacts } => {
            change_contacts(child, supplier, *practitioner_ref, contacts)
        }
        Command::IndicateAssessment { by, involvement, on } => {
            let held = open(child, by, involvement)?;
            not_ahead(*on, today)?;
            if held.common_assessment_on == Some(*on) {
                return Ok(Vec::new());
            }
            Ok(vec![Event::CommonAssessmentIndicated(AssessmentIndicated {
                involvement: *involvement,
                on: *on,
            })])
        }
        Command::WithdrawAssessment { by, involvement, on } => {
            let held = changeable(child, by, involvement)?;
            not_ahead(*on, today)?;
            if held.common_assessment_on.is_none() {
                return Ok(Vec::new());
            }
            Ok(vec![Event::CommonAssessmentWithdrawn(AssessmentWithdrawn {
                involvement: *involvement,
                on: *on,
            })])
        }
        Command::NameLead { by, involvement } => {
            let held = open(child, by, involvement)?;
            if held.lead_professional {
                return Ok(Vec::new());
            }
            name_lead(child, *involvement, &held.supplier, &held.organisation, today)
        }
        Command::RelinquishLead { by, involvement } => {
            let held = changeable(child, by, involvement)?;
            if !held.lead_professional {
                return Ok(Vec::new());
            }
            Ok(vec![Event::LeadProfessionalRelinquished(LeadRelinquished { involvement: *involvement })])
        }
    }
}

fn start(child: &Child, command: &Command, today: NaiveDate) -> Result<Vec<Event>, Refusal> {
    let Command::Start {
        involvement,
        source,
        supplier,
        organisation,
        service_type,
        practitioner,
        team,
        contacts,
        started_on,
        ended_on,
        lead_professional,
        episode,
        version,
        shield,
    } = command
    else {
        return Ok(Vec::new());
    };
    if practitioner.is_none() && team.is_none() {
        return Err(Refusal::NobodyNamed);
    }
    check_contacts(contacts, service_type.class())?;
    period(child, *started_on, *ended_on, today)?;
    if child.life.died_on.is_some_and(|died| *started_on > died) {
        return Err(Refusal::AfterDeath);
    }
    let basis = basis_for(child, service_type.class(), episode.as_ref(), today)?;
    if let Some(held) = child.involvements.get(involvement) {
        let updated = Updated {
            involvement: *involvement,
            practitioner: practitioner.clone().map_or(Told::TakenBack, Told::Value),
            team: team.clone().map_or(Told::TakenBack, Told::Value),
            contacts: Some(contacts.clone()),
            started_on: Some(*started_on),
            ended_on: ended_on.map_or(Told::TakenBack, Told::Value),
            version: *version,
        };
        // A nightly feed repeats itself: the same start again is an update, and most often none.
        return update_held(child, held, &Changer::Organisation(supplier.clone()), &updated, today);
    }
    let mut events = vec![Event::InvolvementStarted(Started {
        involvement: *involvement,
        source: *source,
        supplier: supplier.clone(),
        organisation: organisation.clone(),
        service_type: *service_type,
        practitioner: practitioner.clone(),
        team: team.clone(),
        contacts: contacts.clone(),
        started_on: *started_on,
        ended_on: *ended_on,
        episode: *episode,
        basis,
        version: *version,
    })];
    let protected = service_type.class() == ServiceClass::Protected;
    if protected && ended_on.is_none() && !child.is_shielded() && !child.holds_addresses() {
        events.push(Event::ShieldRequested(shield::Requested {
            shield: *shield,
            by: supplier.clone(),
            ground: shield::Ground::ProtectedService,
            holds_addresses: true,
        }));
    }
    if *lead_professional && ended_on.is_none() {
        // A taken role is refused alone: the involvement stands without it (contract.md section 3).
        events.extend(name_lead(child, *involvement, supplier, organisation, today).unwrap_or_default());
    }
    Ok(events)
}

fn update(child: &Child, by: &Changer, updated: &Updated, today: NaiveDate) -> Result<Vec<Event>, Refusal> {
    let held = changeable(child, by, &updated.involvement)?;
    update_held(child, held, by, updated, today)
}

fn update_held(
    child: &Child,
    held: &Involvement,
    by: &Changer,
    updated: &Updated,
    today: NaiveDate,
) -> Result<Vec<Event>, Refusal> {
    may_change(held, by)?;
    if held.in_error {
        return Err(Refusal::InError);
    }
    if is_older(held.version, updated.version) {
        return Ok(Vec::new());
    }
    let practitioner = told_over(&updated.practitioner, held.practitioner.as_ref());
    let team = told_over(&updated.team, held.team.as_ref());
    if practitioner.is_none() && team.is_none() {
        return Err(Refusal::NobodyNamed);
    }
    let contacts = updated.contacts.as_ref().unwrap_or(&held.contacts);
    check_contacts(contacts, held.class())?;
    let started_on = updated.started_on.unwrap_or(held.started_on);
    let ended_on = told_over(&updated.ended_on, held.ended_on.as_ref());
    period(child, started_on, ended_on.copied(), today)?;
    let same = practitioner == held.practitioner.as_ref()
        && team == held.team.as_ref()
        && *contacts == held.contacts
        && started_on == held.started_on
        && ended_on == held.ended_on.as_ref();
    if same { Ok(Vec::new()) } else { Ok(vec![Event::InvolvementUpdated(updated.clone())]) }
}

fn told_over<'a, T>(told: &'a Told<T>, held: Option<&'a T>) -> Option<&'a T> {
    match told {
        Told::Unsaid => held,
        Told::TakenBack => None,
        Told::Value(value) => Some(value),
    }
}

fn change_contacts(
    child: &Child,
    supplier: &OrganisationId,
    practitioner_ref: KeyedRef,
    contacts: &[Contact],
) -> Result<Vec<Event>, Refusal> {
    let mut named = child.involvements.values().filter(|involvement| {
        involvement.supplier == *supplier
            && involvement.ended_on.is_none()
            && !involvement.in_error
            && involvement
                .practitioner
                .as_ref()
                .is_some_and(|person| person.practitioner_ref == practitioner_ref)
    });
    if named.clone().next().is_none() {
        return Err(Refusal::Unknown);
    }
    for involvement in named.clone() {
        check_contacts(contacts, involvement.class())?;
    }
    if named.all(|involvement| involvement.contacts == contacts) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::PractitionerContactsChanged(PractitionerContactsChanged {
        practitioner_ref,
        contacts: contacts.to_vec(),
    })])
}

/// I-6: at most one lead among the entries that the sender may see; a hidden one clashes silently.
fn name_lead(
    child: &Child,
    involvement: InvolvementId,
    supplier: &OrganisationId,
    organisation: &OrganisationId,
    today: NaiveDate,
) -> Result<Vec<Event>, Refusal> {
    let holder = child
        .involvements
        .iter()
        .find(|(id, held)| **id != involvement && held.lead_professional && held.is_open(today));
    let named = Event::LeadProfessionalNamed(LeadNamed { involvement });
    let Some((with, held)) = holder else { return Ok(vec![named]) };
    let own = held.supplier == *supplier || held.organisation == *organisation;
    let open_to_all =
        matches!(held.class(), ServiceClass::Universal | ServiceClass::Additional) && !child.is_shielded();
    if own || open_to_all {
        return Err(Refusal::LeadTaken);
    }
    Ok(vec![named, Event::LeadProfessionalClashed(LeadClashed { involvement, with: *with })])
}

/// Regulation 11(3): consent first; suspected significant harm stands in for it.
fn basis_for(
    child: &Child,
    class: ServiceClass,
    episode: Option<&KeyedRef>,
    today: NaiveDate,
) -> Result<Option<Basis>, Refusal> {
    match (class, episode) {
        (ServiceClass::Sensitive, None) => Err(Refusal::EpisodeMissing),
        (ServiceClass::Sensitive, Some(episode)) => child
            .episodes
            .get(episode)
            .and_then(|held| held.live_basis(today))
            .map(Some)
            .ok_or(Refusal::NoBasis),
        (ServiceClass::Universal | ServiceClass::Additional | ServiceClass::Protected, Some(_)) => {
            Err(Refusal::EpisodeNotTaken)
        }
        (ServiceClass::Universal | ServiceClass::Additional | ServiceClass::Protected, None) => Ok(None),
    }
}

fn check_contacts(contacts: &[Contact], class: ServiceClass) -> Result<(), Refusal> {
    if !(1..=CONTACTS_MAX).contains(&contacts.len()) {
        return Err(Refusal::ContactCount);
    }
    if class == ServiceClass::Protected && contacts.iter().any(|contact| contact.kind == ContactKind::Address)
    {
        return Err(Refusal::AddressNotTaken);
    }
    for contact in contacts {
        contact.clone().checked()?;
    }
    Ok(())
}

/// I-5: end not before start, start not before birth nor over 90 days ahead, end never ahead.
fn period(
    child: &Child,
    started_on: NaiveDate,
    ended_on: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if started_on > today + Duration::days(START_DAYS_AHEAD_MAX) {
        return Err(Refusal::StartsTooFarAhead { started_on });
    }
    if child.date_of_birth().is_some_and(|born| started_on < born) {
        return Err(Refusal::StartsBeforeBirth { started_on });
    }
    match ended_on {
        Some(ended_on) if ended_on < started_on => Err(Refusal::EndsBeforeStart { started_on, ended_on }),
        Some(ended_on) if ended_on > today => Err(Refusal::EndsInFuture { ended_on }),
        Some(_) | None => Ok(()),
    }
}

fn not_ahead(on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if on > today { Err(Refusal::InFuture { on }) } else { Ok(()) }
}

/// I-17: an older version changes nothing; the directory keeps it in history.
fn is_older(newest: Option<i64>, told: Option<i64>) -> bool {
    newest.zip(told).is_some_and(|(newest, told)| told < newest)
}

/// The involvement, if the changer may change it and it was not entered in error.
fn changeable<'a>(
    child: &'a Child,
    by: &Changer,
    involvement: &InvolvementId,
) -> Result<&'a Involvement, Refusal> {
    let held = child.involvements.get(involvement).ok_or(Refusal::Unknown)?;
    may_change(held, by)?;
    if held.in_error { Err(Refusal::InError) } else { Ok(held) }
}

fn open<'a>(child: &'a Child, by: &Changer, involvement: &InvolvementId) -> Result<&'a Involvement, Refusal> {
    let held = changeable(child, by, involvement)?;
    if held.ended_on.is_some() { Err(Refusal::HasEnded) } else { Ok(held) }
}

/// I-15: only the organisation that recorded it, whose it is, or the authority's team.
fn may_change(held: &Involvement, by: &Changer) -> Result<(), Refusal> {
    match by {
        Changer::Team => Ok(()),
        Changer::Organisation(organisation)
            if *organisation == held.supplier || *organisation == held.organisation =>
        {
            Ok(())
        }
        Changer::Organisation(_) => Err(Refusal::AnothersInvolvement),
    }
}
