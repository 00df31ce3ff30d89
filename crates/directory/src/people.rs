//! People: who acts in a request, as they stand at that moment.
//!
//! Asked anew at every request, so that a suspension bites on the next one. Source: rules.md 5; contract.md
//! section 2.

use chrono::{DateTime, Utc};
use events::{
    looker::{self, Caller, Looker, StepUp},
    organisation::ActingUser,
    recorded::{Actor, Asserted},
    standing::Standing,
};
use visibility::Viewer;
use vocabulary::{
    AccountId, Assurance, Channel, ClientId, OrganisationId, OrganisationKind, PersonName, Role, england_day,
};

use crate::{
    Directory, disclose::OnBehalf, keying, mediating::Mediated, permitting::standing_of, register::Register,
    supply::Sender,
};

/// A person who acts in this request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Whose account.
    pub account: AccountId,
    /// The person's name.
    pub name: PersonName,
    /// In which organisation.
    pub organisation: OrganisationId,
    /// What kind of organisation it is.
    pub kind: OrganisationKind,
    /// The authority it belongs to, itself if it is one.
    pub authority: Option<OrganisationId>,
    /// Whether that is the one authority of a directory that it runs by itself.
    pub runs_alone: bool,
    /// In which role.
    pub role: Role,
    /// By which way in.
    pub channel: Channel,
    /// How sure we are of the person.
    pub assurance: Assurance,
    /// Through which client.
    pub client: Option<ClientId>,
    /// Whether the PIN was given a moment ago.
    pub step_up: StepUp,
    /// How the account and its organisation stand, the worse of the two.
    pub standing: Standing<looker::Refusal>,
    /// What that client signed about the person; absent where they signed in here or were named bare.
    pub asserted: Option<Asserted>,
    /// For which colleague, in this one look of a mediator's.
    pub(crate) mediates_for: Option<Mediated>,
    /// The mediator who records for this person, in this one act.
    pub(crate) through: Option<Box<Person>>,
}

impl Person {
    /// The person as the envelope of a record names them.
    pub(crate) fn actor(&self) -> Actor {
        if let Some(mediator) = &self.through {
            return mediator.actor();
        }
        Actor::Person(events::recorded::Person {
            account: self.account,
            organisation: self.organisation.clone(),
            role: self.role,
            channel: self.channel,
            assurance: self.assurance,
            on_behalf_of: self.mediates_for.map(|mediated| mediated.caller),
            called_back: self.mediates_for.is_some_and(|mediated| mediated.called_back),
            client: self.client.clone(),
            asserted: self.asserted.clone(),
        })
    }

    /// The person as the rules of visibility see them.
    pub(crate) fn viewer(&self) -> Viewer {
        if let Some(mediator) = &self.through {
            let caller = Person { through: None, ..self.clone() };
            return Viewer { mediated_for: Some(Box::new(caller.viewer())), ..mediator.viewer() };
        }
        Viewer {
            account: self.account,
            organisation: self.organisation.clone(),
            kind: self.kind,
            authority: self.authority.clone(),
            role: self.role,
            channel: self.channel,
            assurance: self.assurance,
            mediated_for: None,
            national: self.is_national(),
        }
    }

    /// Belongs to a body that no single authority accredits.
    pub(crate) fn is_national(&self) -> bool {
        self.authority.is_none()
    }
}

/// A client as it stands this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientIdentity {
    /// Whose, and what it may state.
    pub sender: Sender,
    /// How it names the acting user.
    pub acting_user: ActingUser,
    /// Whether its organisation may supply today.
    pub may_supply: Result<(), events::organisation::Refusal>,
}

impl Directory {
    /// A person by account, as they stand; `None` when unknown, closed, suspended or never activated.
    ///
    /// A date that merely ran out is judged with what is asked for (rules.md 5.1), not here; so is dormancy, which
    /// only the person's own sign-in ends.
    pub fn person(
        &self,
        account: AccountId,
        channel: Channel,
        assurance: Assurance,
        client: Option<ClientId>,
        step_up: StepUp,
    ) -> Option<Person> {
        let register = self.register();
        let held = register.account(account)?;
        let created = held.created.as_ref()?;
        if held.is_closed(england_day(self.clock().now())) || held.suspended.is_some() || !held.activated {
            return None;
        }
        let organisation = register.organisation(&created.organisation)?;
        if organisation.suspended.is_some() {
            return None;
        }
        let policy = register.policy();
        let (now, grace) = (self.clock().now(), policy.grace_hours);
        let own = match assurance {
            Assurance::OwnSignIn => held.standing(now, grace),
            Assurance::AssertedByCms => held.standing_unsigned(now, grace, policy.dormant_months),
        };
        Some(Person {
            standing: standing_of(own, organisation.may_use(now, grace, &policy.conditions)),
            account,
            name: created.name.clone(),
            organisation: created.organisation.clone(),
            kind: organisation.details.as_ref()?.kind,
            authority: register.authority_of(&created.organisation),
            runs_alone: policy.single_authority.as_ref() == Some(&created.organisation),
            role: created.role,
            channel,
            assurance,
            client,
            step_up,
            asserted: None,
            mediates_for: None,
            through: None,
        })
    }

    /// The name of an organisation, as the register has it: no secret, and no child's.
    pub fn name_of_organisation(&self, id: &OrganisationId) -> Option<String> {
        self.register().name_of(id)
    }

    /// Every local authority by its name: no secret either, and what a transfer is proposed to.
    pub fn local_authorities(&self) -> Vec<(OrganisationId, String)> {
        let register = self.register();
        let local = register.organisations().filter_map(|(id, held)| {
            let details = held.details.as_ref()?;
            let is_local = details.kind == OrganisationKind::LocalAuthority;
            is_local.then(|| (id.clone(), details.name.as_str().to_owned()))
        });
        let mut authorities: Vec<_> = local.collect();
        authorities.sort_unstable_by(|one, other| one.1.cmp(&other.1));
        authorities
    }

    /// The account that signs in with this name.
    pub fn account_of_username(&self, username: &str) -> Option<AccountId> {
        self.register().login(&keying::login(self.vault(), username))
    }

    /// Whether an account's credentials are those by which it was signed in at that time.
    pub fn credentials_stand_since(&self, account: AccountId, since: DateTime<Utc>) -> bool {
        let register = self.register();
        let set_at = register.account(account).and_then(|held| held.credentials_at);
        set_at.is_some_and(|set_at| set_at <= since)
    }

    /// A client by its id, as it stands; `None` when unknown or revoked.
    pub fn client(&self, id: &ClientId) -> Option<ClientIdentity> {
        let today = england_day(self.clock().now());
        let register = self.register();
        let (organisation, held, client) = register.client(id)?;
        Some(ClientIdentity {
            sender: Sender {
                organisation: organisation.clone(),
                kind: held.details.as_ref()?.kind,
                client: id.clone(),
                states_others: held.agreement.is_some_and(|agreement| agreement.states_others),
            },
            acting_user: client.acting_user,
            may_supply: held.may_supply(today, &register.policy().conditions),
        })
    }

    /// What a look by this person is judged by: the viewer, and the looker with their standing.
    ///
    /// # Errors
    /// Code and sentence, where the colleague named cannot be looked for.
    pub(crate) fn looking(
        &self,
        person: &Person,
        on_behalf_of: Option<&OnBehalf>,
        now: DateTime<Utc>,
    ) -> Result<(Viewer, Looker), (&'static str, String)> {
        let caller = match on_behalf_of {
            None => None,
            Some(colleague) => Some(self.caller(person, colleague, now)?),
        };
        let register = self.register();
        let (grace, dormant) = (register.policy().grace_hours, register.policy().dormant_months);
        let mut viewer = person.viewer();
        let mut looker = Looker {
            account: person.account,
            role: person.role,
            channel: person.channel,
            assurance: person.assurance,
            step_up: person.step_up,
            standing: register.account(person.account).map_or(
                Standing::None { because: events::account::Refusal::Unknown },
                |account| match person.assurance {
                    Assurance::OwnSignIn => account.standing(now, grace),
                    Assurance::AssertedByCms => account.standing_unsigned(now, grace, dormant),
                },
            ),
            organisation: organisation_standing(&register, &person.organisation, now),
            caller: None,
        };
        if let Some(colleague) = caller {
            viewer.channel = Channel::Mediated;
            looker.channel = Channel::Mediated;
            looker.caller = Some(Caller {
                account: colleague.account,
                role: colleague.role,
                standing: register
                    .account(colleague.account)
                    .map_or(Standing::None { because: events::account::Refusal::Unknown }, |account| {
                        account.standing_unsigned(now, grace, dormant)
                    }),
                organisation: organisation_standing(&register, &colleague.organisation, now),
            });
            viewer.mediated_for = Some(Box::new(colleague.viewer()));
        }
        Ok((viewer, looker))
    }
}

fn organisation_standing(
    register: &Register,
    id: &OrganisationId,
    now: DateTime<Utc>,
) -> Standing<events::organisation::Refusal> {
    let policy = register.policy();
    register
        .organisation(id)
        .map_or(Standing::None { because: events::organisation::Refusal::Unknown }, |organisation| {
            organisation.may_use(now, policy.grace_hours, &policy.conditions)
        })
}
