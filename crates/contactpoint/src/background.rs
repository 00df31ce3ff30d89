//! Background work of a serving process: read models follow the log, the tree is signed, the index is kept.

mod submitting;

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use directory::{Directory, LooksJudged, Night, catch_up::Caught, ledger::Ledger, night_of};
use tracing::{error, info, warn};
use vocabulary::Position;

use crate::{epochs, serving::said_of_keeping, settings::Reached, stopwatch::Stopwatch};

/// Records folded before anyone who waits is told: a few milliseconds of work.
const TICK_RECORDS: u32 = 4_096;
/// How long an idle loop rests: a row is at most this much behind the fact, and an idle server costs next to nothing.
const REST: Duration = Duration::from_millis(5);
/// How long it rests after work: a tick costs the same few hundred microseconds for one record and for hundreds, so
/// that under load fewer ticks fold more.
const REST_AFTER_WORK: Duration = Duration::from_millis(20);
/// How often a checkpoint is signed while there is news (house rules, section 9: at least every second).
const SIGNED_EVERY: Duration = Duration::from_millis(500);
/// How often it is asked whether the index shall be kept, for a quick opening after a crash.
const KEPT_EVERY: Duration = Duration::from_mins(10);
/// How much is filed of children before it is worth it: so much takes an opening some five seconds to read again.
/// Keeping twelve million children writes 1.4 GB and holds up whoever files for two seconds.
const KEPT_AFTER: u64 = 100_000;
/// How long whoever files is held up at most for what is on its way to the disk: a hundred moments of this.
const MOMENT: Duration = Duration::from_millis(1);
const MOMENTS_MAX: u32 = 100;
/// How often it is asked whether looks are to be judged.
const JUDGED_EVERY: Duration = Duration::from_mins(10);
/// How long a failed machine is left alone before it is tried again.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// The threads that follow the log.
pub(crate) struct Background {
    /// Dropped to tell the threads that it is over.
    stops: Vec<Sender<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl Background {
    /// Starts the threads that move the read models and keep the index, and one that signs the tree of a ledger.
    ///
    /// # Errors
    /// The system gave no thread.
    pub(crate) fn start(directory: &Arc<Directory>, ledger: Option<&Arc<Ledger>>) -> io::Result<Background> {
        let mut background = Background { stops: Vec::new(), threads: Vec::new() };
        let followed = Arc::clone(directory);
        background.run("read models", move |stop| follow(&followed, &stop))?;
        let kept = Arc::clone(directory);
        background.run("index keeper", move |stop| keep_index(&kept, &stop, KEPT_EVERY, KEPT_AFTER))?;
        let judged = Arc::clone(directory);
        background.run("nightly", move |stop| nightly(&judged, &stop, JUDGED_EVERY))?;
        if let Some(ledger) = ledger {
            let (signed, ledger) = (Arc::clone(directory), Arc::clone(ledger));
            background.run("ledger", move |stop| sign(&signed, &ledger, &stop))?;
        }
        Ok(background)
    }

    /// Starts the thread that begins a new epoch of the keys in `folder` once one is over.
    ///
    /// # Errors
    /// The system gave no thread.
    pub(crate) fn renew_epochs(
        &mut self,
        directory: &Arc<Directory>,
        folder: PathBuf,
        days: u32,
    ) -> io::Result<()> {
        let renewed = Arc::clone(directory);
        self.run("epochs", move |stop| {
            while rested(&stop, JUDGED_EVERY) {
                renew_epoch(&renewed, &folder, days);
            }
        })
    }

    /// Starts a thread a witness that sends it each checkpoint.
    ///
    /// # Errors
    /// The system gave no thread.
    pub(crate) fn submit(&mut self, ledger: &Arc<Ledger>, witnesses: Vec<Reached>) -> io::Result<()> {
        for witness in witnesses {
            let ledger = Arc::clone(ledger);
            self.run("witness", move |stop| submitting::submit(&ledger, witness, &stop))?;
        }
        Ok(())
    }

    fn run(&mut self, name: &str, work: impl FnOnce(Receiver<()>) + Send + 'static) -> io::Result<()> {
        let (stop, stopped) = mpsc::channel();
        self.threads.push(thread::Builder::new().name(name.to_owned()).spawn(move || work(stopped))?);
        self.stops.push(stop);
        Ok(())
    }

    /// Ends the threads after what they are doing.
    pub(crate) fn stop(self) {
        drop(self.stops);
        for thread in self.threads {
            if thread.join().is_err() {
                error!("a background thread had failed");
            }
        }
    }
}

/// Rests; tells whether to go on.
fn rested(stop: &Receiver<()>, rest: Duration) -> bool {
    matches!(stop.recv_timeout(rest), Err(RecvTimeoutError::Timeout))
}

fn follow(directory: &Directory, stop: &Receiver<()>) {
    let mut reached = Position::ZERO;
    let mut said: Vec<&'static str> = Vec::new();
    let mut failing = false;
    loop {
        // Nothing new is the usual answer, and it costs one look into memory.
        let behind = directory.head().is_ok_and(|head| head > reached);
        let mut rest = REST;
        if behind {
            match directory.tick(TICK_RECORDS) {
                Ok(caught) => {
                    failing = false;
                    rest = REST_AFTER_WORK;
                    say_stopped(&caught, &mut said);
                    if !caught.at_head {
                        rest = Duration::ZERO;
                    } else if caught.stopped.is_empty() {
                        reached = caught.position;
                    } else {
                        reached = directory.head().unwrap_or(caught.position);
                    }
                }
                Err(failure) => {
                    if !failing {
                        error!(error = %failure, "the read models could not follow the log; trying again");
                    }
                    failing = true;
                    rest = AFTER_FAILURE;
                }
            }
        }
        if !rested(stop, rest) {
            return;
        }
    }
}

/// Says once of each read model that it has stopped.
fn say_stopped(caught: &Caught, said: &mut Vec<&'static str>) {
    for stopped in &caught.stopped {
        if !said.contains(&stopped.model) {
            error!(model = stopped.model, %stopped, "a read model has stopped at a record it cannot read");
            said.push(stopped.model);
        }
    }
}

/// Keeps the index now and then, where enough was filed since.
fn keep_index(directory: &Directory, stop: &Receiver<()>, every: Duration, after: u64) {
    while rested(stop, every) {
        if directory.filed_since_kept() < after {
            continue;
        }
        let watch = Stopwatch::start();
        directory.keep_all();
        let still = directory.still();
        // What was filed last is still on its way to the disk.
        for _ in 0..MOMENTS_MAX {
            if still.is_durable().unwrap_or(true) || !rested(stop, MOMENT) {
                break;
            }
        }
        said_of_keeping(&still.save_index(), &watch);
    }
}

/// Reports the month that ended, once; settles the scope and judges looks once a night, not in the night in which the process began, so that restarts cost nothing.
fn nightly(directory: &Directory, stop: &Receiver<()>, every: Duration) {
    let (mut judged, mut kept) = (night_of(directory.now()), None);
    while rested(stop, every) {
        // Asked each time and not by night: what was reported costs a look at the register.
        match directory.report_month() {
            Ok(0) => (),
            Ok(organisations) => info!(organisations, "reported the month that ended"),
            Err(failure) => error!(error = %failure, "the month could not be reported; trying again"),
        }
        match directory.hand_over_requests() {
            Ok(0) => (),
            Ok(requests) => {
                info!(requests, "handed requests over to the authorities that answer for the records");
            }
            Err(failure) => error!(error = %failure, "requests could not be handed over; trying again"),
        }
        let tonight = night_of(directory.now());
        // Every night counts, also one in which the process began: what was cut short is done then.
        if kept != Some(tonight) && say_retained(directory) {
            kept = Some(tonight);
        }
        if tonight == judged {
            continue;
        }
        match directory.settle_scope() {
            Ok(0) => (),
            Ok(records) => info!(records, "closed or opened records as the scope of the policy has it"),
            Err(failure) => error!(error = %failure, "the scope could not be settled; trying again tomorrow"),
        }
        let watch = Stopwatch::start();
        match directory.judge_looks() {
            Ok(told) => {
                judged = tonight;
                let LooksJudged { looks, explained, lines, alerts } = told;
                info!(looks, explained, lines, alerts, took = ?watch.elapsed(), "judged the looks of a month");
            }
            Err(failure) => error!(error = %failure, "looks could not be judged; trying again"),
        }
    }
}

/// Does the night's work on what is to be kept, and says what came of it; answers whether it was done.
fn say_retained(directory: &Directory) -> bool {
    match directory.retain() {
        Ok(Night { unsteady: true, .. }) => {
            warn!(
                "the clock may have leapt: nothing is archived, destroyed or purged until a week of nights agrees with it"
            );
        }
        Ok(night) if night == Night::default() => (),
        Ok(Night { settled, proposed, purged, spared, keys, payloads, unsteady: _ }) => {
            info!(
                settled,
                proposed, purged, spared, keys, payloads, "kept what is to be kept, and forgot what is not"
            );
        }
        Err(failure) => {
            error!(error = %failure, "what is to be kept could not be looked at; trying again");
            return false;
        }
    }
    true
}

/// Begins a new epoch of the keys where the present one is over; tells whether it did.
fn renew_epoch(directory: &Directory, folder: &Path, days: u32) -> bool {
    let is_over = |began| epochs::is_over(began, directory.now(), days);
    if !epochs::began(folder).is_some_and(is_over) {
        return false;
    }
    let watch = Stopwatch::start();
    match directory.begin_epoch() {
        Ok(()) => {
            info!(took = ?watch.elapsed(), "an epoch of the keys has begun; older copies of the keys may expire");
        }
        Err(failure) => error!(error = %failure, "no new epoch of the keys could begin; trying again"),
    }
    true
}

fn sign(directory: &Directory, ledger: &Ledger, stop: &Receiver<()>) {
    let mut reached = Position::ZERO;
    let mut failing = false;
    loop {
        let news = directory.head().is_ok_and(|head| head > reached);
        let mut go_on = true;
        if news {
            match directory.integrate(ledger) {
                Ok(position) => {
                    reached = position;
                    failing = false;
                }
                Err(failure) => {
                    if !failing {
                        error!(error = %failure, "the tree could not be signed; trying again");
                    }
                    failing = true;
                    go_on = rested(stop, AFTER_FAILURE);
                }
            }
        }
        if !go_on || !rested(stop, SIGNED_EVERY) {
            break;
        }
    }
    // What came in last is signed before the process ends.
    match directory.integrate(ledger) {
        Ok(position) => info!(position = position.0, "signed the last checkpoint"),
        Err(failure) => error!(error = %failure, "the last checkpoint could not be signed"),
    }
}

#[cfg(test)]
mod tests {
    use directory::{Folders, ports::SystemClock};

    use super::*;

    #[test]
    fn a_new_epoch_begins_once_one_is_over_and_the_one_before_is_destroyed() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::beside(&folder.path().join("data"));
        let directory = Directory::open(&folders, Box::<SystemClock>::default()).unwrap().directory;
        assert!(!renew_epoch(&directory, &folders.keys, 30));
        let names = || {
            let files = std::fs::read_dir(folders.keys.join("epochs")).unwrap().map(Result::unwrap);
            files.map(|file| file.file_name()).collect::<Vec<_>>()
        };
        let before = names();
        assert!(renew_epoch(&directory, &folders.keys, 0), "an epoch of no days is over at once");
        assert_eq!(names().len(), 1, "the one before is destroyed");
        assert_ne!(names(), before);
    }

    #[test]
    fn the_index_is_kept_while_it_serves_once_enough_was_filed() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::beside(&folder.path().join("data"));
        let directory = Directory::open(&folders, Box::<SystemClock>::default()).unwrap().directory;
        let is_kept = || folders.index().join("children-00000001").exists();
        let kept_after = |after| {
            let (stop, stopped) = mpsc::channel();
            let watch = Stopwatch::start();
            thread::scope(|scope| {
                let keeping = &directory;
                scope.spawn(move || keep_index(keeping, &stopped, MOMENT, after));
                let most = if after == 0 { Duration::from_mins(1) } else { 50 * MOMENT };
                while !is_kept() && watch.elapsed() < most {
                    thread::yield_now();
                }
                drop(stop);
            });
            is_kept()
        };
        // The model was published, and nobody was filed.
        assert!(!kept_after(1));
        assert!(kept_after(0));
    }
}
