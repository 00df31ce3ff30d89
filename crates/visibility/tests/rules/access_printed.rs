//! Who may do what, printed as docs/access.md from the decision itself (`BLESS=1` rewrites it).

use std::{fmt::Write as _, fs, path::PathBuf};

use visibility::permission::{Action, Order, Relation, SignIn, Subject, permission};
use vocabulary::Role;

/// How far a role's right goes, read off the decisions.
fn read_off(action: Action, role: Role) -> &'static str {
    let at = |relation, national| {
        let subject = Subject { role, national, sign_in: SignIn::SteppedUp, order: Order::Good };
        permission(subject, action, relation, None).is_ok()
    };
    match (
        at(Relation::OwnOrganisation, false),
        at(Relation::OwnAuthority, false),
        at(Relation::Elsewhere, true),
    ) {
        (false, false, false) => "-",
        (false, false, true) => "national",
        (true, false, _) => "organisation",
        (true, true, false) => "authority",
        (true, true, true) if at(Relation::Elsewhere, false) => "everywhere",
        (true, true, true) => "authority, national",
        (false, true, _) => "?",
    }
}

fn weakest(action: Action) -> &'static str {
    let role = Role::ALL.into_iter().find(|role| read_off(action, *role) != "-").unwrap();
    let takes = |sign_in| {
        let subject = Subject { role, national: true, sign_in, order: Order::Good };
        permission(subject, action, Relation::OwnOrganisation, None).is_ok()
    };
    if takes(SignIn::Asserted) {
        "by a CMS too"
    } else if takes(SignIn::Own) {
        "own sign-in"
    } else {
        "own sign-in and PIN"
    }
}

#[test]
fn the_printed_page_is_what_the_decisions_say() {
    let mut page = include_str!("access.md").to_owned();
    let heads: Vec<&str> = Role::ALL.into_iter().map(Role::name).collect();
    let _ = writeln!(page, "| action | sign-in | {} |", heads.join(" | "));
    let _ = writeln!(page, "|---|---|{}", "---|".repeat(heads.len()));
    for action in Action::ALL {
        let cells: Vec<&str> = Role::ALL.into_iter().map(|role| read_off(action, role)).collect();
        let _ = writeln!(page, "| {} | {} | {} |", action.name(), weakest(action), cells.join(" | "));
    }
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/access.md");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let held = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(held, page, "docs/access.md is not what the decisions say; BLESS=1 rewrites it");
}
