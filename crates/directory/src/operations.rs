//! How the server stands, for whoever runs it: how far each read model has come, and the headers of the log.
//!
//! Nothing of a payload is read, and nothing is told by which a child, a person or an organisation is known: of a
//! header only its place, its kind, the day's time and the size. Source: rules.md 2 (row operator: none of A-J).

use chrono::{DateTime, Utc};
use event_log::Payload;
use projections::{ReadModel, Visitor, visit_all};
use visibility::permission::{Action, Relation};
use vocabulary::{Position, Revision, StreamKind};

use crate::{
    Directory,
    disclose::LookError,
    people::Person,
    rows::{Rows, RowsError},
};

/// Most headers of one page.
pub const HEADERS_PAGE: u32 = 50;

/// How far the log and what is folded of it have come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operations {
    /// The newest durable position.
    pub head: Position,
    /// Each read model by name, with the position up to which it has folded.
    pub models: Vec<(&'static str, Position)>,
}

/// What an operator is told of one record of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeaderTold {
    /// Its place in the whole log.
    pub position: Position,
    /// Its place in its stream.
    pub revision: Revision,
    /// What its stream is about.
    pub kind: StreamKind,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Version of the payload's shape.
    pub schema: u16,
    /// Bytes of its payload; absent where it was erased.
    pub bytes: Option<usize>,
}

/// Asks each model how far it has come.
struct Reached<'a> {
    rows: &'a Rows,
    models: Vec<(&'static str, Position)>,
    failed: Option<RowsError>,
}

impl Visitor for Reached<'_> {
    fn visit<M: ReadModel>(&mut self) {
        match self.rows.checkpoint::<M>() {
            Ok(position) => self.models.push((M::NAME, position)),
            Err(error) => self.failed = Some(error),
        }
    }
}

impl Directory {
    /// How far the log and each read model have come.
    ///
    /// # Errors
    /// `Refused`: not an operator. A machine failed.
    pub fn operations(&self, person: &Person) -> Result<Operations, LookError> {
        person.may(Action::ReadOperations, Relation::Elsewhere)?;
        let mut reached = Reached { rows: self.rows(), models: Vec::new(), failed: None };
        visit_all(&mut reached);
        match reached.failed {
            Some(error) => Err(error.into()),
            None => Ok(Operations { head: self.head()?, models: reached.models }),
        }
    }

    /// The headers of the records after a position, fifty a page.
    ///
    /// # Errors
    /// As [`Directory::operations`].
    pub fn headers_after(&self, person: &Person, after: Position) -> Result<Vec<HeaderTold>, LookError> {
        person.may(Action::ReadOperations, Relation::Elsewhere)?;
        let mut told = Vec::new();
        self.log().read_all(after, HEADERS_PAGE, &mut |record| {
            told.push(HeaderTold {
                position: record.position,
                revision: record.revision,
                kind: record.header.stream.kind,
                recorded_at: DateTime::from_timestamp_micros(record.header.recorded_at).unwrap_or_default(),
                schema: record.header.schema,
                bytes: match record.payload {
                    Payload::Kept(bytes) => Some(bytes.len()),
                    Payload::Erased(_) => None,
                },
            });
        })?;
        Ok(told)
    }
}
