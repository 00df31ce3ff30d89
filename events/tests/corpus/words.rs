//! Words for samples: invented people, organisations and ids. Nobody here exists.

use chrono::{DateTime, NaiveDate, Utc};
use events::{
    Fact,
    recorded::{Actor, Asserted, Entry, Person},
    refused::Code,
    weighing::{Weighed, Weighing},
};
use uuid::Uuid;
use vocabulary::{
    AccountId, Assurance, Channel, ClientId, Contact, ContactKind, ContactUse, Label, OrganisationId,
    PersonName, Role, SignInMethod, id::Id,
};

pub(crate) fn id<T>(number: u128) -> Id<T> {
    Id::new(Uuid::from_u128(number))
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn organisation(text: &str) -> OrganisationId {
    text.parse().unwrap()
}

pub(crate) fn school() -> OrganisationId {
    organisation("urn:100001")
}

pub(crate) fn clinic() -> OrganisationId {
    organisation("ods:CLIN1")
}

pub(crate) fn authority() -> OrganisationId {
    organisation("gss:E09000014")
}

pub(crate) fn name(text: &str) -> PersonName {
    PersonName::new(text).unwrap()
}

pub(crate) fn label(text: &str) -> Label {
    Label::new(text).unwrap()
}

pub(crate) fn client() -> ClientId {
    ClientId("client-00000000000000c1".to_owned())
}

pub(crate) fn duty_desk() -> Contact {
    Contact {
        kind: ContactKind::Telephone,
        used: Some(ContactUse::Duty),
        value: "020 7946 0001".to_owned(),
        hours: Some("24 h".to_owned()),
    }
}

pub(crate) fn supplier() -> Actor {
    Actor::Supplier { organisation: clinic(), client: Some(client()) }
}

fn person(account: u128, role: Role) -> Person {
    Person {
        account: id(account),
        organisation: authority(),
        role,
        channel: Channel::Web,
        assurance: Assurance::OwnSignIn,
        on_behalf_of: None,
        called_back: false,
        client: None,
        asserted: None,
    }
}

pub(crate) fn staff(role: Role) -> Actor {
    Actor::Person(person(0xac1, role))
}

/// A mediator, for a colleague.
pub(crate) fn mediator() -> Actor {
    let caller: AccountId = id(0xac2);
    Actor::Person(Person {
        channel: Channel::Mediated,
        on_behalf_of: Some(caller),
        called_back: true,
        ..person(0xac3, Role::Mediator)
    })
}

/// Someone through a case management system.
pub(crate) fn through_a_client() -> Actor {
    Actor::Person(Person {
        channel: Channel::Cms,
        assurance: Assurance::AssertedByCms,
        client: Some(client()),
        asserted: Some(Asserted {
            signed_in_at: instant("2026-05-04T07:30:00Z"),
            methods: vec![SignInMethod::Pwd, SignInMethod::Otp],
            kid: "2026-05".parse().unwrap(),
        }),
        ..person(0xac4, Role::Practitioner)
    })
}

pub(crate) fn entry(by: Actor, fact: Fact) -> Entry {
    Entry { by, cause: None, facts: vec![fact] }
}

/// A surname and a day of birth that agree.
pub(crate) fn weighing() -> Weighing {
    let weighed = |field: &str, level: &str, weight| Weighed {
        field: Code::new(field).unwrap(),
        level: Code::new(level).unwrap(),
        weight,
    };
    Weighing {
        model: Code::new("children_1").unwrap(),
        prior: -1_461,
        fields: vec![weighed("surname", "same", 1_120), weighed("date_of_birth", "same", 1_255)],
        kin: 31,
        rivals: 4,
        odds: 879,
    }
}

pub(crate) fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}
