//! The register: organisations, accounts, cases and the policy, as they stand this moment.
//!
//! Folded from the log on open and moved on at every append, never behind: a suspension bites on the next
//! request. Memory: about 1 KB a person or organisation.

mod act;
mod names;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, btree_map::Entry},
    sync::Arc,
};

use chrono::NaiveDate;
use events::{
    Fact,
    account::Account,
    case::Case,
    decider::{Decider, When},
    erasure::{self, nights::Nights, purge::Purge},
    organisation::Organisation,
    policy::{InForce, Policy},
    recorded::Recorded,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use vault::Vault;
use vocabulary::{
    AccountId, CaseId, ClientId, KeyId, KeyedRef, OrganisationId, OrganisationKind, PurgeId, Revision,
    Stream, StreamKind,
};

pub(crate) use act::{ActError, Acting, Kept};

use crate::keying;

/// A stream's state with what the next append to it needs.
#[derive(Debug, Clone)]
pub(crate) struct Held<S> {
    /// The state.
    pub(crate) state: Arc<S>,
    /// Where its stream stands.
    pub(crate) revision: Revision,
    /// The key that seals it; `None` before the first record.
    pub(crate) key: Option<KeyId>,
}

impl<S: Default> Default for Held<S> {
    fn default() -> Held<S> {
        Held { state: Arc::new(S::default()), revision: Revision::NONE, key: None }
    }
}

impl<S: Clone> Held<S> {
    fn evolve<D: Decider<State = S>>(&mut self, event: &D::Event, when: When) {
        D::evolve(Arc::make_mut(&mut self.state), event, when);
    }
}

/// Everyone who may act, and what they act by.
#[derive(Debug, Default)]
pub(crate) struct Register {
    organisations: BTreeMap<OrganisationId, Held<Organisation>>,
    by_stream: HashMap<Uuid, OrganisationId>,
    accounts: HashMap<AccountId, Held<Account>>,
    /// The accounts of each organisation, and the organisations of each authority, in the order of their ids.
    staff: BTreeMap<OrganisationId, BTreeSet<AccountId>>,
    within: BTreeMap<OrganisationId, BTreeSet<OrganisationId>>,
    logins: HashMap<KeyedRef, AccountId>,
    /// Whose account an identity at a provider is linked to.
    identities: HashMap<KeyedRef, AccountId>,
    clients: HashMap<ClientId, OrganisationId>,
    outcodes: HashMap<String, OrganisationId>,
    cases: HashMap<CaseId, Held<Case>>,
    references: HashMap<String, CaseId>,
    policy: Held<InForce>,
    /// Lists of records to be purged that wait for an approval or their time.
    purges: BTreeMap<PurgeId, Held<Purge>>,
    /// Keys that are ordered to be destroyed and not told to be, by the stream that they seal, with the day from which
    /// they may be: of a batch that is under way, or that was cut short.
    erasing: BTreeMap<Stream, BTreeMap<KeyId, NaiveDate>>,
    nights: Held<Nights>,
}

/// The one stream of the policy.
pub(crate) const POLICY_STREAM: Stream = Stream::new(StreamKind::Policy, Uuid::nil());

/// The one stream of counted nights and certificates.
pub(crate) const NIGHTS_STREAM: Stream = Stream::new(StreamKind::Erasure, Uuid::nil());

/// The stream of an organisation: its id hashed, since it may be longer than a stream's id.
pub(crate) fn organisation_stream(organisation: &OrganisationId) -> Stream {
    let digest: [u8; 32] = Sha256::digest(organisation.as_str().as_bytes()).into();
    let [id @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = digest;
    Stream::new(StreamKind::Organisation, Uuid::from_bytes(id))
}

impl Register {
    /// Remembers one record of a stream that the register keeps; others change nothing.
    pub(crate) fn remember(&mut self, vault: &Vault, recorded: &Recorded) {
        let when = recorded.when();
        for fact in recorded.facts() {
            match fact {
                Fact::Organisation(event) => {
                    if let events::organisation::Event::OrganisationRegistered { id, .. } = event {
                        self.by_stream.insert(recorded.stream.id, id.clone());
                    }
                    let Some(id) = self.by_stream.get(&recorded.stream.id).cloned() else { continue };
                    let held = self.organisations.entry(id.clone()).or_default();
                    held.evolve::<Organisation>(event, when);
                    moved(held, recorded);
                    self.organisation_moved(&id);
                }
                Fact::Account(event) => {
                    let id = AccountId::new(recorded.stream.id);
                    let held = self.accounts.entry(id).or_default();
                    let linked: Vec<KeyedRef> = held.state.identities.keys().copied().collect();
                    held.evolve::<Account>(event, when);
                    let links = &held.state.identities;
                    for ended in linked.iter().filter(|ended| !links.contains_key(ended)) {
                        if self.identities.get(ended) == Some(&id) {
                            self.identities.remove(ended);
                        }
                    }
                    // Only what is new: an account that was closed keeps what another has taken over.
                    let new = links.keys().filter(|identity| !linked.contains(identity));
                    self.identities.extend(new.map(|identity| (*identity, id)));
                    moved(held, recorded);
                    if let Some(created) = &held.state.created {
                        self.logins.insert(keying::login(vault, created.username.as_str()), id);
                        self.staff.entry(created.organisation.clone()).or_default().insert(id);
                    }
                }
                Fact::Case(event) => {
                    let id = CaseId::new(recorded.stream.id);
                    let held = self.cases.entry(id).or_default();
                    held.evolve::<Case>(event, when);
                    moved(held, recorded);
                    if let Some(opened) = &held.state.opened {
                        self.references.insert(opened.reference.as_str().to_owned(), id);
                    }
                }
                Fact::Policy(event) => {
                    self.policy.evolve::<InForce>(event, when);
                    moved(&mut self.policy, recorded);
                }
                Fact::Erasure(event) => self.erasure_told(event, recorded),
                Fact::Child(_)
                | Fact::Access(_)
                | Fact::Search(_)
                | Fact::Intake(_)
                | Fact::Brokering(_)
                | Fact::Rights(_) => {}
            }
        }
    }

    /// Remembers lists that are open, orders that are, and nights; which keys are destroyed is the vault's to know.
    fn erasure_told(&mut self, event: &erasure::Event, recorded: &Recorded) {
        match event {
            erasure::Event::PurgeProposed { .. }
            | erasure::Event::PurgeApproved { .. }
            | erasure::Event::PurgeCancelled { .. }
            | erasure::Event::PurgeFinished { .. } => {
                let id = PurgeId::new(recorded.stream.id);
                let held = self.purges.entry(id).or_default();
                held.evolve::<Purge>(event, recorded.when());
                moved(held, recorded);
                if held.state.over {
                    self.purges.remove(&id);
                }
            }
            erasure::Event::NightCounted { .. } | erasure::Event::ErasureCertified(_) => {
                self.nights.evolve::<Nights>(event, recorded.when());
                moved(&mut self.nights, recorded);
            }
            erasure::Event::ErasureOrdered { stream, keys, due_on, .. } => {
                let ordered = self.erasing.entry(*stream).or_default();
                ordered.extend(keys.iter().map(|key| (*key, *due_on)));
            }
            erasure::Event::KeysDestroyed { stream, keys } => {
                if let Entry::Occupied(mut ordered) = self.erasing.entry(*stream) {
                    ordered.get_mut().retain(|key, _| !keys.contains(key));
                    if ordered.get().is_empty() {
                        ordered.remove();
                    }
                }
            }
        }
    }

    fn organisation_moved(&mut self, id: &OrganisationId) {
        let Some(held) = self.organisations.get(id) else { return };
        for (client, known) in &held.state.clients {
            if known.revoked {
                self.clients.remove(client);
            } else {
                self.clients.insert(client.clone(), id.clone());
            }
        }
        if let Some(details) = &held.state.details {
            let itself = details.kind == OrganisationKind::LocalAuthority;
            let above = if itself { Some(id) } else { details.authority.as_ref() };
            if !above.and_then(|own| self.within.get(own)).is_some_and(|own| own.contains(id)) {
                self.within.values_mut().for_each(|others| {
                    others.remove(id);
                });
                if let Some(own) = above {
                    self.within.entry(own.clone()).or_default().insert(id.clone());
                }
            }
            self.outcodes.retain(|_, authority| authority != id);
            for outcode in &details.outcodes {
                self.outcodes.insert(outcode.clone(), id.clone());
            }
        }
    }

    /// One organisation, if it is registered.
    pub(crate) fn organisation(&self, id: &OrganisationId) -> Option<&Organisation> {
        self.organisations.get(id).map(|held| held.state.as_ref())
    }

    /// Every organisation, in the order of its id.
    pub(crate) fn organisations(&self) -> impl Iterator<Item = (&OrganisationId, &Organisation)> {
        self.organisations.iter().map(|(id, held)| (id, held.state.as_ref()))
    }

    /// Tells whether an organisation is registered.
    pub(crate) fn knows(&self, id: &OrganisationId) -> bool {
        self.organisations.contains_key(id)
    }

    /// The organisation that a client belongs to, with the client, if it may connect.
    pub(crate) fn client(
        &self,
        client: &ClientId,
    ) -> Option<(&OrganisationId, &Organisation, &events::organisation::Client)> {
        let id = self.clients.get(client)?;
        let organisation = self.organisation(id)?;
        Some((id, organisation, organisation.clients.get(client)?))
    }

    /// One account.
    pub(crate) fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(&id).map(|held| held.state.as_ref())
    }

    /// Every account. In no order: for counting and for lists that are sorted afterwards.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = (AccountId, &Account)> {
        self.accounts.iter().map(|(id, held)| (*id, held.state.as_ref()))
    }

    /// The accounts of an organisation, in the order of their ids.
    pub(crate) fn staff(&self, id: &OrganisationId) -> impl Iterator<Item = (AccountId, &Account)> {
        self.staff
            .get(id)
            .into_iter()
            .flatten()
            .filter_map(|account| Some((*account, self.account(*account)?)))
    }

    /// The organisations of an authority, itself included, in the order of their ids.
    pub(crate) fn within(&self, authority: &OrganisationId) -> impl Iterator<Item = &OrganisationId> {
        self.within.get(authority).into_iter().flatten()
    }

    /// The account that signs in with this name.
    pub(crate) fn login(&self, login: &KeyedRef) -> Option<AccountId> {
        self.logins.get(login).copied()
    }

    /// The account that an identity at a provider is linked to.
    pub(crate) fn account_of_identity(&self, identity: KeyedRef) -> Option<(AccountId, &Account)> {
        let id = *self.identities.get(&identity)?;
        self.account(id).map(|held| (id, held))
    }

    /// The authority whose outcodes list this one; where there is but one, that.
    pub(crate) fn authority_of_outcode(&self, outcode: &str) -> Option<OrganisationId> {
        self.policy().single_authority.clone().or_else(|| self.outcodes.get(outcode).cloned())
    }

    /// The authority that an organisation belongs to, itself if it is one.
    pub(crate) fn authority_of(&self, id: &OrganisationId) -> Option<OrganisationId> {
        let details = self.organisation(id)?.details.as_ref()?;
        if details.kind == OrganisationKind::LocalAuthority {
            return Some(id.clone());
        }
        details.authority.clone()
    }

    /// One case.
    pub(crate) fn case(&self, id: CaseId) -> Option<&Case> {
        self.cases.get(&id).map(|held| held.state.as_ref())
    }

    /// The case of a reference.
    pub(crate) fn case_of_reference(&self, reference: &str) -> Option<CaseId> {
        self.references.get(reference).copied()
    }

    /// Every case with its id, in no order.
    pub(crate) fn cases_by_id(&self) -> impl Iterator<Item = (CaseId, &Case)> {
        self.cases.iter().map(|(id, held)| (*id, held.state.as_ref()))
    }

    /// Every case.
    pub(crate) fn cases(&self) -> impl Iterator<Item = &Case> {
        self.cases.values().map(|held| held.state.as_ref())
    }

    /// The lists of records to be purged that wait, in the order of their ids.
    pub(crate) fn purges(&self) -> impl Iterator<Item = (PurgeId, &Arc<Purge>)> {
        self.purges.iter().map(|(id, held)| (*id, &held.state))
    }

    /// One of them.
    pub(crate) fn purge(&self, id: PurgeId) -> Option<&Arc<Purge>> {
        self.purges.get(&id).map(|held| &held.state)
    }

    /// Keys that are ordered to be destroyed by today and not told to be, by the stream that they seal.
    pub(crate) fn erasing(&self, today: NaiveDate) -> Vec<(Stream, Vec<KeyId>)> {
        let due = |keys: &BTreeMap<KeyId, NaiveDate>| {
            keys.iter().filter(|(_, day)| **day <= today).map(|(key, _)| *key).collect()
        };
        let streams = self.erasing.iter().map(|(stream, keys)| (*stream, due(keys)));
        streams.filter(|(_, keys): &(_, Vec<KeyId>)| !keys.is_empty()).collect()
    }

    /// The nights that were counted, and what is certified.
    pub(crate) fn nights(&self) -> &Nights {
        &self.nights.state
    }

    /// The settings in force.
    pub(crate) fn policy(&self) -> &Policy {
        &self.policy.state.settings
    }

    /// The settings in force with their version, to be kept while something is judged.
    pub(crate) fn in_force(&self) -> Arc<InForce> {
        Arc::clone(&self.policy.state)
    }
}

fn moved<S>(held: &mut Held<S>, recorded: &Recorded) {
    held.revision = recorded.revision;
    held.key = held.key.or(Some(recorded.key));
}
