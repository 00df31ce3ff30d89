//! Ids: 128-bit, opaque, drawn at random or hashed under a key; never a sequence, never a person's data.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::{Stream, StreamKind};

/// An id of one kind of thing. `ChildId` and `CaseId` are different types over the same 16 bytes.
pub struct Id<T>(pub Uuid, PhantomData<fn() -> T>);

/// What an [`Id`] can be an id of.
pub mod kind {
    /// A child, for ever; the child number is for people, this is for the log.
    pub enum Child {}
    /// A person in an organisation.
    pub enum Account {}
    /// One opening of a record.
    pub enum Access {}
    /// One search.
    pub enum Search {}
    /// One involvement of one organisation with one child.
    pub enum Involvement {}
    /// One request to a duty desk to be put in touch.
    pub enum Brokering {}
    /// One request of a person about what is held of them.
    pub enum Rights {}
    /// One investigation.
    pub enum Case {}
    /// One shield on a record.
    pub enum Shield {}
    /// One proposal that another authority answers for a record.
    pub enum Transfer {}
    /// One reason for keeping a record that would be purged.
    pub enum Hold {}
    /// One list of records whose time is over.
    pub enum Purge {}
    /// One waiting or counted item of a supplier.
    pub enum Intake {}
    /// A text that a supplier sent as a reference, kept only as a keyed hash (rules.md 6.4).
    pub enum Keyed {}
}

/// Id of a child.
pub type ChildId = Id<kind::Child>;
/// Id of a person in an organisation.
pub type AccountId = Id<kind::Account>;
/// Id of one opening of a record.
pub type AccessId = Id<kind::Access>;
/// Id of one search.
pub type SearchId = Id<kind::Search>;
/// Id of one involvement.
pub type InvolvementId = Id<kind::Involvement>;
/// Id of one request to a duty desk to be put in touch.
pub type BrokeringId = Id<kind::Brokering>;
/// Id of one request of a person about what is held of them.
pub type RightsId = Id<kind::Rights>;
/// Id of one investigation.
pub type CaseId = Id<kind::Case>;
/// Id of one shield.
pub type ShieldId = Id<kind::Shield>;
/// Id of one proposal that another authority answers for a record.
pub type TransferId = Id<kind::Transfer>;
/// Id of one legal hold.
pub type HoldId = Id<kind::Hold>;
/// Id of one list of records to be purged.
pub type PurgeId = Id<kind::Purge>;
/// Id of one item of a supplier that waits, was counted or changed nothing.
pub type IntakeId = Id<kind::Intake>;
/// A supplier's own reference (local, involvement, episode, practitioner, carer), as a keyed hash.
pub type KeyedRef = Id<kind::Keyed>;

impl<T> Id<T> {
    /// Wraps 16 bytes.
    pub const fn new(id: Uuid) -> Id<T> {
        Id(id, PhantomData)
    }

    /// Wraps 128 bits as a number, in the order of ids.
    pub const fn from_u128(number: u128) -> Id<T> {
        Id::new(Uuid::from_u128(number))
    }

    /// The 128 bits as a number.
    pub const fn as_u128(self) -> u128 {
        self.0.as_u128()
    }
}

impl ChildId {
    /// The stream of everything that happened to this child.
    pub const fn stream(self) -> Stream {
        Stream::new(StreamKind::Child, self.0)
    }

    /// The stream of who opened this child's record.
    pub const fn access_stream(self) -> Stream {
        Stream::new(StreamKind::Access, self.0)
    }
}

impl AccountId {
    /// The stream of this person's account.
    pub const fn stream(self) -> Stream {
        Stream::new(StreamKind::Account, self.0)
    }

    /// The stream of the searches this person made.
    pub const fn search_stream(self) -> Stream {
        Stream::new(StreamKind::Search, self.0)
    }
}

impl PurgeId {
    /// The stream of this list, its approvals and its end.
    pub const fn stream(self) -> Stream {
        Stream::new(StreamKind::Erasure, self.0)
    }
}

impl CaseId {
    /// The stream of this investigation.
    pub const fn stream(self) -> Stream {
        Stream::new(StreamKind::Case, self.0)
    }
}

impl BrokeringId {
    /// The stream of this request and its answer.
    pub const fn stream(self) -> Stream {
        Stream::new(StreamKind::Brokering, self.0)
    }
}

impl RightsId {
    /// The stream of this request and of what became of it.
    pub const fn stream(self) -> Stream {
        Stream::new(StreamKind::Rights, self.0)
    }
}

impl IntakeId {
    /// The stream of this waiting item.
    pub const fn stream(self) -> Stream {
        Stream::new(StreamKind::Intake, self.0)
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.simple(), out)
    }
}
impl<T> FromStr for Id<T> {
    type Err = crate::NotAWord;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::try_parse(text)
            .map(Id::new)
            .map_err(|_| crate::NotAWord { expected: "an id of 32 hexadecimal digits" })
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut buffer = Uuid::encode_buffer();
        serializer.serialize_str(self.0.simple().encode_lower(&mut buffer))
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Uuid::deserialize(deserializer).map(Id::new)
    }
}

/// Id of a CMS client, as printed by `client add`: `client-` and 16 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientId(pub String);

impl fmt::Display for ClientId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}
