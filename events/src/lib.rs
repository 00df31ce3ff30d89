//! What can happen, and when it may. Pure: no clock, no ids, no I/O.
//!
//! Read in this order: [`decider`] (the shape of every decision), [`child`] (the boundary that most of the
//! directory is about) and its topics, [`supplied`] (what the wire may say), [`looker`], [`access`] and
//! [`search`] (looks), [`account`], [`organisation`], [`assertion`] and [`id_token`] (who may act), [`intake`] (what
//! waits), [`case`], [`brokering`], [`rights`], [`policy`] and [`erasure`], [`codec`] (how facts are stored),
//! [`catalogue`] (every fact, in a sentence).

pub mod access;
pub mod account;
pub mod assertion;
pub mod brokering;
pub mod case;
pub mod catalogue;
pub mod ceiling;
pub mod child;
pub mod codec;
pub mod decider;
pub mod erasure;
pub mod id_token;
pub mod intake;
pub mod looker;
pub mod organisation;
pub mod policy;
pub mod recorded;
pub mod refused;
pub mod rights;
pub mod search;
pub mod secret;
#[cfg(any(test, feature = "spec"))]
pub mod spec;
pub mod standing;
pub mod supplied;
pub mod told;
pub mod upcast;
pub mod weighing;

use serde::Serialize;
use vocabulary::StreamKind;

/// What happened, of every family of streams.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Fact {
    /// To a child.
    Child(child::Event),
    /// To an item that a supplier sent.
    Intake(intake::Event),
    /// At a child's record.
    Access(access::Event),
    /// When a user searched.
    Search(search::Event),
    /// To an account.
    Account(account::Event),
    /// To an organisation.
    Organisation(organisation::Event),
    /// To a case.
    Case(case::Event),
    /// To the policy.
    Policy(policy::Event),
    /// To keys.
    Erasure(erasure::Event),
    /// To a request to a duty desk.
    Brokering(brokering::Event),
    /// To a request of a person about what is held of them.
    Rights(rights::Event),
}

impl Fact {
    /// The family of streams that it belongs to.
    pub fn kind(&self) -> StreamKind {
        match self {
            Fact::Child(_) => StreamKind::Child,
            Fact::Intake(_) => StreamKind::Intake,
            Fact::Access(_) => StreamKind::Access,
            Fact::Search(_) => StreamKind::Search,
            Fact::Account(_) => StreamKind::Account,
            Fact::Organisation(_) => StreamKind::Organisation,
            Fact::Case(_) => StreamKind::Case,
            Fact::Policy(_) => StreamKind::Policy,
            Fact::Erasure(_) => StreamKind::Erasure,
            Fact::Brokering(_) => StreamKind::Brokering,
            Fact::Rights(_) => StreamKind::Rights,
        }
    }
}
