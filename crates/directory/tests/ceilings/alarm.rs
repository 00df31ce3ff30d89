//! The alarm is durable before anything about it is answered, and where it cannot be, nothing is.

use std::{
    pin::pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use directory::{HandError, LookError, OpenRequest};
use event_log::{
    AppendError, Committed, Compacted, Doomed, EventLog, Expected, LogError, MemoryLog, Proposed, RecordRef,
    Settler, Ticket,
};
use events::ceiling::Ceilings;
use vocabulary::{AccessReason, ChildNumber, Position, Revision, Role, Stream};

use crate::world::{Answer, World};

/// What becomes of an append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Durable,
    /// Taken, and durable once it is let through.
    Held,
    Refused,
}

/// How the gate stands, what it holds, and the head as it was when it closed.
type Kept = (Way, Vec<(Settler, Committed)>, Position);

/// A log in memory whose appends wait, or are refused, when its test says so.
struct Gate {
    inner: MemoryLog,
    state: Mutex<Kept>,
}

impl Gate {
    fn new() -> Gate {
        Gate { inner: MemoryLog::new(), state: Mutex::new((Way::Durable, Vec::new(), Position::ZERO)) }
    }

    fn set(&self, way: Way) {
        let mut state = self.state.lock().unwrap();
        (state.0, state.2) = (way, self.inner.head().unwrap());
        if way == Way::Durable {
            state.1.drain(..).for_each(|(settler, committed)| settler.settle(Ok(committed)));
        }
    }

    fn held(&self) -> usize {
        self.state.lock().unwrap().1.len()
    }
}

impl EventLog for Gate {
    fn submit(&self, stream: Stream, expected: Expected, batch: Vec<Proposed>) -> Ticket {
        let mut state = self.state.lock().unwrap();
        match state.0 {
            Way::Durable => self.inner.submit(stream, expected, batch),
            Way::Refused => Ticket::settled(Err(AppendError::Log(LogError::Stopped))),
            Way::Held => match self.inner.submit(stream, expected, batch).wait() {
                Ok(committed) => {
                    let (settler, ticket) = Ticket::pair(committed);
                    state.1.push((settler, committed));
                    ticket
                }
                Err(error) => Ticket::settled(Err(error)),
            },
        }
    }

    fn read_stream(
        &self,
        stream: Stream,
        after: Revision,
        each: &mut dyn FnMut(RecordRef<'_>),
    ) -> Result<Revision, LogError> {
        self.inner.read_stream(stream, after, each)
    }

    fn read_all(
        &self,
        after: Position,
        budget: u32,
        each: &mut dyn FnMut(RecordRef<'_>),
    ) -> Result<Position, LogError> {
        self.inner.read_all(after, budget, each)
    }

    fn stream_revision(&self, stream: Stream) -> Revision {
        self.inner.stream_revision(stream)
    }

    fn head(&self) -> Result<Position, LogError> {
        let state = self.state.lock().unwrap();
        if state.0 == Way::Held { Ok(state.2) } else { self.inner.head() }
    }

    fn compact(&self, as_of: Position, doomed: Doomed<'_>) -> Result<Compacted, LogError> {
        self.inner.compact(as_of, doomed)
    }

    fn compacted(&self) -> Result<Position, LogError> {
        self.inner.compacted()
    }
}

fn request(number: ChildNumber) -> OpenRequest {
    let reason = Some(AccessReason::Assessment);
    OpenRequest { number, reason, search_id: None, on_behalf_of: None, case_ref: None, override_ground: None }
}

/// A world on such a log, and somebody who is one attempt short of a ceiling.
fn one_short() -> (World, Arc<Gate>, vocabulary::AccountId, ChildNumber) {
    let gate = Arc::new(Gate::new());
    let world = World::on(Arc::clone(&gate) as Arc<dyn EventLog>);
    let nurse = world.employ("nurse", Role::Practitioner);
    let nobodys = world.nobodys();
    for _ in 1..Ceilings::default().fruitless.hour {
        let answer = world.open(&world.person(nurse), nobodys, AccessReason::Assessment);
        assert_eq!(answer, Answer::Unknown);
    }
    (world, gate, nurse, nobodys)
}

#[test]
fn nobody_is_answered_about_a_ceiling_before_its_alarm_is_durable() {
    let (world, gate, nurse, nobodys) = one_short();
    let mut context = Context::from_waker(Waker::noop());
    gate.set(Way::Held);
    let person = world.person(nurse);
    let mut last = pin!(world.directory.open_record(&person, request(nobodys)));
    assert!(last.as_mut().poll(&mut context).is_pending(), "the attempt that reaches it waits");
    assert_eq!(gate.held(), 1);
    let beside = world.person(nurse);
    let mut next = pin!(world.directory.open_record(&beside, request(world.numbers[0])));
    assert!(next.as_mut().poll(&mut context).is_pending(), "so does whoever is refused beside it");
    gate.set(Way::Durable);
    let Poll::Ready(Err(LookError::Unknown)) = last.as_mut().poll(&mut context) else {
        panic!("the attempt is answered as any other");
    };
    let Poll::Ready(Err(LookError::Refused { code, .. })) = next.as_mut().poll(&mut context) else {
        panic!("and the next one refused");
    };
    assert_eq!(code, "ceiling_reached");
    assert_eq!(world.alarms().len(), 1);
}

#[test]
fn where_the_alarm_cannot_be_recorded_nothing_is_answered_and_nothing_shown() {
    let (world, gate, nurse, nobodys) = one_short();
    gate.set(Way::Refused);
    let mut context = Context::from_waker(Waker::noop());
    for number in [nobodys, world.numbers[0], nobodys] {
        let person = world.person(nurse);
        let mut asked = pin!(world.directory.open_record(&person, request(number)));
        let answer = asked.as_mut().poll(&mut context);
        assert!(matches!(answer, Poll::Ready(Err(LookError::File(_)))), "{answer:?}");
    }
    let child = events::supplied::SuppliedChild::default();
    let person = world.person(nurse);
    let by_hand = world.directory.change_child(&person, nobodys, child);
    assert!(matches!(by_hand, Err(HandError::Supply(_))), "{by_hand:?}");
    gate.set(Way::Durable);
    assert_eq!(world.open(&world.person(nurse), nobodys, AccessReason::Assessment), Answer::Unknown);
    let refused = world.open(&world.person(nurse), world.numbers[0], AccessReason::Assessment);
    assert_eq!(refused, Answer::Refused("ceiling_reached"));
    assert_eq!(world.alarms().len(), 1);
}
