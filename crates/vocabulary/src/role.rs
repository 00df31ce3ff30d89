//! Roles: what a person's account is for. One role an account.
//!
//! Source: contract.md section 5; rules.md 2.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{NotAWord, wording::find};

/// What a person may do, decided by their employer and the authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks up a child and records the own involvement.
    Practitioner,
    /// A practitioner with child-protection duties who may override a shield.
    PractitionerOverride,
    /// Staff of a national body that no single authority accredits.
    NationalPartner,
    /// Looks up for an authorised colleague who has no screen at hand.
    Mediator,
    /// The employer's manager of accounts; sees own staff's looks without children's names.
    UserManager,
    /// The authority's directory team.
    AuthorityTeam,
    /// The authority's data manager: the team's rights and the first year of the archive.
    DataManager,
    /// Reads who looked, of its own authority or nationally.
    Auditor,
    /// Replays one child's history under an approved case.
    Investigator,
    /// Approves an investigator's case; reads nothing.
    CaseApprover,
    /// Keeps organisations and accounts; reads nothing.
    Administrator,
    /// Runs the machine; reads nothing.
    Operator,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 12] = [
        Role::Practitioner,
        Role::PractitionerOverride,
        Role::NationalPartner,
        Role::Mediator,
        Role::UserManager,
        Role::AuthorityTeam,
        Role::DataManager,
        Role::Auditor,
        Role::Investigator,
        Role::CaseApprover,
        Role::Administrator,
        Role::Operator,
    ];

    /// The contract's word for it.
    pub fn name(self) -> &'static str {
        match self {
            Role::Practitioner => "practitioner",
            Role::PractitionerOverride => "practitioner_override",
            Role::NationalPartner => "national_partner",
            Role::Mediator => "mediator",
            Role::UserManager => "user_manager",
            Role::AuthorityTeam => "authority_team",
            Role::DataManager => "data_manager",
            Role::Auditor => "auditor",
            Role::Investigator => "investigator",
            Role::CaseApprover => "case_approver",
            Role::Administrator => "administrator",
            Role::Operator => "operator",
        }
    }
}

impl FromStr for Role {
    type Err = NotAWord;

    fn from_str(word: &str) -> Result<Self, NotAWord> {
        find(&Role::ALL, Role::name, word, "a role of the closed list")
    }
}
