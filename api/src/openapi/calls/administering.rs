//! Calls that keep organisations, people and policy.

use serde_json::json;

use super::{Call, Who, get, post};
use crate::{
    identify::enrolments::Enrolment,
    openapi::shapes::{administration as shape, asked, words},
};

const ORGANISATIONS: &str = "Organisations";
const PEOPLE: &str = "People";
const POLICY: &str = "Policy";

const USER: &str = "0190a3c4d5e67f8091a2b3c4d5e6f711";

pub(super) fn calls() -> Vec<Call> {
    let mut calls = organisations();
    calls.extend(acts());
    calls.extend(clients());
    calls.extend(people());
    calls.extend(gates());
    calls.extend(policy());
    calls
}

fn done(call: Call, says: &str) -> Call {
    call.gives::<shape::Done>(201, says, json!({"changed": true, "position": 81244}))
}

fn organisations() -> Vec<Call> {
    let line = json!({
        "id": "urn:100000", "name": "Mill Lane Primary", "kind": "school", "suspended": false,
        "accredited_until": "2027-11-19", "may_use": "good", "may_supply": "agreement_expired"
    });
    let mut whole = line.clone();
    whole["sharing_agreement"] = json!({"version": 2, "until": "2027-11-19"});
    whole["conditions"] = json!([{
        "condition": "training_plan", "says": "Trains every user before access, and again every year.",
        "participation": "use", "key": true, "months": 12, "met_on": "2026-11-02", "valid_until": "2027-11-01",
        "holds": true
    }]);
    whole["clients"] = json!([{"client_id": "client-0190a3c4d5e67f80", "revoked": false}]);
    vec![
        get("/api/v1/organisations", "listOrganisations")
            .says(ORGANISATIONS, "List the organisations one keeps or reads", "Fifty a page: for user managers their own, for an authority's team and administrators the authority's, for national bodies all.")
            .by(Who::Person)
            .asks::<words::OrganisationId>("after", "Where the page before ended.")
            .gives::<shape::Organisations>(200, "A page.", json!({"organisations": [line]})),
        post("/api/v1/organisations", "registerOrganisation")
            .says(ORGANISATIONS, "Register an organisation", "It may do nothing before it is accredited.")
            .by(Who::Person)
            .takes::<shape::NewOrganisation>(json!({
                "id": "urn:100000", "name": "Mill Lane Primary", "kind": "school", "authority": "gss:E09000014",
                "service_types": ["school"],
                "contacts": [{"kind": "telephone", "use": "work", "value": "020 7946 0002"}]
            }))
            .gives::<shape::Done>(201, "Registered.", json!({"changed": true, "position": 81244})),
        get("/api/v1/organisations/{id}", "getOrganisation")
            .says(ORGANISATIONS, "Read an organisation's conditions, agreements and clients", "")
            .by(Who::Person)
            .part::<words::OrganisationId>("id", "Which.")
            .gives::<shape::OrganisationWhole>(200, "The organisation.", whole),
    ]
}

fn acts() -> Vec<Call> {
    let at = |path, name| post(path, name).by(Who::Person).part::<words::OrganisationId>("id", "Which.");
    let call = |path, name, summary, says| at(path, name).says(ORGANISATIONS, summary, says);
    vec![
        done(
            call(
                "/api/v1/organisations/{id}/conditions",
                "recordCondition",
                "Record that a condition is met",
                "With the day of its evidence and the last day on which that counts.",
            )
            .takes::<shape::ConditionMet>(json!({
                "condition": "training_plan", "met_on": "2026-11-02", "valid_until": "2027-11-01",
                "evidence": "EV 2026/17"
            })),
            "Recorded.",
        ),
        done(
            call(
                "/api/v1/organisations/{id}/conditions/withdrawal",
                "withdrawCondition",
                "Record that a condition is met no more",
                "A key condition costs the standing at once.",
            )
            .takes::<shape::ConditionNamed>(json!({"condition": "training_plan"})),
            "Recorded.",
        ),
        done(
            call(
                "/api/v1/organisations/{id}/accreditation",
                "accreditOrganisation",
                "Accredit an organisation",
                "Every key condition of the policy must hold, and for use the information sharing agreement.",
            )
            .takes::<shape::Accreditation>(json!({"until": "2027-11-19", "participation": "use"})),
            "Accredited.",
        ),
        done(
            call("/api/v1/organisations/{id}/agreements", "signAgreement", "Record a signed agreement", "")
                .takes::<shape::NewAgreement>(json!({
                "kind": "supply", "version": 3, "until": "2027-11-19", "states_others": false
            })),
            "Signed.",
        ),
        done(
            call(
                "/api/v1/organisations/{id}/suspension",
                "suspendOrganisation",
                "Suspend an organisation",
                "With its people and its clients, from the next request on; there is no grace.",
            )
            .takes::<shape::OrganisationSuspension>(json!({"ground": "misuse_suspected"})),
            "Suspended.",
        ),
        done(
            call(
                "/api/v1/organisations/{id}/reinstatement",
                "reinstateOrganisation",
                "End the suspension of an organisation",
                "",
            )
            .takes::<asked::Nothing>(json!({})),
            "Reinstated.",
        ),
    ]
}

fn clients() -> Vec<Call> {
    vec![
        post("/api/v1/organisations/{id}/clients", "addClient")
            .says(ORGANISATIONS, "Let a case management system connect", "The secret is shown once.")
            .by(Who::Person)
            .part::<words::OrganisationId>("id", "Whose.")
            .takes::<asked::Nothing>(json!({}))
            .gives::<shape::NewClient>(
                201,
                "Id and secret.",
                json!({
                    "client_id": "client-0190a3c4d5e67f80", "client_secret": "…", "organisation": "urn:100000"
                }),
            ),
        done(
            post("/api/v1/clients/{id}/revocation", "revokeClient")
                .says(ORGANISATIONS, "Let a client connect no more", "From the next request on.")
                .by(Who::Person)
                .part::<words::ClientIdText>("id", "Which.")
                .takes::<asked::Nothing>(json!({})),
            "Revoked.",
        ),
    ]
}

fn people() -> Vec<Call> {
    let user = json!({
        "user_id": USER, "username": "n.okoro", "name": "Ngozi Okoro", "role": "practitioner",
        "organisation": "urn:100000", "standing": "account_not_activated",
        "gates": [{"gate": "training", "required": true, "passed": true, "valid_until": "2027-11-01"}],
        "enrolled": false, "activated": false, "passkeys": [], "identities": []
    });
    vec![
        get("/api/v1/users", "listUsers")
            .says(PEOPLE, "List the accounts of an organisation", "Fifty a page.")
            .by(Who::Person)
            .asks::<words::OrganisationId>("organisation", "Of which organisation.")
            .must()
            .asks::<words::Id>("after", "Where the page before ended.")
            .gives::<shape::Users>(200, "A page.", json!({"users": [user]})),
        post("/api/v1/users", "createUser")
            .says(PEOPLE, "Give a person an account", "It may not act before every gate is passed and it is activated. A user manager gives the roles of practice; docs/access.md says who gives which.")
            .by(Who::Person)
            .takes::<shape::NewUser>(json!({
                "username": "n.okoro", "name": "Ngozi Okoro", "organisation": "urn:100000", "role": "practitioner"
            }))
            .gives::<shape::UserCreated>(201, "The account.", json!({"user_id": USER, "position": 81244})),
        get("/api/v1/users/{id}", "getUser")
            .says(PEOPLE, "Read an account with its gates", "")
            .by(Who::Person)
            .part::<words::Id>("id", "Which.")
            .gives::<shape::Account>(200, "The account.", user),
        get("/api/v1/expiries", "listExpiries")
            .says(PEOPLE, "List what runs out", "Within sixty days, or already: checks, trainings, accreditations, agreements, conditions, and accounts that fall asleep; soonest first. For national bodies people's own are listed of one organisation at a time.")
            .by(Who::Person)
            .asks::<words::OrganisationId>("organisation", "Of this organisation only.")
            .gives::<shape::Expiries>(200, "What runs out.", json!({"expiries": [{
                "organisation": "urn:100000", "user_id": USER, "what": "training", "last_day": "2026-11-27",
                "warning": "within_seven_days"
            }]})),
    ]
}

fn gates() -> Vec<Call> {
    let at = |path, name| post(path, name).by(Who::Person).part::<words::Id>("id", "Which account.");
    vec![
        done(
            at("/api/v1/users/{id}/gates", "recordGate")
                .says(PEOPLE, "Record that a gate was passed", "Never one's own.")
                .takes::<shape::GatePassed>(json!({"gate": "training", "valid_until": "2027-11-01"})),
            "Recorded.",
        ),
        at("/api/v1/users/{id}/enrolment", "issueEnrolment")
            .says(PEOPLE, "Hand out an enrolment code", "With it the person sets password and PIN and takes up a token, at first and after a loss; whoever hands it out learns none of them.")
            .takes::<asked::Nothing>(json!({}))
            .gives::<shape::EnrolmentCode>(201, "The code, shown once.", json!({
                "code": "…", "expires_at": "2026-11-23T09:00:00Z"
            })),
        post("/api/v1/enrolments", "enrol")
            .says(PEOPLE, "Take up password, PIN and token", "With the code from the user manager. Ends every session of the account.")
            .takes::<Enrolment>(json!({
                "username": "n.okoro", "code": "…", "password": "…", "pin": "4821"
            }))
            .gives::<shape::Enrolled>(201, "The seed of the one-time codes, shown once.", json!({
                "totp_secret": "…", "otpauth": "otpauth://totp/Contactpoint?secret=…&issuer=Contactpoint"
            })),
        done(
            at("/api/v1/users/{id}/activation", "activateUser")
                .says(PEOPLE, "Let an account act", "Every gate must be passed; never one's own.")
                .takes::<asked::Nothing>(json!({})),
            "It may act.",
        ),
        done(
            at("/api/v1/users/{id}/suspension", "suspendUser")
                .says(PEOPLE, "Suspend an account", "From the next request on; there is no grace. On suspicion at once.")
                .takes::<shape::UserSuspension>(json!({"ground": "misuse_suspected"})),
            "Suspended.",
        ),
        done(
            at("/api/v1/users/{id}/reinstatement", "reinstateUser")
                .says(PEOPLE, "End the suspension of an account", "After suspected misuse by the authority's team or an administrator, with the PIN.")
                .takes::<asked::Nothing>(json!({})),
            "Reinstated.",
        ),
        done(
            at("/api/v1/users/{id}/closure", "closeUser")
                .says(PEOPLE, "Close the account of a person who leaves", "At once, or after the last day.")
                .takes::<shape::Closure>(json!({"on": "2026-12-31"})),
            "Closed, or to be closed.",
        ),
    ]
}

fn policy() -> Vec<Call> {
    let settings = json!({"brokering_minutes": 20});
    vec![
        get("/api/v1/policy", "getPolicy")
            .says(POLICY, "Read the policy in force", "And what waits for a second signature.")
            .by(Who::Person)
            .gives::<shape::PolicyInForce>(200, "The policy.", json!({"version": 0, "settings": settings, "notices": []})),
        post("/api/v1/policy/proposals", "proposePolicy")
            .says(POLICY, "Propose settings and sign for them", "By an administrator of a national body, the PIN given. A newer proposal takes the place of an older.")
            .by(Who::Person)
            .takes::<shape::NewProposal>(json!({"settings": settings}))
            .gives::<shape::Proposed>(201, "The number of the proposal.", json!({"proposal": 4, "position": 81244})),
        post("/api/v1/policy/proposals/{id}/signature", "signPolicy")
            .says(POLICY, "Sign what another proposed", "Which puts it in force. It is never applied to what was stored before.")
            .by(Who::Person)
            .part::<words::PositionText>("id", "The number of the proposal.")
            .takes::<asked::Nothing>(json!({}))
            .gives::<shape::Signed>(201, "The version.", json!({"version": 1, "position": 81245})),
        get("/api/v1/reasons", "listReasons")
            .says(POLICY, "List the reasons one's role may give", "And what misuse is, to be shown wherever a child is looked for.")
            .by(Who::Person)
            .gives::<shape::Reasons>(200, "The reasons.", json!({
                "warning": "Look only for a child whom your work concerns. …",
                "reasons": [{"reason": "continuing_support", "demands": "own_open_entry", "urgent": false}]
            })),
    ]
}
