//! One's identities at providers: linked after the PIN, listed, removed. Source: ADR-0044.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, Path, State},
    http::HeaderMap,
    response::Response,
};
use vocabulary::ProviderName;

use crate::{
    door::Door,
    identify::providers::{self, BroughtBack},
    pages::{
        Visit, after,
        kit::{Block, Card, Form, Notice, Page, Summary, line},
        posted::Posted,
        sign_in,
        visitor::{Visitor, cookie, see, set_cookie},
        wrong::OrAgain as _,
    },
    problem::Problem,
};

/// One's identities at providers.
pub(crate) async fn page(State(door): State<Arc<Door>>, visitor: Visitor) -> Page {
    let done = visitor.visit(&door, Visit::said);
    let held = door.directory.identities_of(visitor.person.account);
    let nothing = held.is_empty().then(|| Block::text("No identity is linked to your account."));
    let cards = held.into_iter().map(|(id, known)| {
        let summary = Summary::default().row("Linked", line().at(known.linked_at));
        let provider = known.provider.to_string();
        let remove = line().link_to(
            format!("/account/identities/removal?which={id}"),
            "Remove",
            format!("the identity at {provider}"),
        );
        Card::new(line().text(provider), vec![summary.into()]).level(2).action(remove).into()
    });
    let cards: Vec<Block> = cards.collect();
    Page::new("Your linked identities")
        .back("/account")
        .with_if(done.map(Notice::done))
        .with(Block::text("An identity at your own organisation's provider lets you sign in there. One is linked after the PIN. Sessions that one began are over when it is removed."))
        .with_if(nothing)
        .with_all(cards)
        .with_if(linkable(&door, &visitor))
}

/// The providers at which the person's organisation may sign in, if any is set up.
fn linkable(door: &Door, visitor: &Visitor) -> Option<Block> {
    let of_them = door
        .settings
        .providers
        .iter()
        .filter(|provider| provider.told().organisations.contains(&visitor.person.organisation));
    let ways: Vec<_> = of_them
        .map(|provider| {
            let name = provider.told().name.to_string();
            line().link(format!("/account/identities/link/{name}"), format!("Link your identity at {name}"))
        })
        .collect();
    (!ways.is_empty()).then(|| Block::plain_list(ways))
}

/// To the provider, by a link; without the PIN of a moment ago, to that first.
pub(crate) async fn link(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let name: ProviderName = name.parse().map_err(|_| Problem::new("not_found"))?;
    match providers::begun_linking(&door, &visitor.person, &name).await {
        Ok((url, begun)) => Ok(sign_in::to_provider(&door, &url, sign_in::LINKING, &begun.binding)),
        Err(problem) if problem.code() == "step_up_missing" => {
            Ok(see(&format!("/confirm?next=/account/identities/link/{name}")))
        }
        Err(problem) => Err(problem),
    }
}

/// Links what the browser brought back, once its person has said so on a page of ours: only that sends the session.
pub(crate) async fn linked(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Problem> {
    let brought = BroughtBack {
        state: posted.text("state").to_owned(),
        code: posted.text("code").to_owned(),
        binding: cookie(&headers, sign_in::LINKING).unwrap_or_default().to_owned(),
        iss: posted.given("iss").map(ToOwned::to_owned),
    };
    let done = async {
        let (provider, vouched) = providers::vouched(&door, &brought, Some(&visitor.person)).await?;
        let acted = door.directory.link_identity(&visitor.person, provider.told(), &vouched)?;
        after::acted(&door, &visitor, acted, "The identity is linked. You can sign in with it from now on.")
            .await
    };
    let mut response = match done.await {
        Ok(()) => see("/account/identities"),
        Err(wrong) => wrong.answer(&[], |errors| Page {
            errors,
            ..Page::new("Your linked identities").back("/account/identities")
        })?,
    };
    set_cookie(&door, &mut response, sign_in::LINKING, "", Some(0));
    Ok(response)
}

/// What removing one means.
pub(crate) async fn unlinking(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
) -> Result<Page, Problem> {
    unlinks(&door, &visitor, Posted::of_query(&uri).text("which"))
}

fn unlinks(door: &Door, visitor: &Visitor, which: &str) -> Result<Page, Problem> {
    let mut held = door.directory.identities_of(visitor.person.account).into_iter();
    let (_, known) = held.find(|(id, _)| id.to_string() == which).ok_or_else(|| Problem::new("not_found"))?;
    let told = Summary::default()
        .row("Provider", known.provider.to_string())
        .row("Linked", line().at(known.linked_at));
    Ok(Page::new("Remove a linked identity")
        .back("/account/identities")
        .with(told)
        .with(Block::text("You cannot sign in with it any more, and sessions that it began are over. To have it back it is linked anew."))
        .with(
            Form::post("/account/identities/removal", "Remove this identity")
                .hidden("which", which)
                .warning(),
        ))
}

/// Removes one.
pub(crate) async fn unlink(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Problem> {
    let which = posted.text("which");
    let id = which.parse().map_err(|_| Problem::new("not_found"))?;
    let form = unlinks(&door, &visitor, which)?;
    let removed = async {
        let acted = door.directory.unlink_identity(&visitor.person, id)?;
        after::acted(&door, &visitor, acted, "The identity was removed.").await
    };
    removed.await.map(|()| see("/account/identities")).or_again(&[], |errors| Page { errors, ..form })
}
