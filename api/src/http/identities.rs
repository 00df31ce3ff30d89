//! A person's own linked identities at providers: linked after the PIN, listed, removed.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use directory::AccountAct;
use events::account::HeldIdentity;
use serde::Serialize;
use vocabulary::{AccountId, KeyedRef, ProviderName};

use super::organisations::done;
use crate::{
    answer::{In, InBoth, Read, json},
    door::Door,
    identify::{
        Staff,
        providers::{BroughtBack, ProviderAsked, sent, vouched},
        sessions::written,
    },
    problem::Problem,
    wire::requests::Nothing,
};

#[derive(Serialize)]
struct Listed {
    identities: Vec<Line>,
}

/// A linked identity as its person and their manager see it: not as whom, which nobody here can read.
#[derive(Serialize)]
pub(super) struct Line {
    id: KeyedRef,
    provider: ProviderName,
    linked_at: String,
}

impl Line {
    pub(super) fn of(id: KeyedRef, held: HeldIdentity) -> Line {
        Line { id, provider: held.provider, linked_at: written(held.linked_at) }
    }
}

/// 201 where to send the browser · 403 not without the PIN, or not for this organisation.
pub(crate) async fn ask(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Read(asked): Read<ProviderAsked>,
) -> Result<Response, Problem> {
    let provider = asked.provider(&door)?;
    let begun = door.directory.begin_linking(&person, provider.told())?;
    sent(&door, provider, &begun).await
}

/// 201 linked · 403 too weak a sign-in there · 409 linked already, or one too many · 422 not believed.
pub(crate) async fn link(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    Read(asked): Read<BroughtBack>,
) -> Result<Response, Problem> {
    let (provider, vouched) = vouched(&door, &asked, Some(&person)).await?;
    done(door.directory.link_identity(&person, provider.told(), &vouched)).await
}

/// 200 one's own linked identities.
pub(crate) async fn list(State(door): State<Arc<Door>>, Staff(person): Staff) -> Result<Response, Problem> {
    let held = door.directory.identities_of(person.account).into_iter();
    let identities = held.map(|(id, held)| Line::of(id, held)).collect();
    Ok(json(StatusCode::OK, &Listed { identities }))
}

/// 201 removed, with the sessions that it began · 404 not one's own.
pub(crate) async fn remove(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    In(id): In<KeyedRef>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    done(door.directory.unlink_identity(&person, id)).await
}

/// 201 removed by whoever keeps the account · 404 unknown, or another's.
pub(crate) async fn remove_of_user(
    State(door): State<Arc<Door>>,
    Staff(person): Staff,
    InBoth(id, identity): InBoth<AccountId, KeyedRef>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<Response, Problem> {
    done(door.directory.administer_account(&person, id, AccountAct::UnlinkIdentity(identity))).await
}
