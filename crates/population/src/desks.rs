//! The desks that services are reached through: what the team is called, and who works there.

use vocabulary::ServiceType;

/// One desk.
pub(crate) struct Desk {
    /// The team's name.
    pub(crate) team: &'static str,
    /// What a practitioner there is called.
    pub(crate) job: &'static str,
}

/// The desk of a kind of service.
pub(crate) fn desk(service_type: ServiceType) -> Desk {
    let (team, job) = match service_type {
        ServiceType::PrimaryCare => ("Reception", "receptionist"),
        ServiceType::School | ServiceType::FurtherEducation => {
            ("Safeguarding Lead", "designated safeguarding lead")
        }
        ServiceType::EarlyYears => ("Nursery Office", "nursery manager"),
        ServiceType::HealthVisiting => ("Health Visiting", "health visitor"),
        ServiceType::SchoolNursing => ("School Nursing", "school nurse"),
        ServiceType::Midwifery => ("Midwifery", "midwife"),
        ServiceType::Dentistry => ("Dental Reception", "dentist"),
        ServiceType::CareersGuidance => ("Careers", "careers adviser"),
        ServiceType::SocialCare => ("Assessment", "social worker"),
        ServiceType::AdultSocialCare => ("Adult Services", "social worker"),
        ServiceType::EarlyHelp => ("Early Help", "family support worker"),
        ServiceType::EducationWelfare => ("Attendance", "education welfare officer"),
        ServiceType::SenSupport => ("Learning Support", "special educational needs coordinator"),
        ServiceType::YouthJustice => ("Youth Justice", "youth justice officer"),
        ServiceType::YouthWork => ("Youth Work", "youth worker"),
        ServiceType::Police => ("Neighbourhood Team", "police officer"),
        ServiceType::PoliceChildProtection => ("Child Protection", "police officer"),
        ServiceType::Housing => ("Housing Options", "housing officer"),
        ServiceType::Probation => ("Probation", "probation officer"),
        ServiceType::HospitalEmergency => ("Emergency Department", "nurse in charge"),
        ServiceType::HospitalInpatient => ("Children's Ward", "ward manager"),
        ServiceType::CommunityPaediatrics => ("Community Paediatrics", "paediatrician"),
        ServiceType::SpeechAndLanguage => ("Speech and Language", "speech and language therapist"),
        ServiceType::VoluntarySector => ("Family Support", "family support worker"),
        ServiceType::FireAndRescue => ("Community Safety", "community safety officer"),
        ServiceType::SexualHealth => ("Duty Team", "nurse"),
        ServiceType::MentalHealth => ("Duty Team", "mental health practitioner"),
        ServiceType::SubstanceMisuse => ("Duty Team", "young people's worker"),
        ServiceType::Refuge => ("Support", "support worker"),
        ServiceType::ImmigrationSupport => ("Support", "caseworker"),
    };
    Desk { team, job }
}
