//! Both adapters keep the promises of the port.

#![cfg(test)]

use std::sync::Arc;

use event_log::{MemoryLog, Options, Segments, conformance, disk::MemoryDisk};

#[test]
fn the_log_in_memory_keeps_the_promises_of_the_port() {
    conformance::holds(MemoryLog::new);
}

#[test]
fn the_log_in_segment_files_keeps_the_promises_of_the_port() {
    let folders = tempfile::tempdir().unwrap();
    let mut number = 0;
    conformance::holds(|| {
        number += 1;
        let options = Options { segment_bytes: 2 << 20 };
        Segments::open(folders.path().join(number.to_string()), options).unwrap().0
    });
}

#[test]
fn many_small_segments_keep_the_promises_of_the_port() {
    conformance::holds(|| {
        // The largest record of the suite fits; nearly every batch of its kind needs a segment of its own.
        let options = Options { segment_bytes: 64 << 10 };
        Segments::open_on(Arc::new(MemoryDisk::new()), options).unwrap().0
    });
}
