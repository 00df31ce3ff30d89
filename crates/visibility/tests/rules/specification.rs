//! The rules a second time, written from the table and its sentences alone, and compared over the product
//! of role, kind of body, authority, way in, record state and whose entry it is.
//!
//! Nothing here is shared with the code under test: rights are letters in text, and they are taken away
//! from everything instead of being granted to nothing.

use std::collections::BTreeSet;

use events::child::{Event, lifecycle::Died};
use visibility::{Column, Viewer};
use vocabulary::{Assurance, Channel, OrganisationKind, Role};

use crate::{
    entry::{Entry, Kind},
    matrix::Eyes,
    observed::{Observed, observed},
    world::{EALING, HARINGEY, Standing, World, ago, case, org, viewer},
};

/// live | shielded | override open | archived year 1 | years 2-6 | quarantined. `2` stands for A2.
const TABLE: [(&str, &str); 12] = [
    ("practitioner", "ABCDEF|AB|AB|||"),
    ("national_partner", "ABCDEF|AB|AB|||"),
    ("practitioner_override", "ABCDEF|AB|ABCDEF|||"),
    ("mediator", "ABCDEF|AB|AB|||"),
    ("authority_team of the record", "A2BCDEGHI|ABCDEGHI|ABCDEGHI|||A2BCH"),
    ("data_manager of the record", "A2BCDEGHI|ABCDEGHI|ABCDEGHI|A2BCDEGHI||A2BCH"),
    ("authority_team", "ABCDEF|AB|AB|||"),
    ("data_manager", "ABCDEF|AB|AB|||"),
    ("user_manager", "J|J|J|||"),
    ("auditor of the record", "AJ|AJ|AJ|J|J|"),
    ("investigator, lifted", "A2BCDEGHIJ|ABCDEGHIJ|ABCDEGHIJ|A2BCDEGHIJ|A2BCDEGHIJ|"),
    ("investigator, respected", "A2BCDEGHIJ|AB|AB|A2BCDEGHIJ|A2BCDEGHIJ|"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Web,
    Shell,
    Cms,
    /// Signed in by the directory, carried by a case management system.
    CmsOwnSignIn,
    MediatedForPractitioner,
    MediatedForOverride,
    MediatedForTeam,
}

const WAYS: [Way; 7] = [
    Way::Web,
    Way::Shell,
    Way::Cms,
    Way::CmsOwnSignIn,
    Way::MediatedForPractitioner,
    Way::MediatedForOverride,
    Way::MediatedForTeam,
];

const KINDS: [OrganisationKind; 6] = [
    OrganisationKind::Voluntary,
    OrganisationKind::LocalAuthority,
    OrganisationKind::GpPractice,
    OrganisationKind::School,
    OrganisationKind::MentalHealthService,
    OrganisationKind::NationalSupplier,
];

/// One person: what the table's rows ask for.
#[derive(Debug, Clone, Copy)]
struct Person {
    role: Role,
    kind: OrganisationKind,
    of_record: bool,
    case: Option<&'static str>,
    web: bool,
    mediates: bool,
}

fn rights(person: Person, column: usize) -> BTreeSet<char> {
    if person.kind == OrganisationKind::NationalSupplier {
        return BTreeSet::new();
    }
    let plain = person.role.name();
    let row = match person.role.name() {
        "authority_team" | "data_manager" | "auditor" if person.of_record => format!("{plain} of the record"),
        "investigator" => format!("{plain}, {}", person.case.unwrap_or("without")),
        "mediator" if !person.mediates => "nobody".to_owned(),
        _ => plain.to_owned(),
    };
    let Some((_, cells)) = TABLE.iter().find(|(name, _)| *name == row) else { return BTreeSet::new() };
    let cell = cells.split('|').nth(column).unwrap();
    let mut rights: BTreeSet<char> = cell.chars().collect();
    if !person.web && person.role == Role::PractitionerOverride && column == 2 {
        rights = "AB".chars().collect();
    }
    rights
}

/// The letters of a role's row at a column, for the table of actions.
pub(crate) fn rights_in_words(
    role: Role,
    of_record: bool,
    case: Option<&'static str>,
    web: bool,
    column: usize,
) -> String {
    let kind = OrganisationKind::Voluntary;
    let person = Person { role, kind, of_record, case, web, mediates: role == Role::Mediator };
    rights(person, column).into_iter().collect()
}

/// The own scheme, where a practitioner's row shows more than A and B.
fn own_scheme(person: Person, rights: &BTreeSet<char>) -> Option<&'static str> {
    let works = !["user_manager", "auditor", "investigator"].contains(&person.role.name());
    match person.kind.name() {
        "gp_practice" | "mental_health_service" if works && rights.contains(&'C') => Some("nhs"),
        "school" if works && rights.contains(&'C') => Some("upn"),
        _ => None,
    }
}

fn owns(person: Person, column: usize, own: bool) -> bool {
    let works =
        ["practitioner", "practitioner_override", "national_partner", "authority_team", "data_manager"];
    let works = works.contains(&person.role.name()) || (person.role == Role::Mediator && person.mediates);
    own && works && person.kind != OrganisationKind::NationalSupplier && ![3, 4].contains(&column)
}

/// Whole, line or nothing of one open entry, for one person.
fn one_sees(person: Person, rights: &BTreeSet<char>, column: usize, kind: Kind, own: bool) -> &'static str {
    let by_class = match kind {
        Kind::Universal => 'D',
        Kind::Additional => 'E',
        Kind::Consented | Kind::Suspected | Kind::Protected => 'G',
    };
    if owns(person, column, own) || rights.contains(&by_class) {
        return "whole";
    }
    let told = match kind {
        Kind::Consented => true,
        Kind::Suspected => person.role == Role::PractitionerOverride,
        Kind::Universal | Kind::Additional | Kind::Protected => false,
    };
    if told && rights.contains(&'F') { "line" } else { "" }
}

/// What the view of a record with one entry must hold.
fn expected(
    people: &[(Person, bool)],
    column: usize,
    kind: Kind,
    mut way_rights: Vec<BTreeSet<char>>,
) -> Expected {
    let second_hand = people.len() > 1 || !people[0].0.web;
    for rights in &mut way_rights {
        if second_hand && (column == 1 || column == 2) {
            rights.retain(|right| "AB".contains(*right));
        } else if second_hand && column > 2 {
            rights.clear();
        }
    }
    let mut lesser = way_rights[0].clone();
    lesser.retain(|right| way_rights.iter().all(|rights| rights.contains(right)));
    let schemes = |scheme: &str| {
        people
            .iter()
            .zip(&way_rights)
            .all(|((person, _), rights)| rights.contains(&'H') || own_scheme(*person, rights) == Some(scheme))
    };
    let each_sees: Vec<&str> = people
        .iter()
        .zip(&way_rights)
        .map(|((person, own), rights)| one_sees(*person, rights, column, kind, *own))
        .collect();
    let sees = if each_sees.iter().all(|each| *each == "whole") {
        "whole"
    } else if each_sees.contains(&"") {
        ""
    } else if matches!(kind, Kind::Consented | Kind::Suspected) {
        "line"
    } else {
        ""
    };
    Expected { nhs: schemes("nhs"), upn: schemes("upn"), rights: lesser, sees }
}

#[derive(Debug, PartialEq, Eq)]
struct Expected {
    rights: BTreeSet<char>,
    nhs: bool,
    upn: bool,
    sees: &'static str,
}

/// The same, read off the view.
fn shown(shown: &Observed, looks: bool, kind: Kind) -> Expected {
    let mut rights = BTreeSet::new();
    for group in &shown.groups {
        match group.name() {
            "A2" => rights.insert('2'),
            "F" | "H" => false,
            name => rights.insert(name.chars().next().unwrap()),
        };
    }
    if looks {
        rights.insert('J');
    }
    let line = shown.groups.contains(&vocabulary::FieldGroup::F);
    let sees = match (shown.entries.contains(&kind), line) {
        (true, false) => "whole",
        (false, true) => "line",
        (false, false) => "",
        (true, true) => "both",
    };
    Expected { rights, nhs: shown.nhs_number, upn: shown.upn, sees }
}

fn person_of(viewer: &Viewer, case: Option<&'static str>) -> Person {
    Person {
        role: viewer.role,
        kind: viewer.kind,
        of_record: viewer.authority == Some(org(HARINGEY))
            || (viewer.national && viewer.role == Role::Auditor),
        case,
        web: viewer.channel == Channel::Web || viewer.channel == Channel::Shell,
        mediates: viewer.mediated_for.is_some(),
    }
}

fn arrange(role: Role, kind: OrganisationKind, authority: Option<&str>, way: Way, national: bool) -> Viewer {
    let plain = Viewer { kind, authority: authority.map(org), national, ..viewer(role) };
    let caller = |of| Some(Box::new(Viewer { organisation: org("org:callers"), ..viewer(of) }));
    let channel = Channel::Mediated;
    match way {
        Way::Web => plain,
        Way::Shell => Viewer { channel: Channel::Shell, ..plain },
        Way::Cms => Viewer { channel: Channel::Cms, assurance: Assurance::AssertedByCms, ..plain },
        Way::CmsOwnSignIn => Viewer { channel: Channel::Cms, ..plain },
        Way::MediatedForPractitioner => Viewer { channel, mediated_for: caller(Role::Practitioner), ..plain },
        Way::MediatedForOverride => {
            Viewer { channel, mediated_for: caller(Role::PractitionerOverride), ..plain }
        }
        Way::MediatedForTeam => Viewer { channel, mediated_for: caller(Role::AuthorityTeam), ..plain },
    }
}

/// Judges one viewer at one column and entry; the number of cells compared.
fn compare(
    viewer: &Viewer,
    case_word: Option<&'static str>,
    (column, kind, by): (usize, Kind, &str),
    standing: &Standing,
) -> usize {
    let person = person_of(viewer, case_word);
    let mut people = vec![(person, by == "org:mine")];
    if let Some(caller) = &viewer.mediated_for {
        people.push((Person { web: false, ..person_of(caller, None) }, by == "org:callers"));
    }
    let mut rights: Vec<BTreeSet<char>> = people.iter().map(|(each, _)| rights(*each, column)).collect();
    // An override is opened from the web alone: not from the shell either.
    if viewer.channel == Channel::Shell && column == 2 && viewer.role == Role::PractitionerOverride {
        rights[0].retain(|right| "AB".contains(*right));
    }
    let mut expected = expected(&people, column, kind, rights);
    expected.rights.remove(&'F');
    expected.rights.remove(&'G');
    expected.rights.remove(&'H');
    let approved = case_word.map(|word| {
        let shields =
            if word == "lifted" { visibility::Shields::Lifted } else { visibility::Shields::Respected };
        case(events::case::Purpose::CaseReview, shields)
    });
    let (scope, record) = Eyes::Staff(viewer.clone(), approved).look_at(standing);
    let observed = observed(&record, viewer.role.name());
    let seen = shown(&observed, scope.has(vocabulary::FieldGroup::J), kind);
    assert_eq!(seen, expected, "{viewer:?} at {} of {} by {by}", Column::ALL[column].name(), kind.name());
    "A2BCDEIJ".len() + 4
}

/// A record with one entry of each kind and of each body, in each column.
fn standings() -> Vec<((usize, Kind, &'static str), Standing)> {
    let mut standings = Vec::new();
    for (number, column) in Column::ALL.into_iter().enumerate() {
        for kind in Kind::ALL {
            for by in ["org:theirs", "org:mine", "org:callers"] {
                let died = Died { supplier: org("org:feed"), on: ago(5) };
                let world = World::described().with(Event::ChildDied(died)).entry(&Entry::of(kind).by(by));
                standings.push(((number, kind, by), world.in_column(column)));
            }
        }
    }
    standings
}

#[test]
fn the_views_agree_with_a_second_specification_over_the_whole_product() {
    let mut cells = 0;
    let standings = standings();
    let places = [(Some(HARINGEY), false), (Some(EALING), false), (None, false), (None, true)];
    for role in Role::ALL {
        let cases: &[Option<&'static str>] =
            if role == Role::Investigator { &[None, Some("respected"), Some("lifted")] } else { &[None] };
        for kind in KINDS {
            for (authority, national) in places {
                for way in WAYS {
                    let viewer = arrange(role, kind, authority, way, national);
                    for (which, standing) in &standings {
                        for case in cases {
                            cells += compare(&viewer, *case, *which, standing);
                        }
                    }
                }
            }
        }
    }
    assert!(cells >= 10_000, "only {cells} cells were compared");
}
