//! Transfers: which authority answers for a child moves when both say so.
//!
//! Source: contract.md section 2 (`/transfers`); rules.md 1.3; invariant I-1; ADR-0042.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, State},
    response::Response,
};
use directory::TransferItem;
use events::child::responsibility::Decision;
use visibility::permission::Action as May;
use vocabulary::{ChildNumber, TransferId};

use crate::{
    answer::In,
    door::Door,
    pages::{
        after,
        frame::may,
        kit::{Block, Choice, Column, Field, FieldError, Form, Line, Page, Table, line},
        posted::{Posted, Reading},
        visitor::Visitor,
        wrong::{OrAgain as _, Wrong},
    },
    problem::Problem,
    wire::keeping::{NewTransfer, TransferDecision},
};

/// Refusals, and the field that each is about.
const FIELDS: &[(&str, &str)] = &[
    ("authority_unknown", "to"),
    ("not_responsible_authority", "to"),
    ("transfer_awaits_other", "decision"),
];

/// What waits, from and to one's own authority.
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let from = after::position(&Posted::of_query(&uri));
    let shown = door.directory.transfers(&visitor.person, from).await?.into_view();
    let columns = || ["Child number", "From", "To", "Proposed by", "Decide by"].map(Column::of);
    let rows = |yours: bool| shown.transfers.iter().filter(move |item| item.awaits_you == yours);
    let yours = Table::new("For your authority to decide, oldest first", columns())
        .rows(rows(true).map(|item| row(&door, item)));
    let theirs = Table::new("For the other authority to decide, oldest first", columns())
        .rows(rows(false).map(|item| row(&door, item)));
    let page = Page::new("Transfers")
        .wide()
        .back("/team")
        .with_if(after::done(&door, &visitor))
        .with(Block::text("One authority answers for each child. It moves when both authorities say so; until then nothing changes."));
    let page = match (yours.is_empty(), theirs.is_empty()) {
        (true, true) => page.with(Block::text("No transfer waits.")),
        (false, true) => page.with(yours),
        (true, false) => page.with(theirs),
        (false, false) => page.with(yours).with(theirs),
    };
    let next = shown.next.map(|next| format!("/team/transfers?after={next}"));
    Ok(page.with_if(after::further("Pages of transfers", next)))
}

/// The question about one transfer.
pub(crate) async fn page(visitor: Visitor, In(id): In<TransferId>) -> Result<Page, Problem> {
    permitted(&visitor)?;
    Ok(decide(id, None))
}

/// Takes the decision.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(id): In<TransferId>,
    posted: Posted,
) -> Result<Response, Problem> {
    decided(&door, &visitor, id, &posted).await.or_again(FIELDS, |errors| decide(id, Some((&posted, errors))))
}

/// To which authority a child is to go.
pub(crate) async fn propose_page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(number): In<ChildNumber>,
) -> Result<Page, Problem> {
    permitted(&visitor)?;
    Ok(propose(&door, &visitor, number, None))
}

/// Proposes it.
pub(crate) async fn send_proposal(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    In(number): In<ChildNumber>,
    posted: Posted,
) -> Result<Response, Problem> {
    proposed(&door, &visitor, number, &posted)
        .await
        .or_again(FIELDS, |errors| propose(&door, &visitor, number, Some((&posted, errors))))
}

async fn decided(
    door: &Arc<Door>,
    visitor: &Visitor,
    id: TransferId,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let asked: TransferDecision =
        Reading::of(posted).choice("/decision", "decision", "what is decided").read()?;
    let pending = door.directory.decide_transfer(&visitor.person, id, asked.decision)?;
    after::stands(door, visitor, pending).await?;
    let said = match asked.decision {
        Decision::Accept => "Your authority agrees.",
        Decision::Decline => "Your authority declines. Nothing changes.",
    };
    Ok(after::on(door, visitor, said, "/team/transfers"))
}

async fn proposed(
    door: &Arc<Door>,
    visitor: &Visitor,
    number: ChildNumber,
    posted: &Posted,
) -> Result<Response, Wrong> {
    let asked: NewTransfer = Reading::of(posted)
        .put("/child_number", serde_json::json!(number))
        .choice("/to", "to", "the authority that would answer")
        .read()?;
    let (_, pending) = door.directory.propose_transfer(&visitor.person, number, &asked.to)?;
    after::stands(door, visitor, pending).await?;
    let said = format!(
        "Proposed. {} has it on its list of transfers; a child for whom no authority answered yet is moved already.",
        after::named(door, &asked.to)
    );
    Ok(after::on(door, visitor, said, "/team/transfers"))
}

fn permitted(visitor: &Visitor) -> Result<(), Problem> {
    if may(&visitor.person, May::TransferChild) { Ok(()) } else { Err(Problem::new("role_may_not_read")) }
}

fn decide(id: TransferId, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    let choices = [
        Choice::new("accept", "Agree")
            .hint("The receiving authority answers for the child once both have agreed."),
        Choice::new("decline", "Decline").hint("The authority that answers now goes on answering."),
    ];
    let form = Form::post(format!("/team/transfers/{id}"), "Record the decision")
        .field(Field::radios("decision", "What does your authority say?", choices).large())
        .beside(line().link("/team/transfers", "Decide later"));
    Page::new("Decide on a transfer").back("/team/transfers").with_form(form, posted)
}

fn propose(
    door: &Door,
    visitor: &Visitor,
    number: ChildNumber,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Page {
    let choose = Choice::new("", "Choose an authority");
    let authorities = door.directory.local_authorities().into_iter().map(|(id, name)| {
        let own = visitor.person.authority.as_ref() == Some(&id);
        Choice::new(id.to_string(), if own { format!("{name} (your own)") } else { name })
    });
    let form = Form::post(format!("/children/{number}/transfer"), "Propose it")
        .field(Field::select(
            "to",
            "Which authority should answer for this child?",
            std::iter::once(choose).chain(authorities),
        ))
        .beside(line().link(format!("/children/{number}"), "Leave it as it is"));
    Page::new("Propose a transfer")
        .caption(format!("Child number {number}"))
        .back(format!("/children/{number}"))
        .with(Block::text("One of the two authorities must be yours. The other is asked, and nothing changes until it agrees. A child for whom no authority answers yet goes to yours at once."))
        .with_form(form, posted)
}

fn row(door: &Door, item: &TransferItem) -> Vec<Line> {
    let number = item.child_number;
    let due = line().at(item.due_by);
    let due = if item.overdue { due.text(" ").tag("red", "Overdue") } else { due };
    let named = |id: &vocabulary::OrganisationId| line().text(after::named(door, id));
    let from = item.from.as_ref().map_or_else(|| line().quiet("Not shown to you"), named);
    let by = item.proposed_by.as_ref().map_or_else(|| line().text("A new address"), named);
    let decide = if item.awaits_you {
        line().link_to(
            format!("/team/transfers/{}", item.transfer_id),
            "Decide",
            format!("about child number {number}"),
        )
    } else {
        line().quiet("Waits for the other")
    };
    let child = line().link(format!("/children/{number}"), number.to_string()).line_break().and(decide);
    vec![child, from, named(&item.to), by, due]
}
