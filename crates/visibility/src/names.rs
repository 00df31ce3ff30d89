//! Names: which former names are shown, and to whom.
//!
//! Source: SI 2007/2182 Schedule 1 para 1 (every former name is held); rules.md 2.1; domain.md 3.4 (birth
//! and adopted surnames were linked in March 2009: never again).

use events::child::Child;
use serde::Serialize;
use vocabulary::{FieldGroup, PersonName};

use crate::{groups::Groups, scope::Scope};

/// Which former names were granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Former {
    /// None.
    #[default]
    None,
    /// Those that the viewer's own search matched.
    Matched,
    /// All.
    All,
}

/// Never on a shielded record, to nobody at all; else all to those who are granted every identity (the
/// row's own H: team, data manager, investigator), and the one that a search matched to those who see
/// where the child lives. Asked of a row before a body's own identifiers are granted to it.
pub(crate) fn former(groups: Groups, shielded: bool) -> Former {
    if shielded {
        Former::None
    } else if groups.has(FieldGroup::H) {
        Former::All
    } else if groups.has(FieldGroup::C) {
        Former::Matched
    } else {
        Former::None
    }
}

/// What kind of name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// The name in force.
    Current,
    /// The name that the child is called by.
    KnownAs,
    /// An earlier name.
    Former,
}

/// One name as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Name {
    /// Of which kind.
    pub kind: NameKind,
    /// The forename.
    pub forename: PersonName,
    /// Middle names, of the current name only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_names: Option<PersonName>,
    /// The surname.
    pub surname: PersonName,
}

/// The names granted: current first, then known-as, then former ones in order.
pub(crate) fn granted(scope: &Scope, child: &Child, matched: &[(PersonName, PersonName)]) -> Vec<Name> {
    let (Some(forename), Some(surname)) = (child.forename(), child.surname()) else { return Vec::new() };
    let mut names = Vec::new();
    if scope.has(FieldGroup::A) {
        names.push(Name {
            kind: NameKind::Current,
            forename: forename.clone(),
            middle_names: child.middle_names().cloned(),
            surname: surname.clone(),
        });
        names.extend(child.known_as().map(|known_as| plain(NameKind::KnownAs, known_as, surname)));
    }
    let all = scope.all(|grant| grant.former == Former::All);
    let some = scope.all(|grant| grant.former >= Former::Matched);
    if all || (some && !matched.is_empty()) {
        for former in child.former_names() {
            if all || matched.contains(&former) {
                names.push(plain(NameKind::Former, &former.0, &former.1));
            }
        }
    }
    names
}

pub(crate) fn plain(kind: NameKind, forename: &PersonName, surname: &PersonName) -> Name {
    Name { kind, forename: forename.clone(), middle_names: None, surname: surname.clone() }
}
