//! A request follows the record: once another authority answers for the child, what waits stands on its list.
//!
//! Whoever answers for the record no more cannot make a pack of it, and is to learn nothing new of where the child is.
//! Each request is told by itself and looked at until it was, so that no failed machine leaves one behind.

use events::{
    Fact,
    decider::Decider,
    recorded::Actor,
    rights::{Command, Rights},
};
use projections::{RightsRequests, rights};
use vocabulary::RightsId;

use crate::{Directory, disclose::LookError, rows::Order};

/// Requests looked at at once.
const READ_AT_ONCE: usize = 500;

impl Directory {
    /// Hands over every request that waits to the authority that answers for its child now; tells how many it were.
    ///
    /// Cost: one child as it stands for each request that waits anywhere; one append for each that moves.
    ///
    /// # Errors
    /// A machine failed; what was handed over is.
    pub fn hand_over_requests(&self) -> Result<u64, LookError> {
        let (within, mut after, mut moved) = (rights::waiting(), None, 0);
        loop {
            let found = self.rows().postings::<RightsRequests>(
                &within,
                after.as_ref(),
                Order::Ascending,
                READ_AT_ONCE,
            )?;
            for (_, id) in &found {
                moved += u64::from(self.handed_over(*id)?);
            }
            if found.len() < READ_AT_ONCE {
                return Ok(moved);
            }
            after = found.into_iter().next_back().map(|(posting, _)| posting);
        }
    }

    fn handed_over(&self, id: RightsId) -> Result<bool, LookError> {
        let _alone = self.desk_mut();
        let (state, revision) = self.rights(id)?;
        let Some(requested) = &state.requested else { return Ok(false) };
        let held = self.load(self.kinship().root(requested.child))?.child;
        let Some(authority) = &held.authority else { return Ok(false) };
        // What was answered since its row was written waits no more.
        let decided = Rights::decide(&state, &Command::HandOver(authority.clone()), self.clock().now());
        let facts: Vec<Fact> = decided.unwrap_or_default().into_iter().map(Fact::Rights).collect();
        if facts.is_empty() {
            return Ok(false);
        }
        let filed = self.append_by_month_as(Actor::System, id.stream(), revision, facts)?;
        filed.ticket.wait()?;
        Ok(true)
    }
}
