//! A ticket: the promise of an append, which a thread can wait on and a task can await.
//!
//! It knows std's wakers only, so the log needs no runtime (house rules, section 4.10).

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use vocabulary::stream::{Position, Revision};

use crate::{AppendError, Committed, LogError};

/// Resolves once a batch is durable, or with the reason why it is not.
#[derive(Debug)]
pub struct Ticket {
    slot: Arc<Slot>,
    assigned: Option<Committed>,
}

/// Settles one [`Ticket`]; an adapter keeps it until the batch is durable.
///
/// Dropped unsettled, it tells the ticket that the log has stopped.
#[derive(Debug)]
pub struct Settler {
    slot: Arc<Slot>,
}

#[derive(Debug)]
struct Slot {
    state: Mutex<State>,
    settled: Condvar,
}

#[derive(Debug)]
enum State {
    Waiting(Option<Waker>),
    Settled(Result<Committed, AppendError>),
}

impl Ticket {
    /// Makes a ticket for records that have their places but are not durable yet, and its settler.
    pub fn pair(assigned: Committed) -> (Settler, Ticket) {
        let slot = Arc::new(Slot { state: Mutex::new(State::Waiting(None)), settled: Condvar::new() });
        (Settler { slot: Arc::clone(&slot) }, Ticket { slot, assigned: Some(assigned) })
    }

    /// Makes a ticket that is settled from the start.
    pub fn settled(result: Result<Committed, AppendError>) -> Ticket {
        let assigned = result.as_ref().ok().copied();
        let slot = Arc::new(Slot { state: Mutex::new(State::Settled(result)), settled: Condvar::new() });
        Ticket { slot, assigned }
    }

    /// Place of the batch's last record, durable or not; `None` when the batch was refused.
    pub fn position(&self) -> Option<Position> {
        self.assigned.map(|assigned| assigned.position)
    }

    /// The stream's revision with the batch, durable or not; `None` when the batch was refused.
    pub fn revision(&self) -> Option<Revision> {
        self.assigned.map(|assigned| assigned.revision)
    }

    /// Blocks the thread until the batch is durable.
    ///
    /// # Errors
    /// The reason why the batch is not durable; see [`AppendError`].
    pub fn wait(self) -> Result<Committed, AppendError> {
        let mut state = self.slot.lock();
        loop {
            match &*state {
                State::Settled(result) => return result.clone(),
                State::Waiting(_) => {
                    state = self.slot.settled.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }
}

impl Future for Ticket {
    type Output = Result<Committed, AppendError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.slot.lock();
        match &mut *state {
            State::Settled(result) => Poll::Ready(result.clone()),
            State::Waiting(waker) => {
                match waker {
                    Some(known) => known.clone_from(context.waker()),
                    None => *waker = Some(context.waker().clone()),
                }
                Poll::Pending
            }
        }
    }
}

impl Settler {
    /// Tells the ticket how the append ended.
    pub fn settle(self, result: Result<Committed, AppendError>) {
        self.slot.settle(result);
    }
}

impl Drop for Settler {
    fn drop(&mut self) {
        self.slot.settle(Err(AppendError::Log(LogError::Stopped)));
    }
}

impl Slot {
    /// Settles once; a later call changes nothing.
    fn settle(&self, result: Result<Committed, AppendError>) {
        let mut state = self.lock();
        let waker = match &mut *state {
            State::Settled(_) => return,
            State::Waiting(waker) => waker.take(),
        };
        *state = State::Settled(result);
        drop(state);
        self.settled.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMITTED: Committed =
        Committed { position: Position(3), first: Position(2), revision: Revision(1) };

    #[test]
    fn a_task_that_awaits_is_woken_once_the_batch_is_durable() {
        let (settler, mut ticket) = Ticket::pair(COMMITTED);
        let mut context = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut ticket).poll(&mut context).is_pending());
        settler.settle(Ok(COMMITTED));
        let Poll::Ready(Ok(committed)) = Pin::new(&mut ticket).poll(&mut context) else {
            panic!("a settled ticket is ready");
        };
        assert_eq!(committed, COMMITTED);
    }

    #[test]
    fn a_ticket_whose_writer_vanished_says_that_the_log_stopped() {
        let (settler, ticket) = Ticket::pair(COMMITTED);
        drop(settler);
        assert!(matches!(ticket.wait(), Err(AppendError::Log(LogError::Stopped))));
    }

    #[test]
    fn a_ticket_knows_its_places_before_it_is_settled() {
        let (_settler, ticket) = Ticket::pair(COMMITTED);
        assert_eq!(ticket.position(), Some(Position(3)));
        assert_eq!(ticket.revision(), Some(Revision(1)));
        let refused = Ticket::settled(Err(AppendError::Empty));
        assert_eq!((refused.position(), refused.revision()), (None, None));
    }
}
