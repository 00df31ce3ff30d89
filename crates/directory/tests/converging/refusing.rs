//! A disk that refuses: nothing is shown or acknowledged that the disk does not hold, and after the first
//! failed write nothing is shown or acknowledged at all.
//!
//! The disk fails at each sync in turn, and at other operations, once or for good; then the power goes, some of
//! what was not synced survives, and another process opens what is left.

use std::sync::{Arc, Mutex, OnceLock};

use directory::{
    AuditQuery, FileError, HandError, LookError, Mode, Outcome, OutcomeKind, QueueDecision, ShieldAsk,
    SupplyError,
};
use event_log::{
    AppendError, Segments,
    disk::{Disk, Fault, FaultyDisk, MemoryDisk},
    segments::Options,
};
use events::child::shield::Ground;
use serde_json::{Value, json};
use vault::Vault;

use crate::{
    acts::PEOPLE,
    disclosures::{self, Shown},
    reading,
    world::{AUTHORITY, CLINIC, SCHOOL, World, new_vault, now},
};

/// Small segments, so that the log goes on in a new one now and then.
const OPTIONS: Options = Options { segment_bytes: 16 << 10 };

/// Every how many operations one is made to fail, beside every sync.
const STRIDE: usize = 9;

/// The log has refused a write: what was asked is unknown.
#[derive(Debug)]
struct Refused;

/// Sorts what a call answers: a write that was refused, or a read that failed and may be tried again.
trait Sorted<T> {
    fn sorted(self) -> Result<Option<T>, Refused>;
}

fn by_append<T>(error: &AppendError) -> Result<Option<T>, Refused> {
    assert!(matches!(error, AppendError::Log(_)), "{error}");
    Err(Refused)
}

fn by_file<T>(error: &FileError) -> Result<Option<T>, Refused> {
    match error {
        FileError::Append(error) => by_append(error),
        other @ (FileError::Seal(_) | FileError::Key(_) | FileError::Load(_)) => panic!("{other}"),
    }
}

impl<T> Sorted<T> for Result<T, SupplyError> {
    fn sorted(self) -> Result<Option<T>, Refused> {
        match self {
            Ok(value) => Ok(Some(value)),
            Err(SupplyError::File(error)) => by_file(&error),
            Err(SupplyError::Load(_)) => Ok(None),
        }
    }
}

impl<T> Sorted<T> for Result<T, HandError> {
    fn sorted(self) -> Result<Option<T>, Refused> {
        match self {
            Ok(value) => Ok(Some(value)),
            Err(HandError::Supply(error)) => Err(error).sorted(),
            Err(error @ (HandError::Unknown | HandError::Refused { .. })) => panic!("{error}"),
        }
    }
}

impl<T> Sorted<T> for Result<T, LookError> {
    fn sorted(self) -> Result<Option<T>, Refused> {
        match self {
            Ok(value) => Ok(Some(value)),
            Err(LookError::File(error)) => by_file(&error),
            Err(LookError::Load(_) | LookError::Log(_)) => Ok(None),
            Err(error @ (LookError::Unknown | LookError::Refused { .. } | LookError::Rows(_))) => {
                panic!("{error}")
            }
        }
    }
}

impl<T> Sorted<T> for Result<T, AppendError> {
    fn sorted(self) -> Result<Option<T>, Refused> {
        self.map_or_else(|error| by_append(&error), |value| Ok(Some(value)))
    }
}

/// What one process said before it ended.
#[derive(Default)]
struct Said {
    acknowledged: Vec<(&'static str, String, Outcome)>,
    /// Sent and not answered, or answered with an error.
    unknown: Vec<(&'static str, String, Value)>,
    shown: Vec<Shown>,
}

fn described(person: usize) -> Value {
    let (forename, surname, born) = PEOPLE[person];
    json!({"local_ref": format!("{person}"), "forename": forename, "surname": surname, "date_of_birth": born,
           "gender": "female", "address": {"lines": ["12 Mill Lane"], "postcode": "N17 6AA"}})
}

fn events() -> Vec<(&'static str, Value)> {
    let of = |kind: &str, data: Value| json!({"type": kind, "data": data});
    let mut events = Vec::new();
    for person in 0..PEOPLE.len() {
        let child = described(person);
        events.push((SCHOOL, of("child.described", json!({"child": child}))));
        let contacts = json!([{"kind": "telephone", "value": "020 7946 0001"}]);
        let entry = json!({"child": child, "involvement_ref": format!("i-{person}"), "team": "Duty",
            "service_type": "social_care", "contacts": contacts, "started_on": "2026-10-01"});
        events.push((AUTHORITY, of("involvement.started", entry)));
        let consent = json!({"child": child, "episode_ref": format!("e-{person}"), "decision": "given",
            "given_by": "child", "competence": "assessed_competent", "method": "written",
            "notice_version": "v1", "decided_on": "2026-11-20"});
        events.push((CLINIC, of("consent.recorded", consent)));
    }
    events
}

impl Said {
    /// Says and shows until the script ends or the disk refuses.
    fn script(&mut self, world: &World) -> Result<(), Refused> {
        for (number, group) in events().chunks(3).enumerate() {
            // Three are on their way at once, so that one sync serves several.
            let mut waiting = Vec::new();
            for (at, (by, told)) in group.iter().enumerate() {
                let id = format!("event-{number}-{at}");
                self.unknown.push((by, id.clone(), told.clone()));
                if let Some(pending) = world.supply(by, &id, told, Mode::Record).sorted()? {
                    waiting.push((*by, id, pending));
                }
            }
            for (by, id, pending) in waiting {
                if let Some(outcome) = pending.wait().sorted()? {
                    self.unknown.retain(|(_, unknown, _)| *unknown != id);
                    self.acknowledged.push((by, id, outcome));
                }
            }
            self.look(world, number % PEOPLE.len())?;
        }
        let manager = world.person(0);
        let Some(queue) = now(world.directory.queue(&manager)).sorted()? else { return Ok(()) };
        for item in queue.view() {
            let decided = world.directory.decide_queue(&manager, item.id, QueueDecision::New).sorted()?;
            if let Some(pending) = decided {
                pending.wait().sorted()?;
            }
        }
        if let Some(number) = self.acknowledged.iter().find_map(|(_, _, outcome)| outcome.child_number) {
            let ask = ShieldAsk::Shield { ground: Ground::DomesticAbuse, review_by: None };
            if let Some((_, pending)) = world.directory.shield(&manager, number, ask).sorted()? {
                pending.wait().sorted()?;
            }
        }
        (0..PEOPLE.len()).try_for_each(|person| self.look(world, person))
    }

    fn look(&mut self, world: &World, person: usize) -> Result<(), Refused> {
        disclosures::search(world, 1, person, &mut self.shown).sorted()?;
        let numbers: Vec<_> =
            self.acknowledged.iter().filter_map(|(_, _, outcome)| outcome.child_number).collect();
        if let Some(number) = numbers.get(person) {
            disclosures::open(world, 1, *number, &mut self.shown).sorted()?;
        }
        Ok(())
    }

    /// After a refused write: every call answers an error, and nothing is shown or promised.
    fn nothing_more(&mut self, world: &World) {
        let before = self.shown.len();
        let (manager, directory) = (world.person(0), &world.directory);
        for person in 0..PEOPLE.len() {
            assert!(disclosures::search(world, 1, person, &mut self.shown).is_err());
        }
        for (_, _, outcome) in self.acknowledged.clone() {
            let Some(number) = outcome.child_number else { continue };
            assert!(disclosures::open(world, 1, number, &mut self.shown).is_err());
            let ask = ShieldAsk::Shield { ground: Ground::RiskOfHarm, review_by: None };
            let shielded = directory.shield(&manager, number, ask);
            assert!(shielded.map_or(true, |(_, pending)| pending.wait().is_err()));
        }
        assert_eq!(self.shown.len(), before);
        assert!(now(directory.queue(&manager)).is_err());
        assert!(now(directory.caseload(&manager, None)).is_err());
        assert!(now(directory.audit_accesses(&manager, AuditQuery::default())).is_err());
        let head = directory.head().unwrap();
        let stranger = json!({"type": "child.described", "data": {"child": {"local_ref": "x",
            "forename": "Zoe", "surname": "Quill", "date_of_birth": "2016-06-06", "gender": "female"}}});
        let fresh = world.supply(SCHOOL, "fresh", &stranger, Mode::Record);
        assert!(fresh.map_or(true, |pending| pending.wait().is_err()));
        for (by, id, told) in &self.unknown {
            let Ok(pending) = world.supply(by, id, told, Mode::Record) else { continue };
            // Where it says that it stands it does already, or never will, and the caller waits in vain.
            let stands = pending.after().is_some_and(|after| after <= head);
            match pending.wait() {
                Ok(outcome) if stands => {
                    assert_eq!(outcome.kind, OutcomeKind::Duplicate, "{id}");
                    self.acknowledged.push((by, id.clone(), outcome));
                }
                Ok(outcome) => assert!(outcome.position.is_some_and(|position| position > head), "{id}"),
                Err(_) => (),
            }
        }
    }
}

/// A disk with organisations and staff on it; each run works on a copy.
fn furnished(vault: &Arc<Vault>) -> MemoryDisk {
    let disk = MemoryDisk::new();
    let (log, _) = Segments::open_on(Arc::new(disk.clone()), OPTIONS).unwrap();
    let world = World::on(Arc::new(log), Arc::clone(vault));
    world.furnish().unwrap();
    drop(world);
    disk
}

fn copy(disk: &MemoryDisk) -> MemoryDisk {
    disk.crashed(&mut || true)
}

/// Runs the script on a disk; answers what was said, or nothing where the log did not even open.
fn run(disk: Arc<dyn Disk>, vault: &Arc<Vault>) -> (Said, bool) {
    let mut said = Said::default();
    let Ok((log, _)) = Segments::open_on(disk, OPTIONS) else { return (said, true) };
    let Some(world) = World::tried(Arc::new(log), Arc::clone(vault)) else { return (said, true) };
    let refused = said.script(&world).is_err();
    if refused {
        said.nothing_more(&world);
    }
    (said, refused)
}

/// After the power was cut: all that was acknowledged is known, and all that was shown is told.
fn holds(said: &Said, left: MemoryDisk, vault: &Arc<Vault>) {
    let (log, _) = Segments::open_on(Arc::new(left), OPTIONS).unwrap();
    let world = World::on(Arc::new(log), Arc::clone(vault));
    for (by, id, outcome) in &said.acknowledged {
        let known = world.directory.event_outcome(&World::sender(by), id).unwrap();
        let known = known.unwrap_or_else(|| panic!("{id} was acknowledged and is lost"));
        // What was said of a repetition, or of what waited, is not the outcome itself.
        if !matches!(outcome.kind, OutcomeKind::Queued | OutcomeKind::Duplicate) {
            assert_eq!((known.kind, known.child_number), (outcome.kind, outcome.child_number), "{id}");
        }
    }
    let records = reading::whole(world.ground.log.as_ref(), &world.ground.vault);
    disclosures::are_told(&said.shown, &records);
    for (by, id, told) in &said.unknown {
        // Whoever was not answered sends the same again, and is.
        world.send(by, id, told);
    }
}

/// The numbers of the operations that are syncs of a file, and of how many there are, in a run without faults.
fn syncs(base: &MemoryDisk, vault: &Arc<Vault>) -> (Vec<u64>, u64) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let watched: Arc<OnceLock<FaultyDisk>> = Arc::default();
    let (theirs, disk) = (Arc::clone(&seen), Arc::clone(&watched));
    let watch = Box::new(move || {
        theirs.lock().unwrap().extend(disk.get().map(|disk| disk.operations() + 1));
    });
    let faultless = FaultyDisk::watched(Arc::new(copy(base)), watch);
    watched.set(faultless.clone()).unwrap();
    let (said, refused) = run(Arc::new(faultless.clone()), vault);
    assert!(!refused && said.unknown.is_empty(), "without faults everything is answered");
    assert!(said.acknowledged.len() == events().len() && said.shown.len() > 10);
    let syncs = seen.lock().unwrap().clone();
    (syncs, faultless.operations())
}

#[test]
fn a_disk_that_refuses_takes_back_nothing_and_shows_nothing_more() {
    let (_keys, vault) = new_vault();
    let base = furnished(&vault);
    let (syncs, operations) = syncs(&base, &vault);
    let mut plans: Vec<(u64, Fault)> = syncs.into_iter().map(|sync| (sync, Fault::Error)).collect();
    let others = (1..=operations).step_by(STRIDE);
    plans.extend(others.zip([Fault::TornWrite, Fault::Gone, Fault::Error].into_iter().cycle()));
    let mut refusals = 0;
    let mut draw = 1_u64;
    for (fails_at, fault) in plans {
        let disk = copy(&base);
        let (said, refused) = run(Arc::new(FaultyDisk::new(Arc::new(disk.clone()), fails_at, fault)), &vault);
        refusals += usize::from(refused);
        let mut survives = || {
            // A small generator, so that the same seed plays the same crash.
            draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            draw >> 63 == 1
        };
        holds(&said, disk.crashed(&mut survives), &vault);
    }
    assert!(refusals > 20, "{refusals}");
}
