//! Policy: read by anyone, proposed by one administrator of a national body and put in force by another.
//!
//! Source: rules.md (every †); invariant I-25.

use std::sync::Arc;

use chrono::NaiveDate;
use events::policy::{self, InForce, Policy};
use visibility::permission::{Action, Relation};
use vocabulary::{Label, england_day};

use super::{Acted, AdminError};
use crate::{Directory, people::Person};

impl Directory {
    /// The policy in force, and what waits for a signature.
    ///
    /// # Errors
    /// `Refused`: the person may not act at all.
    pub fn policy_of(&self, person: &Person) -> Result<Arc<InForce>, AdminError> {
        person.may(Action::ReadRules, Relation::OwnOrganisation)?;
        Ok(self.register().in_force())
    }

    /// Proposes settings and signs for them. Answers the number of the proposal, for another to sign.
    ///
    /// # Errors
    /// `Refused`: not an administrator of a national body with the PIN given, or a setting out of range.
    pub fn propose_policy(&self, person: &Person, settings: Policy) -> Result<(u64, Acted), AdminError> {
        person.may(Action::ProposePolicy, Relation::Elsewhere)?;
        if settings.single_authority.as_ref().is_some_and(|single| !self.is_local_authority(single)) {
            return Err(AdminError::Refused {
                code: "authority_unknown",
                detail: "no local authority of this id is registered".to_owned(),
            });
        }
        let command = policy::Command::Propose { settings: Box::new(settings), by: person.account };
        let acted = self.policy_acted(person, &command)?;
        let proposal = self.register().in_force().proposed.as_ref().map_or(0, |waiting| waiting.proposal);
        Ok((proposal, acted))
    }

    /// Signs what another proposed, which puts it in force. Answers the version.
    ///
    /// # Errors
    /// `Refused`: as for proposing; the proposer's own; or no such proposal waits.
    pub fn sign_policy(&self, person: &Person, proposal: u64) -> Result<(u64, Acted), AdminError> {
        person.may(Action::SignPolicy, Relation::Elsewhere)?;
        let acted = self.policy_acted(person, &policy::Command::Sign { proposal, by: person.account })?;
        Ok((self.register().in_force().version, acted))
    }

    /// Publishes a version of the notice that families are given: whoever had an older one is due it from then on.
    ///
    /// # Errors
    /// `Refused`: not an administrator of a national body with the PIN given; of a day to come; or a version before it.
    pub fn publish_notice(
        &self,
        person: &Person,
        version: Label,
        on: Option<NaiveDate>,
    ) -> Result<Acted, AdminError> {
        person.may(Action::ProposePolicy, Relation::Elsewhere)?;
        let on = on.unwrap_or_else(|| england_day(self.clock().now()));
        let notice = policy::PublishedNotice { version, on, by: person.account };
        self.policy_acted(person, &policy::Command::PublishNotice(notice))
    }

    fn policy_acted(&self, person: &Person, command: &policy::Command) -> Result<Acted, AdminError> {
        Acted::of(self.act::<InForce>(&self.acting(person), &(), command), |refusal| AdminError::Refused {
            code: refusal.code(),
            detail: refusal.to_string(),
        })
    }
}
