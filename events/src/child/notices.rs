//! Notices: by which publication a family was told what is held and why, how, and who is told next.
//!
//! One a household, the child's own copy from an age, carers who live elsewhere by themselves, shielded addresses
//! through the team alone. None of it is on the record that anybody is shown, and that a parent is to receive the
//! child's copy too least of all. Source: UK GDPR articles 12 to 14; rules.md 6.3; domain.md 7; ADR-0058.

#[cfg(test)]
pub(super) mod spec;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{Address, AddressState, Contact, ContactKind, KeyedRef, Label, day::age_on, england_day};

use super::{Child, Event, RecordState};
use crate::{decider::When, supplied::SuppliedCarer};

/// Whom a notice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody who lives where the child lives.
    Household,
    /// The child.
    OwnCopy,
    /// A carer who lives elsewhere.
    CarerApart(KeyedRef),
}

/// How a notice was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// By post to the address.
    Post,
    /// By electronic mail.
    Email,
    /// In person.
    InPerson,
    /// With what a school sends home.
    ThroughSchool,
    /// By the team itself, in a way that leads nobody to the address.
    ThroughTeam,
}

/// A notice was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Of which publication, from 1.
    pub publication: u32,
    /// Its version, as consents name it.
    pub version: Label,
    /// To whom.
    pub audience: Audience,
    /// How.
    pub means: Means,
}

/// A parent is to receive the child's own copy too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParentIncluded {}

/// No parent is any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParentLeftOut {}

/// A notice as remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Of which publication.
    pub publication: u32,
    /// When.
    pub on: NaiveDate,
    /// The home it went to, as a mark tells it from others; 0 for the child's own copy.
    #[serde(default)]
    pub home: u64,
}

/// What is remembered of notices.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Notices {
    /// What the household had last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub household: Option<Told>,
    /// What the child had last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_copy: Option<Told>,
    /// What each carer had who lives elsewhere.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub apart: BTreeMap<KeyedRef, Told>,
    /// Whether a parent is to receive the child's own copy too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub parent_too: bool,
}

/// What may be asked about notices. The directory checks first that the team answers for the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Record that one was given.
    Give {
        /// What was given.
        given: Given,
        /// From which age a child has a copy.
        notice_age: i32,
    },
    /// A parent is to receive the child's copy too, or is not.
    IncludeParent(bool),
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No record was opened for this child.
    #[error("no record is open for this child")]
    NotRegistered,
    /// The record is in the archive, or was closed by death or departure.
    #[error("nobody is told of a record that is not live")]
    NotLive,
    /// The record is shielded.
    #[error("of a shielded record notices are given through the team alone")]
    ThroughTeam,
    /// The child is too young, or how old they are is not known.
    #[error("the child has no copy of their own before the age of the policy")]
    TooYoung,
    /// No address is known, or no such carer is known to live elsewhere.
    #[error("nobody is known to live there")]
    NobodyThere,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotRegistered => "child_unknown",
            Refusal::NotLive => "notice_record_not_live",
            Refusal::ThroughTeam => "notice_through_team",
            Refusal::TooYoung => "notice_too_young",
            Refusal::NobodyThere => "notice_nobody_there",
        }
    }
}

pub(super) fn decide(child: &Child, command: &Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
    if !child.is_registered() {
        return Err(Refusal::NotRegistered);
    }
    match command {
        Command::IncludeParent(included) if *included == child.notices.parent_too => Ok(Vec::new()),
        Command::IncludeParent(true) => Ok(vec![Event::ParentIncluded(ParentIncluded {})]),
        Command::IncludeParent(false) => Ok(vec![Event::ParentLeftOut(ParentLeftOut {})]),
        Command::Give { given, notice_age } => {
            let today = england_day(now);
            if !child.is_told_notices(today) {
                return Err(Refusal::NotLive);
            }
            if child.is_shielded() && given.means != Means::ThroughTeam {
                return Err(Refusal::ThroughTeam);
            }
            let told = match given.audience {
                Audience::Household => child.home().map(|_| child.household_told()),
                Audience::OwnCopy if !child.has_own_copy(*notice_age, today) => {
                    return Err(Refusal::TooYoung);
                }
                Audience::OwnCopy => Some(child.own_copy_told()),
                Audience::CarerApart(carer) => child.lives_apart(carer).map(|_| child.apart_told(carer)),
            };
            let told = told.ok_or(Refusal::NobodyThere)?;
            Ok(if told >= given.publication { Vec::new() } else { vec![Event::NoticeGiven(given.clone())] })
        }
    }
}

pub(super) fn given(child: &mut Child, event: &Given, when: When) {
    let on = england_day(when.recorded_at);
    let told = |home: Option<String>| Told {
        publication: event.publication,
        on,
        home: home.map_or(0, |home| mark_of(&home)),
    };
    match event.audience {
        Audience::Household => child.notices.household = Some(told(child.home())),
        Audience::OwnCopy => child.notices.own_copy = Some(told(None)),
        Audience::CarerApart(carer) => {
            let home = child.lives_apart(carer);
            child.notices.apart.insert(carer, told(home));
        }
    }
}

impl Notices {
    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        *self == Notices::default()
    }
}

impl Child {
    /// Whether anybody is told of this record: it is live, and the child lives in England.
    pub fn is_told_notices(&self, today: NaiveDate) -> bool {
        let live = matches!(self.record_state(today), RecordState::Live | RecordState::Shielded);
        live && self.life.died_on.is_none()
            && self.life.left_england.is_none()
            && self.merged_into().is_none()
    }

    /// Whether the child has a copy of their own on a civil day.
    pub fn has_own_copy(&self, notice_age: i32, today: NaiveDate) -> bool {
        self.date_of_birth().is_some_and(|born| age_on(born, today) >= notice_age)
    }

    /// Where the child lives, as homes are compared: letters and digits of its lines and its postcode.
    pub fn home(&self) -> Option<String> {
        match self.address()? {
            AddressState::Known(address) => Some(lines_of(&address) + &postcode_of(&address)),
            AddressState::NoneKnown => None,
        }
    }

    /// The carers who are known to live elsewhere, by their own contacts.
    pub fn carers_apart(&self) -> Vec<KeyedRef> {
        self.carers().iter().filter(|carer| self.home_apart(carer).is_some()).filter_map(keyed).collect()
    }

    /// Where a carer lives who lives elsewhere, as homes are compared.
    pub fn lives_apart(&self, carer: KeyedRef) -> Option<String> {
        let held = self.carers().iter().find(|held| keyed(held) == Some(carer))?;
        self.home_apart(held)
    }

    /// The publication that the household had last, where it lives now; 0 for none.
    pub fn household_told(&self) -> u32 {
        let home = self.home().map(|home| mark_of(&home));
        self.notices.household.filter(|told| Some(told.home) == home).map_or(0, |told| told.publication)
    }

    /// The publication that the child had last; 0 for none.
    pub fn own_copy_told(&self) -> u32 {
        self.notices.own_copy.map_or(0, |told| told.publication)
    }

    /// The publication that a carer had last, where they live now; 0 for none.
    pub fn apart_told(&self, carer: KeyedRef) -> u32 {
        let home = self.lives_apart(carer).map(|home| mark_of(&home));
        let told = self.notices.apart.get(&carer).filter(|told| Some(told.home) == home);
        told.map_or(0, |told| told.publication)
    }

    /// The carer of this child who is a carer of another one and lives at the same place apart, by name and home.
    pub fn apart_alike(&self, other: &Child, carer: KeyedRef) -> Option<KeyedRef> {
        let theirs = other.carers().iter().find(|held| keyed(held) == Some(carer))?;
        let home = other.home_apart(theirs)?;
        let alike =
            |held: &&SuppliedCarer| held.name == theirs.name && self.home_apart(held).as_ref() == Some(&home);
        self.carers().iter().find(alike).and_then(keyed)
    }

    /// The publication that this child's carer who is [`Child::apart_alike`] had last, where there is one.
    pub fn apart_told_alike(&self, other: &Child, carer: KeyedRef) -> Option<u32> {
        self.apart_alike(other, carer).map(|carer| self.apart_told(carer))
    }

    fn home_apart(&self, carer: &SuppliedCarer) -> Option<String> {
        let theirs = carer.contacts.iter().find_map(one_line)?;
        let with_child = match self.address() {
            Some(AddressState::Known(address)) => is_at(&theirs, &address),
            Some(AddressState::NoneKnown) | None => false,
        };
        (!with_child).then_some(theirs)
    }
}

fn keyed(carer: &SuppliedCarer) -> Option<KeyedRef> {
    carer.carer_ref.keyed()
}

fn one_line(contact: &Contact) -> Option<String> {
    (contact.kind == ContactKind::Address).then(|| folded(&contact.value)).filter(|line| !line.is_empty())
}

/// Whether a line names an address: its lines alone, its first line, or its lines with its town or postcode behind. A
/// wrong answer is one notice more or fewer, and shows nobody an address.
fn is_at(line: &str, address: &Address) -> bool {
    let (lines, postcode) = (lines_of(address), postcode_of(address));
    let town = address.town.as_deref().map(folded).unwrap_or_default();
    let first = address.lines.first().map(|first| folded(first)).unwrap_or_default();
    let Some(rest) = line.strip_prefix(lines.as_str()) else { return line == first };
    let rest = rest.strip_prefix(town.as_str()).unwrap_or(rest);
    rest.is_empty() || (!postcode.is_empty() && rest.ends_with(&postcode))
}

fn lines_of(address: &Address) -> String {
    address.lines.iter().map(|line| folded(line)).collect()
}

fn postcode_of(address: &Address) -> String {
    address.postcode.as_ref().map(|postcode| folded(postcode.as_str())).unwrap_or_default()
}

/// A text as homes are compared by: its letters and digits, in small letters.
fn folded(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What tells one home from another within one record: FNV-1a, the same in every build.
fn mark_of(home: &str) -> u64 {
    home.bytes().fold(0xcbf2_9ce4_8422_2325, |mark, byte| {
        (mark ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
