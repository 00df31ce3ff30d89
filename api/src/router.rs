//! Every route, in one flat table: of the API here, of the pages in `router/pages.rs`.

mod pages;

use std::{convert::Infallible, sync::Arc};

use axum::{
    Router,
    handler::Handler,
    http::Method,
    middleware,
    routing::{MethodFilter, MethodRouter, on},
};

use crate::{
    around,
    door::Door,
    http::{
        accesses, audit, brokering, caseload, cases, children, clients, consents, declarations,
        discrepancies, events, feed, health, history, identities, inbox, involvements, ledger, merging,
        notices, operations, organisations, passkeys, policy, queue, reports, retention, reviews, rights,
        searches, shields, transfers, users,
    },
    identify::{enrolments, oauth, passkeys as signing, providers, sessions},
    pages::visitor,
    problem::Problem,
};

/// One route: a method and a path, and what it does.
struct Route {
    method: Method,
    path: &'static str,
    does: MethodRouter<Arc<Door>, Infallible>,
}

/// Every route.
fn table() -> Vec<Route> {
    let mut table = of_children();
    table.extend(of_who_acts());
    table.extend(of_the_rules_and_the_server());
    table
}

#[rustfmt::skip]
fn of_children() -> Vec<Route> {
    vec![
        post("/api/v1/events", events::post),
        get("/api/v1/events/{id}", events::outcome),
        post("/api/v1/searches", searches::search),
        post("/api/v1/children", children::create),
        patch("/api/v1/children/{n}", children::change),
        post("/api/v1/children/{n}/accesses", accesses::open),
        post("/api/v1/children/{n}/canary", reviews::canary),
        post("/api/v1/children/{n}/involvements", involvements::start),
        post("/api/v1/children/{n}/merges", merging::merge),
        post("/api/v1/children/{n}/splits", merging::split),
        get("/api/v1/children/{n}/history", history::replay),
        patch("/api/v1/involvements/{id}", involvements::change),
        post("/api/v1/involvements/{id}/end", involvements::end),
        post("/api/v1/involvements/{id}/error", involvements::in_error),
        post("/api/v1/involvements/{id}/lead_professional", involvements::lead),
        post("/api/v1/involvements/{id}/lead_professional/relinquishment", involvements::relinquish),
        post("/api/v1/involvements/{id}/common_assessment", involvements::assess),
        post("/api/v1/involvements/{id}/common_assessment/withdrawal", involvements::withdraw_assessment),
        post("/api/v1/involvements/{id}/contacts", inbox::contact),
        post("/api/v1/involvements/{id}/withholdings", inbox::withhold),
        get("/api/v1/caseload", caseload::list),
        get("/api/v1/inbox", inbox::list),
        post("/api/v1/inbox/{id}/acknowledgement", inbox::acknowledge),
        post("/api/v1/consents", consents::record),
        get("/api/v1/shields", shields::list),
        post("/api/v1/shields", shields::ask),
        post("/api/v1/shields/{id}/review", shields::review),
        get("/api/v1/discrepancies", discrepancies::list),
        get("/api/v1/transfers", transfers::list),
        post("/api/v1/transfers", transfers::propose),
        post("/api/v1/transfers/{id}/decision", transfers::decide),
        get("/api/v1/brokering", brokering::list),
        post("/api/v1/brokering", brokering::ask),
        post("/api/v1/brokering/{id}/answer", brokering::answer),
        post("/api/v1/children/{n}/holds", retention::hold),
        post("/api/v1/children/{n}/holds/{id}/lifting", retention::lift),
        post("/api/v1/children/{n}/archive_age", retention::extend),
        post("/api/v1/children/{n}/archive_age/withdrawal", retention::withdraw),
        get("/api/v1/purges", retention::purges),
        post("/api/v1/purges/{id}/approval", retention::approve),
        post("/api/v1/purges/{id}/cancellation", retention::cancel),
        get("/api/v1/rights_requests", rights::list),
        post("/api/v1/rights_requests", rights::enter),
        post("/api/v1/rights_requests/{id}/carer", rights::check_carer),
        post("/api/v1/rights_requests/{id}/threat", rights::check_threat),
        post("/api/v1/rights_requests/{id}/extension", rights::extend),
        post("/api/v1/rights_requests/{id}/steps", rights::step),
        post("/api/v1/rights_requests/{id}/answer", rights::answer),
        post("/api/v1/rights_requests/{id}/disagreement", rights::disagree),
        get("/api/v1/rights_requests/{id}/pack", rights::pack),
        get("/api/v1/privacy_notices", notices::list),
        post("/api/v1/privacy_notices", notices::give),
        post("/api/v1/privacy_notices/parents", notices::include_parent),
        post("/api/v1/privacy_notices/versions", notices::publish),
        get("/api/v1/queue", queue::list),
        post("/api/v1/queue/{id}/decision", queue::decide),
        post("/api/v1/queue/decisions", queue::decide_many),
        post("/api/v1/cases", cases::open),
        post("/api/v1/cases/{id}/approval", cases::approve),
        get("/api/v1/cases/{id}/bundle", cases::bundle),
    ]
}

#[rustfmt::skip]
fn of_who_acts() -> Vec<Route> {
    vec![
        post("/api/v1/sessions", sessions::sign_in),
        post("/api/v1/sessions/step_up", sessions::step_up),
        post("/api/v1/sessions/step_up/challenge", signing::ask_step_up),
        post("/api/v1/sessions/passkey/challenge", signing::ask_sign_in),
        post("/api/v1/sessions/passkey", signing::sign_in),
        post("/api/v1/sessions/oidc", providers::ask_sign_in),
        post("/api/v1/sessions/oidc/callback", providers::sign_in),
        post("/api/v1/sessions/end", sessions::end),
        get("/api/v1/passkeys", passkeys::list),
        post("/api/v1/passkeys", passkeys::register),
        post("/api/v1/passkeys/registration", passkeys::ask),
        post("/api/v1/passkeys/{id}/removal", passkeys::remove),
        get("/api/v1/identities", identities::list),
        post("/api/v1/identities", identities::link),
        post("/api/v1/identities/registration", identities::ask),
        post("/api/v1/identities/{id}/removal", identities::remove),
        get("/api/v1/declarations", declarations::list),
        post("/api/v1/declarations/relationships", declarations::relate),
        post("/api/v1/declarations/home", declarations::live),
        post("/api/v1/declarations/home/withdrawal", declarations::live_untold),
        post("/api/v1/enrolments", enrolments::enrol),
        get("/api/v1/organisations", organisations::list),
        post("/api/v1/organisations", organisations::register),
        get("/api/v1/organisations/{id}", organisations::show),
        post("/api/v1/organisations/{id}/conditions", organisations::condition),
        post("/api/v1/organisations/{id}/conditions/withdrawal", organisations::withdraw),
        post("/api/v1/organisations/{id}/accreditation", organisations::accredit),
        post("/api/v1/organisations/{id}/agreements", organisations::sign),
        post("/api/v1/organisations/{id}/suspension", organisations::suspend),
        post("/api/v1/organisations/{id}/reinstatement", organisations::reinstate),
        post("/api/v1/organisations/{id}/clients", organisations::add_client),
        post("/api/v1/clients/{id}/revocation", organisations::revoke_client),
        get("/api/v1/clients/{id}", clients::show),
        post("/api/v1/clients/{id}/keys", clients::add_key),
        post("/api/v1/clients/{id}/keys/{kid}/retirement", clients::retire_key),
        post("/api/v1/clients/{id}/secrets", clients::add_secret),
        post("/api/v1/clients/{id}/secrets/{number}/retirement", clients::retire_secret),
        post("/api/v1/clients/{id}/certificates", clients::bind_certificate),
        post("/api/v1/clients/{id}/certificates/{thumbprint}/retirement", clients::retire_certificate),
        get("/api/v1/users", users::list),
        post("/api/v1/users", users::create),
        get("/api/v1/users/{id}", users::show),
        post("/api/v1/users/{id}/gates", users::gate),
        post("/api/v1/users/{id}/enrolment", users::enrolment),
        post("/api/v1/users/{id}/activation", users::activate),
        post("/api/v1/users/{id}/suspension", users::suspend),
        post("/api/v1/users/{id}/reinstatement", users::reinstate),
        post("/api/v1/users/{id}/closure", users::close),
        post("/api/v1/users/{id}/identities/{identity}/removal", identities::remove_of_user),
        post("/api/v1/users/{id}/passkeys/{passkey}/removal", passkeys::remove_of_user),
        post("/api/v1/users/{id}/relationships/withdrawal", declarations::withdraw),
        get("/api/v1/expiries", users::expiries),
    ]
}

#[rustfmt::skip]
fn of_the_rules_and_the_server() -> Vec<Route> {
    vec![
        get("/livez", health::alive),
        get("/readyz", health::ready),
        get("/version", health::version),
        get("/problems/{code}", health::problem),
        post("/oauth/token", oauth::token),
        get("/api/v1/openapi.json", health::openapi),
        get("/api/v1/policy", policy::show),
        post("/api/v1/policy/proposals", policy::propose),
        post("/api/v1/policy/proposals/{id}/signature", policy::sign),
        get("/api/v1/reasons", policy::reasons),
        get("/api/v1/feed", feed::follow),
        get("/api/v1/accesses", audit::own),
        get("/api/v1/audit/accesses", audit::audit),
        get("/api/v1/reviews", reviews::list),
        post("/api/v1/reviews/{id}/outcome", reviews::outcome),
        get("/api/v1/notices", reviews::notices),
        get("/api/v1/reports/{name}", reports::report),
        get("/api/v1/worklists/coverage", reports::worklist),
        get("/api/v1/counters", reports::counters),
        get("/api/v1/operations", operations::show),
        get("/api/v1/operations/headers", operations::headers),
        get("/api/v1/ledger/checkpoint", ledger::checkpoint),
        get("/api/v1/ledger/tile/{*path}", ledger::tile),
    ]
}

/// Method and path of every page, in the order of the table.
pub fn pages() -> Vec<(Method, &'static str)> {
    pages::table().into_iter().map(|route| (route.method, route.path)).collect()
}

/// Method and path of every route of the API, in the order of the table.
pub fn routes() -> Vec<(Method, &'static str)> {
    table().into_iter().map(|route| (route.method, route.path)).collect()
}

/// The door as a service for HTTP.
pub fn router(door: Arc<Door>) -> Router {
    table()
        .into_iter()
        .chain(pages::table())
        .fold(Router::new(), |router, route| router.route(route.path, route.does))
        .fallback(nowhere)
        .method_not_allowed_fallback(otherwise)
        .layer(middleware::from_fn_with_state(Arc::clone(&door), visitor::around))
        .layer(middleware::from_fn_with_state(Arc::clone(&door), around::around))
        .with_state(door)
}

/// The figures of the door, for an address of their own that only an operator reaches.
pub fn figures(door: Arc<Door>) -> Router {
    Router::new().route("/metrics", axum::routing::get(health::figures)).fallback(nowhere).with_state(door)
}

async fn nowhere() -> Problem {
    Problem::new("not_found")
}

async fn otherwise() -> Problem {
    Problem::new("method_not_allowed")
}

fn get<T: 'static>(path: &'static str, does: impl Handler<T, Arc<Door>>) -> Route {
    Route { method: Method::GET, path, does: on(MethodFilter::GET, does) }
}

fn post<T: 'static>(path: &'static str, does: impl Handler<T, Arc<Door>>) -> Route {
    Route { method: Method::POST, path, does: on(MethodFilter::POST, does) }
}

fn patch<T: 'static>(path: &'static str, does: impl Handler<T, Arc<Door>>) -> Route {
    Route { method: Method::PATCH, path, does: on(MethodFilter::PATCH, does) }
}
