//! Which children an organisation works with: an index of [`ChildRecord`](crate::ChildRecord), one posting an open entry.
//!
//! The entry itself is read from the child's row, so that it is sealed and forgotten with the child.
//! Source: contract.md section 2, `GET /api/v1/caseload`.

use chrono::NaiveDate;
use events::child::Child;
use vocabulary::{ChildId, ChildNumber, InvolvementId, KeyedRef, OrganisationId, Position, ServiceType};

use crate::{ChildRow, Posting, key::RowKey};

/// Number of this index within [`ChildRecord`](crate::ChildRecord).
const INDEX: u8 = 1;

/// One open entry of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which involvement.
    pub involvement: InvolvementId,
    /// With which child.
    pub child: ChildId,
    /// The child's number.
    pub child_number: Option<ChildNumber>,
    /// What service.
    pub service_type: ServiceType,
    /// By which organisation.
    pub organisation: OrganisationId,
    /// Told by whom.
    pub supplier: OrganisationId,
    /// By which practitioner, where one is named.
    pub practitioner_ref: Option<KeyedRef>,
    /// Since which day; may lie ahead.
    pub started_on: NaiveDate,
    /// Until which day.
    pub ended_on: Option<NaiveDate>,
    /// Where it was last told.
    pub position: Position,
}

/// The beginning of all postings of one organisation, in the order of the involvements' ids.
pub fn of(organisation: &OrganisationId) -> Posting {
    Posting::of(INDEX).and(organisation)
}

/// The posting of one entry: where to go on after it.
pub fn at(organisation: &OrganisationId, involvement: InvolvementId) -> Posting {
    of(organisation).and(&involvement)
}

/// The organisation and involvement that a posting of this index names.
pub fn read(posting: &Posting) -> Option<(OrganisationId, InvolvementId)> {
    let (index, rest) = posting.0.split_first()?;
    (*index == INDEX).then(|| RowKey::decode(rest))?
}

/// The entry that a posting led to; `None` when it was closed meanwhile.
pub fn entry(child: ChildId, row: &ChildRow, involvement: InvolvementId) -> Option<Entry> {
    let held = row.child.involvements.get(&involvement)?;
    (held.ended_on.is_none() && !held.in_error).then(|| Entry {
        involvement,
        child,
        child_number: row.child.number,
        service_type: held.service_type,
        organisation: held.organisation.clone(),
        supplier: held.supplier.clone(),
        practitioner_ref: held.practitioner.as_ref().map(|practitioner| practitioner.practitioner_ref),
        started_on: held.started_on,
        ended_on: held.ended_on,
        position: held.position,
    })
}

/// One posting each open entry.
pub(crate) fn postings(child: &Child) -> Vec<Posting> {
    child
        .involvements
        .iter()
        .filter(|(_, held)| held.ended_on.is_none() && !held.in_error)
        .map(|(involvement, held)| at(&held.organisation, *involvement))
        .collect()
}
