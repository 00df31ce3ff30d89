//! Accounts, kept by the employer's user manager, the authority's team and administrators.
//!
//! Another organisation's accounts read like accounts that nobody has. Source: domain.md 5.2; rules.md 5.1, 5.2;
//! invariant I-21; docs/access.md.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use events::{
    account::{
        self, Account, Created, Declaration, Gate, IdentityAct, PasskeyAct, SuspensionGround, Username,
    },
    secret::Secret,
};
use visibility::permission::{Action, Relation, may_grant};
use vocabulary::{AccountId, ChildNumber, KeyedRef, OrganisationId, PasskeyId, PersonName, Role};

use super::{Acted, AdminError, organisations::ADMIN_PAGE};
use crate::{Directory, people::Person, register::Register, sign_in};

/// How long an enrolment code may be used: over a weekend.
const ENROLMENT_HOURS: i64 = 72;

/// A person to be given an account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The name to sign in with.
    pub username: String,
    /// The person's name.
    pub name: PersonName,
    /// In which organisation.
    pub organisation: OrganisationId,
    /// In which role.
    pub role: Role,
}

/// What is asked about an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountAct {
    /// Record a gate.
    RecordGate {
        /// Which.
        gate: Gate,
        /// The last day it holds.
        valid_until: Option<NaiveDate>,
    },
    /// Let it act.
    Activate,
    /// Suspend it, from the next request on.
    Suspend(SuspensionGround),
    /// End the suspension.
    Reinstate,
    /// Close it, at once or after the person's last day.
    Close(Option<NaiveDate>),
    /// Remove a linked identity, and with it the sessions that it began.
    UnlinkIdentity(KeyedRef),
    /// Remove a passkey, and with it the sessions that it began.
    RemovePasskey(PasskeyId),
    /// Let a relationship hold no more that the person declared.
    WithdrawRelationship(ChildNumber),
}

/// An enrolment code as it is shown once.
pub struct Enrolment {
    /// What the person types.
    pub code: String,
    /// Until when.
    pub expires_at: DateTime<Utc>,
    /// The act.
    pub acted: Acted,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Enrolment(..)")
    }
}

impl Directory {
    /// Gives a person an account that may not act yet.
    ///
    /// # Errors
    /// `Unknown`: no such organisation. `Refused`: not this person's, or a role that they do not give.
    /// `UsernameTaken`. `Malformed`: the user name.
    pub fn create_account(&self, person: &Person, new: NewAccount) -> Result<(AccountId, Acted), AdminError> {
        let username = Username::new(&new.username)?;
        let mut register = self.register_mut();
        if !register.knows(&new.organisation) {
            return Err(AdminError::Unknown);
        }
        person.may(Action::CreateAccount, register.relation(person, &new.organisation))?;
        grants(person, new.role)?;
        if register.login(&crate::keying::login(self.vault(), username.as_str())).is_some() {
            return Err(AdminError::UsernameTaken);
        }
        let id = AccountId::new(self.ids().next());
        let created =
            Created { account: id, username, name: new.name, organisation: new.organisation, role: new.role };
        let command = account::Command::Create(created);
        let acted = self.act_on::<Account>(&mut register, &self.acting(person), &id, &command);
        Ok((id, Acted::of(acted, refused)?))
    }

    /// Does something about another's account; a suspension counts from the next request on.
    ///
    /// # Errors
    /// `Unknown`: no such account, or not one that this person keeps. `Refused`: a rule said no.
    pub fn administer_account(
        &self,
        person: &Person,
        id: AccountId,
        act: AccountAct,
    ) -> Result<Acted, AdminError> {
        let by = Some(person.account);
        // Held from the judgement to the act: a suspicion told between the two must not be ended by who may not.
        let mut register = self.register_mut();
        let (action, command) = match act {
            AccountAct::RecordGate { gate, valid_until } => {
                (Action::RecordGate, account::Command::RecordGate { gate, by, valid_until })
            }
            AccountAct::Activate => (Action::ActivateAccount, account::Command::Activate { by }),
            AccountAct::Suspend(ground) => (Action::SuspendAccount, account::Command::Suspend { ground }),
            AccountAct::Reinstate => {
                let suspected = register
                    .account(id)
                    .is_some_and(|held| held.suspended == Some(SuspensionGround::MisuseSuspected));
                let action =
                    if suspected { Action::ReinstateAfterSuspicion } else { Action::ReinstateAccount };
                (action, account::Command::Reinstate { by })
            }
            // Whoever may renew what a person signs in by may end it too.
            AccountAct::UnlinkIdentity(identity) => {
                (Action::EnrolAccount, account::Command::Identity(IdentityAct::Unlink { identity }))
            }
            AccountAct::RemovePasskey(passkey) => {
                (Action::EnrolAccount, account::Command::Passkey(PasskeyAct::Remove { passkey }))
            }
            AccountAct::WithdrawRelationship(child) => {
                let declared = Declaration::NotRelated { child, by };
                (Action::WithdrawRelationship, account::Command::Declare(declared))
            }
            AccountAct::Close(on) => (Action::CloseAccount, account::Command::Close { on }),
        };
        keeps(&register, person, id, action)?;
        let acted = self.act_on::<Account>(&mut register, &self.acting(person), &id, &command);
        Acted::of(acted, refused)
    }

    /// Does something about a person's own account that is theirs alone to do.
    ///
    /// # Errors
    /// `Refused`: a rule said no.
    pub(crate) fn act_on_own_account(
        &self,
        person: &Person,
        command: &account::Command,
    ) -> Result<Acted, AdminError> {
        Acted::of(self.act::<Account>(&self.acting(person), &person.account, command), refused)
    }

    /// As [`Directory::act_on_own_account`], unless the register, held until the act, says no.
    pub(crate) fn act_on_own_account_if(
        &self,
        person: &Person,
        command: &account::Command,
        allowed: impl FnOnce(&Register) -> Result<(), AdminError>,
    ) -> Result<Acted, AdminError> {
        let mut register = self.register_mut();
        allowed(&register)?;
        let acted = self.act_on::<Account>(&mut register, &self.acting(person), &person.account, command);
        Acted::of(acted, refused)
    }

    /// Hands out a code by which a person sets password and PIN and takes up a token; also after a loss.
    ///
    /// Whoever hands it out learns none of the three. The code is kept as a keyed hash and shown once.
    ///
    /// # Errors
    /// As [`Directory::administer_account`].
    pub fn enrol_account(&self, person: &Person, id: AccountId) -> Result<Enrolment, AdminError> {
        keeps(&self.register(), person, id, Action::EnrolAccount)?;
        let code = sign_in::drawn_code(self.vault());
        let acting = self.acting(person);
        let expires_at = acting.now + Duration::hours(ENROLMENT_HOURS);
        let command = account::Command::IssueEnrolment {
            code_hash: Secret::new(sign_in::hash_enrolment(self.vault(), &code)),
            expires_at,
            by: Some(person.account),
        };
        let acted = Acted::of(self.act::<Account>(&acting, &id, &command), refused)?;
        Ok(Enrolment { code, expires_at, acted })
    }

    /// The accounts of an organisation that this person keeps or reads, at most fifty from `after` on.
    ///
    /// # Errors
    /// `Unknown`: no such organisation. `Refused`: not this person's.
    pub fn accounts_of(
        &self,
        person: &Person,
        organisation: &OrganisationId,
        after: Option<AccountId>,
    ) -> Result<Vec<(AccountId, Account)>, AdminError> {
        let register = self.register();
        if !register.knows(organisation) {
            return Err(AdminError::Unknown);
        }
        person.may(Action::ReadAccounts, register.relation(person, organisation))?;
        Ok(register
            .staff(organisation)
            .filter(|(id, _)| after.is_none_or(|after| *id > after))
            .take(ADMIN_PAGE)
            .map(|(id, held)| (id, held.clone()))
            .collect())
    }

    /// One account as it stands.
    ///
    /// # Errors
    /// `Unknown`: no such account, or not one that this person keeps.
    pub fn account_of(&self, person: &Person, id: AccountId) -> Result<Account, AdminError> {
        let register = self.register();
        let relation = register.relation_to_account(person, id);
        person.may(Action::ReadAccounts, Relation::OwnOrganisation)?;
        person.may(Action::ReadAccounts, relation).map_err(|_| AdminError::Unknown)?;
        register.account(id).cloned().ok_or(AdminError::Unknown)
    }
}

/// Whether this person may do this to this account: it is within reach, and its role one that they give.
fn keeps(register: &Register, person: &Person, id: AccountId, action: Action) -> Result<(), AdminError> {
    let role = register.account(id).and_then(|held| held.created.as_ref()).map(|created| created.role);
    let relation = register.relation_to_account(person, id);
    person.may(action, Relation::OwnOrganisation)?;
    let role = role.ok_or(AdminError::Unknown)?;
    if relation != Relation::Oneself && person.may(action, relation).is_err() {
        return Err(AdminError::Unknown);
    }
    person.may(action, relation)?;
    // Suspicion is for everyone to act on at once; whoever gives a right is who may give it back.
    if action == Action::SuspendAccount { Ok(()) } else { grants(person, role) }
}

/// A role is given, and an account of it kept, by those who may give that role.
fn grants(person: &Person, role: Role) -> Result<(), AdminError> {
    if may_grant(person.role, role) {
        return Ok(());
    }
    Err(AdminError::Refused {
        code: "role_not_yours_to_give",
        detail: "accounts of this role are kept by the authority's team or by an administrator".to_owned(),
    })
}

fn refused(refusal: &account::Refusal) -> AdminError {
    AdminError::Refused { code: refusal.code(), detail: refusal.to_string() }
}
