//! Words of reviews: what explains a look, what speaks for asking about one, and what is reviewed whatever it was.
//!
//! They are said of looks and never of a child. Source: domain.md 6.3, 6.4; reliability.md, "Misuse engine".

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{NotAWord, wording::find};

/// What the directory holds that explains why somebody looked, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Explanation {
    /// An approved case names the child.
    ApprovedCase,
    /// The directory's own work: the authority's team at a record of its authority.
    Duty,
    /// The looker's organisation works with the child.
    OpenEntry,
    /// The child stands in the organisation's register: a school's roll, a practice's list.
    Register,
    /// It did so a short while ago.
    RecentEntry,
    /// Something about the child had just come to the organisation.
    Referral,
    /// Looked up for a colleague whom something of the above explains.
    MediatedForExplained,
    /// The organisation recorded an involvement soon after.
    RecordedAfter,
    /// The same person's earlier look was explained.
    FollowUp,
}

/// What speaks for asking about a look that nothing explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// The record is an invented one that nobody has a reason to open.
    Canary,
    /// The child lives where the looker does.
    SameHousehold,
    /// A carer of the child bears the looker's whole name.
    OwnNameAmongCarers,
    /// The child bears the looker's surname.
    OwnSurname,
    /// The child lives at the looker's postcode.
    SamePostcode,
    /// The child lives where a colleague of the same organisation does.
    ColleaguesChild,
    /// Many people without a reason looked at this one child.
    Burst,
    /// One of many children, in an order that no work has.
    Sweep,
    /// Far more children without a reason than the looker's peers.
    FarAbovePeers,
    /// Looked again and again on other days, and nothing was ever recorded.
    Returned,
    /// Outside the hours in which the looker works.
    OutOfHours,
    /// One look, and nothing after it.
    NothingAfter,
    /// A child of another authority, without an entry of one's own.
    OtherAuthority,
    /// An account that had just been woken after months of rest.
    DormantWoken,
    /// A shield was overridden.
    Override,
    /// More attempts at finding children than anyone's work needs, or a ceiling was reached.
    Enumeration,
}

/// Why a look is reviewed whatever it was, the largest share first (policy, `sampling`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lot {
    /// A shield was overridden.
    Override,
    /// By somebody who reached a ceiling of attempts and goes on for an urgent reason.
    OverCeiling,
    /// In the time of grace after a date ran out.
    Grace,
    /// A mediated look that was called back instead of given a code.
    CalledBack,
    /// A child of another authority, without an entry of one's own.
    OtherAuthority,
    /// Any.
    Ordinary,
}

/// What a person who reviewed a look came to, the gravest last; a graver word may follow a milder one and never the
/// other way about (domain.md 6.3, 6.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewOutcome {
    /// There was a reason.
    Explained,
    /// The person was advised.
    Advised,
    /// The account was suspended.
    Suspended,
    /// It was handed to the employer.
    Employer,
    /// It was handed to the regulator.
    Regulator,
    /// It was handed to the police.
    Police,
}

impl Explanation {
    /// Every explanation, the strongest first.
    pub const ALL: [Explanation; 9] = [
        Explanation::ApprovedCase,
        Explanation::Duty,
        Explanation::OpenEntry,
        Explanation::Register,
        Explanation::RecentEntry,
        Explanation::Referral,
        Explanation::MediatedForExplained,
        Explanation::RecordedAfter,
        Explanation::FollowUp,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Explanation::ApprovedCase => "approved_case",
            Explanation::Duty => "duty",
            Explanation::OpenEntry => "open_entry",
            Explanation::Register => "register",
            Explanation::RecentEntry => "recent_entry",
            Explanation::Referral => "referral",
            Explanation::MediatedForExplained => "mediated_for_explained",
            Explanation::RecordedAfter => "recorded_after",
            Explanation::FollowUp => "follow_up",
        }
    }
}

impl Signal {
    /// Every signal, in the order of the words.
    pub const ALL: [Signal; 16] = [
        Signal::Canary,
        Signal::SameHousehold,
        Signal::OwnNameAmongCarers,
        Signal::OwnSurname,
        Signal::SamePostcode,
        Signal::ColleaguesChild,
        Signal::Burst,
        Signal::Sweep,
        Signal::FarAbovePeers,
        Signal::Returned,
        Signal::OutOfHours,
        Signal::NothingAfter,
        Signal::OtherAuthority,
        Signal::DormantWoken,
        Signal::Override,
        Signal::Enumeration,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Signal::Canary => "canary",
            Signal::SameHousehold => "same_household",
            Signal::OwnNameAmongCarers => "own_name_among_carers",
            Signal::OwnSurname => "own_surname",
            Signal::SamePostcode => "same_postcode",
            Signal::ColleaguesChild => "colleagues_child",
            Signal::Burst => "burst",
            Signal::Sweep => "sweep",
            Signal::FarAbovePeers => "far_above_peers",
            Signal::Returned => "returned",
            Signal::OutOfHours => "out_of_hours",
            Signal::NothingAfter => "nothing_after",
            Signal::OtherAuthority => "other_authority",
            Signal::DormantWoken => "dormant_woken",
            Signal::Override => "override",
            Signal::Enumeration => "enumeration",
        }
    }
}

impl Lot {
    /// Every lot, the largest share first.
    pub const ALL: [Lot; 6] =
        [Lot::Override, Lot::OverCeiling, Lot::Grace, Lot::CalledBack, Lot::OtherAuthority, Lot::Ordinary];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Lot::Override => "override",
            Lot::OverCeiling => "over_ceiling",
            Lot::Grace => "grace",
            Lot::CalledBack => "called_back",
            Lot::OtherAuthority => "other_authority",
            Lot::Ordinary => "ordinary",
        }
    }
}

impl ReviewOutcome {
    /// Every outcome, the gravest last.
    pub const ALL: [ReviewOutcome; 6] = [
        ReviewOutcome::Explained,
        ReviewOutcome::Advised,
        ReviewOutcome::Suspended,
        ReviewOutcome::Employer,
        ReviewOutcome::Regulator,
        ReviewOutcome::Police,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            ReviewOutcome::Explained => "explained",
            ReviewOutcome::Advised => "advised",
            ReviewOutcome::Suspended => "suspended",
            ReviewOutcome::Employer => "employer",
            ReviewOutcome::Regulator => "regulator",
            ReviewOutcome::Police => "police",
        }
    }
}

impl FromStr for ReviewOutcome {
    type Err = NotAWord;

    fn from_str(word: &str) -> Result<Self, NotAWord> {
        find(&ReviewOutcome::ALL, ReviewOutcome::name, word, "an outcome of a review")
    }
}

impl FromStr for Lot {
    type Err = NotAWord;

    fn from_str(word: &str) -> Result<Self, NotAWord> {
        find(&Lot::ALL, Lot::name, word, "a lot of the sample")
    }
}

impl FromStr for Explanation {
    type Err = NotAWord;

    fn from_str(word: &str) -> Result<Self, NotAWord> {
        find(&Explanation::ALL, Explanation::name, word, "an explanation of the closed list")
    }
}

impl FromStr for Signal {
    type Err = NotAWord;

    fn from_str(word: &str) -> Result<Self, NotAWord> {
        find(&Signal::ALL, Signal::name, word, "a signal of the closed list")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back_as_what_it_was_written_for() {
        for explanation in Explanation::ALL {
            assert_eq!(explanation.name().parse(), Ok(explanation));
        }
        for signal in Signal::ALL {
            assert_eq!(signal.name().parse(), Ok(signal));
        }
        for lot in Lot::ALL {
            assert_eq!(lot.name().parse(), Ok(lot));
        }
        for outcome in ReviewOutcome::ALL {
            assert_eq!(outcome.name().parse(), Ok(outcome));
        }
        assert!(ReviewOutcome::ALL.is_sorted());
        assert!("curiosity".parse::<Signal>().is_err());
    }
}
