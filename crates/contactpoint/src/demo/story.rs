//! Tells the story of Child V on a told clock: each agency's own events on their own days.
//!
//! Source: docs/child-v.md.

use std::collections::BTreeSet;

use anyhow::{Context, anyhow, bail};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use directory::{Directory, Mode, OutcomeKind, QueueDecision};
use events::organisation::ActingUser;
use indicatif::ProgressBar;
use population::child_v::{Act, Agency, Step, Story};
use serde_json::Value;
use vocabulary::{ChildNumber, ClientId, OrganisationId};

use super::{
    cast::STORY_DATA_MANAGER,
    draw::Draw,
    england::{acting, hand_error},
};
use crate::{clock::StoryClock, loading};

/// Hours after midnight at which the events of a day are said to have happened.
const MORNING_HOURS: i64 = 9;

/// The moment from which the story is told: the day before the first contact, when everyone is connected.
pub(crate) fn begins(story: &Story) -> DateTime<Utc> {
    let first = story.steps.first().map_or(story.today, |step| step.day);
    morning(first) - TimeDelta::days(1)
}

fn morning(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::hours(MORNING_HOURS)
}

/// Connects the agencies' own case management systems.
///
/// # Errors
/// An agency is not registered, or the machine failed.
pub(crate) fn connect(directory: &Directory, seed: u64) -> anyhow::Result<()> {
    for agency in Agency::ALL {
        let client = client_of(agency.id());
        let secret = Draw::client(seed, &client.0);
        directory.add_client_with(&agency.id().parse()?, client, &secret, ActingUser::SignedAssertion)?;
    }
    Ok(())
}

fn client_of(organisation: &str) -> ClientId {
    ClientId(format!("story-{}", organisation.replace(':', "-").to_lowercase()))
}

/// Tells every step on its day; answers the child's number.
///
/// # Errors
/// An event was refused, nobody decided what waited, or the machine failed.
pub(crate) fn tell(
    directory: &Directory,
    clock: &StoryClock,
    story: &Story,
    progress: &ProgressBar,
) -> anyhow::Result<ChildNumber> {
    let mut numbers = BTreeSet::new();
    for step in &story.steps {
        clock.tell(morning(step.day) + TimeDelta::minutes(1));
        for act in &step.acts {
            numbers.extend(carry_out(directory, step, act)?);
        }
        progress.inc(1);
    }
    for (step, act) in story.steps.iter().flat_map(|step| step.acts.iter().map(move |act| (step, act))) {
        went_in(directory, step, act)?;
    }
    match numbers.into_iter().collect::<Vec<_>>().as_slice() {
        [one] => Ok(*one),
        several => bail!("the story led to {} records instead of one", several.len()),
    }
}

/// Carries out one act of a step; answers the child's number where it is told.
///
/// # Errors
/// An event was refused, nothing waits to be decided, or the machine failed.
pub(super) fn carry_out(
    directory: &Directory,
    step: &Step,
    act: &Act,
) -> anyhow::Result<Option<ChildNumber>> {
    match act {
        Act::Post(event) => {
            let agency = step.agency.context("an event of no agency")?;
            post(directory, agency, event)
        }
        Act::SameChild { organisation, .. } => same_child(directory, organisation),
    }
}

fn post(directory: &Directory, agency: Agency, told: &Value) -> anyhow::Result<Option<ChildNumber>> {
    let identity = directory.client(&client_of(agency.id())).context("an agency is not connected")?;
    identity.may_supply?;
    let line = serde_json::to_vec(told)?;
    let event = loading::read(&line)
        .map_err(|unread| anyhow!("an event of the story cannot be read: {}", unread.fault.code))?;
    let id = event.id.clone();
    let outcome = directory.supply(&identity.sender, event, Mode::Record)?.wait()?;
    match (outcome.kind, outcome.problem) {
        (OutcomeKind::Recorded, None) => Ok(outcome.child_number),
        (OutcomeKind::Queued, None) => Ok(None),
        (kind, problem) => {
            let code = problem.map_or_else(String::new, |problem| problem.code.into_owned());
            bail!("the event {id} of the story came to {} {code}", kind.name())
        }
    }
}

/// Checks that an event of the story waits no more: what waits is decided within the story.
fn went_in(directory: &Directory, step: &Step, act: &Act) -> anyhow::Result<()> {
    let (Act::Post(event), Some(agency)) = (act, step.agency) else { return Ok(()) };
    let identity = directory.client(&client_of(agency.id())).context("an agency is not connected")?;
    let id = event.get("id").and_then(Value::as_str).context("an event without an id")?;
    match directory.event_outcome(&identity.sender, id)?.map(|outcome| outcome.kind) {
        Some(OutcomeKind::Recorded) => Ok(()),
        Some(other) => bail!("the event {id} of the story is {} at its end", other.name()),
        None => bail!("the event {id} of the story is not known"),
    }
}

/// The data manager confirms that what waits from this organisation is the one child that it sounds like.
fn same_child(directory: &Directory, organisation: &str) -> anyhow::Result<Option<ChildNumber>> {
    let supplier: OrganisationId = organisation.parse()?;
    let person = acting(directory, STORY_DATA_MANAGER)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let queue = runtime.block_on(directory.queue(&person))?.into_view();
    let item =
        queue.into_iter().find(|item| item.supplier.as_ref() == Some(&supplier)).context("nothing waits")?;
    let [candidate] = item.candidates.as_slice() else {
        bail!("what waits sounds like {} children instead of one", item.candidates.len());
    };
    let decided =
        directory.decide_queue(&person, item.id, QueueDecision::Link(*candidate)).map_err(hand_error)?;
    Ok(decided.wait()?.child_number)
}
