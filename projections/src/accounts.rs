//! One row an account: who it is, the gates passed, whether it may act.
//!
//! Source: domain.md 5.2; rules.md 5.1.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use events::{
    account::{
        Account, CeilingsReached, Created, Credentials, Enrolment, Gate, GateHeld, HeldIdentity, HeldPasskey,
        Home, Passkey, Related, SuspensionGround,
    },
    recorded::Recorded,
    secret::Secret,
};
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, KeyId, KeyedRef, OrganisationId, ProviderName, StreamKind};

use crate::{
    Posting, ReadModel, Writing, facts,
    state_row::{self, Kept, StateRow},
};

/// What is held of each account, by [`AccountId`].
pub enum Accounts {}

/// Number of the index of an organisation's accounts.
const BY_ORGANISATION: u8 = 1;

impl ReadModel for Accounts {
    const NAME: &'static str = "accounts.v1";
    const READS: &'static [StreamKind] = &[StreamKind::Account, StreamKind::Erasure];
    const WRITING: Writing = Writing::OfStream(StreamKind::Account);

    type Key = AccountId;
    type Row = StateRow<Account>;

    fn keys(recorded: &Recorded) -> Vec<AccountId> {
        facts::touched(recorded, StreamKind::Account)
            .into_iter()
            .map(|stream| AccountId::new(stream.id))
            .collect()
    }

    fn evolve(
        row: Option<StateRow<Account>>,
        account: &AccountId,
        recorded: &Recorded,
    ) -> Option<StateRow<Account>> {
        state_row::evolve::<Account>(row, account.stream(), recorded, facts::of_account)
    }

    fn sealed_under(row: &StateRow<Account>, _recorded: &Recorded) -> KeyId {
        row.key
    }

    fn postings(account: &AccountId, row: &StateRow<Account>) -> Vec<Posting> {
        let created = row.state.created.as_ref();
        created.map(|created| of(&created.organisation).and(account)).into_iter().collect()
    }
}

/// The beginning of all postings of an organisation's accounts.
pub fn of(organisation: &OrganisationId) -> Posting {
    Posting::of(BY_ORGANISATION).and(organisation)
}

/// An account as rows keep it; the words are those of [`Account`].
#[derive(Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of Account")]
pub struct Shape {
    pub created: Option<Created>,
    pub created_at: Option<DateTime<Utc>>,
    /// Who recorded each gate, and the last day it holds.
    pub gates: BTreeMap<Gate, (Option<AccountId>, Option<NaiveDate>)>,
    pub credentials: Option<Credentials>,
    pub activated: bool,
    pub suspended: Option<SuspensionGround>,
    #[serde(default)]
    pub leaves_on: Option<NaiveDate>,
    pub closed: bool,
    /// The open enrolment code, hashed, and until when it may be used.
    #[serde(default)]
    pub enrolment: Option<(Secret, DateTime<Utc>)>,
    #[serde(default)]
    pub credentials_at: Option<DateTime<Utc>>,
    pub signed_in_at: Option<DateTime<Utc>>,
    #[serde(default)]
    pub slept: Option<(DateTime<Utc>, DateTime<Utc>)>,
    pub code_step: Option<u64>,
    /// Each with the time at which it was registered.
    #[serde(default)]
    pub passkeys: Vec<(Passkey, DateTime<Utc>)>,
    /// Each with its provider and the time at which it was linked.
    #[serde(default)]
    pub identities: Vec<(KeyedRef, ProviderName, DateTime<Utc>)>,
    #[serde(default)]
    pub ceilings: CeilingsReached,
    #[serde(default)]
    pub related: Related,
    #[serde(default)]
    pub home: Option<(Home, DateTime<Utc>)>,
}

impl Kept for Account {
    type Shape = Shape;

    fn shape(&self) -> Shape {
        let Account {
            created,
            created_at,
            gates,
            credentials,
            activated,
            suspended,
            leaves_on,
            closed,
            enrolment,
            credentials_at,
            signed_in_at,
            slept,
            code_step,
            passkeys,
            identities,
            ceilings,
            related,
            home,
        } = self.clone();
        let identities = identities.into_iter().map(|(id, held)| (id, held.provider, held.linked_at));
        let passkeys = passkeys.into_values().map(|held| (held.key, held.registered_at)).collect();
        let enrolment = enrolment.map(|open| (open.code_hash, open.expires_at));
        let gates = gates.into_iter().map(|(gate, held)| (gate, (held.by, held.valid_until))).collect();
        Shape {
            created,
            created_at,
            gates,
            credentials,
            activated,
            suspended,
            leaves_on,
            closed,
            enrolment,
            credentials_at,
            signed_in_at,
            slept,
            code_step,
            passkeys,
            identities: identities.collect(),
            ceilings,
            related,
            home,
        }
    }

    fn from_shape(shape: Shape) -> Account {
        let held = |(by, valid_until)| GateHeld { by, valid_until };
        Account {
            created: shape.created,
            created_at: shape.created_at,
            gates: shape.gates.into_iter().map(|(gate, shape)| (gate, held(shape))).collect(),
            credentials: shape.credentials,
            activated: shape.activated,
            suspended: shape.suspended,
            leaves_on: shape.leaves_on,
            closed: shape.closed,
            enrolment: shape.enrolment.map(|(code_hash, expires_at)| Enrolment { code_hash, expires_at }),
            credentials_at: shape.credentials_at,
            signed_in_at: shape.signed_in_at,
            slept: shape.slept,
            code_step: shape.code_step,
            passkeys: shape
                .passkeys
                .into_iter()
                .map(|(key, registered_at)| (key.passkey.clone(), HeldPasskey { key, registered_at }))
                .collect(),
            identities: shape
                .identities
                .into_iter()
                .map(|(id, provider, linked_at)| (id, HeldIdentity { provider, linked_at }))
                .collect(),
            ceilings: shape.ceilings,
            related: shape.related,
            home: shape.home,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::{account, destroyed, nurse, organisation, stream},
        spec::{Given, KEY, erased, given, told},
    };
    use serde_json::json;
    use uuid::Uuid;

    fn nurse_with_everything() -> Given {
        let by = Uuid::from_u128(1);
        given([
            told(
                nurse().stream(),
                [account(
                    "account_created",
                    &json!({"account": nurse(), "username": "invented.nurse", "name": "Nora Nurse",
                        "organisation": "org:a", "role": "practitioner"}),
                )],
            ),
            told(
                nurse().stream(),
                [
                    account(
                        "gate_recorded",
                        &json!({"gate": "training", "by": by, "valid_until": "2027-01-01"}),
                    ),
                    account(
                        "credentials_set",
                        &json!({"password_hash": "a", "totp_secret": "b", "pin_hash": "c"}),
                    ),
                    account("account_activated", &json!({"by": by})),
                    account("account_suspended", &json!({"ground": "absent"})),
                    account(
                        "ceiling_reached",
                        &json!({"counted": "fruitless", "within": "hour", "limit": 60}),
                    ),
                    account("signed_in", &json!({"code_step": 7})),
                    account("leaving_recorded", &json!({"on": "2027-03-31"})),
                    account(
                        "enrolment_issued",
                        &json!({"code_hash": "d", "expires_at": "2026-12-01T12:00:00Z", "by": by}),
                    ),
                    account(
                        "passkey_registered",
                        &json!({"passkey": "aW52ZW50ZWQtcGFzc2tleS0x", "algorithm": "EdDSA",
                            "public_key": "MCowBQYDK2VwAyEA", "sign_count": 3}),
                    ),
                    account(
                        "identity_linked",
                        &json!({"identity": "0000000000000000000000000000004d", "provider": "haringey"}),
                    ),
                ],
            ),
        ])
    }

    #[test]
    fn an_account_is_one_row_found_by_its_organisation() {
        let given = nurse_with_everything();
        let found = given.row::<Accounts>(&nurse());
        assert_eq!((found.get().revision.0, found.get().position.0), (2, 2));
        assert!(found.get().state.activated && found.get().state.suspended.is_some());
        assert!(given.postings::<Accounts>().contains(&of(&organisation("org:a")).and(&nurse())));
    }

    #[test]
    fn a_row_survives_being_stored() {
        let given = nurse_with_everything();
        let found = given.row::<Accounts>(&nurse());
        let stored = serde_json::to_vec(found.get()).unwrap();
        assert_eq!(&serde_json::from_slice::<StateRow<Account>>(&stored).unwrap(), found.get());
    }

    #[test]
    fn an_account_goes_with_the_key_of_its_beginning() {
        given([erased(nurse().stream())]).row::<Accounts>(&nurse()).is_none();
        let erasure = stream(StreamKind::Erasure);
        let created = json!({"account": nurse(), "username": "invented.nurse", "name": "Nora Nurse",
            "organisation": "org:a", "role": "practitioner"});
        given([
            told(nurse().stream(), [account("account_created", &created)]),
            told(erasure, [destroyed(nurse().stream(), &[KEY])]),
        ])
        .row::<Accounts>(&nurse())
        .is_none();
    }
}
