//! Case: one investigation, opened by one person, approved by another, over at its day.
//!
//! Source: domain.md 5.1 (investigator), 4.6; rules.md 2 (investigator, approved case); contract.md section 2.

#[cfg(test)]
mod spec;

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use vocabulary::{AccountId, CaseId, ChildId, NotAWord, england_day};

use crate::decider::{Decider, When};

/// Longest reference of a case or request, in characters.
pub const REFERENCE_CHARACTERS_MAX: usize = 40;

/// Most children of one case: no endpoint returns more than 50 (invariant I-27).
pub const CHILDREN_MAX: usize = 50;

/// Longest life of a case, in months: a review takes six; what lasts longer is asked for anew.
pub const EXPIRY_MONTHS_MAX: u32 = 12;

/// The reference of a case or of a person's request, as its own office writes it; not prose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Reference(String);

impl Reference {
    /// Takes a reference as given, trimmed.
    ///
    /// # Errors
    /// `NotAWord` when it is empty, over 40 characters, without a digit, or holds anything but ASCII
    /// letters, digits, spaces, `-`, `/`, `.` and `_`.
    pub fn new(text: &str) -> Result<Reference, NotAWord> {
        let reference = text.trim();
        let fits = (1..=REFERENCE_CHARACTERS_MAX).contains(&reference.len());
        let signs = |byte: u8| byte.is_ascii_alphanumeric() || b" -/._".contains(&byte);
        // A digit is asked for, so that a name cannot stand here.
        if fits && reference.bytes().all(signs) && reference.bytes().any(|byte| byte.is_ascii_digit()) {
            Ok(Reference(reference.to_owned()))
        } else {
            Err(NotAWord {
                expected: "a reference: at most 40 letters, digits, spaces, - / . _, one of them a digit",
            })
        }
    }

    /// The reference as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Reference::new(&text).map_err(serde::de::Error::custom)
    }
}

/// What a case is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// An enquiry under section 47 of the Children Act 1989.
    Section47,
    /// A serious case review.
    CaseReview,
    /// A child's death.
    ChildDeath,
    /// A look that may have been misuse, every override among them.
    Misuse,
}

/// Most records of one bundle: what it shows is held in memory while it is made.
pub const BUNDLE_RECORDS_MAX: u32 = 20_000;

/// SHA-256 of what a bundle claims, written as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BundleDigest(pub [u8; 32]);

impl Serialize for BundleDigest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let text: String = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for BundleDigest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom("a digest is 64 hexadecimal digits");
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != 32 || !rest.is_empty() {
            return Err(wrong());
        }
        let mut digest = [0; 32];
        for (byte, pair) in digest.iter_mut().zip(pairs) {
            let digits = str::from_utf8(pair).ok().filter(|digits| !digits.starts_with('+'));
            *byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).ok_or_else(wrong)?;
        }
        Ok(BundleDigest(digest))
    }
}

/// A bundle of evidence was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleMade {
    /// Who asked for it.
    pub by: AccountId,
    /// Number of children replayed in it.
    pub children: u32,
    /// Number of records shown in it.
    pub records: u32,
    /// Of these, those that can be opened with what is in it.
    pub opened: u32,
    /// SHA-256 of what it claims.
    pub sha256: BundleDigest,
}

/// A case was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Its id.
    pub case: CaseId,
    /// Its reference.
    pub reference: Reference,
    /// Whose histories; 1-50.
    pub children: Vec<ChildId>,
    /// What for.
    pub purpose: Purpose,
    /// Its last day.
    pub expires_on: NaiveDate,
    /// Who opened it.
    pub by: AccountId,
}

/// What happened to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum Event {
    /// An investigator opened a case; it gives no right yet.
    CaseOpened(Opened),
    /// Another person approved it.
    CaseApproved {
        /// Who.
        by: AccountId,
        /// Whether shields are lifted for this case.
        lifts_shields: bool,
    },
    /// The case was closed.
    CaseClosed,
    /// A bundle of evidence of the case was made, and may have left.
    BundleMade(BundleMade),
}

/// What is remembered of a case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Case {
    /// What was opened, once it was.
    pub opened: Option<Opened>,
    /// Who approved it, once someone did.
    pub approved_by: Option<AccountId>,
    /// Whether shields are lifted for it.
    pub lifts_shields: bool,
    /// Closed.
    pub closed: bool,
}

/// What may be asked about a case.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the events")]
pub enum Command {
    /// Open it.
    Open(Opened),
    /// Approve it.
    Approve { by: AccountId, lifts_shields: bool },
    /// Close it.
    Close,
    /// Bear a bundle of its evidence.
    Bundle(BundleMade),
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such case was opened.
    #[error("no such case")]
    Unknown,
    /// A case of this id was opened before, of another content.
    #[error("this case was opened before")]
    AlreadyOpened,
    /// No child, or too many.
    #[error("a case names 1 to {CHILDREN_MAX} children")]
    ChildrenOutOfRange,
    /// The last day lies in the past or too far ahead.
    #[error("a case ends between today and {EXPIRY_MONTHS_MAX} months ahead")]
    ExpiryOutOfRange,
    /// It is closed.
    #[error("the case is closed")]
    Closed,
    /// Its last day has passed.
    #[error("the case has expired")]
    Expired,
    /// Nobody approves their own case.
    #[error("a case is approved by another person than the one who opened it")]
    OwnCase,
    /// It was approved before, otherwise.
    #[error("the case was approved before")]
    AlreadyApproved,
    /// Nobody approved it.
    #[error("the case is not approved")]
    NotApproved,
    /// The child is not one of the case's.
    #[error("the case does not name this child")]
    ChildNotInCase,
    /// More records than a bundle holds.
    #[error("a bundle holds at most {BUNDLE_RECORDS_MAX} records")]
    BundleTooLarge,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Unknown => "case_unknown",
            Refusal::AlreadyOpened => "case_known",
            Refusal::ChildrenOutOfRange => "children_out_of_range",
            Refusal::ExpiryOutOfRange => "expiry_out_of_range",
            Refusal::Closed => "case_closed",
            Refusal::Expired => "case_expired",
            Refusal::OwnCase => "own_case",
            Refusal::AlreadyApproved => "case_approved",
            Refusal::NotApproved => "case_not_approved",
            Refusal::ChildNotInCase => "child_not_in_case",
            Refusal::BundleTooLarge => "bundle_too_large",
        }
    }
}

impl Case {
    /// Judges whether the case lets its investigator replay a child's history on a civil day.
    ///
    /// # Errors
    /// In this order: `Unknown`, `Closed`, `NotApproved`, `Expired`, `ChildNotInCase`.
    pub fn usable(&self, today: NaiveDate, child: ChildId) -> Result<(), Refusal> {
        let opened = self.in_force(today)?;
        if opened.children.contains(&child) { Ok(()) } else { Err(Refusal::ChildNotInCase) }
    }

    /// What was opened, where it gives its investigator rights on a civil day.
    ///
    /// # Errors
    /// In this order: `Unknown`, `Closed`, `NotApproved`, `Expired`.
    pub fn in_force(&self, today: NaiveDate) -> Result<&Opened, Refusal> {
        let opened = self.opened.as_ref().ok_or(Refusal::Unknown)?;
        if self.closed {
            Err(Refusal::Closed)
        } else if self.approved_by.is_none() {
            Err(Refusal::NotApproved)
        } else if opened.expires_on < today {
            Err(Refusal::Expired)
        } else {
            Ok(opened)
        }
    }
}

impl Decider for Case {
    type Event = Event;
    type Command = Command;
    type Refusal = Refusal;
    type State = Case;

    fn decide(state: &Case, command: &Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        let today = england_day(now);
        if let Command::Open(asked) = command {
            return open(state, asked, today);
        }
        let opened = state.opened.as_ref().ok_or(Refusal::Unknown)?;
        match command {
            Command::Open(_) => Ok(Vec::new()),
            Command::Close if state.closed => Ok(Vec::new()),
            Command::Close => Ok(vec![Event::CaseClosed]),
            Command::Bundle(made) => bundle(state, made, today),
            Command::Approve { .. } if state.closed => Err(Refusal::Closed),
            Command::Approve { .. } if opened.expires_on < today => Err(Refusal::Expired),
            Command::Approve { by, .. } if *by == opened.by => Err(Refusal::OwnCase),
            Command::Approve { by, lifts_shields } => match state.approved_by {
                None => Ok(vec![Event::CaseApproved { by: *by, lifts_shields: *lifts_shields }]),
                Some(known) if known == *by && state.lifts_shields == *lifts_shields => Ok(Vec::new()),
                Some(_) => Err(Refusal::AlreadyApproved),
            },
        }
    }

    fn evolve(state: &mut Case, event: &Event, _when: When) {
        match event {
            Event::CaseOpened(opened) => state.opened = Some(opened.clone()),
            Event::CaseApproved { by, lifts_shields } => {
                state.approved_by = Some(*by);
                state.lifts_shields = *lifts_shields;
            }
            Event::CaseClosed => state.closed = true,
            // It gives and takes no right; whoever asks again gets another.
            Event::BundleMade(_) => (),
        }
    }
}

fn bundle(case: &Case, made: &BundleMade, today: NaiveDate) -> Result<Vec<Event>, Refusal> {
    let opened = case.in_force(today)?;
    if opened.by != made.by {
        Err(Refusal::Unknown)
    } else if made.records > BUNDLE_RECORDS_MAX {
        Err(Refusal::BundleTooLarge)
    } else {
        Ok(vec![Event::BundleMade(made.clone())])
    }
}

fn open(case: &Case, asked: &Opened, today: NaiveDate) -> Result<Vec<Event>, Refusal> {
    match &case.opened {
        Some(known) if known == asked => return Ok(Vec::new()),
        Some(_) => return Err(Refusal::AlreadyOpened),
        None => (),
    }
    if !(1..=CHILDREN_MAX).contains(&asked.children.len()) {
        return Err(Refusal::ChildrenOutOfRange);
    }
    let latest = today.checked_add_months(Months::new(EXPIRY_MONTHS_MAX)).unwrap_or(today);
    if asked.expires_on < today || asked.expires_on > latest {
        return Err(Refusal::ExpiryOutOfRange);
    }
    Ok(vec![Event::CaseOpened(asked.clone())])
}
