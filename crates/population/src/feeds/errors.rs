//! Errors of typing and hearing: one letter left out, doubled, changed about or taken for another.

use std::borrow::Cow;

use crate::{names::Name, rng::Draw};

/// Letters that are taken for one another.
const TAKEN_FOR: [(char, char); 8] =
    [('a', 'e'), ('e', 'i'), ('i', 'y'), ('o', 'u'), ('n', 'm'), ('s', 'z'), ('c', 'k'), ('t', 'd')];

/// The name with one letter wrong, the first one never; a name of three letters or fewer as it stands.
pub(super) fn misspelt(name: &str, draw: &mut Draw) -> Name {
    let mut letters: Vec<char> = name.chars().collect();
    let last = letters.len().saturating_sub(1);
    if last < 3 {
        return Cow::Owned(name.to_owned());
    }
    let at = 1 + usize::try_from(draw.below(last as u64 - 1)).unwrap_or(0);
    match draw.below_u32(4) {
        0 => {
            letters.remove(at);
        }
        1 => {
            let doubled = letters.get(at).copied();
            letters.splice(at..at, doubled);
        }
        2 => letters.swap(at, at + 1),
        _ => {
            if let Some(letter) = letters.get_mut(at) {
                let other = TAKEN_FOR.iter().find(|(one, other)| *one == *letter || *other == *letter);
                *letter = other.map_or('e', |(one, other)| if *one == *letter { *other } else { *one });
            }
        }
    }
    Cow::Owned(letters.into_iter().collect())
}
