//! What follows from a request to open a record or to replay its history.

use vocabulary::{AccessId, AccessReason, Assurance, Channel, Lot, Role, Signal};

use super::{Event, Looked, Open, RecordOpened, Refusal, Replay, Review};
use crate::{
    child::RecordState,
    looker::{self, Grounds, StepUp},
    standing::is_urgent,
};

/// I-18: what is to be shown is told first; without this event nothing is shown.
pub(super) fn open(open: &Open) -> Result<Vec<Event>, Refusal> {
    let reasons = &open.policy.settings.reasons;
    let reason = open.looker.permitted(open.reason, reasons)?;
    let grounds = Grounds {
        own_entry: open.own_entry,
        reference: open.case.is_some() || open.case_ref.is_some(),
        related: open.related,
    };
    let relation = grounds.held(reasons.demand(reason))?;
    let opened = Event::RecordOpened(Box::new(RecordOpened {
        access: open.access,
        number: open.number,
        reason,
        relation,
        search: open.search,
        case: open.case,
        case_ref: open.case_ref.clone(),
        other_authority: open.other_authority && !open.own_entry,
        tells: if open.policy.settings.look_tells_lead { open.leads.clone() } else { Vec::new() },
        groups: open.groups.clone(),
        record_state: open.record_state,
        policy_version: open.policy.version,
    }));
    let mut events = vec![opened];
    if let Some(ground) = open.override_ground {
        may_override(open, reason)?;
        // I-22: the investigation opens with the same append as the look.
        events.push(Event::ShieldOverridden { access: open.access, ground });
        events.push(Event::InvestigationOpened { access: open.access });
    }
    if open.canary {
        // Told at once: nobody has a reason to open a record of nobody.
        events.push(Event::AlertRaised { access: open.access, signals: vec![Signal::Canary], looked: None });
    }
    let lots = open.policy.settings.sampling.drawn(open.access, &lots_of(open));
    if !lots.is_empty() {
        events.push(Event::ReviewDrawn { access: open.access, lots });
    }
    Ok(events)
}

/// The lots of the sample to which a look belongs (rules.md 4.3, 5.1, 5.3).
fn lots_of(open: &Open) -> Vec<Lot> {
    let looker = &open.looker;
    let over_ceiling = looker.is_over_ceiling();
    let in_grace = looker.is_in_grace();
    let belongs = |lot: &Lot| match lot {
        Lot::Override => open.override_ground.is_some(),
        Lot::OverCeiling => over_ceiling,
        Lot::Grace => in_grace,
        Lot::CalledBack => open.called_back,
        Lot::OtherAuthority => open.other_authority && !open.own_entry,
        Lot::Ordinary => true,
    };
    Lot::ALL.into_iter().filter(belongs).collect()
}

fn may_override(open: &Open, reason: AccessReason) -> Result<(), Refusal> {
    if open.record_state != RecordState::Shielded {
        return Err(Refusal::NothingToOverride);
    }
    match open.looker.channel {
        Channel::Cms => return Err(Refusal::OverrideThroughCms),
        Channel::Mediated => return Err(Refusal::OverrideMediated),
        Channel::Web | Channel::Shell => (),
    }
    if open.looker.role != Role::PractitionerOverride {
        Err(Refusal::OverrideRightMissing)
    } else if !is_urgent(reason) {
        Err(Refusal::OverrideReason)
    } else if open.looker.assurance != Assurance::OwnSignIn {
        Err(Refusal::OverrideSignIn)
    } else if open.looker.step_up != StepUp::Fresh {
        Err(Refusal::StepUpMissing)
    } else {
        Ok(())
    }
}

/// A replay is judged by its case, not by a reason, so no time of grace leaves it open.
pub(super) fn replay(replay: &Replay) -> Result<Vec<Event>, Refusal> {
    replay.looker.standing.good().map_err(looker::Refusal::from)?;
    replay.looker.organisation.good().map_err(looker::Refusal::from)?;
    if replay.looker.role != Role::Investigator {
        return Err(Refusal::NotInvestigator);
    }
    if replay.related {
        return Err(looker::Refusal::DeclaredRelationship.into());
    }
    replay.usable.clone()?;
    Ok(vec![Event::HistoryReplayed(replay.replayed.clone())])
}

/// A graver word may follow a milder one; the same word again is no second fact.
pub(super) fn review(review: &Review) -> Result<Vec<Event>, Refusal> {
    if review.looked.contains(&review.by) {
        return Err(Refusal::OwnLook);
    }
    match review.before {
        Some(before) if before == review.outcome => Ok(Vec::new()),
        Some(before) if before > review.outcome => Err(Refusal::GraverOutcomeStands),
        Some(_) | None => Ok(vec![Event::ReviewClosed { access: review.access, outcome: review.outcome }]),
    }
}

/// Asked anew only where something is seen that was not asked for.
pub(super) fn alert(access: AccessId, signals: &[Signal], before: &[Signal], looked: &Looked) -> Vec<Event> {
    if signals.iter().all(|signal| before.contains(signal)) {
        return Vec::new();
    }
    vec![Event::AlertRaised { access, signals: signals.to_vec(), looked: Some(looked.clone()) }]
}
