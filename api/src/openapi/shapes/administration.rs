//! Bodies about organisations, people and policy.

#![expect(dead_code, reason = "the fields are read by the derived schemas only")]

use utoipa::ToSchema;

use super::{
    identities::LinkedIdentity,
    passkeys::PasskeyLine,
    told::{Address, Contact},
    words::{
        AccountGround, AgreementName, ChildNumber, ClientIdText, Code, Day, Demand, GateName, Id, Instant,
        Label, OrganisationGround, OrganisationId, OrganisationKindName, ParticipationName, PersonName,
        Reason, Reference, RoleName, Service, Settings, Username, WarningName,
    },
};

/// An organisation to be registered; it may do nothing before it is accredited.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewOrganisation {
    id: OrganisationId,
    name: Label,
    kind: OrganisationKindName,
    /// The authority it belongs to; absent for authorities themselves and for national bodies.
    authority: Option<OrganisationId>,
    service_types: Option<Vec<Service>>,
    #[schema(max_items = 8)]
    contacts: Option<Vec<Contact>>,
    /// For authorities: the outcodes whose addresses belong to it.
    outcodes: Option<Vec<String>>,
}

/// A condition of accreditation that an organisation was found to meet.
#[derive(ToSchema)]
pub(in crate::openapi) struct ConditionMet {
    condition: Code,
    met_on: Day,
    /// At most as many months after `met_on` as the policy lets the evidence count.
    valid_until: Day,
    evidence: Option<Reference>,
}

/// A condition that is met no more.
#[derive(ToSchema)]
pub(in crate::openapi) struct ConditionNamed {
    condition: Code,
}

/// An accreditation.
#[derive(ToSchema)]
pub(in crate::openapi) struct Accreditation {
    /// At most three years ahead.
    until: Day,
    /// `both` where nothing is said.
    participation: Option<ParticipationName>,
}

/// A signed agreement.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewAgreement {
    kind: AgreementName,
    /// Which version of its text.
    #[schema(minimum = 0, maximum = 4_294_967_295_u32)]
    version: i64,
    until: Day,
    /// Of a supply agreement: whether it may state others' involvements.
    states_others: Option<bool>,
}

/// Why an organisation is suspended.
#[derive(ToSchema)]
pub(in crate::openapi) struct OrganisationSuspension {
    ground: OrganisationGround,
}

/// What an act left.
#[derive(ToSchema)]
pub(in crate::openapi) struct Done {
    /// Whether it was otherwise before.
    changed: bool,
    position: Option<i64>,
}

/// A page of organisations.
#[derive(ToSchema)]
pub(in crate::openapi) struct Organisations {
    organisations: Vec<OrganisationLine>,
    next: Option<OrganisationId>,
}

/// One organisation.
#[derive(ToSchema)]
pub(in crate::openapi) struct OrganisationLine {
    id: OrganisationId,
    name: String,
    kind: String,
    suspended: bool,
    accredited_until: Option<Day>,
    /// `good`, or the code of what stands in the way.
    may_use: String,
    may_supply: String,
}

/// One organisation with its conditions, agreements and clients.
#[derive(ToSchema)]
pub(in crate::openapi) struct OrganisationWhole {
    id: OrganisationId,
    name: String,
    kind: String,
    suspended: bool,
    accredited_until: Option<Day>,
    may_use: String,
    may_supply: String,
    supply_agreement: Option<AgreementLine>,
    sharing_agreement: Option<AgreementLine>,
    conditions: Vec<ConditionLine>,
    clients: Vec<ClientLine>,
}

/// An agreement as it stands.
#[derive(ToSchema)]
pub(in crate::openapi) struct AgreementLine {
    version: Option<i64>,
    until: Day,
    states_others: Option<bool>,
}

/// A condition of the policy, and how the organisation stands to it.
#[derive(ToSchema)]
pub(in crate::openapi) struct ConditionLine {
    condition: Code,
    /// What it asks for; the wording is the project's own.
    says: Option<String>,
    participation: ParticipationName,
    /// Without a key condition nobody is accredited.
    key: bool,
    /// How long its evidence counts.
    months: i64,
    met_on: Option<Day>,
    valid_until: Option<Day>,
    holds: bool,
}

/// A client of an organisation.
#[derive(ToSchema)]
pub(in crate::openapi) struct ClientLine {
    client_id: ClientIdText,
    revoked: bool,
}

/// A client as it is shown once.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewClient {
    client_id: ClientIdText,
    client_secret: String,
    organisation: OrganisationId,
}

/// A person to be given an account; it may not act yet.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewUser {
    username: Username,
    name: PersonName,
    organisation: OrganisationId,
    role: RoleName,
}

/// An account that was created.
#[derive(ToSchema)]
pub(in crate::openapi) struct UserCreated {
    user_id: Id,
    position: Option<i64>,
}

/// A gate that was passed.
#[derive(ToSchema)]
pub(in crate::openapi) struct GatePassed {
    gate: GateName,
    /// Must be told of a check and a training; at most three years ahead.
    valid_until: Option<Day>,
}

/// Why an account is suspended.
#[derive(ToSchema)]
pub(in crate::openapi) struct UserSuspension {
    ground: AccountGround,
}

/// A person who leaves.
#[derive(ToSchema)]
pub(in crate::openapi) struct Closure {
    /// The last day, at most twelve months ahead; at once where nothing is said.
    on: Option<Day>,
}

/// A code that works once.
#[derive(ToSchema)]
pub(in crate::openapi) struct EnrolmentCode {
    code: String,
    expires_at: Instant,
}

/// What a person who enrolled takes up; shown once.
#[derive(ToSchema)]
pub(in crate::openapi) struct Enrolled {
    /// The seed of the one-time codes, in base 32.
    totp_secret: String,
    /// The same as authenticators scan it.
    otpauth: String,
}

/// A session that was ended.
#[derive(ToSchema)]
pub(in crate::openapi) struct SessionEnded {
    ended: bool,
}

/// A page of accounts.
#[derive(ToSchema)]
pub(in crate::openapi) struct Users {
    users: Vec<Account>,
    next: Option<Id>,
}

/// One account, as whoever keeps it sees it.
#[derive(ToSchema)]
pub(in crate::openapi) struct Account {
    user_id: Id,
    username: String,
    name: PersonName,
    role: RoleName,
    organisation: OrganisationId,
    /// `good`, or the code of what stands in the way.
    standing: String,
    gates: Vec<PassedGate>,
    enrolled: bool,
    activated: bool,
    passkeys: Vec<PasskeyLine>,
    /// Who the person is at identity providers.
    identities: Vec<LinkedIdentity>,
    suspended: Option<AccountGround>,
    leaves_on: Option<Day>,
    signed_in_at: Option<Instant>,
}

/// One gate.
#[derive(ToSchema)]
pub(in crate::openapi) struct PassedGate {
    gate: GateName,
    required: bool,
    passed: bool,
    valid_until: Option<Day>,
}

/// What runs out, soonest first.
#[derive(ToSchema)]
pub(in crate::openapi) struct Expiries {
    #[schema(max_items = 200)]
    expiries: Vec<Expiry>,
}

/// One thing with a last day.
#[derive(ToSchema)]
pub(in crate::openapi) struct Expiry {
    organisation: OrganisationId,
    /// Whose, where it is a person's.
    user_id: Option<Id>,
    /// A gate, `dormancy`, `accreditation`, an agreement, or a condition.
    what: String,
    last_day: Day,
    warning: WarningName,
}

/// Settings that change, by name; all others stay as they are in force.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewProposal {
    settings: Settings,
}

/// The policy in force.
#[derive(ToSchema)]
pub(in crate::openapi) struct PolicyInForce {
    /// 0 for the defaults.
    version: i64,
    settings: Settings,
    proposed: Option<Waiting>,
    /// The versions of the notice that families are given, the first published first.
    notices: Vec<NoticeVersion>,
}

/// A version of the notice.
#[derive(ToSchema)]
pub(in crate::openapi) struct NoticeVersion {
    version: Label,
    /// The day from which it is given.
    on: Day,
    /// Who published it.
    by: Id,
}

/// Settings that wait for a second signature.
#[derive(ToSchema)]
pub(in crate::openapi) struct Waiting {
    proposal: i64,
    settings: Settings,
    by: Id,
}

/// A proposal as it was taken.
#[derive(ToSchema)]
pub(in crate::openapi) struct Proposed {
    proposal: i64,
    position: Option<i64>,
}

/// What a person declared about themself.
#[derive(ToSchema)]
pub(in crate::openapi) struct Declared {
    relationships: Vec<RelationshipLine>,
    /// Since when their home is compared; absent where none is declared.
    home_declared_at: Option<Instant>,
}

/// A relationship that a person declared.
#[derive(ToSchema)]
pub(in crate::openapi) struct RelationshipLine {
    /// The number as it was given, whether or not anybody has it.
    child_number: ChildNumber,
    declared_at: Instant,
}

/// A child to whom a person is related.
#[derive(ToSchema)]
pub(in crate::openapi) struct DeclaredRelationship {
    child_number: ChildNumber,
}

/// Where a person lives.
#[derive(ToSchema)]
pub(in crate::openapi) struct DeclaredHome {
    /// With a postcode; house and street in the first line.
    address: Address,
}

/// A version that was put in force.
#[derive(ToSchema)]
pub(in crate::openapi) struct Signed {
    version: i64,
    position: Option<i64>,
}

/// The reasons that the asker's role may give.
#[derive(ToSchema)]
pub(in crate::openapi) struct Reasons {
    /// What misuse is, to be shown wherever a child is looked for.
    warning: String,
    reasons: Vec<ReasonLine>,
}

/// One reason.
#[derive(ToSchema)]
pub(in crate::openapi) struct ReasonLine {
    reason: Reason,
    demands: Demand,
    /// Whether it stays open for a time once a date ran out, and may override a shield.
    urgent: bool,
}
