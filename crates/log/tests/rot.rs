//! One flipped bit anywhere in a segment is found, named, and never cut off; a write cut short is.

#![cfg(test)]
#![expect(clippy::cast_possible_truncation, reason = "the sizes of a test are small")]

use std::sync::Arc;

use event_log::{
    EventLog, Expected, Header, LogError, OpenError, Options, Proposed, Segments,
    conformance::{invented, stream},
    disk::{Disk, MemoryDisk, Open},
    verify::{Verified, VerifyError, VerifyOptions, verify_on},
};
use vocabulary::stream::Position;

const SMALL: Options = Options { segment_bytes: 4 << 10 };

fn open(disk: &MemoryDisk) -> Result<Segments, OpenError> {
    Segments::open_on(Arc::new(disk.clone()), SMALL).map(|(log, _)| log)
}

fn verified(disk: &MemoryDisk) -> Result<Verified, VerifyError> {
    verify_on(disk, None, VerifyOptions::default(), &mut |_| ())
}

fn sealed(number: u64) -> Proposed {
    let proposed = invented(stream(number % 3), number);
    // As sealed payloads are: no zeroes to speak of.
    let byte = |at: u64| (number.wrapping_mul(31) ^ at.wrapping_mul(0x9e37_79b9) >> 3).to_le_bytes()[0] | 1;
    Proposed { payload: (0..96).map(byte).collect(), ..proposed }
}

/// A log of two closed segments and one that is written to; batches of one to three records.
fn written(closing: bool) -> (MemoryDisk, u64) {
    let disk = MemoryDisk::new();
    let log = open(&disk).unwrap();
    let mut count = 0;
    for round in 0..18_u64 {
        let named = stream(round % 3);
        let header = |number| Header { stream: named, ..sealed(number).header };
        let batch: Vec<_> = (0..=round % 3)
            .map(|place| Proposed { header: header(count + place), ..sealed(count + place) })
            .collect();
        count += batch.len() as u64;
        log.submit(named, Expected::Any, batch).wait().unwrap();
    }
    if closing {
        log.close();
        return (disk, count);
    }
    // As a killed process leaves it: all that was written is there, and no closing mark.
    (disk.crashed(&mut || true), count)
}

fn flip(disk: &MemoryDisk, name: &str, bit: u64) {
    let file = disk.open(name, Open::Write).unwrap();
    let mut byte = [0];
    file.pread(bit / 8, &mut byte).unwrap();
    file.pwrite(bit / 8, &[byte[0] ^ (1 << (bit % 8))]).unwrap();
}

fn segments(disk: &MemoryDisk) -> Vec<String> {
    let names = disk.list("").unwrap().into_iter();
    names.filter(|name| name.strip_suffix(".seg").is_some()).collect()
}

/// Position of the record of which a bit is flipped, or of the one before it.
fn expected_positions(disk: &MemoryDisk) -> Vec<(String, u32, u64)> {
    let mut places = Vec::new();
    for name in segments(disk) {
        let file = disk.open(&name, Open::Read).unwrap();
        let mut bytes = vec![0; file.len().unwrap() as usize];
        file.pread(0, &mut bytes).unwrap();
        let mut at = 512;
        while at + 8 <= bytes.len() {
            let length = u32::from_be_bytes(bytes[at + 4..at + 8].try_into().unwrap());
            if length == 0 {
                break;
            }
            if bytes[at] == 0xA5 {
                let position = u64::from_be_bytes(bytes[at + 20..at + 28].try_into().unwrap());
                places.push((name.clone(), at as u32, position));
            }
            at += length as usize;
        }
    }
    places
}

#[test]
fn one_flipped_bit_anywhere_in_a_segment_is_found_and_its_position_named() {
    for closing in [true, false] {
        let (disk, count) = written(closing);
        assert_eq!(verified(&disk).unwrap().records, count);
        let places = expected_positions(&disk);
        assert_eq!(places.len() as u64, count);
        let last = segments(&disk).pop().unwrap();
        for name in segments(&disk) {
            // Every bit of the last records, every eleventh elsewhere, so that nearly each byte has its turn.
            let end = places.last().map_or(0, |(_, at, _)| u64::from(*at) + 400) * 8;
            let every = |bit: &u64| closing && name == last && *bit < end;
            let bits = disk.open(&name, Open::Read).unwrap().len().unwrap() * 8;
            for bit in (0..bits).filter(|bit| every(bit) || bit % 11 == 0) {
                flip(&disk, &name, bit);
                let found = verified(&disk).expect_err("the flipped bit is found");
                let offset = u32::try_from(bit / 8).unwrap();
                let within = places.iter().rfind(|(segment, at, _)| *segment == name && *at <= offset);
                let before = places.iter().rfind(|(segment, _, _)| *segment < name);
                let nearest = within.or(before).map_or(0, |(_, _, position)| *position);
                let named = found.position().unwrap_or_else(|| panic!("{found}: bit {bit} of {name}"));
                assert_eq!(named, Position(nearest), "{found}: byte {} of {name}", bit / 8);
                flip(&disk, &name, bit);
            }
        }
        assert_eq!(verified(&disk).unwrap().records, count);
    }
}

#[test]
fn one_flipped_bit_in_the_last_segment_is_never_cut_off_even_without_the_mark() {
    for (closing, mark) in [(true, true), (false, true), (false, false)] {
        let (disk, count) = written(closing);
        if !mark {
            disk.remove("durable").unwrap();
        }
        let last = segments(&disk).pop().unwrap();
        let end = expected_positions(&disk).last().unwrap().1 + 400;
        for bit in (0..u64::from(end) * 8).step_by(3) {
            let copy = disk.crashed(&mut || true);
            flip(&copy, &last, bit);
            match Segments::open_on(Arc::new(copy), SMALL) {
                Err(OpenError::Log(LogError::Damaged(_))) => (),
                Err(other) => panic!("bit {bit}: {other}"),
                Ok((_, opened)) => panic!("bit {bit} of {count} records: opened as {opened:?}"),
            }
        }
    }
}

#[test]
fn a_rotten_record_of_a_closed_segment_is_named_when_it_is_read() {
    let (disk, _) = written(true);
    let (name, at, position) = expected_positions(&disk)[1].clone();
    flip(&disk, &name, (u64::from(at) + 150) * 8);
    let log = open(&disk).unwrap();
    let damaged = |error: LogError| match error {
        LogError::Damaged(damage) => damage.position,
        LogError::Stopped | LogError::Io { .. } => panic!("{error}"),
    };
    let mut told = 0;
    let all = log.read_all(Position::ZERO, u32::MAX, &mut |_| told += 1);
    assert_eq!(damaged(all.unwrap_err()), Position(position));
    assert_eq!(told, position - 1, "those before it are told");
    let of_stream = log.read_stream(stream(1), vocabulary::stream::Revision::NONE, &mut |_| ());
    assert_eq!(damaged(of_stream.unwrap_err()), Position(position));
}

/// Offset after the last byte of the last segment that is not zero.
fn last_byte(disk: &MemoryDisk) -> (String, usize, Vec<u8>) {
    let name = segments(disk).pop().unwrap();
    let file = disk.open(&name, Open::Read).unwrap();
    let mut bytes = vec![0; file.len().unwrap() as usize];
    file.pread(0, &mut bytes).unwrap();
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    (name, end, bytes)
}

#[test]
fn a_truncated_last_frame_is_cut_and_kept_and_nothing_acknowledged_is_lost() {
    for closing in [true, false] {
        let (disk, count) = written(closing);
        let (name, end, bytes) = last_byte(&disk);
        for missing in 1..32 {
            let copy = disk.crashed(&mut || true);
            let file = copy.open(&name, Open::Create).unwrap();
            file.pwrite(0, &bytes[..end - missing]).unwrap();
            let (log, opened) = Segments::open_on(Arc::new(copy.clone()), SMALL).unwrap();
            assert_eq!(log.head().unwrap(), Position(count));
            assert!(opened.lengthened > 0);
            if closing {
                let cut = opened.cut.expect("the closing mark was cut short");
                assert_eq!(cut.bytes as usize, 32 - missing - trailing_zeroes(&bytes[..end - missing]));
                assert!(copy.list("").unwrap().contains(&cut.kept_as));
            } else {
                assert!(opened.restored, "the records are whole, and the mark proves their trailer");
            }
            drop(log);
            assert_eq!(verified(&copy).unwrap().records, count);
        }
    }
}

fn trailing_zeroes(bytes: &[u8]) -> usize {
    bytes.iter().rev().take_while(|byte| **byte == 0).count()
}

#[test]
fn an_acknowledged_record_that_was_cut_off_stops_the_log_from_opening() {
    let (disk, count) = written(false);
    let (name, end, _) = last_byte(&disk);
    disk.open(&name, Open::Write).unwrap().pwrite(end as u64 - 200, &[0; 200]).unwrap();
    let Err(OpenError::Log(LogError::Damaged(damage))) = open(&disk) else {
        panic!("what was acknowledged is missing");
    };
    assert!(damage.position.0 <= count && damage.position.0 > count - 3, "{damage}");
    assert!(matches!(verified(&disk), Err(error) if error.position() == Some(damage.position)));
}
