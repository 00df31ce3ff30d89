//! Whoever reads a page, and what stands around every one: who it is, that a form came from a page of ours, and the
//! answer written for them.
//!
//! The session is the API's own token, kept in a cookie that scripts cannot read and that no other site's page can
//! send. Source: ADR-0061; rules.md 5.2; WCAG 2.2 success criteria 2.2.1 and 3.3.7.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use directory::Person;
use vocabulary::{AccountId, Position};

use super::{
    frame::Frame,
    kept,
    kit::{Action, Block, Page},
    sign_in::is_local,
    visit::Visit,
};
use crate::{
    door::Door,
    identify::{self},
    problem::{Problem, Retry},
};

/// Scripts, styles and pictures of our own alone; nothing inline, nothing framed, nothing sent elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A person who is signed in and reads pages.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub(crate) person: Person,
    pub(crate) token: String,
}

/// A person, or nobody yet.
#[derive(Clone)]
pub(crate) struct Anybody(pub(crate) Option<Visitor>);

impl Visitor {
    /// Reads or changes what the session remembers; nothing where it ended a moment ago.
    pub(crate) fn visit<T: Default>(&self, door: &Door, with: impl FnOnce(&mut Visit) -> T) -> T {
        door.tokens.visit(&self.token, door.directory.now(), with).unwrap_or_default()
    }

    /// Pages that follow wait for what was just written.
    pub(crate) fn wrote(&self, door: &Door, position: Option<Position>) {
        if let Some(position) = position {
            self.visit(door, |visit| visit.at_least = visit.at_least.max(position));
        }
    }
}

impl FromRequestParts<Arc<Door>> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _door: &Arc<Door>) -> Result<Visitor, Problem> {
        parts.extensions.get::<Visitor>().cloned().ok_or_else(|| Problem::new("token_missing"))
    }
}

impl FromRequestParts<Arc<Door>> for Anybody {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _door: &Arc<Door>) -> Result<Anybody, Problem> {
        Ok(Anybody(parts.extensions.get::<Visitor>().cloned()))
    }
}

/// Stands around every page: says who comes, refuses forms of other sites, and writes the answer for whoever asked.
pub(crate) async fn around(State(door): State<Arc<Door>>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if is_for_machines(&path) {
        return next.run(request).await;
    }
    let is_post = request.method() == Method::POST;
    let asked = request.uri().path_and_query().map_or_else(|| path.clone(), ToString::to_string);
    let elsewhere = another_site(request.headers());
    let come = identified(&door, request.headers()).await;
    let visitor = come.as_ref().ok().cloned().flatten();
    let frame = visitor
        .as_ref()
        .map_or_else(Frame::of_nobody, |visitor| Frame::of(&door.directory, &visitor.person, &path))
        .training(door.settings.training);
    let response = match come {
        Err(problem) => problem.into_response(),
        Ok(_) if is_post && !is_ours(request.headers()) => Problem::new("cross_site").into_response(),
        Ok(None) if is_post && !is_open(&path) => kept::keep(&door, request).await,
        Ok(_) => {
            if let Some(visitor) = visitor.clone() {
                request.extensions_mut().insert(visitor);
            }
            next.run(request).await
        }
    };
    let signed_out = visitor.is_none() && !is_post;
    let response = match elsewhere {
        Some(how) if signed_out && differs_signed_in(&path, &response) => led_on(&asked, how).into_response(),
        _ => response,
    };
    written(response, &frame, signed_out.then_some(asked.as_str()))
}

/// Addresses that programs ask, and files.
fn is_for_machines(path: &str) -> bool {
    ["/api/", "/oauth/", "/assets/", "/problems/"].iter().any(|prefix| path.starts_with(prefix))
        || ["/livez", "/readyz", "/version"].contains(&path)
}

/// Forms that are sent by whoever is not signed in.
fn is_open(path: &str) -> bool {
    path.starts_with("/sign-in") || path == "/enrolment" || path == "/session/extension"
}

/// Who comes: their token stands in a cookie. What they wrote a moment ago is waited for.
async fn identified(door: &Arc<Door>, headers: &HeaderMap) -> Result<Option<Visitor>, Problem> {
    let Some((token, _)) = session(door, headers) else { return Ok(None) };
    let person = match identify::person_of(door, token) {
        Ok(person) => person,
        Err(problem) if problem.code() == "token_invalid" => return Ok(None),
        Err(problem) => return Err(problem),
    };
    let visitor = Visitor { person, token: token.to_owned() };
    let at_least = visitor.visit(door, |visit| visit.at_least);
    door.caught_up(at_least).await?;
    Ok(Some(visitor))
}

/// Tells whether a form came from a page of ours: browsers say so themselves (Fetch Metadata; RFC 6454).
fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let host = text("host");
    text("origin").is_none_or(|origin| origin.split_once("://").map(|(_, from)| from) == host)
}

/// How somebody came by a link on another site's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    /// They followed it.
    Followed,
    /// The other site's page led them here, or nobody knows.
    Led,
}

/// Tells whether a page is asked for from another site, in a window of its own: their session's cookie stays behind.
fn another_site(headers: &HeaderMap) -> Option<Came> {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|given| given == value);
    let comes = is("sec-fetch-site", "cross-site") && is("sec-fetch-dest", "document");
    comes.then(|| if is("sec-fetch-user", "?1") { Came::Followed } else { Came::Led })
}

/// Tells whether whoever is signed in would have been answered something else.
fn differs_signed_in(path: &str, response: &Response) -> bool {
    let unknown =
        response.extensions().get::<Problem>().is_some_and(|problem| problem.code() == "token_missing");
    unknown || ["/", "/sign-in"].contains(&path)
}

/// A page of ours that leads on to the same address, from where the session's cookie comes along. It leads on by
/// itself only where the link was followed: no other site's page opens one of ours in somebody's name.
fn led_on(asked: &str, came: Came) -> Page {
    let next = if is_local(asked) { asked } else { "/" };
    let goes_on = (came == Came::Followed).then(|| next.to_owned());
    Page { goes_on, ..Page::new("Continue") }
        .with(Block::text("You came by a link on another site."))
        .with(Block::Actions(vec![Action::first(next, "Continue to Contactpoint")]))
}

/// The answer as HTML: a page that a handler gave, or a problem in words.
fn written(response: Response, frame: &Frame, asked: Option<&str>) -> Response {
    let problem = response.extensions().get::<Problem>().cloned();
    let page = response.extensions().get::<Arc<Page>>().cloned();
    let mut response = match (page, problem, asked) {
        (Some(page), _, _) => html(&page, frame, response.headers()),
        (None, Some(problem), Some(asked)) if problem.code() == "token_missing" => to_sign_in(asked),
        (None, Some(problem), _) => html(&of_problem(&problem), frame, response.headers()),
        (None, None, _) => response,
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn html(page: &Page, frame: &Frame, headers: &HeaderMap) -> Response {
    let mut answer = match page.written(frame) {
        Ok(text) => (page.status, Html(text)).into_response(),
        Err(problem) => return problem.into_response(),
    };
    for name in [header::SET_COOKIE, header::RETRY_AFTER] {
        for value in headers.get_all(&name) {
            answer.headers_mut().append(&name, value.clone());
        }
    }
    answer
}

/// A problem as a page: what happened, whether to try again, and where to go on.
fn of_problem(problem: &Problem) -> Page {
    let title = match problem.status().as_u16() {
        404 => "Page not found",
        403 => "You cannot do this",
        409 | 422 => "This was not taken",
        429 => "Too many requests",
        _ => "Sorry, there is a problem",
    };
    let next = match problem.retry() {
        Retry::Later => "Nothing was shown or changed. Try again in a moment.",
        Retry::AfterMending => "Nothing was changed. Go back, put it right and send it again.",
        Retry::Never => "Sending the same again gives the same answer.",
    };
    let page = Page { status: problem.status(), ..Page::new(title) };
    let page = match problem.code() {
        "not_found" => page.with(Block::text(
            "There is no such page, or it is not open to you. If you typed an address, check it.",
        )),
        "step_up_missing" => page.with(Block::text("This needs your PIN first.")),
        _ => page.with(Block::text(problem.detail().to_owned())).with(Block::text(next)),
    };
    page.with(Block::Actions(vec![Action::second("/", "Go to the start")]))
}

/// To the sign-in page, and from there back to what was asked for.
fn to_sign_in(asked: &str) -> Response {
    if asked == "/" {
        return see("/sign-in");
    }
    see(&format!("/sign-in?next={}", escaped(asked)))
}

/// Bytes of an address that a query may hold, and the others as hexadecimal digits.
fn escaped(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// 303: the browser goes on to `href`, and going back does not send the form again.
pub(crate) fn see(href: &str) -> Response {
    axum::response::Redirect::to(href).into_response()
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(given, _)| *given == name)
        .map(|(_, value)| value)
}

/// The name of the session's cookie: over TLS one that no other site or subdomain can set.
pub(crate) fn session_cookie(door: &Door) -> &'static str {
    if is_secure(door) { "__Host-session" } else { "session" }
}

/// The token in the session's cookie, and the mark beside it.
pub(crate) fn session<'a>(door: &Door, headers: &'a HeaderMap) -> Option<(&'a str, &'a str)> {
    let held = cookie(headers, session_cookie(door))?;
    Some(held.split_once('.').unwrap_or((held, "")))
}

/// Whose session the cookie is of, ended or not, by its mark.
pub(super) fn was_of(door: &Door, headers: &HeaderMap) -> Option<AccountId> {
    let (token, mark) = session(door, headers)?;
    door.directory.session_marked(token, mark)
}

/// The name of the cookie by which a device is known again.
pub(crate) fn device_cookie(door: &Door) -> &'static str {
    if is_secure(door) { "__Host-device" } else { "device" }
}

fn is_secure(door: &Door) -> bool {
    door.settings.public_url.starts_with("https://")
}

/// Sets a cookie that no script reads and no other site sends, for so many seconds.
pub(crate) fn set_cookie(
    door: &Door,
    response: &mut Response,
    name: &str,
    value: &str,
    seconds: Option<i64>,
) {
    let secure = if is_secure(door) { "; Secure" } else { "" };
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_form_of_another_site_is_known() {
        assert!(is_ours(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(!is_ours(&headers(&[("sec-fetch-site", "cross-site")])));
        assert!(!is_ours(&headers(&[("sec-fetch-site", "same-site")])));
        assert!(is_ours(&headers(&[("host", "localhost:80"), ("origin", "http://localhost:80")])));
        assert!(!is_ours(&headers(&[("host", "localhost:80"), ("origin", "http://elsewhere.example")])));
        assert!(!is_ours(&headers(&[("host", "localhost:80"), ("origin", "null")])));
    }

    #[test]
    fn whoever_comes_from_another_site_in_a_window_of_their_own_is_known() {
        let window = [("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "document")];
        assert_eq!(another_site(&headers(&window)), Some(Came::Led));
        let followed = [window.as_slice(), &[("sec-fetch-user", "?1")]].concat();
        assert_eq!(another_site(&headers(&followed)), Some(Came::Followed));
        for other in ["same-origin", "same-site", "none"] {
            let came = [("sec-fetch-site", other), ("sec-fetch-dest", "document")];
            assert_eq!(another_site(&headers(&came)), None, "{other}");
        }
        assert_eq!(another_site(&headers(&[window[0], ("sec-fetch-dest", "iframe")])), None);
        assert_eq!(another_site(&headers(&window[..1])), None);
        assert_eq!(another_site(&headers(&[])), None);
    }

    #[test]
    fn nobody_is_led_on_to_another_site() {
        let page = led_on("//elsewhere.example/x", Came::Followed);
        assert_eq!(page.goes_on.as_deref(), Some("/"));
        assert_eq!(led_on("/find?page=2", Came::Followed).goes_on.as_deref(), Some("/find?page=2"));
        assert_eq!(led_on("/find", Came::Led).goes_on, None);
    }

    #[test]
    fn a_cookie_is_read_by_its_whole_name() {
        let held = headers(&[("cookie", "a=1; session=two; xsession=3")]);
        assert_eq!(cookie(&held, "session"), Some("two"));
        assert_eq!(cookie(&held, "sess"), None);
    }
}
