//! Notifications: who else works with a child is told that a service began or stopped, and says that they saw it.
//!
//! Who is told is decided with what it is about, in the same append, so that a replay knows it. They are named by
//! their entries alone, under the child's own key: when a sensitive entry is forgotten, so is whom it was told to.
//! Source: rules.md 2.3 (a sensitive or protected entry notifies nobody); domain.md Q17; ADR-0057.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use vocabulary::{InvolvementId, OrganisationId, Position, ServiceClass};

use super::{ENDED_VISIBLE_DAYS, Involvement, Refusal};
use crate::{
    child::{Child, Event, RecordState},
    decider::When,
};

/// Notifications that are kept with one entry, the newest: a child's row stays small, and what is older was read or is
/// read no more. The log keeps all.
pub const NOTIFICATIONS_MAX: usize = 20;

/// What became of the entry that others are told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The service began to work with the child.
    Started,
    /// It stopped.
    Ended,
}

/// Those who still work with the child are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notified {
    /// What they are told of.
    pub involvement: InvolvementId,
    /// What became of it.
    pub change: Change,
    /// The open entries whose organisations are told, each because of it.
    pub told: Vec<InvolvementId>,
}

/// Somebody of an organisation that was told has seen it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// The entry because of which they were told.
    pub involvement: InvolvementId,
    /// Where that they are told was recorded.
    pub notification: Position,
}

/// What an organisation is told because of one of its entries; kept with that entry, and forgotten with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Of which entry.
    pub of: InvolvementId,
    /// What became of it.
    pub change: Change,
    /// When.
    pub at: DateTime<Utc>,
    /// When somebody of the organisation said that they saw it, first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<DateTime<Utc>>,
}

/// Whom these facts are told to, if to anybody.
pub(super) fn notifications(child: &Child, facts: &[Event], today: NaiveDate) -> Option<Event> {
    facts.iter().find_map(|fact| {
        if let Event::InvolvementStarted(event) = fact {
            let open = event.started_on <= today && event.ended_on.is_none();
            let about = About {
                involvement: event.involvement,
                organisation: &event.organisation,
                supplier: &event.supplier,
                class: event.service_type.class(),
                hidden: child.is_disputed(&event.source),
            };
            open.then(|| told(child, &about, Change::Started, today)).flatten()
        } else if let Event::InvolvementEnded(event) = fact {
            ended(child, event.involvement, event.ended_on, today)
        } else if let Event::InvolvementUpdated(event) = fact {
            ended(child, event.involvement, *event.ended_on.value()?, today)
        } else {
            None
        }
    })
}

/// What is told, as far as it decides to whom.
struct About<'a> {
    involvement: InvolvementId,
    organisation: &'a OrganisationId,
    supplier: &'a OrganisationId,
    class: ServiceClass,
    hidden: bool,
}

/// An end is news once: what is corrected afterwards is read on the record.
fn ended(child: &Child, involvement: InvolvementId, on: NaiveDate, today: NaiveDate) -> Option<Event> {
    let held = child.involvements.get(&involvement)?;
    let shown = Involvement { ended_on: Some(on), ..held.clone() };
    let news = held.ended_on.is_none() && shown.is_current(today, ENDED_VISIBLE_DAYS);
    let about = About {
        involvement,
        organisation: &held.organisation,
        supplier: &held.supplier,
        class: held.class(),
        hidden: !child.stands(held, today),
    };
    news.then(|| told(child, &about, Change::Ended, today)).flatten()
}

/// Those who are told: the organisations with an open entry, and never whoever said it or whose it is.
///
/// Nobody where an ordinary viewer of the record would not see the entry at this moment.
fn told(child: &Child, about: &About<'_>, change: Change, today: NaiveDate) -> Option<Event> {
    let seen = match about.class {
        ServiceClass::Universal | ServiceClass::Additional => !about.hidden,
        ServiceClass::Sensitive | ServiceClass::Protected => false,
    };
    if !seen || child.record_state(today) != RecordState::Live {
        return None;
    }
    let told: Vec<InvolvementId> = child
        .involvements
        .iter()
        .filter(|(id, held)| {
            let another = held.organisation != *about.organisation && held.organisation != *about.supplier;
            **id != about.involvement && another && held.is_open(today) && child.stands(held, today)
        })
        .map(|(id, _)| *id)
        .collect();
    let about = about.involvement;
    let nobody = told.is_empty();
    let notified = Event::InvolvementNotified(Notified { involvement: about, change, told });
    (!nobody).then_some(notified)
}

/// An organisation says that it saw a notification: for each of its entries because of which it was told, once.
pub(super) fn acknowledge(
    child: &Child,
    organisation: &OrganisationId,
    notification: Position,
    today: NaiveDate,
) -> Result<Vec<Event>, Refusal> {
    let mut held = child
        .involvements
        .iter()
        .filter(|(_, held)| held.organisation == *organisation && child.stands(held, today))
        .filter_map(|(id, held)| Some((*id, held.notifications.get(&notification)?)))
        .peekable();
    if held.peek().is_none() {
        return Err(Refusal::Unknown);
    }
    let unseen = held.filter(|(_, told)| told.acknowledged_at.is_none());
    Ok(unseen
        .map(|(involvement, _)| Event::NotificationAcknowledged(Acknowledged { involvement, notification }))
        .collect())
}

pub(in crate::child) fn notified(child: &mut Child, event: &Notified, when: When) {
    for id in &event.told {
        let Some(held) = child.involvements.get_mut(id) else { continue };
        let notification = Notification {
            of: event.involvement,
            change: event.change,
            at: when.recorded_at,
            acknowledged_at: None,
        };
        held.notifications.insert(when.position, notification);
        while held.notifications.len() > NOTIFICATIONS_MAX {
            held.notifications.pop_first();
        }
    }
}

pub(in crate::child) fn acknowledged(child: &mut Child, event: &Acknowledged, when: When) {
    let held = child.involvements.get_mut(&event.involvement);
    if let Some(notification) = held.and_then(|held| held.notifications.get_mut(&event.notification)) {
        notification.acknowledged_at.get_or_insert(when.recorded_at);
    }
}
