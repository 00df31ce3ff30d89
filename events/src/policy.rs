//! Policy: the settings marked † in the rules, versioned, each version signed by two people.
//!
//! Source: rules.md (every †), domain.md I-25: two signers, never applied to what was stored before.

mod bases;
mod conditions;
mod reasons;
mod retention;
mod sampling;
mod settings;
#[cfg(test)]
mod spec;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, Label, england_day};

use crate::{
    decider::{Decider, When},
    refused::Code,
};

pub use bases::{Bases, LegalBasis};
pub use conditions::{Condition, Conditions, Participation, wording};
pub use reasons::{Demand, Reasons};
pub use retention::Retention;
pub use sampling::Sampling;
pub use settings::{Policy, RESULTS_MAX, Scope};

/// What happened to the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum Event {
    /// Somebody proposed settings and signed for them; they wait for another's signature.
    PolicyProposed {
        /// Which proposal, from 1; a newer one takes the place of an older.
        proposal: u64,
        /// All settings.
        settings: Box<Policy>,
        /// Who.
        by: AccountId,
    },
    /// Two people put a version of the settings in force.
    PolicyChanged {
        /// All settings, not the difference, so that each version can be read alone.
        settings: Box<Policy>,
        /// Who signed: two different people.
        signed_by: [AccountId; 2],
        /// Which version, from 1; the defaults are version 0.
        version: u64,
    },
    /// The model that weighs descriptions from here on was published; the program brings it (matching.md 3.3).
    ModelPublished(Published),
    /// A version of the notice that families are given was published.
    NoticePublished(PublishedNotice),
}

/// A version of the notice that families are given. Its words stand elsewhere; consents name the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedNotice {
    /// Its version.
    pub version: Label,
    /// The day from which it is given.
    pub on: NaiveDate,
    /// Who published it.
    pub by: AccountId,
}

/// A model of linkage, by what each weighing names it and by what its file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// Its version, as weighings name it.
    pub model: Code,
    /// The first half of the SHA-256 of its file, in hexadecimal digits.
    pub digest: Code,
}

/// The policy in force: settings and their version; the defaults until someone signs others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InForce {
    /// Which version; 0 for the defaults.
    pub version: u64,
    /// The settings.
    pub settings: Policy,
    /// The model of linkage, once one was published.
    pub model: Option<Published>,
    /// What waits for a second signature.
    pub proposed: Option<Proposal>,
    /// How many proposals there were.
    pub proposals: u64,
    /// The versions of the notice, the first published first: the place of one is its publication, from 1.
    pub notices: Vec<PublishedNotice>,
}

/// Settings that wait for a second signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Which.
    pub proposal: u64,
    /// All settings.
    pub settings: Policy,
    /// Who signed first.
    pub by: AccountId,
}

/// What may be asked about the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Put settings in force.
    Change {
        /// All settings.
        settings: Box<Policy>,
        /// Who signs.
        signed_by: [AccountId; 2],
    },
    /// Propose settings and sign for them.
    Propose {
        /// All settings.
        settings: Box<Policy>,
        /// Who.
        by: AccountId,
    },
    /// Sign what another proposed.
    Sign {
        /// Which proposal: what was read is what is signed.
        proposal: u64,
        /// Who.
        by: AccountId,
    },
    /// Publish a model: the one in use, unless it is published already.
    Publish(Published),
    /// Publish a version of the notice.
    PublishNotice(PublishedNotice),
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// I-25: one person signed twice.
    #[error("a policy needs two different signers")]
    OneSigner,
    /// No such proposal waits.
    #[error("no such proposal waits for a signature; a newer one may have taken its place")]
    ProposalUnknown,
    /// Another publication had this version.
    #[error("this version of the notice was published before")]
    NoticePublished,
    /// The day is still to come.
    #[error("a notice is published on the day from which it is given, or after it")]
    NoticeToCome,
    /// A setting lies outside what the rules allow.
    #[error("the setting {setting} lies outside what the rules allow")]
    OutOfRange {
        /// The setting's name.
        setting: &'static str,
    },
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::OneSigner => "one_signer",
            Refusal::ProposalUnknown => "proposal_unknown",
            Refusal::NoticePublished => "notice_published",
            Refusal::NoticeToCome => "notice_to_come",
            Refusal::OutOfRange { .. } => "setting_out_of_range",
        }
    }
}

impl Decider for InForce {
    type Event = Event;
    type Command = Command;
    type Refusal = Refusal;
    type State = InForce;

    fn decide(state: &InForce, command: &Command, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        let (settings, signed_by) = match command {
            Command::Propose { settings, by } => {
                settings.in_range().map_err(|setting| Refusal::OutOfRange { setting })?;
                let waiting = state.proposed.as_ref();
                if waiting.is_some_and(|known| known.by == *by && known.settings == **settings) {
                    return Ok(Vec::new());
                }
                let proposal = state.proposals + 1;
                return Ok(vec![Event::PolicyProposed { proposal, settings: settings.clone(), by: *by }]);
            }
            Command::Sign { proposal, by } => {
                let waiting = state.proposed.as_ref().filter(|known| known.proposal == *proposal);
                let waiting = waiting.ok_or(Refusal::ProposalUnknown)?;
                (&Box::new(waiting.settings.clone()), &[waiting.by, *by])
            }
            Command::PublishNotice(notice) => return publish(state, notice, england_day(now)),
            Command::Publish(model) if state.model.as_ref() == Some(model) => return Ok(Vec::new()),
            Command::Publish(model) => return Ok(vec![Event::ModelPublished(model.clone())]),
            Command::Change { settings, signed_by } => (settings, signed_by),
        };
        let [first, second] = signed_by;
        if first == second {
            return Err(Refusal::OneSigner);
        }
        settings.in_range().map_err(|setting| Refusal::OutOfRange { setting })?;
        if **settings == state.settings {
            return Ok(Vec::new());
        }
        Ok(vec![Event::PolicyChanged {
            settings: settings.clone(),
            signed_by: *signed_by,
            version: state.version + 1,
        }])
    }

    fn evolve(state: &mut InForce, event: &Event, _when: When) {
        match event {
            Event::PolicyChanged { settings, version, .. } => {
                state.version = *version;
                state.settings = Policy::clone(settings);
                state.proposed = None;
            }
            Event::PolicyProposed { proposal, settings, by } => {
                state.proposals = *proposal;
                let settings = Policy::clone(settings);
                state.proposed = Some(Proposal { proposal: *proposal, settings, by: *by });
            }
            Event::ModelPublished(model) => state.model = Some(model.clone()),
            Event::NoticePublished(notice) => state.notices.push(notice.clone()),
        }
    }
}

fn publish(state: &InForce, notice: &PublishedNotice, today: NaiveDate) -> Result<Vec<Event>, Refusal> {
    let before = state.notices.iter().position(|known| known.version == notice.version);
    match before {
        Some(at) if at + 1 == state.notices.len() => return Ok(Vec::new()),
        Some(_) => return Err(Refusal::NoticePublished),
        None => (),
    }
    if notice.on > today {
        return Err(Refusal::NoticeToCome);
    }
    Ok(vec![Event::NoticePublished(notice.clone())])
}
