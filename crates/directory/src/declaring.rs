//! Declaring: children to whom a person is related, and where they live.
//!
//! Whom one is related to one neither looks at nor writes about (invariant I-21). A declaration takes a number
//! whether or not anybody has it, so that it tells nobody who has a record. Source: domain.md 6; ADR-0048.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use events::{
    account::{self, Account, Declaration, Home},
    child::Child,
};
use linkage::normal;
use vault::Vault;
use visibility::{
    Viewer,
    permission::{Action, Relation},
};
use vocabulary::{AccountId, Address, ChildId, ChildNumber};

use crate::{
    Directory,
    admin::{AccountAct, Acted, AdminError},
    by_hand::HandError,
    children::LoadError,
    keying,
    people::Person,
    permitting::Denied,
};

/// What a person declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The children, by the numbers given, and when each was declared.
    pub relationships: account::Related,
    /// When the home that is compared was declared; where it is is kept by nobody.
    pub home_since: Option<DateTime<Utc>>,
}

impl Directory {
    /// Declares a relationship with the child of a number. Cost: one append (one fsync).
    ///
    /// # Errors
    /// `Refused`: thirty were declared before, or a CMS asks.
    pub fn declare_relationship(&self, person: &Person, child: ChildNumber) -> Result<Acted, AdminError> {
        person.may(Action::Declare, Relation::Oneself)?;
        self.act_on_own_account(person, &account::Command::Declare(Declaration::Related(child)))
    }

    /// Ends a relationship that another person declared.
    ///
    /// # Errors
    /// `Unknown`: no such account, or not one that this person keeps. `Refused`: not declared, or their own.
    pub fn withdraw_relationship(
        &self,
        person: &Person,
        account: AccountId,
        child: ChildNumber,
    ) -> Result<Acted, AdminError> {
        self.administer_account(person, account, AccountAct::WithdrawRelationship(child))
    }

    /// Declares where a person lives, so that a look at a child of the same home stands out; `None` forgets it.
    ///
    /// # Errors
    /// `Malformed`: the address. `Refused`: without a postcode there is nothing to compare, or a CMS asks.
    pub fn declare_home(&self, person: &Person, address: Option<&Address>) -> Result<Acted, AdminError> {
        person.may(Action::Declare, Relation::Oneself)?;
        let declared = match address {
            None => Declaration::LivesUntold,
            Some(address) => {
                let home = home_of(self.vault(), &address.clone().checked()?).ok_or(AdminError::Refused {
                    code: "home_without_postcode",
                    detail: "a home is compared by its postcode and house; give the postcode".to_owned(),
                })?;
                Declaration::LivesAt(home)
            }
        };
        self.act_on_own_account(person, &account::Command::Declare(declared))
    }

    /// What a person declared about themself.
    pub fn declared_by(&self, person: &Person) -> Declared {
        let register = self.register();
        let held = register.account(person.account);
        Declared {
            relationships: held.map(|held| held.related.clone()).unwrap_or_default(),
            home_since: held.and_then(|held| Some(held.home?.1)),
        }
    }

    /// The numbers with whose children the viewer, or whoever they look for, declared a relationship.
    fn related_numbers(&self, viewer: &Viewer) -> BTreeSet<ChildNumber> {
        let register = self.register();
        let people = std::iter::successors(Some(viewer), |person| person.mediated_for.as_deref());
        let held = people.filter_map(|person| register.account(person.account));
        held.flat_map(|held: &Account| held.related.keys().copied()).collect()
    }

    /// The children with whom the viewer, or whoever they look for, declared a relationship, each by the record
    /// that answers for it. Cost: one lookup a declaration; nearly everybody has none.
    ///
    /// # Errors
    /// A machine failed.
    pub(crate) fn related(&self, viewer: &Viewer) -> Result<BTreeSet<ChildId>, LoadError> {
        let mut related = BTreeSet::new();
        for number in self.related_numbers(viewer) {
            related.extend(self.numbered(number)?);
        }
        Ok(related)
    }

    /// Whether a relationship is declared with the child of a number; `id` is the child where this viewer may know
    /// that there is one, since a number that was merged away says so too.
    ///
    /// # Errors
    /// A machine failed.
    pub(crate) fn is_related(
        &self,
        viewer: &Viewer,
        number: ChildNumber,
        id: Option<ChildId>,
    ) -> Result<bool, LoadError> {
        let numbers = self.related_numbers(viewer);
        if numbers.contains(&number) {
            return Ok(true);
        }
        let Some(id) = id.filter(|_| !numbers.is_empty()) else { return Ok(false) };
        Ok(self.related(viewer)?.contains(&self.kinship().root(id)))
    }

    /// The relation of a person to a child's record: declared by themself, else whether their authority answers.
    ///
    /// # Errors
    /// A machine failed.
    pub(crate) fn relation_to(
        &self,
        person: &Person,
        id: ChildId,
        child: &Child,
    ) -> Result<Relation, LoadError> {
        let related = self.related(&person.viewer())?;
        let declared = related.contains(&self.kinship().root(id));
        Ok(if declared { Relation::Declared } else { person.relation_to(child) })
    }

    /// Refuses whoever declared a relationship with the child, as [`Directory::is_related`] says.
    ///
    /// # Errors
    /// `Refused`: it is declared. Others: a machine failed.
    pub(crate) fn unrelated(
        &self,
        person: &Person,
        number: ChildNumber,
        id: Option<ChildId>,
    ) -> Result<(), HandError> {
        if self.is_related(&person.viewer(), number, id)? {
            return Err(Denied::declared_relationship().into());
        }
        Ok(())
    }
}

/// The home of an address as it is compared; none without a postcode.
pub(crate) fn home_of(vault: &Vault, address: &Address) -> Option<Home> {
    let postcode = address.postcode.as_ref()?.as_str();
    let (street, house) = address.lines.first().map(|line| normal::street(line)).unwrap_or_default();
    Some(Home {
        house: house.map(|house| keying::home(vault, &[&house, &street, postcode])),
        postcode: keying::home(vault, &[postcode]),
    })
}
