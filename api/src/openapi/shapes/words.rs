//! Words and small forms: closed lists, days, numbers with check digits.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, OneOfBuilder, RefOr, Schema,
        schema::{AdditionalProperties, SchemaType, Type},
    },
};
use vocabulary::{AccessReason, FieldGroup, Lot, OrganisationKind, ReviewOutcome, Role, ServiceType, Signal};

/// A text of one form, with an example.
fn text(format: &str, pattern: &str, description: &str, example: &str) -> RefOr<Schema> {
    let mut text = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .description(Some(description))
        .examples([example]);
    if !format.is_empty() {
        text = text.format(Some(utoipa::openapi::SchemaFormat::Custom(format.to_owned())));
    }
    if !pattern.is_empty() {
        text = text.pattern(Some(pattern));
    }
    text.into()
}

/// A text of some length, with an example.
fn sized(most: usize, description: &str, example: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .min_length(Some(1))
        .max_length(Some(most))
        .description(Some(description))
        .examples([example])
        .into()
}

/// One of a closed list of words.
fn word<const N: usize>(description: &str, words: [&'static str; N]) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .description(Some(description))
        .enum_values(Some(words))
        .into()
}

/// One of several forms.
fn one_of<const N: usize>(description: &str, forms: [RefOr<Schema>; N]) -> RefOr<Schema> {
    let forms = forms.into_iter().fold(OneOfBuilder::new(), OneOfBuilder::item);
    forms.description(Some(description)).into()
}

/// An object that holds one field and no other.
fn holding(field: &str, form: RefOr<Schema>) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::Object))
        .property(field, form)
        .required(field)
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
        .into()
}

/// Types of the document that have no fields of their own. The document names a form by its type, and a
/// function cannot make a type: hence a macro.
macro_rules! forms {
    ($($name:ident = $schema:expr;)*) => {$(
        pub(in crate::openapi) struct $name;
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                $schema
            }
        }
        impl ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )*};
}

forms! {
    Day = text("date", "", "A civil day in England.", "2026-03-01");
    Instant = text("date-time", "", "An instant, RFC 3339, UTC.", "2026-11-20T09:00:00Z");
    Id = text("", "^[0-9a-f]{32}$", "An opaque id.", "0190a3c4d5e67f8091a2b3c4d5e6f708");
    PasskeyId = text("", "^[A-Za-z0-9_-]{22,1364}$", "A passkey's id in base64url without padding.", "aW52ZW50ZWQtcGFzc2tleS0x");
    ChildNumber = text(
        "", "^[0-9]{11}$", "Eleven digits, the last an ISO 7064 MOD 11,10 check digit.", "04817263599");
    NhsNumber = text("", "^([0-9] ?){10}$", "Ten digits, the last a check digit.", "9434765919");
    Upn = text("", "", "A check letter, eleven digits, a digit or letter.", "Y228235821866");
    Postcode = text("", "", "A United Kingdom postcode, in either case, with or without its space.", "N17 6AA");
    PersonName = sized(80, "Part of a person's name: 1 to 80 letters of any script, spaces, hyphens, apostrophes, dots.", "Ava");
    Label = sized(80, "A job or team: at most 80 characters and 8 words, never a sentence.", "Assessment");
    Ref = sized(200, "The sender's own reference, 1 to 200 characters; kept as a keyed hash only.", "c-1029");
    Reference = text(
        "", "^(?=.*[0-9])[A-Za-z0-9/._-][A-Za-z0-9 /._-]{0,39}$", "A case's or request's reference, with a digit in it.", "SCR-2026/14");
    OrganisationId = text(
        "", "^(org|urn|ods|gss):[A-Za-z0-9_-]+$",
        "`org:` ours, `urn:` schools, `ods:` health, `gss:` authorities.", "urn:100000");
    Service = word("What kind of service works with the child.", ServiceType::ALL.map(ServiceType::name));
    Reason = word("Why a record is looked at.", AccessReason::ALL.map(AccessReason::name));
    RoleName = word("What a person's account is for.", Role::ALL.map(Role::name));
    Group = word("A group of fields (rules.md 2).", FieldGroup::ALL.map(|group| match group {
        FieldGroup::A => "A",
        FieldGroup::A2 => "A2",
        FieldGroup::B => "B",
        FieldGroup::C => "C",
        FieldGroup::D => "D",
        FieldGroup::E => "E",
        FieldGroup::F => "F",
        FieldGroup::G => "G",
        FieldGroup::H => "H",
        FieldGroup::I => "I",
        FieldGroup::J => "J",
    }));
    Gender = word("Gender as held.", ["female", "male", "not_specified"]);
    NoneKnown = word("There is no known address.", ["none_known"]);
    Relation = word("In what relation to the child.", ["parental_responsibility", "care"]);
    ContactKind = word("By what means.", ["telephone", "mobile", "email", "address"]);
    ContactUse = word("On what occasion.", ["work", "duty", "out_of_hours", "home"]);
    EducationState = word("Where a child is taught.", ["attending", "educated_otherwise", "none_known"]);
    PrimaryCareState = word("Where a child is registered.", ["registered", "none_known"]);
    IntendsReturn = word("Whether a return within three years is intended.", ["yes", "no", "unknown"]);
    Decision = word("What was decided.", ["given", "refused", "withdrawn"]);
    GivenBy = word("Who decided.", ["child", "parent"]);
    Competence = word(
        "How the child's understanding was judged.",
        ["presumed_12_or_over", "assessed_competent", "assessed_not_competent"]);
    Method = word("How the decision was taken.", ["face_to_face", "telephone", "written"]);
    HarmGround = word("Ground of the suspicion.", ["physical", "emotional", "sexual", "neglect", "other"]);
    OverrideGround = word(
        "Why a shield is overridden.",
        ["immediate_danger", "section47", "emergency_protection", "missing_child"]);
    ShieldGround = word(
        "Why a record is shielded.",
        ["domestic_abuse", "adoption_at_risk", "witness_protection", "protected_service", "risk_of_harm"]);
    Purpose = word("What a case is for.", ["section47", "case_review", "child_death", "misuse"]);
    SearchOutcome = word("How a search ended.", ["found", "none", "too_many", "refine"]);
    EventOutcome = word(
        "What came of an event.", ["recorded", "unchanged", "duplicate", "queued", "refused"]);
    DetailField = word(
        "A field of a description.",
        ["forename", "surname", "date_of_birth", "gender", "address", "nhs_number", "upn"]);
    FeedKind = word(
        "What happened.",
        ["event.resolved", "discrepancy.raised", "child.merged", "child.split", "involvement.changed"]);
    QueueReason = word(
        "Why an item waits.",
        ["sounds_alike", "identifier_conflict", "several", "possibly_shielded", "link_disputed"]);
    QueueWord = word("What is decided about an item.", ["link", "new", "reject"]);
    ShieldDecision = word("What is decided about a shield.", ["apply", "refuse", "keep", "lift"]);
    OrganisationKindName = word("What an organisation is.", OrganisationKind::ALL.map(OrganisationKind::name));
    ParticipationName = word("What an accreditation is for.", ["supply", "use", "both"]);
    AgreementName = word("Which agreement.", ["supply", "sharing"]);
    OrganisationGround = word(
        "Why an organisation is suspended.", ["misuse_suspected", "conditions_unmet", "own_request", "dissolved"]);
    AccountGround = word(
        "Why an account is suspended.", ["misuse_suspected", "credentials_lost", "absent", "manager_request"]);
    GateName = word(
        "What must be passed before an account may act.",
        ["eligible_role", "manager_authorisation", "disclosure_check", "training", "agreement", "monitoring", "token"]);
    Demand = word(
        "What a reason demands beside itself.", ["nothing", "own_open_entry", "case_reference", "request"]);
    WarningName = word(
        "How near an end is.",
        ["ran_out", "in_grace", "within_seven_days", "within_thirty_days", "within_sixty_days"]);
    Settings = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::Object))
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(true)))
        .description(Some("Settings of the policy by name, each of its own form."))
        .into();
    Username = text("", "^\\S{1,64}$", "The name a person signs in with: 1 to 64 characters without spaces.", "n.okoro");
    KeyNameText = text("", "^[A-Za-z0-9._:~=-]{1,64}$", "The name of a client's key.", "2026-11");
    SecretNumberText = text("", "^[0-9]{1,9}$", "The how manieth secret of a client it is.", "1");
    ThumbprintText = text("", "^[0-9A-Fa-f:]{64,95}$", "A certificate's SHA-256, in hexadecimal digits.", "c7a196355c0ce40233be8f4ffca601e73bda4a7ee346eb0f9a253acefd8eed1b");
    ClientIdText = text("", "", "The id of a client.", "client-0190a3c4d5e67f80");
    Moment = text("", "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+Z)?$", "An instant of RFC 3339, or a civil day in England.", "2026-11-20");
    MomentOfTheLog = text("", "^([0-9]{1,19}|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+Z)?)$", "A position of the log, an instant of RFC 3339, or a civil day in England.", "2026-11-20");
    SeenBy = text("", "^(role|organisation):", "As whom a record is seen.", "role:practitioner");
    PositionText = text("", "^[0-9]+$", "A position of the log.", "81234");
    EventId = text("", "", "The id of an event.", "child.described-1");
    ReportName = word("The name of a report.", ["usage", "access_review", "overrides", "coverage", "data_quality", "expiries", "consent_reseek", "shields_due", "ended_not_closed"]);
    InboxKind = word(
        "What became of another service; or, where the policy says so, that somebody looked.",
        ["involvement.started", "involvement.ended", "record.opened"]);
    WithholdingGround = word(
        "Why a service does not share.",
        ["would_increase_risk", "consent_refused", "not_necessary", "legal_advice"]);
    WorklistGap = word("What no service is known for.", ["no_education", "no_primary_care"]);
    Code = text("", "^[a-z0-9_]+$", "The stable name of a problem.", "field_unknown");
    TilePath = text("", "", "The path of a tile.", "0/000");
    GroupBy = word("By what a report is grouped.", ["organisation", "role", "reason", "kind", "hour"]);
    Interval = word("By what time a report is cut.", ["day", "week", "month"]);
    BrokeringAbout = word("What was not shown: who works with the child, or what a shield hides.", ["sensitive", "shielded"]);
    BrokeringOutcome = word(
        "What a duty desk answered. A service that declines and one that is not there are one word.",
        ["contact_made", "callback_arranged", "nothing_to_pass_on"]);
    BrokeringState = word("How a request stands.", ["waiting", "overdue", "answered"]);
    ShieldLine = word("What is to be decided: a request, or the review of a shield.", ["request", "review"]);
    ShieldCursor = text("", "^(request|review)-[0-9]+-[0-9a-f]{32}$", "Where a page of the list ended.", "review-20261201-0190a3c4d5e67f8091a2b3c4d5e6f712");
    HoldGround = word(
        "Why a record is held from being purged.",
        ["legal_claim", "criminal_proceedings", "public_inquiry", "case_review", "complaint"]);
    ExtensionBasis = word("For whom a record may stay after eighteen.", ["care_leaver", "learning_difficulty"]);
    PurgeSide = word("For whom an approver speaks.", ["authority", "administration"]);
    TransferDecided = word("What is decided about a move.", ["accept", "decline"]);
    ReviewState = word("Whether a look waits for a review, or was reviewed.", ["waiting", "closed"]);
    ReviewCursor = text("", "^[0-9]{1,3}-[0-9]{1,19}$", "Where a page of reviews or notices ended.", "4-81234");
    ReviewOutcomeWord = word("What came of a review, the gravest last.", ReviewOutcome::ALL.map(ReviewOutcome::name));
    UrgencyWord = word("How soon a person should ask.", ["alarm", "investigation", "alert", "lot", "sample"]);
    LotWord = word("Why a look is reviewed whatever it was.", Lot::ALL.map(Lot::name));
    SignalWord = word("What speaks for asking about a look.", Signal::ALL.map(Signal::name));
    RightsAsker = one_of(
        "Who asks: the child, or the carer whom the record names by this reference.",
        [word("The child.", ["child"]), holding("carer", text("", "^[0-9a-f-]{32,36}$", "As the record names the carer.", "0190a3c4d5e67f8091a2b3c4d5e6f717"))]);
    RightsDisputed = one_of(
        "What is said to be wrong; never how.",
        [word("A setting.", ["education", "primary_care"]),
         holding("field", word("A field of the details.", ["forename", "middle_names", "surname", "known_as", "previous_surname", "date_of_birth", "gender", "address", "previous_address", "nhs_number", "upn", "carers"])),
         holding("involvement", text("", "^[0-9a-f-]{32,36}$", "An involvement.", "0190a3c4d5e67f8091a2b3c4d5e6f705"))]);
    RightsAsked = one_of(
        "What is asked: access, a correction of what is disputed, or an answer to a complaint.",
        [word("What is held, and who looked.", ["access"]),
         holding("correction", RightsDisputed::schema()),
         holding("complaint", word("What it is about.", ["look", "holding", "showing", "consent", "shield", "request"]))]);
    RightsProof = word(
        "By what the identity of whoever asks was proved.", ["photo_document", "two_documents", "known_in_person"]);
    RightsView = word(
        "What a competent child says of a carer's request.", ["agrees", "without_sensitive", "objects"]);
    RightsStepWord = word(
        "A step towards an answer.",
        ["acknowledged", "supplier_asked", "under_investigation", "progress_told", "with_commissioner"]);
    RightsAnswered = one_of(
        "How a request is answered. `pack_issued` is never sent: the pack says it.",
        [word("Without more.", ["pack_issued", "corrected", "upheld", "partly_upheld", "not_upheld", "taken_back"]),
         holding("withheld", word("Why access is withheld.", ["child_objects", "threat", "serious_harm", "court_order"])),
         holding("correction_refused", word("Why nothing was corrected.", ["supplier_maintains", "documented", "right_then"]))]);
    RightsCursor = text("", "^[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9a-f]{32}$", "Where a page of the list ended.", "2026-12-20_0190a3c4d5e67f8091a2b3c4d5e6f715");
    NoticeFor = word(
        "Whom a notice is for.", ["household", "own_copy", "carer_apart"]);
    NoticeAudience = one_of(
        "To whom a notice was given: the household, the child, or the carer who lives elsewhere.",
        [word("The household, or the child.", ["household", "own_copy"]), holding("carer_apart", text("", "^[0-9a-f-]{32,36}$", "As the list names the carer.", "0190a3c4d5e67f8091a2b3c4d5e6f717"))]);
    NoticeMeans = word(
        "How a notice was given.", ["post", "email", "in_person", "through_school", "through_team"]);
    NoticeCursor = text("", "^[0-9]+_[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9a-f]{32}$", "Where a page of the list ended.", "1_1970-01-01_0190a3c4d5e67f8091a2b3c4d5e6f715");
    YesOrNo = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Boolean)).into();
    DryRun = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Boolean)).into();
}
