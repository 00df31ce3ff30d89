//! Which organisation it is: its place among all, its id, its kind.
//!
//! Ids are shaped like the issuer's own and lie beyond what the issuer has given out.

use vocabulary::OrganisationKind;

use super::{NATIONAL_BODY, NATIONAL_SUPPLIER};
use crate::{
    numbers,
    rng::{Draw, Purpose},
};

/// Services of which every authority has one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Service {
    DirectoryTeam,
    Hospital,
    CommunityHealth,
    MentalHealth,
    SexualHealth,
    SubstanceMisuse,
    Police,
    Probation,
    YouthJustice,
    Housing,
    FireAndRescue,
    Voluntary,
    Refuge,
    ImmigrationSupport,
}

impl Service {
    pub(super) const ALL: [Service; 14] = [
        Service::DirectoryTeam,
        Service::Hospital,
        Service::CommunityHealth,
        Service::MentalHealth,
        Service::SexualHealth,
        Service::SubstanceMisuse,
        Service::Police,
        Service::Probation,
        Service::YouthJustice,
        Service::Housing,
        Service::FireAndRescue,
        Service::Voluntary,
        Service::Refuge,
        Service::ImmigrationSupport,
    ];

    /// How its id begins, what its name ends in, its kind.
    pub(super) fn facts(self) -> (&'static str, &'static str, OrganisationKind) {
        match self {
            Service::DirectoryTeam => ("org:directory-", "Directory Team", OrganisationKind::DirectoryTeam),
            Service::Hospital => ("ods:ZH", "General Hospital", OrganisationKind::Hospital),
            Service::CommunityHealth => ("ods:ZC", "Community Health", OrganisationKind::CommunityHealth),
            Service::MentalHealth => {
                ("ods:ZM", "Young People's Mental Health", OrganisationKind::MentalHealthService)
            }
            Service::SexualHealth => ("ods:ZS", "Sexual Health", OrganisationKind::SexualHealthService),
            Service::SubstanceMisuse => {
                ("org:substance-", "Substance Misuse Service", OrganisationKind::SubstanceMisuseService)
            }
            Service::Police => ("org:police-", "Police", OrganisationKind::Police),
            Service::Probation => ("org:probation-", "Probation", OrganisationKind::Probation),
            Service::YouthJustice => {
                ("org:youth-justice-", "Youth Justice Service", OrganisationKind::YouthJustice)
            }
            Service::Housing => ("org:housing-", "Housing", OrganisationKind::Housing),
            Service::FireAndRescue => ("org:fire-", "Fire and Rescue", OrganisationKind::FireAndRescue),
            Service::Voluntary => ("org:family-action-", "Family Support", OrganisationKind::Voluntary),
            Service::Refuge => ("org:refuge-", "Refuge", OrganisationKind::Refuge),
            Service::ImmigrationSupport => {
                ("org:immigration-", "Immigration Support", OrganisationKind::ImmigrationSupport)
            }
        }
    }
}

/// Which organisation it is. Numbers count from 0, in all of England for settings.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Holder {
    Supplier,
    NationalBody,
    Authority(u32),
    Service(u32, Service),
    Primary(u32),
    Secondary(u32),
    College(u32),
    Practice(u32),
    Nursery(u32),
}

impl Holder {
    /// Its id, shaped like the issuer's own and beyond what the issuer has given out.
    pub(crate) fn id(self) -> String {
        match self {
            Holder::Supplier => NATIONAL_SUPPLIER.to_owned(),
            Holder::NationalBody => NATIONAL_BODY.to_owned(),
            Holder::Authority(number) => format!("gss:E069{:05}", number + 1),
            Holder::Service(authority, service) => {
                let (start, _, _) = service.facts();
                format!("{start}{:03}", authority + 1)
            }
            Holder::Primary(number) => format!("urn:{}", 900_001 + number),
            Holder::Secondary(number) => format!("urn:{}", 930_001 + number),
            Holder::College(number) => format!("urn:{}", 960_001 + number),
            Holder::Practice(number) => format!("ods:Z{:05}", number + 1),
            Holder::Nursery(number) => format!("org:nursery-{:05}", number + 1),
        }
    }

    /// A number of its own among all organisations.
    pub(crate) fn number(self) -> u64 {
        let (kind, number) = match self {
            Holder::Supplier => (0, 0),
            Holder::NationalBody => (0, 1),
            Holder::Authority(number) => (1, number),
            Holder::Service(authority, service) => (16 + service as u64, authority),
            Holder::Primary(number) => (2, number),
            Holder::Secondary(number) => (3, number),
            Holder::College(number) => (4, number),
            Holder::Practice(number) => (5, number),
            Holder::Nursery(number) => (6, number),
        };
        (kind << 32) | u64::from(number)
    }

    pub(super) fn kind(self) -> OrganisationKind {
        match self {
            Holder::Supplier => OrganisationKind::NationalSupplier,
            Holder::NationalBody => OrganisationKind::NationalBody,
            Holder::Authority(_) => OrganisationKind::LocalAuthority,
            Holder::Service(_, service) => service.facts().2,
            Holder::Primary(_) | Holder::Secondary(_) => OrganisationKind::School,
            Holder::College(_) => OrganisationKind::FurtherEducation,
            Holder::Practice(_) => OrganisationKind::GpPractice,
            Holder::Nursery(_) => OrganisationKind::EarlyYears,
        }
    }

    /// Its telephone number, of the drama ranges.
    pub(crate) fn telephone(self, seed: u64) -> String {
        numbers::landline(&mut Draw::new(seed, Purpose::OrganisationContacts, self.number()))
    }
}
