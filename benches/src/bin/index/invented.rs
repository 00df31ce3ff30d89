//! An invented child in the words of the index.

use finding::{Entry, NameKind, NamedAs, Place, PlaceKind, Stands, matcher::Held};
use linkage::person::{Person, Told, ToldPlace};
use population::{Child, Home};
use uuid::Uuid;
use vocabulary::{ChildId, ChildNumber, OrganisationId};

/// An id as random as those of a directory.
pub(crate) fn child(index: u64) -> ChildId {
    let high = u128::from(spread(index)) << 64;
    ChildId::new(Uuid::from_u128(high | u128::from(spread(index ^ 1 << 40))))
}

/// Numbers are drawn at random too, and never one after the other.
fn number(index: u64) -> ChildNumber {
    ChildNumber::from_draw(spread(index ^ 1 << 50))
}

fn spread(number: u64) -> u64 {
    benches::Draws(number).next_bits()
}

/// What one source tells of a child.
pub(crate) fn told(child: &Child) -> Told {
    let place = |home: &Home| ToldPlace {
        line: Some(home.line.clone()),
        town: Some(home.town.clone()),
        postcode: Some(home.postcode.clone()),
    };
    Told {
        forename: Some(child.forename.to_string()),
        middle_names: child.middle_names.as_ref().map(ToString::to_string),
        surname: Some(child.surname.to_string()),
        known_as: child.known_as.as_ref().map(ToString::to_string),
        previous_surname: child.previous_surname.as_ref().map(ToString::to_string),
        date_of_birth: Some(child.date_of_birth),
        gender: Some(child.gender),
        address: child.home.as_ref().map(place),
        previous_address: child.previous_home.as_ref().map(place),
        nhs_number: child.nhs_number.clone(),
        upn: child.upn.clone(),
        nhs_number_mistyped: None,
        upn_mistyped: None,
        identifier: None,
    }
}

pub(crate) fn held(told: &Told, index: u64) -> Held {
    Held { shown: Person::of(told), hidden: None, number: number(index) }
}

pub(crate) fn entry(told: &Told, index: u64) -> Entry {
    let bearing =
        |kind, forename: &Option<String>, middle: &Option<String>, surname: &Option<String>| NamedAs {
            kind,
            forename: forename.clone().unwrap_or_default(),
            middle: middle.clone(),
            surname: surname.clone().unwrap_or_default(),
        };
    let mut names = vec![bearing(NameKind::Current, &told.forename, &told.middle_names, &told.surname)];
    if told.known_as.is_some() {
        names.push(bearing(NameKind::KnownAs, &told.known_as, &None, &told.surname));
    }
    if told.previous_surname.is_some() {
        names.push(bearing(NameKind::Former, &told.forename, &None, &told.previous_surname));
    }
    let lives = |kind, place: &ToldPlace| Place {
        kind,
        postcode: place.postcode.as_deref().and_then(|text| text.parse().ok()),
        street: place.line.clone(),
        town: place.town.clone(),
    };
    let places = [(PlaceKind::Current, &told.address), (PlaceKind::Previous, &told.previous_address)];
    Entry {
        names,
        date_of_birth: told.date_of_birth,
        gender: told.gender,
        number: number(index),
        places: places.into_iter().filter_map(|(kind, place)| Some(lives(kind, place.as_ref()?))).collect(),
        stands: Stands { shielded: false, archived: None, authority: OrganisationId::NATIONAL_POOL },
    }
}

/// A slip of the pen: two letters changed about, one left out, or one doubled.
pub(crate) fn slip(text: &str, draw: u64) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let last = letters.len().saturating_sub(1);
    let at = usize::try_from(draw % u64::try_from(last.max(1)).unwrap_or(1)).unwrap_or(0);
    match draw / 64 % 3 {
        0 if last > 0 => letters.swap(at, at + 1),
        1 if last > 2 => drop(letters.remove(at)),
        _ => {
            if let Some(letter) = letters.get(at).copied() {
                letters.insert(at, letter);
            }
        }
    }
    letters.into_iter().collect()
}
