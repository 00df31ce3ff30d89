//! An act of administration that was done: durable, waited for by the pages that follow, and said once on the next.

use directory::Acted;

use super::{visitor::Visitor, wrong::Wrong};
use crate::{answer::not_recorded, door::Door};

/// Waits until an act is durable; the next page says `said`, or that it was so already.
///
/// # Errors
/// The log has stopped.
pub(crate) async fn done(door: &Door, visitor: &Visitor, acted: Acted, said: &str) -> Result<(), Wrong> {
    let acted = acted.settled().await.map_err(|error| not_recorded(&error))?;
    let position = acted.position();
    visitor.wrote(door, position);
    let said = if position.is_some() { said } else { "It was so already; nothing was changed." };
    visitor.visit(door, |visit| visit.say(said));
    Ok(())
}
