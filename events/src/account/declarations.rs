//! Declarations of an account's person: children whom they are related to, and where they live.
//!
//! Whom somebody is related to they do not look at (invariant I-21). The home is declared freely and kept as keyed
//! hashes, to be compared with children's homes and for nothing else (ADR-0040, ADR-0048).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, ChildNumber, KeyedRef};

use super::{Account, Event, Refusal};
use crate::decider::When;

/// Children whom one person declares to be related to: more than a family has, and its friends'.
pub const RELATIONSHIPS_MAX: usize = 30;

/// Where a person lives, as it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// House and postcode, as a keyed hash; none where no house is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub house: Option<KeyedRef>,
    /// The postcode, as a keyed hash.
    #[serde(rename = "home_postcode")]
    pub postcode: KeyedRef,
}

/// What may be asked about a declaration. `by` is absent where someone at the shell of the machine asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declaration {
    /// The person is related to the child of this number.
    Related(ChildNumber),
    /// They are not, or no more: said by another, so that nobody frees themself to look.
    NotRelated {
        /// The number that was declared.
        child: ChildNumber,
        /// Who says so.
        by: Option<AccountId>,
    },
    /// The person lives there.
    LivesAt(Home),
    /// Where they live is to be forgotten.
    LivesUntold,
}

/// What follows from a declaration of an account that is not closed.
pub(super) fn decide(account: &Account, declared: &Declaration) -> Result<Vec<Event>, Refusal> {
    Ok(match declared {
        Declaration::Related(child) if account.related.contains_key(child) => Vec::new(),
        Declaration::Related(_) if account.related.len() >= RELATIONSHIPS_MAX => {
            return Err(Refusal::RelationshipsTooMany);
        }
        Declaration::Related(child) => vec![Event::RelationshipDeclared { related_to: *child }],
        Declaration::NotRelated { child, .. } if !account.related.contains_key(child) => {
            return Err(Refusal::RelationshipUnknown);
        }
        Declaration::NotRelated { child, by } => {
            vec![Event::RelationshipWithdrawn { related_to: *child, by: *by }]
        }
        Declaration::LivesAt(home) if account.home.is_some_and(|(held, _)| held == *home) => Vec::new(),
        Declaration::LivesAt(home) => vec![Event::HomeDeclared(*home)],
        Declaration::LivesUntold if account.home.is_none() => Vec::new(),
        Declaration::LivesUntold => vec![Event::HomeWithdrawn],
    })
}

/// Moves the account on by what its person declared.
pub(super) fn evolve(account: &mut Account, event: &Event, when: When) {
    if let Event::RelationshipDeclared { related_to } = event {
        account.related.insert(*related_to, when.recorded_at);
    } else if let Event::RelationshipWithdrawn { related_to, .. } = event {
        account.related.remove(related_to);
    } else if let Event::HomeDeclared(home) = event {
        account.home = Some((*home, when.recorded_at));
    } else if let Event::HomeWithdrawn = event {
        account.home = None;
    }
}

/// Children declared, with the time of each.
pub type Related = std::collections::BTreeMap<ChildNumber, DateTime<Utc>>;
