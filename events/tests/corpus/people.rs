//! Samples of accounts and organisations: who may act.

use events::{
    Fact, account, ceiling, organisation,
    recorded::{Actor, Entry},
    secret::Secret,
};
use vocabulary::{ChildNumber, OrganisationKind, Role, ServiceType, SignatureAlgorithm};

use crate::words::{authority, client, clinic, code, day, duty_desk, entry, id, instant, label, name, staff};

pub(crate) fn samples() -> Vec<Entry> {
    let accounts = accounts().into_iter().map(|(by, event)| entry(by, Fact::Account(event)));
    let organisations = organisations()
        .into_iter()
        .chain(credentials())
        .map(|event| entry(Actor::Shell, Fact::Organisation(event)));
    accounts.chain(organisations).collect()
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn accounts() -> Vec<(Actor, account::Event)> {
    let manager = || staff(Role::UserManager);
    let own = || staff(Role::Practitioner);
    let by = Some(id(0xac5));
    vec![
        (
            manager(),
            account::Event::AccountCreated(account::Created {
                account: id(0xac1),
                username: account::Username::new("n.okoro").unwrap(),
                name: name("Ngozi Okoro"),
                organisation: clinic(),
                role: Role::Practitioner,
            }),
        ),
        (
            manager(),
            account::Event::GateRecorded {
                gate: account::Gate::DisclosureCheck,
                by,
                valid_until: Some(day("2028-05-04")),
            },
        ),
        (
            Actor::Shell,
            account::Event::CredentialsSet(account::Credentials {
                password_hash: secret("invented-password-hash"),
                totp_secret: secret("invented-seed"),
                pin_hash: secret("invented-pin-hash"),
            }),
        ),
        (manager(), account::Event::AccountActivated { by }),
        (manager(), account::Event::AccountSuspended { ground: account::SuspensionGround::MisuseSuspected }),
        (manager(), account::Event::AccountReinstated { by }),
        (manager(), account::Event::LeavingRecorded { on: day("2027-03-31") }),
        (manager(), account::Event::AccountClosed),
        (
            manager(),
            account::Event::EnrolmentIssued {
                code_hash: secret("invented-code-hash"),
                expires_at: "2026-11-26T09:00:00Z".parse().unwrap(),
                by,
            },
        ),
        (own(), account::Event::SignedIn { code_step: 59_350_000 }),
        (own(), account::Event::SignInRefused { fault: account::SignInFault::CodeUsed }),
        (own(), account::Event::SteppedUp),
        (own(), account::Event::CodeReadOut { code_step: 59_350_001 }),
        (
            Actor::System,
            account::Event::CeilingReached(ceiling::Reached {
                counted: ceiling::Counted::Fruitless,
                within: ceiling::Span::Hour,
                limit: 60,
            }),
        ),
        (own(), account::Event::PasskeyRegistered(passkey())),
        (own(), account::Event::PasskeyRemoved { passkey: passkey().passkey }),
        (own(), account::Event::SignedInByPasskey { passkey: passkey().passkey, sign_count: 7 }),
        (own(), account::Event::SteppedUpByPasskey { passkey: passkey().passkey, sign_count: 8 }),
        (own(), account::Event::IdentityLinked(identity())),
        (own(), account::Event::IdentityUnlinked { identity: identity().identity }),
        (own(), account::Event::SignedInByIdentity { identity: identity().identity }),
        (own(), account::Event::RelationshipDeclared { related_to: ChildNumber::from_draw(7) }),
        (manager(), account::Event::RelationshipWithdrawn { related_to: ChildNumber::from_draw(7), by }),
        (own(), account::Event::HomeDeclared(account::Home { house: Some(id(78)), postcode: id(79) })),
        (own(), account::Event::HomeWithdrawn),
    ]
}

fn passkey() -> account::Passkey {
    let public_key = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=".to_owned();
    account::Passkey {
        passkey: "aW52ZW50ZWQtcGFzc2tleS0x".parse().unwrap(),
        algorithm: SignatureAlgorithm::EdDsa,
        public_key: public_key.try_into().unwrap(),
        sign_count: 6,
    }
}

fn identity() -> account::LinkedIdentity {
    account::LinkedIdentity { identity: id(77), provider: "haringey".parse().unwrap() }
}

fn organisations() -> Vec<organisation::Event> {
    let details = || organisation::Details {
        name: label("Mill Lane Clinic"),
        kind: OrganisationKind::MentalHealthService,
        authority: Some(authority()),
        service_types: vec![ServiceType::MentalHealth],
        contacts: vec![duty_desk()],
        outcodes: Vec::new(),
    };
    // Only an authority has outcodes; the sample of the second type is one, so that the field is seen.
    let of_an_authority = organisation::Details {
        name: label("Haringey"),
        kind: OrganisationKind::LocalAuthority,
        authority: None,
        service_types: vec![ServiceType::SocialCare],
        contacts: vec![duty_desk()],
        outcodes: vec!["N17".to_owned()],
    };
    vec![
        organisation::Event::OrganisationRegistered { id: clinic(), details: details() },
        organisation::Event::OrganisationDescribed(of_an_authority),
        organisation::Event::ConditionMet(organisation::ConditionMet {
            condition: code("data_quality"),
            met_on: day("2026-11-02"),
            valid_until: day("2027-11-02"),
            evidence: Some(events::case::Reference::new("EV 2026/17").unwrap()),
        }),
        organisation::Event::ConditionWithdrawn { condition: code("data_quality") },
        organisation::Event::OrganisationAccredited {
            until: day("2028-05-04"),
            participation: events::policy::Participation::Supply,
        },
        organisation::Event::SupplyAgreementSigned(organisation::Agreement {
            until: day("2027-05-04"),
            states_others: false,
            version: Some(3),
        }),
        organisation::Event::SharingAgreementSigned(organisation::Sharing {
            version: 2,
            until: day("2027-05-04"),
        }),
        organisation::Event::OrganisationSuspended {
            ground: organisation::SuspensionGround::ConditionsUnmet,
        },
        organisation::Event::OrganisationReinstated,
        organisation::Event::MonthReported(month()),
        organisation::Event::ClientAdded {
            client: client(),
            secret_hash: Some(secret("invented-secret-hash")),
            acting_user: organisation::ActingUser::SignedAssertion,
        },
        organisation::Event::ClientRevoked { client: client() },
    ]
}

fn month() -> organisation::MonthReported {
    organisation::MonthReported {
        month: day("2026-05-01"),
        counted_on: day("2026-06-01"),
        users: [(Role::Practitioner, 140), (Role::AuthorityTeam, 3)].into(),
        looks: organisation::month::Looks { searches: 900, openings: 410, overrides: 2, replays: 0 },
        children: [(vocabulary::OfChildren::NoEducation, 35)].into(),
    }
}

/// What a client proves itself by. The key and the certificate are invented: nobody holds their other halves.
fn credentials() -> Vec<organisation::Event> {
    let from = instant("2026-06-30T12:00:00Z");
    let kid = || "2026-05".parse().unwrap();
    let public_key = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=".to_owned();
    let thumbprint = "5e".repeat(32).parse().unwrap();
    vec![
        organisation::Event::ClientSecretAdded {
            client: client(),
            number: 2,
            secret_hash: secret("another-invented-hash"),
        },
        organisation::Event::ClientSecretRetired { client: client(), number: 1, from },
        organisation::Event::ClientKeyAdded {
            client: client(),
            key: organisation::client::Key {
                kid: kid(),
                algorithm: SignatureAlgorithm::EdDsa,
                public_key: public_key.try_into().unwrap(),
            },
        },
        organisation::Event::ClientKeyRetired { client: client(), kid: kid(), from },
        organisation::Event::ClientCertificateBound { client: client(), thumbprint },
        organisation::Event::ClientCertificateRetired { client: client(), thumbprint, from },
    ]
}
