//! Mediation: a mediator who looks or records for a colleague who has no screen at hand.
//!
//! Both are people in good standing, and what is done is the lesser of their two rights. The mediator gives the
//! PIN; the colleague reads out a one-time code, which is taken once, or is called back, and then the act is
//! reviewed. Source: rules.md 5.2, 5.3; invariant I-20; domain.md 5.1.

use chrono::{DateTime, Utc};
use events::{
    account::{self, Account},
    looker::{Caller, StepUp},
};
use vocabulary::{AccountId, Assurance, Channel, Role};

use crate::{
    Directory,
    by_hand::HandError,
    disclose::OnBehalf,
    people::Person,
    register::Acting,
    sign_in::{self, Source},
};

/// For whom a mediator acts, and how sure the mediator was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mediated {
    pub(crate) caller: AccountId,
    /// No code was read out: the mediator called back, and the act is reviewed.
    pub(crate) called_back: bool,
}

impl Person {
    /// The person in a look that is made for `caller`, so that the look itself tells for whom it was.
    pub(crate) fn mediating(&self, caller: Option<&Caller>, colleague: Option<&OnBehalf>) -> Person {
        let (Some(caller), Some(colleague)) = (caller, colleague) else { return self.clone() };
        self.for_colleague(caller.account, colleague)
    }

    fn for_colleague(&self, caller: AccountId, colleague: &OnBehalf) -> Person {
        let mediated = Mediated { caller, called_back: colleague.code.is_none() };
        Person { channel: Channel::Mediated, mediates_for: Some(mediated), ..self.clone() }
    }
}

impl Directory {
    /// Whoever records: the person, or for a mediator the colleague, through the mediator.
    ///
    /// What is recorded is the colleague's organisation's; each right is asked of both.
    ///
    /// # Errors
    /// `Refused`: a mediator without a colleague, anyone else with one, a PIN or code that is missing or wrong, or a
    /// colleague who may not act.
    pub fn recording_for(&self, person: &Person, colleague: Option<&OnBehalf>) -> Result<Person, HandError> {
        let refused = |(code, detail): (&'static str, String)| HandError::Refused { code, detail };
        let Some(colleague) = colleague else {
            if person.role == Role::Mediator {
                return Err(refused((
                    "caller_missing",
                    "a mediator records for a named colleague only".to_owned(),
                )));
            }
            return Ok(person.clone());
        };
        let caller = self.caller(person, colleague, self.clock().now()).map_err(refused)?;
        if caller.account == person.account {
            return Err(refused(("caller_is_looker", "a mediator cannot be their own caller".to_owned())));
        }
        let mediator = person.for_colleague(caller.account, colleague);
        Ok(Person { through: Some(Box::new(mediator)), ..caller })
    }

    /// The colleague for whom a mediator asks, the PIN given. A code that was read out must be right and is taken
    /// once; without one the mediator calls back, and the act is reviewed.
    ///
    /// Whether there is such a colleague is told to mediators alone: to others every name reads alike.
    pub(crate) fn caller(
        &self,
        person: &Person,
        colleague: &OnBehalf,
        now: DateTime<Utc>,
    ) -> Result<Person, (&'static str, String)> {
        if person.role != Role::Mediator {
            return Err(("not_a_mediator", "only a mediator acts for a colleague".to_owned()));
        }
        if person.step_up == StepUp::Absent {
            let detail = "a mediator gives the PIN before acting for a colleague".to_owned();
            return Err(("step_up_missing", detail));
        }
        let unknown =
            || ("caller_unknown", "no account in good standing has the caller's user name".to_owned());
        let account = self.account_of_username(&colleague.username).ok_or_else(unknown)?;
        // Dormancy counts, as for anyone who did not sign in: only the person's own sign-in ends it.
        let mut caller = self
            .person(account, Channel::Mediated, Assurance::AssertedByCms, None, StepUp::Absent)
            .ok_or_else(unknown)?;
        caller.assurance = Assurance::OwnSignIn;
        let Some(code) = &colleague.code else { return Ok(caller) };
        let wrong = || ("caller_code_wrong", "the caller's one-time code is not right".to_owned());
        let seed = self
            .register()
            .account(account)
            .and_then(|held| held.credentials.as_ref().map(|held| held.totp_secret.clone()))
            .ok_or_else(unknown)?;
        // Six digits are soon tried through: a mediator who guesses would escape the review of a call back.
        if self.tries().wait(account, Source::ReadOut, now).is_some() {
            return Err(wrong());
        }
        let Some(code_step) = sign_in::code_step(seed.expose(), code, now) else {
            self.tries().wrong(account, Source::ReadOut, now);
            return Err(wrong());
        };
        // Nobody waits for it to be durable: what is shown or recorded for it is appended after it.
        let acting = Acting { by: person.actor(), now };
        self.act::<Account>(&acting, &account, &account::Command::ReadOutCode { code_step })
            .map_err(|_| wrong())?;
        Ok(caller)
    }
}
