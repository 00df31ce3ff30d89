//! Identity providers: a person's own sign-in at their employer's, or at a national one, taken for a sign-in here.
//!
//! Who somebody is there is linked to their account by themself, and found by issuer and subject alone, as a keyed
//! hash: never by a name or an address. What the provider said comes in from the door; no socket here. Source:
//! `OpenID` Connect Core 1.0; RFC 7636 (PKCE); RFC 9700; rules.md 5.2; ADR-0044.

mod beginnings;
mod keys;

use std::{collections::BTreeSet, fmt};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use events::{
    account::{self, Account, HeldIdentity, IdentityAct, LinkedIdentity, SignInFault},
    id_token::{Expected, Fault, Strength, Strong},
    looker::StepUp,
    recorded::Actor,
};
use sha2::{Digest, Sha256};
use vocabulary::{AccountId, KeyedRef, OrganisationId, ProviderName, england_day};

pub(crate) use beginnings::Beginnings;
use beginnings::{Drawn, Held, Purpose, SECRET_BYTES};
pub use keys::ProviderKeys;

use crate::{
    Directory, Person,
    admin::{Acted, AdminError},
    keying,
    register::{ActError, Acting, Register},
    sign_in::{SignInError, SignedIn, Source, machine},
};

/// An identity provider, and what it is believed about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// What the operator calls it.
    pub name: ProviderName,
    /// How it names itself, letter by letter.
    pub issuer: String,
    /// How it knows this directory.
    pub client_id: String,
    /// What it says of a sign-in that is strong enough.
    pub strong: Strong,
    /// The organisations for whose accounts it may vouch.
    pub organisations: BTreeSet<OrganisationId>,
    /// The authorities for whose own accounts, and those of every organisation within them, it may vouch.
    pub authorities: BTreeSet<OrganisationId>,
}

impl Provider {
    /// Tells whether it may vouch for people of this organisation: it was named for it, or for its authority.
    fn vouches_for(&self, register: &Register, organisation: &OrganisationId) -> bool {
        self.organisations.contains(organisation)
            || register.authority_of(organisation).is_some_and(|above| self.authorities.contains(&above))
    }
}

/// What a browser takes along to a provider, and what whoever sent it keeps. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Begun {
    /// What comes back with the code; good once.
    pub state: String,
    /// What the ID token repeats.
    pub nonce: String,
    /// The SHA-256 of what the code is fetched with (PKCE, `S256`).
    pub code_challenge: String,
    /// What the browser that began keeps and sends back: a state alone, seen on the way, opens nothing.
    pub binding: String,
    /// Until when it may come back.
    pub expires_at: DateTime<Utc>,
}

impl fmt::Debug for Begun {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Begun(..)")
    }
}

/// A browser that came back from the provider that it was sent to. Made only of a state that was open.
pub struct Returned(Held);

impl Returned {
    /// The provider it was sent to.
    pub fn provider(&self) -> &ProviderName {
        &self.0.provider
    }

    /// What the code is fetched with.
    pub fn code_verifier(&self) -> String {
        written(&self.0.drawn.verifier)
    }
}

impl fmt::Debug for Returned {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Returned(..)")
    }
}

/// Who a provider says that somebody is. Made only of an ID token that was believed.
pub struct Vouched {
    identity: KeyedRef,
    strength: Strength,
}

impl Vouched {
    /// As whom, by issuer and subject as a keyed hash.
    pub fn identity(&self) -> KeyedRef {
        self.identity
    }

    /// How strongly the person signed in there.
    pub fn strength(&self) -> Strength {
        self.strength
    }
}

impl fmt::Debug for Vouched {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Vouched(..)")
    }
}

/// Why nobody was signed in though the provider is believed.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Not as strongly as is asked of the provider; said alike whether or not an account is linked.
    #[error("the sign-in at the provider was not as strong as is asked of it")]
    Weak,
    /// No account that may sign in is linked, always the same answer; or a machine failed.
    #[error(transparent)]
    SignIn(#[from] SignInError),
}

impl Directory {
    /// Begins a sign-in at a provider.
    pub fn begin_at_provider(&self, provider: &Provider) -> Begun {
        self.begun(provider, Purpose::SignIn)
    }

    /// Begins the linking of who a person is at a provider; they are signed in and have just stepped up.
    ///
    /// # Errors
    /// `Refused`: not without the PIN, or the provider does not vouch for people of their organisation.
    pub fn begin_linking(&self, person: &Person, provider: &Provider) -> Result<Begun, AdminError> {
        if person.step_up != StepUp::Fresh {
            let detail = "an identity is linked after the PIN was given again".to_owned();
            return Err(AdminError::Refused { code: "step_up_missing", detail });
        }
        vouching(provider, &self.register(), person)?;
        Ok(self.begun(provider, Purpose::Linking(person.account)))
    }

    /// Takes a state, whatever comes of it: with the binding of whoever began, and for what it was begun.
    ///
    /// `person` links; without one, somebody signs in.
    pub fn returned(&self, state: &str, binding: &str, person: Option<&Person>) -> Option<Returned> {
        let state = URL_SAFE_NO_PAD.decode(state).ok()?;
        let binding = URL_SAFE_NO_PAD.decode(binding).ok()?;
        let held = self.beginnings().take(&state, &binding, self.clock().now())?;
        let purpose = person.map_or(Purpose::SignIn, |person| Purpose::Linking(person.account));
        (held.purpose == purpose).then_some(Returned(held))
    }

    /// Judges an ID token by the provider's keys: the signature first, then every claim.
    ///
    /// # Errors
    /// The first fault. `Key` alone may mean that the keys are older than the token.
    pub fn believe(
        &self,
        provider: &Provider,
        returned: &Returned,
        id_token: &str,
        keys: &ProviderKeys,
    ) -> Result<Vouched, Fault> {
        if returned.0.provider != provider.name {
            return Err(Fault::Issuer);
        }
        let claims = keys.claims(id_token)?;
        let nonce = written(&returned.0.drawn.nonce);
        let expected = Expected {
            issuer: &provider.issuer,
            client_id: &provider.client_id,
            nonce: &nonce,
            asked_at: returned.0.begun_at,
            strong: &provider.strong,
        };
        let strength = claims.judge(&expected, self.clock().now())?;
        Ok(Vouched { identity: keying::identity(self.vault(), &claims.iss, &claims.sub), strength })
    }

    /// Signs in whoever is linked to what a provider vouches for. Blocks for the disk. Nothing here can be guessed,
    /// so that refusals keep nobody waiting; of many only the first few of a minute are recorded.
    ///
    /// # Errors
    /// `Weak`. `SignIn`: nobody linked, not vouched for, or not in good standing, one answer; or a machine.
    pub fn sign_in_by_identity(
        &self,
        provider: &Provider,
        vouched: &Vouched,
    ) -> Result<SignedIn, IdentityError> {
        let identity = vouched.identity;
        let found = {
            let register = self.register();
            register.account_of_identity(identity).and_then(|(id, held)| {
                let created = held.created.clone()?;
                let theirs = provider.vouches_for(&register, &created.organisation);
                Some((id, created, theirs, register.policy().grace_hours))
            })
        };
        let Some((id, created, theirs, grace_hours)) = found else {
            return Err(match vouched.strength {
                Strength::Weak => IdentityError::Weak,
                Strength::Strong => SignInError::Refused.into(),
            });
        };
        if vouched.strength == Strength::Weak {
            return Err(match self.refused_identity(id, SignInFault::IdentityWeak) {
                machine @ SignInError::Machine(_) => machine.into(),
                SignInError::Refused | SignInError::Wait { .. } => IdentityError::Weak,
            });
        }
        if !theirs {
            return Err(self.refused_identity(id, SignInFault::NotInGoodStanding).into());
        }
        let asked = account::Command::Identity(IdentityAct::SignIn { identity, grace_hours });
        let acting = Acting { by: Actor::System, now: self.clock().now() };
        match self.act::<Account>(&acting, &id, &asked) {
            Ok(Some((_, ticket))) => {
                ticket.wait().map_err(machine)?;
                self.tries().right(id, Source::Identity);
                let (role, organisation) = (created.role, created.organisation);
                Ok(SignedIn { account: id, role, organisation, device: self.device(id) })
            }
            Ok(None) => Err(SignInError::Refused.into()),
            Err(ActError::Refused(_)) => {
                Err(self.refused_identity(id, SignInFault::NotInGoodStanding).into())
            }
            Err(other) => Err(machine(other).into()),
        }
    }

    /// Links who a person is at a provider to their account.
    ///
    /// # Errors
    /// `Refused`: too weak a sign-in there, another's identity, one too many, or not vouched for.
    pub fn link_identity(
        &self,
        person: &Person,
        provider: &Provider,
        vouched: &Vouched,
    ) -> Result<Acted, AdminError> {
        if vouched.strength == Strength::Weak {
            let detail = IdentityError::Weak.to_string();
            return Err(AdminError::Refused { code: "identity_weak", detail });
        }
        let linked = LinkedIdentity { identity: vouched.identity, provider: provider.name.clone() };
        let today = england_day(self.clock().now());
        let command = account::Command::Identity(IdentityAct::Link(linked));
        self.act_on_own_account_if(person, &command, |register| {
            vouching(provider, register, person)?;
            let other = register.account_of_identity(vouched.identity);
            // Whoever left and came back has another account, which takes the identity over.
            if other.is_some_and(|(id, held)| id != person.account && !held.is_closed(today)) {
                let refusal = account::Refusal::IdentityKnown;
                return Err(AdminError::Refused { code: refusal.code(), detail: refusal.to_string() });
            }
            Ok(())
        })
    }

    /// Removes one of a person's own linked identities, and with it the sessions that it began.
    ///
    /// # Errors
    /// `Unknown`: they have no such identity.
    pub fn unlink_identity(&self, person: &Person, identity: KeyedRef) -> Result<Acted, AdminError> {
        if !self.identities_of(person.account).iter().any(|(known, _)| *known == identity) {
            return Err(AdminError::Unknown);
        }
        let command = account::Command::Identity(IdentityAct::Unlink { identity });
        self.act_on_own_account(person, &command)
    }

    /// The linked identities of an account.
    pub fn identities_of(&self, account: AccountId) -> Vec<(KeyedRef, HeldIdentity)> {
        let register = self.register();
        let held = register.account(account).map(|held| &held.identities);
        held.into_iter().flatten().map(|(identity, held)| (*identity, held.clone())).collect()
    }

    /// Whether a linked identity is the one by which an account was signed in at that time.
    pub fn identity_stands_since(
        &self,
        account: AccountId,
        identity: KeyedRef,
        since: DateTime<Utc>,
    ) -> bool {
        let register = self.register();
        let held = register.account(account).and_then(|held| held.identities.get(&identity));
        held.is_some_and(|held| held.linked_at <= since)
    }

    /// Remembers a sign-in by a provider that was refused, unless many were lately.
    fn refused_identity(&self, id: AccountId, fault: SignInFault) -> SignInError {
        let now = self.clock().now();
        if self.tries().wait(id, Source::Identity, now).is_some() {
            return SignInError::Refused;
        }
        self.wrong(id, Source::Identity, fault, now)
    }

    fn begun(&self, provider: &Provider, purpose: Purpose) -> Begun {
        let draw = || {
            let mut secret = [0; SECRET_BYTES];
            let filled = self.vault().fill(&mut secret);
            assert!(filled.is_ok(), "the operating system gives no randomness: no state can be drawn safely");
            secret
        };
        let (state, drawn) = (draw(), Drawn { nonce: draw(), verifier: draw(), binding: draw() });
        let (nonce, binding) = (written(&drawn.nonce), written(&drawn.binding));
        let code_challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(written(&drawn.verifier).as_bytes()));
        let begun_at = self.clock().now();
        let held = Held { provider: provider.name.clone(), purpose, drawn, begun_at };
        let expires_at = self.beginnings().open(state, held);
        Begun { state: written(&state), nonce, code_challenge, binding, expires_at }
    }
}

fn vouching(provider: &Provider, register: &Register, person: &Person) -> Result<(), AdminError> {
    if provider.vouches_for(register, &person.organisation) {
        return Ok(());
    }
    let detail = "this provider is not named for people of this organisation".to_owned();
    Err(AdminError::Refused { code: "provider_not_for_organisation", detail })
}

fn written(secret: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(secret)
}
