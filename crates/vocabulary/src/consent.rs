//! Words of consent decisions and of suspected significant harm.
//!
//! Source: SI 2007/2182 regulation 11(3); rules.md 3; domain.md 2.

use serde::{Deserialize, Serialize};

/// What was decided about a sensitive service's entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentDecision {
    /// The entry may be held.
    Given,
    /// It may not; nothing about the service is kept.
    Refused,
    /// It may no longer; the entry goes from every view at once.
    Withdrawn,
}

/// Who decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GivenBy {
    /// The child or young person.
    Child,
    /// A person with parental responsibility.
    Parent,
}

/// How the child's understanding was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Competence {
    /// Presumed from the age of 12.
    #[serde(rename = "presumed_12_or_over")]
    Presumed12OrOver,
    /// Judged able to decide.
    AssessedCompetent,
    /// Judged not yet able to decide.
    AssessedNotCompetent,
}

/// How the decision was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Face to face.
    FaceToFace,
    /// By telephone.
    Telephone,
    /// In writing.
    Written,
}

/// Ground for suspecting significant harm (section 31 Children Act 1989).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each name is the contract's own word; a sentence would only repeat it")]
pub enum HarmGround {
    Physical,
    Emotional,
    Sexual,
    Neglect,
    Other,
}
