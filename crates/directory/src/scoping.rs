//! Scope: for whom a record is held. In a targeted directory records close of themselves, night by night.
//!
//! Source: rules.md 1.1; docs/proportionality.md; ADR-0046.

use event_log::Ticket;
use events::{
    Fact,
    child::{
        Child, Command, identity,
        scope::{self, Opening},
    },
    decider::Decider,
    policy::{self, Scope},
    recorded::Actor,
    supplied::Supplied,
};
use projections::ChildRecord;
use vocabulary::{BodyHash, ChildId, EventId, OrganisationId, Revision, ServiceClass};

use crate::{
    Directory, disclose::LookError, filing::Filing, judge::national_pool, register::POLICY_STREAM,
    rows::Order, supply::Said, unseal::unseal,
};

/// Children read at once.
const READ_AT_ONCE: usize = 1_000;

impl Directory {
    /// What is asked before anything else is told of a child whose record is not open: whether it opens by this.
    pub(crate) fn in_scope(&self, said: &Said) -> Command {
        let by = if let Supplied::InvolvementStarted(started) = &said.told {
            Opening::Involvement(started.service_type.class())
        } else if matches!(
            said.told,
            Supplied::ConsentRecorded { .. } | Supplied::SignificantHarmRecorded { .. }
        ) {
            // What permits a sensitive service's entry is told before the entry.
            Opening::Involvement(ServiceClass::Sensitive)
        } else if said.recorded_by.is_some() {
            Opening::ByHand
        } else {
            Opening::Told
        };
        Command::Scope(scope::Command::Open { scope: self.register().policy().scope, by })
    }

    /// Closes the records that are due in a targeted directory, opens those again that a wider scope holds, and gives
    /// those of the pool to the only authority where there is but one.
    /// Answers how many. Safe to repeat.
    ///
    /// Cost: every child's row where the directory is or ever was targeted or has one authority alone, else nothing; one record for each that
    /// closes or opens. Waits for the last of them to be durable.
    ///
    /// # Errors
    /// A machine failed; what was told stands, and the next run goes on.
    pub fn settle_scope(&self) -> Result<u64, LookError> {
        let (scope, single) = {
            let register = self.register();
            (register.policy().scope, register.policy().single_authority.clone())
        };
        if scope == Scope::Universal && single.is_none() && !self.was_ever_targeted()? {
            return Ok(0);
        }
        let asks = settling(scope, single);
        let (mut settled, mut last, mut after) = (0, None, None);
        loop {
            let rows =
                self.rows().scan::<ChildRecord>(&[], after.as_ref(), Order::Ascending, READ_AT_ONCE)?;
            for (id, row) in &rows {
                let now = self.clock().now();
                let due = |ask| Child::decide(&row.child, ask, now).is_ok_and(|events| !events.is_empty());
                if asks.iter().any(due)
                    && let Some(ticket) = self.settle_one(*id, &asks)?
                {
                    settled += 1;
                    last = Some(ticket);
                }
            }
            if rows.len() < READ_AT_ONCE {
                break;
            }
            after = rows.last().map(|(id, _)| *id);
        }
        if let Some(ticket) = last {
            ticket.wait()?;
        }
        Ok(settled)
    }

    /// Asks the child that a record is of, as it stands, whatever its row said; what follows is the directory's own word.
    pub(crate) fn settle_one(&self, id: ChildId, asks: &[Command]) -> Result<Option<Ticket>, LookError> {
        let _alone = self.desk_mut();
        let root = self.kinship().root(id);
        let known = self.load(root)?;
        let now = self.clock().now();
        let told = |ask| Child::decide(&known.child, ask, now).unwrap_or_default();
        let events: Vec<_> = asks.iter().flat_map(told).collect();
        if events.is_empty() {
            return Ok(None);
        }
        let filing = Filing {
            by: Actor::System,
            cause: None,
            id: EventId(self.ids().next()),
            body: BodyHash::default(),
            happened_at: now,
            now,
        };
        Ok(Some(self.file(&filing, root, &known, events)?.ticket))
    }

    /// Whether any policy of this directory ever held only some children.
    fn was_ever_targeted(&self) -> Result<bool, LookError> {
        let (mut targeted, mut failed) = (false, None);
        self.log().read_stream(POLICY_STREAM, Revision::NONE, &mut |record| match unseal(
            self.vault(),
            record,
        ) {
            Ok(recorded) => {
                targeted |= recorded.facts().iter().any(|fact| {
                    matches!(fact, Fact::Policy(policy::Event::PolicyChanged { settings, .. })
                            if settings.scope == Scope::Targeted)
                });
            }
            Err(error) => failed = failed.take().or(Some(error)),
        })?;
        failed.map_or(Ok(targeted), |error| Err(crate::children::LoadError::from(error).into()))
    }
}

/// What is asked of every record; a record of the pool goes to the only authority, where there is but one.
fn settling(scope: Scope, single: Option<OrganisationId>) -> Vec<Command> {
    let allocate = single
        .map(|authority| Command::Identity(identity::Command::Allocate { pool: national_pool(), authority }));
    std::iter::once(Command::Scope(scope::Command::Settle { scope })).chain(allocate).collect()
}
