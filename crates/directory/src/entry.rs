//! From a child to its entry in the index: every term carries the field it came from.

use chrono::{DateTime, Utc};
use events::child::{Child, RecordState};
use finding::{Entry, NameKind, NamedAs, Place, PlaceKind, Stands};
use vocabulary::{Address, AddressState, england_day};

/// The entry by which a child is found; `None` for a record that was never opened or names nobody.
///
/// A record in the archive keeps its entry: what a viewer may see of it is judged at the search.
pub(crate) fn index_entry(child: &Child, now: DateTime<Utc>) -> Option<Entry> {
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
    let state = child.record_state(england_day(now));
    Some(Entry {
        names,
        date_of_birth: child.date_of_birth(),
        gender: child.gender(),
        number,
        places,
        stands: Stands {
            shielded: child.is_shielded(),
            findable: matches!(state, RecordState::Live | RecordState::Shielded),
            authority: child.authority.clone().unwrap_or_else(crate::judge::national_pool),
        },
    })
}

fn place(kind: PlaceKind, address: &Address) -> Place {
    Place {
        kind,
        postcode: address.postcode.clone(),
        street: address.lines.first().cloned(),
        town: address.town.clone(),
    }
}
