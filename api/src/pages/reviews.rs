//! Reviews: looks that a person asks about, the least explained first, and what came of each.
//!
//! A sign is a thing that was seen, and never a score of a person or a child. Nobody reads of their own looks here.
//! Source: rules.md 4.3, 5.1; ADR-0040, ADR-0043.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::Response,
};
use directory::{ReviewItem, ReviewQuery};
use vocabulary::{AccessId, Lot, ReviewOutcome, Role, Signal};

use super::{
    after,
    kit::{Block, Choice, Column, Field, FieldError, Form, Line, Page, Summary, Tab, Table, line},
    posted::{Posted, Reading},
    visitor::Visitor,
    words,
    wrong::Wrong,
};
use crate::{answer::In, door::Door, problem::Problem, wire::keeping::ReviewSaid};

/// Refusals, and the field that each is about.
const FIELDS: &[(&str, &str)] = &[("graver_outcome_stands", "outcome"), ("own_look", "outcome")];

/// What may be said of a look, the lightest first.
const OUTCOMES: [(ReviewOutcome, &str, &str); 6] = [
    (ReviewOutcome::Explained, "There was a reason", "Nothing follows."),
    (ReviewOutcome::Advised, "The person was advised", "They know now what to do otherwise."),
    (
        ReviewOutcome::Suspended,
        "The account is suspended",
        "It is suspended at once, and every session ends.",
    ),
    (ReviewOutcome::Employer, "It was handed to the employer", "Their user manager is told by a reference."),
    (ReviewOutcome::Regulator, "It was handed to the regulator", "You have handed it over by another way."),
    (ReviewOutcome::Police, "It was handed to the police", "You have handed it over by another way."),
];

/// What waits, or what was reviewed.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let asked = Posted::of_query(&uri);
    let closed = asked.text("state") == "closed";
    let cursor = asked.given("after").map(str::parse).transpose().map_err(|_| Problem::new("not_found"))?;
    let query = ReviewQuery { closed, after: cursor };
    let shown = door.directory.reviews_waiting(&visitor.person, query).await?.into_view();
    let columns = ["Look", "Who looked", "Child number", "Why they looked", "What was seen"].map(Column::of);
    let caption = if closed { "Looks that were reviewed" } else { "Looks to review, most urgent first" };
    let table = Table::new(caption, columns).quiet().rows(shown.reviews.iter().map(|item| row(&door, item)));
    let tab = |href: &str, text: &str, here| Tab { href: href.to_owned(), text: text.to_owned(), here };
    let tabs = vec![tab("/reviews", "To review", !closed), tab("/reviews?state=closed", "Reviewed", closed)];
    let page = Page::new("Looks to review")
        .wide()
        .with_if(after::done(&door, &visitor))
        .with(Block::tabs("Reviews", tabs));
    let page = if table.is_empty() {
        page.with(Block::text(if closed {
            "No look was reviewed yet."
        } else {
            "No look waits for a review."
        }))
    } else {
        page.with(table)
    };
    let state = if closed { "state=closed&" } else { "" };
    let next = shown.next.map(|next| format!("/reviews?{state}after={next}"));
    Ok(page.with_if(after::further("Pages of reviews", next)))
}

/// One look, what was seen beside it, and the question.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(look): In<AccessId>,
) -> Result<Page, Problem> {
    let item = door.directory.review_item(&visitor.person, look).await?.into_view();
    Ok(asked(&door, &item, None))
}

/// Takes what came of it.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(look): In<AccessId>,
    posted: Posted,
) -> Result<Response, Problem> {
    match reviewed(&door, &visitor, look, &posted).await {
        Ok(response) => Ok(response),
        Err(wrong) => {
            let item = door.directory.review_item(&visitor.person, look).await?.into_view();
            wrong.answer(FIELDS, |errors| asked(&door, &item, Some((&posted, errors))))
        }
    }
}

/// That something came of a review, by a reference and nothing of anybody: for the employer's manager.
pub(crate) async fn notices(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let cursor = Posted::of_query(&uri).given("after").map(str::parse).transpose();
    let cursor = cursor.map_err(|_| Problem::new("not_found"))?;
    let shown = door.directory.notices(&visitor.person, cursor)?;
    let columns = ["Since", "Reference", "What"].map(Column::of);
    let reviewer = visitor.person.role == Role::Auditor;
    let rows = shown.notices.iter().map(|notice| {
        let reference = notice.reference.to_string();
        let reference = if reviewer {
            line().link(format!("/reviews/{reference}"), reference)
        } else {
            line().code(reference)
        };
        let what = match (notice.outcome, notice.urgency) {
            (Some(outcome), _) => line().text(came_of(outcome)),
            (None, Some(urgency)) => line().text(words::of(&urgency)),
            (None, None) => Line::default(),
        };
        vec![line().at(notice.since), reference, what]
    });
    let table = Table::new("Notices", columns).quiet().rows(rows);
    let page = Page::new("Notices of reviews")
        .back("/looks")
        .with(Block::text("A notice has a reference and no name. Quote it to whoever reviewed the look."));
    let page =
        if table.is_empty() { page.with(Block::text("There is no notice.")) } else { page.with(table) };
    Ok(page.with_if(after::further(
        "Pages of notices",
        shown.next.map(|next| format!("/reviews/notices?after={next}")),
    )))
}

async fn reviewed(
    door: &Arc<Door>,
    visitor: &Visitor,
    look: AccessId,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let said: ReviewSaid =
        Reading::of(posted).choice("/outcome", "outcome", "what came of the review").read()?;
    let pending = door.directory.review_look(&visitor.person, look, said.outcome)?;
    after::stands(door, visitor, pending).await?;
    let done = format!("Your review is recorded: {}.", words::lower(came_of(said.outcome)));
    Ok(after::on(door, visitor, done, "/reviews"))
}

fn row(door: &Door, item: &ReviewItem) -> Vec<Line> {
    let look = &item.access;
    let review = line().link_to(
        format!("/reviews/{}", item.review_id),
        "Review",
        format!("the look of {}", words::moment(look.at)),
    );
    let when = line().at(look.at).line_break().and(review);
    let child = look.child_number.map_or_else(Line::default, |number| line().text(number.to_string()));
    let why = look.reason.map_or_else(|| "No reason".to_owned(), |reason| words::word(reason.name()));
    let what = if let Some(outcome) = item.outcome {
        line().text(came_of(outcome))
    } else {
        let (colour, word) = urgency(item);
        let signs = item.signals.iter().map(|sign| seen(*sign)).collect::<Vec<_>>().join("; ");
        line().tag(colour, word).line_break().text(signs)
    };
    vec![when, who(door, item), child, line().text(why), what]
}

fn asked(door: &Door, item: &ReviewItem, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let look = &item.access;
    let drawn: Vec<&str> = item.lots.iter().map(|lot| lot_of(*lot)).collect();
    let kind = line().text(words::word(look.kind));
    let kind = if item.investigation {
        kind.text(". ").strong("An investigation is open; your review closes it.")
    } else {
        kind
    };
    let groups: Vec<String> =
        look.groups.iter().map(|group| group_of(&words::name_of(group)).to_owned()).collect();
    let summary = Summary::default()
        .row("Who looked", who(door, item))
        .row("When", line().at(look.at))
        .row("What happened", kind)
        .row_if("Why, in their words", look.reason.map(|reason| words::word(reason.name())))
        .row_if("Child number", look.child_number.map(|number| number.to_string()))
        .row(
            "How they came",
            format!("{}; {}", words::of(&look.channel), words::lower(&words::name_of(&look.assurance))),
        )
        .row_if("What they were shown", (!groups.is_empty()).then(|| words::word(&groups.join(", "))))
        .row_if("Drawn for", (!drawn.is_empty()).then(|| words::word(&drawn.join("; "))))
        .row_if("Said before", item.outcome.map(came_of));
    let signs: Vec<&str> = item.signals.iter().map(|sign| seen(*sign)).collect();
    let page = Page::new("Review a look")
        .back("/reviews")
        .with(summary)
        .with(Block::heading("What was seen beside it"));
    let page = if signs.is_empty() {
        page.with(Block::text("Nothing. It was drawn because some looks are always reviewed."))
    } else {
        page.with(Block::list(signs))
    };
    let outcomes =
        OUTCOMES.map(|(outcome, text, hint)| Choice::new(words::name_of(&outcome), text).hint(hint));
    let form = Form::post(format!("/reviews/{}", item.review_id), "Record the review")
        .field(
            Field::radios("outcome", "What came of it?", outcomes)
                .hint("Ask the person and their manager first.")
                .large(),
        )
        .beside(line().link("/reviews", "Review later"));
    page.with(Block::small("A sign tells what was seen. It does not tell that anything was wrong."))
        .with_form(form, posted)
}

fn who(door: &Door, item: &ReviewItem) -> Line {
    let look = &item.access;
    let name = look.user_name.clone().unwrap_or_else(|| "Not shown to you".to_owned());
    let of = format!("{}, {}", words::word(look.role.name()), after::named(door, &look.organisation));
    line().strong(name).line_break().text(of)
}

/// How soon a person should ask: the colour, the word.
fn urgency(item: &ReviewItem) -> (&'static str, &'static str) {
    match words::name_of(&item.urgency).as_str() {
        "alarm" => ("red", "Ask now"),
        "investigation" => ("red", "Investigation open"),
        "alert" => ("orange", "Not explained"),
        "lot" => ("blue", "Always reviewed"),
        _ => ("grey", "Sample"),
    }
}

fn came_of(outcome: ReviewOutcome) -> &'static str {
    OUTCOMES.iter().find(|(known, _, _)| *known == outcome).map_or("", |(_, text, _)| text)
}

/// A sign as a sentence without its stop.
fn seen(sign: Signal) -> &'static str {
    match sign {
        Signal::Canary => "The record is an invented one that nobody has a reason to open",
        Signal::SameHousehold => "The child lives where this person lives",
        Signal::OwnNameAmongCarers => "A carer of the child bears this person's whole name",
        Signal::OwnSurname => "The child bears this person's surname",
        Signal::SamePostcode => "The child lives at this person's postcode",
        Signal::ColleaguesChild => "The child lives where a colleague does",
        Signal::Burst => "Many people without a recorded reason looked at this one child",
        Signal::Sweep => "It was one of many children, in an order that no work has",
        Signal::FarAbovePeers => {
            "This person opened far more records than colleagues, and nothing explains them"
        }
        Signal::Returned => "This person came back on other days, and nothing was ever recorded",
        Signal::OutOfHours => "It was outside the hours in which this person works",
        Signal::NothingAfter => "One look, and nothing after it",
        Signal::OtherAuthority => "Another authority answers for the child, and no entry is this person's",
        Signal::DormantWoken => "The account had just been woken after months of rest",
        Signal::Override => "A shield was overridden",
        Signal::Enumeration => "There were more attempts at finding children than work needs",
    }
}

fn lot_of(lot: Lot) -> &'static str {
    match lot {
        Lot::Override => "every override of a shield",
        Lot::OverCeiling => "looks after a ceiling of attempts was reached",
        Lot::Grace => "looks in the time of grace after a date ran out",
        Lot::CalledBack => "mediated looks that were called back instead of given a code",
        Lot::OtherAuthority => "looks at children of another authority",
        Lot::Ordinary => "a sample of all looks",
    }
}

/// A group of fields in words.
fn group_of(letter: &str) -> &str {
    match letter {
        "A" => "names, birth and gender",
        "A2" => "former names",
        "B" => "carers' names",
        "C" => "carers' contacts and the address",
        "D" => "education, primary care and universal services",
        "E" => "additional services",
        "F" => "that a sensitive service works with the child",
        "G" => "sensitive services",
        "H" => "identifiers",
        "I" => "history",
        "J" => "who looked",
        other => other,
    }
}
