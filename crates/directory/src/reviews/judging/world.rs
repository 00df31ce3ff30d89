//! The directory as the engine asks about it: a child compared by numbers, how rare a name is, what came after a look.

use events::supplied::EducationState;
use linkage::normal;
use misuse::{
    Rarity, World,
    queue::{self, DAY},
};
use vocabulary::{Address, AddressState};

use super::gathering::{Gathered, blind, names};
use crate::{Directory, declaring::home_of, disclose::LookError};

/// The rows, with the numbers that a month of looks was gathered in.
pub(super) struct Known<'a> {
    pub(super) directory: &'a Directory,
    pub(super) gathered: &'a Gathered,
}

impl World for Known<'_> {
    type Error = LookError;

    fn child(&self, number: u32) -> Result<queue::Child, LookError> {
        let Some(id) = self.gathered.child(number) else { return Ok(queue::Child::default()) };
        let child = self.directory.load(self.directory.kinship().root(id))?.child;
        let surname = child.surname().map(|surname| normal::words(surname.as_str()).concat());
        let address = match child.address() {
            Some(AddressState::Known(address)) => Some(address),
            Some(AddressState::NoneKnown) | None => None,
        };
        let attends = child.current_education().filter(|held| held.state == EducationState::Attending);
        let home = address.as_ref().and_then(|address| home_of(self.directory.vault(), address));
        Ok(queue::Child {
            surname: surname.as_ref().map_or(0, blind),
            alphabet: surname.as_deref().map_or(0, alphabet),
            carers: child.carers().iter().map(|carer| names(carer.name.as_str()).2).collect(),
            home: home.and_then(|home| home.house).map(blind),
            postcode: home.map(|home| blind(home.postcode)),
            street: address.as_ref().and_then(street),
            school: attends.and_then(|held| Some(blind(held.organisation.as_ref()?.as_str()))),
            authority: child.authority.as_ref().and_then(|authority| self.gathered.organisation(authority)),
            canary: child.canary,
        })
    }

    fn bearers(&self, surname: u64) -> Rarity {
        self.gathered.bearers.get(&surname).copied().unwrap_or(Rarity { bearers: 0, of: 1 })
    }

    /// Among the children of the area that anybody looked at: fewer than there are, so that a chance meeting is
    /// taken for likelier than it is and never for rarer.
    fn colleagues(&self, organisation: u32) -> Rarity {
        let homes = self.gathered.homes.get(&organisation).copied().unwrap_or(0);
        let around = self.authority_of(organisation).and_then(|area| self.gathered.looked_at.get(&area));
        Rarity { bearers: homes, of: around.copied().unwrap_or(self.gathered.children_looked_at()).max(1) }
    }

    fn authority_of(&self, organisation: u32) -> Option<u32> {
        self.gathered.authorities.get(usize::try_from(organisation).ok()?).copied().flatten()
    }

    fn recorded_after(&self, organisation: u32, number: u32, at: u32) -> Result<bool, LookError> {
        let named =
            usize::try_from(organisation).ok().and_then(|place| self.gathered.organisations.get(place));
        let (Some(id), Some(own)) = (self.gathered.child(number), named) else { return Ok(false) };
        let child = self.directory.load(self.directory.kinship().root(id))?.child;
        let day = self.gathered.begins + chrono::Days::new((at / DAY).into());
        Ok(child
            .involvements
            .values()
            .any(|held| !held.in_error && held.organisation == *own && held.started_on > day))
    }
}

/// The street, by its name and the area of its postcode.
fn street(address: &Address) -> Option<u64> {
    let (street, _) = normal::street(address.lines.first()?);
    let postcode = address.postcode.as_ref()?;
    (!street.is_empty()).then(|| blind((street, postcode.outcode())))
}

/// The first eight letters as a number that sorts as they do.
fn alphabet(surname: &str) -> u64 {
    let mut letters = [0; 8];
    for (letter, byte) in letters.iter_mut().zip(surname.bytes()) {
        *letter = byte;
    }
    u64::from_be_bytes(letters)
}
