//! Service types: the closed list of what an involvement can be, each with its class.
//!
//! Source: contract.md section 3; SI 2007/2182 Schedule 1; rules.md 1.4 (protected) and 3.1 (sensitive).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{NotAWord, wording::find};

/// How freely an involvement is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceClass {
    /// Provided to everyone in an age group.
    Universal,
    /// Not normally provided to everyone.
    Additional,
    /// Sexual health, mental health, substance misuse: consent or suspected significant harm.
    Sensitive,
    /// Refuge and immigration support: seen by the responsible authority's team only.
    Protected,
}

/// What kind of service works with the child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each name is the contract's own word; a sentence would only repeat it")]
pub enum ServiceType {
    PrimaryCare,
    School,
    FurtherEducation,
    EarlyYears,
    HealthVisiting,
    SchoolNursing,
    Midwifery,
    Dentistry,
    CareersGuidance,
    SocialCare,
    AdultSocialCare,
    EarlyHelp,
    EducationWelfare,
    SenSupport,
    YouthJustice,
    YouthWork,
    Police,
    PoliceChildProtection,
    Housing,
    Probation,
    HospitalEmergency,
    HospitalInpatient,
    CommunityPaediatrics,
    SpeechAndLanguage,
    VoluntarySector,
    FireAndRescue,
    SexualHealth,
    MentalHealth,
    SubstanceMisuse,
    Refuge,
    ImmigrationSupport,
}

impl ServiceType {
    /// Every service type, in the order of the contract.
    pub const ALL: [ServiceType; 31] = [
        ServiceType::PrimaryCare,
        ServiceType::School,
        ServiceType::FurtherEducation,
        ServiceType::EarlyYears,
        ServiceType::HealthVisiting,
        ServiceType::SchoolNursing,
        ServiceType::Midwifery,
        ServiceType::Dentistry,
        ServiceType::CareersGuidance,
        ServiceType::SocialCare,
        ServiceType::AdultSocialCare,
        ServiceType::EarlyHelp,
        ServiceType::EducationWelfare,
        ServiceType::SenSupport,
        ServiceType::YouthJustice,
        ServiceType::YouthWork,
        ServiceType::Police,
        ServiceType::PoliceChildProtection,
        ServiceType::Housing,
        ServiceType::Probation,
        ServiceType::HospitalEmergency,
        ServiceType::HospitalInpatient,
        ServiceType::CommunityPaediatrics,
        ServiceType::SpeechAndLanguage,
        ServiceType::VoluntarySector,
        ServiceType::FireAndRescue,
        ServiceType::SexualHealth,
        ServiceType::MentalHealth,
        ServiceType::SubstanceMisuse,
        ServiceType::Refuge,
        ServiceType::ImmigrationSupport,
    ];

    /// The contract's word for it.
    pub fn name(self) -> &'static str {
        match self {
            ServiceType::PrimaryCare => "primary_care",
            ServiceType::School => "school",
            ServiceType::FurtherEducation => "further_education",
            ServiceType::EarlyYears => "early_years",
            ServiceType::HealthVisiting => "health_visiting",
            ServiceType::SchoolNursing => "school_nursing",
            ServiceType::Midwifery => "midwifery",
            ServiceType::Dentistry => "dentistry",
            ServiceType::CareersGuidance => "careers_guidance",
            ServiceType::SocialCare => "social_care",
            ServiceType::AdultSocialCare => "adult_social_care",
            ServiceType::EarlyHelp => "early_help",
            ServiceType::EducationWelfare => "education_welfare",
            ServiceType::SenSupport => "sen_support",
            ServiceType::YouthJustice => "youth_justice",
            ServiceType::YouthWork => "youth_work",
            ServiceType::Police => "police",
            ServiceType::PoliceChildProtection => "police_child_protection",
            ServiceType::Housing => "housing",
            ServiceType::Probation => "probation",
            ServiceType::HospitalEmergency => "hospital_emergency",
            ServiceType::HospitalInpatient => "hospital_inpatient",
            ServiceType::CommunityPaediatrics => "community_paediatrics",
            ServiceType::SpeechAndLanguage => "speech_and_language",
            ServiceType::VoluntarySector => "voluntary_sector",
            ServiceType::FireAndRescue => "fire_and_rescue",
            ServiceType::SexualHealth => "sexual_health",
            ServiceType::MentalHealth => "mental_health",
            ServiceType::SubstanceMisuse => "substance_misuse",
            ServiceType::Refuge => "refuge",
            ServiceType::ImmigrationSupport => "immigration_support",
        }
    }

    /// Whether such a service keeps a register of everyone it is for: a roll or a list.
    pub fn keeps_register(self) -> bool {
        matches!(
            self,
            ServiceType::School
                | ServiceType::FurtherEducation
                | ServiceType::EarlyYears
                | ServiceType::PrimaryCare
        )
    }

    /// How freely it is shown. Follows from the type alone; no supplier can change it.
    pub fn class(self) -> ServiceClass {
        match self {
            ServiceType::PrimaryCare
            | ServiceType::School
            | ServiceType::FurtherEducation
            | ServiceType::EarlyYears
            | ServiceType::HealthVisiting
            | ServiceType::SchoolNursing
            | ServiceType::Midwifery
            | ServiceType::Dentistry
            | ServiceType::CareersGuidance => ServiceClass::Universal,
            ServiceType::SocialCare
            | ServiceType::AdultSocialCare
            | ServiceType::EarlyHelp
            | ServiceType::EducationWelfare
            | ServiceType::SenSupport
            | ServiceType::YouthJustice
            | ServiceType::YouthWork
            | ServiceType::Police
            | ServiceType::PoliceChildProtection
            | ServiceType::Housing
            | ServiceType::Probation
            | ServiceType::HospitalEmergency
            | ServiceType::HospitalInpatient
            | ServiceType::CommunityPaediatrics
            | ServiceType::SpeechAndLanguage
            | ServiceType::VoluntarySector
            | ServiceType::FireAndRescue => ServiceClass::Additional,
            ServiceType::SexualHealth | ServiceType::MentalHealth | ServiceType::SubstanceMisuse => {
                ServiceClass::Sensitive
            }
            ServiceType::Refuge | ServiceType::ImmigrationSupport => ServiceClass::Protected,
        }
    }
}

impl FromStr for ServiceType {
    type Err = NotAWord;

    fn from_str(word: &str) -> Result<Self, NotAWord> {
        find(&ServiceType::ALL, ServiceType::name, word, "a service type of the closed list")
    }
}
