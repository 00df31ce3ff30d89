//! Merging: a data manager says that two records are of one child, or tells them apart.
//!
//! Two facts, one in each stream, with one cause; a crash between them hides too much rather than too little and
//! is mended at the next opening (ADR-0013). Source: contract.md section 2; domain.md 4.4; invariant I-8.

use events::{
    child::{
        Child, Command, identity,
        merging::{self, Other},
        shield,
    },
    decider::Decider,
    recorded::Actor,
};
use visibility::permission::{Action, Relation};
use vocabulary::{BodyHash, ChildId, ChildNumber, EventId, ShieldId};

use crate::{
    Directory,
    by_hand::HandError,
    filing::{FileError, Filed, Filing},
    outcome::{OutcomeKind, Pending, Problem},
    people::Person,
    supply::SupplyError,
};

/// Two records that are of one child, as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergeAsk {
    /// Whose number answers from now on.
    pub stays: ChildNumber,
    /// Whose number leads there.
    pub absorbed: ChildNumber,
    /// Although a person told the two apart.
    pub despite: bool,
}

impl Directory {
    /// Says that two records are of one child. Every word and entry of both stays, and so does every restriction.
    ///
    /// # Errors
    /// `Unknown`: no such child, or concealed. `Refused`: not a data manager of the authority that answers for
    /// both, or a rule said no. Others: a machine failed; ask again.
    pub fn merge_children(&self, person: &Person, ask: MergeAsk) -> Result<Pending, HandError> {
        let (stays, absorbed) = (self.visible(person, ask.stays)?, self.visible(person, ask.absorbed)?);
        let _alone = self.desk_mut();
        self.may_merge(person, &[stays, absorbed])?;
        self.merged(&self.by_person(person), stays, absorbed, ask.despite)
    }

    /// Carries a merge out: the record that is absorbed says so first.
    pub(crate) fn merged(
        &self,
        filing: &Filing,
        stays: ChildId,
        absorbed: ChildId,
        despite: bool,
    ) -> Result<Pending, HandError> {
        let number = self.load_own(stays)?.child.number;
        let (stays, absorbed) = {
            let kinship = self.kinship();
            (kinship.root(stays), kinship.root(absorbed))
        };
        if stays == absorbed {
            return Ok(Pending::judged(OutcomeKind::Unchanged).about(number));
        }
        let asks = [
            (absorbed, merging::Command::Merge { other: stays, stays: false, despite }),
            (stays, merging::Command::Merge { other: absorbed, stays: true, despite }),
        ];
        // Both are asked before either is told: a refusal leaves nothing half done.
        for (record, ask) in &asks {
            let own = self.load_own(*record)?;
            if let Err(refusal) = Child::decide(&own.child, &Command::Merging(ask.clone()), filing.now) {
                return Ok(Pending::refused(String::new(), Problem::refused(&refusal)));
            }
        }
        let mut filed = None;
        for (record, ask) in asks {
            filed = self.tell(filing, record, ask)?.or(filed);
        }
        filed = self.one_authority(filing, [stays, absorbed])?.or(filed);
        filed = self.one_lead(filing, stays)?.or(filed);
        Ok(match filed {
            Some(filed) => Pending::filed(OutcomeKind::Recorded, filed).about(number),
            None => Pending::judged(OutcomeKind::Unchanged).about(number),
        })
    }

    /// I-1: what nobody answered for is answered for by the authority of the other, a split afterwards included.
    fn one_authority(&self, filing: &Filing, records: [ChildId; 2]) -> Result<Option<Filed>, HandError> {
        let pool = crate::judge::national_pool();
        let mut answers = None;
        for record in records {
            answers = answers.or(self.load_own(record)?.child.authority.clone().filter(|own| *own != pool));
        }
        let Some(authority) = answers else { return Ok(None) };
        let mut filed = None;
        for record in records {
            let mut known = self.load(record)?;
            let ask = identity::Command::Allocate { pool: pool.clone(), authority: authority.clone() };
            let events =
                Child::decide(&known.own.child, &Command::Identity(ask), filing.now).map_err(|refusal| {
                    HandError::Refused { code: refusal.code(), detail: refusal.to_string() }
                })?;
            if !events.is_empty() {
                known.others.clear();
                filed = Some(self.file(&follows(filing, self.ids().next()), record, &known, events)?);
            }
        }
        Ok(filed)
    }

    /// I-6: more has come into one sight, and one lead stays in it.
    fn one_lead(&self, filing: &Filing, record: ChildId) -> Result<Option<Filed>, SupplyError> {
        let known = self.load(record)?;
        let leads = known.child.leads_given_up(vocabulary::england_day(filing.now));
        if leads.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.file(&follows(filing, self.ids().next()), record, &known, leads)?))
    }

    /// Tells two records apart: of two that were merged it is the split, of others a word for ever.
    ///
    /// A shield that both had as one stays on both until a person lifts it.
    ///
    /// # Errors
    /// As [`Directory::merge_children`].
    pub fn split_children(
        &self,
        person: &Person,
        number: ChildNumber,
        other: ChildNumber,
    ) -> Result<Pending, HandError> {
        let answers = self.visible(person, number)?;
        self.visible(person, other)?;
        let _alone = self.desk_mut();
        let own = |asked| self.numbered_itself(asked)?.ok_or(HandError::Unknown);
        let (number_of, other_of) = (own(number)?, own(other)?);
        let other_answers = self.kinship().root(other_of);
        self.may_merge(person, &[answers, other_answers])?;
        if number_of == other_of {
            return Err(HandError::Refused {
                code: "same_number",
                detail: "a record is told apart from another one; name the number that was absorbed"
                    .to_owned(),
            });
        }
        let (absorbed, stays) = if answers == other_answers {
            // Of two records of one child the one that was merged leaves, with what was merged into it.
            let kinship = self.kinship();
            let merged = [other_of, number_of].into_iter();
            let mut found = merged.filter_map(|record| Some((record, kinship.merged_into(record)?)));
            found.next().ok_or(HandError::Unknown)?
        } else {
            (other_answers, answers)
        };
        let filing = self.by_person(person);
        let filed = self.told_apart(&filing, stays, absorbed)?;
        let stands = self.load(stays)?.child.number;
        Ok(match filed {
            Some(filed) => Pending::filed(OutcomeKind::Recorded, filed).about(stands),
            None => Pending::judged(OutcomeKind::Unchanged).about(stands),
        })
    }

    /// Carries a split out: the record that stays says so first, and the other has the last word.
    pub(crate) fn told_apart(
        &self,
        filing: &Filing,
        stays: ChildId,
        absorbed: ChildId,
    ) -> Result<Option<Filed>, HandError> {
        let whole = self.load(stays)?;
        let merged = self.kinship().root(stays) == self.kinship().root(absorbed);
        let shield = whole.child.shields.values().next().filter(|_| merged);
        let mut filed = None;
        for (record, other) in [(stays, absorbed), (absorbed, stays)] {
            let shield = shield.map(|shield| shield::Applied {
                shield: ShieldId::new(self.ids().next()),
                ground: shield.ground,
                review_by: shield.review_by,
            });
            let ask = merging::Command::TellApart { other: Other::Child(other), shield };
            filed = self.tell(filing, record, ask)?.or(filed);
        }
        Ok(filed)
    }

    /// Files what one record says of another, in its own stream and by its own state.
    fn tell(
        &self,
        filing: &Filing,
        record: ChildId,
        ask: merging::Command,
    ) -> Result<Option<Filed>, HandError> {
        let mut known = self.load(record)?;
        let events = match Child::decide(&known.own.child, &Command::Merging(ask), filing.now) {
            Ok(events) if events.is_empty() => return Ok(None),
            Ok(events) => events,
            Err(refusal) => {
                return Err(HandError::Refused { code: refusal.code(), detail: refusal.to_string() });
            }
        };
        // Said of this record alone, whatever it is one with.
        known.others.clear();
        Ok(Some(self.file(&follows(filing, self.ids().next()), record, &known, events)?))
    }

    /// Whether the person is a data manager of the authority that answers for every one of these.
    pub(crate) fn may_merge(&self, person: &Person, records: &[ChildId]) -> Result<(), HandError> {
        person.may(Action::MergeRecords, Relation::OwnAuthority)?;
        for record in records {
            let authority = self.load(*record)?.child.authority.clone();
            let pooled = authority == Some(crate::judge::national_pool());
            if !pooled && (authority.is_none() || authority != person.authority) {
                return Err(HandError::Refused {
                    code: "not_responsible_authority",
                    detail:
                        "only the authority that answers for both records merges or splits them; ask for \
                             a transfer of the other first"
                            .to_owned(),
                });
            }
        }
        Ok(())
    }

    pub(crate) fn by_person(&self, person: &Person) -> Filing {
        let now = self.clock().now();
        let id = EventId(self.ids().next());
        Filing { by: person.actor(), cause: Some(id), id, body: BodyHash::default(), happened_at: now, now }
    }

    /// Says the second half of what was said by halves: the newer word of two records on each other holds.
    ///
    /// # Errors
    /// A machine failed; what is left is found again at the next opening.
    pub(crate) fn finish_merging(&self) -> Result<(), SupplyError> {
        let records = self.kinship().all();
        let mut tickets = Vec::new();
        let alone = self.desk_mut();
        let now = self.clock().now();
        let id = EventId(self.ids().next());
        let filing =
            Filing { by: Actor::System, cause: None, id, body: BodyHash::default(), happened_at: now, now };
        for (one, other) in &records {
            let (one, other) = (*one, *other);
            let tie = |record: ChildId, of: ChildId| -> Result<_, SupplyError> {
                Ok(self.load_own(record)?.child.ties.get(&of).cloned())
            };
            let (said, answered) = (tie(one, other)?, tie(other, one)?);
            let newer = match (&said, &answered) {
                (Some(said), Some(answered)) if said.same == answered.same => continue,
                (Some(said), answered) if answered.as_ref().is_none_or(|known| known.since < said.since) => {
                    Some((said, other, one))
                }
                (_, Some(answered)) => Some((answered, one, other)),
                (_, None) => None,
            };
            let Some((word, silent, spoke)) = newer else { continue };
            let ask = if word.same {
                merging::Command::Merge { other: spoke, stays: !word.stays, despite: true }
            } else {
                let whole = self.load(silent)?;
                let shield = whole.child.shields.values().next().map(|shield| shield::Applied {
                    shield: ShieldId::new(self.ids().next()),
                    ground: shield.ground,
                    review_by: shield.review_by,
                });
                merging::Command::TellApart { other: Other::Child(spoke), shield }
            };
            match self.tell(&filing, silent, ask) {
                Ok(filed) => tickets.extend(filed.map(|filed| filed.ticket)),
                Err(HandError::Supply(error)) => return Err(error),
                // A rule that stands against it now: both go on as one, until a person decides anew.
                Err(HandError::Unknown | HandError::Refused { .. }) => (),
            }
        }
        for (_, stays) in records.iter().filter(|(absorbed, _)| self.kinship().is_merged(*absorbed)) {
            let root = self.kinship().root(*stays);
            tickets.extend(self.one_lead(&filing, root)?.map(|filed| filed.ticket));
        }
        drop(alone);
        for ticket in tickets {
            ticket.wait().map_err(FileError::from)?;
        }
        Ok(())
    }
}

fn follows(filing: &Filing, id: uuid::Uuid) -> Filing {
    Filing { id: EventId(id), ..filing.clone() }
}
