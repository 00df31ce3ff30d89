//! Calls about identity providers: signing in there, and the identities that are linked.

use serde_json::{Value, json};

use super::{Call, Who, get, post};
use crate::{
    identify::providers::{BroughtBack, ProviderAsked},
    openapi::shapes::{administration, asked, identities as shape, shown, words},
};

const IDENTIFICATION: &str = "Identification";

const IDENTITY: &str = "5f0c3b1e9a7d4c2880b16a2e94d3f701";

pub(super) fn calls() -> Vec<Call> {
    let mut calls = signing_in();
    calls.extend(keeping());
    calls
}

fn sent() -> Value {
    json!({
        "authorization_url": "https://login.haringey.example/authorize?response_type=code&state=…",
        "binding": "…", "expires_at": "2026-11-20T09:10:00Z"
    })
}

fn brought_back() -> Value {
    json!({"state": "…", "code": "…", "binding": "…"})
}

fn signing_in() -> Vec<Call> {
    vec![
        post("/api/v1/sessions/oidc", "askProviderSignIn")
            .says(IDENTIFICATION, "Ask to sign in at an identity provider", "Keep `binding` where only this browser has it, such as a cookie, and send the browser to `authorization_url` (authorization code flow, PKCE with S256).")
            .takes::<ProviderAsked>(json!({"provider": "haringey"}))
            .gives::<shape::SentToProvider>(201, "Where to send the browser, once, within ten minutes.", sent()),
        post("/api/v1/sessions/oidc/callback", "signInByProvider")
            .says(IDENTIFICATION, "Sign in by what a browser brought back", "The account is found by the identity that its person linked, never by a name or an address. The sign-in there must have been strong (`identity_weak` otherwise), and the account must be one that may sign in. The PIN is given here all the same. The session ends when the identity is removed.")
            .takes::<BroughtBack>(brought_back())
            .gives::<shown::Session>(201, "The token.", json!({
                "token": "…", "expires_at": "2026-11-20T19:00:00Z", "role": "practitioner", "organisation": "gss:E09000014",
                "device": "…"
            })),
    ]
}

fn keeping() -> Vec<Call> {
    let done = json!({"changed": true, "position": 81244});
    vec![
        get("/api/v1/identities", "listIdentities")
            .says(IDENTIFICATION, "List one's own linked identities", "")
            .by(Who::Person)
            .gives::<shape::Identities>(200, "At most three.", json!({
                "identities": [{"id": IDENTITY, "provider": "haringey", "linked_at": "2026-11-20T09:00:00Z"}]
            })),
        post("/api/v1/identities/registration", "askForIdentity")
            .says(IDENTIFICATION, "Ask to link who one is at a provider", "Needs the PIN, or a passkey, within the last five minutes, and a provider that is named for people of one's organisation.")
            .by(Who::Person)
            .takes::<ProviderAsked>(json!({"provider": "haringey"}))
            .gives::<shape::SentToProvider>(201, "Where to send the browser, once, within ten minutes.", sent()),
        post("/api/v1/identities", "linkIdentity")
            .says(IDENTIFICATION, "Link what a browser brought back", "Of an account at most three; an identity is linked to one account only; enrolling anew ends them all.")
            .by(Who::Person)
            .takes::<BroughtBack>(brought_back())
            .gives::<administration::Done>(201, "Linked.", done.clone()),
        post("/api/v1/identities/{id}/removal", "removeIdentity")
            .says(IDENTIFICATION, "Remove one of one's own linked identities", "The sessions that it began end with it.")
            .by(Who::Person)
            .part::<words::Id>("id", "The linked identity.")
            .takes::<asked::Nothing>(json!({}))
            .gives::<administration::Done>(201, "Removed.", done.clone()),
        post("/api/v1/users/{id}/identities/{identity}/removal", "removeUserIdentity")
            .says("People", "Remove a linked identity of an account", "By whoever may hand out its enrolment code. The sessions that it began end with it.")
            .by(Who::Person)
            .part::<words::Id>("id", "The account.")
            .part::<words::Id>("identity", "The linked identity.")
            .takes::<asked::Nothing>(json!({}))
            .gives::<administration::Done>(201, "Removed.", done),
    ]
}
