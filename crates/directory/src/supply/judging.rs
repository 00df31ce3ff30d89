//! Judging what an event asks of one child: each thing upon what the one before it left behind.

use events::{
    child::{Child, Command, Event, Refusal, identity},
    decider::{Decider, When},
    supplied::SuppliedChild,
};
use vocabulary::{ChildId, KeyId, KeyedRef, Position, ShieldId};

use super::{Mode, Said, refuses_consent};
use crate::{
    Directory,
    children::{Known, LoadError},
    commands::{Saying, asked, describe, keyed},
    judge::Linking,
    keying,
};

impl Directory {
    /// The record of the child under which its sender speaks of it: where its reference stands, else the one asked.
    pub(super) fn at_source(&self, said: &Said, id: ChildId) -> Result<(ChildId, Known), LoadError> {
        let known = self.load(id)?;
        if known.others.is_empty() {
            return Ok((id, known));
        }
        let source = self.source(said, said.told.child(), &known.child);
        let speaks =
            |record: &Child| record.refs.contains_key(&source) || record.statements.contains_key(&source);
        let told = said.told.child().is_some() && !speaks(&known.own.child);
        match known.others.iter().find(|(_, other)| told && speaks(other)).map(|(other, _)| *other) {
            Some(other) => Ok((other, self.load(other)?)),
            None => Ok((id, known)),
        }
    }

    /// Decides each thing asked upon what the one before it left behind.
    pub(super) fn judge(
        &self,
        said: &Said,
        known: &Known,
        linking: Option<Linking>,
    ) -> Result<Result<Vec<Event>, Refusal>, LoadError> {
        let supplier = &said.sender.organisation;
        let told = said.told.child();
        let source = self.source(said, told, &known.child);
        let saying = Saying {
            source,
            supplier,
            capacity: said.capacity(&known.child),
            recorded_by: said.recorded_by.clone(),
            presumed_age: self.register().policy().presumed_age,
            shield: ShieldId::new(self.ids().next()),
        };
        let mut asks = Vec::new();
        if !known.child.is_registered() || known.child.life.closed_on.is_some() {
            asks.push(self.in_scope(said));
        }
        if !known.child.is_registered() {
            let authority =
                told.map_or_else(crate::judge::national_pool, |told| self.responsible(told, supplier));
            let number = self.free_number()?;
            asks.push(Command::Identity(identity::Command::Register { number, authority, by_hand: None }));
        }
        let keeps = !refuses_consent(&said.told);
        if let Some(Linking { judgement, weighing }) = linking.filter(|_| keeps) {
            asks.push(Command::Identity(identity::Command::Link {
                supplier: supplier.clone(),
                local_ref: source,
                judgement,
                weighing,
            }));
        }
        if let Some(told) = told.filter(|told| told.is_described() && keeps) {
            asks.push(describe(&saying, told, said.told.description_version()));
        }
        asks.extend(asked(&saying, &said.told));
        if let Some(told) = told {
            // Rules.md 1.4: an address that waits for a shield to be decided places nobody.
            let unplaced = SuppliedChild::default();
            let placing = if known.child.holds_addresses() { &unplaced } else { told };
            asks.push(Command::Identity(identity::Command::Allocate {
                pool: crate::judge::national_pool(),
                authority: self.responsible(placing, supplier),
            }));
            asks.extend(self.placed(&known.child, told));
        }
        let mut decided = Self::decided(known, &asks, said);
        if let Ok(events) = &mut decided
            && said.mode == Mode::FirstLoad
        {
            // Of a first load all is new, so that it is news to nobody.
            events.retain(|event| !matches!(event, Event::InvolvementNotified(_)));
        }
        Ok(decided)
    }

    /// Runs commands one upon another.
    pub(crate) fn decided(known: &Known, asks: &[Command], said: &Said) -> Result<Vec<Event>, Refusal> {
        let now = said.filing.now;
        // The last command needs no state after it, so a single one costs no copy of the child.
        let mut scratch: Option<Child> = None;
        let mut all = Vec::new();
        for (at, ask) in asks.iter().enumerate() {
            let state = scratch.as_ref().unwrap_or(&known.child);
            let events = Child::decide(state, ask, now)?;
            if at + 1 < asks.len() && !events.is_empty() {
                let child = scratch.get_or_insert_with(|| Child::clone(&known.child));
                let when = When {
                    happened_at: said.filing.happened_at,
                    recorded_at: now,
                    position: Position(u64::MAX),
                    key: KeyId::CLEAR,
                };
                for event in &events {
                    Child::evolve(child, event, when);
                }
            }
            all.extend(events);
        }
        Ok(all)
    }

    /// The reference under which the sender speaks of this child.
    ///
    /// Who names the child by its number goes on under the reference they spoke of it before, so that one's own
    /// earlier word is found.
    fn source(&self, said: &Said, told: Option<&SuppliedChild>, child: &Child) -> KeyedRef {
        if let Some(local) = told.and_then(|told| told.local_ref.as_ref()).map(keyed) {
            return local;
        }
        let Some(number) = child.number else { return KeyedRef::new(self.ids().next()) };
        let supplier = &said.sender.organisation;
        let by_number = keying::by_number(self.vault(), supplier, number);
        if child.statements.contains_key(&by_number) {
            return by_number;
        }
        let own = child.statements.iter().filter(|(_, statement)| statement.supplier == *supplier);
        own.max_by_key(|(_, statement)| statement.since.values().max().copied())
            .map_or(by_number, |(source, _)| *source)
    }
}
