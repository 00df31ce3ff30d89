//! Times the purge of a whole cohort in one night: settled, listed, approved by two people, waited for, destroyed.
//!
//! `cargo run --release -p benches --bin purge -- [CHILDREN] [FOLDER]`, 100,000 in a folder of its own unless told. Time
//! is told: a directory lives through the nights that a purge needs, is then told of children who died seven years
//! ago, and the nights go on. It fails where the night of the purge took longer than ten minutes a million, or left
//! anybody. Source: domain.md 4.6; ADR-0050.

#![expect(clippy::print_stdout, reason = "a benchmark tells its figures")]

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context as _, ensure};
use benches::{
    as_figure,
    asking::{Told, engaged, register},
    now,
};
use chrono::{Duration, NaiveDate};
use directory::{
    Directory, Folders, Mode, Night, OutcomeKind, Pending, Sender, SuppliedEvent,
    ports::{Clock as _, SystemClock, ToldClock},
};
use events::supplied::Supplied;
use serde_json::{Value, json};
use vocabulary::{ClientId, OrganisationId, OrganisationKind, Role};

const AUTHORITY: &str = "gss:E09000014";
const SCHOOL: &str = "urn:100000";
const NATIONAL: &str = "org:invented-national-body";

/// Nights before anybody is told of, and how long ago the children died: in the archive a year after, for six years.
const NIGHTS: u32 = 2_300;
const DIED_DAYS_AGO: i64 = 365 + 2_200;

/// Events in flight at once.
const AT_ONCE: usize = 2_000;

/// The bar, for a million.
const BAR_SECONDS: f64 = 600.0;

struct World {
    directory: Directory,
    clock: Arc<ToldClock>,
    sender: Sender,
}

impl World {
    /// Lives through so many nights; answers what they came to and the seconds of the longest.
    fn pass(&self, count: u32) -> anyhow::Result<(Night, f64)> {
        let (mut all, mut longest) = (Night::default(), 0.0_f64);
        for _ in 0..count {
            self.clock.advance(Duration::days(1));
            let begun = now();
            let night = self.directory.retain()?;
            longest = longest.max(begun.elapsed().as_secs_f64());
            self.catch_up()?;
            all.settled += night.settled;
            all.proposed += night.proposed;
            all.purged += night.purged;
            all.spared += night.spared;
            all.keys += night.keys;
            all.payloads += night.payloads;
        }
        Ok((all, longest))
    }

    fn catch_up(&self) -> anyhow::Result<()> {
        while !self.directory.tick(10_000)?.at_head {}
        Ok(())
    }

    fn said(&self, id: String, kind: &str, data: &Value) -> anyhow::Result<Pending> {
        let told: Supplied = serde_json::from_value(json!({"type": kind, "data": data}))?;
        let event = SuppliedEvent { id, happened_at: None, body: data.to_string().into_bytes(), told };
        Ok(self.directory.supply(&self.sender, event, Mode::FirstLoad)?)
    }

    /// Tells of children who died as long ago as a record is kept.
    fn told(&self, children: u32) -> anyhow::Result<()> {
        let today = self.directory.now().date_naive();
        let died = today - Duration::days(DIED_DAYS_AGO);
        let mut pending = Vec::with_capacity(AT_ONCE + 1);
        for which in 0..children {
            let child = child(which, died);
            pending.push(self.said(format!("d-{which}"), "child.described", &json!({"child": child}))?);
            let death = json!({"child": {"local_ref": format!("s-{which}")}, "on": died});
            pending.push(self.said(format!("o-{which}"), "child.died", &death)?);
            if pending.len() >= AT_ONCE {
                durable(&mut pending)?;
            }
        }
        durable(&mut pending)?;
        self.catch_up()
    }

    /// Two people of two sides approve every list.
    fn approve(&self) -> anyhow::Result<()> {
        let (national, authority) = (NATIONAL.parse()?, AUTHORITY.parse()?);
        register(&self.directory, &national, OrganisationKind::NationalBody, (None, &[]))?;
        let administrator = engaged(&self.directory, "administrator", Role::Administrator, &national)?;
        let manager = engaged(&self.directory, "manager", Role::DataManager, &authority)?;
        for list in self.directory.purges(&administrator)? {
            self.directory.approve_purge(&administrator, list.purge_id)?;
            self.directory.approve_purge(&manager, list.purge_id)?;
        }
        Ok(())
    }
}

fn durable(pending: &mut Vec<Pending>) -> anyhow::Result<()> {
    for one in pending.drain(..) {
        let outcome = one.wait()?;
        ensure!(outcome.kind == OutcomeKind::Recorded, "an event came to {}", outcome.kind.name());
    }
    Ok(())
}

/// A child unlike every other, of three when it died.
fn child(which: u32, died: NaiveDate) -> Value {
    let word = |mut left: u32| {
        let mut word = String::from("Q");
        for _ in 0..6 {
            word.push(char::from(b"abdefghjlmnopr"[(left % 14) as usize]));
            left = left / 14 + 5 * (left % 14);
        }
        word
    };
    let born = died - Duration::days(i64::from(1_000 + which % 700));
    json!({"local_ref": format!("s-{which}"), "forename": word(which), "surname": word(which.wrapping_mul(2_654_435_761) >> 4),
           "date_of_birth": born, "gender": "female",
           "address": {"lines": [format!("{which} Mill Lane")], "town": "London", "postcode": "N17 6AA"}})
}

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let children: u32 = arguments.next().map_or(Ok(100_000), |text| text.parse()).context("CHILDREN")?;
    let own = tempfile::tempdir()?;
    let data = arguments.next().map_or_else(|| own.path().to_owned(), PathBuf::from).join("data");
    let clock = Arc::new(ToldClock::new(SystemClock::default().now()));
    let opened = Directory::open(&Folders::beside(&data), Box::new(Told(Arc::clone(&clock))))?;
    let sender = Sender {
        organisation: SCHOOL.parse()?,
        kind: OrganisationKind::School,
        client: ClientId("client-school".to_owned()),
        states_others: false,
    };
    let world = World { directory: opened.directory, clock, sender };
    world.pass(NIGHTS)?;
    let authority: OrganisationId = AUTHORITY.parse()?;
    register(&world.directory, &authority, OrganisationKind::LocalAuthority, (Some(&authority), &["N17"]))?;
    let school = &world.sender.organisation;
    register(&world.directory, school, OrganisationKind::School, (Some(&authority), &[]))?;
    let begun = now();
    world.told(children)?;
    println!("{children} children told of in {:.1} s", begun.elapsed().as_secs_f64());
    let (archived, seconds) = world.pass(1)?;
    println!("a night archived {} and listed {} in {seconds:.1} s", archived.settled, archived.proposed);
    world.approve()?;
    let (waited, longest) = world.pass(2)?;
    ensure!(waited.purged == 0, "purged before its time");
    println!("nights of waiting took {longest:.1} s at most");
    let (purged, night) = world.pass(2)?;
    let Night { purged: records, spared, keys, payloads, .. } = purged;
    println!("purged {records} records, spared {spared}, {keys} keys, {payloads} payloads in {night:.1} s");
    ensure!(records == u64::from(children) && spared == 0, "not everybody was purged");
    let bar = BAR_SECONDS * as_figure(children.into()) / 1e6;
    ensure!(night <= bar, "the night of the purge took {night:.1} s, over {bar:.1} s");
    Ok(())
}
