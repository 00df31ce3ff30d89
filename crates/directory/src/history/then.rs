//! What the log held at a moment: the child by its own fold, the policy, and the organisations that a record names.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use event_log::RecordRef;
use events::{
    Fact, access::SeenBy, child::Child, decider::Decider, organisation::Organisation, policy::InForce,
    recorded::Recorded, standing::Standing,
};
use projections::{ChildRecord, ReadModel};
use visibility::{Named, Names, Viewer};
use vocabulary::{
    Assurance, Channel, ChildId, KeyId, KeyedRef, OrganisationId, OrganisationKind, Position, Revision, Role,
    Stream,
};

use super::Moment;
use crate::{
    Directory, children::LoadError, disclose::LookError, kinship::Kinship, register::POLICY_STREAM,
    register::organisation_stream, unseal::unseal,
};

/// Up to where the log counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(super) struct Cut {
    /// The instant; of a position, when its record was recorded.
    pub(super) at: DateTime<Utc>,
    /// The last position, where one was named.
    pub(super) until: Option<Position>,
}

impl Cut {
    pub(super) fn at(at: DateTime<Utc>) -> Cut {
        Cut { at, until: None }
    }

    /// By the header alone: what came later is not even opened.
    fn holds(self, record: &RecordRef<'_>) -> bool {
        match self.until {
            Some(until) => record.position <= until,
            None => record.header.recorded_at <= self.at.timestamp_micros(),
        }
    }
}

/// Whether somebody could have looked.
pub(super) enum Looked {
    /// As this viewer; for the two urgent reasons only where a date had run out.
    Could { viewer: Viewer, urgent_only: bool },
    /// No look was open to them, by the rule of this code.
    CouldNot(&'static str),
}

/// A child and what it is seen by, as of a moment.
pub(super) struct Then {
    cut: Cut,
    pub(super) child: Child,
    pub(super) policy: InForce,
    organisations: BTreeMap<OrganisationId, Organisation>,
}

impl Then {
    /// Folds what was known then. Cost: the streams named in the documentation of `Directory::history`.
    pub(super) fn of(directory: &Directory, id: ChildId, cut: Cut) -> Result<Then, LookError> {
        let mut policy = InForce::default();
        directory.records_until(POLICY_STREAM, cut, &mut |recorded| {
            for fact in recorded.facts() {
                if let Fact::Policy(event) = fact {
                    InForce::evolve(&mut policy, event, recorded.when());
                }
            }
        })?;
        let child = directory.whole_until(id, cut)?;
        let mut then = Then { cut, policy, child, organisations: BTreeMap::new() };
        for named in then.named() {
            then.know(directory, &named)?;
        }
        Ok(then)
    }

    /// The organisations that a view of the child may write.
    fn named(&self) -> BTreeSet<OrganisationId> {
        let child = &self.child;
        let education = child.current_education().and_then(|stated| stated.organisation.clone());
        let practice = child.current_primary_care().and_then(|stated| stated.organisation.clone());
        let works = child.involvements.values().map(|entry| entry.organisation.clone());
        child.authority.iter().cloned().chain(education).chain(practice).chain(works).collect()
    }

    fn know(&mut self, directory: &Directory, id: &OrganisationId) -> Result<(), LookError> {
        if self.organisations.contains_key(id) {
            return Ok(());
        }
        let mut organisation = Organisation::default();
        directory.records_until(organisation_stream(id), self.cut, &mut |recorded| {
            for fact in recorded.facts() {
                if let Fact::Organisation(event) = fact {
                    Organisation::evolve(&mut organisation, event, recorded.when());
                }
            }
        })?;
        self.organisations.insert(id.clone(), organisation);
        Ok(())
    }

    /// The one as whom is looked: anyone in a role, or a practitioner of an organisation as it stood then.
    ///
    /// Someone of a role alone works nowhere, and so has no entries and no numbers of their own; a team is that of
    /// the authority which answered for the child then.
    pub(super) fn viewer(
        &self,
        directory: &Directory,
        investigator: &Viewer,
        seen_by: &SeenBy,
    ) -> Result<Looked, LookError> {
        let nobodys = Viewer {
            account: investigator.account,
            organisation: OrganisationId::NATIONAL_POOL,
            kind: OrganisationKind::NationalBody,
            authority: None,
            role: Role::Practitioner,
            channel: Channel::Web,
            assurance: Assurance::OwnSignIn,
            mediated_for: None,
            national: true,
        };
        let id = match seen_by {
            SeenBy::Role(role) => {
                let team = matches!(role, Role::AuthorityTeam | Role::DataManager);
                let authority = self.child.authority.clone().filter(|_| team);
                return Ok(Looked::Could {
                    viewer: Viewer { role: *role, authority, ..nobodys },
                    urgent_only: false,
                });
            }
            SeenBy::Organisation(id) => id,
        };
        if !directory.register().knows(id) {
            return Err(LookError::Unknown);
        }
        let mut organisation = Organisation::default();
        directory.records_until(organisation_stream(id), self.cut, &mut |recorded| {
            for fact in recorded.facts() {
                if let Fact::Organisation(event) = fact {
                    Organisation::evolve(&mut organisation, event, recorded.when());
                }
            }
        })?;
        let settings = &self.policy.settings;
        let urgent_only = match organisation.may_use(self.cut.at, settings.grace_hours, &settings.conditions)
        {
            Standing::Good => false,
            Standing::Grace { .. } => true,
            Standing::None { because } => return Ok(Looked::CouldNot(because.code())),
        };
        let Some(details) = organisation.details else {
            return Ok(Looked::CouldNot("organisation_unknown"));
        };
        let itself = details.kind == OrganisationKind::LocalAuthority;
        let authority = if itself { Some(id.clone()) } else { details.authority };
        Ok(Looked::Could {
            viewer: Viewer {
                organisation: id.clone(),
                kind: details.kind,
                national: authority.is_none(),
                authority,
                ..nobodys
            },
            urgent_only,
        })
    }
}

impl Names for Then {
    fn organisation(&self, id: &OrganisationId) -> Option<Named> {
        let details = self.organisations.get(id)?.details.as_ref()?;
        Some(Named { name: details.name.as_str().to_owned(), contacts: details.contacts.clone() })
    }
}

impl Directory {
    /// Where a moment cuts the log; what lies ahead is cut at the present one.
    pub(super) fn cut(&self, moment: Moment, now: DateTime<Utc>) -> Result<Cut, LookError> {
        let Moment::Position(position) = moment else {
            return Ok(Cut::at(moment.ends().map_or(now, |ends| ends.min(now))));
        };
        let head = self.log().head()?;
        let until = position.min(head);
        let mut recorded_at = None;
        self.log().read_all(Position(until.0.saturating_sub(1)), 1, &mut |record| {
            recorded_at = DateTime::from_timestamp_micros(record.header.recorded_at);
        })?;
        Ok(Cut { at: recorded_at.unwrap_or(now), until: Some(until) })
    }

    /// The child as its records told of it then, merged as they were then.
    ///
    /// What was withdrawn since is gone from this view too, whether or not its key is destroyed yet (rules.md 3.3).
    fn whole_until(&self, id: ChildId, cut: Cut) -> Result<Child, LookError> {
        let mut then = Kinship::default();
        let mut told: BTreeMap<ChildId, Child> = BTreeMap::new();
        let mut asked = self.kinship().records(id);
        asked.push(id);
        while let Some(record) = asked.pop() {
            if told.contains_key(&record) {
                continue;
            }
            let kept = self.keys_kept(record)?;
            let mut row = None;
            self.records_until(record.stream(), cut, &mut |recorded| {
                row = ChildRecord::evolve(row.take(), &record, &recorded);
            })?;
            let mut child = row.map(|row| row.child.as_ref().clone()).unwrap_or_default();
            let gone: BTreeSet<KeyedRef> = child
                .episodes
                .iter()
                .filter(|(_, episode)| !episode.withdrawn && !kept.contains(&episode.key))
                .map(|(episode, _)| *episode)
                .collect();
            child.episodes.retain(|episode, _| !gone.contains(episode));
            child
                .involvements
                .retain(|_, entry| entry.episode.is_none_or(|episode| !gone.contains(&episode)));
            then.remember(record, &child);
            asked.extend(child.ties.keys());
            told.insert(record, child);
        }
        let mut parts = then.records(id).into_iter().filter_map(|record| told.remove(&record));
        let Some(answers) = parts.next() else { return Ok(Child::default()) };
        let others: Vec<Child> = parts.collect();
        Ok(if others.is_empty() { answers } else { answers.joined(&others) })
    }

    /// The keys of a record under which something is told still: its own, and those of episodes not withdrawn.
    pub(super) fn keys_kept(&self, record: ChildId) -> Result<BTreeSet<KeyId>, LoadError> {
        let own = self.load_own(record)?;
        let episodes = own.child.episodes.values().filter(|episode| !episode.withdrawn);
        Ok(own.key.into_iter().chain(episodes.map(|episode| episode.key)).collect())
    }

    /// Tells the records of a stream that were known then, oldest first. Cost: one read of each record of it.
    pub(super) fn records_until(
        &self,
        stream: Stream,
        cut: Cut,
        each: &mut dyn FnMut(Recorded),
    ) -> Result<(), LookError> {
        let mut failed = None;
        self.log().read_stream(stream, Revision::NONE, &mut |record| {
            if !cut.holds(&record) || failed.is_some() {
                return;
            }
            match unseal(self.vault(), record) {
                Ok(recorded) => each(recorded),
                Err(error) => failed = Some(error),
            }
        })?;
        match failed {
            Some(error) => Err(LookError::Load(error.into())),
            None => Ok(()),
        }
    }
}
