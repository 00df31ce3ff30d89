//! Words of a look: through which door, how sure of the person, and which groups of fields were shown.
//!
//! Source: rules.md 2 (groups A to J) and 5.4 (assurance).

use serde::{Deserialize, Serialize};

/// By which of the three ways in, or as the system itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Own sign-in, by page or program.
    Web,
    /// Through a case management system, on behalf of a named user.
    Cms,
    /// Through a mediator.
    Mediated,
    /// From the shell of the machine.
    Shell,
}

/// How sure the directory is that the acting person is who is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// Signed in here, with password and one-time code or a passkey.
    OwnSignIn,
    /// Vouched for by a case management system; cannot override a shield.
    AssertedByCms,
}

/// The groups of fields that views are granted (rules.md 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FieldGroup {
    /// Current and known-as names, gender, date of birth, child number, death.
    A,
    /// Former names.
    A2,
    /// Carers' names.
    B,
    /// Carers' contacts, the address, responsible authority, outcode, 'left England'.
    C,
    /// Education, primary care, universal services, gaps.
    D,
    /// Additional involvements, lead professional, common assessment, patterns.
    E,
    /// The line 'an unspecified sensitive service: ask the directory team'.
    F,
    /// Sensitive and protected entries whole.
    G,
    /// Identifiers of other bodies.
    H,
    /// History, merges.
    I,
    /// Who looked.
    J,
}

impl FieldGroup {
    /// Every group, in the order of the rules.
    pub const ALL: [FieldGroup; 11] = [
        FieldGroup::A,
        FieldGroup::A2,
        FieldGroup::B,
        FieldGroup::C,
        FieldGroup::D,
        FieldGroup::E,
        FieldGroup::F,
        FieldGroup::G,
        FieldGroup::H,
        FieldGroup::I,
        FieldGroup::J,
    ];

    /// The letter of the rules.
    pub fn name(self) -> &'static str {
        match self {
            FieldGroup::A => "A",
            FieldGroup::A2 => "A2",
            FieldGroup::B => "B",
            FieldGroup::C => "C",
            FieldGroup::D => "D",
            FieldGroup::E => "E",
            FieldGroup::F => "F",
            FieldGroup::G => "G",
            FieldGroup::H => "H",
            FieldGroup::I => "I",
            FieldGroup::J => "J",
        }
    }
}
