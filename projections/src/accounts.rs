//! One row an account: who it is, the gates passed, whether it may act.
//!
//! Source: domain.md 5.2; rules.md 5.1.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use events::{
    account::{Account, Created, Credentials, Gate, GateHeld, SuspensionGround},
    recorded::Recorded,
};
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, KeyId, OrganisationId, StreamKind};

use crate::{
    Posting, ReadModel, facts,
    state_row::{self, Kept, StateRow},
};

/// What is held of each account, by [`AccountId`].
pub enum Accounts {}

/// Number of the index of an organisation's accounts.
const BY_ORGANISATION: u8 = 1;

impl ReadModel for Accounts {
    const NAME: &'static str = "accounts.v1";
    const READS: &'static [StreamKind] = &[StreamKind::Account, StreamKind::Erasure];

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
    pub closed: bool,
    pub signed_in_at: Option<DateTime<Utc>>,
    pub code_step: Option<u64>,
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
            closed,
            signed_in_at,
            code_step,
        } = self.clone();
        let gates = gates.into_iter().map(|(gate, held)| (gate, (held.by, held.valid_until))).collect();
        Shape {
            created,
            created_at,
            gates,
            credentials,
            activated,
            suspended,
            closed,
            signed_in_at,
            code_step,
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
            closed: shape.closed,
            signed_in_at: shape.signed_in_at,
            code_step: shape.code_step,
        }
    }
}
