//! The twelve invented agencies, each standing for one that is documented.
//!
//! Four social services departments, three housing departments, two police child protection teams, two
//! hospitals, one centre run by a voluntary body; no school and no practice. Their codes lie beyond those of
//! invented England and of the real one, and so do their postcode districts.

use chrono::{Days, NaiveDate};
use vocabulary::OrganisationKind;

use crate::organisations::{Organisation, service_types};

/// One of the twelve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agency {
    /// Social services where the family first asked for help.
    ArkenmoorCouncil,
    /// The housing department there.
    ArkenmoorHousing,
    /// Social services where the hostel stood.
    BrandlemereCouncil,
    /// The housing department there.
    BrandlemereHousing,
    /// The police team there.
    BrandlemerePolice,
    /// The first hospital.
    BrandlemereHospital,
    /// Social services where the second hospital stood.
    CorvenhallCouncil,
    /// The second hospital.
    CorvenhallHospital,
    /// Social services where the family lived last.
    DunlarrowCouncil,
    /// The housing department there.
    DunlarrowHousing,
    /// The police team there.
    DunlarrowPolice,
    /// The centre run by a voluntary body.
    DunlarrowCentre,
}

/// The four authorities: id, name, the district that is theirs.
const AUTHORITIES: [(&str, &str, &str); 4] = [
    ("gss:E06990001", "Arkenmoor", "W61"),
    ("gss:E06990002", "Brandlemere", "NW61"),
    ("gss:E06990003", "Corvenhall", "EN61"),
    ("gss:E06990004", "Dunlarrow", "N61"),
];

/// Agreements outlast the demonstration by a year.
const AGREEMENT_DAYS: u64 = 365;

impl Agency {
    /// All twelve.
    pub const ALL: [Agency; 12] = [
        Agency::ArkenmoorCouncil,
        Agency::ArkenmoorHousing,
        Agency::BrandlemereCouncil,
        Agency::BrandlemereHousing,
        Agency::BrandlemerePolice,
        Agency::BrandlemereHospital,
        Agency::CorvenhallCouncil,
        Agency::CorvenhallHospital,
        Agency::DunlarrowCouncil,
        Agency::DunlarrowHousing,
        Agency::DunlarrowPolice,
        Agency::DunlarrowCentre,
    ];

    /// The id of the organisation; its client posts the agency's events.
    pub fn id(self) -> &'static str {
        match self {
            Agency::ArkenmoorCouncil => "gss:E06990001",
            Agency::ArkenmoorHousing => "org:arkenmoor-housing",
            Agency::BrandlemereCouncil => "gss:E06990002",
            Agency::BrandlemereHousing => "org:brandlemere-housing",
            Agency::BrandlemerePolice => "org:brandlemere-police-child-protection",
            Agency::BrandlemereHospital => "ods:ZV001",
            Agency::CorvenhallCouncil => "gss:E06990003",
            Agency::CorvenhallHospital => "ods:ZV002",
            Agency::DunlarrowCouncil => "gss:E06990004",
            Agency::DunlarrowHousing => "org:dunlarrow-housing",
            Agency::DunlarrowPolice => "org:dunlarrow-police-child-protection",
            Agency::DunlarrowCentre => "org:dunlarrow-child-and-family-centre",
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Agency::ArkenmoorCouncil => "Arkenmoor Council Social Services",
            Agency::ArkenmoorHousing => "Arkenmoor Housing",
            Agency::BrandlemereCouncil => "Brandlemere Council Social Services",
            Agency::BrandlemereHousing => "Brandlemere Housing",
            Agency::BrandlemerePolice => "Brandlemere Police Child Protection Team",
            Agency::BrandlemereHospital => "Brandlemere Hospital",
            Agency::CorvenhallCouncil => "Corvenhall Council Social Services",
            Agency::CorvenhallHospital => "Corvenhall Hospital",
            Agency::DunlarrowCouncil => "Dunlarrow Council Social Services",
            Agency::DunlarrowHousing => "Dunlarrow Housing",
            Agency::DunlarrowPolice => "Dunlarrow Police Child Protection Team",
            Agency::DunlarrowCentre => "Dunlarrow Child and Family Centre",
        }
    }

    /// What kind of organisation it is.
    pub fn kind(self) -> OrganisationKind {
        match self {
            Agency::ArkenmoorCouncil
            | Agency::BrandlemereCouncil
            | Agency::CorvenhallCouncil
            | Agency::DunlarrowCouncil => OrganisationKind::LocalAuthority,
            Agency::ArkenmoorHousing | Agency::BrandlemereHousing | Agency::DunlarrowHousing => {
                OrganisationKind::Housing
            }
            Agency::BrandlemerePolice | Agency::DunlarrowPolice => OrganisationKind::Police,
            Agency::BrandlemereHospital | Agency::CorvenhallHospital => OrganisationKind::Hospital,
            Agency::DunlarrowCentre => OrganisationKind::Voluntary,
        }
    }

    /// The id of the authority it lies in.
    pub fn authority(self) -> &'static str {
        let [arkenmoor, brandlemere, corvenhall, dunlarrow] = AUTHORITIES.map(|(id, _, _)| id);
        match self {
            Agency::ArkenmoorCouncil | Agency::ArkenmoorHousing => arkenmoor,
            Agency::BrandlemereCouncil
            | Agency::BrandlemereHousing
            | Agency::BrandlemerePolice
            | Agency::BrandlemereHospital => brandlemere,
            Agency::CorvenhallCouncil | Agency::CorvenhallHospital => corvenhall,
            Agency::DunlarrowCouncil
            | Agency::DunlarrowHousing
            | Agency::DunlarrowPolice
            | Agency::DunlarrowCentre => dunlarrow,
        }
    }

    /// Its duty line, of the range for drama in London.
    pub fn telephone(self) -> String {
        format!("020 7946 0{:03}", 400 + self as u32)
    }

    /// Its name as part of an internet address.
    pub(super) fn slug(self) -> String {
        self.name().to_lowercase().replace(' ', "-")
    }
}

/// The twelve and the directory teams of their four authorities, each authority before its own.
pub(super) fn organisations(today: NaiveDate) -> Vec<Organisation> {
    let until = today + Days::new(AGREEMENT_DAYS);
    let mut made = Vec::new();
    for (number, (authority, name, outcode)) in (0_u32..).zip(AUTHORITIES) {
        for agency in Agency::ALL.into_iter().filter(|agency| agency.authority() == authority) {
            let is_authority = agency.kind() == OrganisationKind::LocalAuthority;
            made.push(Organisation {
                id: agency.id().to_owned(),
                name: agency.name().to_owned(),
                kind: agency.kind(),
                authority: Some(authority.to_owned()),
                service_types: service_types(agency.kind()),
                telephone: agency.telephone(),
                email: format!("duty@{}.example.org", agency.slug()),
                outcodes: if is_authority { outcode.to_owned() } else { String::new() },
                accredited_until: until,
                agreement_until: until,
                states_others: false,
            });
        }
        made.push(Organisation {
            id: format!("org:{}-directory", name.to_lowercase()),
            name: format!("{name} Directory Team"),
            kind: OrganisationKind::DirectoryTeam,
            authority: Some(authority.to_owned()),
            service_types: service_types(OrganisationKind::DirectoryTeam),
            telephone: format!("020 7946 0{:03}", 440 + number),
            email: format!("directory@{}.example.org", name.to_lowercase()),
            outcodes: String::new(),
            accredited_until: until,
            agreement_until: until,
            states_others: false,
        });
    }
    made
}
