//! Kill -9 under load, again and again, with a ledger of acknowledgements kept outside the server.
//!
//! Every round starts the server on the same data folder, lets writers post events and a practitioner open
//! records, and kills it at a moment that nobody chose. The next start must know every event that was
//! acknowledged, at its position, and hold the trace of every record that was shown. `CONTACTPOINT_CRASH_ROUNDS`
//! says how many rounds. Source: reliability.md section 5; promises P1 and P3.

#![cfg(test)]

mod http;
mod load;
mod server;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use load::{Acknowledged, Ledger, Shown};
use server::Server;

/// Rounds where nobody says how many: enough to catch a broken order of writing, short enough for every run.
const ROUNDS: u32 = 6;

/// Rounds on one data folder: many enough to pile crash upon crash, few enough that opening stays quick.
const ROUNDS_A_FOLDER: usize = 20;

/// Longest time that a server works before it is killed.
const WORK_MS_MAX: u64 = 700;

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_shown_without_its_trace() {
    let rounds = std::env::var("CONTACTPOINT_CRASH_ROUNDS").map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let mut moment = 0x9E37_79B9_7F4A_7C15_u64;
    let (mut acknowledged, mut shown) = (0, 0);
    for first in (0..rounds).step_by(ROUNDS_A_FOLDER) {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let credentials = server::demo(&data);
        for round in (first..rounds).take(ROUNDS_A_FOLDER) {
            // A multiplicative step is no generator worth the name, but its moments are spread and repeatable.
            moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let server = Server::start(&data);
            let time = Duration::from_millis(20 + (moment >> 33) % WORK_MS_MAX);
            let ledger = work(&server, &credentials, round, time);
            server.kill();
            let restarted = Server::start(&data);
            check(&restarted, &credentials, &ledger);
            restarted.kill();
            acknowledged += ledger.acknowledged.len();
            shown += ledger.shown.len();
        }
        server::verify(&data);
    }
    assert!(acknowledged > 0, "no round came as far as an acknowledgement");
    assert!(shown > 0, "no round came as far as a record");
    println!(
        "{rounds} rounds of kill -9: {acknowledged} acknowledged, 0 lost; {shown} shown, 0 without a trace"
    );
}

/// Loads the server until it is killed, and keeps what it acknowledged and showed before that.
fn work(server: &Server, credentials: &server::Credentials, round: u32, time: Duration) -> Ledger {
    let stop = Arc::new(AtomicBool::new(false));
    let mut threads = Vec::new();
    for writer in 0..2 {
        let (stop, address) = (Arc::clone(&stop), server.address);
        let client = credentials.supplier.clone();
        threads.push(thread::spawn(move || {
            let mut ledger = Ledger::default();
            load::write(address, &client, &format!("{round}-{writer}"), &stop, &mut ledger);
            ledger
        }));
    }
    let (stop_looking, address, asking) = (Arc::clone(&stop), server.address, credentials.clone());
    threads.push(thread::spawn(move || {
        let mut ledger = Ledger::default();
        load::look(address, &asking, &stop_looking, &mut ledger);
        ledger
    }));
    thread::park_timeout(time);
    server.kill_now();
    stop.store(true, Ordering::Release);
    let mut all = Ledger::default();
    for thread in threads {
        let ledger = thread.join().unwrap();
        all.acknowledged.extend(ledger.acknowledged);
        all.shown.extend(ledger.shown);
    }
    all
}

/// Holds a restarted server to everything that the one before it said.
fn check(server: &Server, credentials: &server::Credentials, ledger: &Ledger) {
    let token = http::token(server.address, &credentials.supplier).unwrap();
    for Acknowledged { id, outcome, position } in &ledger.acknowledged {
        let told = http::get(server.address, &format!("/api/v1/events/{id}"), &token, None).unwrap();
        assert_ne!(told.status, 404, "the event {id} was acknowledged at {position} and is lost");
        assert_eq!(told.status, 200, "the event {id} cannot be asked for");
        assert_eq!(told.body["outcome"].as_str(), Some(outcome.as_str()), "event {id}");
        assert_eq!(told.body["position"].as_u64(), Some(*position), "event {id}");
    }
    let asking = http::token(server.address, &credentials.asking).unwrap();
    for Shown { position } in &ledger.shown {
        let path = format!("/api/v1/accesses?after={}", position - 1);
        let looks = http::get(server.address, &path, &asking, Some(&credentials.acting_user)).unwrap();
        let first = looks.body["accesses"][0]["position"].as_u64();
        assert_eq!(first, Some(*position), "a record was shown and its access at {position} is lost");
    }
}
