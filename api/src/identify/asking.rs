//! Who asks: extractors that turn a bearer token into a person or a client, or refuse.
//!
//! Whoever was identified is counted, and waits for the position they asked for (contract.md section 2: send
//! it back as `If-Position-At-Least` with any read).

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use chrono::{DateTime, Utc};
use directory::{ClientIdentity, Person, VouchError};
use events::{looker::StepUp, organisation::client::ActingUser};
use vocabulary::{AccountId, Assurance, Channel, Position};

use super::{Began, Holder, Owner, shown};
use crate::{door::Door, limits::Subject, problem::Problem};

/// The header by which a case management system names the person who acts.
const ACTING_USER: &str = "acting-user";

/// The header by which one reads one's own write.
const IF_POSITION_AT_LEAST: &str = "if-position-at-least";

/// A person who looks or records: signed in here, or named by a case management system.
pub(crate) struct Viewer(pub(crate) Person);

/// A person who signed in here: what no case management system may do in somebody's name.
pub(crate) struct Staff(pub(crate) Person);

/// A case management system that sends, and what it is known by for as long as it goes on.
pub(crate) struct Supplier(pub(crate) ClientIdentity, pub(crate) Holder);

/// Either: a person, or a client that names none.
pub(crate) enum Asker {
    /// A person.
    Person(Box<Person>),
    /// A client by itself.
    Client(Box<ClientIdentity>),
}

/// A person with the token that they signed in with here.
pub(crate) struct SignedIn {
    /// Whose account.
    pub(crate) account: AccountId,
    /// The token itself.
    pub(crate) token: String,
}

impl FromRequestParts<Arc<Door>> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Viewer, Problem> {
        match Asker::from_request_parts(parts, door).await? {
            Asker::Person(person) => Ok(Viewer(*person)),
            Asker::Client(_) => Err(Problem::new("acting_user_missing")),
        }
    }
}

impl FromRequestParts<Arc<Door>> for Staff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Staff, Problem> {
        let Viewer(person) = Viewer::from_request_parts(parts, door).await?;
        match person.assurance {
            Assurance::OwnSignIn => Ok(Staff(person)),
            Assurance::AssertedByCms => Err(Problem::new("staff_only")),
        }
    }
}

impl FromRequestParts<Arc<Door>> for Supplier {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Supplier, Problem> {
        let (owner, _) = owner(parts, door)?;
        let Owner::Client(holder) = owner else { return Err(Problem::new("client_only")) };
        let client = client(parts, door, &holder)?;
        counted(parts, door, &Subject::Client(holder.client.clone())).await?;
        let certificate = shown(&parts.extensions).copied();
        Ok(Supplier(client, Holder { certificate, ..holder }))
    }
}

impl FromRequestParts<Arc<Door>> for Asker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Asker, Problem> {
        let now = door.directory.now();
        let (asker, subject) = match owner(parts, door)?.0 {
            Owner::Staff { account, since, began, stepped_up_until } => {
                let step_up = stepped_up(stepped_up_until, now);
                let person = own_sign_in(door, account, since, &began, step_up)?;
                (Asker::Person(Box::new(person)), Subject::Account(account))
            }
            Owner::Client(holder) => {
                let client = client(parts, door, &holder)?;
                let asker = match acting_user(&parts.headers)? {
                    Some(acting) => Asker::Person(Box::new(vouched_for(door, client, acting)?)),
                    None => Asker::Client(Box::new(client)),
                };
                (asker, Subject::Client(holder.client))
            }
        };
        counted(parts, door, &subject).await?;
        Ok(asker)
    }
}

impl FromRequestParts<Arc<Door>> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<SignedIn, Problem> {
        let (owner, token) = owner(parts, door)?;
        let Owner::Staff { account, since, began, .. } = owner else {
            return Err(Problem::new("staff_only"));
        };
        own_sign_in(door, account, since, &began, StepUp::Absent)?;
        counted(parts, door, &Subject::Account(account)).await?;
        Ok(SignedIn { account, token })
    }
}

/// The person whose token it is, as they stand this moment, counted like any request: for pages, whose browser keeps
/// the token in a cookie.
pub(crate) fn person_of(door: &Door, token: &str) -> Result<Person, Problem> {
    let now = door.directory.now();
    let invalid = || Problem::new("token_invalid");
    let owner = door.tokens.owner(token, now).ok_or_else(invalid)?;
    let Owner::Staff { account, since, began, stepped_up_until } = owner else { return Err(invalid()) };
    let person = own_sign_in(door, account, since, &began, stepped_up(stepped_up_until, now))?;
    door.limits.request(&Subject::Account(account))?;
    Ok(person)
}

/// Whether the PIN that was given holds still.
fn stepped_up(until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> StepUp {
    if until.is_some_and(|until| until > now) { StepUp::Fresh } else { StepUp::Absent }
}

/// Whose token came with the request.
fn owner(parts: &Parts, door: &Door) -> Result<(Owner, String), Problem> {
    let header = parts.headers.get(header::AUTHORIZATION).ok_or_else(|| Problem::new("token_missing"))?;
    let (scheme, token) = header
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or_else(|| Problem::new("token_invalid"))?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Problem::new("token_missing"));
    }
    let token = token.trim();
    let owner =
        door.tokens.owner(token, door.directory.now()).ok_or_else(|| Problem::new("token_invalid"))?;
    Ok((owner, token.to_owned()))
}

/// The person who signed in at that time, unless new credentials were set since, or what they signed in by was
/// removed.
fn own_sign_in(
    door: &Door,
    account: AccountId,
    since: DateTime<Utc>,
    began: &Began,
    step_up: StepUp,
) -> Result<Person, Problem> {
    let stands = match began {
        Began::Password => true,
        Began::Passkey(passkey) => door.directory.passkey_stands_since(account, passkey, since),
        Began::Identity(identity) => door.directory.identity_stands_since(account, *identity, since),
    };
    door.directory
        .person(account, Channel::Web, Assurance::OwnSignIn, None, step_up)
        .filter(|_| stands && door.directory.credentials_stand_since(account, since))
        .ok_or_else(|| Problem::new("token_invalid"))
}

/// The client that holds a token, over the connection that the token is bound to.
fn client(parts: &Parts, door: &Door, holder: &Holder) -> Result<ClientIdentity, Problem> {
    let shown = shown(&parts.extensions);
    let bound = holder.certificate.as_ref().is_none_or(|certificate| shown == Some(certificate));
    let held = door.directory.client_proven(&holder.client, &holder.proof, shown).filter(|_| bound);
    held.ok_or_else(|| Problem::new("token_invalid"))
}

fn acting_user(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    headers
        .get(ACTING_USER)
        .map(|value| {
            value
                .to_str()
                .map_err(|_| Problem::new("header_invalid").because("Acting-User is not plain text."))
        })
        .transpose()
}

/// The person whom a client vouches for: over its signature, or bare where it is one of the demonstration's.
fn vouched_for(door: &Door, client: ClientIdentity, acting: &str) -> Result<Person, Problem> {
    match client.acting_user {
        // A bare name never looks like three parts of which the first is a JSON object in base64url.
        ActingUser::BareUserName if !acting.starts_with("eyJ") => named(door, client, acting),
        ActingUser::BareUserName | ActingUser::SignedAssertion => {
            let audience = door.settings.audience();
            door.directory.vouched_for(&client, acting.trim(), &audience).map_err(|error| match error {
                VouchError::Unknown => Problem::new("acting_user_unknown"),
                VouchError::Fault(fault) => {
                    let client = &client.sender.client;
                    tracing::info!(client.id = %client, %fault, "an acting user's assertion was refused");
                    Problem::new("acting_user_not_accepted")
                }
            })
        }
    }
}

/// The person whom a demonstration client names bare; only people of its own organisation.
fn named(door: &Door, client: ClientIdentity, username: &str) -> Result<Person, Problem> {
    let unknown = || Problem::new("acting_user_unknown");
    let account = door.directory.account_of_username(username.trim()).ok_or_else(unknown)?;
    let through = Some(client.sender.client);
    let person = door
        .directory
        .person(account, Channel::Cms, Assurance::AssertedByCms, through, StepUp::Absent)
        .ok_or_else(unknown)?;
    // Unknown and another organisation's read alike: a client learns nothing of others' staff.
    if person.organisation == client.sender.organisation { Ok(person) } else { Err(unknown()) }
}

/// Counts the request against its limit, then waits for the position that was asked for.
async fn counted(parts: &Parts, door: &Door, subject: &Subject) -> Result<(), Problem> {
    door.limits.request(subject)?;
    let Some(asked) = parts.headers.get(IF_POSITION_AT_LEAST) else { return Ok(()) };
    let position = asked.to_str().ok().and_then(|text| text.trim().parse().ok()).map(Position);
    let position = position.ok_or_else(|| {
        Problem::new("header_invalid").because("If-Position-At-Least is a position, a whole number.")
    })?;
    door.caught_up(position).await
}
