//! What the index is told of one child: names, birth, places, and how the record stands.
//!
//! Source: rules.md 1.2 (what is held) and 2 (which of it who may see). All of it is personal data, so nothing
//! here prints.

use std::fmt;

use chrono::NaiveDate;
use vocabulary::{ChildNumber, Gender, OrganisationId, Postcode};

/// One child as the index holds it: everything by which the child may be found.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Every name ever told, current first by custom; the order changes no result.
    pub names: Vec<NamedAs>,
    /// The date of birth, where known.
    pub date_of_birth: Option<NaiveDate>,
    /// The gender, where known.
    pub gender: Option<Gender>,
    /// The child number.
    pub number: ChildNumber,
    /// The current address and, for matching only, previous ones.
    pub places: Vec<Place>,
    /// How the record stands, for the judgement of who may see it.
    pub stands: Stands,
}

/// One name of a child.
#[derive(Clone, PartialEq, Eq)]
pub struct NamedAs {
    /// Whether it is borne now.
    pub kind: NameKind,
    /// The forename or forenames, as given.
    pub forename: String,
    /// Middle names, as given.
    pub middle: Option<String>,
    /// The surname, as given.
    pub surname: String,
}

/// Whether a name is borne now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameKind {
    /// The name now.
    Current,
    /// What the child is called.
    KnownAs,
    /// A name that another source states now: evidence of who this is, seen like a former name.
    Stated,
    /// A name of before. A name before adoption never comes here (invariant I-10).
    Former,
}

/// One place of a child.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    /// Whether the child lives there now.
    pub kind: PlaceKind,
    /// The postcode.
    pub postcode: Option<Postcode>,
    /// The first line of the address: house and street.
    pub street: Option<String>,
    /// The post town.
    pub town: Option<String>,
}

/// Whether a child lives at a place now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceKind {
    /// Lives there now.
    Current,
    /// Lived there; kept for matching only and shown to nobody (rules.md 1.2).
    Previous,
}

/// How a record stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stands {
    /// A shield is in force.
    pub shielded: bool,
    /// The day on which an event archives the record, past or to come; the eighteenth birthday goes by the birth.
    pub archived: Option<NaiveDate>,
    /// The responsible authority.
    pub authority: OrganisationId,
}

/// What the caller's own judgement of sight is told of a record, and no more.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Standing<'a> {
    /// See [`Stands::shielded`].
    pub shielded: bool,
    /// See [`Stands::archived`].
    pub archived: Option<NaiveDate>,
    /// See [`Stands::authority`].
    pub authority: &'a OrganisationId,
    /// The date of birth, where known: from 18 on a record is in the archive.
    pub date_of_birth: Option<NaiveDate>,
}

/// What a page of results is made of: one child's names as written, and what stands beside them.
#[derive(Clone, PartialEq, Eq)]
pub struct PageRow {
    /// Every name ever told.
    pub names: Vec<NamedAs>,
    /// The date of birth, where known.
    pub date_of_birth: Option<NaiveDate>,
    /// The gender, where known.
    pub gender: Option<Gender>,
    /// The child number.
    pub number: ChildNumber,
    /// The postcode of the current address.
    pub postcode: Option<Postcode>,
    /// How the record stands.
    pub stands: Stands,
}

impl PageRow {
    /// What the judgement of sight is told.
    pub fn standing(&self) -> Standing<'_> {
        Standing {
            shielded: self.stands.shielded,
            archived: self.stands.archived,
            authority: &self.stands.authority,
            date_of_birth: self.date_of_birth,
        }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Entry(..)")
    }
}

impl fmt::Debug for Standing<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Standing(..)")
    }
}

impl fmt::Debug for PageRow {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("PageRow(..)")
    }
}

impl fmt::Debug for NamedAs {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("NamedAs(..)")
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Place(..)")
    }
}
