//! What runs out next, of organisations and of people: soonest first.

use std::sync::Arc;

use axum::extract::{OriginalUri, State};
use directory::{Ending, Warning};
use vocabulary::OrganisationId;

use super::gates::called;
use crate::{
    door::Door,
    pages::{
        kit::{Block, Column, Page, Table, line},
        posted::Posted,
        visitor::Visitor,
        words,
    },
    problem::Problem,
};

/// What runs out within sixty days, or ran out.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let query = Posted::of_query(&uri);
    let asked: Option<OrganisationId> = query.text("organisation").parse().ok();
    let found = door.directory.expiring(&visitor.person, asked.as_ref())?;
    let rows = found.into_iter().map(|expiring| {
        let named = door.directory.name_of_organisation(&expiring.organisation);
        let named = named.unwrap_or_else(|| expiring.organisation.to_string());
        let organisation = line().link(format!("/organisations/{}", expiring.organisation), named);
        let (what, whose) = match expiring.ending {
            Ending::OfOrganisation(dated) => (words::word(&dated.name()), line().text("The organisation")),
            Ending::OfAccount(id, gate) => (
                called(gate.name()),
                line().link_to(format!("/people/{id}"), "A person", "whose gate this is"),
            ),
            Ending::Dormancy(id) => (
                "Sleeps unless its person signs in".to_owned(),
                line().link_to(format!("/people/{id}"), "A person", "whose account sleeps"),
            ),
        };
        let near = match expiring.warning {
            Warning::RanOut => line().tag("red", "Ran out"),
            Warning::InGrace => line().tag("red", "Ran out: urgent reasons only"),
            Warning::WithinSevenDays => line().tag("yellow", "Within a week"),
            Warning::WithinThirtyDays => line().text("Within a month"),
            Warning::WithinSixtyDays => line().text("Within two months"),
        };
        vec![line().text(what), whose, organisation, line().on(expiring.last_day), near]
    });
    let columns = ["What", "Whose", "Organisation", "Last day", "How near"].map(Column::of);
    let table = Table::new("What runs out next", columns).quiet().rows(rows);
    let listed =
        if table.is_empty() { Block::text("Nothing runs out within sixty days.") } else { table.into() };
    Ok(Page::new("What runs out next").wide().back("/people").with(listed))
}
