//! Reports: their names, and what of children is counted in them.
//!
//! Source: rules.md 6.1; contract.md section 2 (`/reports`).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::wording::{NotAWord, find};

/// A report that managers, teams and auditors may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportName {
    /// How often staff looked.
    Usage,
    /// Looks that are reviewed, and what came of it.
    AccessReview,
    /// How often a shield was overridden.
    Overrides,
    /// Children of whom nothing is known where something should be.
    Coverage,
    /// What suppliers send, and when they last did.
    DataQuality,
    /// Accounts, agreements and accreditations that run out.
    Expiries,
    /// Children who are to be asked for their own consent.
    ConsentReseek,
    /// Shields to be reviewed or decided on.
    ShieldsDue,
    /// Children with entries that look ended and were never closed.
    EndedNotClosed,
}

impl ReportName {
    /// Every report.
    pub const ALL: [ReportName; 9] = [
        ReportName::Usage,
        ReportName::AccessReview,
        ReportName::Overrides,
        ReportName::Coverage,
        ReportName::DataQuality,
        ReportName::Expiries,
        ReportName::ConsentReseek,
        ReportName::ShieldsDue,
        ReportName::EndedNotClosed,
    ];

    /// The contract's word for it.
    pub fn name(self) -> &'static str {
        match self {
            ReportName::Usage => "usage",
            ReportName::AccessReview => "access_review",
            ReportName::Overrides => "overrides",
            ReportName::Coverage => "coverage",
            ReportName::DataQuality => "data_quality",
            ReportName::Expiries => "expiries",
            ReportName::ConsentReseek => "consent_reseek",
            ReportName::ShieldsDue => "shields_due",
            ReportName::EndedNotClosed => "ended_not_closed",
        }
    }
}

impl FromStr for ReportName {
    type Err = NotAWord;

    fn from_str(word: &str) -> Result<Self, NotAWord> {
        find(&ReportName::ALL, ReportName::name, word, "a report of the closed list")
    }
}

/// Which children of an authority are counted. No two of one report overlap with a third that is their sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfChildren {
    /// Nobody is known to teach the child.
    NoEducation,
    /// No practice is known to have the child registered.
    NoPrimaryCare,
    /// Several additional services and no lead professional.
    NoLeadProfessional,
    /// An additional entry is open though the child died or left England.
    OpenOfGone,
    /// An additional entry is open of which nothing was said for a year.
    OpenAndSilent,
    /// The child is 12 to 15, and a parent consented before.
    ConsentPrompt,
    /// The child is 16 or over, and a parent's consent stands.
    ConsentDue,
    /// A shield is asked for and not decided.
    ShieldRequested,
    /// A shield's review is overdue.
    ShieldOverdue,
    /// A shield is to be reviewed within thirty days.
    ShieldDue,
}

impl OfChildren {
    /// Everything that is counted.
    pub const ALL: [OfChildren; 10] = [
        OfChildren::NoEducation,
        OfChildren::NoPrimaryCare,
        OfChildren::NoLeadProfessional,
        OfChildren::OpenOfGone,
        OfChildren::OpenAndSilent,
        OfChildren::ConsentPrompt,
        OfChildren::ConsentDue,
        OfChildren::ShieldRequested,
        OfChildren::ShieldOverdue,
        OfChildren::ShieldDue,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            OfChildren::NoEducation => "no_education",
            OfChildren::NoPrimaryCare => "no_primary_care",
            OfChildren::NoLeadProfessional => "no_lead_professional",
            OfChildren::OpenOfGone => "open_of_gone",
            OfChildren::OpenAndSilent => "open_and_silent",
            OfChildren::ConsentPrompt => "consent_prompt",
            OfChildren::ConsentDue => "consent_due",
            OfChildren::ShieldRequested => "shield_requested",
            OfChildren::ShieldOverdue => "shield_overdue",
            OfChildren::ShieldDue => "shield_due",
        }
    }

    /// The report that tells it.
    pub fn report(self) -> ReportName {
        match self {
            OfChildren::NoEducation | OfChildren::NoPrimaryCare | OfChildren::NoLeadProfessional => {
                ReportName::Coverage
            }
            OfChildren::OpenOfGone | OfChildren::OpenAndSilent => ReportName::EndedNotClosed,
            OfChildren::ConsentPrompt | OfChildren::ConsentDue => ReportName::ConsentReseek,
            OfChildren::ShieldRequested | OfChildren::ShieldOverdue | OfChildren::ShieldDue => {
                ReportName::ShieldsDue
            }
        }
    }
}
