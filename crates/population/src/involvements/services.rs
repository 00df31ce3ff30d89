//! Services that some children have: which, how often, by whom, and with what consent.
//!
//! Shares: scale.md section 2. They cluster: one child in ten has four times as many as its share.

use chrono::{Days, NaiveDate};
use vocabulary::ServiceType;

use super::{Consent, Involvement, days, entry};
use crate::{
    Population,
    children::Child,
    organisations::{Holder, PRACTITIONERS_AN_ORGANISATION, Service},
    rng::{Draw, Purpose},
};

/// Who gives a service.
#[derive(Clone, Copy)]
enum Giver {
    Authority,
    /// The child's school, or the authority where there is none.
    School,
    Service(Service),
}

/// One service outside the settings, with how many of 100,000 children of its ages have it.
struct Offer {
    slot: &'static str,
    service_type: ServiceType,
    giver: Giver,
    /// The youngest age at which it begins.
    from_age: u32,
    open: u32,
    ended: u32,
}

/// Shares of all children, raised where a service begins later than birth so that the whole stays right.
const OFFERS: [Offer; 11] = [
    offer("social-care", ServiceType::SocialCare, Giver::Authority, 0, [3_300, 6_000]),
    offer("early-help", ServiceType::EarlyHelp, Giver::Authority, 0, [3_000, 4_000]),
    offer(
        "mental-health",
        ServiceType::MentalHealth,
        Giver::Service(Service::MentalHealth),
        5,
        [5_980, 5_980],
    ),
    offer("sen", ServiceType::SenSupport, Giver::School, 5, [18_600, 5_310]),
    offer("sen-plan", ServiceType::SenSupport, Giver::Authority, 3, [5_620, 290]),
    offer(
        "youth-justice",
        ServiceType::YouthJustice,
        Giver::Service(Service::YouthJustice),
        10,
        [420, 1_060],
    ),
    offer("police", ServiceType::Police, Giver::Service(Service::Police), 0, [1_000, 2_000]),
    offer("welfare", ServiceType::EducationWelfare, Giver::Authority, 5, [2_660, 2_660]),
    offer(
        "speech",
        ServiceType::SpeechAndLanguage,
        Giver::Service(Service::CommunityHealth),
        2,
        [5_530, 4_420],
    ),
    offer(
        "paediatrics",
        ServiceType::CommunityPaediatrics,
        Giver::Service(Service::CommunityHealth),
        0,
        [4_000, 3_000],
    ),
    offer("voluntary", ServiceType::VoluntarySector, Giver::Service(Service::Voluntary), 0, [2_000, 1_500]),
];

const fn offer(
    slot: &'static str,
    service_type: ServiceType,
    giver: Giver,
    from_age: u32,
    [open, ended]: [u32; 2],
) -> Offer {
    Offer { slot, service_type, giver, from_age, open, ended }
}

/// Of 100,000 children, how many have four times the services; the rest have two thirds, so the mean stays.
const VULNERABLE_IN_100_000: u32 = 10_000;
/// However vulnerable, no service is certain.
const SHARE_MAX: u32 = 95_000;

impl Population {
    /// Adds the services that the child has or had.
    pub(super) fn services(&self, child: &Child, last: NaiveDate, found: &mut Vec<Involvement>) {
        let school =
            found.iter().find(|entry| entry.service_type == ServiceType::School && entry.ended_on.is_none());
        let school = school.map(|entry| entry.holder);
        let vulnerable =
            Draw::new(self.seed, Purpose::Vulnerability, child.index).chance(VULNERABLE_IN_100_000);
        let share = |usual: u32| if vulnerable { (usual * 4).min(SHARE_MAX) } else { usual * 2 / 3 };
        for (number, offer) in (0_u64..).zip(&OFFERS) {
            if child.age < offer.from_age {
                continue;
            }
            // A run for each service, so that a new one shifts no other.
            let mut draw = Draw::new(self.seed, Purpose::Services, child.index * 64 + number);
            let open = draw.chance(share(offer.open));
            if !open && !draw.chance(share(offer.ended)) {
                continue;
            }
            let from = child.date_of_birth + Days::new(u64::from(offer.from_age) * 365);
            let span = days(from, last) + 1;
            let practitioner = draw.below_u32(PRACTITIONERS_AN_ORGANISATION);
            let named = draw.below_u32(100) < 70;
            let holder = holder(offer.giver, child.authority, school);
            let mut made = entry(offer.slot, offer.service_type, holder, from);
            made.practitioner = named.then_some(practitioner);
            if open {
                made.started_on = last - Days::new(draw.below(span.min(700)));
                made.lead_professional =
                    offer.service_type == ServiceType::SocialCare && named && draw.chance(70_000);
            } else {
                made.started_on = from + Days::new(draw.below(span));
                made.ended_on = Some((made.started_on + Days::new(30 + draw.below(500))).min(last));
            }
            made.consent =
                (offer.service_type == ServiceType::MentalHealth).then(|| self.consent(child.index));
            found.push(made);
        }
    }

    fn consent(&self, index: u64) -> Consent {
        match Draw::new(self.seed, Purpose::Consent, index).below(3) {
            0 => Consent::Given,
            1 => Consent::Refused,
            _ => Consent::NotAsked,
        }
    }
}

fn holder(giver: Giver, authority: u32, school: Option<Holder>) -> Holder {
    match giver {
        Giver::Authority => Holder::Authority(authority),
        Giver::School => school.unwrap_or(Holder::Authority(authority)),
        Giver::Service(service) => Holder::Service(authority, service),
    }
}
