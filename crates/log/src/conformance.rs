//! The suite that every adapter of [`EventLog`] passes: same promises, whatever keeps them.

use uuid::Uuid;
use vocabulary::stream::{BodyHash, EventId, KeyId, Position, Revision, Stream, StreamKind};

use crate::{AppendError, EventLog, Expected, Header, Payload, Proposed, record::PAYLOAD_BYTES_MAX};

/// Invents one record of `stream` from a number.
pub fn invented(stream: Stream, number: u64) -> Proposed {
    let header = Header {
        salt: u128::from(number.wrapping_mul(0x9e37_79b9_7f4a_7c15)).to_be_bytes(),
        stream,
        event_id: EventId(Uuid::from_u128(u128::from(number) + 1)),
        body_hash: BodyHash([number.to_be_bytes()[7]; 16]),
        happened_at: i64::from_ne_bytes(number.to_ne_bytes()),
        recorded_at: 1_700_000_000_000_000,
        class: 1,
        key: KeyId { pool: 1, slot: 2 },
        schema: 1,
    };
    Proposed { header, payload: format!("invented payload {number}").into_bytes(), dictionary: 1 }
}

/// Invents the name of a stream from a number.
pub fn stream(number: u64) -> Stream {
    Stream::new(StreamKind::Child, Uuid::from_u128(u128::from(number)))
}

/// Holds an adapter to the promises of the port. `fresh` opens a new, empty log each time.
///
/// # Panics
/// With the promise that was broken.
pub fn holds<L: EventLog>(mut fresh: impl FnMut() -> L) {
    positions_run_without_gaps_and_revisions_by_stream(&fresh());
    a_wrong_expectation_writes_nothing(&fresh());
    a_malformed_batch_writes_nothing(&fresh());
    a_stream_is_read_oldest_first_after_a_revision(&fresh());
    the_whole_log_is_read_in_pieces_of_the_budget(&fresh());
    what_is_in_flight_is_seen_by_the_next_decision(&fresh());
    one_of_many_rivals_wins(&fresh());
    what_is_read_is_what_was_written(&fresh());
    what_is_compacted_reads_as_its_hash_and_nothing_else_changes(&fresh());
}

fn positions_run_without_gaps_and_revisions_by_stream(log: &impl EventLog) {
    assert_eq!(head(log), Position::ZERO, "an empty log stands at zero");
    let mut expected = 0;
    for round in 1..=20_u64 {
        for number in 1..=3_u64 {
            let batch = (0..number).map(|place| invented(stream(number), round * 10 + place)).collect();
            let committed = match log.submit(stream(number), Expected::Any, batch).wait() {
                Ok(committed) => committed,
                Err(error) => unreachable!("an append with no expectation is taken: {error}"),
            };
            assert_eq!(committed.first, Position(expected + 1), "positions run without gaps");
            expected += number;
            assert_eq!(committed.position, Position(expected), "a batch stands together");
            assert_eq!(committed.revision, Revision(round * number), "revisions run by stream");
            assert_eq!(log.stream_revision(stream(number)), committed.revision);
        }
    }
    assert_eq!(head(log), Position(expected));
}

fn a_wrong_expectation_writes_nothing(log: &impl EventLog) {
    let refused = log.submit(stream(1), Expected::At(Revision(1)), vec![invented(stream(1), 1)]);
    assert_eq!((refused.position(), refused.revision()), (None, None), "a refused batch has no place");
    assert!(matches!(refused.wait(), Err(AppendError::WrongRevision { actual: Revision::NONE, .. })));
    assert!(log.submit(stream(1), Expected::NoStream, vec![invented(stream(1), 1)]).wait().is_ok());
    let again = log.submit(stream(1), Expected::NoStream, vec![invented(stream(1), 2)]).wait();
    assert!(matches!(again, Err(AppendError::WrongRevision { actual: Revision(1), .. })));
    assert!(log.submit(stream(1), Expected::At(Revision(1)), vec![invented(stream(1), 2)]).wait().is_ok());
    assert_eq!(head(log), Position(2));
}

fn a_malformed_batch_writes_nothing(log: &impl EventLog) {
    let empty = log.submit(stream(1), Expected::Any, Vec::new()).wait();
    assert!(matches!(empty, Err(AppendError::Empty)));
    let batch = vec![invented(stream(1), 1), invented(stream(2), 2)];
    let foreign = log.submit(stream(1), Expected::Any, batch).wait();
    assert!(matches!(foreign, Err(AppendError::ForeignRecord)));
    let mut huge = invented(stream(1), 1);
    huge.payload = vec![1; PAYLOAD_BYTES_MAX + 1];
    let too_large = log.submit(stream(1), Expected::Any, vec![huge]).wait();
    assert!(matches!(too_large, Err(AppendError::TooLarge { .. })));
    assert_eq!(head(log), Position::ZERO);
    assert_eq!(log.stream_revision(stream(1)), Revision::NONE);
}

fn a_stream_is_read_oldest_first_after_a_revision(log: &impl EventLog) {
    for number in 0..60 {
        let named = stream(number % 3);
        assert!(log.submit(named, Expected::Any, vec![invented(named, number)]).wait().is_ok());
    }
    for after in [0, 1, 7, 19, 20, 21, u64::MAX] {
        let mut seen = Vec::new();
        let revision = log.read_stream(stream(1), Revision(after), &mut |record| {
            assert_eq!(record.header.stream, stream(1));
            seen.push((record.revision, record.position));
        });
        assert_eq!(revision.ok(), Some(Revision(20)));
        let wanted: Vec<_> =
            (after.min(20) + 1..=20).map(|at| (Revision(at), Position(3 * at - 1))).collect();
        assert_eq!(seen, wanted, "after revision {after}");
    }
    let absent = log.read_stream(stream(99), Revision::NONE, &mut |_| unreachable!("no such stream"));
    assert_eq!(absent.ok(), Some(Revision::NONE));
}

fn the_whole_log_is_read_in_pieces_of_the_budget(log: &impl EventLog) {
    for number in 0..50 {
        let named = stream(number % 7);
        assert!(log.submit(named, Expected::Any, vec![invented(named, number); 3]).wait().is_ok());
    }
    for budget in [1, 4, 149, 150, 1000] {
        let (mut at, mut seen) = (Position::ZERO, 0);
        loop {
            let before = seen;
            let next = log.read_all(at, budget, &mut |record| {
                seen += 1;
                assert_eq!(record.position, Position(seen), "in one order, without gaps");
            });
            assert!(seen - before <= u64::from(budget));
            assert_eq!(next.ok(), Some(Position(seen)));
            if seen == before {
                break;
            }
            at = Position(seen);
        }
        assert_eq!(seen, 150);
    }
    let beyond = log.read_all(Position(1_000), 10, &mut |_| unreachable!("nothing stands there"));
    assert_eq!(beyond.ok(), Some(Position(1_000)));
}

fn what_is_in_flight_is_seen_by_the_next_decision(log: &impl EventLog) {
    let mut tickets = Vec::new();
    for number in 0..200_u64 {
        let ticket = log.submit(stream(1), Expected::At(Revision(number)), vec![invented(stream(1), number)]);
        assert_eq!(ticket.revision(), Some(Revision(number + 1)), "expectations meet what is in flight");
        assert_eq!(ticket.position(), Some(Position(number + 1)));
        let mut seen = 0;
        let revision = log.read_stream(stream(1), Revision::NONE, &mut |record| {
            seen += 1;
            assert_eq!(record.revision, Revision(seen));
        });
        assert_eq!(revision.ok(), Some(Revision(number + 1)));
        assert_eq!(seen, number + 1, "a stream is read whole, in flight included");
        tickets.push(ticket);
    }
    for ticket in tickets {
        assert!(ticket.wait().is_ok());
    }
    assert_eq!(head(log), Position(200));
}

fn one_of_many_rivals_wins(log: &impl EventLog) {
    for round in 0..25 {
        let wins: usize = std::thread::scope(|scope| {
            let rivals: Vec<_> = (0..8)
                .map(|rival| {
                    let batch = vec![invented(stream(round), rival)];
                    scope.spawn(move || {
                        usize::from(log.submit(stream(round), Expected::NoStream, batch).wait().is_ok())
                    })
                })
                .collect();
            rivals.into_iter().filter_map(|rival| rival.join().ok()).sum()
        });
        assert_eq!(wins, 1, "one rival wins");
    }
    assert_eq!(head(log), Position(25));
}

fn what_is_read_is_what_was_written(log: &impl EventLog) {
    for length in [0, 1, 7, 8, 9, 31, 32, 33, 96, 511, 512, 4_096, 60_000] {
        let mut proposed = invented(stream(1), length as u64);
        proposed.payload = (0..length).map(|place: usize| place.to_le_bytes()[0]).collect();
        proposed.dictionary = length.to_le_bytes()[0];
        let written = proposed.clone();
        let committed = log.submit(stream(1), Expected::Any, vec![proposed]).wait();
        let Ok(committed) = committed else { unreachable!("an append with no expectation is taken") };
        let mut times = 0;
        let mut same = |record: crate::RecordRef<'_>| {
            times += 1;
            assert_eq!(record.position, committed.position);
            assert_eq!(record.header, written.header);
            assert_eq!(record.dictionary, written.dictionary);
            assert!(record.payload == Payload::Kept(&written.payload), "payload of {length} bytes");
        };
        let before = Position(committed.position.0 - 1);
        assert!(log.read_all(before, 1, &mut same).is_ok());
        assert!(log.read_stream(stream(1), Revision(committed.revision.0 - 1), &mut same).is_ok());
        assert_eq!(times, 2);
    }
}

fn what_is_compacted_reads_as_its_hash_and_nothing_else_changes(log: &impl EventLog) {
    let written = |number: u64| {
        let mut proposed = invented(stream(number % 5), number);
        proposed.header.key.slot = if number % 5 < 2 { 3 } else { 4 };
        proposed
    };
    let append = |number: u64| {
        let proposed = written(number);
        assert!(log.submit(proposed.header.stream, Expected::Any, vec![proposed]).wait().is_ok());
    };
    (0..60).for_each(append);
    assert_eq!(log.compacted().ok(), Some(Position::ZERO));
    let done = match log.compact(Position(60), &|header| header.key.slot == 3) {
        Ok(done) => done,
        Err(error) => unreachable!("a log that runs is compacted: {error}"),
    };
    let bytes: usize =
        (0..60).filter(|number| number % 5 < 2).map(|number| written(number).payload.len()).sum();
    assert_eq!((done.payloads, done.payload_bytes), (24, bytes as u64));
    assert_eq!(log.compacted().ok(), Some(Position(60)));
    (60..80).for_each(append);
    let again = log.compact(Position(60), &|_| unreachable!("nothing is looked at again"));
    assert_eq!(again.ok(), Some(crate::Compacted::default()));
    let mut seen = 0;
    let mut same = |record: crate::RecordRef<'_>, number: u64| {
        let proposed = written(number);
        assert_eq!(record.header, proposed.header);
        assert_eq!(record.dictionary, proposed.dictionary);
        let kept = Payload::Kept(&proposed.payload);
        assert_eq!(record.payload.digest(), kept.digest());
        assert_eq!(record.payload == kept, number >= 60 || number % 5 >= 2, "record {number}");
        seen += 1;
    };
    assert!(log.read_all(Position::ZERO, 1_000, &mut |record| same(record, record.position.0 - 1)).is_ok());
    for name in 0..5 {
        let told = log.read_stream(stream(name), Revision::NONE, &mut |record| {
            same(record, name + (record.revision.0 - 1) * 5);
        });
        assert_eq!(told.ok(), Some(Revision(16)));
    }
    assert_eq!(seen, 160);
}

fn head(log: &impl EventLog) -> Position {
    match log.head() {
        Ok(position) => position,
        Err(error) => unreachable!("a log that runs knows its head: {error}"),
    }
}
