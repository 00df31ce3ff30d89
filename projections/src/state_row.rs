//! A row that is the state of one whole stream, folded by its decider.
//!
//! One fold serves decisions and rows, so that they cannot disagree (ADR-0014).

use events::{
    Fact,
    decider::Decider,
    recorded::{Payload, Recorded},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use vocabulary::{KeyId, Position, Revision, Stream};

use crate::facts;

/// A state that rows keep, and the shape that they keep it in.
///
/// The shape belongs to the model's version: a state may change with its rules, what is stored only with a new
/// version of the model.
pub trait Kept: Decider<State = Self> + Default + Clone {
    /// As it is stored.
    type Shape: Serialize + DeserializeOwned;

    /// Takes the shape of a state.
    fn shape(&self) -> Self::Shape;

    /// Gives back the state that had this shape.
    fn from_shape(shape: Self::Shape) -> Self;
}

/// The state of one stream as of one position of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "S: Kept")]
pub struct StateRow<S> {
    /// How many records the stream has.
    pub revision: Revision,
    /// Place of the last of them in the whole log.
    pub position: Position,
    /// The key of its first record, which seals this row.
    pub key: KeyId,
    /// What is remembered.
    #[serde(serialize_with = "write", deserialize_with = "read")]
    pub state: S,
}

fn write<S: Kept, W: Serializer>(state: &S, serializer: W) -> Result<W::Ok, W::Error> {
    state.shape().serialize(serializer)
}

fn read<'de, S: Kept, R: Deserializer<'de>>(deserializer: R) -> Result<S, R::Error> {
    S::Shape::deserialize(deserializer).map(S::from_shape)
}

/// The revision of a stream's first record.
const BEGINNING: Revision = Revision(1);

/// Folds one record into the row of `stream`; `family` picks out the facts that the state is made of.
///
/// The row goes with the key of the stream's first record.
pub(crate) fn evolve<D: Kept>(
    row: Option<StateRow<D>>,
    stream: Stream,
    recorded: &Recorded,
    family: fn(&Fact) -> Option<&D::Event>,
) -> Option<StateRow<D>> {
    let forgotten = facts::keys_destroyed(recorded, stream);
    if !forgotten.is_empty() {
        return row.filter(|row| !forgotten.contains(&row.key));
    }
    if recorded.stream != stream {
        return row;
    }
    match &recorded.payload {
        // Without its beginning the rest of a stream makes no sense; without a later record it mostly does.
        Payload::Erased => {
            let mut row = row.filter(|row| row.key != recorded.key)?;
            row.revision = recorded.revision;
            row.position = recorded.position;
            Some(row)
        }
        Payload::Open(entry) => {
            let begun = || {
                (recorded.revision == BEGINNING).then(|| StateRow {
                    revision: recorded.revision,
                    position: recorded.position,
                    key: recorded.key,
                    state: D::default(),
                })
            };
            let mut row = row.or_else(begun)?;
            for event in entry.facts.iter().filter_map(family) {
                D::evolve(&mut row.state, event, recorded.when());
            }
            row.revision = recorded.revision;
            row.position = recorded.position;
            Some(row)
        }
    }
}
