//! The shape of every read model: which rows a record touches, and what becomes of them.
//!
//! Source: house rules sections 2 and 10.

use std::sync::Arc;

use events::{child::Child, recorded::Recorded};
use serde::{Serialize, de::DeserializeOwned};
use vocabulary::{ChildId, KeyId, Revision, StreamKind};

use crate::{
    AccessAudit, Accounts, Brokerings, Cases, ChildRecord, Counters, EndedItems, Feed, LeadLooks, Listings,
    Organisations, Overrides, PolicyInForce, Queue, ReportedMonths, Reviews, RightsRequests, RowKey, Usage,
    UsageHours,
};

/// One read model: a fold of the log into rows, by key.
///
/// Pure by construction: no clock, no ids, no I/O. Folding the same records in the same order gives the same rows,
/// in batches of any size.
pub trait ReadModel: 'static {
    /// Its name and version; a new suffix is folded from the first record.
    const NAME: &'static str;
    /// The families of streams that it reads; records of others never reach it.
    const READS: &'static [StreamKind];
    /// Which records write a row.
    const WRITING: Writing;

    /// What a row is found by: ids only, never a person's data.
    type Key: RowKey;
    /// What a row says.
    type Row: Serialize + DeserializeOwned + Clone + PartialEq + std::fmt::Debug + Send;

    /// The rows that `recorded` touches, each at most once. An erased record touches those of its stream.
    fn keys(recorded: &Recorded) -> Vec<Self::Key>;

    /// What becomes of a row. `None` in: there is none, or it was forgotten; `None` out: there shall be none.
    fn evolve(row: Option<Self::Row>, key: &Self::Key, recorded: &Recorded) -> Option<Self::Row>;

    /// The row as whoever decided `last`, the newest record of its stream, left it: the same that folding gives, without
    /// the row of before. `None` where that is not at hand, or rows are made of anything else.
    fn remembered(_key: &Self::Key, _last: &Recorded, _by: &dyn Remembered) -> Option<Self::Row> {
        None
    }

    /// The key that seals a row as `recorded` leaves it; [`KeyId::CLEAR`] for none.
    fn sealed_under(row: &Self::Row, recorded: &Recorded) -> KeyId;

    /// What else the row is found by. Ids only: postings are not sealed.
    fn postings(_key: &Self::Key, _row: &Self::Row) -> Vec<Posting> {
        Vec::new()
    }
}

/// What deciding still remembers.
pub trait Remembered {
    /// A child as the record of this revision of its stream left it, with the key of its first record; `None` when it
    /// is not at hand as of that record.
    fn child(&self, id: ChildId, at: Revision) -> Option<(Arc<Child>, KeyId)>;
}

/// Which records write a row: how much must be known of it before, and what must be brought together to fold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// One record only: nothing is read before.
    Once,
    /// Those of one stream of this family, and erasures that name it; the row's key is, or begins with, the stream's id.
    OfStream(StreamKind),
    /// Those of any streams, and in any order the same row comes of them; so few rows that memory holds them all.
    Counted,
}

/// One entry of an index: bytes that sort, led by the number of the index, pointing to a row.
///
/// At most 255 bytes, so that a row can tell in a byte how long each of its postings is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Posting(pub Vec<u8>);

impl Posting {
    /// Begins an entry of index `number`, from 1 and never reused within a model.
    pub fn of(number: u8) -> Posting {
        Posting(vec![number])
    }

    /// Adds a part that sorts after what stands.
    #[must_use]
    pub fn and(mut self, part: &impl RowKey) -> Posting {
        part.write(&mut self.0);
        self
    }
}

/// Something to be done with each model; models differ in type, so a closure cannot.
pub trait Visitor {
    /// Does it with one model.
    fn visit<M: ReadModel>(&mut self);
}

/// Hands every model to `visitor`, in the order of their names.
pub fn visit_all(visitor: &mut impl Visitor) {
    visitor.visit::<AccessAudit>();
    visitor.visit::<Accounts>();
    visitor.visit::<Brokerings>();
    visitor.visit::<Cases>();
    visitor.visit::<ChildRecord>();
    visitor.visit::<Counters>();
    visitor.visit::<EndedItems>();
    visitor.visit::<Feed>();
    visitor.visit::<LeadLooks>();
    visitor.visit::<Listings>();
    visitor.visit::<Organisations>();
    visitor.visit::<Overrides>();
    visitor.visit::<PolicyInForce>();
    visitor.visit::<Queue>();
    visitor.visit::<ReportedMonths>();
    visitor.visit::<Reviews>();
    visitor.visit::<RightsRequests>();
    visitor.visit::<Usage>();
    visitor.visit::<UsageHours>();
}
