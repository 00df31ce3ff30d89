//! Conditions of accreditation: what an organisation must show before it may supply or use.
//!
//! The original had 28 and never published them all (domain.md 5.2); number and kind of use are its own, the
//! wording is ours. A policy may drop, add and change them; each version is signed by two people.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::refused::Code;

/// What an accreditation, an agreement or a condition is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Participation {
    /// Sending what its systems hold.
    Supply,
    /// Looking.
    Use,
    /// Both.
    #[default]
    Both,
}

impl Participation {
    /// Tells whether this is for the other too, or for a part of it.
    pub fn meets(self, other: Participation) -> bool {
        self == other || self == Participation::Both || other == Participation::Both
    }

    /// Tells whether this is for all of the other.
    pub fn covers(self, other: Participation) -> bool {
        self == other || self == Participation::Both
    }
}

/// One condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// What it is demanded for.
    pub participation: Participation,
    /// Without a key condition nobody is accredited, and one that runs out costs the standing; any other warns.
    pub key: bool,
    /// How long its evidence holds, in months; 1-36.
    pub months: u32,
}

/// The conditions, by their names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Conditions(BTreeMap<Code, Condition>);

/// The 28 by default: name, participation, key, months, and what it asks for.
#[rustfmt::skip]
const DEFAULTS: [(&str, Participation, bool, u32, &str); 28] = [
    ("lawful_function", Participation::Both, true, 36, "Has a function in law that needs the directory, and has named it."),
    ("senior_owner", Participation::Both, true, 24, "A named senior officer answers for its part in the directory."),
    ("regulator_registration", Participation::Both, true, 12, "Is registered with the data protection regulator."),
    ("data_protection_officer", Participation::Both, false, 24, "Has a data protection officer whom staff and families can reach."),
    ("impact_assessment", Participation::Both, true, 24, "Its own data protection impact assessment covers the directory."),
    ("fair_processing", Participation::Both, true, 24, "Tells children and families in its notices that it takes part."),
    ("incident_response", Participation::Both, true, 24, "Reports suspected misuse or loss within a day, and has tried out how."),
    ("network_security", Participation::Both, true, 12, "Its network was assessed against a recognised standard."),
    ("continuity", Participation::Both, false, 24, "Keeps its contact numbers answered when its own systems fail."),
    ("information_sharing_protocol", Participation::Use, true, 36, "Has signed the information sharing protocol of its area."),
    ("disciplinary_procedure", Participation::Use, true, 24, "Misuse is gross misconduct in its procedures, which are ready to be used."),
    ("user_manager", Participation::Use, true, 12, "Has a user manager and a deputy."),
    ("eligible_roles", Participation::Use, true, 12, "Lists the jobs whose work needs access, and no others have it."),
    ("disclosure_checks", Participation::Use, true, 12, "Checks every user at the enhanced level, and again every three years."),
    ("training_plan", Participation::Use, true, 12, "Trains every user before access, and again every year."),
    ("operating_procedures", Participation::Use, true, 24, "Has given every user the security operating procedures."),
    ("leavers", Participation::Use, true, 12, "Closes accounts on the day somebody leaves."),
    ("absences", Participation::Use, false, 12, "Suspends accounts during long absence."),
    ("access_review", Participation::Use, true, 12, "Reviews its own staff's looks every month."),
    ("device_security", Participation::Use, true, 12, "Looks are made on devices that it manages, encrypts and mends."),
    ("token_custody", Participation::Use, true, 24, "Tokens stay with their owner; a loss is reported the same day."),
    ("premises", Participation::Use, false, 24, "Screens are not seen by the public."),
    ("mediation_procedure", Participation::Use, false, 24, "Keeps the numbers on which its staff are called back."),
    ("system_test", Participation::Supply, true, 12, "Its case management system was tested by somebody else."),
    ("field_mapping", Participation::Supply, true, 24, "What it sends was mapped field by field and judged in a dry run."),
    ("data_quality", Participation::Supply, true, 12, "The refused share of its feed stays below what was agreed."),
    ("sensitive_marking", Participation::Supply, true, 24, "Sends a sensitive service's entry only on consent or suspected harm."),
    ("corrections", Participation::Supply, false, 24, "Mends its own records within five working days of a discrepancy."),
];

impl Default for Conditions {
    fn default() -> Conditions {
        let each = DEFAULTS.iter().filter_map(|(name, participation, key, months, _)| {
            let condition = Condition { participation: *participation, key: *key, months: *months };
            Some((Code::new(name).ok()?, condition))
        });
        Conditions(each.collect())
    }
}

impl Conditions {
    /// One condition by name.
    pub fn get(&self, name: &Code) -> Option<Condition> {
        self.0.get(name).copied()
    }

    /// Every condition, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&Code, Condition)> {
        self.0.iter().map(|(name, condition)| (name, *condition))
    }

    /// Whether every condition holds for a time that the rules allow.
    pub(super) fn in_range(&self) -> bool {
        self.0.values().all(|condition| (1..=36).contains(&condition.months))
    }
}

/// What a condition of the defaults asks for, in a sentence; `None` for one that a policy added.
pub fn wording(name: &Code) -> Option<&'static str> {
    DEFAULTS.iter().find(|(code, ..)| *code == name.as_str()).map(|(.., says)| *says)
}
