//! Transfers: which authority answers for a child moves by the agreement of both, and waits where both can see it.
//!
//! Source: contract.md section 2 (`/transfers`); rules.md 1.3; domain.md 4.5; invariant I-1; ADR-0042.

use chrono::{DateTime, Utc};
use events::{
    Fact,
    child::{
        Child, Command,
        responsibility::{self, Decision, Transfer},
    },
    search::{self, List},
    supplied::SuppliedChild,
};
use projections::{ChildRecord, transfers};
use serde::Serialize;
use visibility::permission::{Action, Relation};
use vocabulary::{
    AddressState, ChildId, ChildNumber, OrganisationId, OrganisationKind, Position, TransferId,
    working_days_after,
};

use crate::{
    Directory,
    by_hand::HandError,
    children::LoadError,
    disclose::{Disclosed, LookError},
    judge::national_pool,
    outcome::Pending,
    people::Person,
    queue::LIST_CHILDREN_MAX,
    rows::Order,
};

/// Postings looked at for one page, so that stale ones make no request walk the whole index.
const JUDGED_MAX: usize = 500;

/// A move that waits, as one of the two authorities sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TransferItem {
    /// Which.
    pub transfer_id: TransferId,
    /// Whose record.
    pub child_number: ChildNumber,
    /// Who answers now; absent where a shield hides that from the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<OrganisationId>,
    /// Who would.
    pub to: OrganisationId,
    /// Which of the two proposed it; absent where a new address did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed_by: Option<OrganisationId>,
    /// Since when it waits.
    pub since: DateTime<Utc>,
    /// Until when it is to be decided.
    pub due_by: DateTime<Utc>,
    /// Whether that has passed; it waits all the same.
    pub overdue: bool,
    /// Whether it waits for the reader's own authority.
    pub awaits_you: bool,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TransferPage {
    /// The moves, the oldest first; at most fifty.
    pub transfers: Vec<TransferItem>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Position>,
}

impl Directory {
    /// Proposes that an authority answer for a child; a child of the pool is taken at once.
    ///
    /// # Errors
    /// `Unknown`: no such child, or concealed. `Refused`: of neither authority, or a rule said no.
    pub fn propose_transfer(
        &self,
        person: &Person,
        number: ChildNumber,
        to: &OrganisationId,
    ) -> Result<(TransferId, Pending), HandError> {
        // Whoever moves no child at all is told so whichever is named.
        person.may(Action::TransferChild, Relation::OwnAuthority)?;
        let id = self.visible(person, number)?;
        let _alone = self.desk_mut();
        let known = self.load(id)?;
        let by = party(person, &known.child, to)?;
        if !self.is_authority(to) {
            return Err(HandError::Refused {
                code: "authority_unknown",
                detail: "no local authority of this id is registered".to_owned(),
            });
        }
        // What waits already is agreed to under its own id.
        let waiting = known.child.transfers.iter().find(|(_, waiting)| waiting.to == *to);
        let transfer = waiting.map_or_else(|| TransferId::new(self.ids().next()), |(transfer, _)| *transfer);
        let propose =
            responsibility::Command::Propose { transfer, to: to.clone(), by, pool: national_pool() };
        Ok((transfer, self.run(person, id, &[Command::Responsibility(propose)])?))
    }

    /// Accepts or declines a move for the person's own authority.
    ///
    /// # Errors
    /// `Unknown`: no such move, or of two other authorities. `Refused`: it waits for the other.
    pub fn decide_transfer(
        &self,
        person: &Person,
        transfer: TransferId,
        decision: Decision,
    ) -> Result<Pending, HandError> {
        person.may(Action::TransferChild, Relation::OwnAuthority)?;
        let _alone = self.desk_mut();
        let record = self.moving(transfer)?.ok_or(HandError::Unknown)?;
        let known = self.load(record)?;
        let waiting = known.child.transfers.get(&transfer).ok_or(HandError::Unknown)?;
        let concealed = self.is_concealed(person, &known.child);
        let by = party(person, &known.child, &waiting.to).map_err(|refusal| match refusal {
            HandError::Refused { code: "not_responsible_authority", .. } => HandError::Unknown,
            refusal @ (HandError::Refused { .. } | HandError::Unknown | HandError::Supply(_)) => refusal,
        })?;
        if concealed {
            return Err(HandError::Unknown);
        }
        let number = known.child.number.ok_or(HandError::Unknown)?;
        self.unrelated(person, number, Some(record))?;
        let decide = responsibility::Command::Decide { transfer, by, decision };
        self.run(person, record, &[Command::Responsibility(decide)])
    }

    /// Shows the moves from and to the person's own authority; the page is a fact before it is shown.
    ///
    /// Cost: one child as it stands a line; one append.
    ///
    /// # Errors
    /// `Refused`: not a team or data manager. Others: a machine failed, nothing is shown.
    pub async fn transfers(
        &self,
        person: &Person,
        after: Position,
    ) -> Result<Disclosed<TransferPage>, LookError> {
        person.may(Action::TransferChild, Relation::OwnAuthority)?;
        let own = person.authority.as_ref().ok_or(LookError::Refused {
            code: "not_responsible_authority",
            detail: "a national body answers for no record, so that none moves from or to it".to_owned(),
        })?;
        let (page, children) = self.page_of_transfers(person, own, after)?;
        let fact = Fact::Search(search::Event::ListDelivered { list: List::Transfers, children });
        let ticket = self.append_look(person, person.account.search_stream(), vec![fact])?;
        Ok(Disclosed::after(ticket, page).await?)
    }

    /// Whether it may answer for records: a local authority, and the only one where there is but one.
    fn is_authority(&self, id: &OrganisationId) -> bool {
        let single = self.register().policy().single_authority.clone();
        single.is_none_or(|single| single == *id) && self.is_local_authority(id)
    }

    /// Whether a local authority of this id is registered.
    pub(crate) fn is_local_authority(&self, id: &OrganisationId) -> bool {
        let register = self.register();
        let details = register.organisation(id).and_then(|held| held.details.as_ref());
        details.is_some_and(|details| details.kind == OrganisationKind::LocalAuthority)
    }

    fn page_of_transfers(
        &self,
        person: &Person,
        own: &OrganisationId,
        after: Position,
    ) -> Result<(TransferPage, Vec<ChildId>), LookError> {
        let within = transfers::of(own);
        let from = within.clone().and(&Position(after.0.saturating_add(1)));
        let postings =
            self.rows().postings::<ChildRecord>(&within, Some(&from), Order::Ascending, JUDGED_MAX)?;
        let related = self.related(&person.viewer())?;
        let mut page = TransferPage { transfers: Vec::new(), next: None };
        let mut children = Vec::new();
        let all = postings.len() < JUDGED_MAX;
        for (posting, child) in postings {
            let Some((position, transfer)) = transfers::read(&posting) else { continue };
            if page.transfers.len() == LIST_CHILDREN_MAX {
                return Ok((page, named(children)));
            }
            page.next = Some(position);
            let root = self.kinship().root(child);
            let known = self.load(root)?.child;
            let Some(waiting) = known.transfers.get(&transfer) else { continue };
            let party = *own == waiting.to || Some(own) == known.authority.as_ref();
            let Some(line) = self.line_of_transfer(&known, own, transfer, waiting) else { continue };
            if party && !self.is_concealed(person, &known) && !related.contains(&root) {
                page.transfers.push(line);
                children.push(root);
            }
        }
        page.next = page.next.filter(|_| !all);
        Ok((page, named(children)))
    }

    fn line_of_transfer(
        &self,
        child: &Child,
        own: &OrganisationId,
        transfer_id: TransferId,
        waiting: &Transfer,
    ) -> Option<TransferItem> {
        let due_by = working_days_after(waiting.since, self.register().policy().transfer_working_days);
        // Who answers for a shielded child is hidden from all others (rules.md 2.4), unless they say so themselves.
        let told = |from: &&OrganisationId| {
            !child.is_shielded() || *from == own || waiting.proposed_by.as_ref() == Some(from)
        };
        Some(TransferItem {
            transfer_id,
            child_number: child.number?,
            from: child.authority.as_ref().filter(told).cloned(),
            to: waiting.to.clone(),
            proposed_by: waiting.proposed_by.clone(),
            since: waiting.since,
            due_by,
            overdue: due_by < self.clock().now(),
            awaits_you: waiting.agreed.as_ref() != Some(own),
        })
    }

    /// What a supplier's word on an address asks about who answers: nothing, unless the child stood in another area.
    pub(crate) fn placed(&self, known: &Child, told: &SuppliedChild) -> Option<Command> {
        let at = told.postcode()?;
        let to = self.register().authority_of_outcode(at.outcode())?;
        if !known.is_registered() || known.authority.as_ref() == Some(&to) {
            return None;
        }
        let stood = match known.address() {
            Some(AddressState::Known(address)) => address.postcode,
            Some(AddressState::NoneKnown) | None => None,
        };
        let stood_in = stood.and_then(|postcode| self.register().authority_of_outcode(postcode.outcode()));
        // Who declined once is not asked again for every description that says the same.
        (stood_in.as_ref() != Some(&to)).then(|| {
            let transfer = TransferId::new(self.ids().next());
            Command::Responsibility(responsibility::Command::Place {
                transfer,
                to,
                at: at.clone(),
                pool: national_pool(),
            })
        })
    }

    /// The record that a move is proposed of.
    fn moving(&self, transfer: TransferId) -> Result<Option<ChildId>, LoadError> {
        Ok(self.transferred(transfer)?.map(|record| self.kinship().root(record)))
    }
}

fn named(mut children: Vec<ChildId>) -> Vec<ChildId> {
    children.sort_unstable();
    children.dedup();
    children
}

/// The authority for which the person speaks: one of the two.
fn party(person: &Person, child: &Child, to: &OrganisationId) -> Result<OrganisationId, HandError> {
    let own = person.authority.as_ref().filter(|own| *own == to || Some(*own) == child.authority.as_ref());
    let relation = if own.is_some() { Relation::OwnAuthority } else { Relation::Elsewhere };
    person.may(Action::TransferChild, relation)?;
    own.cloned().ok_or(HandError::Unknown)
}
