//! Organisations of invented England: authorities, schools, practices, nurseries and services.
//!
//! Kinds and columns: contract.md section 1. At full size there are about 54,000, as there are in England;
//! fewer for fewer children, but every kind in every authority.

mod holder;

use chrono::{Days, NaiveDate};
use vocabulary::OrganisationKind;

pub(crate) use holder::{Holder, Service};

use crate::{
    places::{AUTHORITIES_MAX, AUTHORITIES_MIN, Places, authority_name, place_name},
    rng::{Draw, Purpose},
};

/// Children for whom the full number of organisations stands.
pub(crate) const CHILDREN_OF_ENGLAND: u64 = 12_000_000;
/// Practitioners who work with children, an organisation.
pub(crate) const PRACTITIONERS_AN_ORGANISATION: u32 = 10;
/// No agreement runs out within four months, so that a demonstration does not begin with warnings.
const AGREEMENT_DAYS_MIN: u64 = 120;

/// Settings in the whole of England, and the fewest in one authority, so that a move has somewhere to go.
const PRIMARIES: u64 = 16_800;
const SECONDARIES: u64 = 3_500;
const COLLEGES: u64 = 230;
const PRACTICES: u64 = 6_250;
const NURSERIES: u64 = 25_000;
const SETTINGS_MIN: u64 = 2;

/// The one national supplier, which may state the involvements of others.
pub const NATIONAL_SUPPLIER: &str = "org:national-supplier";
/// A national body that no single authority accredits.
pub const NATIONAL_BODY: &str = "org:national-helpline";

/// One organisation, as `organisations.csv` holds it.
pub struct Organisation {
    /// `org:`, `urn:`, `ods:` or `gss:` and a code.
    pub id: String,
    /// At most 8 words.
    pub name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// The authority that accredits it, an authority's own id for itself, none for a national body.
    pub authority: Option<String>,
    /// The types of service it gives, separated by spaces.
    pub service_types: &'static str,
    /// A number of the drama ranges.
    pub telephone: String,
    /// At a subdomain of `example.org`.
    pub email: String,
    /// The districts of an authority, separated by spaces; empty for every other.
    pub outcodes: String,
    /// The last day of its accreditation.
    pub accredited_until: NaiveDate,
    /// The last day of its supply agreement.
    pub agreement_until: NaiveDate,
    /// Whether the agreement lets it state the involvements of others.
    pub states_others: bool,
}

/// The settings of one authority: where each run begins among all of England, and how many there are.
#[derive(Clone, Copy, Default)]
pub(crate) struct Estate {
    pub(crate) primaries: Run,
    pub(crate) secondaries: Run,
    pub(crate) colleges: Run,
    pub(crate) practices: Run,
    pub(crate) nurseries: Run,
}

/// A run of numbers.
#[derive(Clone, Copy, Default)]
pub(crate) struct Run {
    first: u32,
    count: u32,
}

impl Run {
    /// One of the run.
    pub(crate) fn any(self, draw: &mut Draw) -> u32 {
        self.first + draw.below_u32(self.count)
    }

    /// One of the run that is not `taken`, where the run has two.
    pub(crate) fn other(self, draw: &mut Draw, taken: u32) -> u32 {
        let step = 1 + draw.below_u32(self.count.saturating_sub(1));
        self.first + (taken - self.first + step) % self.count.max(1)
    }

    fn after(before: Run, wanted: u64) -> Run {
        let count = u32::try_from(wanted.max(SETTINGS_MIN)).unwrap_or(u32::MAX);
        Run { first: before.first + before.count, count }
    }

    fn each(self) -> impl Iterator<Item = u32> {
        self.first..self.first + self.count
    }
}

/// How many authorities a population of this size has.
pub(crate) fn authorities_for(children: u64) -> u32 {
    let share = children.saturating_mul(u64::from(AUTHORITIES_MAX)) / CHILDREN_OF_ENGLAND;
    u32::try_from(share).unwrap_or(AUTHORITIES_MAX).clamp(AUTHORITIES_MIN, AUTHORITIES_MAX)
}

/// Shares the settings of a population of this size among its authorities.
pub(crate) fn estates(shares: &[u64], children: u64) -> Vec<Estate> {
    let mut before = Estate::default();
    let scaled = |england: u64, share: u64| {
        let here = u128::from(england) * u128::from(children.min(CHILDREN_OF_ENGLAND)) * u128::from(share);
        u64::try_from(here / u128::from(CHILDREN_OF_ENGLAND) / 1_000_000).unwrap_or(0)
    };
    let estate = |share: &u64| {
        before = Estate {
            primaries: Run::after(before.primaries, scaled(PRIMARIES, *share)),
            secondaries: Run::after(before.secondaries, scaled(SECONDARIES, *share)),
            colleges: Run::after(before.colleges, scaled(COLLEGES, *share)),
            practices: Run::after(before.practices, scaled(PRACTICES, *share)),
            nurseries: Run::after(before.nurseries, scaled(NURSERIES, *share)),
        };
        before
    };
    shares.iter().map(estate).collect()
}

/// Every organisation, an authority before those it accredits.
pub(crate) fn all<'a>(
    seed: u64,
    as_at: NaiveDate,
    places: &'a Places,
    estates: &'a [Estate],
) -> impl Iterator<Item = Organisation> + 'a {
    let national = [Holder::Supplier, Holder::NationalBody].map(|holder| (holder, None));
    let local = (0_u32..).zip(estates).flat_map(|(authority, estate)| {
        let first = std::iter::once(Holder::Authority(authority));
        let services = Service::ALL.map(|service| Holder::Service(authority, service));
        first
            .chain(services)
            .chain(estate.primaries.each().map(Holder::Primary))
            .chain(estate.secondaries.each().map(Holder::Secondary))
            .chain(estate.colleges.each().map(Holder::College))
            .chain(estate.practices.each().map(Holder::Practice))
            .chain(estate.nurseries.each().map(Holder::Nursery))
            .map(move |holder| (holder, Some(authority)))
    });
    national.into_iter().chain(local).map(move |(holder, authority)| {
        let outcodes = match holder {
            Holder::Authority(number) => places.outcodes_of(number),
            Holder::Supplier
            | Holder::NationalBody
            | Holder::Service(..)
            | Holder::Primary(_)
            | Holder::Secondary(_)
            | Holder::College(_)
            | Holder::Practice(_)
            | Holder::Nursery(_) => String::new(),
        };
        organisation(seed, as_at, holder, authority, outcodes)
    })
}

fn organisation(
    seed: u64,
    as_at: NaiveDate,
    holder: Holder,
    authority: Option<u32>,
    outcodes: String,
) -> Organisation {
    let mut agreement = Draw::new(seed, Purpose::Agreements, holder.number());
    let mut until = || as_at + Days::new(AGREEMENT_DAYS_MIN + agreement.below(900));
    let id = holder.id();
    let subdomain = id.replace(':', "-").to_lowercase();
    Organisation {
        name: name(seed, holder),
        kind: holder.kind(),
        authority: authority.map(|number| Holder::Authority(number).id()),
        service_types: service_types(holder.kind()),
        telephone: holder.telephone(seed),
        email: format!("office@{subdomain}.example.org"),
        outcodes,
        accredited_until: until(),
        agreement_until: until(),
        states_others: holder == Holder::Supplier,
        id,
    }
}

fn name(seed: u64, holder: Holder) -> String {
    let mut draw = Draw::new(seed, Purpose::OrganisationNames, holder.number());
    let mut placed = |ending: &str| format!("{} {ending}", place_name(&mut draw));
    match holder {
        Holder::Supplier => "Invented National Supplier".to_owned(),
        Holder::NationalBody => "Invented National Helpline".to_owned(),
        Holder::Authority(number) => format!("{} Council", authority_name(number)),
        Holder::Service(authority, service) => format!("{} {}", authority_name(authority), service.facts().1),
        Holder::Primary(_) => placed("Primary School"),
        Holder::Secondary(_) => placed("Academy"),
        Holder::College(_) => placed("College"),
        Holder::Practice(_) => placed("Surgery"),
        Holder::Nursery(_) => placed("Nursery"),
    }
}

/// The types of service that each kind of organisation gives here, separated by spaces.
pub fn service_types(kind: OrganisationKind) -> &'static str {
    match kind {
        OrganisationKind::LocalAuthority => {
            "social_care adult_social_care early_help education_welfare sen_support youth_work careers_guidance"
        }
        OrganisationKind::NationalBody | OrganisationKind::Voluntary => "voluntary_sector",
        OrganisationKind::NationalSupplier | OrganisationKind::DirectoryTeam => "",
        OrganisationKind::School => "school sen_support",
        OrganisationKind::FurtherEducation => "further_education",
        OrganisationKind::EarlyYears => "early_years",
        OrganisationKind::GpPractice => "primary_care",
        OrganisationKind::Hospital => "hospital_emergency hospital_inpatient midwifery",
        OrganisationKind::CommunityHealth => {
            "health_visiting school_nursing community_paediatrics speech_and_language dentistry"
        }
        OrganisationKind::MentalHealthService => "mental_health",
        OrganisationKind::SexualHealthService => "sexual_health",
        OrganisationKind::SubstanceMisuseService => "substance_misuse",
        OrganisationKind::Police => "police police_child_protection",
        OrganisationKind::Probation => "probation",
        OrganisationKind::YouthJustice => "youth_justice",
        OrganisationKind::Housing => "housing",
        OrganisationKind::FireAndRescue => "fire_and_rescue",
        OrganisationKind::Refuge => "refuge",
        OrganisationKind::ImmigrationSupport => "immigration_support",
    }
}
