//! What an administrative act left: its position, and the ticket that whoever answers waits for.

use event_log::Ticket;
use events::recorded::Actor;
use vocabulary::Position;

use super::AdminError;
use crate::{
    Directory,
    people::Person,
    register::{ActError, Acting},
};

/// An act as it was decided; durable once it is settled.
#[derive(Debug)]
pub struct Acted {
    position: Option<Position>,
    ticket: Option<Ticket>,
}

impl Acted {
    /// Where it was recorded; `None` where it was so already.
    pub fn position(&self) -> Option<Position> {
        self.position
    }

    /// Waits until the act is durable.
    ///
    /// # Errors
    /// The log has stopped.
    pub async fn settled(mut self) -> Result<Acted, event_log::AppendError> {
        if let Some(ticket) = self.ticket.take() {
            ticket.await?;
        }
        Ok(self)
    }

    pub(crate) fn of<R: std::error::Error + 'static>(
        acted: Result<Option<(Position, Ticket)>, ActError<R>>,
        refused: impl FnOnce(&R) -> AdminError,
    ) -> Result<Acted, AdminError> {
        match acted {
            Ok(Some((position, ticket))) => Ok(Acted { position: Some(position), ticket: Some(ticket) }),
            Ok(None) => Ok(Acted { position: None, ticket: None }),
            Err(ActError::Refused(refusal)) => Err(refused(&refusal)),
            Err(ActError::Seal(error)) => Err(AdminError::Machine(Box::new(error))),
            Err(ActError::Key(error)) => Err(AdminError::Machine(Box::new(error))),
            Err(ActError::Append(error)) => Err(AdminError::Machine(Box::new(error))),
        }
    }
}

impl Directory {
    /// Who acts at this moment, as the envelope names them.
    pub(crate) fn acting(&self, person: &Person) -> Acting {
        let acting = Acting { by: person.actor(), now: self.clock().now() };
        debug_assert!(matches!(acting.by, Actor::Person(_)), "a person's act names the person");
        acting
    }
}
