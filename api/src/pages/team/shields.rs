//! Shields: what was asked for and what is due for review, and the team's decision about each.
//!
//! A date that passes lifts nothing: a shield stands until a person lifts it. Source: rules.md 1.4, 2; domain.md 3.4.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::Response,
};
use directory::ShieldItem;
use events::child::shield::Ground;
use vocabulary::{ChildNumber, ShieldId};

use crate::{
    answer::In,
    door::Door,
    http::shields::decision,
    pages::{
        after,
        kit::{Block, Choice, Column, Field, FieldError, Form, Line, Page, Table, line},
        posted::{Posted, Reading},
        visitor::Visitor,
        words,
        wrong::{OrAgain as _, Wrong},
    },
    problem::Problem,
    wire::requests::{ShieldDecision, ShieldReview},
};

/// Refusals, and the field that each is about.
const FIELDS: &[(&str, &str)] = &[("review_out_of_range", "review_by"), ("shield_unknown", "decision")];

const GROUNDS: [(Ground, &str); 5] = [
    (Ground::DomesticAbuse, "Somebody who does not know the address could harm the child or a parent"),
    (Ground::AdoptionAtRisk, "An adoption or placement at risk"),
    (Ground::WitnessProtection, "Witness protection"),
    (Ground::ProtectedService, "A protected service works with the child"),
    (Ground::RiskOfHarm, "Another strong reason to believe that the child would be at risk of harm"),
];

/// What waits for a decision, and what is due for review.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let cursor = Posted::of_query(&uri).given("after").map(str::parse).transpose();
    let cursor = cursor.map_err(|_| Problem::new("not_found"))?;
    let shown = door.directory.shield_reviews(&visitor.person, cursor).await?.into_view();
    let requests = Table::new(
        "Requests that wait, oldest first",
        ["Child number", "Why", "Asked by", "Since"].map(Column::of),
    )
    .rows(shown.items.iter().filter_map(|item| request(&door, item)));
    let reviews = Table::new(
        "Shields to review, those due first",
        ["Child number", "Why it stands", "Review by"].map(Column::of),
    )
    .rows(shown.items.iter().filter_map(review));
    let page =
        Page::new("Shields").wide().back("/team").with_if(after::done(&door, &visitor)).with(Block::text(
            "A shield hides where a child is. It stands until somebody lifts it, whatever its review day.",
        ));
    let page = match (requests.is_empty(), reviews.is_empty()) {
        (true, true) => {
            page.with(Block::text("No request waits, and no shield is due for review within thirty days."))
        }
        (false, true) => page.with(requests),
        (true, false) => page.with(reviews),
        (false, false) => page.with(requests).with(reviews),
    };
    let next = shown.next.map(|next| format!("/team/shields?after={next}"));
    Ok(page.with_if(after::further("Pages of shields", next)))
}

/// The question about one shield or request.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(shield): In<ShieldId>,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let number = door.directory.child_of_shield(&visitor.person, shield)?;
    let stands = Posted::of_query(&uri).text("for") == "review";
    Ok(asked(shield, number, stands, None))
}

/// Takes the decision.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(shield): In<ShieldId>,
    posted: Posted,
) -> Result<Response, Problem> {
    let number = door.directory.child_of_shield(&visitor.person, shield)?;
    let stands = posted.text("for") == "review";
    decided(&door, &visitor, (shield, number), &posted)
        .await
        .or_again(FIELDS, |errors| asked(shield, number, stands, Some((&posted, errors))))
}

async fn decided(
    door: &Arc<Door>,
    visitor: &Visitor,
    (shield, number): (ShieldId, ChildNumber),
    posted: &Posted,
) -> Result<Response, Wrong> {
    let review: ShieldReview = Reading::of(posted)
        .choice("/decision", "decision", "what is decided")
        .choice("/ground", "ground", "the ground")
        .day("/review_by", "review_by", "The day of the next review")
        .read()?;
    let needs_day = matches!(review.decision, ShieldDecision::Apply | ShieldDecision::Keep);
    if needs_day && review.review_by.is_none() {
        return Err(FieldError::at("review_by", "Enter the day by which it is reviewed next").into());
    }
    if review.decision == ShieldDecision::Apply && review.ground.is_none() {
        return Err(FieldError::at("ground", "Choose on what ground the shield is set").into());
    }
    let (_, pending) = door.directory.shield(&visitor.person, number, decision(shield, &review)?)?;
    after::stands(door, visitor, pending).await?;
    let said = match review.decision {
        ShieldDecision::Apply => "The record is shielded.",
        ShieldDecision::Refuse => "The request is refused. The record is not shielded.",
        ShieldDecision::Keep => "The shield stays.",
        ShieldDecision::Lift => "The shield is lifted.",
    };
    Ok(after::on(door, visitor, said, "/team/shields"))
}

fn asked(
    shield: ShieldId,
    number: ChildNumber,
    stands: bool,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Page {
    let choices = if stands {
        [
            Choice::new("keep", "Keep the shield").hint("Enter the day of the next review below."),
            Choice::new("lift", "Lift the shield")
                .hint("Whoever may see the record sees the address and the services again, at once."),
        ]
    } else {
        [
            Choice::new("apply", "Shield the record")
                .hint("Enter the ground and the day of the first review below."),
            Choice::new("refuse", "Do not shield the record")
                .hint("Addresses that were held back are shown."),
        ]
    };
    let form = Form::post(format!("/team/shields/{shield}"), "Record the decision")
        .hidden("for", if stands { "review" } else { "request" })
        .field(Field::radios("decision", "What is decided?", choices).large());
    let form = if stands {
        form
    } else {
        let grounds = GROUNDS.map(|(ground, text)| Choice::new(words::name_of(&ground), text));
        form.field(Field::radios("ground", "On what ground?", grounds))
    };
    let form = form
        .field(
            Field::day("review_by", "Review it by")
                .hint("Only if the shield is set or kept. For example, 27 3 2027."),
        )
        .beside(line().link("/team/shields", "Decide later"));
    Page::new(if stands { "Review a shield" } else { "Decide on a shield" })
        .caption(format!("Child number {number}"))
        .back("/team/shields")
        .with(Block::text(
            line()
                .link(format!("/children/{number}/reason"), "Open the record first")
                .text(", if you need to see what it is about."),
        ))
        .with_form(form, posted)
}

fn request(door: &Door, item: &ShieldItem) -> Option<Vec<Line>> {
    let ShieldItem::Request { shield_id, child_number, asked_by, ground, since, holds_addresses } = item
    else {
        return None;
    };
    let ground = line().text(why(*ground));
    let ground =
        if *holds_addresses { ground.text(". ").tag("orange", "New addresses wait") } else { ground };
    let decide = line().link_to(
        format!("/team/shields/{shield_id}"),
        "Decide",
        format!("about child number {child_number}"),
    );
    Some(vec![
        of_child(*child_number).line_break().and(decide),
        ground,
        line().text(after::named(door, asked_by)),
        line().at(*since),
    ])
}

fn review(item: &ShieldItem) -> Option<Vec<Line>> {
    let ShieldItem::Review { shield_id, child_number, ground, review_by, overdue } = item else {
        return None;
    };
    let by = line().on(*review_by);
    let by = if *overdue { by.text(" ").tag("red", "Overdue") } else { by };
    let href = format!("/team/shields/{shield_id}?for=review");
    let decide = line().link_to(href, "Review", format!("the shield of child number {child_number}"));
    Some(vec![of_child(*child_number).line_break().and(decide), line().text(why(*ground)), by])
}

fn of_child(number: ChildNumber) -> Line {
    line().link(format!("/children/{number}"), number.to_string())
}

fn why(ground: Ground) -> &'static str {
    GROUNDS.iter().find(|(known, _)| *known == ground).map_or("", |(_, text)| text)
}
