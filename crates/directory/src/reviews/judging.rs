//! Judging: the looks of a month, explained by what the directory holds, and the alerts for those that stand out.
//!
//! A look is judged once a reason for it would have been recorded, so that nobody is asked about work that was on its
//! way. What it weighs is told to nobody (I-24): an alert names what was seen. Source: docs/misuse.md; ADR-0040; ADR-0043.

mod explaining;
mod gathering;
mod world;

use chrono::{DateTime, TimeDelta, Utc};
use events::{
    access::{self, Access, Event, Looked},
    decider::Decider,
    recorded::Actor,
};
use misuse::{Line, explain::RECORDED_DAYS, queue, weights::ALERT_FROM};
use projections::AccessAudit;
use vocabulary::{Position, Signal};

use self::{gathering::Gathered, world::Known};
use crate::{Directory, disclose::LookError};

/// How many days of looks are seen beside one another.
const SPAN_DAYS: i64 = 31;

/// What came of judging.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LooksJudged {
    /// Looks of the month.
    pub looks: u64,
    /// Those that something explains.
    pub explained: u64,
    /// Lines of those that nothing does: a child, or a run of children, of one person.
    pub lines: u64,
    /// Alerts raised by this judging.
    pub alerts: u64,
}

impl Directory {
    /// Judges the looks of the month that ended a fortnight ago, and raises an alert for each that stands out and has
    /// none for the same yet. Safe to repeat.
    ///
    /// Cost: one row a look and one child for each child looked at, read in the order of children; some 100 bytes a
    /// look while it lasts, 0.8 GB for a nation's eight million. Waits for what it raised to be durable.
    ///
    /// # Errors
    /// A machine failed; what was raised stands, and the next judging goes on.
    pub fn judge_looks(&self) -> Result<LooksJudged, LookError> {
        let until = self.clock().now() - TimeDelta::days(i64::from(RECORDED_DAYS));
        self.judge_looks_between(until - TimeDelta::days(SPAN_DAYS), until)
    }

    fn judge_looks_between(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<LooksJudged, LookError> {
        let gathered = self.gather_looks(from, until)?;
        let world = Known { directory: self, gathered: &gathered };
        let lines = queue(&world, &gathered.users, &gathered.looks)?;
        let mut judged = LooksJudged {
            looks: gathered.looks.len() as u64,
            explained: gathered.looks.iter().filter(|look| look.explained.is_some()).count() as u64,
            lines: lines.len() as u64,
            alerts: 0,
        };
        let mut last = None;
        // An alarm was told in the look's own append.
        let told = lines.iter().skip_while(|line| line.ranked.alarm);
        for line in told.take_while(|line| line.ranked.weight >= ALERT_FROM) {
            if let Some(ticket) = self.alert(&gathered, line)? {
                judged.alerts += 1;
                last = Some(ticket);
            }
        }
        if let Some(ticket) = last {
            ticket.wait()?;
        }
        Ok(judged)
    }

    /// Raises the alert of one line at the look that says most, unless any look of it was told of the same before.
    fn alert(&self, gathered: &Gathered, line: &Line) -> Result<Option<event_log::Ticket>, LookError> {
        let mut before: Vec<Signal> = Vec::new();
        for look in &line.looks {
            let Some((child, position)) = gathered.place(*look) else { continue };
            if let Some((access, _)) = self.looked_at_position(child, position)?
                && let Some((_, review)) = self.review_of(access)?
            {
                if *look == line.first && review.closed.is_some() {
                    // A person has asked about this look, and said what came of it.
                    return Ok(None);
                }
                before.extend(review.signals);
            }
        }
        let Some((child, position)) = gathered.place(line.first) else { return Ok(None) };
        let Some((access, looked)) = self.looked_at_position(child, position)? else { return Ok(None) };
        let signals = line.ranked.signals().collect();
        let command = access::Command::Alert { access, signals, before, looked };
        let events = Access::decide(&Access, &command, self.clock().now()).unwrap_or_default();
        if events.is_empty() {
            return Ok(None);
        }
        let facts = events.into_iter().map(events::Fact::Access).collect();
        let ticket = self.append_look_by(Actor::System, child.access_stream(), facts)?;
        self.alarm(access, "alert");
        Ok(Some(ticket))
    }

    /// The look of a row: which, and whose.
    fn looked_at_position(
        &self,
        child: vocabulary::ChildId,
        position: Position,
    ) -> Result<Option<(vocabulary::AccessId, Looked)>, LookError> {
        let Some(row) = self.rows().get::<AccessAudit>(&(child, position))? else { return Ok(None) };
        let Actor::Person(by) = &row.by else { return Ok(None) };
        let opened = row.events.iter().find_map(|event| match event {
            Event::RecordOpened(opened) => Some(opened.access),
            Event::ShieldOverridden { .. }
            | Event::InvestigationOpened { .. }
            | Event::ReviewDrawn { .. }
            | Event::AlertRaised { .. }
            | Event::ReviewClosed { .. }
            | Event::OpeningRefused { .. }
            | Event::HistoryReplayed(_)
            | Event::SubjectAccessGiven(_) => None,
        });
        let looked = Looked {
            position,
            at: row.at,
            account: by.account,
            organisation: by.organisation.clone(),
            on_behalf_of: by.on_behalf_of,
        };
        Ok(opened.map(|access| (access, looked)))
    }
}
