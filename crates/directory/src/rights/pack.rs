//! The pack: what is held of a child, and who looked, as the child or a carer may have it (rules.md 2).
//!
//! Made in one call and recorded twice before it leaves: with the request, and among the looks at the record. A carer's
//! pack never leads to another carer's door: an organisation that looked is named only where the record in the same
//! pack names it, a refuge never.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use event_log::Ticket;
use events::{
    Fact,
    access::{self, Access, Given},
    child::Child,
    decider::Decider,
    rights::{Answer, Asked, Asker, ChildsView, Command, Disputed, Issue, Requested, Rights},
};
use projections::{RightsRequests, rights as rows_of_rights};
use serde::Serialize;
use visibility::{
    AccessibleRecord, Agreement, CarerRequest, Home, Sight, Subject, Threat,
    permission::{Action, Relation},
    subject_scope, view_within,
};
use vocabulary::{AccessId, ChildId, Competence, OrganisationId, Position, RightsId, england_day};

use super::{
    ground_of, shields_of,
    who_looked::{Asking, ListingsTold, LookTold},
};
use crate::{
    Directory,
    disclose::{Disclosed, LookError},
    people::Person,
    rows::Order,
};

/// Corrections told of at most; nobody asks for more of one record.
const CORRECTIONS_MAX: usize = 200;

/// A page of what is handed to whoever asked.
#[derive(Debug, Serialize)]
pub struct SubjectPack {
    /// Upon which request.
    pub rights_request_id: RightsId,
    /// Which look it is in the log.
    pub access_id: AccessId,
    /// Who asked: `child` or `carer`.
    pub asked_by: &'static str,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// What is held; on the first page alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Box<AccessibleRecord>>,
    /// Who opened the record, when and why; the oldest first, at most two hundred.
    pub looks: Vec<LookTold>,
    /// How often the child was listed; on the first page alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listings: Option<Vec<ListingsTold>>,
    /// What was said to be wrong, and what became of it; on the first page alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrections: Option<Vec<CorrectionTold>>,
    /// Where the next page of looks begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Position>,
}

/// Something that was said to be wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CorrectionTold {
    /// What.
    pub disputed: Disputed,
    /// Since when.
    pub received_on: NaiveDate,
    /// What became of it; absent while it is looked into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// Whether whoever asked disagrees with the refusal.
    pub disagrees: bool,
}

impl Directory {
    /// Makes a page of the pack of a request, recording it first.
    ///
    /// Cost: one child as it stands, its looks after `after` up to two hundred; on the first page one read of the log
    /// a listing of the child; two appends.
    ///
    /// # Errors
    /// `Unknown`: no such request, or of a child that another authority answers for. `Refused`: not of a team, or
    /// what is judged first was not, or not upon what the record says now. Others: a machine failed, nothing is
    /// shown.
    pub async fn subject_pack(
        &self,
        person: &Person,
        id: RightsId,
        after: Position,
    ) -> Result<Disclosed<SubjectPack>, LookError> {
        let (asked, look, made) = self.packing(person, id, after)?;
        let asked = Disclosed::after(asked, made).await?;
        let looked = Disclosed::after(look, asked.into_view()).await?;
        let position = looked.position();
        Ok(looked.map(|pack| SubjectPack {
            record: pack.record.map(|record| Box::new(record.at(position))),
            ..pack
        }))
    }

    fn packing(
        &self,
        person: &Person,
        id: RightsId,
        after: Position,
    ) -> Result<(Ticket, Ticket, SubjectPack), LookError> {
        person.may(Action::AnswerPerson, Relation::OwnAuthority)?;
        let _alone = self.desk_mut();
        let (state, revision) = self.rights(id)?;
        let requested = state.requested.as_ref().ok_or(LookError::Unknown)?;
        let child = self.kinship().root(requested.child);
        let held = self.load(child)?.child;
        if person.relation_to(&held) != Relation::OwnAuthority {
            return Err(LookError::Unknown);
        }
        if self.is_related(&person.viewer(), requested.number, Some(child))? {
            return Err(crate::permitting::Denied::declared_relationship().into());
        }
        let now = self.clock().now();
        let access_id = AccessId::new(self.ids().next());
        let issue = Issue {
            access: access_id,
            by: person.account,
            ground: ground_of(&held),
            shields: shields_of(&held),
        };
        let issued = Rights::decide(&state, &Command::Issue(issue), now)
            .map_err(|refusal| LookError::Refused { code: refusal.code(), detail: refusal.to_string() })?;
        let policy = self.register().in_force();
        let sight =
            Sight { ended_visible_days: policy.settings.ended_visible_days, ..Sight::on(england_day(now)) };
        let subject = subject_of(&state, requested, &held);
        let scope = subject_scope(&subject, &held, &sight);
        let record = view_within(&scope, &held, &*self.register(), &sight);
        if record.groups().is_empty() {
            return Err(LookError::Unknown);
        }
        let first = after == Position::ZERO;
        let asking = Asking { subject, child, held: &held, named: named_in(&record), now };
        let (looks, next) = self.looks_told(&asking, after)?;
        let given = Given {
            access: access_id,
            request: id,
            groups: record.groups(),
            record_state: held.record_state(sight.today),
            policy_version: policy.version,
        };
        let pack = SubjectPack {
            rights_request_id: id,
            access_id,
            asked_by: if subject == Subject::CompetentChild { "child" } else { "carer" },
            made_at: now,
            record: first.then(|| Box::new(record)),
            looks,
            listings: first.then(|| self.listings_told(&asking)).transpose()?,
            corrections: first.then(|| self.corrections_told(child, requested.asked_by)).transpose()?,
            next,
        };
        let facts = issued.into_iter().map(Fact::Rights).collect();
        let asked = self.append_by_month(person, id.stream(), revision, facts)?.ticket;
        let Ok(looked) = Access::decide(&Access, &access::Command::Give(given), now) else {
            return Err(LookError::Unknown);
        };
        Ok((asked, self.append_access(person, child, looked)?, pack))
    }

    /// What was said to be wrong: to the child all of it, to a carer what they said themself.
    fn corrections_told(&self, child: ChildId, asker: Asker) -> Result<Vec<CorrectionTold>, LookError> {
        let records = self.kinship().records(child);
        let records = if records.is_empty() { vec![child] } else { records };
        let mut told = Vec::new();
        for record in records {
            let within = rows_of_rights::about(record);
            let found =
                self.rows().postings::<RightsRequests>(&within, None, Order::Ascending, CORRECTIONS_MAX)?;
            for (_, id) in found {
                let Some(row) = self.rows().get::<RightsRequests>(&id)? else { continue };
                let Some(requested) = &row.rights.requested else { continue };
                let own = asker == Asker::Child || asker == requested.asked_by;
                if let (true, Asked::Correction(disputed)) = (own, requested.asked) {
                    told.push(CorrectionTold {
                        disputed,
                        received_on: requested.received_on,
                        answer: row.rights.answered.map(|answered| answered.answer),
                        disagrees: row.rights.disagrees,
                    });
                }
            }
        }
        Ok(told)
    }
}

/// Who asks, in the words of the table. Asked after the rule let the pack go out.
fn subject_of(state: &Rights, requested: &Requested, held: &Child) -> Subject {
    let Asker::Carer(carer_ref) = requested.asked_by else { return Subject::CompetentChild };
    let competent = requested.competence != Competence::AssessedNotCompetent;
    let agrees = competent && requested.childs_view == Some(ChildsView::Agrees);
    let lives_there = state.carer.is_some_and(|checked| checked.lives_with_child);
    let cleared = state.threat.as_ref().is_some_and(|checked| {
        checked.cleared && shields_of(held).iter().all(|shield| checked.shields.contains(shield))
    });
    Subject::Carer(CarerRequest {
        carer_ref,
        home: if lives_there { Home::Shared } else { Home::Apart },
        agreement: if agrees { Agreement::Given } else { Agreement::None },
        threat: if cleared { Threat::Cleared } else { Threat::NotCleared },
    })
}

/// The organisations that a record names.
fn named_in(record: &AccessibleRecord) -> BTreeSet<OrganisationId> {
    let taught = record.education.iter().filter_map(|education| education.organisation.as_ref());
    let treated = record.primary_care.iter().filter_map(|care| care.organisation.as_ref());
    let universal = taught.chain(treated).map(|named| named.id.clone());
    let involved = record.involvements.iter().flatten().map(|entry| entry.organisation.id.clone());
    let authority = record.responsible_authority.iter().map(|named| named.id.clone());
    universal.chain(involved).chain(authority).collect()
}
