//! Accreditation: conditions with their evidence, what may be done while they hold, and what runs out next.
//!
//! A file may accredit without conditions: it carries the decision of a body that judged them elsewhere. One that
//! is recorded here counts from then on. Source: domain.md 5.2, 5.6; rules.md 5.1; invariant I-4.

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::england_day;

use super::{Event, Organisation, Refusal};
use crate::{
    case::Reference,
    policy::{Conditions, Participation},
    refused::Code,
    standing::{self, Standing},
};

/// Longest accreditation or agreement, in months.
const MONTHS_MAX: u32 = 36;

/// A condition that an organisation was found to meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionMet {
    /// Which.
    pub condition: Code,
    /// The day of its evidence.
    pub met_on: NaiveDate,
    /// The last day on which the evidence counts.
    pub valid_until: NaiveDate,
    /// Where the evidence is kept, as that place numbers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Reference>,
}

/// An information sharing agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sharing {
    /// Which version of its text.
    pub version: u32,
    /// Its last day.
    pub until: NaiveDate,
}

/// Something of an organisation that has a last day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dated {
    /// Its accreditation.
    Accreditation,
    /// Its supply agreement.
    SupplyAgreement,
    /// Its information sharing agreement.
    SharingAgreement,
    /// A condition.
    Condition(Code),
}

impl Dated {
    /// The word for it: a condition's own name, else what it is.
    pub fn name(&self) -> String {
        match self {
            Dated::Accreditation => "accreditation".to_owned(),
            Dated::SupplyAgreement => "supply_agreement".to_owned(),
            Dated::SharingAgreement => "sharing_agreement".to_owned(),
            Dated::Condition(condition) => condition.as_str().to_owned(),
        }
    }
}

impl Organisation {
    /// I-4: judges whether it may supply on a civil day, the day of `recorded_at`. No grace.
    ///
    /// # Errors
    /// In this order: `Unknown`, `Suspended`, `NotAccredited`, `ConditionLapsed`, `AgreementExpired`.
    pub fn may_supply(&self, today: NaiveDate, conditions: &Conditions) -> Result<(), Refusal> {
        if self.id.is_none() {
            return Err(Refusal::Unknown);
        }
        if self.suspended.is_some() {
            return Err(Refusal::Suspended);
        }
        let accredited = self.accredited_for.meets(Participation::Supply)
            && self.accredited_until.is_some_and(|until| today <= until);
        if !accredited {
            return Err(Refusal::NotAccredited);
        }
        let lapsed =
            self.key_conditions(Participation::Supply, conditions).find(|met| met.valid_until < today);
        if let Some(lapsed) = lapsed {
            return Err(Refusal::ConditionLapsed { condition: lapsed.condition.clone() });
        }
        if self.agreement.is_none_or(|agreement| agreement.until < today) {
            return Err(Refusal::AgreementExpired);
        }
        Ok(())
    }

    /// Judges whether its staff may use the directory at `now`.
    ///
    /// An agreement counts where one was ever signed: not every user supplies. `grace_hours` is policy.
    pub fn may_use(
        &self,
        now: DateTime<Utc>,
        grace_hours: u32,
        conditions: &Conditions,
    ) -> Standing<Refusal> {
        if self.id.is_none() {
            return Standing::None { because: Refusal::Unknown };
        }
        if self.suspended.is_some() {
            return Standing::None { because: Refusal::Suspended };
        }
        let accredited = self.accredited_until.filter(|_| self.accredited_for.meets(Participation::Use));
        let Some(accredited_until) = accredited else {
            return Standing::None { because: Refusal::NotAccredited };
        };
        let dated = |last_day, because| standing::until(last_day, now, grace_hours, because);
        let mut standing = dated(accredited_until, Refusal::NotAccredited);
        for met in self.key_conditions(Participation::Use, conditions) {
            let because = Refusal::ConditionLapsed { condition: met.condition.clone() };
            standing = standing.worse(dated(met.valid_until, because));
        }
        if let Some(agreement) = self.agreement {
            standing = standing.worse(dated(agreement.until, Refusal::AgreementExpired));
        }
        match self.sharing {
            Some(sharing) => standing.worse(dated(sharing.until, Refusal::SharingAgreementExpired)),
            None => standing,
        }
    }

    /// The conditions met that are key for this participation, by the policy in force.
    fn key_conditions(
        &self,
        participation: Participation,
        conditions: &Conditions,
    ) -> impl Iterator<Item = &ConditionMet> {
        self.conditions.values().filter(move |met| {
            conditions
                .get(&met.condition)
                .is_some_and(|known| known.key && known.participation.covers(participation))
        })
    }

    /// Everything of it that has a last day.
    pub fn dated(&self) -> Vec<(Dated, NaiveDate)> {
        let accreditation = self.accredited_until.map(|until| (Dated::Accreditation, until));
        let supply = self.agreement.map(|agreement| (Dated::SupplyAgreement, agreement.until));
        let sharing = self.sharing.map(|sharing| (Dated::SharingAgreement, sharing.until));
        let conditions =
            self.conditions.values().map(|met| (Dated::Condition(met.condition.clone()), met.valid_until));
        [accreditation, supply, sharing].into_iter().flatten().chain(conditions).collect()
    }
}

/// A condition is recorded with evidence that is not of the future and holds as long as the policy says.
pub(super) fn record(
    organisation: &Organisation,
    met: &ConditionMet,
    conditions: &Conditions,
    today: NaiveDate,
) -> Result<Vec<Event>, Refusal> {
    let known = conditions.get(&met.condition).ok_or(Refusal::ConditionUnknown)?;
    let latest = met.met_on.checked_add_months(Months::new(known.months)).unwrap_or(met.met_on);
    if met.met_on > today || met.valid_until < today || met.valid_until > latest {
        return Err(Refusal::ConditionOutOfRange { months: known.months });
    }
    if organisation.conditions.get(&met.condition) == Some(met) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::ConditionMet(met.clone())])
}

/// Every key condition of the participation must hold, and for use the sharing agreement.
pub(super) fn accredit(
    organisation: &Organisation,
    until: NaiveDate,
    participation: Participation,
    conditions: &Conditions,
    today: NaiveDate,
) -> Result<Vec<Event>, Refusal> {
    in_range(until, today)?;
    let demanded =
        conditions.iter().filter(|(_, known)| known.key && known.participation.meets(participation));
    for (condition, _) in demanded {
        if organisation.conditions.get(condition).is_none_or(|met| met.valid_until < today) {
            return Err(Refusal::ConditionUnmet { condition: condition.clone() });
        }
    }
    let signed = organisation.sharing.is_some_and(|sharing| today <= sharing.until);
    if participation.meets(Participation::Use) && !signed {
        return Err(Refusal::SharingAgreementExpired);
    }
    if organisation.accredited_until == Some(until) && organisation.accredited_for == participation {
        return Ok(Vec::new());
    }
    Ok(vec![Event::OrganisationAccredited { until, participation }])
}

/// The last day of an accreditation or agreement: from today, for at most three years.
pub(super) fn in_range(until: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    let latest = today.checked_add_months(Months::new(MONTHS_MAX)).unwrap_or(today);
    if (today..=latest).contains(&until) {
        Ok(())
    } else {
        Err(Refusal::UntilOutOfRange { months: MONTHS_MAX })
    }
}

/// The civil day of an instant, for the deciders of this module.
pub(super) fn today(now: DateTime<Utc>) -> NaiveDate {
    england_day(now)
}
