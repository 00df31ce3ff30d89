//! What people and clients ask: the bodies of requests other than events.

#![expect(dead_code, reason = "the fields are read by the derived schemas only")]

use utoipa::ToSchema;

use super::{
    told::{Child, Contact, Practitioner},
    words::{
        ChildNumber, Competence, Day, Decision, Gender, GivenBy, Id, Label, Method, OverrideGround, Postcode,
        Purpose, QueueWord, Reason, Ref, Reference, Service, ShieldDecision, ShieldGround,
    },
};

/// What is looked for. Too little is answered with `refine`.
#[derive(ToSchema)]
pub(in crate::openapi) struct Criteria {
    child_number: Option<ChildNumber>,
    /// A forename or its initial; a token may end in `*` after three letters.
    forename: Option<String>,
    /// A surname; a token may end in `*` after three letters.
    surname: Option<String>,
    date_of_birth: Option<Day>,
    birth_year: Option<i32>,
    birth_from: Option<Day>,
    birth_to: Option<Day>,
    /// In whole years, today.
    #[schema(minimum = 0, maximum = 25)]
    age: Option<i32>,
    gender: Option<Gender>,
    postcode: Option<Postcode>,
    /// The letters of a postcode, or its outcode.
    postcode_area: Option<String>,
    street: Option<String>,
    town: Option<String>,
    /// Whether likeness counts; it does unless this is false.
    fuzzy: Option<bool>,
}

/// The colleague for whom a mediator asks.
#[derive(ToSchema)]
pub(in crate::openapi) struct OnBehalfOf {
    username: String,
    /// The one-time code that the colleague read out; without it the mediator calls back.
    code: Option<String>,
}

/// A search.
#[derive(ToSchema)]
pub(in crate::openapi) struct Search {
    criteria: Criteria,
    reason: Option<Reason>,
    #[schema(minimum = 1, maximum = 5)]
    page: Option<i32>,
    on_behalf_of: Option<OnBehalfOf>,
    case_ref: Option<Reference>,
}

/// Why a shield is overridden, for this one look.
#[derive(ToSchema)]
pub(in crate::openapi) struct Override {
    ground: OverrideGround,
}

/// The opening of a record. The reason may come from the search that `search_id` names.
#[derive(ToSchema)]
pub(in crate::openapi) struct Access {
    reason: Option<Reason>,
    search_id: Option<Id>,
    on_behalf_of: Option<OnBehalfOf>,
    case_ref: Option<Reference>,
    r#override: Option<Override>,
}

/// A child by hand, after one's own search within 30 minutes that found nobody.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewChild {
    search_id: Id,
    child: Child,
    on_behalf_of: Option<OnBehalfOf>,
}

/// What is stated of a child by hand.
#[derive(ToSchema)]
pub(in crate::openapi) struct ChangedChild {
    child: Child,
    on_behalf_of: Option<OnBehalfOf>,
}

/// An involvement by hand.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewInvolvement {
    /// One is drawn where none is given.
    involvement_ref: Option<Ref>,
    service_type: Service,
    practitioner: Option<Practitioner>,
    team: Option<Label>,
    #[schema(min_items = 1, max_items = 8)]
    contacts: Vec<Contact>,
    started_on: Day,
    ended_on: Option<Day>,
    lead_professional: Option<bool>,
    episode_ref: Option<Ref>,
    on_behalf_of: Option<OnBehalfOf>,
}

/// What changed of an involvement. An absent field stays, `null` takes back.
#[derive(ToSchema)]
pub(in crate::openapi) struct ChangedInvolvement {
    practitioner: Option<Practitioner>,
    team: Option<Label>,
    contacts: Option<Vec<Contact>>,
    started_on: Option<Day>,
    ended_on: Option<Day>,
    on_behalf_of: Option<OnBehalfOf>,
}

/// The end of an involvement.
#[derive(ToSchema)]
pub(in crate::openapi) struct Ended {
    ended_on: Day,
    on_behalf_of: Option<OnBehalfOf>,
}

/// An involvement that should never have been recorded.
#[derive(ToSchema)]
pub(in crate::openapi) struct InError {
    on_behalf_of: Option<OnBehalfOf>,
}

/// The lead professional's role, taken or given up.
#[derive(ToSchema)]
pub(in crate::openapi) struct Lead {
    on_behalf_of: Option<OnBehalfOf>,
}

/// A common assessment, held or withdrawn; never what it says.
#[derive(ToSchema)]
pub(in crate::openapi) struct Assessed {
    on: Day,
    on_behalf_of: Option<OnBehalfOf>,
}

/// Nothing more needs saying: `{}`.
#[derive(ToSchema)]
pub(in crate::openapi) struct Nothing {}

/// A decision on consent.
#[derive(ToSchema)]
pub(in crate::openapi) struct Consent {
    child_number: ChildNumber,
    episode_ref: Ref,
    decision: Decision,
    given_by: GivenBy,
    competence: Competence,
    method: Method,
    notice_version: Label,
    decided_on: Day,
    on_behalf_of: Option<OnBehalfOf>,
}

/// A shield: applied where the asker's role may, else asked for.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewShield {
    child_number: ChildNumber,
    ground: ShieldGround,
    /// Six months ahead where nothing is said.
    review_by: Option<Day>,
    on_behalf_of: Option<OnBehalfOf>,
}

/// What the responsible authority decides about a shield or a request for one.
#[derive(ToSchema)]
pub(in crate::openapi) struct ShieldReview {
    decision: ShieldDecision,
    /// For `apply`.
    ground: Option<ShieldGround>,
    /// For `apply` and `keep`.
    review_by: Option<Day>,
}

/// What is decided about an item of the queue.
#[derive(ToSchema)]
pub(in crate::openapi) struct QueueAnswer {
    decision: QueueWord,
    /// For `link`.
    child_number: Option<ChildNumber>,
    /// For `link` to a child that is neither a candidate nor of one's own authority: a search of one's own, at
    /// most 30 minutes old, that showed it.
    search_id: Option<Id>,
}

/// What is decided about several items of the queue.
#[derive(ToSchema)]
pub(in crate::openapi) struct QueueAnswers {
    #[schema(min_items = 1, max_items = 50)]
    decisions: Vec<QueueAnswerTo>,
}

/// What is decided about one item among others.
#[derive(ToSchema)]
pub(in crate::openapi) struct QueueAnswerTo {
    id: Id,
    decision: QueueWord,
    /// For `link`.
    child_number: Option<ChildNumber>,
    /// As for one item.
    search_id: Option<Id>,
}

/// A case; it gives no right until another person approves it.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewCase {
    reference: Reference,
    #[schema(min_items = 1, max_items = 50)]
    children: Vec<ChildNumber>,
    purpose: Purpose,
    /// At most twelve months ahead.
    expires_on: Day,
}

/// Two records that are of one child.
#[derive(ToSchema)]
pub(in crate::openapi) struct Merge {
    absorbed: ChildNumber,
    /// Needed where a person told the two apart.
    despite_not_same_person: Option<bool>,
}

/// Two records that are not.
#[derive(ToSchema)]
pub(in crate::openapi) struct Split {
    /// The number that was absorbed, or of a child that this one is told apart from for ever.
    other: ChildNumber,
}

/// The approval of a case.
#[derive(ToSchema)]
pub(in crate::openapi) struct Approval {
    /// They are not unless this is true.
    lifts_shields: Option<bool>,
}

/// What a client asks a token with.
#[derive(ToSchema)]
pub(in crate::openapi) struct TokenAsked {
    /// `client_credentials`.
    grant_type: String,
    /// With an assertion: `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.
    client_assertion_type: Option<String>,
    /// A JWT signed by a key of the client (RFC 7523): `iss` and `sub` its id, `aud` this address, `exp` at most
    /// five minutes ahead, `jti` never used before. Without it, id and secret as HTTP Basic.
    client_assertion: Option<String>,
    /// The client's id; needed by nobody, and right where it is given.
    client_id: Option<String>,
}
