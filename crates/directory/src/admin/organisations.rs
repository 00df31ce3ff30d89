//! Organisations, kept by the team of their authority and by administrators.
//!
//! Source: domain.md 5.2, 5.6; rules.md 5.1; docs/access.md.

use chrono::NaiveDate;
use events::{
    organisation::{
        self, ActingUser, Agreement, ConditionMet, Details, Organisation, Row, Sharing, SuspensionGround,
    },
    policy::Participation,
    refused::Code,
    secret::Secret,
};
use visibility::permission::{Action, Relation};
use vocabulary::{ClientId, OrganisationId, OrganisationKind};

use super::{Acted, AdminError};
use crate::{Directory, people::Person, sign_in};

/// Most rows of one page of organisations or accounts.
pub const ADMIN_PAGE: usize = 50;

/// What is asked about an organisation that is registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrganisationAct {
    /// State anew what it is.
    Describe(Details),
    /// Record that it meets a condition.
    RecordCondition(ConditionMet),
    /// Record that it meets a condition no more.
    WithdrawCondition(Code),
    /// Accredit it.
    Accredit {
        /// Its last day.
        until: NaiveDate,
        /// What for.
        participation: Participation,
    },
    /// Sign a supply agreement.
    SignSupply(Agreement),
    /// Sign an information sharing agreement.
    SignSharing(Sharing),
    /// Suspend it at once, with its people and its clients.
    Suspend(SuspensionGround),
    /// End the suspension.
    Reinstate,
}

impl OrganisationAct {
    fn action(&self) -> Action {
        match self {
            OrganisationAct::Describe(_) => Action::RegisterOrganisation,
            OrganisationAct::RecordCondition(_) | OrganisationAct::WithdrawCondition(_) => {
                Action::RecordCondition
            }
            OrganisationAct::Accredit { .. } => Action::AccreditOrganisation,
            OrganisationAct::SignSupply(_) | OrganisationAct::SignSharing(_) => Action::SignAgreement,
            OrganisationAct::Suspend(_) => Action::SuspendOrganisation,
            OrganisationAct::Reinstate => Action::ReinstateOrganisation,
        }
    }
}

impl Directory {
    /// Registers an organisation.
    ///
    /// # Errors
    /// `Refused`: not this person's to register, its authority is not one, or the id is taken.
    pub fn register_organisation(
        &self,
        person: &Person,
        id: &OrganisationId,
        details: Details,
    ) -> Result<Acted, AdminError> {
        let mut register = self.register_mut();
        let itself = details.kind == OrganisationKind::LocalAuthority;
        let authority = if itself { Some(id) } else { details.authority.as_ref() };
        let relation = match authority {
            Some(authority) if person.authority.as_ref() == Some(authority) => Relation::OwnAuthority,
            Some(_) | None => Relation::Elsewhere,
        };
        person.may(Action::RegisterOrganisation, relation)?;
        let is_authority = |named: &OrganisationId| {
            let kind = register.organisation(named).and_then(|held| held.details.as_ref()).map(|of| of.kind);
            kind == Some(OrganisationKind::LocalAuthority)
        };
        if !itself && !authority.is_none_or(is_authority) {
            return Err(AdminError::Refused {
                code: "authority_unknown",
                detail: "no local authority of this id is registered".to_owned(),
            });
        }
        if register.knows(id) {
            return Err(AdminError::Refused {
                code: "organisation_known",
                detail: "an organisation of this id is registered already".to_owned(),
            });
        }
        let row = Row { id: id.clone(), details, accredited_until: None, agreement: None };
        let command = organisation::Command::Import(Box::new(row));
        let acted = self.act_on::<Organisation>(&mut register, &self.acting(person), id, &command);
        Acted::of(acted, refused)
    }

    /// Does something about an organisation; a suspension counts from the next request on, everywhere.
    ///
    /// # Errors
    /// `Unknown`: no such organisation. `Refused`: not this person's, or a rule said no.
    pub fn administer_organisation(
        &self,
        person: &Person,
        id: &OrganisationId,
        act: OrganisationAct,
    ) -> Result<Acted, AdminError> {
        let (relation, policy) = {
            let register = self.register();
            if !register.knows(id) {
                return Err(AdminError::Unknown);
            }
            (register.relation(person, id), register.in_force())
        };
        person.may(act.action(), relation)?;
        let conditions = || policy.settings.conditions.clone();
        let command = match act {
            OrganisationAct::Describe(details) => {
                let row = Row { id: id.clone(), details, accredited_until: None, agreement: None };
                organisation::Command::Import(Box::new(row))
            }
            OrganisationAct::RecordCondition(met) => {
                organisation::Command::RecordCondition { met, conditions: conditions() }
            }
            OrganisationAct::WithdrawCondition(condition) => {
                organisation::Command::WithdrawCondition { condition }
            }
            OrganisationAct::Accredit { until, participation } => {
                organisation::Command::Accredit { until, participation, conditions: conditions() }
            }
            OrganisationAct::SignSupply(agreement) => organisation::Command::SignSupply(agreement),
            OrganisationAct::SignSharing(sharing) => organisation::Command::SignSharing(sharing),
            OrganisationAct::Suspend(ground) => organisation::Command::Suspend { ground },
            OrganisationAct::Reinstate => organisation::Command::Reinstate,
        };
        self.organisation_acted(person, id, &command)
    }

    /// Lets a case management system of an organisation connect. Answers id and secret, shown once.
    ///
    /// # Errors
    /// As [`Directory::administer_organisation`].
    pub fn client_for(
        &self,
        person: &Person,
        id: &OrganisationId,
    ) -> Result<(ClientId, String, Acted), AdminError> {
        self.may_keep_clients(person, id, Action::ManageClients)?;
        let (client, secret) = (self.client_id(), sign_in::drawn(self.vault()));
        let secret_hash = Secret::new(sign_in::hash_secret(self.vault(), &secret));
        let acting_user = ActingUser::SignedAssertion;
        let command = organisation::Command::AddClient {
            client: client.clone(),
            secret_hash: Some(secret_hash),
            key: None,
            acting_user,
        };
        let acted = self.organisation_acted(person, id, &command)?;
        Ok((client, secret, acted))
    }

    /// Lets a client connect no more, from the next request on.
    ///
    /// # Errors
    /// `Unknown`: no such client, or not of an organisation that is this person's.
    pub fn revoke_client_of(&self, person: &Person, client: &ClientId) -> Result<Acted, AdminError> {
        let found = self.register().client(client).map(|(id, _, _)| id.clone());
        let organisation = found.ok_or(AdminError::Unknown)?;
        self.may_keep_clients(person, &organisation, Action::RevokeClient)?;
        let command = organisation::Command::RevokeClient { client: client.clone() };
        self.organisation_acted(person, &organisation, &command)
    }

    /// The organisations that this person keeps or reads, at most fifty from `after` on.
    ///
    /// # Errors
    /// `Refused`: not for this role.
    pub fn organisations_of(
        &self,
        person: &Person,
        after: Option<&OrganisationId>,
    ) -> Result<Vec<(OrganisationId, Organisation)>, AdminError> {
        let register = self.register();
        person.may(Action::ReadOrganisation, Relation::OwnOrganisation)?;
        let everywhere = person.may(Action::ReadOrganisation, Relation::Elsewhere).is_ok();
        let own_authority = person.may(Action::ReadOrganisation, Relation::OwnAuthority).is_ok();
        let ids: Box<dyn Iterator<Item = &OrganisationId>> = match &person.authority {
            _ if everywhere => Box::new(register.organisations().map(|(id, _)| id)),
            Some(authority) if own_authority => Box::new(register.within(authority)),
            Some(_) | None => Box::new(std::iter::once(&person.organisation)),
        };
        Ok(ids
            .filter(|id| after.is_none_or(|after| *id > after))
            .filter_map(|id| Some((id.clone(), register.organisation(id)?.clone())))
            .take(ADMIN_PAGE)
            .collect())
    }

    /// One organisation as it stands, with the conditions in force.
    ///
    /// # Errors
    /// `Unknown`: no such organisation. `Refused`: not this person's.
    pub fn organisation_of(&self, person: &Person, id: &OrganisationId) -> Result<Organisation, AdminError> {
        let register = self.register();
        let held = register.organisation(id).ok_or(AdminError::Unknown)?;
        person.may(Action::ReadOrganisation, register.relation(person, id))?;
        Ok(held.clone())
    }

    fn may_keep_clients(
        &self,
        person: &Person,
        id: &OrganisationId,
        action: Action,
    ) -> Result<(), AdminError> {
        let register = self.register();
        if !register.knows(id) {
            return Err(AdminError::Unknown);
        }
        Ok(person.may(action, register.relation(person, id))?)
    }

    fn organisation_acted(
        &self,
        person: &Person,
        id: &OrganisationId,
        command: &organisation::Command,
    ) -> Result<Acted, AdminError> {
        Acted::of(self.act::<Organisation>(&self.acting(person), id, command), refused)
    }
}

fn refused(refusal: &organisation::Refusal) -> AdminError {
    AdminError::Refused { code: refusal.code(), detail: refusal.to_string() }
}
