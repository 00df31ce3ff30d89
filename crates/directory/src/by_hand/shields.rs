//! Shields by hand: anyone who may write asks, the responsible authority decides. No feed ever does.
//!
//! Source: rules.md 2; domain.md 3.4; invariant I-7.

use events::child::{Command, shield};
use visibility::permission::{Action, Relation};
use vocabulary::{ChildNumber, ShieldId};

use super::HandError;
use crate::{Directory, outcome::Pending, people::Person};

/// What is asked about a shield.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShieldAsk {
    /// Ask for one, or apply it where the asker's role may.
    Shield {
        /// Why.
        ground: shield::Ground,
        /// By which day it is reviewed; six months ahead where nothing is said.
        review_by: Option<chrono::NaiveDate>,
    },
    /// Apply a shield that was asked for.
    Apply {
        /// Which request.
        shield: ShieldId,
        /// Why.
        ground: shield::Ground,
        /// By which day it is reviewed.
        review_by: chrono::NaiveDate,
    },
    /// Refuse a request.
    Refuse(ShieldId),
    /// Keep a shield after its review.
    Keep {
        /// Which.
        shield: ShieldId,
        /// By which day it is reviewed again.
        review_by: chrono::NaiveDate,
    },
    /// Lift it.
    Lift(ShieldId),
}

impl Directory {
    /// Asks for a shield, applies, refuses, keeps or lifts one.
    ///
    /// Anyone who may write asks; the responsible authority's team and data manager decide. No feed ever does
    /// (invariant I-7). Answers the shield's id.
    ///
    /// # Errors
    /// `Unknown`: no such child, or concealed. `Refused`: a rule said no.
    pub fn shield(
        &self,
        person: &Person,
        number: ChildNumber,
        ask: ShieldAsk,
    ) -> Result<(ShieldId, Pending), HandError> {
        let id = self.visible(person, number)?;
        let _alone = self.desk_mut();
        let known = self.load(id)?;
        let may_decide = person.may(Action::DecideShield, self.relation_to(person, id, &known.child)?);
        let decides = may_decide.is_ok();
        let today = vocabulary::england_day(self.clock().now());
        let half_a_year =
            today.checked_add_months(chrono::Months::new(shield::REVIEW_MONTHS_MAX)).unwrap_or(today);
        let (shield_id, command) = match ask {
            ShieldAsk::Shield { ground, review_by } => {
                let shield = ShieldId::new(self.ids().next());
                let command = if decides {
                    shield::Command::Apply { shield, ground, review_by: review_by.unwrap_or(half_a_year) }
                } else {
                    person.may(Action::AskForShield, Relation::Elsewhere)?;
                    shield::Command::Request { shield, by: person.organisation.clone(), ground }
                };
                (shield, command)
            }
            ShieldAsk::Apply { shield, ground, review_by } => {
                (shield, shield::Command::Apply { shield, ground, review_by })
            }
            ShieldAsk::Refuse(shield) => (shield, shield::Command::Refuse { shield }),
            ShieldAsk::Keep { shield, review_by } => (shield, shield::Command::Keep { shield, review_by }),
            ShieldAsk::Lift(shield) => (shield, shield::Command::Lift { shield }),
        };
        let asking = matches!(command, shield::Command::Request { .. });
        if !asking {
            may_decide?;
        }
        let pending = self.run(person, id, &[Command::Shield(command)])?;
        Ok((shield_id, pending))
    }

    /// The child that a shield or a request of this id stands on.
    ///
    /// # Errors
    /// `Unknown`: no such shield, or its child is concealed from this person.
    pub fn child_of_shield(&self, person: &Person, shield: ShieldId) -> Result<ChildNumber, HandError> {
        let found = self.shielded(shield)?.ok_or(HandError::Unknown)?;
        let number = self.load(found)?.child.number.ok_or(HandError::Unknown)?;
        self.visible(person, number)?;
        Ok(number)
    }
}
