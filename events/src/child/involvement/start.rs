//! Judges starts and updates: a start told again is an update, and most often none.

use chrono::NaiveDate;
use vocabulary::{Contact, ServiceClass};

use super::{
    Changer, Command, Involvement, Refusal, Started, Updated,
    checks::{self, basis_for, changeable, may_change},
    lead::name_lead,
    older::{older, told_start, told_update},
};
use crate::{
    child::{
        Child, Event, shield,
        versions::{Turn, turn},
    },
    supplied::Supplied,
    told::Told,
};

pub(super) fn start(child: &Child, command: &Command, today: NaiveDate) -> Result<Vec<Event>, Refusal> {
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
    let by = Changer::Organisation(supplier.clone());
    let known = child.involvements.get(involvement);
    if let Some(known) = known {
        may_change(known, &by)?;
        if known.in_error {
            return Err(Refusal::InError);
        }
        // An entry that has lapsed may come back under another episode; one that stands may not move.
        let moves = episode.is_some() && known.episode.is_some() && known.episode != *episode;
        let other = (known.service_type, &known.organisation) != (*service_type, organisation);
        if other || (moves && child.is_permitted(known, today)) {
            return Err(Refusal::Differs);
        }
    }
    let restated = known.filter(|known| known.episode == *episode);
    let class = service_type.class();
    well_told(practitioner.is_some() || team.is_some(), contacts, class)?;
    let ends = ended_on.or(restated.and_then(|held| held.ended_on));
    checks::period(child, *started_on, ends, today)?;
    checks::in_lifetime(child, *started_on)?;
    let basis = basis_for(child, class, episode.as_ref(), today)?;
    let mut events = match restated {
        Some(held) => {
            // Absent is unknown: an end told apart from its start is not taken back by the start's repetition.
            let told = Updated {
                practitioner: practitioner.clone().map_or(Told::TakenBack, Told::Value),
                team: team.clone().map_or(Told::TakenBack, Told::Value),
                contacts: Some(contacts.clone()),
                started_on: Some(*started_on),
                ended_on: Told::from(*ended_on),
                version: *version,
                involvement: *involvement,
            };
            match judged(held, &told) {
                Judged::Late(late) => {
                    return Ok(told_start(command)?.map_or_else(Vec::new, |said| older(held, late, said)));
                }
                Judged::Heard => return Ok(Vec::new()),
                Judged::News(events) => events,
            }
        }
        None => vec![Event::InvolvementStarted(Started {
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
        })],
    };
    if class == ServiceClass::Protected && ends.is_none() && !is_protected(child, restated) {
        events.push(Event::ShieldRequested(shield::Requested {
            shield: *shield,
            by: supplier.clone(),
            ground: shield::Ground::ProtectedService,
            holds_addresses: true,
        }));
    }
    if *lead_professional && ends.is_none() && !restated.is_some_and(|held| held.lead_professional) {
        // A taken role is refused alone: the involvement stands without it (contract.md section 3).
        events.extend(name_lead(child, *involvement, &by, *started_on, today).unwrap_or_default());
    }
    Ok(events)
}

/// Rules.md 1.4: a shield is asked for once, when the service begins, unless one stands or waits for this ground.
fn is_protected(child: &Child, held: Option<&Involvement>) -> bool {
    let stands = child.shields.values().any(|shield| shield.ground == shield::Ground::ProtectedService);
    let told_open = held.is_some_and(|held| held.ended_on.is_none());
    stands || child.holds_addresses() || told_open
}

pub(super) fn update(
    child: &Child,
    by: &Changer,
    updated: &Updated,
    today: NaiveDate,
) -> Result<Vec<Event>, Refusal> {
    let held = changeable(child, by, &updated.involvement)?;
    let names_any = told_over(&updated.practitioner, held.practitioner.as_ref()).is_some()
        || told_over(&updated.team, held.team.as_ref()).is_some();
    well_told(names_any, updated.contacts.as_ref().unwrap_or(&held.contacts), held.class())?;
    let started_on = updated.started_on.unwrap_or(held.started_on);
    let ended_on = told_over(&updated.ended_on, held.ended_on.as_ref()).copied();
    checks::period(child, started_on, ended_on, today)?;
    if updated.started_on.is_some() {
        checks::in_lifetime(child, started_on)?;
    }
    if !child.is_permitted(held, today) {
        return Err(Refusal::NoBasis);
    }
    match judged(held, updated) {
        Judged::Late(version) => told_update(updated).map(|told: Supplied| older(held, version, told)),
        Judged::Heard => Ok(Vec::new()),
        Judged::News(events) => Ok(events),
    }
}

/// Somebody is named, and may be reached.
fn well_told(names_any: bool, contacts: &[Contact], class: ServiceClass) -> Result<(), Refusal> {
    if names_any { checks::contacts(contacts, class) } else { Err(Refusal::NobodyNamed) }
}

/// What a statement about an entry that is held comes to.
enum Judged {
    /// I-17: an older version, for history.
    Late(i64),
    /// I-16: an older version that was heard before.
    Heard,
    /// What changes, if anything does.
    News(Vec<Event>),
}

/// Keeps of `told` what differs from what is held: repeating a known fact is not news.
fn judged(held: &Involvement, told: &Updated) -> Judged {
    let newer = match turn(held.version, &held.earlier, told.version) {
        Turn::Late(version) => return Judged::Late(version),
        Turn::Heard => return Judged::Heard,
        Turn::Now { newer } => newer,
    };
    let news = Updated {
        practitioner: news_of(&told.practitioner, held.practitioner.as_ref()),
        team: news_of(&told.team, held.team.as_ref()),
        contacts: told.contacts.clone().filter(|contacts| *contacts != held.contacts),
        started_on: told.started_on.filter(|started_on| *started_on != held.started_on),
        ended_on: news_of(&told.ended_on, held.ended_on.as_ref()),
        version: told.version,
        involvement: told.involvement,
    };
    let nothing = Updated { version: told.version, ..Updated::nothing_of(told.involvement) };
    if news == nothing && !newer {
        Judged::News(Vec::new())
    } else {
        Judged::News(vec![Event::InvolvementUpdated(news)])
    }
}

fn news_of<T: Clone + PartialEq>(told: &Told<T>, held: Option<&T>) -> Told<T> {
    if told_over(told, held) == held { Told::Unsaid } else { told.clone() }
}

fn told_over<'a, T>(told: &'a Told<T>, held: Option<&'a T>) -> Option<&'a T> {
    match told {
        Told::Unsaid => held,
        Told::TakenBack => None,
        Told::Value(value) => Some(value),
    }
}
