//! The table: every code with its status, whether to try again, and what it means.
//!
//! One place, so that no status is chosen twice. docs/problems.md is written from it, and a test holds it
//! against every `code()` of the rules. Source: contract.md section 2.

mod rules;

/// Seconds after which a passing failure is worth another try, where nothing better is known.
pub const RETRY_AFTER_S: u64 = 2;

/// Whether it is worth sending the same again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Retry {
    /// The answer stays the same.
    Never,
    /// Once what was sent, or what it rests on, was put right.
    AfterMending,
    /// Unchanged, after the seconds of `Retry-After`.
    Later,
}

impl Retry {
    /// The words for it in docs/problems.md.
    pub fn name(self) -> &'static str {
        match self {
            Retry::Never => "never",
            Retry::AfterMending => "after mending",
            Retry::Later => "later",
        }
    }
}

/// What one code means.
#[derive(Debug, PartialEq, Eq)]
pub struct Meaning {
    /// The stable name, `snake_case`.
    pub code: &'static str,
    /// The status of a reply that it is the problem of; within an outcome it stands without one.
    pub status: u16,
    /// Whether to try again.
    pub retry: Retry,
    /// What is the matter and what to do, for any occasion.
    pub title: &'static str,
}

/// What is answered when a machine failed and nothing better is known.
pub const UNAVAILABLE: Meaning =
    later("unavailable", 503, "The directory cannot answer now; send the same again later.");

const fn never(code: &'static str, status: u16, title: &'static str) -> Meaning {
    Meaning { code, status, retry: Retry::Never, title }
}

const fn mend(code: &'static str, status: u16, title: &'static str) -> Meaning {
    Meaning { code, status, retry: Retry::AfterMending, title }
}

const fn later(code: &'static str, status: u16, title: &'static str) -> Meaning {
    Meaning { code, status, retry: Retry::Later, title }
}

/// What the door itself refuses: form, identification, limits.
#[rustfmt::skip]
const DOOR: &[Meaning] = &[
    never("not_found", 404, "There is nothing here that may be shown: unknown and concealed read alike."),
    never("method_not_allowed", 405, "This address does not take this method; the OpenAPI document lists what it takes."),
    mend("media_type_unsupported", 415, "The body is of another media type than this call takes; set Content-Type."),
    mend("body_too_large", 413, "The body is larger than this call takes; send less."),
    mend("body_incomplete", 400, "The body broke off before its end; send it whole."),
    mend("json_invalid", 400, "This is not JSON, or it is nested too deeply; send one JSON value."),
    mend("utf8_invalid", 400, "This is not UTF-8; send UTF-8."),
    mend("field_unknown", 422, "A field is not known here; leave it out, or correct its name."),
    mend("field_missing", 422, "A field that must be given is missing."),
    mend("field_repeated", 422, "A field stands twice in one object; give it once."),
    mend("query_invalid", 422, "A query parameter is unknown, missing or not of its form."),
    mend("header_invalid", 422, "A header is not of its form."),
    mend("decisions_out_of_range", 422, "A list of decisions holds 1 to 50."),
    mend("date_invalid", 422, "A day is not of the form YYYY-MM-DD, or there is no such day."),
    mend("time_invalid", 422, "An instant is not of the form of RFC 3339, as in 2026-11-20T09:00:00Z."),
    mend("child_number_invalid", 422, "A child number is eleven digits, the last a check digit (ISO 7064 MOD 11,10)."),
    mend("nhs_number_invalid", 422, "An NHS number is ten digits, the last a check digit."),
    mend("upn_invalid", 422, "A unique pupil number is a check letter, eleven digits and a digit or letter."),
    mend("gender_invalid", 422, "A gender is female, male or not_specified."),
    mend("postcode_invalid", 422, "A postcode is of the form of United Kingdom postcodes, as in N17 6AA."),
    mend("service_type_unknown", 422, "The service type is not in the closed list of the contract."),
    mend("reason_unknown", 422, "The reason is not in the closed list of the contract."),
    mend("specversion_unknown", 422, "Events are CloudEvents of specversion 1.0."),
    mend("id_missing", 422, "An event needs an id of 1 to 200 characters."),
    mend("id_invalid", 422, "The id of an event is a text of 1 to 200 characters without controls."),
    mend("source_missing", 422, "An event needs a source, as CloudEvents 1.0 asks."),
    mend("type_unknown", 422, "The type is not one of the contract's, uk.contactpoint.NAME.v1."),
    mend("data_encoding", 422, "The data of an event is given as JSON in `data`, not in `data_base64`."),
    mend("event_too_large", 413, "An event is at most 64 KiB."),
    mend("batch_too_large", 413, "A batch holds at most 1,000 events; use application/x-ndjson for more."),
    mend("token_missing", 401, "This call needs a bearer token."),
    mend("token_invalid", 401, "The token is unknown or expired, or its owner may not act any more; sign in again."),
    never("client_only", 403, "This call is for case management systems."),
    never("staff_only", 403, "This call is for people who signed in themselves."),
    never("cross_site", 403, "A form is sent from a page of this directory, and this one came from elsewhere."),
    mend("acting_user_missing", 403, "A case management system names the acting user in Acting-User."),
    mend("acting_user_unknown", 403, "The acting user is not one who may act for this client."),
    mend("acting_user_not_accepted", 403, "The assertion about the acting user is not believed: sign a fresh one with a live key of this client; docs/clients.md says how."),
    mend("credential_unreadable", 422, "This is no public key or certificate that is taken here."),
    mend("sign_in_refused", 401, "User name, password, code, passkey or linked identity is wrong, or the account may not sign in."),
    mend("password_weak", 422, "A password has 12 to 128 characters, five of them different, and does not hold the user name."),
    mend("pin_weak", 422, "A PIN has 4 to 8 digits that are neither all the same nor in a row."),
    mend("enrolment_refused", 401, "User name or code is not right, or the code has run out; ask the user manager for another."),
    later("sign_in_locked", 429, "Too many attempts; try again later."),
    mend("step_up_refused", 401, "The PIN, or what the passkey signed in its place, was not accepted."),
    mend("passkey_not_accepted", 422, "What the authenticator said is not believed; ask for a new challenge and begin again."),
    mend("provider_unknown", 404, "No identity provider of this name is set up here."),
    later("provider_unavailable", 503, "The identity provider cannot be used at present; sign in by password or passkey, or try again later."),
    mend("identity_not_accepted", 422, "What came back from the identity provider is not believed, or was taken before; begin again."),
    mend("identity_weak", 403, "The sign-in at the identity provider was not as strong as is asked of it; sign in there with the second factor and begin again."),
    never("provider_not_for_organisation", 403, "This identity provider is not named for people of this organisation."),
    never("internal", 500, "The server made a mistake and has logged it."),
    later("rate_limited", 429, "Too many requests; try again after the seconds of Retry-After."),
    later("overloaded", 503, "The server is busy; try again after the seconds of Retry-After."),
    later("position_not_reached", 503, "The position asked for in If-Position-At-Least is not reached yet; try again."),
    later("not_recorded", 503, "Whether this was recorded is unknown; send the same again under the same id."),
    later("timed_out", 503, "The request took too long and was given up; send the same again."),
    UNAVAILABLE,
];

/// Finds what a code means. Cost: a walk over the table, on the way of a refusal only.
pub fn find(code: &str) -> Option<&'static Meaning> {
    all().find(|meaning| meaning.code == code)
}

/// Every code: those of the door, then those of the rules by topic.
pub fn all() -> impl Iterator<Item = &'static Meaning> {
    topics().into_iter().flat_map(|(_, meanings)| meanings)
}

/// The table by topic, in the order of docs/problems.md.
pub fn topics() -> Vec<(&'static str, &'static [Meaning])> {
    let mut topics = vec![("The door: form, identification, limits", DOOR)];
    topics.extend(rules::TOPICS);
    topics
}
