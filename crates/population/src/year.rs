//! A year of invented England: what case management systems tell of children who are known, in any order.
//!
//! Half of it changes who works with a child within an involvement that stands, half begins another one. Which
//! change has which number is a function of seed and number alone, so that any slice can be made again.
//! Shares: scale.md section 2 (the event mix of a year), starts and reassignments of services; settings are
//! stated once a year in bulk and are left out.

use std::io;

use chrono::{Days, NaiveDate};
use serde::Serialize;
use vocabulary::ServiceType;

use crate::{
    Child, Involvement, Population,
    desks::desk,
    events::SOURCE,
    organisations::{Holder, PRACTITIONERS_AN_ORGANISATION, Service},
    rng::{Draw, Purpose},
    tables::is_present_setting,
    wire::{Begun, Contact, Event, Kind, KnownChild, Morning, Reassigned},
};

/// In how many changes of 100,000 something that stands goes to somebody else.
const UPDATES: u32 = 50_000;

/// How often a child with an involvement that stands is looked for: two in five have one.
const DRAWS_MAX: u32 = 64;

/// A start is told within so many days.
const TOLD_WITHIN_DAYS: u64 = 60;

/// Who gives a service that begins.
#[derive(Clone, Copy)]
enum Giver {
    Authority,
    Nursery,
    Primary,
    Service(Service),
}

/// What begins in a year, with how often among 1,000 children (scale.md section 2), and who gives it.
const BEGINNINGS: [(ServiceType, u64, Giver); 9] = [
    (ServiceType::EarlyYears, 52, Giver::Nursery),
    (ServiceType::HealthVisiting, 52, Giver::Service(Service::CommunityHealth)),
    (ServiceType::SocialCare, 52, Giver::Authority),
    (ServiceType::EarlyHelp, 37, Giver::Authority),
    (ServiceType::SenSupport, 95, Giver::Primary),
    (ServiceType::SpeechAndLanguage, 45, Giver::Service(Service::CommunityHealth)),
    (ServiceType::CommunityPaediatrics, 40, Giver::Service(Service::CommunityHealth)),
    (ServiceType::VoluntarySector, 25, Giver::Service(Service::Voluntary)),
    (ServiceType::Police, 10, Giver::Service(Service::Police)),
];

/// One thing told in the year.
pub struct Change {
    /// The index of the child.
    pub child: u64,
    /// Which of the child's involvements goes to somebody else; none where one begins.
    pub slot: Option<&'static str>,
    /// What kind of service.
    pub service_type: ServiceType,
    /// The first day of the involvement.
    pub started_on: NaiveDate,
    pub(crate) holder: Holder,
    /// Who works with the child from now on.
    pub(crate) practitioner: u32,
}

impl Change {
    /// The id of the organisation.
    pub fn organisation(&self) -> String {
        self.holder.id()
    }
}

impl Population {
    /// The change with this number, of one of the first `children`. Cost: as of one child, or a few.
    pub fn change(&self, number: u64, children: u64) -> Change {
        let mut draw = Draw::new(self.seed, Purpose::Year, number);
        if draw.chance(UPDATES) {
            for _ in 0..DRAWS_MAX {
                let child = self.child(draw.below(children));
                if let Some(change) = self.taken_over(&child, &mut draw) {
                    return change;
                }
            }
        }
        self.begun(draw.below(children), &mut draw)
    }

    /// Appends the change with this number as one `CloudEvent`, without a line's end.
    ///
    /// `tag` stands in the event's id, and in whatever must differ from what was told before: the same number
    /// under another tag is news.
    ///
    /// # Errors
    /// None but the writer's own, and a `Vec` has none.
    pub fn write_change(
        &self,
        number: u64,
        children: u64,
        tag: &str,
        out: &mut Vec<u8>,
    ) -> io::Result<Change> {
        let change = self.change(number, children);
        let local_ref = crate::children::local_ref(change.child);
        let worker = self.worker(change.holder, change.practitioner, desk(change.service_type).job);
        let id = format!("Y{number}-{tag}");
        let time = Morning(self.as_at.pred_opt().unwrap_or(self.as_at));
        if let Some(slot) = change.slot {
            let data = Reassigned {
                involvement_ref: &format!("{local_ref}-{slot}"),
                practitioner: worker,
                team: &format!("Team {id}"),
            };
            line(&id, Kind::InvolvementUpdated, time, data, out)?;
        } else {
            let data = Begun {
                child: KnownChild { local_ref: &local_ref },
                involvement_ref: &id,
                service_type: change.service_type.name(),
                organisation: change.organisation(),
                practitioner: Some(worker),
                team: desk(change.service_type).team,
                contacts: [Contact {
                    kind: "telephone",
                    used: "work",
                    value: change.holder.telephone(self.seed).into(),
                }],
                started_on: change.started_on,
                ended_on: None,
                lead_professional: false,
                episode_ref: None,
            };
            line(&id, Kind::InvolvementStarted, time, data, out)?;
        }
        Ok(change)
    }

    /// One of a child's standing involvements in other hands; none where it has none.
    fn taken_over(&self, child: &Child, draw: &mut Draw) -> Option<Change> {
        let (mut involvements, _) = self.working_with(child);
        involvements.retain(stands);
        let place = usize::try_from(draw.below(involvements.len() as u64)).unwrap_or(0);
        let involvement = involvements.get(place)?;
        let step = 1 + draw.below_u32(PRACTITIONERS_AN_ORGANISATION - 1);
        Some(Change {
            child: child.index,
            slot: Some(involvement.slot),
            service_type: involvement.service_type,
            started_on: involvement.started_on,
            holder: involvement.holder,
            practitioner: (involvement.practitioner.unwrap_or(0) + step) % PRACTITIONERS_AN_ORGANISATION,
        })
    }

    fn begun(&self, index: u64, draw: &mut Draw) -> Change {
        let child = self.child(index);
        let estate = self.estate(child.authority);
        let mut at = draw.below(BEGINNINGS.iter().map(|(_, share, _)| share).sum());
        let found = BEGINNINGS.iter().find(|(_, share, _)| {
            let here = at < *share;
            at = at.saturating_sub(*share);
            here
        });
        let (service_type, giver) = found
            .map_or((ServiceType::SocialCare, Giver::Authority), |(service_type, _, giver)| {
                (*service_type, *giver)
            });
        let holder = match giver {
            Giver::Authority => Holder::Authority(child.authority),
            Giver::Nursery => Holder::Nursery(estate.nurseries.any(draw)),
            Giver::Primary => Holder::Primary(estate.primaries.any(draw)),
            Giver::Service(service) => Holder::Service(child.authority, service),
        };
        let last = self.as_at - Days::new(1);
        Change {
            child: index,
            slot: None,
            service_type,
            started_on: (last - Days::new(draw.below(TOLD_WITHIN_DAYS))).max(child.date_of_birth),
            holder,
            practitioner: draw.below_u32(PRACTITIONERS_AN_ORGANISATION),
        }
    }
}

fn line<D: Serialize>(id: &str, kind: Kind, time: Morning, data: D, out: &mut Vec<u8>) -> io::Result<()> {
    let event = Event { specversion: "1.0", id, source: SOURCE, kind, time, data };
    Ok(serde_json::to_writer(out, &event)?)
}

/// Whether the supplier told of it as an involvement that is open, and needs no consent to tell more.
fn stands(entry: &Involvement) -> bool {
    entry.ended_on.is_none() && entry.consent.is_none() && !is_present_setting(entry)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const CHILDREN: u64 = 2_000;
    const CHANGES: u64 = 4_000;

    fn england() -> Population {
        Population::sized(7, NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(), CHILDREN)
    }

    #[test]
    fn half_of_a_year_changes_what_stands_and_services_begin_by_their_shares() {
        let england = england();
        let mut begun: BTreeMap<&str, u64> = BTreeMap::new();
        let mut updates = 0;
        for change in (0..CHANGES).map(|number| england.change(number, CHILDREN)) {
            assert!(change.child < CHILDREN);
            match change.slot {
                Some(_) => updates += 1,
                None => *begun.entry(change.service_type.name()).or_default() += 1,
            }
        }
        assert!((1_900..2_100).contains(&updates), "{updates}");
        let all: u64 = BEGINNINGS.iter().map(|(_, share, _)| share).sum();
        for (service_type, share, _) in BEGINNINGS {
            let expected = (CHANGES - updates) * share / all;
            let found = begun[service_type.name()];
            assert!(found.abs_diff(expected) < 30 + expected / 4, "{}: {found}", service_type.name());
        }
    }

    #[test]
    fn what_is_taken_over_was_told_and_stands() {
        let england = england();
        for change in (0..500).map(|number| england.change(number, CHILDREN)) {
            let Some(slot) = change.slot else { continue };
            let entries = england.involvements(change.child);
            let entry = entries.iter().find(|entry| entry.slot == slot).unwrap();
            assert!(stands(entry));
            assert_eq!(entry.organisation(), change.organisation());
        }
    }

    #[test]
    fn a_change_is_the_same_each_time_and_news_under_another_tag() {
        let england = england();
        let written = |number: u64, tag: &str| {
            let mut line = Vec::new();
            england.write_change(number, CHILDREN, tag, &mut line).unwrap();
            String::from_utf8(line).unwrap()
        };
        for number in 0..200 {
            let one = written(number, "aaaa");
            assert_eq!(one, written(number, "aaaa"));
            assert_eq!(one.replace("aaaa", "bbbb"), written(number, "bbbb"));
            assert_eq!(one.matches("aaaa").count(), 2);
        }
    }
}
