//! Remembers what happened to involvements. Never judges.

use std::collections::{BTreeMap, BTreeSet};

use vocabulary::{ServiceClass, england_day};

use super::{
    AssessmentIndicated, AssessmentWithdrawn, Ended, InError, Involvement, LeadNamed, LeadRelinquished,
    PractitionerContactsChanged, Started, Updated,
};
use crate::{
    child::{Child, versions},
    decider::When,
};

pub(in crate::child) fn started(child: &mut Child, event: &Started, when: When) {
    child.involvements.insert(
        event.involvement,
        Involvement {
            source: event.source,
            supplier: event.supplier.clone(),
            organisation: event.organisation.clone(),
            service_type: event.service_type,
            practitioner: event.practitioner.clone(),
            team: event.team.clone(),
            contacts: event.contacts.clone(),
            started_on: event.started_on,
            ended_on: event.ended_on,
            episode: event.episode,
            lead_professional: false,
            lead_since: vocabulary::Position::ZERO,
            common_assessment_on: None,
            assessment_withdrawn_on: None,
            version: event.version,
            earlier: BTreeSet::new(),
            in_error: false,
            notifications: BTreeMap::new(),
            contacted: BTreeMap::new(),
            not_shared: None,
            as_at: when.recorded_at,
            position: when.position,
        },
    );
}

pub(in crate::child) fn updated(child: &mut Child, event: &Updated, when: When) {
    let Some(involvement) = child.involvements.get_mut(&event.involvement) else { return };
    if !event.practitioner.is_unsaid() {
        involvement.practitioner = event.practitioner.value().cloned();
    }
    if !event.team.is_unsaid() {
        involvement.team = event.team.value().cloned();
    }
    if let Some(contacts) = &event.contacts {
        involvement.contacts.clone_from(contacts);
    }
    if let Some(started_on) = event.started_on {
        involvement.started_on = started_on;
    }
    if !event.ended_on.is_unsaid() {
        involvement.ended_on = event.ended_on.value().copied();
    }
    if involvement.ended_on.is_some() || involvement.started_on > england_day(when.recorded_at) {
        // I-6: only an open involvement holds the lead.
        involvement.lead_professional = false;
    }
    versions::remember(&mut involvement.version, &mut involvement.earlier, event.version);
    touched(involvement, when);
}

pub(in crate::child) fn ended(child: &mut Child, event: &Ended, when: When) {
    let Some(involvement) = child.involvements.get_mut(&event.involvement) else { return };
    involvement.ended_on = Some(event.ended_on);
    // I-6: an ended involvement holds no lead.
    involvement.lead_professional = false;
    versions::remember(&mut involvement.version, &mut involvement.earlier, event.version);
    touched(involvement, when);
}

pub(in crate::child) fn in_error(child: &mut Child, event: &InError) {
    if let Some(involvement) = child.involvements.get_mut(&event.involvement) {
        involvement.in_error = true;
        involvement.lead_professional = false;
    }
}

pub(in crate::child) fn contacts_changed(child: &mut Child, event: &PractitionerContactsChanged, when: When) {
    for involvement in child.involvements.values_mut() {
        let named = involvement.supplier == event.supplier && involvement.names(&event.practitioner_ref);
        let ordinary = involvement.class() != ServiceClass::Sensitive;
        if named && ordinary && involvement.ended_on.is_none() && !involvement.in_error {
            involvement.contacts.clone_from(&event.contacts);
            touched(involvement, when);
        }
    }
}

pub(in crate::child) fn assessment_indicated(child: &mut Child, event: &AssessmentIndicated) {
    if let Some(involvement) = child.involvements.get_mut(&event.involvement) {
        involvement.common_assessment_on = Some(event.on);
    }
}

pub(in crate::child) fn assessment_withdrawn(child: &mut Child, event: &AssessmentWithdrawn) {
    if let Some(involvement) = child.involvements.get_mut(&event.involvement) {
        involvement.common_assessment_on = None;
        involvement.assessment_withdrawn_on = Some(event.on);
    }
}

pub(in crate::child) fn lead_named(child: &mut Child, event: &LeadNamed, when: When) {
    if let Some(involvement) = child.involvements.get_mut(&event.involvement) {
        involvement.lead_professional = true;
        involvement.lead_since = when.position;
    }
}

pub(in crate::child) fn lead_relinquished(child: &mut Child, event: &LeadRelinquished) {
    if let Some(involvement) = child.involvements.get_mut(&event.involvement) {
        involvement.lead_professional = false;
    }
}

fn touched(involvement: &mut Involvement, when: When) {
    involvement.as_at = when.recorded_at;
    involvement.position = when.position;
}
