//! Who works with a child: settings by age, and services that cluster on a few children.
//!
//! Shares: scale.md section 2, from the school census, NHS and social care statistics there; 3.6 entries a
//! child, of which 2.5 open.

mod services;

use chrono::{Datelike, Days, NaiveDate};
use vocabulary::ServiceType;

use crate::{
    Population,
    children::Child,
    organisations::{Estate, Holder, Service},
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
