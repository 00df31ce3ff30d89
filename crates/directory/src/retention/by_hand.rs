//! What people say of how long one record is kept: holds, and a young person's word to stay.
//!
//! Nothing of the record is shown, and another authority's reads as one that nobody has: a hold is placed on what lies
//! in the archive, too, where nobody reads it any longer. Source: domain.md 4.6.

use events::{
    case::Reference,
    child::{
        Command,
        retention::{self, ExtensionBasis, HoldGround},
    },
};
use visibility::permission::{Action, Relation};
use vocabulary::{ChildNumber, HoldId, Label, Method};

use crate::{Directory, by_hand::HandError, outcome::Pending, people::Person};

/// What is asked of one record's keeping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldAsk {
    /// Keep it from being purged.
    Place {
        /// Why.
        ground: HoldGround,
        /// The reference of the office that asks.
        reference: Reference,
    },
    /// Keep it so no longer.
    Lift(HoldId),
    /// Keep it until twenty-five, as the young person agreed.
    Extend {
        /// For whom it may stay.
        basis: ExtensionBasis,
        /// How it was agreed.
        method: Method,
        /// Which notice they were given.
        notice_version: Label,
        /// On which day.
        decided_on: chrono::NaiveDate,
    },
    /// Keep it so no longer.
    Withdraw {
        /// Since which day.
        decided_on: chrono::NaiveDate,
    },
}

impl Directory {
    /// Takes a word on how long a record is kept; answers the id of the hold, where it is about one.
    ///
    /// # Errors
    /// `Unknown`: no such child, or another authority's. `Refused`: not the team's to say, or a rule said no.
    pub fn keep_record(
        &self,
        person: &Person,
        number: ChildNumber,
        ask: HoldAsk,
    ) -> Result<(Option<HoldId>, Pending), HandError> {
        let action = match ask {
            HoldAsk::Place { .. } | HoldAsk::Lift(_) => Action::HoldRecord,
            HoldAsk::Extend { .. } | HoldAsk::Withdraw { .. } => Action::ExtendArchiveAge,
        };
        person.may(action, Relation::OwnAuthority)?;
        let id = self.numbered_itself(number)?;
        self.unrelated(person, number, id)?;
        let id = id.ok_or_else(|| self.named_nobody(person))?;
        let _alone = self.desk_mut();
        let root = self.kinship().root(id);
        let known = self.load(root)?.child;
        if person.relation_to(&known) != Relation::OwnAuthority || !known.is_registered() {
            return Err(self.named_nobody(person));
        }
        let by = person.account;
        let (hold, command) = match ask {
            HoldAsk::Place { ground, reference } => {
                // The same word again is the same hold.
                let same = known
                    .holds
                    .iter()
                    .find(|(_, held)| (held.ground, &held.reference, held.by) == (ground, &reference, by));
                let hold = same.map_or_else(|| HoldId::new(self.ids().next()), |(hold, _)| *hold);
                (Some(hold), retention::Command::PlaceHold { hold, ground, reference, by })
            }
            HoldAsk::Lift(hold) => (Some(hold), retention::Command::LiftHold { hold, by }),
            HoldAsk::Extend { basis, method, notice_version, decided_on } => {
                (None, retention::Command::ExtendAge { basis, method, notice_version, decided_on })
            }
            HoldAsk::Withdraw { decided_on } => (None, retention::Command::WithdrawAge { decided_on }),
        };
        Ok((hold, self.run(person, root, &[Command::Retention(command)])?))
    }
}
