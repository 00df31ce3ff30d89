//! From a child to its entry in the index: every term carries the field it came from.
//!
//! Entries are kept on disk: whoever changes what is made here raises `MADE` in `snapshots/head.rs`.

use events::{
    child::Child,
    supplied::{SuppliedAddress, SuppliedChild},
};
use finding::{Entry, NameKind, NamedAs, Place, PlaceKind, Stands, matcher::Held};
use linkage::person::{Person, Told, ToldPlace};
use vocabulary::{Address, AddressState};

/// The entry by which a child is found; `None` for a record that was never opened or names nobody.
///
/// A record in the archive keeps its entry: what a viewer may see of it is judged at the search, by the day of it.
pub(crate) fn index_entry(child: &Child) -> Option<Entry> {
    let number = child.number?;
    let (forename, surname) = (child.forename()?, child.surname()?);
    let text = |name: &vocabulary::PersonName| name.as_str().to_owned();
    let mut names = vec![NamedAs {
        kind: NameKind::Current,
        forename: text(forename),
        middle: child.middle_names().map(text),
        surname: text(surname),
    }];
    if let Some(known_as) = child.known_as() {
        names.push(NamedAs {
            kind: NameKind::KnownAs,
            forename: text(known_as),
            middle: None,
            surname: text(surname),
        });
    }
    let stated = child.stated_names();
    for (former, last) in child.former_names() {
        let kind = if stated.contains(&(former.clone(), last.clone())) {
            NameKind::Stated
        } else {
            NameKind::Former
        };
        names.push(NamedAs { kind, forename: text(&former), middle: None, surname: text(&last) });
    }
    let mut places = Vec::new();
    if let Some(AddressState::Known(address)) = child.address() {
        places.push(place(PlaceKind::Current, &address));
    }
    places.extend(child.previous_addresses().map(|address| place(PlaceKind::Previous, address)));
    Some(Entry {
        names,
        date_of_birth: child.date_of_birth(),
        gender: child.gender(),
        number,
        places,
        stands: Stands {
            shielded: child.is_shielded(),
            archived: child.archived_by_event(),
            authority: child.authority.clone().unwrap_or_else(crate::judge::national_pool),
        },
    })
}

/// What a description is matched with; `None` for a record that was never opened, or was left by everyone who told
/// of it.
///
/// Of every source whose word stands the whole of it. A shielded record is matched by what it shows (rules.md 2.4:
/// the names borne, birth, gender) and by verified identifiers; the rest only tells of a likeness.
pub(crate) fn held(child: &Child) -> Option<Held> {
    let number = child.number?;
    let mut whole = Person::default();
    // In the order they were made, and not that of hashed references: of two words that fit alike the first counts.
    let mut statements: Vec<_> = child.standing_statements().map(|(_, statement)| statement).collect();
    statements.sort_by_key(|statement| statement.since.values().min().copied());
    for statement in &statements {
        whole.learn(&told_of(&statement.told));
    }
    for address in child.previous_addresses() {
        whole.learn(&Told { previous_address: Some(told_place(address)), ..Told::default() });
    }
    if !child.is_shielded() {
        return (whole != Person::default()).then_some(Held { shown: whole, hidden: None, number });
    }
    let text = |name: vocabulary::PersonName| name.as_str().to_owned();
    let mut shown = Person::of(&Told {
        forename: child.forename().cloned().map(text),
        surname: child.surname().cloned().map(text),
        known_as: child.known_as().cloned().map(text),
        date_of_birth: child.date_of_birth(),
        gender: child.gender(),
        ..Told::default()
    });
    for statement in statements {
        shown.learn(&Told {
            nhs_number: statement.told.nhs_number.value().map(|held| held.as_str().to_owned()),
            upn: statement.told.upn.value().map(|held| held.as_str().to_owned()),
            ..Told::default()
        });
    }
    Some(Held { shown, hidden: Some(whole), number })
}

/// Tells whether nothing changed by which a child is matched: cheaper to ask than [`held`] is to make.
pub(crate) fn is_matched_alike(before: &Child, after: &Child) -> bool {
    before.number == after.number
        && before.is_shielded() == after.is_shielded()
        && before.refs == after.refs
        && before.statements == after.statements
}

/// Of a child who is matched alike, tells whether nothing changed by which they are found.
pub(crate) fn is_found_alike(before: &Child, after: &Child) -> bool {
    // Where several tell of a child, whose word stands turns on who works with it (ADR-0022).
    let alone = after.statements.len() <= 1;
    before.authority == after.authority
        && before.life == after.life
        && before.former_names == after.former_names
        && (alone
            || before.involvements == after.involvements
                && before.education == after.education
                && before.primary_care == after.primary_care)
}

/// What one source tells of who somebody is.
pub(crate) fn told_of(told: &SuppliedChild) -> Told {
    let text = |name: &vocabulary::PersonName| name.as_str().to_owned();
    let address = match told.address.value() {
        Some(SuppliedAddress::Known(address)) => Some(told_place(address)),
        Some(SuppliedAddress::Words(_)) | None => None,
    };
    Told {
        forename: told.forename.as_ref().map(text),
        middle_names: told.middle_names.value().map(text),
        surname: told.surname.as_ref().map(text),
        known_as: told.known_as.value().map(text),
        previous_surname: told.previous_surname.value().map(text),
        date_of_birth: told.date_of_birth,
        gender: told.gender,
        address,
        previous_address: told.previous_address.value().map(told_place),
        nhs_number: told.nhs_number.value().map(|number| number.as_str().to_owned()),
        upn: told.upn.value().map(|number| number.as_str().to_owned()),
        identifier: None,
        // A description with a number that fails its check is refused.
        nhs_number_mistyped: None,
        upn_mistyped: None,
    }
}

fn told_place(address: &Address) -> ToldPlace {
    ToldPlace {
        line: address.lines.first().cloned(),
        town: address.town.clone(),
        postcode: address.postcode.as_ref().map(|code| code.as_str().to_owned()),
    }
}

fn place(kind: PlaceKind, address: &Address) -> Place {
    Place {
        kind,
        postcode: address.postcode.clone(),
        street: address.lines.first().cloned(),
        town: address.town.clone(),
    }
}
