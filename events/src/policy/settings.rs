//! The settings themselves, with the defaults of the rules.

use serde::{Deserialize, Serialize};
use vocabulary::OrganisationId;

use super::{Bases, Conditions, Reasons, Sampling};
use crate::ceiling::Ceilings;
use crate::child::{consent::PRESUMED_COMPETENT_AGE, involvement::ENDED_VISIBLE_DAYS};

/// Most children that any answer holds; a policy may lower it, never raise it (invariant I-27).
pub const RESULTS_MAX: u32 = 50;

/// For whom records are opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Every child in England.
    Universal,
    /// From the first additional or sensitive involvement until a year after the last.
    Targeted,
}

/// Every setting. One that an older version did not know takes its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// For whom records are opened.
    pub scope: Scope,
    /// The one authority of a directory that an authority runs by itself: it answers for every record, nothing moves,
    /// and its own administrators sign the policy. None where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub single_authority: Option<OrganisationId>,
    /// How long an ended involvement stays visible, in days.
    pub ended_visible_days: i64,
    /// Age from which competence to consent is presumed.
    pub presumed_age: i32,
    /// Age from which a child gets a copy of notices.
    pub notice_age: i32,
    /// Within how many minutes a duty desk answers.
    pub brokering_minutes: u32,
    /// Within how many working days the identity queue is decided.
    pub queue_working_days: u32,
    /// Within how many working days the other authority decides a transfer.
    pub transfer_working_days: u32,
    /// How long a list of records to be purged waits after its second approval, in hours.
    pub purge_waiting_hours: u32,
    /// Whether a look tells the lead professional that somebody of which organisation looked.
    pub look_tells_lead: bool,
    /// How many days a look for an enquiry into harm is kept from the person's own list of looks.
    pub enquiry_delay_days: u32,
    /// How long a date that ran out leaves the two urgent reasons open, in hours.
    pub grace_hours: u32,
    /// After how many months without an own sign-in an account is dormant.
    pub dormant_months: u32,
    /// Most children in one search's answer.
    pub results_max: u32,
    /// How much one account may try before it is asked to sign in again.
    pub ceilings: Ceilings,
    /// What share of looks is reviewed.
    pub sampling: Sampling,
    /// Which role may give which reason, and what each reason demands.
    pub reasons: Reasons,
    /// What an organisation must show before it is accredited.
    pub conditions: Conditions,
    /// By what law each personal field is held.
    pub bases: Bases,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            scope: Scope::Universal,
            single_authority: None,
            ended_visible_days: ENDED_VISIBLE_DAYS,
            presumed_age: PRESUMED_COMPETENT_AGE,
            notice_age: 12,
            brokering_minutes: 30,
            queue_working_days: 1,
            transfer_working_days: 5,
            purge_waiting_hours: 72,
            look_tells_lead: false,
            enquiry_delay_days: 90,
            grace_hours: 72,
            dormant_months: 13,
            results_max: RESULTS_MAX,
            ceilings: Ceilings::default(),
            sampling: Sampling::default(),
            reasons: Reasons::default(),
            conditions: Conditions::default(),
            bases: Bases::default(),
        }
    }
}

impl Policy {
    /// Checks each setting against what the rules allow.
    ///
    /// # Errors
    /// The name of the first setting that lies outside.
    pub fn in_range(&self) -> Result<(), &'static str> {
        let shares = [
            self.sampling.ordinary_percent,
            self.sampling.other_authority_percent,
            self.sampling.grace_percent,
            self.sampling.override_percent,
            self.sampling.called_back_percent,
            self.sampling.over_ceiling_percent,
        ];
        let checks = [
            ("ended_visible_days", (0..=366).contains(&self.ended_visible_days)),
            ("presumed_age", (10..=18).contains(&self.presumed_age)),
            ("notice_age", (10..=18).contains(&self.notice_age)),
            ("brokering_minutes", (1..=24 * 60).contains(&self.brokering_minutes)),
            ("queue_working_days", (1..=5).contains(&self.queue_working_days)),
            ("transfer_working_days", (1..=20).contains(&self.transfer_working_days)),
            // A day at least to think it over, and no list forgotten for a season.
            ("purge_waiting_hours", (24..=24 * 90).contains(&self.purge_waiting_hours)),
            ("enquiry_delay_days", self.enquiry_delay_days <= 366),
            // Longer than a long weekend would make a lapsed check a licence.
            ("grace_hours", self.grace_hours <= 96),
            ("dormant_months", (1..=13).contains(&self.dormant_months)),
            ("results_max", (1..=RESULTS_MAX).contains(&self.results_max)),
            ("ceilings", self.ceilings.in_range()),
            ("conditions", self.conditions.in_range()),
            // I-30: every personal field has a ground.
            ("bases", self.bases.missing().is_none()),
            ("sampling", shares.iter().all(|share| *share <= 100)),
            ("sampling.override_percent", self.sampling.override_percent == 100),
            // Whoever goes on beyond a ceiling does so before somebody's eyes (rules.md 5.1).
            ("sampling.over_ceiling_percent", self.sampling.over_ceiling_percent == 100),
            // Looks across authorities are always sampled (rules.md 4.3).
            ("sampling.other_authority_percent", self.sampling.other_authority_percent == 100),
        ];
        checks.into_iter().find(|(_, fits)| !fits).map_or(Ok(()), |(setting, _)| Err(setting))
    }
}
