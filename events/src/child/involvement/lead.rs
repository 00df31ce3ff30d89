//! The lead professional: at most one in anyone's sight.
//!
//! Source: rules.md 2.3; invariant I-6. A role is refused for what its sender may see and for nothing else, so
//! that no refusal tells of a hidden entry; two that cannot see each other are the team's to sort out.

use chrono::NaiveDate;
use vocabulary::{InvolvementId, KeyedRef, ServiceClass};

use super::{Changer, Involvement, LeadClashed, LeadNamed, LeadRelinquished, Refusal};
use crate::child::{Child, Event};

/// Names the lead, unless the role is taken in sight of whoever asks; hidden holders clash silently.
pub(super) fn name_lead(
    child: &Child,
    involvement: InvolvementId,
    by: &Changer,
    started_on: NaiveDate,
    today: NaiveDate,
) -> Result<Vec<Event>, Refusal> {
    if started_on > today {
        return Err(Refusal::NotBegun { started_on });
    }
    let mut events = vec![Event::LeadProfessionalNamed(LeadNamed { involvement })];
    for (with, held) in holders(child, today).filter(|(id, _)| **id != involvement) {
        if is_in_sight(child, by, held) {
            return Err(Refusal::LeadTaken);
        }
        events.push(Event::LeadProfessionalClashed(LeadClashed { involvement, with: *with }));
    }
    Ok(events)
}

/// The roles that must be given up because more comes into sight: all of the record when `restored` is `None`
/// (its last shield goes), else what was said under one reference (its dispute ends).
///
/// Of those in sight of everyone the role taken last stays; what was hidden by a dispute gives way.
pub(in crate::child) fn leads_given_up(
    child: &Child,
    restored: Option<&KeyedRef>,
    today: NaiveDate,
) -> Vec<Event> {
    let relinquished = |involvement: &InvolvementId| {
        Event::LeadProfessionalRelinquished(LeadRelinquished { involvement: *involvement })
    };
    match restored {
        None => {
            let mut leads: Vec<_> = holders(child, today).filter(|(_, held)| is_ordinary(held)).collect();
            leads.sort_by_key(|(id, held)| (held.lead_since, **id));
            leads.pop();
            leads.into_iter().map(|(id, _)| relinquished(id)).collect()
        }
        Some(source) => {
            let mut returning: Vec<_> = child
                .involvements
                .iter()
                .filter(|(_, held)| held.source == *source && held.lead_professional && held.is_open(today))
                .collect();
            returning.sort_by_key(|(id, held)| std::cmp::Reverse((held.lead_since, **id)));
            let mut kept: Vec<&Involvement> = holders(child, today).map(|(_, held)| held).collect();
            let mut given_up = Vec::new();
            for (id, held) in returning {
                let sender = Changer::Organisation(held.supplier.clone());
                if kept.iter().any(|other| is_in_sight(child, &sender, other)) {
                    given_up.push(relinquished(id));
                } else {
                    kept.push(held);
                }
            }
            given_up
        }
    }
}

/// Entries that hold the role now: open, standing, neither disputed nor lapsed.
fn holders(child: &Child, today: NaiveDate) -> impl Iterator<Item = (&InvolvementId, &Involvement)> {
    child
        .involvements
        .iter()
        .filter(move |(_, held)| held.lead_professional && held.is_open(today) && child.stands(held, today))
}

fn is_in_sight(child: &Child, by: &Changer, held: &Involvement) -> bool {
    match by {
        Changer::Team => true,
        Changer::Organisation(own) if *own == held.supplier || *own == held.organisation => true,
        Changer::Organisation(_) => is_ordinary(held) && !child.is_shielded(),
    }
}

pub(super) fn is_ordinary(held: &Involvement) -> bool {
    matches!(held.class(), ServiceClass::Universal | ServiceClass::Additional)
}
