//! The identity queue: what waits for a person, what waits behind it, and the end of both.
//!
//! An item is decided once; it and everything behind it then go in, in the order they came, by the same path
//! as if they had just been sent. Source: contract.md section 3 (`queued`); rules.md 2.7; domain.md 4.4.

use events::{
    Fact,
    child::identity::Judgement,
    decider::Decider,
    intake::{self, Decision, Intake, QueueReason, Queued, Resolved, Waiting},
    recorded::Actor,
    refused::Code,
    search,
    supplied::Supplied,
};
use vocabulary::{
    BodyHash, ChildId, ChildNumber, EventId, IntakeId, KeyId, KeyedRef, Position, Revision, Role,
};

use crate::{
    Directory,
    by_hand::HandError,
    children::LoadError,
    commands::keyed,
    desk::Desk,
    disclose::{Disclosed, LookError},
    filing::{FileError, Filing},
    judge::Meant,
    outcome::{Outcome, OutcomeKind, Pending, Problem},
    people::Person,
    supply::{Mode, Placed, Said, Sender, SupplyError},
    unseal::unseal,
};

/// Most children on one list (invariant I-27).
pub(crate) const LIST_CHILDREN_MAX: usize = 50;

/// The references by which later events find a waiting one.
pub(crate) fn refs_of(told: &Supplied) -> Vec<KeyedRef> {
    let local = told.child().and_then(|child| child.local_ref.as_ref()).map(keyed);
    let mut merged = Vec::new();
    if let Supplied::LinkDisputed { local_ref } = told {
        merged.push(keyed(local_ref));
    }
    if let Supplied::LocalRefsMerged { from, to } = told {
        merged.extend([keyed(from), keyed(to)]);
    }
    let involvement = told.involvement_ref().map(keyed);
    local.into_iter().chain(merged).chain(involvement).collect()
}

/// A decision on an item of the queue, as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueDecision {
    /// It is this child.
    Link(ChildNumber),
    /// It is a child that the directory does not hold.
    New,
    /// It should not have been sent.
    Reject,
}

/// An item of the queue as its authority's data manager sees it.
#[derive(Debug)]
pub struct QueueItem {
    /// Which.
    pub id: IntakeId,
    /// Whose.
    pub supplier: vocabulary::OrganisationId,
    /// Why it waits.
    pub reason: QueueReason,
    /// Since when.
    pub since: chrono::DateTime<chrono::Utc>,
    /// What was told of the child.
    pub told: Option<events::supplied::SuppliedChild>,
    /// The children that it might be.
    pub candidates: Vec<ChildNumber>,
    /// How many events wait behind it.
    pub behind: usize,
}

/// How an item comes to its end.
enum End {
    /// It is placed: by what was decided, or by its own references.
    Place(Option<Meant>),
    /// It is rejected.
    Reject,
}

/// One item with where its stream stands.
struct Item {
    state: Intake,
    key: KeyId,
    id: EventId,
    since: chrono::DateTime<chrono::Utc>,
}

impl Directory {
    /// Puts an event on the queue, for a person to decide who it is.
    pub(crate) fn enqueue(
        &self,
        desk: &mut Desk,
        said: &Said,
        reason: QueueReason,
        candidates: Vec<ChildId>,
    ) -> Placed {
        if said.mode == Mode::DryRun {
            return Ok(Pending::judged(OutcomeKind::Queued));
        }
        let item = IntakeId::new(self.ids().next());
        let refs = refs_of(&said.told);
        let fact = intake::Event::EventQueued(Queued {
            supplier: said.sender.organisation.clone(),
            client: Some(said.sender.client.clone()),
            told: Box::new(said.told.clone()),
            local_ref: refs.first().copied(),
            candidates,
            reason,
            happened_at: said.filing.happened_at,
        });
        let key = self.vault().mint().map_err(FileError::from)?;
        let filed = self.intake(desk, &said.filing, item, key, fact)?;
        desk.enqueue(item, refs);
        Ok(Pending::filed(OutcomeKind::Queued, filed))
    }

    /// Puts an event behind an item that is on the queue already.
    pub(crate) fn wait(&self, desk: &mut Desk, said: &Said, head: IntakeId) -> Placed {
        if said.mode == Mode::DryRun {
            return Ok(Pending::judged(OutcomeKind::Queued));
        }
        let item = IntakeId::new(self.ids().next());
        let refs = refs_of(&said.told);
        let fact = intake::Event::EventWaiting(Waiting {
            behind: head,
            supplier: said.sender.organisation.clone(),
            client: Some(said.sender.client.clone()),
            told: Box::new(said.told.clone()),
            local_ref: refs.first().copied(),
            happened_at: said.filing.happened_at,
        });
        let key = self.vault().mint().map_err(FileError::from)?;
        let filed = self.intake(desk, &said.filing, item, key, fact)?;
        desk.wait_behind(head, item, refs);
        Ok(Pending::filed(OutcomeKind::Queued, filed))
    }

    /// The present outcome of the event whose record stands at `position`.
    pub(crate) fn present(&self, desk: &Desk, position: Position) -> Placed {
        let mut found = None;
        let mut failed = None;
        let before = Position(position.0.saturating_sub(1));
        let durable = self.log().head().map_err(LoadError::from)? >= position;
        if !durable {
            // It is in flight: another request is writing it this moment. Its outcome is the contract's first.
            return Ok(Pending::standing(OutcomeKind::Recorded, position));
        }
        self.log()
            .read_all(before, 1, &mut |record| match unseal(self.vault(), record) {
                Ok(recorded) => found = Some(recorded),
                Err(error) => failed = Some(error),
            })
            .map_err(LoadError::from)?;
        if let Some(error) = failed {
            return Err(LoadError::from(error).into());
        }
        let Some(recorded) = found else { return Ok(Pending::standing(OutcomeKind::Recorded, position)) };
        let number = |child: ChildId| self.load(child).map(|known| known.child.number);
        if recorded.stream.kind == vocabulary::StreamKind::Child {
            let number = number(ChildId::new(recorded.stream.id))?;
            return Ok(Pending::standing(OutcomeKind::Recorded, position).about(number));
        }
        let item = IntakeId::new(recorded.stream.id);
        match recorded.facts().first() {
            Some(Fact::Intake(intake::Event::StatementRepeated { child, .. })) => {
                let number = child.map(number).transpose()?.flatten();
                Ok(Pending::standing(OutcomeKind::Unchanged, position).about(number))
            }
            Some(Fact::Intake(intake::Event::EventQueued(_) | intake::Event::EventWaiting(_))) => {
                let _ = desk;
                self.present_item(item, position)
            }
            _ => Ok(Pending::standing(OutcomeKind::Recorded, position)),
        }
    }

    /// The present outcome of an item: still queued, or its end.
    fn present_item(&self, item: IntakeId, position: Position) -> Placed {
        let held = self.item(item)?;
        let Some(resolved) = held.and_then(|held| held.state.resolved) else {
            return Ok(Pending::standing(OutcomeKind::Queued, position));
        };
        let number =
            resolved.child.map(|child| self.load(child)).transpose()?.and_then(|known| known.child.number);
        let at = resolved.position.unwrap_or(position);
        Ok(match resolved.outcome {
            intake::Outcome::Recorded => Pending::standing(OutcomeKind::Recorded, at).about(number),
            intake::Outcome::Unchanged => Pending::standing(OutcomeKind::Unchanged, at).about(number),
            intake::Outcome::Refused => {
                let code =
                    resolved.problem.map_or_else(|| "refused".to_owned(), |code| code.as_str().to_owned());
                Pending::standing(OutcomeKind::Refused, at).but(Some(Problem::kept(code)))
            }
        })
    }

    /// Shows the items that the person's authority decides, oldest first, at most fifty.
    ///
    /// # Errors
    /// `Refused`: not a data manager or team. Others: a machine failed, nothing is shown.
    pub async fn queue(&self, person: &Person) -> Result<Disclosed<Vec<QueueItem>>, LookError> {
        if !matches!(person.role, Role::DataManager | Role::AuthorityTeam) {
            return Err(LookError::Refused {
                code: "role_may_not_decide",
                detail: "the identity queue is for data managers and the directory team".to_owned(),
            });
        }
        let mut items = self.queue_items(person)?;
        items.truncate(LIST_CHILDREN_MAX);
        let mut children = Vec::new();
        {
            let desk = self.desk();
            let named = items.iter().flat_map(|item| &item.candidates);
            children.extend(named.filter_map(|number| desk.numbers.get(number).copied()));
        }
        children.sort_unstable();
        children.dedup();
        let fact = Fact::Search(search::Event::ListDelivered { list: search::List::Queue, children });
        let ticket = self.append_look(person, person.account.search_stream(), vec![fact])?;
        Ok(Disclosed::after(ticket, items).await?)
    }

    /// The items that the person's authority decides, oldest first.
    ///
    /// # Errors
    /// A machine failed.
    fn queue_items(&self, person: &Person) -> Result<Vec<QueueItem>, LoadError> {
        let waiting: Vec<(IntakeId, usize)> =
            self.desk().queue.iter().map(|(item, waiting)| (*item, waiting.behind.len())).collect();
        let mut items = Vec::new();
        for (id, behind) in waiting {
            let Some(held) = self.item(id)? else { continue };
            let Some(queued) = held.state.queued else { continue };
            if !self.decides(person, &queued)? {
                continue;
            }
            let mut candidates = Vec::new();
            for candidate in &queued.candidates {
                candidates.extend(self.load(*candidate)?.child.number);
            }
            items.push(QueueItem {
                id,
                supplier: queued.supplier.clone(),
                reason: queued.reason,
                since: held.since,
                told: queued.told.child().cloned(),
                candidates,
                behind,
            });
        }
        items.sort_by_key(|item| (item.since, item.id));
        Ok(items)
    }

    /// Whether this person decides an item: the data manager or team of a candidate's authority, else of the
    /// supplier's.
    fn decides(&self, person: &Person, queued: &Queued) -> Result<bool, LoadError> {
        if !matches!(person.role, Role::DataManager | Role::AuthorityTeam) {
            return Ok(false);
        }
        let mut authorities = Vec::new();
        for candidate in &queued.candidates {
            authorities.extend(self.load(*candidate)?.child.authority.clone());
        }
        authorities.extend(self.register().authority_of(&queued.supplier));
        Ok(person.authority.as_ref().is_some_and(|own| authorities.contains(own)))
    }

    /// Decides an item of the queue; it and everything behind it go in, in order.
    ///
    /// # Errors
    /// `Unknown`: no such item, or not this person's. `Refused`: decided already. Others: a machine failed.
    pub fn decide_queue(
        &self,
        person: &Person,
        id: IntakeId,
        decision: QueueDecision,
    ) -> Result<Pending, HandError> {
        let now = self.clock().now();
        let mut desk = self.desk_mut();
        let held = self.item(id)?.ok_or(HandError::Unknown)?;
        let queued = held.state.queued.clone().ok_or(HandError::Unknown)?;
        if !self.decides(person, &queued)? {
            return Err(HandError::Unknown);
        }
        let kept = match decision {
            QueueDecision::New => Decision::New,
            QueueDecision::Reject => Decision::Reject,
            QueueDecision::Link(number) => {
                Decision::Link { child: desk.numbers.get(&number).copied().ok_or(HandError::Unknown)? }
            }
        };
        let asked = intake::Command::Decide { decision: kept };
        let events = Intake::decide(&held.state, &asked, now)
            .map_err(|refusal| HandError::Refused { code: refusal.code(), detail: refusal.to_string() })?;
        let filing = Filing {
            by: person.actor(),
            cause: Some(held.id),
            id: EventId(self.ids().next()),
            body: BodyHash::default(),
            happened_at: now,
            now,
        };
        let mut tickets = Vec::new();
        let mut position = Position::ZERO;
        for event in events {
            let filed = self.intake(&mut desk, &filing, id, held.key, event)?;
            position = filed.position;
            tickets.push(filed.ticket);
        }
        let resolved = self.carry_out(&mut desk, id, kept, &mut tickets)?;
        let mut pending = Pending::standing(resolved.kind, resolved.position.unwrap_or(position))
            .about(resolved.child_number)
            .but(resolved.problem);
        for ticket in tickets {
            pending = pending.and(ticket);
        }
        Ok(pending)
    }

    /// Carries out what was decided of an item: it first, then what waited behind it, in order.
    pub(crate) fn carry_out(
        &self,
        desk: &mut Desk,
        id: IntakeId,
        decision: Decision,
        tickets: &mut Vec<event_log::Ticket>,
    ) -> Result<Outcome, SupplyError> {
        let waiting = desk.dequeue(id);
        let mut first = None;
        // Only the item itself was decided; what waited behind it finds its child by the references it left.
        let mut end = match decision {
            Decision::Link { child } => End::Place(Some(Meant::Child(child, Some(Judgement::Decided)))),
            Decision::New => End::Place(Some(Meant::New)),
            Decision::Reject => End::Reject,
        };
        for item in std::iter::once(id).chain(waiting.behind) {
            let Some(held) = self.item(item)? else { continue };
            if held.state.resolved.is_some() {
                continue;
            }
            let how = std::mem::replace(&mut end, End::Place(None));
            let outcome = self.resolve(desk, item, &held, how, tickets)?;
            if first.is_none() {
                first = Some(outcome);
            }
        }
        Ok(first.unwrap_or_else(Outcome::nothing))
    }

    /// Brings one item to its end, and tells it.
    fn resolve(
        &self,
        desk: &mut Desk,
        item: IntakeId,
        held: &Item,
        how: End,
        tickets: &mut Vec<event_log::Ticket>,
    ) -> Result<Outcome, SupplyError> {
        let now = self.clock().now();
        let (supplier, client, told, happened_at) = match (&held.state.queued, &held.state.waiting) {
            (Some(queued), _) => (&queued.supplier, &queued.client, &queued.told, queued.happened_at),
            (None, Some(waiting)) => (&waiting.supplier, &waiting.client, &waiting.told, waiting.happened_at),
            (None, None) => return Ok(Outcome::nothing()),
        };
        let client = client.clone().unwrap_or_else(|| vocabulary::ClientId(String::new()));
        let filing = |id: EventId| Filing {
            by: Actor::Supplier { organisation: supplier.clone(), client: Some(client.clone()) },
            cause: Some(held.id),
            id,
            body: BodyHash::default(),
            happened_at,
            now,
        };
        let pending = if let End::Place(decided) = how {
            let kind = self
                .register()
                .organisation(supplier)
                .and_then(|organisation| organisation.details.as_ref().map(|details| details.kind))
                .unwrap_or(vocabulary::OrganisationKind::NationalSupplier);
            let said = Said {
                sender: Sender {
                    organisation: supplier.clone(),
                    kind,
                    client: client.clone(),
                    states_others: true,
                },
                filing: filing(EventId(self.ids().next())),
                told: (**told).clone(),
                mode: Mode::Record,
                decided,
                recorded_by: None,
            };
            self.place(desk, &said)?
        } else {
            Pending::refused(
                String::new(),
                Problem::new("identity_rejected", "a data manager rejected this event".to_owned()),
            )
        };
        let (outcome, waits) = pending.parts();
        tickets.extend(waits);
        let child = outcome.child_number.and_then(|number| desk.numbers.get(&number).copied());
        let end = match outcome.kind {
            OutcomeKind::Recorded | OutcomeKind::Duplicate => intake::Outcome::Recorded,
            OutcomeKind::Unchanged => intake::Outcome::Unchanged,
            OutcomeKind::Refused => intake::Outcome::Refused,
            // It found its way behind another item: that one's decision will end it.
            OutcomeKind::Queued => return Ok(outcome),
        };
        let problem = match end {
            intake::Outcome::Refused => {
                outcome.problem.as_ref().and_then(|problem| Code::new(&problem.code).ok())
            }
            intake::Outcome::Recorded | intake::Outcome::Unchanged => None,
        };
        let fact = intake::Event::EventResolved(Resolved {
            outcome: end,
            position: outcome.position,
            child,
            problem,
        });
        let filed = self.intake(desk, &filing(EventId(self.ids().next())), item, held.key, fact)?;
        tickets.push(filed.ticket);
        Ok(outcome)
    }

    fn item(&self, item: IntakeId) -> Result<Option<Item>, LoadError> {
        let mut state = Intake::default();
        let mut first: Option<(KeyId, EventId, chrono::DateTime<chrono::Utc>)> = None;
        let mut failed = None;
        self.log().read_stream(item.stream(), Revision::NONE, &mut |record| match unseal(
            self.vault(),
            record,
        ) {
            Ok(recorded) => {
                first = first.or(Some((recorded.key, recorded.id, recorded.recorded_at)));
                for fact in recorded.facts() {
                    if let Fact::Intake(event) = fact {
                        Intake::evolve(&mut state, event, recorded.when());
                    }
                }
            }
            Err(error) => failed = failed.take().or(Some(error)),
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
        Ok(first.map(|(key, id, since)| Item { state, key, id, since }))
    }
}
