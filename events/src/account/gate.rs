//! Gates: what must be passed before an account may act.
//!
//! Source: domain.md 5.2. The first of the eight, the employer's accreditation, is the organisation's own.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vocabulary::AccountId;

/// A gate, in the order of domain.md 5.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// The job stands on the list of those who may be granted access, and the work needs it.
    EligibleRole,
    /// The line manager authorised it.
    ManagerAuthorisation,
    /// Enhanced disclosure check, renewed every three years.
    DisclosureCheck,
    /// Mandatory training was completed.
    Training,
    /// The end-user agreement was signed.
    Agreement,
    /// Monitoring by the safeguarding authority: it never came into force, so it counts where recorded.
    Monitoring,
    /// User name, password, PIN and token were issued.
    Token,
}

impl Gate {
    /// Every gate, in order.
    pub const ALL: [Gate; 7] = [
        Gate::EligibleRole,
        Gate::ManagerAuthorisation,
        Gate::DisclosureCheck,
        Gate::Training,
        Gate::Agreement,
        Gate::Monitoring,
        Gate::Token,
    ];

    /// Those without which no account acts.
    pub const REQUIRED: [Gate; 6] = [
        Gate::EligibleRole,
        Gate::ManagerAuthorisation,
        Gate::DisclosureCheck,
        Gate::Training,
        Gate::Agreement,
        Gate::Token,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Gate::EligibleRole => "eligible_role",
            Gate::ManagerAuthorisation => "manager_authorisation",
            Gate::DisclosureCheck => "disclosure_check",
            Gate::Training => "training",
            Gate::Agreement => "agreement",
            Gate::Monitoring => "monitoring",
            Gate::Token => "token",
        }
    }

    /// Tells whether it must name its last day.
    pub fn runs_out(self) -> bool {
        matches!(self, Gate::DisclosureCheck | Gate::Training)
    }
}

/// A gate as remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GateHeld {
    /// Who recorded it; absent for the shell of the machine.
    pub by: Option<AccountId>,
    /// The last day it holds; absent when it does not run out.
    pub valid_until: Option<NaiveDate>,
}
