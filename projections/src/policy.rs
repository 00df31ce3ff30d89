//! One row: the settings in force.
//!
//! Source: rules.md (every †); domain.md I-25.

use events::{
    policy::{InForce, Policy, Proposal, Published, PublishedNotice},
    recorded::Recorded,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vocabulary::{KeyId, Stream, StreamKind};

use crate::{
    ReadModel, Writing, facts,
    state_row::{self, Kept, StateRow},
};

/// The policy in force, by the id of its one stream.
pub enum PolicyInForce {}

impl ReadModel for PolicyInForce {
    const NAME: &'static str = "policy.v1";
    const READS: &'static [StreamKind] = &[StreamKind::Policy, StreamKind::Erasure];
    const WRITING: Writing = Writing::OfStream(StreamKind::Policy);

    type Key = Uuid;
    type Row = StateRow<InForce>;

    fn keys(recorded: &Recorded) -> Vec<Uuid> {
        facts::touched(recorded, StreamKind::Policy).into_iter().map(|stream| stream.id).collect()
    }

    fn evolve(row: Option<StateRow<InForce>>, key: &Uuid, recorded: &Recorded) -> Option<StateRow<InForce>> {
        let stream = Stream::new(StreamKind::Policy, *key);
        state_row::evolve::<InForce>(row, stream, recorded, facts::of_policy)
    }

    fn sealed_under(row: &StateRow<InForce>, _recorded: &Recorded) -> KeyId {
        row.key
    }
}

/// The policy in force as rows keep it; the words are those of [`InForce`].
#[derive(Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of InForce")]
pub struct Shape {
    pub version: u64,
    pub settings: Policy,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Published>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Proposal>,
    #[serde(default)]
    pub proposals: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<PublishedNotice>,
}

impl Kept for InForce {
    type Shape = Shape;

    fn shape(&self) -> Shape {
        let InForce { version, settings, model, proposed, proposals, notices } = self.clone();
        Shape { version, settings, model, proposed, proposals, notices }
    }

    fn from_shape(shape: Shape) -> InForce {
        let Shape { version, settings, model, proposed, proposals, notices } = shape;
        InForce { version, settings, model, proposed, proposals, notices }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::{of_policy, stream},
        spec::{given, told},
    };
    use serde_json::json;

    #[test]
    fn the_newest_version_is_in_force_and_survives_being_stored() {
        let stream = stream(StreamKind::Policy);
        let signed = [Uuid::from_u128(1), Uuid::from_u128(2)];
        let change = |version: u64, days: i64| {
            let settings = json!({"ended_visible_days": days});
            told(stream, [of_policy(&json!({"settings": settings, "signed_by": signed, "version": version}))])
        };
        let found = given([change(1, 100), change(2, 200)]).row::<PolicyInForce>(&stream.id);
        assert_eq!((found.get().state.version, found.get().state.settings.ended_visible_days), (2, 200));
        let stored = serde_json::to_vec(found.get()).unwrap();
        assert_eq!(&serde_json::from_slice::<StateRow<InForce>>(&stored).unwrap(), found.get());
    }
}
