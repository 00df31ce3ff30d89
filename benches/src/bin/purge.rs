//! Times the purge of a whole cohort: every child of a directory comes of age, lies in the archive for six years, is
//! listed, approved by two and purged in one night.
//!
//! `cargo run --release -p benches --bin purge -- DATA`: `DATA` is a copy of a directory that `benches/national.sh load`
//! made with `KEEP=1`, which is destroyed. Time is told, so that 31 years pass in minutes; every night of them is
//! lived through. It fails where the night of the purge took over ten minutes or left anybody.

#![expect(clippy::print_stdout, reason = "a benchmark tells its figures")]

use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

use anyhow::{Context as _, ensure};
use benches::{
    asking::{Told, engaged, register},
    now,
};
use chrono::{Duration, TimeDelta};
use directory::{
    Directory, Folders, Night,
    ports::{Clock as _, SystemClock, ToldClock},
};
use vocabulary::{OrganisationId, OrganisationKind, Role};

/// The one who approves for all.
const NATIONAL: &str = "org:national.invented";

/// Nights before a leap of the clock is believed.
const STEADY: u32 = 8;

/// The bar: a million in ten minutes.
const BAR_SECONDS: f64 = 600.0;

struct Nights {
    directory: Directory,
    clock: Arc<ToldClock>,
}

impl Nights {
    /// Lives through so many nights; answers what they came to and the seconds of the longest.
    fn pass(&self, count: u32) -> anyhow::Result<(Night, f64)> {
        let (mut all, mut longest) = (Night::default(), 0.0_f64);
        for _ in 0..count {
            self.clock.advance(Duration::days(1));
            let begun = now();
            let night = self.directory.retain()?;
            longest = longest.max(begun.elapsed().as_secs_f64());
            while !self.directory.tick(10_000)?.at_head {}
            all.settled += night.settled;
            all.proposed += night.proposed;
            all.purged += night.purged;
            all.spared += night.spared;
            all.keys += night.keys;
            all.payloads += night.payloads;
        }
        Ok((all, longest))
    }

    /// Two people of two sides approve every list.
    fn approve(&self) -> anyhow::Result<usize> {
        let national: OrganisationId = NATIONAL.parse()?;
        register(&self.directory, &national, OrganisationKind::NationalBody, (None, &[]))?;
        let administrator =
            engaged(&self.directory, "administrator.invented", Role::Administrator, &national)?;
        let (mut approved, mut seen) = (0, BTreeSet::new());
        loop {
            let lists = self.directory.purges(&administrator)?;
            let open: Vec<_> = lists.into_iter().filter(|list| seen.insert(list.purge_id)).collect();
            if open.is_empty() {
                return Ok(approved);
            }
            for list in open {
                let authority = &list.authority;
                register(
                    &self.directory,
                    authority,
                    OrganisationKind::LocalAuthority,
                    (Some(authority), &[]),
                )?;
                let username = format!("manager.{approved}");
                let manager = engaged(&self.directory, &username, Role::DataManager, authority)?;
                self.directory.approve_purge(&administrator, list.purge_id)?;
                self.directory.approve_purge(&manager, list.purge_id)?;
                approved += 1;
            }
        }
    }
}

fn main() -> anyhow::Result<()> {
    let data = std::env::args().nth(1).context("DATA is the folder of a directory, which is destroyed")?;
    let clock = Arc::new(ToldClock::new(SystemClock::default().now()));
    let opened = Directory::open(&Folders::beside(&PathBuf::from(data)), Box::new(Told(Arc::clone(&clock))))?;
    let nights = Nights { directory: opened.directory, clock };
    println!("{} records in the log", nights.directory.head()?);
    nights.pass(14)?;
    nights.clock.advance(TimeDelta::days(19 * 366));
    let (archived, seconds) = nights.pass(STEADY)?;
    println!("archived {} in {seconds:.1} s", archived.settled);
    let begun = now();
    let (listed, longest) = nights.pass(6 * 366)?;
    let all = begun.elapsed().as_secs_f64();
    println!("listed {} in 2,196 nights of {all:.1} s, the longest {longest:.1} s", listed.proposed);
    let approved = nights.approve()?;
    println!("{approved} lists approved");
    nights.pass(3)?;
    let (purged, night) = nights.pass(2)?;
    println!(
        "purged {} records, spared {}, {} keys, {} payloads in {night:.1} s",
        purged.purged, purged.spared, purged.keys, purged.payloads
    );
    let again = now();
    nights.directory.retain()?;
    println!("the night after: {:.1} s", again.elapsed().as_secs_f64());
    ensure!(purged.purged > 0 && purged.spared == 0, "not everybody was purged");
    ensure!(night <= BAR_SECONDS, "the night of the purge took {night:.0} s, over {BAR_SECONDS} s");
    Ok(())
}
