//! Clients in a closed loop: each has one request in flight and sends the next once it is answered.
//!
//! One client is a thread that waits. More are tasks on one driving thread, as the door's are: a thread a client
//! would measure the scheduler.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::Duration,
};

use event_log::{AppendError, Ticket};

use crate::now;

/// Sends `submit` in a closed loop for about `length`; answers the number of answers per second.
///
/// # Errors
/// The first append that failed.
pub fn run(
    clients: usize,
    length: Duration,
    submit: &mut dyn FnMut(usize) -> Ticket,
) -> Result<f64, AppendError> {
    let start = now();
    let mut answers = 0_u32;
    if clients == 1 {
        while start.elapsed() < length {
            submit(0).wait()?;
            answers += 1;
        }
        return Ok(f64::from(answers) / start.elapsed().as_secs_f64());
    }
    let ready = Arc::new(Ready { driver: thread::current(), clients: Mutex::new((0..clients).collect()) });
    let wakers: Vec<Waker> = (0..clients)
        .map(|client| Waker::from(Arc::new(Client { ready: Arc::clone(&ready), client })))
        .collect();
    let mut flying: Vec<Option<Ticket>> = (0..clients).map(|_| None).collect();
    let mut turn = Vec::new();
    loop {
        ready.take(&mut turn);
        if turn.is_empty() {
            thread::park();
        }
        let over = start.elapsed() >= length;
        for client in turn.drain(..) {
            let (Some(slot), Some(waker)) = (flying.get_mut(client), wakers.get(client)) else { continue };
            answers += u32::from(advance(slot, waker, &mut || (!over).then(|| submit(client)))?);
        }
        if over && flying.iter().all(Option::is_none) {
            return Ok(f64::from(answers) / start.elapsed().as_secs_f64());
        }
    }
}

/// Takes a client's answer, if it is there, and sends its next request; tells whether there was an answer.
fn advance(
    slot: &mut Option<Ticket>,
    waker: &Waker,
    submit: &mut dyn FnMut() -> Option<Ticket>,
) -> Result<bool, AppendError> {
    let mut answered = false;
    if let Some(ticket) = slot {
        match Pin::new(ticket).poll(&mut Context::from_waker(waker)) {
            Poll::Pending => return Ok(false),
            Poll::Ready(result) => {
                result?;
                answered = true;
            }
        }
    }
    *slot = submit();
    if let Some(ticket) = slot
        && Pin::new(ticket).poll(&mut Context::from_waker(waker)).is_ready()
    {
        waker.wake_by_ref();
    }
    Ok(answered)
}

/// The clients that have an answer.
struct Ready {
    driver: Thread,
    clients: Mutex<Vec<usize>>,
}

impl Ready {
    fn take(&self, into: &mut Vec<usize>) {
        std::mem::swap(into, &mut self.clients.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

struct Client {
    ready: Arc<Ready>,
    client: usize,
}

impl Wake for Client {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let first = {
            let mut ready = self.ready.clients.lock().unwrap_or_else(PoisonError::into_inner);
            ready.push(self.client);
            ready.len() == 1
        };
        if first {
            self.ready.driver.unpark();
        }
    }
}
