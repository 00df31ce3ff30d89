//! Signing in and out: password and one-time code, passkey, or one's own identity provider.
//!
//! Whatever was wrong is told in the same words. Source: rules.md 5.2; WCAG 2.2 success criterion 3.3.8: every field
//! may be pasted into, and nothing has to be remembered or copied by hand.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use vocabulary::ProviderName;

use super::{
    kit::{Action, Block, Field, FieldError, Form, Page, line},
    posted::{Posted, Reading},
    visitor::{Anybody, Visitor, cookie, device_cookie, see, session, session_cookie, set_cookie},
    words,
};
use crate::{
    door::Door,
    identify::{
        Began,
        passkeys::{self, PasskeySignIn},
        providers::{self, BroughtBack},
        sessions,
    },
    problem::Problem,
};

/// How long a device is known again: as long as a browser keeps a cookie.
const DEVICE_SECONDS: i64 = 400 * 24 * 60 * 60;

/// The cookie in which a browser keeps what binds it to its way through a provider. Lax: it comes back from there.
const BINDING: &str = "oidc-binding";

/// The same for somebody who is signed in and links an identity.
pub(super) const LINKING: &str = "oidc-linking";

/// The page.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    Anybody(visitor): Anybody,
    OriginalUri(uri): OriginalUri,
) -> Response {
    let query = Posted::of_query(&uri);
    let next = local(query.text("next"));
    if visitor.is_some() {
        return see(&next);
    }
    let why = match query.text("why") {
        "idle" => Some("You were signed out because nothing was done for an hour."),
        "out" => Some("You are signed out."),
        _ => None,
    };
    asked(&door, &next, query.text("kept"), why, None).into_response()
}

/// The page in the place of the answer to a form that came too late.
pub(super) fn again(door: &Door, kept: &str) -> Page {
    let why = "You were signed out before this form was sent. Sign in again: what you typed is kept.";
    let page = asked(door, "/", kept, Some(why), None);
    Page { status: StatusCode::UNAUTHORIZED, ..page }
}

/// The page in the place of the answer to a form of which nobody knows whose it is.
pub(super) fn not_kept(door: &Door) -> Page {
    let why = "You are not signed in, so this form was not taken. Sign in, then fill it in again.";
    Page { status: StatusCode::UNAUTHORIZED, ..asked(door, "/", "", Some(why), None) }
}

/// Takes user name, password and code.
pub(crate) async fn send(
    State(door): State<Arc<Door>>,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Problem> {
    let next = local(posted.text("next"));
    let mut errors = Vec::new();
    for (field, label) in [("username", "user name"), ("password", "password"), ("otp", "one-time code")] {
        if posted.raw(field).is_empty() {
            errors.push(FieldError::at(field, format!("Enter your {label}")));
        }
    }
    let signed_in = if errors.is_empty() {
        let asked = sessions::SignIn {
            username: posted.text("username").to_owned(),
            password: posted.raw("password").to_owned(),
            // Authenticators show the six digits in two groups.
            otp: posted.text("otp").replace(' ', ""),
            device: cookie(&headers, device_cookie(&door)).map(ToOwned::to_owned),
        };
        sessions::by_password(&door, asked).await
    } else {
        Err(Problem::new("sign_in_refused"))
    };
    match signed_in {
        Ok(signed_in) => Ok(begun(&door, &headers, &signed_in, Began::Password, None, &posted, &next)),
        Err(problem) => {
            if errors.is_empty() {
                errors.push(FieldError::whole(told(&problem)));
            }
            let page = asked(&door, &next, posted.text("kept"), None, Some((&posted, errors)));
            Ok(Page { status: problem.status(), ..page }.into_response())
        }
    }
}

/// Takes what a passkey signed.
pub(crate) async fn passkey(
    State(door): State<Arc<Door>>,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Problem> {
    let next = local(posted.text("next"));
    let nothing = Posted::default();
    let signed = serde_json::from_str(posted.text("passkey")).unwrap_or_default();
    let read: Result<PasskeySignIn, _> = Reading::of(&nothing).put("/passkey", signed).read();
    let signed_in = match read {
        Ok(asked) => passkeys::by_passkey(&door, asked.passkey).await,
        Err(_) => Err(Problem::new("passkey_not_accepted")),
    };
    match signed_in {
        Ok((signed_in, began, until)) => {
            Ok(begun(&door, &headers, &signed_in, began, Some(until), &posted, &next))
        }
        Err(problem) => {
            let errors = vec![FieldError::whole(told(&problem))];
            let page = asked(&door, &next, posted.text("kept"), None, Some((&posted, errors)));
            Ok(Page { status: problem.status(), ..page }.into_response())
        }
    }
}

/// To the identity provider of that name, by a link: a form may lead to no other site.
pub(crate) async fn provider(
    State(door): State<Arc<Door>>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let name: ProviderName = name.parse().map_err(|_| Problem::new("not_found"))?;
    let (url, begun) = providers::begun(&door, &name).await?;
    let mut response = to_provider(&door, &url, BINDING, &begun.binding);
    // Whoever began to link and left it signs in all the same.
    set_cookie(&door, &mut response, LINKING, "", Some(0));
    Ok(response)
}

/// To a provider, with what the browser keeps until it comes back from there.
pub(super) fn to_provider(door: &Door, url: &str, kept_as: &str, binding: &str) -> Response {
    let mut response = see(url);
    let secure = if session_cookie(door).starts_with("__Host-") { "; Secure" } else { "" };
    let kept = format!("{kept_as}={binding}; Path=/; HttpOnly; SameSite=Lax; Max-Age=600{secure}");
    if let Ok(kept) = HeaderValue::from_str(&kept) {
        response.headers_mut().append(header::SET_COOKIE, kept);
    }
    response
}

/// Back from the identity provider.
pub(crate) async fn returned(
    State(door): State<Arc<Door>>,
    headers: HeaderMap,
    OriginalUri(uri): OriginalUri,
) -> Response {
    let query = Posted::of_query(&uri);
    if cookie(&headers, LINKING).is_some() {
        return to_link(&query);
    }
    let asked_back = BroughtBack {
        state: query.text("state").to_owned(),
        code: query.text("code").to_owned(),
        binding: cookie(&headers, BINDING).unwrap_or_default().to_owned(),
        iss: query.given("iss").map(ToOwned::to_owned),
    };
    match providers::by_provider(&door, &asked_back).await {
        Ok((signed_in, began)) => {
            // The session's cookie is not sent on a way that began at another site: our own page leads on.
            let page = Page {
                goes_on: Some("/".to_owned()),
                ..Page::new("You are signed in").with(Block::Actions(vec![Action::first("/", "Continue")]))
            };
            let mut response = page.into_response();
            put_cookies(&door, &headers, &mut response, &signed_in, began, None);
            response
        }
        Err(problem) => {
            let errors = vec![FieldError::whole(told(&problem))];
            let page = asked(&door, "/", "", None, Some((&Posted::default(), errors)));
            Page { status: problem.status(), ..page }.into_response()
        }
    }
}

/// A page of ours, from which the session is sent: not from the way back, which began at another site.
fn to_link(query: &Posted) -> Response {
    let form = Form::post("/account/identities", "Link it")
        .hidden("state", query.text("state"))
        .hidden("code", query.text("code"))
        .hidden("iss", query.text("iss"))
        .beside(line().link("/account/identities", "Leave it"));
    let page = Page::new("Link your identity")
        .with(Block::text("You signed in at your identity provider. Linked to your account here, it lets you sign in from now on."))
        .with(form);
    page.into_response()
}

/// Ends the session.
pub(crate) async fn out(State(door): State<Arc<Door>>, visitor: Visitor) -> Response {
    door.tokens.forget(&visitor.token);
    let mut response = see("/sign-in?why=out");
    set_cookie(&door, &mut response, session_cookie(&door), "", Some(0));
    response
}

/// After the script's clock ran out.
pub(crate) async fn signed_out() -> Response {
    see("/sign-in?why=idle")
}

/// 204 the session goes on: each request makes it last an hour more.
pub(crate) async fn extend(Anybody(visitor): Anybody) -> Response {
    match visitor {
        Some(_) => StatusCode::NO_CONTENT.into_response(),
        None => see("/sign-in?why=idle"),
    }
}

/// What was typed in a session that had ended, before it is sent on.
pub(crate) async fn resume(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    Path(key): Path<String>,
) -> Result<Page, Problem> {
    let form = door.kept.of(&key, visitor.person.account, door.directory.now());
    let form = form.ok_or_else(|| Problem::new("not_found"))?;
    let kept = form.answers.pairs().iter().filter(|(name, _)| name != "pin" && name != "password");
    let lines = kept.clone().filter(|(_, value)| !value.trim().is_empty());
    let lines = lines.map(|(name, value)| {
        line().strong(words::word(&name.replace('-', " "))).text(": ").text(value.clone())
    });
    let lines: Vec<_> = lines.collect();
    let sent = kept.fold(Form::post(form.path.clone(), "Send what you typed"), |sent, (name, value)| {
        sent.hidden_named(name.clone(), value.clone())
    });
    Ok(Page::new("What you typed was kept")
        .with(Block::text("You are signed in again. Nothing was sent yet."))
        .with(Block::list(lines))
        .with(sent.beside(line().link("/", "Leave it"))))
}

/// The session's cookie, the device's, and on to where one wanted to go.
fn begun(
    door: &Door,
    headers: &HeaderMap,
    signed_in: &directory::SignedIn,
    began: Began,
    until: Option<DateTime<Utc>>,
    posted: &Posted,
    next: &str,
) -> Response {
    let kept = posted.text("kept");
    let own = door.kept.of(kept, signed_in.account, door.directory.now()).is_some();
    let mut response = if own { see(&format!("/session/kept/{kept}")) } else { see(next) };
    put_cookies(door, headers, &mut response, signed_in, began, until);
    response
}

fn put_cookies(
    door: &Door,
    headers: &HeaderMap,
    response: &mut Response,
    signed_in: &directory::SignedIn,
    began: Began,
    until: Option<DateTime<Utc>>,
) {
    // A session that this browser had before ends: two people at one desk never share one.
    if let Some((before, _)) = session(door, headers) {
        door.tokens.forget(before);
    }
    let (token, _) = sessions::issue(door, signed_in.account, began, until);
    let marked = format!("{}.{}", token.0, door.directory.session_mark(signed_in.account, &token.0));
    set_cookie(door, response, session_cookie(door), &marked, None);
    set_cookie(door, response, device_cookie(door), &signed_in.device, Some(DEVICE_SECONDS));
}

/// Where to go next, if it is a page of ours.
pub(super) fn local(next: &str) -> String {
    let own = is_local(next) && !next.starts_with("/sign-in");
    if own { next.to_owned() } else { "/".to_owned() }
}

/// Tells whether an address leads to a page of ours.
pub(super) fn is_local(next: &str) -> bool {
    let own = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    // Browsers drop tabs and line ends out of an address: '/', a tab and '/' would lead to another site.
    own && !next.chars().any(char::is_control)
}

fn told(problem: &Problem) -> String {
    match problem.code() {
        "sign_in_refused" => {
            "User name, password or one-time code is not right, or the account may not sign in. \
             Wait for the next code and try again"
                .to_owned()
        }
        _ => problem.detail().to_owned(),
    }
}

fn asked(
    door: &Door,
    next: &str,
    kept: &str,
    why: Option<&str>,
    posted: Option<(&Posted, Vec<FieldError>)>,
) -> Page {
    let form = Form::post("/sign-in", "Sign in")
        .hidden("next", next)
        .hidden("kept", kept)
        .field(Field::text("username", "User name").autocomplete("username").width("govuk-input--width-20"))
        .field(Field::password("password", "Password", "current-password"))
        .field(
            Field::digits("otp", "One-time code")
                .hint("The six digits that your authenticator shows now. Each is taken once.")
                .autocomplete("one-time-code"),
        );
    let passkey = Form::post("/sign-in/passkey", "Sign in with a passkey")
        .hidden("next", next)
        .hidden("kept", kept)
        .by_passkey("sign-in", "/api/v1/sessions/passkey/challenge")
        .secondary();
    let at_provider = door.settings.providers.iter().map(|provider| {
        let name = provider.told().name.to_string();
        line().link(format!("/sign-in/provider/{name}"), format!("Sign in with {name}"))
    });
    let at_provider: Vec<_> = at_provider.collect();
    let page = Page::new("Sign in")
        .script("passkey.js")
        .with_if(why.map(Block::inset))
        .with_form(form, posted)
        .with(passkey);
    let page = if at_provider.is_empty() { page } else { page.with(Block::plain_list(at_provider)) };
    page.with(Block::details(
        "I cannot sign in",
        vec![
            Block::text("Ask your user manager: only they can give you a new code to enrol with, and they never learn your password, PIN or seed."),
            Block::text(line().text("If you were given a code to enrol with, ").link("/enrolment", "take up your account").text(".")),
        ],
    ))
    .with(Block::small(directory::MISUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_to_another_site() {
        assert_eq!(local("/children/04817263599"), "/children/04817263599");
        for foreign in [
            "",
            "//elsewhere.example",
            "https://elsewhere.example",
            "/\\elsewhere",
            "/\t/elsewhere.example",
            "/\n/elsewhere.example",
            "/sign-in?next=/",
            "x",
        ] {
            assert_eq!(local(foreign), "/", "{foreign}");
        }
    }
}
