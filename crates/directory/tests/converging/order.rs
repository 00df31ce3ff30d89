//! Random acts, then the questions: does a directory opened anew say the same, and are the rows a fold?

use chrono::Duration;
use directory::{HandError, Mode, Outcome, OutcomeKind, QueueDecision, ShieldAsk};
use event_log::MemoryLog;
use events::{
    Fact,
    child::shield::{Applied, Ground, Requested},
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::Arc};
use vocabulary::{ChildNumber, ShieldId};

use crate::{
    acts::{self, Act, Decision, Event, PEOPLE},
    disclosures::{self, Shown},
    reading,
    world::{AUTHORITY, SCHOOL, STAFF_COUNT, World, new_vault, now},
};

/// Scripts played, each of some 20 to 90 acts.
const CASES: u32 = 16;

/// Items that are decided before a script counts as one that never ends.
const DECISIONS_MAX: usize = 500;

/// An event as it was sent, and what was answered.
struct Sent {
    event: Event,
    id: String,
    outcome: Outcome,
}

/// A world with what was done in it.
struct Played {
    world: World,
    sent: Vec<Sent>,
    shown: Vec<Shown>,
    _keys: tempfile::TempDir,
}

fn told(outcome: &Outcome) -> Value {
    json!({"outcome": outcome.kind.name(), "position": outcome.position, "child": outcome.child_number,
           "code": outcome.problem.as_ref().map(|problem| problem.code.clone())})
}

impl Played {
    fn new() -> Played {
        let (keys, vault) = new_vault();
        let world = World::on(Arc::new(MemoryLog::new()), vault);
        world.furnish().unwrap();
        Played { world, sent: Vec::new(), shown: Vec::new(), _keys: keys }
    }

    fn play(mut self, act: &Act) -> Played {
        self.world.wait(Duration::minutes(1));
        match act {
            Act::Supply(event) => {
                let id = format!("event-{}", self.sent.len());
                let outcome = self.world.send(event.by, &id, &event.told);
                self.sent.push(Sent { event: event.clone(), id, outcome });
            }
            Act::Retry(which) => self.retry(*which),
            Act::Decide(which, decision) => self.decide(*which, *decision),
            Act::Shield(which, up) => self.shield(*which, *up),
            Act::Look(who, person) => {
                disclosures::search(&self.world, *who, *person, &mut self.shown).unwrap();
                for number in self.numbers() {
                    drop(disclosures::open(&self.world, *who, number, &mut self.shown));
                }
            }
            Act::Tick(budget) => drop(self.world.directory.tick(*budget).unwrap()),
            Act::Reopen { fresh_rows } => self.world = self.world.reopened(*fresh_rows),
        }
        self
    }

    /// P4: what was answered before is answered again, and nothing is added.
    fn retry(&mut self, which: prop::sample::Index) {
        let taken: Vec<&Sent> =
            self.sent.iter().filter(|sent| sent.outcome.kind != OutcomeKind::Refused).collect();
        if taken.is_empty() {
            return;
        }
        let Sent { event, id, .. } = which.get(&taken);
        let head = self.world.directory.head().unwrap();
        let again = self.world.send(event.by, id, &event.told);
        assert_eq!(again.kind, OutcomeKind::Duplicate, "{id} {event:?}");
        assert_eq!(self.world.directory.head().unwrap(), head, "a repeated command adds nothing");
    }

    fn decide(&mut self, which: prop::sample::Index, decision: Decision) {
        let manager = self.world.person(0);
        let queue = now(self.world.directory.queue(&manager)).unwrap().into_view();
        if queue.is_empty() {
            return;
        }
        let item = which.get(&queue);
        let decision = match decision {
            Decision::Link(candidate) if !item.candidates.is_empty() => {
                QueueDecision::Link(item.candidates[usize::from(candidate) % item.candidates.len()])
            }
            Decision::Link(_) | Decision::New => QueueDecision::New,
            Decision::Reject => QueueDecision::Reject,
        };
        let head = self.world.directory.head().unwrap();
        match self.world.directory.decide_queue(&manager, item.id, decision) {
            Ok(pending) => drop(pending.wait().unwrap()),
            // Two references that mean two children are no new child, nor one that was told apart: a rule says so.
            Err(HandError::Refused { code, .. }) => {
                assert_eq!(
                    self.world.directory.head().unwrap(),
                    head,
                    "refused as {code}, and nothing is added"
                );
            }
            Err(error @ (HandError::Unknown | HandError::Supply(_))) => panic!("{decision:?}: {error}"),
        }
    }

    fn shield(&mut self, which: prop::sample::Index, up: bool) {
        let numbers: Vec<ChildNumber> = self.numbers().into_iter().collect();
        if numbers.is_empty() {
            return;
        }
        let number = *which.get(&numbers);
        let manager = self.world.person(0);
        let ask = |ask: ShieldAsk| {
            // In the archive, or in another authority, the manager may not: then nothing happens.
            if let Ok((_, pending)) = self.world.directory.shield(&manager, number, ask) {
                pending.wait().unwrap();
            }
        };
        if up {
            return ask(ShieldAsk::Shield { ground: Ground::DomesticAbuse, review_by: None });
        }
        for shield in self.shields(number) {
            ask(ShieldAsk::Refuse(shield));
            ask(ShieldAsk::Lift(shield));
        }
    }

    /// The shields that were asked for or applied, of one child.
    fn shields(&self, number: ChildNumber) -> BTreeSet<ShieldId> {
        use events::child::Event::{ShieldApplied, ShieldRequested};
        let records = self.records();
        let child = reading::children(&records)[&number];
        let facts = records.iter().filter(|read| read.stream == child.stream()).flat_map(|read| &read.facts);
        let mut shields = BTreeSet::new();
        for fact in facts {
            if let Fact::Child(
                ShieldApplied(Applied { shield, .. }) | ShieldRequested(Requested { shield, .. }),
            ) = fact
            {
                shields.insert(*shield);
            }
        }
        shields
    }

    fn records(&self) -> Vec<reading::Read> {
        reading::whole(self.world.ground.log.as_ref(), &self.world.ground.vault)
    }

    fn numbers(&self) -> BTreeSet<ChildNumber> {
        reading::children(&self.records()).into_keys().collect()
    }

    /// Everything that may be asked: outcomes, records, searches, the queue, and what would be judged.
    fn said(&mut self) -> Vec<Value> {
        let mut said = Vec::new();
        for sent in &self.sent {
            let outcome = self.world.directory.event_outcome(&World::sender(sent.event.by), &sent.id);
            said.push(json!([sent.id, outcome.unwrap().as_ref().map(told)]));
        }
        for number in self.numbers() {
            for who in 0..STAFF_COUNT {
                let record = disclosures::open(&self.world, who, number, &mut self.shown);
                said.push(record.unwrap_or_else(|error| json!(error.to_string())));
            }
        }
        for (person, (forename, surname, born)) in PEOPLE.into_iter().enumerate() {
            said.push(disclosures::search(&self.world, 1, person, &mut self.shown).unwrap());
            for nhs_number in [None, Some("9990000018"), Some("9990000026")] {
                for by in [SCHOOL, AUTHORITY] {
                    let mut child = json!({"local_ref": "new", "forename": forename, "surname": surname,
                        "date_of_birth": born, "gender": "female",
                        "address": {"lines": ["12 Mill Lane"], "postcode": "N17 6AA"}});
                    if let Some(nhs_number) = nhs_number {
                        child["nhs_number"] = json!(nhs_number);
                    }
                    let event = json!({"type": "child.described", "data": {"child": child}});
                    let judged = self.world.supply(by, "probe", &event, Mode::DryRun).unwrap();
                    said.push(told(&judged.wait().unwrap()));
                }
            }
        }
        let queue = now(self.world.directory.queue(&self.world.person(0))).unwrap().into_view();
        said.extend(
            queue.iter().map(|item| {
                json!([item.id, item.reason, item.since, item.told, item.candidates, item.behind])
            }),
        );
        said
    }

    /// Opens the directory anew and holds what it says against what was said before.
    fn converges(mut self) -> Played {
        let before = self.said();
        for fresh_rows in [true, false] {
            self.world = self.world.reopened(fresh_rows);
            let after = self.said();
            for (said, says) in before.iter().zip(&after) {
                assert_eq!(said, says);
            }
            assert_eq!(before.len(), after.len());
        }
        self
    }

    /// P5: the rows of every model are a fold from the first record, and so they are when folded anew.
    fn rows_are_a_fold(&self) {
        let directory = &self.world.directory;
        assert!(directory.tick(100_000).unwrap().at_head);
        let models = directory.models();
        let compared = || models.iter().map(|model| directory.compare(model).unwrap()).collect::<Vec<_>>();
        let before = compared();
        for model in &before {
            assert!(model.is_identical(), "{model:?}");
        }
        directory.rebuild(&models, &mut |_| ()).unwrap();
        assert_eq!(compared(), before, "rebuilding changes nothing");
    }

    /// Decides what waits until nothing does.
    fn decided_to_the_end(self) -> Played {
        let manager = self.world.person(0);
        for turn in 0..DECISIONS_MAX {
            let queue = now(self.world.directory.queue(&manager)).unwrap().into_view();
            let Some(item) = queue.first() else { return self };
            // References that mean two children, and a link in dispute, describe no child that could be linked.
            let settles = item.told.is_some();
            let decision = match item.candidates.first() {
                _ if !settles => QueueDecision::Reject,
                Some(candidate) if turn % 3 != 0 => QueueDecision::Link(*candidate),
                Some(_) | None => QueueDecision::New,
            };
            self.world.wait(Duration::minutes(1));
            self.world.directory.decide_queue(&manager, item.id, decision).unwrap().wait().unwrap();
        }
        let left = now(self.world.directory.queue(&manager)).unwrap().into_view();
        panic!("the queue has no end: {left:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_directory_opened_anew_says_the_same_and_its_rows_are_a_fold(acts in acts::acts(20..90)) {
        let played = acts.iter().fold(Played::new(), Played::play);
        let played = played.converges();
        disclosures::are_all_there_is(&played.shown, &played.records());
        let played = played.decided_to_the_end().converges();
        for sent in &played.sent {
            let outcome = played.world.directory.event_outcome(&World::sender(sent.event.by), &sent.id);
            let kind = outcome.unwrap().map(|outcome| outcome.kind);
            prop_assert_ne!(kind, Some(OutcomeKind::Queued), "{} of an empty queue: {:?}", sent.id, sent.event);
        }
        played.rows_are_a_fold();
        disclosures::are_all_there_is(&played.shown, &played.records());
    }
}
