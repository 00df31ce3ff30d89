//! Which children have no education or no primary care: an index of [`ChildRecord`](crate::ChildRecord).
//!
//! Facts and never scores. Educated otherwise is no gap; shielded children and those who died, left England or went
//! to the archive are left out. A birthday writes nothing, so whoever reads a child's row judges age.
//! Source: rules.md 6.2; domain.md Q15.

use events::{
    child::Child,
    supplied::{EducationState, PrimaryCareState},
};
use vocabulary::{ChildId, OrganisationId};

use crate::{Posting, key::RowKey};

/// Number of this index within [`ChildRecord`](crate::ChildRecord).
const INDEX: u8 = 2;

/// What no service is known for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Gap {
    /// Nobody is known to teach the child.
    NoEducation = 1,
    /// No practice is known to have the child registered.
    NoPrimaryCare = 2,
}

impl Gap {
    /// Every gap.
    pub const ALL: [Gap; 2] = [Gap::NoEducation, Gap::NoPrimaryCare];

    /// The contract's word for it.
    pub fn name(self) -> &'static str {
        match self {
            Gap::NoEducation => "no_education",
            Gap::NoPrimaryCare => "no_primary_care",
        }
    }
}

/// What no service is known for; never stated reads as none known, and only a statement closes a gap.
pub fn gaps(child: &Child) -> Vec<Gap> {
    let education = child.current_education().map(|education| education.state);
    let primary_care = child.current_primary_care().map(|primary_care| primary_care.state);
    let mut gaps = Vec::new();
    match education {
        Some(EducationState::Attending | EducationState::EducatedOtherwise) => (),
        Some(EducationState::NoneKnown) | None => gaps.push(Gap::NoEducation),
    }
    match primary_care {
        Some(PrimaryCareState::Registered) => (),
        Some(PrimaryCareState::NoneKnown) | None => gaps.push(Gap::NoPrimaryCare),
    }
    gaps
}

/// The beginning of all postings of one authority and gap, in the order of the children's ids.
pub fn of(authority: &OrganisationId, gap: Gap) -> Posting {
    Posting::of(INDEX).and(authority).and(&(gap as u8))
}

/// The posting of one child: where to go on after it.
pub fn at(authority: &OrganisationId, gap: Gap, child: ChildId) -> Posting {
    of(authority, gap).and(&child)
}

/// One posting a gap, where the responsible authority's team is to look.
pub(crate) fn postings(id: ChildId, child: &Child) -> Vec<Posting> {
    let elsewhere =
        child.life.died_on.is_some() || child.life.left_england.is_some() || child.life.archived_on.is_some();
    // One that was merged into another is counted there.
    let counted = !child.is_shielded() && !elsewhere && child.merged_into().is_none();
    let Some(authority) = child.authority.as_ref().filter(|_| counted) else {
        return Vec::new();
    };
    gaps(child).into_iter().map(|gap| at(authority, gap, id)).collect()
}

impl RowKey for Gap {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(*self as u8);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let number = u8::read(bytes)?;
        Gap::ALL.into_iter().find(|gap| *gap as u8 == number)
    }
}
