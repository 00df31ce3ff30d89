//! Linking: to which children a person may link what waits.
//!
//! A number alone is no ground: whoever could link to any number could hang an event on any child in England.
//! Source: contract.md section 2 (the identity queue); rules.md 2, 4.2.

use events::{
    Fact,
    intake::{Decision, Queued},
    search,
};
use vocabulary::{ChildId, ChildNumber, Revision, SearchId};

use crate::{
    Directory, by_hand::HandError, children::LoadError, people::Person, search::READ_BACK_MAX, unseal::unseal,
};

/// For how long a search is a ground, in minutes: as long as for a record opened by hand (invariant I-3).
const SEARCHED_MINUTES: i64 = 30;

impl Directory {
    /// The decision to link an item to a child: one that it might be, one that the person's own authority
    /// answers for, or one that a search of theirs showed within 30 minutes.
    ///
    /// # Errors
    /// `Refused`: none of these. A number that nobody has is answered alike. Others: a machine failed.
    pub(super) fn linkable(
        &self,
        person: &Person,
        queued: &Queued,
        number: ChildNumber,
        search: Option<SearchId>,
    ) -> Result<Decision, HandError> {
        let child = self.numbered(number)?;
        if let Some(child) = child
            && self.may_link(person, queued, child, search)?
        {
            return Ok(Decision::Link { child });
        }
        Err(HandError::Refused {
            code: "link_not_offered",
            detail: "this child is no candidate of the item, not of your authority, and no search of yours \
                     within 30 minutes showed it; search, then name its search_id"
                .to_owned(),
        })
    }

    fn may_link(
        &self,
        person: &Person,
        queued: &Queued,
        child: ChildId,
        search: Option<SearchId>,
    ) -> Result<bool, LoadError> {
        let is_child = |record: &ChildId| self.kinship().root(*record) == child;
        if queued.candidates.iter().any(is_child) {
            return Ok(true);
        }
        let known = self.load(child)?.child;
        let own = person.authority.is_some() && known.authority == person.authority;
        if own {
            return Ok(true);
        }
        match search {
            Some(search) => self.showed(person, search, &is_child),
            None => Ok(false),
        }
    }

    /// Whether a page of the person's own search showed the child within the last 30 minutes.
    fn showed(
        &self,
        person: &Person,
        search: SearchId,
        is_child: &dyn Fn(&ChildId) -> bool,
    ) -> Result<bool, LoadError> {
        let now = self.clock().now();
        let stream = person.account.search_stream();
        let from = self.log().stream_revision(stream).0.saturating_sub(READ_BACK_MAX);
        let mut shown = false;
        let mut failed = None;
        self.log().read_stream(stream, Revision(from), &mut |record| match unseal(self.vault(), record) {
            Ok(recorded) => {
                let lately = (now - recorded.recorded_at).num_minutes() < SEARCHED_MINUTES;
                shown =
                    shown || (lately && recorded.facts().iter().any(|fact| lists(fact, search, is_child)));
            }
            Err(error) => failed = failed.take().or(Some(error)),
        })?;
        match failed {
            Some(error) => Err(error.into()),
            None => Ok(shown),
        }
    }
}

/// Whether a fact is a page of this search with this child on it.
fn lists(fact: &Fact, search: SearchId, is_child: &dyn Fn(&ChildId) -> bool) -> bool {
    matches!(
        fact,
        Fact::Search(search::Event::SearchDelivered(delivered))
            if delivered.search == search && delivered.children.iter().any(is_child)
    )
}
