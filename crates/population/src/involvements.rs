//! Who works with a child: settings by age, and services that cluster on a few children.
//!
//! Shares: scale.md section 2, from the school census, NHS and social care statistics there; 3.6 entries a
//! child, of which 2.5 open.

use chrono::{Datelike, Days, NaiveDate};
use vocabulary::ServiceType;

use crate::{
    Population,
    children::Child,
    organisations::{Estate, Holder, PRACTITIONERS_AN_ORGANISATION, Service},
    rng::{Draw, Purpose},
};

/// One entry: an organisation works, or worked, with the child.
pub struct Involvement {
    /// Different for every entry of one child, the same in every run.
    pub slot: &'static str,
    /// What kind of service.
    pub service_type: ServiceType,
    /// The first day; at latest the day before the population's day.
    pub started_on: NaiveDate,
    /// The last day, where it is over; at latest the day before the population's day.
    pub ended_on: Option<NaiveDate>,
    /// Whether the practitioner leads for the others.
    pub lead_professional: bool,
    /// What was decided about a sensitive entry; none where no consent is needed.
    pub consent: Option<Consent>,
    pub(crate) holder: Holder,
    /// Which of the organisation's practitioners, where one is named.
    pub(crate) practitioner: Option<u32>,
}

impl Involvement {
    /// The id of the organisation.
    pub fn organisation(&self) -> String {
        self.holder.id()
    }
}

/// What became of the question whether a sensitive entry may be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// It may be held.
    Given,
    /// It may not.
    Refused,
    /// Nobody asked, so nothing may be held and nothing is told.
    NotAsked,
}

/// Where a child is taught.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Education {
    /// Under school age.
    NotYet,
    /// At a setting, which is one of the involvements.
    Attending,
    /// At home.
    EducatedOtherwise,
    /// Nobody knows where.
    NoneKnown,
}

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

/// Of 100,000 children, how many have four times the services; the rest have two thirds, so the mean stays.
const VULNERABLE_IN_100_000: u32 = 10_000;
/// However vulnerable, no service is certain.
const SHARE_MAX: u32 = 95_000;
/// Of 100,000 children, how many are registered with a practice.
const REGISTERED: u32 = 98_500;
/// Of 100,000 children of compulsory school age, and of 16 and 17, how many attend.
const AT_SCHOOL: u32 = 98_500;
const AT_SCHOOL_AFTER_16: u32 = 85_000;
/// Of 100,000 who do not attend, how many are known to be educated otherwise.
const EDUCATED_OTHERWISE: u32 = 40_000;
/// Of 100,000 who stay in education after 16, how many go to a college.
const AT_COLLEGE: u32 = 45_000;
/// Of 100,000 children who went to school, how many changed primary school.
const CHANGED_SCHOOL: u32 = 10_000;
/// Of 100,000 children of 2 to 4, how many go to a nursery.
const AT_NURSERY: u32 = 85_000;

const fn offer(
    slot: &'static str,
    service_type: ServiceType,
    giver: Giver,
    from_age: u32,
    [open, ended]: [u32; 2],
) -> Offer {
    Offer { slot, service_type, giver, from_age, open, ended }
}

/// The day on which a child enters reception: in the September after the fourth birthday.
pub(crate) fn reception_start(born: NaiveDate) -> NaiveDate {
    let late = u32::from((born.month(), born.day()) > (8, 31));
    september(born.year() + 4 + i32::try_from(late).unwrap_or(0))
}

/// The first day of a school year.
fn september(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 9, 3).unwrap_or_default()
}

/// The last day of the school year that ends in the year in which `next` begins.
fn july_before(next: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(next.year(), 7, 21).unwrap_or_default()
}

impl Population {
    /// Every entry of the child with this index, in a fixed order.
    pub fn involvements(&self, index: u64) -> Vec<Involvement> {
        self.working_with(&self.child(index)).0
    }

    /// Every entry of a child already made, and where it is taught.
    pub(crate) fn working_with(&self, child: &Child) -> (Vec<Involvement>, Education) {
        let estate = self.estate(child.authority);
        let mut found = Vec::with_capacity(6);
        // The last day of which the feed can tell: the one before the population's own.
        let last = self.as_at - Days::new(1);
        self.primary_care(child, estate, last, &mut found);
        self.early_years(child, estate, last, &mut found);
        let education = self.education(child, estate, last, &mut found);
        self.services(child, last, &mut found);
        (found, education)
    }

    fn primary_care(&self, child: &Child, estate: Estate, last: NaiveDate, found: &mut Vec<Involvement>) {
        let mut household = Draw::new(self.seed, Purpose::HouseholdPractice, child.household);
        let mut draw = Draw::new(self.seed, Purpose::PrimaryCare, child.index);
        let practice = estate.practices.any(&mut household);
        let born = child.date_of_birth;
        let moved = draw.chance((3_000 * child.age + 5_000).min(35_000));
        let since = if moved { born + Days::new(draw.below(days(born, last) + 1)) } else { born };
        let registered = draw.chance(REGISTERED);
        let before = estate.practices.other(&mut draw, practice);
        let entry = |slot, number| entry(slot, ServiceType::PrimaryCare, Holder::Practice(number), born);
        if registered {
            found.push(Involvement { started_on: since, ..entry("practice", practice) });
        }
        if moved {
            found.push(Involvement { ended_on: Some(since), ..entry("practice-before", before) });
        }
    }

    fn early_years(&self, child: &Child, estate: Estate, last: NaiveDate, found: &mut Vec<Involvement>) {
        if child.age >= 5 {
            return;
        }
        let visited = (child.date_of_birth + Days::new(10)).min(last);
        let visitor = Holder::Service(child.authority, Service::CommunityHealth);
        found.push(entry("health-visitor", ServiceType::HealthVisiting, visitor, visited));
        let mut draw = Draw::new(self.seed, Purpose::EarlyYears, child.index);
        if child.age >= 2 && draw.chance(AT_NURSERY) {
            let nursery = Holder::Nursery(estate.nurseries.any(&mut draw));
            let since = child.date_of_birth + Days::new(600 + draw.below(130));
            found.push(entry("nursery", ServiceType::EarlyYears, nursery, since));
        }
    }

    fn education(
        &self,
        child: &Child,
        estate: Estate,
        last: NaiveDate,
        found: &mut Vec<Involvement>,
    ) -> Education {
        let reception = reception_start(child.date_of_birth);
        if child.age < 5 || reception > last {
            return Education::NotYet;
        }
        let mut household = Draw::new(self.seed, Purpose::HouseholdSchools, child.household);
        let primary = estate.primaries.any(&mut household);
        let secondary = Holder::Secondary(estate.secondaries.any(&mut household));
        let mut draw = Draw::new(self.seed, Purpose::Education, child.index);
        let attends = draw.chance(if child.age >= 16 { AT_SCHOOL_AFTER_16 } else { AT_SCHOOL });
        let at_college = draw.chance(AT_COLLEGE);
        let changed = draw.chance(CHANGED_SCHOOL);
        let changed_on = reception + Days::new(90 + draw.below(900));
        let otherwise = draw.chance(EDUCATED_OTHERWISE);
        let primary_before = estate.primaries.other(&mut draw, primary);
        let college = Holder::College(estate.colleges.any(&mut draw));

        let secondary_start = september(reception.year() + 7);
        let college_start = september(reception.year() + 12);
        let changed = changed && changed_on < last;
        let primary_since = if changed { changed_on } else { reception };
        let school = |slot, holder, since| entry(slot, ServiceType::School, holder, since);
        if changed {
            let before = school("primary-before", Holder::Primary(primary_before), reception);
            found.push(Involvement { ended_on: Some(changed_on), ..before });
        }
        let at_primary = school("primary", Holder::Primary(primary), primary_since);
        let at_secondary = school("secondary", secondary, secondary_start);
        let current = if last >= college_start && at_college {
            entry("college", ServiceType::FurtherEducation, college, college_start)
        } else if last >= secondary_start {
            school("secondary", secondary, secondary_start)
        } else {
            school("primary", Holder::Primary(primary), primary_since)
        };
        if last >= secondary_start {
            found.push(Involvement { ended_on: Some(july_before(secondary_start)), ..at_primary });
        }
        if last >= college_start && at_college {
            found.push(Involvement { ended_on: Some(july_before(college_start)), ..at_secondary });
        }
        if attends {
            found.push(current);
            return Education::Attending;
        }
        if otherwise { Education::EducatedOtherwise } else { Education::NoneKnown }
    }

    fn services(&self, child: &Child, last: NaiveDate, found: &mut Vec<Involvement>) {
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

fn entry(
    slot: &'static str,
    service_type: ServiceType,
    holder: Holder,
    started_on: NaiveDate,
) -> Involvement {
    Involvement {
        slot,
        service_type,
        started_on,
        ended_on: None,
        lead_professional: false,
        consent: None,
        holder,
        practitioner: None,
    }
}

/// Whole days from one day to a later one; 0 where it is not later.
fn days(from: NaiveDate, to: NaiveDate) -> u64 {
    u64::try_from((to - from).num_days()).unwrap_or(0)
}
