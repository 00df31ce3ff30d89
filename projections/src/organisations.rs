//! One row an organisation: what it is, whether it may act, its clients.
//!
//! Source: domain.md 5.1, 5.6; contract.md section 1 (organisations.csv).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use events::{
    organisation::{
        Agreement, Client, ConditionMet, Details, MonthReported, Organisation, Sharing, SuspensionGround,
    },
    policy::Participation,
    recorded::Recorded,
    refused::Code,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vocabulary::{ClientId, KeyId, OrganisationId, Stream, StreamKind};

use crate::{
    Posting, ReadModel, Writing, facts,
    state_row::{self, Kept, StateRow},
};

/// What is held of each organisation, by the id of its stream.
pub enum Organisations {}

/// Number of the index by the organisation's own id.
const BY_ID: u8 = 1;

/// Number of the index of an authority's organisations.
const BY_AUTHORITY: u8 = 2;

impl ReadModel for Organisations {
    const NAME: &'static str = "organisations.v3";
    const READS: &'static [StreamKind] = &[StreamKind::Organisation, StreamKind::Erasure];
    const WRITING: Writing = Writing::OfStream(StreamKind::Organisation);

    type Key = Uuid;
    type Row = StateRow<Organisation>;

    fn keys(recorded: &Recorded) -> Vec<Uuid> {
        let streams = facts::touched(recorded, StreamKind::Organisation);
        streams.into_iter().map(|stream| stream.id).collect()
    }

    fn evolve(
        row: Option<StateRow<Organisation>>,
        key: &Uuid,
        recorded: &Recorded,
    ) -> Option<StateRow<Organisation>> {
        let stream = Stream::new(StreamKind::Organisation, *key);
        state_row::evolve::<Organisation>(row, stream, recorded, facts::of_organisation)
    }

    fn sealed_under(row: &StateRow<Organisation>, _recorded: &Recorded) -> KeyId {
        row.key
    }

    fn postings(key: &Uuid, row: &StateRow<Organisation>) -> Vec<Posting> {
        let own = row.state.id.as_ref().map(|id| named(id).and(key));
        let authority = row.state.details.as_ref().and_then(|details| details.authority.as_ref());
        own.into_iter().chain(authority.map(|authority| of(authority).and(key))).collect()
    }
}

/// The beginning of the posting of the organisation with this id.
pub fn named(id: &OrganisationId) -> Posting {
    Posting::of(BY_ID).and(id)
}

/// The beginning of all postings of the organisations of an authority.
pub fn of(authority: &OrganisationId) -> Posting {
    Posting::of(BY_AUTHORITY).and(authority)
}

/// An organisation as rows keep it; the words are those of [`Organisation`].
#[derive(Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of Organisation")]
pub struct Shape {
    pub id: Option<OrganisationId>,
    pub details: Option<Details>,
    pub accredited_until: Option<NaiveDate>,
    #[serde(default)]
    pub accredited_for: Participation,
    #[serde(default)]
    pub conditions: BTreeMap<Code, ConditionMet>,
    pub agreement: Option<Agreement>,
    #[serde(default)]
    pub sharing: Option<Sharing>,
    pub suspended: Option<SuspensionGround>,
    #[serde(default)]
    pub registered_on: Option<NaiveDate>,
    #[serde(default)]
    pub month: Option<MonthReported>,
    pub clients: BTreeMap<ClientId, Client>,
}

impl Kept for Organisation {
    type Shape = Shape;

    fn shape(&self) -> Shape {
        let Organisation {
            id,
            details,
            accredited_until,
            accredited_for,
            conditions,
            agreement,
            sharing,
            suspended,
            registered_on,
            month,
            clients,
        } = self.clone();
        Shape {
            id,
            details,
            accredited_until,
            accredited_for,
            conditions,
            agreement,
            sharing,
            suspended,
            registered_on,
            month,
            clients,
        }
    }

    fn from_shape(kept: Shape) -> Organisation {
        let Shape {
            id,
            details,
            accredited_until,
            accredited_for,
            conditions,
            agreement,
            sharing,
            suspended,
            registered_on,
            month,
            clients,
        } = kept;
        Organisation {
            id,
            details,
            accredited_until,
            accredited_for,
            conditions,
            agreement,
            sharing,
            suspended,
            registered_on,
            month,
            clients,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::{of_organisation, organisation, stream},
        spec::{Given, erased, given, told},
    };
    use events::policy::Conditions;
    use serde_json::json;

    fn school() -> Given {
        let stream = stream(StreamKind::Organisation);
        given([
            told(
                stream,
                [of_organisation(
                    "organisation_registered",
                    &json!({"id": "urn:100000", "details": {"name": "Mill Lane Primary", "kind": "school",
                        "authority": "gss:E09000014"}}),
                )],
            ),
            told(
                stream,
                [
                    of_organisation(
                        "condition_met",
                        &json!({"condition": "data_quality", "met_on": "2026-01-01", "valid_until": "2026-12-31"}),
                    ),
                    of_organisation("organisation_accredited", &json!({"until": "2027-01-01"})),
                    of_organisation(
                        "sharing_agreement_signed",
                        &json!({"version": 2, "until": "2027-01-01"}),
                    ),
                    of_organisation(
                        "supply_agreement_signed",
                        &json!({"until": "2027-01-01", "states_others": false}),
                    ),
                    of_organisation(
                        "client_added",
                        &json!({"client": "client-1", "secret_hash": "x", "acting_user": "signed_assertion"}),
                    ),
                ],
            ),
        ])
    }

    #[test]
    fn an_organisation_is_one_row_found_by_its_id_and_its_authority() {
        let given = school();
        let key = stream(StreamKind::Organisation).id;
        let may_supply = |row: &StateRow<Organisation>| {
            row.state.may_supply("2026-06-01".parse().unwrap(), &Conditions::default())
        };
        assert!(may_supply(given.row::<Organisations>(&key).get()).is_ok());
        let postings = given.postings::<Organisations>();
        assert!(postings.contains(&named(&organisation("urn:100000")).and(&key)));
        assert!(postings.contains(&of(&organisation("gss:E09000014")).and(&key)));
    }

    #[test]
    fn a_row_survives_being_stored() {
        let found = school().row::<Organisations>(&stream(StreamKind::Organisation).id);
        let stored = serde_json::to_vec(found.get()).unwrap();
        assert_eq!(&serde_json::from_slice::<StateRow<Organisation>>(&stored).unwrap(), found.get());
    }

    #[test]
    fn a_forgotten_organisation_leaves_no_row() {
        let stream = stream(StreamKind::Organisation);
        given([erased(stream)]).row::<Organisations>(&stream.id).is_none();
    }
}
