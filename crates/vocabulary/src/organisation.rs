//! Organisations: their ids, which say who issued them, and their kinds.
//!
//! Source: contract.md section 3 (`org:` ours, `urn:` schools, `ods:` health, `gss:` authorities).

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};

use crate::{NotAWord, wording::find};

/// Longest id of an organisation, prefix included.
pub const ORGANISATION_ID_CHARACTERS_MAX: usize = 64;

/// An organisation's id: `org:`, `urn:`, `ods:` or `gss:` and the issuer's own code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct OrganisationId(Cow<'static, str>);

impl OrganisationId {
    /// The pool of records whose authority nobody can tell yet (rules.md 1.3).
    pub const NATIONAL_POOL: OrganisationId = OrganisationId(Cow::Borrowed("org:national-pool"));

    /// The id as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OrganisationId {
    type Err = NotAWord;

    fn from_str(text: &str) -> Result<Self, NotAWord> {
        let code = ["org:", "urn:", "ods:", "gss:"].into_iter().find_map(|prefix| text.strip_prefix(prefix));
        let lettered = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        if text.len() <= ORGANISATION_ID_CHARACTERS_MAX && code.is_some_and(lettered) {
            Ok(OrganisationId(Cow::Owned(text.to_owned())))
        } else {
            Err(NotAWord { expected: "an organisation id: org:, urn:, ods: or gss: and a code" })
        }
    }
}

impl fmt::Display for OrganisationId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl<'de> Deserialize<'de> for OrganisationId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wording::read(deserializer, str::parse)
    }
}

/// What an organisation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each name is the plain word for the kind; a sentence would only repeat it")]
pub enum OrganisationKind {
    LocalAuthority,
    /// A body that no single authority accredits; its staff are national partners.
    NationalBody,
    /// Sends for many others and sees nothing.
    NationalSupplier,
    School,
    FurtherEducation,
    EarlyYears,
    GpPractice,
    Hospital,
    CommunityHealth,
    MentalHealthService,
    SexualHealthService,
    SubstanceMisuseService,
    Police,
    Probation,
    YouthJustice,
    Housing,
    FireAndRescue,
    Voluntary,
    Refuge,
    ImmigrationSupport,
    /// A directory team or the body that audits or runs the directory itself.
    DirectoryTeam,
}

impl OrganisationKind {
    /// Every kind.
    pub const ALL: [OrganisationKind; 21] = [
        OrganisationKind::LocalAuthority,
        OrganisationKind::NationalBody,
        OrganisationKind::NationalSupplier,
        OrganisationKind::School,
        OrganisationKind::FurtherEducation,
        OrganisationKind::EarlyYears,
        OrganisationKind::GpPractice,
        OrganisationKind::Hospital,
        OrganisationKind::CommunityHealth,
        OrganisationKind::MentalHealthService,
        OrganisationKind::SexualHealthService,
        OrganisationKind::SubstanceMisuseService,
        OrganisationKind::Police,
        OrganisationKind::Probation,
        OrganisationKind::YouthJustice,
        OrganisationKind::Housing,
        OrganisationKind::FireAndRescue,
        OrganisationKind::Voluntary,
        OrganisationKind::Refuge,
        OrganisationKind::ImmigrationSupport,
        OrganisationKind::DirectoryTeam,
    ];

    /// The word for it in `organisations.csv`.
    pub fn name(self) -> &'static str {
        match self {
            OrganisationKind::LocalAuthority => "local_authority",
            OrganisationKind::NationalBody => "national_body",
            OrganisationKind::NationalSupplier => "national_supplier",
            OrganisationKind::School => "school",
            OrganisationKind::FurtherEducation => "further_education",
            OrganisationKind::EarlyYears => "early_years",
            OrganisationKind::GpPractice => "gp_practice",
            OrganisationKind::Hospital => "hospital",
            OrganisationKind::CommunityHealth => "community_health",
            OrganisationKind::MentalHealthService => "mental_health_service",
            OrganisationKind::SexualHealthService => "sexual_health_service",
            OrganisationKind::SubstanceMisuseService => "substance_misuse_service",
            OrganisationKind::Police => "police",
            OrganisationKind::Probation => "probation",
            OrganisationKind::YouthJustice => "youth_justice",
            OrganisationKind::Housing => "housing",
            OrganisationKind::FireAndRescue => "fire_and_rescue",
            OrganisationKind::Voluntary => "voluntary",
            OrganisationKind::Refuge => "refuge",
            OrganisationKind::ImmigrationSupport => "immigration_support",
            OrganisationKind::DirectoryTeam => "directory_team",
        }
    }

    /// Whether its staff may read NHS numbers (regulation 6(3)(c): the allocating body's own).
    pub fn is_health(self) -> bool {
        matches!(
            self,
            OrganisationKind::GpPractice
                | OrganisationKind::Hospital
                | OrganisationKind::CommunityHealth
                | OrganisationKind::MentalHealthService
                | OrganisationKind::SexualHealthService
                | OrganisationKind::SubstanceMisuseService
        )
    }

    /// Whether its staff may read unique pupil numbers.
    pub fn is_education(self) -> bool {
        matches!(
            self,
            OrganisationKind::School | OrganisationKind::FurtherEducation | OrganisationKind::EarlyYears
        )
    }

    /// Whether it gives a sensitive or protected service, so that its very look tells something.
    pub fn is_sensitive_or_protected(self) -> bool {
        matches!(
            self,
            OrganisationKind::MentalHealthService
                | OrganisationKind::SexualHealthService
                | OrganisationKind::SubstanceMisuseService
                | OrganisationKind::Refuge
                | OrganisationKind::ImmigrationSupport
        )
    }
}

impl FromStr for OrganisationKind {
    type Err = NotAWord;

    fn from_str(word: &str) -> Result<Self, NotAWord> {
        find(
            &OrganisationKind::ALL,
            OrganisationKind::name,
            word,
            "a kind of organisation of the closed list",
        )
    }
}
