//! A replay: what was known of a child, event by event, on a day, or what differs between two days.
//!
//! Whatever it shows was recorded before; it may be printed, with who, when and why. Source: contract.md section 2
//! (history); rules.md 2 (investigator).

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, NaiveDate, Utc};
use directory::{
    CaseRead, History, HistoryRequest,
    history::{Moment as Then, RecordThen},
};
use events::access::SeenBy;
use vocabulary::{CaseId, ChildNumber, OrganisationId, Position, Role, england_day};

use super::{chronology, purpose, told};
use crate::{
    answer::InBoth,
    door::Door,
    pages::{
        kit::{Block, Choice, Field, FieldError, Form, Notice, Page, line},
        posted::Posted,
        visitor::Visitor,
        words,
        wrong::Wrong,
    },
    problem::Problem,
};

/// Of what and under what a replay is.
pub(super) struct Replaying<'a> {
    pub(super) case: &'a CaseRead,
    pub(super) child: ChildNumber,
    pub(super) asked: &'a Posted,
    pub(super) position: Position,
}

impl Replaying<'_> {
    pub(super) fn address(&self) -> String {
        format!("/cases/{}/children/{}", self.case.id, self.child)
    }
}

/// What was known, as far as it was asked for.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    InBoth(id, child): InBoth<CaseId, ChildNumber>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Problem> {
    let asked = Posted::of_query(&uri);
    let (case, _) = door.directory.case_read(&visitor.person, id)?;
    let replayed = match request(&case, &asked) {
        Ok(request) => door.directory.history(&visitor.person, child, request).await.map_err(Wrong::from),
        Err(errors) => Err(errors.into()),
    };
    let today = england_day(door.directory.now());
    let disclosed = match replayed {
        Ok(disclosed) => disclosed,
        Err(wrong) => {
            return wrong.answer(&[], |errors| {
                let form = form(&case, child, &asked, today);
                frame(&case, child).with_form(form, Some((&asked, errors)))
            });
        }
    };
    let replaying = Replaying { case: &case, child, asked: &asked, position: disclosed.position() };
    let history = disclosed.view();
    let person = &visitor.person;
    let organisation = door.directory.name_of_organisation(&person.organisation);
    let by = format!(
        "Shown to {}, {}, {}, on {}. Case {}: {}. This replay stands at position {} of the log.",
        person.name.as_str(),
        words::lower(person.role.name()),
        organisation.unwrap_or_else(|| person.organisation.to_string()),
        words::moment(door.directory.now()),
        case.reference.as_str(),
        purpose(case.purpose),
        replaying.position,
    );
    let since = chronology::since(history).map(|day| day.to_string());
    let form = form(&case, child, &asked, today);
    let form = match since {
        Some(since) => form.hidden("since", since),
        None => form.hidden("since", asked.text("since")),
    };
    Ok(frame(&case, child)
        .printed(by)
        .with(Block::details(
            "Choose a day, two days to compare, or whose view",
            vec![form.filled(&asked, &[]).into()],
        ))
        .with_all(shown(&replaying, history))
        .with(Block::Print("Print this page"))
        .into_response())
}

fn frame(case: &CaseRead, child: ChildNumber) -> Page {
    Page::new("Replay")
        .wide()
        .heading_is("What was known")
        .caption(format!("Case {}, child number {child}", case.reference.as_str()))
        .back(format!("/cases/{}", case.id))
}

/// What is asked of the directory: the API's own words, from the fields of the form.
fn request(case: &CaseRead, asked: &Posted) -> Result<HistoryRequest, Vec<FieldError>> {
    let day = |field: &'static str, label: &str| match asked
        .day(field)
        .or_else(|| asked.given(field).map(ToOwned::to_owned))
    {
        None => Ok(None),
        Some(text) => text
            .parse::<Then>()
            .map(Some)
            .map_err(|_| vec![FieldError::at(field, format!("{label} must be a real day, as in 27 3 2025"))]),
    };
    Ok(HistoryRequest {
        case_ref: case.reference.clone(),
        as_of: day("as_of", "The day")?,
        as_seen_by: seen_by(asked)?,
        compare: day("compare", "The other day")?,
    })
}

fn seen_by(asked: &Posted) -> Result<Option<SeenBy>, Vec<FieldError>> {
    if let Some(role) = asked.given("role") {
        let wrong = |_| vec![FieldError::at("role", "Choose a role from the list")];
        return role.parse::<Role>().map(|role| Some(SeenBy::Role(role))).map_err(wrong);
    }
    let Some(organisation) = asked.given("organisation") else { return Ok(None) };
    let wrong = |_| vec![FieldError::at("organisation", "The organisation must be its id, as in urn:100000")];
    organisation.parse::<OrganisationId>().map(|id| Some(SeenBy::Organisation(id))).map_err(wrong)
}

fn form(case: &CaseRead, child: ChildNumber, asked: &Posted, today: NaiveDate) -> Form {
    let since: Option<NaiveDate> = asked.text("since").parse().ok();
    let from = since.or_else(|| today.checked_sub_months(chrono::Months::new(24))).unwrap_or(today);
    let seers = [
        Role::Practitioner,
        Role::PractitionerOverride,
        Role::NationalPartner,
        Role::AuthorityTeam,
        Role::DataManager,
        Role::Auditor,
    ];
    let roles = seers.map(|role| Choice::new(role.name(), words::word(role.name())));
    let roles = [Choice::new("", "Your own, under this case")].into_iter().chain(roles);
    Form::get(format!("/cases/{}/children/{child}", case.id), "Show")
        .field(
            Field::day("as_of", "As known at the end of this day")
                .hint("Left empty, every event is told in order.")
                .slider(from, today),
        )
        .field(
            Field::day("compare", "Compared with this day")
                .hint("Shows what differs between the two, or between it and today.")
                .slider(from, today),
        )
        .field(
            Field::select("role", "Whose view", roles)
                .hint("What the role was shown by the policy and the shields of that day."),
        )
        .field(
            Field::text("organisation", "Or the staff of one organisation, by its id")
                .hint("For example, urn:100000.")
                .width("govuk-input--width-20"),
        )
}

/// The replay in the form that was asked for.
fn shown(replaying: &Replaying<'_>, history: &History) -> Vec<Block> {
    match history {
        History::Events { events, .. } => chronology::blocks(replaying, events),
        History::Record(then) => record(replaying, then),
        History::Difference { from, to, changes } => told::difference(*from, *to, changes),
    }
}

fn record(replaying: &Replaying<'_>, then: &RecordThen) -> Vec<Block> {
    let mut blocks = vec![Block::heading(as_known(then.as_of))];
    if let Some(code) = then.refused {
        blocks.push(Block::text(format!("No look was open then: {}.", words::lower(code))));
        return blocks;
    }
    if then.urgent_only {
        blocks.push(Notice::important("Open to an emergency and to a child protection enquiry only."));
    }
    if replaying.asked.given("as_of").is_none() && replaying.asked.day("as_of").is_none() {
        blocks.push(Block::text(
            "The events in order are not open to this case: the record is shielded, and the approver did not lift shields.",
        ));
    }
    blocks.extend(told::record(&then.record));
    blocks
}

fn as_known(at: DateTime<Utc>) -> crate::pages::kit::Line {
    line().text("As known at ").at(at)
}
