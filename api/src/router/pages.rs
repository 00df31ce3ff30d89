//! Every page, in one flat table.

use super::{Route, get, post};
use crate::pages::{
    account, assets, cases, content, find, operator, organisations, people, pin, policy, record, sign_in,
    start,
    work::{between, broker, consent, create, inbox, involvement, ours, shield, wrong},
};
use crate::pages::{looks, reports, reviews, team};

/// Every page for people, and the forms on them.
pub(super) fn table() -> Vec<Route> {
    let mut table = of_anybody();
    table.extend(of_practitioners());
    table.extend(of_investigators());
    table.extend(of_administrators());
    table.extend(of_the_team());
    table.extend(of_managers());
    table
}

#[rustfmt::skip]
fn of_anybody() -> Vec<Route> {
    vec![
        get("/", start::page),
        get("/assets/{name}", assets::serve),
        get("/sign-in", sign_in::page),
        post("/sign-in", sign_in::send),
        post("/sign-in/passkey", sign_in::passkey),
        get("/sign-in/provider/{name}", sign_in::provider),
        get("/oidc/callback", sign_in::returned),
        post("/sign-out", sign_in::out),
        get("/signed-out", sign_in::signed_out),
        post("/session/extension", sign_in::extend),
        get("/session/kept/{key}", sign_in::resume),
        get("/enrolment", people::enrolment),
        post("/enrolment", people::enrol),
        get("/confirm", pin::page),
        post("/confirm", pin::confirm),
        post("/confirm/options", pin::options),
        get("/help", content::help),
        get("/fair-processing", content::fair_processing),
        get("/privacy", content::privacy),
        get("/accessibility", content::accessibility),
        get("/api", content::api),
        get("/status", content::status),
        get("/counters", content::counters),
        get("/account", account::page),
        get("/account/looks", account::looks),
        get("/account/passkeys", account::passkeys::page),
        post("/account/passkeys", account::passkeys::register),
        post("/account/passkeys/options", account::passkeys::options),
        get("/account/passkeys/removal", account::passkeys::removing),
        post("/account/passkeys/removal", account::passkeys::remove),
        get("/account/identities", account::identities::page),
        post("/account/identities", account::identities::linked),
        get("/account/identities/link/{name}", account::identities::link),
        get("/account/identities/removal", account::identities::unlinking),
        post("/account/identities/removal", account::identities::unlink),
        get("/account/relationships", account::declarations::page),
        post("/account/relationships", account::declarations::relate),
        post("/account/home", account::declarations::live),
    ]
}

#[rustfmt::skip]
fn of_practitioners() -> Vec<Route> {
    vec![
        get("/find", find::page),
        post("/find", find::send),
        get("/find/{number}", find::found),
        get("/children", ours::page),
        get("/children/new", create::page),
        post("/children/new", create::send),
        get("/children/{n}", record::page),
        get("/children/{n}/from/{search}", find::choose),
        get("/children/{n}/reason", record::why),
        post("/children/{n}/reason", record::send),
        get("/children/{n}/override", record::override_page),
        post("/children/{n}/override", record::send_override),
        get("/children/{n}/involvements/new", involvement::new),
        post("/children/{n}/involvements/new", involvement::add),
        get("/children/{n}/consent", consent::page),
        post("/children/{n}/consent", consent::send),
        get("/children/{n}/broker", broker::page),
        post("/children/{n}/broker", broker::send),
        get("/children/{n}/shield", shield::page),
        post("/children/{n}/shield", shield::send),
        get("/children/{n}/wrong", wrong::page),
        post("/children/{n}/wrong", wrong::send),
        get("/involvements/{id}/change", involvement::changing),
        post("/involvements/{id}/change", involvement::change),
        get("/involvements/{id}/roles", involvement::roles),
        post("/involvements/{id}/roles", involvement::take_role),
        get("/involvements/{id}/between", between::page),
        post("/involvements/{id}/between", between::send),
        get("/involvements/{id}/end", involvement::ending),
        post("/involvements/{id}/end", involvement::end),
        post("/involvements/{id}/error", involvement::in_error),
        get("/inbox", inbox::page),
        post("/inbox/{id}/seen", inbox::acknowledge),
        get("/brokering", broker::own),
    ]
}

#[rustfmt::skip]
fn of_investigators() -> Vec<Route> {
    vec![
        get("/cases", cases::list),
        get("/cases/new", cases::new),
        post("/cases/new", cases::open),
        get("/cases/{id}", cases::show),
        get("/cases/{id}/approve", cases::approving),
        post("/cases/{id}/approve", cases::approve),
        get("/cases/{id}/bundle", cases::bundle),
        get("/cases/{id}/children/{n}", cases::replayed),
    ]
}

#[rustfmt::skip]
fn of_administrators() -> Vec<Route> {
    vec![
        get("/organisations", organisations::list),
        get("/organisations/new", organisations::registering),
        post("/organisations/new", organisations::register),
        get("/organisations/{id}", organisations::show),
        get("/organisations/{id}/clients", organisations::adding_client),
        post("/organisations/{id}/clients", organisations::add_client),
        get("/organisations/{id}/conditions/{name}", organisations::condition),
        post("/organisations/{id}/conditions/{name}", organisations::record_condition),
        post("/organisations/{id}/conditions/{name}/withdrawal", organisations::withdraw_condition),
        get("/organisations/{id}/{act}", organisations::acting),
        post("/organisations/{id}/{act}", organisations::act),
        get("/clients/{id}", organisations::client),
        get("/clients/{id}/secrets", organisations::adding_secret),
        post("/clients/{id}/secrets", organisations::add_secret),
        get("/clients/{id}/retirement", organisations::retiring),
        post("/clients/{id}/retirement", organisations::retire),
        get("/clients/{id}/revocation", organisations::revoking),
        post("/clients/{id}/revocation", organisations::revoke),
        get("/clients/{id}/{kind}", organisations::adding_credential),
        post("/clients/{id}/{kind}", organisations::credential),
        get("/people", people::list),
        get("/people/new", people::creating),
        post("/people/new", people::create),
        get("/people/expiries", people::expiries),
        get("/people/{id}", people::show),
        get("/people/{id}/enrolment", people::coding),
        post("/people/{id}/enrolment", people::code),
        get("/people/{id}/gates/{gate}", people::gate),
        post("/people/{id}/gates/{gate}", people::record_gate),
        get("/people/{id}/{act}", people::acting),
        post("/people/{id}/{act}", people::act),
        get("/operator", operator::page),
        get("/operator/stream", operator::stream),
        get("/policy", policy::page),
        get("/policy/proposal", policy::proposing),
        post("/policy/proposal", policy::propose),
        post("/policy/proposals/{n}", policy::sign),
    ]
}

#[rustfmt::skip]
fn of_the_team() -> Vec<Route> {
    vec![
        get("/team", team::page),
        get("/team/queue", team::queue::list),
        get("/team/queue/{id}", team::queue::page),
        post("/team/queue/{id}", team::queue::send),
        get("/team/shields", team::shields::list),
        get("/team/shields/{id}", team::shields::page),
        post("/team/shields/{id}", team::shields::send),
        get("/team/brokering", team::brokering::list),
        get("/team/brokering/{id}", team::brokering::page),
        post("/team/brokering/{id}", team::brokering::send),
        get("/team/discrepancies", team::discrepancies::list),
        get("/team/transfers", team::transfers::list),
        get("/team/transfers/{id}", team::transfers::page),
        post("/team/transfers/{id}", team::transfers::send),
        get("/children/{n}/transfer", team::transfers::propose_page),
        post("/children/{n}/transfer", team::transfers::send_proposal),
        get("/team/requests", team::requests::list),
        get("/team/requests/{id}", team::requests::page),
        get("/team/requests/{id}/pack", team::requests::pack::page),
        get("/team/requests/{id}/{act}", team::requests::acting::page),
        post("/team/requests/{id}/{act}", team::requests::acting::send),
        get("/children/{n}/request", team::requests::entering::page),
        post("/children/{n}/request", team::requests::entering::send),
        get("/team/notices", team::notices::list),
        get("/team/notices/given", team::notices::page),
        post("/team/notices/given", team::notices::send),
        get("/team/notices/parent", team::notices::parent_page),
        post("/team/notices/parent", team::notices::send_parent),
        get("/team/notices/version", team::notices::version_page),
        post("/team/notices/version", team::notices::send_version),
        get("/team/purges", team::purges::list),
        get("/team/purges/{id}", team::purges::page),
        post("/team/purges/{id}", team::purges::send),
        get("/children/{n}/hold", team::keeping::hold_page),
        post("/children/{n}/hold", team::keeping::send_hold),
        get("/children/{n}/hold/lifting", team::keeping::lift_page),
        post("/children/{n}/hold/lifting", team::keeping::send_lift),
        get("/children/{n}/archive-age", team::keeping::age_page),
        post("/children/{n}/archive-age", team::keeping::send_age),
        get("/children/{n}/archive-age/withdrawal", team::keeping::withdraw_page),
        post("/children/{n}/archive-age/withdrawal", team::keeping::send_withdrawal),
        get("/team/worklist", team::worklist::page),
        get("/children/{n}/merge", team::merging::page),
        post("/children/{n}/merge", team::merging::send),
        get("/children/{n}/split", team::merging::split_page),
        post("/children/{n}/split", team::merging::send_split),
    ]
}

#[rustfmt::skip]
fn of_managers() -> Vec<Route> {
    vec![
        get("/reviews", reviews::list),
        get("/reviews/notices", reviews::notices),
        get("/reviews/{id}", reviews::page),
        post("/reviews/{id}", reviews::send),
        get("/looks", looks::page),
        get("/looks/csv", looks::csv),
        get("/looks/canary", looks::canary),
        post("/looks/canary", looks::send_canary),
        get("/reports", reports::index),
        get("/reports/{name}", reports::page),
        get("/reports/{name}/csv", reports::csv),
    ]
}
