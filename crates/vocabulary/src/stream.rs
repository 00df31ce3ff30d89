//! Where an event stands: streams, positions, revisions, and the ids that a header carries.
//!
//! Names follow `KurrentDB`, so that a cluster needs no dictionary (house rules, section 5).

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Place of one record in the whole log: 1 for the first; [`Position::ZERO`] is "before everything".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(pub u64);

impl Position {
    /// Before the first record.
    pub const ZERO: Position = Position(0);
}

impl fmt::Display for Position {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// Number of records in a stream so far: 0 for a stream that does not exist, 1 after its first record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub u64);

impl Revision {
    /// The stream has no record yet.
    pub const NONE: Revision = Revision(0);
}

impl fmt::Display for Revision {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// The families of streams. The number is stored; it is never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum StreamKind {
    /// Everything about one child: details, identity, consent, involvement, shield, life cycle.
    Child = 1,
    /// What a supplier sent that waits, was counted or changed nothing.
    Intake = 2,
    /// Openings of one child's record.
    Access = 3,
    /// Pages of search results delivered to one user.
    Search = 4,
    /// One person in one organisation.
    Account = 5,
    /// One organisation, its agreements and CMS clients.
    Organisation = 6,
    /// One investigation.
    Case = 7,
    /// The settings that two people sign.
    Policy = 8,
    /// Erasures of one child's keys, in clear.
    Erasure = 9,
    /// One request to a duty desk to be put in touch, and its answer.
    Brokering = 10,
    /// One request of a person about what is held of them: access, correction, complaint.
    Rights = 11,
}

impl StreamKind {
    /// Every kind, in the order of its number.
    pub const ALL: [StreamKind; 11] = [
        StreamKind::Child,
        StreamKind::Intake,
        StreamKind::Access,
        StreamKind::Search,
        StreamKind::Account,
        StreamKind::Organisation,
        StreamKind::Case,
        StreamKind::Policy,
        StreamKind::Erasure,
        StreamKind::Brokering,
        StreamKind::Rights,
    ];

    /// The kind with this stored number, if there is one.
    pub fn from_number(number: u8) -> Option<StreamKind> {
        StreamKind::ALL.into_iter().find(|kind| *kind as u8 == number)
    }

    /// The word for it, as in `child-0190…`.
    pub fn name(self) -> &'static str {
        match self {
            StreamKind::Child => "child",
            StreamKind::Intake => "intake",
            StreamKind::Access => "access",
            StreamKind::Search => "search",
            StreamKind::Account => "account",
            StreamKind::Organisation => "organisation",
            StreamKind::Case => "case",
            StreamKind::Policy => "policy",
            StreamKind::Erasure => "erasure",
            StreamKind::Brokering => "brokering",
            StreamKind::Rights => "rights",
        }
    }
}

/// One stream: its family and a 128-bit id. 17 bytes when packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stream {
    /// The family.
    pub kind: StreamKind,
    /// Which one of the family.
    pub id: Uuid,
}

impl Stream {
    /// Names the stream of `kind` with this id.
    pub const fn new(kind: StreamKind, id: Uuid) -> Stream {
        Stream { kind, id }
    }

    /// Packs the stream into 17 bytes: kind, then id, big end first.
    pub fn to_bytes(self) -> [u8; 17] {
        let mut bytes = [0; 17];
        bytes[0] = self.kind as u8;
        bytes[1..].copy_from_slice(self.id.as_bytes());
        bytes
    }

    /// Unpacks what [`Stream::to_bytes`] packed; `None` for a kind we do not know.
    pub fn from_bytes(bytes: [u8; 17]) -> Option<Stream> {
        let [kind, id @ ..] = bytes;
        Some(Stream { kind: StreamKind::from_number(kind)?, id: Uuid::from_bytes(id) })
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-{}", self.kind.name(), self.id.simple())
    }
}

/// Id of one record: for a supplier's event a keyed hash of (client, id), else drawn at random.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub Uuid);

/// First 16 bytes of a hash over a supplier's event as sent; all zero where there was none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct BodyHash(pub [u8; 16]);

/// Which key seals a payload: pool of the node that minted it, and slot. It is the assignment itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct KeyId {
    /// The pool, one a node; 0 is reserved for [`KeyId::CLEAR`].
    pub pool: u32,
    /// The slot within the pool.
    pub slot: u32,
}

impl KeyId {
    /// Not sealed: the payload is in clear.
    pub const CLEAR: KeyId = KeyId { pool: 0, slot: 0 };
}
