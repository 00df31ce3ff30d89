//! Reviews: what a person came to about somebody's look, and the invented records that raise an alarm.
//!
//! What is said of a look stands in the stream of the looks at that child. Whoever looked is told nothing of it here.
//! Source: rules.md 4.3, 5.1, 5.3; domain.md 6.3, 6.4; invariant I-21; ADR-0043.

mod judging;
mod listing;
mod notices;

use events::{
    Fact,
    access::{self, Access, Event},
    account::SuspensionGround,
    child::{Command, canary},
    decider::Decider,
};
use projections::{
    Reviews,
    reviews::{self, Review},
};
use visibility::permission::{Action, Relation};
use vocabulary::{AccessId, ChildId, ChildNumber, OrganisationId, Position, ReviewOutcome, Revision};

use crate::{
    AccountAct, AdminError, Directory,
    by_hand::HandError,
    children::LoadError,
    disclose::LookError,
    filing::Filed,
    outcome::{OutcomeKind, Pending},
    people::Person,
    permitting::Denied,
    rows::Order,
    unseal::unseal,
};

pub use judging::LooksJudged;
pub use listing::{ReviewCursor, ReviewItem, ReviewPage, ReviewQuery};
pub use notices::{Notice, NoticePage};

/// Of which child and which look a review is.
type Reviewed = (ChildId, AccessId);

/// Why nothing was said of a look.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// As for a look: unknown, refused, or a machine failed.
    #[error(transparent)]
    Look(#[from] LookError),
    /// The account could not be suspended, so that nothing was said of the look either.
    #[error("the account could not be suspended")]
    Suspension(#[source] AdminError),
}

impl Directory {
    /// Says what came of the review of a look; `suspended` suspends the account in the same call, before that is said.
    ///
    /// Cost: the looks at that child are read, one after the other; one append, for a suspension two.
    ///
    /// # Errors
    /// `Unknown`: no such look is to be reviewed, or its organisation is of another authority. `Refused`: no reviewer,
    /// one's own look or one at a child to whom one declared to be related, or a graver word stands.
    pub fn review_look(
        &self,
        person: &Person,
        look: AccessId,
        outcome: ReviewOutcome,
    ) -> Result<Pending, ReviewError> {
        person.may(Action::ReviewLook, Relation::OwnOrganisation).map_err(LookError::from)?;
        let ((child, _), review) = self.review_of(look)?.ok_or(LookError::Unknown)?;
        if !self.reviews(person, &review.organisation) {
            return Err(LookError::Unknown.into());
        }
        let related = self.related(&person.viewer()).map_err(LookError::from)?;
        if related.contains(&self.kinship().root(child)) {
            return Err(LookError::from(Denied::declared_relationship()).into());
        }
        let looked = std::iter::once(review.account).chain(review.on_behalf_of).collect();
        let before = self
            .said_of(child, look)
            .map_err(LookError::from)?
            .max(review.closed.map(|closed| closed.outcome));
        let said = access::Review { access: look, by: person.account, looked, before, outcome };
        let events = Access::decide(&Access, &access::Command::Review(said), self.clock().now())
            .map_err(|refusal| LookError::Refused { code: refusal.code(), detail: refusal.to_string() })?;
        if events.is_empty() {
            return Ok(Pending::judged(OutcomeKind::Unchanged));
        }
        if outcome == ReviewOutcome::Suspended {
            // First, so that nobody reads of a suspension that did not come about.
            let suspend = AccountAct::Suspend(SuspensionGround::MisuseSuspected);
            self.administer_account(person, review.account, suspend).map(drop).or_else(unless_closed)?;
        }
        let ticket = self.append_access(person, child, events)?;
        let position = ticket.position().unwrap_or(Position::ZERO);
        Ok(Pending::filed(OutcomeKind::Recorded, Filed { ticket, position }))
    }

    /// Marks an invented record as one that raises an alarm when it is opened, or unmarks it. Nobody is shown which.
    ///
    /// # Errors
    /// `Unknown`: no such child, or concealed. `Refused`: no auditor of the authority that answers for it, without the
    /// PIN, or somebody works with the child.
    pub fn mark_canary(
        &self,
        person: &Person,
        number: ChildNumber,
        marked: bool,
    ) -> Result<Pending, HandError> {
        person.may(Action::MarkCanary, Relation::OwnAuthority)?;
        let id = self.visible(person, number)?;
        let _alone = self.desk_mut();
        let relation = self.relation_to(person, id, &self.load(id)?.child)?;
        person.may(Action::MarkCanary, relation)?;
        let command = if marked { canary::Command::Mark } else { canary::Command::Unmark };
        self.run(person, id, &[Command::Canary(command)])
    }

    /// The review of a look, with where its row stands.
    fn review_of(&self, look: AccessId) -> Result<Option<(Reviewed, Review)>, LookError> {
        let within = reviews::by_access(look);
        let found = self.rows().postings::<Reviews>(&within, None, Order::Ascending, 1)?;
        let Some((_, key)) = found.into_iter().next() else { return Ok(None) };
        Ok(self.rows().get::<Reviews>(&key)?.map(|row| (key, row)))
    }

    /// Whether this person reviews the looks of an organisation's staff.
    fn reviews(&self, person: &Person, organisation: &OrganisationId) -> bool {
        let relation = self.register().relation(person, organisation);
        person.may(Action::ReviewLook, relation).is_ok()
    }

    /// The gravest word said of a look so far, folded into rows or not.
    fn said_of(&self, child: ChildId, look: AccessId) -> Result<Option<ReviewOutcome>, LoadError> {
        let mut said: Option<ReviewOutcome> = None;
        let mut failed = None;
        self.log().read_stream(child.access_stream(), Revision::NONE, &mut |record| match unseal(
            self.vault(),
            record,
        ) {
            Ok(recorded) => {
                for fact in recorded.facts() {
                    if let Fact::Access(Event::ReviewClosed { access, outcome }) = fact
                        && *access == look
                    {
                        said = said.max(Some(*outcome));
                    }
                }
            }
            Err(error) => failed = failed.take().or(Some(error)),
        })?;
        failed.map_or(Ok(said), |error| Err(error.into()))
    }
}

/// A closed account cannot act, so that there is nothing to suspend.
fn unless_closed(error: AdminError) -> Result<(), ReviewError> {
    if matches!(error, AdminError::Refused { code: "account_closed", .. }) {
        return Ok(());
    }
    Err(ReviewError::Suspension(error))
}
