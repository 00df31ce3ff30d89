//! One's own account: one's looks, passkeys, and what runs out.

pub(crate) mod declarations;
pub(crate) mod identities;
pub(crate) mod passkeys;

use std::sync::Arc;

use axum::extract::{OriginalUri, State};
use directory::{LookPage, Person};
use vocabulary::{AccessReason, Position};

use super::{
    kit::{Block, Column, Line, Page, Pager, Table, line},
    posted::Posted,
    visitor::Visitor,
    words,
};
use crate::{door::Door, problem::Problem};

/// Looks that the start shows.
const LATEST: usize = 5;

/// What belongs to one's account.
pub(crate) async fn page(_visitor: Visitor) -> Page {
    Page::new("Your account").with(Block::plain_list([
        line().link("/account/looks", "Your looks"),
        line().link("/account/passkeys", "Your passkeys"),
        line().link("/account/identities", "Your linked identities"),
        line().link("/account/relationships", "Children you are related to, and your home"),
        line().link("/confirm", "Confirm that it is you"),
    ]))
}

/// One's own looks, oldest first.
pub(crate) async fn looks(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    let after = Posted::of_query(&uri).text("after").parse().map_or(Position::ZERO, Position);
    let page = door.directory.own_accesses(&visitor.person, after)?;
    let pager = page.next.map(|next| Pager {
        label: "Pages of looks",
        previous: None,
        previous_text: String::new(),
        next: Some(format!("/account/looks?after={next}")),
        next_text: "Later looks".to_owned(),
    });
    Ok(Page::new("Your looks")
        .back("/account")
        .with(Block::text("Every record that you opened and every attempt that was refused, oldest first."))
        .with_all(listed(&page))
        .with_if(pager))
}

/// The newest of one's looks.
pub(super) fn latest(door: &Door, person: &Person) -> Result<Vec<Block>, Problem> {
    let mut page = door.directory.latest_accesses(person, LATEST)?;
    page.next = None;
    let mut blocks = listed(&page);
    blocks.push(Block::text(line().link("/account/looks", "All your looks")));
    Ok(blocks)
}

fn listed(page: &LookPage) -> Vec<Block> {
    if page.accesses.is_empty() {
        return vec![Block::text("You have not looked at a record yet.")];
    }
    let columns = [Column::of("When"), Column::of("What"), Column::of("Why"), Column::of("Child number")];
    let rows = page.accesses.iter().map(|look| {
        let child = look.child_number.map_or_else(Line::default, |number| {
            line().link(format!("/children/{number}"), number.to_string())
        });
        let why =
            look.reason.map_or_else(|| "-".to_owned(), |reason: AccessReason| words::word(reason.name()));
        let what = match &look.refused {
            Some(_) => line().tag("red", "Refused"),
            None => line().text(words::word(look.kind)),
        };
        vec![line().at(look.at), what, line().text(why), child]
    });
    vec![Table::new("Your looks", columns).quiet().rows(rows).into()]
}
