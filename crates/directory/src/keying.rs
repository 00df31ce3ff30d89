//! Suppliers' references become keyed hashes before anything is kept (rules.md 6.4).
//!
//! The supplier is part of what is hashed, so that equal references of two suppliers never meet.

use std::collections::BTreeSet;

use events::{
    child::{Child, details::Field},
    supplied::{RefKind, Supplied},
};
use uuid::Uuid;
use vault::{Purpose, Vault};
use vocabulary::{
    BodyHash, ChildNumber, ClientId, EventId, KeyedRef, OrganisationId, Position, Scheme, Stream, StreamKind,
};

/// Replaces every reference in a supplied event by its keyed hash.
pub(crate) fn key_refs(vault: &Vault, supplier: &OrganisationId, told: &mut Supplied) {
    told.each_ref(&mut |kind, reference| {
        let keyed = keyed_ref(vault, supplier, kind, reference.as_str());
        reference.key(keyed);
    });
}

/// The keyed hash of one reference.
pub(crate) fn keyed_ref(vault: &Vault, supplier: &OrganisationId, kind: RefKind, text: &str) -> KeyedRef {
    let (purpose, word): (Purpose, &[u8]) = match kind {
        RefKind::Local => (Purpose::LocalRef, b"local"),
        RefKind::Involvement => (Purpose::InvolvementRef, b"involvement"),
        RefKind::Episode => (Purpose::PersonRef, b"episode"),
        RefKind::Practitioner => (Purpose::PersonRef, b"practitioner"),
        RefKind::Carer => (Purpose::PersonRef, b"carer"),
    };
    hashed(vault, purpose, &[word, supplier.as_str().as_bytes(), text.as_bytes()])
}

/// The reference under which an organisation speaks of a child that it names by number.
pub(crate) fn by_number(vault: &Vault, supplier: &OrganisationId, number: ChildNumber) -> KeyedRef {
    hashed(
        vault,
        Purpose::LocalRef,
        &[b"number", supplier.as_str().as_bytes(), number.to_string().as_bytes()],
    )
}

/// The keyed hash of an identifier of another body.
pub(crate) fn identifier(vault: &Vault, scheme: Scheme, value: &str) -> KeyedRef {
    let word: &[u8] = match scheme {
        Scheme::NhsNumber => b"nhs_number",
        Scheme::Upn => b"upn",
    };
    hashed(vault, Purpose::Identifier, &[word, value.as_bytes()])
}

/// The keyed hashes of every identifier that any standing statement gives the child, with the positions since
/// which they are given.
pub(crate) fn identifiers(vault: &Vault, child: &Child) -> BTreeSet<(KeyedRef, Position)> {
    let mut hashes = BTreeSet::new();
    for (_, statement) in child.standing_statements() {
        let since = |field| statement.since.get(&field).copied().unwrap_or_default();
        if let Some(number) = statement.told.nhs_number.value() {
            let hash = identifier(vault, Scheme::NhsNumber, number.as_str());
            hashes.insert((hash, since(Field::NhsNumber)));
        }
        if let Some(number) = statement.told.upn.value() {
            hashes.insert((identifier(vault, Scheme::Upn, number.as_str()), since(Field::Upn)));
        }
    }
    hashes
}

/// The id of a supplier's event: (client, id), whatever its source says (contract.md section 3).
pub(crate) fn event_id(vault: &Vault, client: &ClientId, id: &str) -> EventId {
    EventId(Uuid::from_bytes(vault.keyed_hash(Purpose::EventId, &[client.0.as_bytes(), id.as_bytes()])))
}

/// The stream of the lists that a client was delivered.
pub(crate) fn lists_of(vault: &Vault, client: &ClientId) -> Stream {
    let id = vault.keyed_hash(Purpose::Login, &[b"client", client.0.as_bytes()]);
    Stream::new(StreamKind::Search, Uuid::from_bytes(id))
}

/// The hash of a supplier's event as sent; never all zero, which means that there was none.
pub(crate) fn body_hash(vault: &Vault, body: &[u8]) -> BodyHash {
    let mut hash = vault.keyed_hash(Purpose::EventBody, &[body]);
    if hash == [0; 16] {
        hash = [1; 16];
    }
    BodyHash(hash)
}

/// The keyed hash of a user name.
pub(crate) fn login(vault: &Vault, username: &str) -> KeyedRef {
    hashed(vault, Purpose::Login, &[username.as_bytes()])
}

/// The keyed hash of who a person is at an identity provider.
pub(crate) fn identity(vault: &Vault, issuer: &str, subject: &str) -> KeyedRef {
    hashed(vault, Purpose::Login, &[b"identity", issuer.as_bytes(), subject.as_bytes()])
}

/// The keyed hash of a home, or of its postcode alone.
pub(crate) fn home(vault: &Vault, parts: &[&str]) -> KeyedRef {
    let parts = parts.iter().map(|part| part.as_bytes());
    let parts: Vec<&[u8]> = std::iter::once(b"home".as_slice()).chain(parts).collect();
    hashed(vault, Purpose::PersonRef, &parts)
}

fn hashed(vault: &Vault, purpose: Purpose, parts: &[&[u8]]) -> KeyedRef {
    KeyedRef::new(Uuid::from_bytes(vault.keyed_hash(purpose, parts)))
}
