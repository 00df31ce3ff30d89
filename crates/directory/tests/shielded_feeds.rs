//! Feeds and shielded children: whatever a feed says, no second record shows what the first hides.
//!
//! The original's feeds made unshielded doubles of shielded children and were stopped for it (Hansard, 12 May 2009).
//! Source: rules.md 2.7; invariants I-7 to I-9.
#![cfg(test)]

use std::{collections::BTreeMap, sync::Arc};

use chrono::{Days, NaiveDate, TimeZone, Utc};
use directory::{
    Cost, Directory, Mode, NewUser, Outcome, OutcomeKind, Person, SearchRequest, Sender, ShieldAsk,
    SuppliedEvent, ports::ToldClock,
};
use event_log::MemoryLog;
use events::{
    child::shield::Ground,
    looker::StepUp,
    organisation::{Agreement, Details, Row},
    search::Criteria,
    supplied::Supplied,
};
use serde_json::{Value, json};
use vault::Vault;
use vocabulary::{
    AccessReason, Assurance, Channel, ChildNumber, ClientId, Label, OrganisationId, OrganisationKind,
    PersonName, Role,
};

const AUTHORITY: &str = "gss:E09000014";
const FEEDS: [(&str, OrganisationKind); 3] = [
    ("urn:100000", OrganisationKind::School),
    ("ods:F85000", OrganisationKind::GpPractice),
    ("ods:WARD", OrganisationKind::Hospital),
];

/// Shielded children in the long run, each with a feed of its own sequence.
const SEQUENCES: u64 = 10_000;

/// How many of them are searched for at the end.
const SEARCHED: u64 = 60;

struct World {
    directory: Directory,
    _folder: tempfile::TempDir,
}

fn id(text: &str) -> OrganisationId {
    text.parse().unwrap()
}

impl World {
    fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let vault = Arc::new(Vault::create(&folder.path().join("keys")).unwrap());
        let clock = Box::new(ToldClock::new(Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap()));
        let directory =
            Directory::on(Arc::new(MemoryLog::new()), vault, &folder.path().join("rows"), clock).unwrap();
        let until = NaiveDate::from_ymd_opt(2027, 12, 31).unwrap();
        for (organisation, kind) in FEEDS.into_iter().chain([(AUTHORITY, OrganisationKind::LocalAuthority)]) {
            let details = Details {
                name: Label::new(&format!("Invented {}", kind.name().replace('_', " "))).unwrap(),
                kind,
                authority: Some(id(AUTHORITY)),
                service_types: vec![],
                contacts: vec![],
                outcodes: if organisation == AUTHORITY { vec!["N17".to_owned()] } else { vec![] },
            };
            let agreement = Some(Agreement { until, states_others: false });
            let row = Row { id: id(organisation), details, accredited_until: Some(until), agreement };
            assert!(directory.import_organisation(row).unwrap());
        }
        World { directory, _folder: folder }
    }

    fn described(&self, feed: (&str, OrganisationKind), child: &Value) -> Outcome {
        self.told(feed, child, Mode::Record)
    }

    fn told(&self, (organisation, kind): (&str, OrganisationKind), child: &Value, mode: Mode) -> Outcome {
        let told: Supplied =
            serde_json::from_value(json!({"type": "child.described", "data": {"child": child}})).unwrap();
        let sender = Sender {
            organisation: id(organisation),
            kind,
            client: ClientId(format!("client-{organisation}")),
            states_others: false,
        };
        let body = child.to_string().into_bytes();
        let event = SuppliedEvent { id: child.to_string(), happened_at: None, body, told };
        self.directory.supply(&sender, event, mode).unwrap().wait().unwrap()
    }

    fn user(&self, role: Role) -> Person {
        let user = NewUser {
            username: role.name().to_owned(),
            name: PersonName::new("Noor").unwrap(),
            organisation: id(AUTHORITY),
            role,
            secrets: None,
            cost: Cost::Demo,
        };
        let (account, _) = self.directory.add_user(user).unwrap();
        self.directory.person(account, Channel::Web, Assurance::OwnSignIn, None, StepUp::Absent).unwrap()
    }

    /// A child told by the authority and shielded by its team; none where it is itself asked about.
    fn shielded(&self, team: &Person, child: &Value) -> Option<ChildNumber> {
        let outcome = self.described((AUTHORITY, OrganisationKind::LocalAuthority), child);
        let number = outcome.child_number?;
        let ask = ShieldAsk::Shield { ground: Ground::DomesticAbuse, review_by: None };
        let (_, shielded) = self.directory.shield(team, number, ask).unwrap();
        assert_eq!(shielded.wait().unwrap().kind, OutcomeKind::Recorded);
        Some(number)
    }

    /// Who is found: number, whether shielded, and whether an outcode is told.
    fn found(&self, person: &Person, criteria: Criteria) -> Vec<(ChildNumber, bool, bool)> {
        let request = SearchRequest {
            criteria,
            reason: Some(AccessReason::NewReferral),
            page: 1,
            on_behalf_of: None,
            case_ref: None,
        };
        let view = now(self.directory.search(person, request)).unwrap().into_view();
        view.results.iter().map(|hit| (hit.child_number, hit.shielded, hit.outcode.is_some())).collect()
    }
}

fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

fn ava(reference: &str) -> Value {
    json!({"local_ref": reference, "forename": "Ava", "surname": "Lowe", "date_of_birth": "2015-04-02",
           "gender": "female",
           "address": {"lines": ["12 Mill Lane"], "town": "London", "postcode": "N17 6AA"}})
}

#[test]
fn march_2009_a_feed_makes_no_unshielded_double_of_a_shielded_child() {
    let world = World::new();
    let (team, practitioner) = (world.user(Role::AuthorityTeam), world.user(Role::Practitioner));
    let mut own = ava("a-1");
    own["previous_surname"] = json!("Birch");
    let number = world.shielded(&team, &own).unwrap();
    let elsewhere = json!({"lines": ["9 High Road"], "town": "Leeds", "postcode": "LS1 4AP"});
    let changes = [
        json!({}),
        json!({"address": elsewhere}),
        json!({"address": null}),
        json!({"surname": "Low"}),
        json!({"forename": "Eva"}),
        json!({"forename": "Lowe", "surname": "Ava"}),
        json!({"surname": "Marsh"}),
        json!({"date_of_birth": "2015-02-04"}),
        json!({"date_of_birth": "2015-01-01", "surname": "Lowes"}),
        json!({"surname": "Lowe-Marsh", "address": elsewhere}),
        json!({"known_as": "Ava", "forename": "Rosalind"}),
        // Nothing but what is hidden is alike: a former name and the home.
        json!({"forename": "Rosalind", "surname": "Birch"}),
        json!({"previous_surname": "Lowe", "surname": "Marsh", "address": elsewhere}),
    ];
    for (row, change) in changes.iter().enumerate() {
        let mut told = ava(&format!("s-{row}"));
        for (field, value) in change.as_object().unwrap() {
            if value.is_null() {
                told.as_object_mut().unwrap().remove(field)
            } else {
                told.as_object_mut().unwrap().insert(field.clone(), value.clone())
            };
        }
        let outcome = world.described(FEEDS[row % 3], &told);
        assert!(
            outcome.kind == OutcomeKind::Queued || outcome.child_number == Some(number),
            "{change}: {outcome:?}"
        );
        assert!(
            outcome.kind != OutcomeKind::Queued || outcome.child_number.is_none(),
            "{change}: {outcome:?}"
        );
    }
    let by_name =
        Criteria { surname: Some("Lowe".to_owned()), birth_year: Some(2015), ..Criteria::default() };
    assert_eq!(world.found(&practitioner, by_name), [(number, true, false)]);
    let by_address = Criteria {
        surname: Some("Lowe".to_owned()),
        postcode: Some("N17 6AA".parse().unwrap()),
        ..Criteria::default()
    };
    assert_eq!(world.found(&practitioner, by_address), []);
}

/// A dry run leaves no trace, so that it may tell nothing of what is hidden.
#[test]
fn a_dry_run_tells_no_likeness_to_what_a_shield_hides() {
    let world = World::new();
    let team = world.user(Role::AuthorityTeam);
    let mut own = ava("a-1");
    own["previous_surname"] = json!("Birch");
    world.shielded(&team, &own).unwrap();
    let mut told = ava("s-1");
    told["forename"] = json!("Rosalind");
    told["surname"] = json!("Birch");
    assert_eq!(world.told(FEEDS[0], &told, Mode::DryRun).kind, OutcomeKind::Recorded);
    assert_eq!(world.told(FEEDS[0], &told, Mode::Record).kind, OutcomeKind::Queued);
    let seen = ava("s-2");
    assert_eq!(world.told(FEEDS[0], &seen, Mode::DryRun).kind, OutcomeKind::Queued, "by name and birth");
}

/// One draw after another, the same in every run.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    fn name(&mut self, syllables: u64) -> String {
        const SOUNDS: [&str; 20] = [
            "ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "za", "dri", "fal", "gor", "hun", "jel",
            "pim", "quo", "sta", "wen", "yor",
        ];
        let text: String = (0..syllables).map(|_| self.one(&SOUNDS)).collect();
        text[..1].to_uppercase() + &text[1..]
    }
}

/// A child whom nobody else is like: the one of this number.
fn somebody(number: u64) -> Value {
    let mut draws = Draws(number << 20);
    let born = NaiveDate::from_ymd_opt(2010, 1, 1).unwrap() + Days::new(draws.below(5_000));
    json!({
        "forename": draws.name(3), "surname": draws.name(4), "date_of_birth": born.to_string(),
        "gender": draws.one(&["female", "male"]),
        "address": {
            "lines": [format!("{} {} Street", 1 + draws.below(200), draws.name(3))], "town": "London",
            "postcode": format!("{}{} {}{}{}", draws.one(&["B", "E", "L", "M", "N", "S"]), 1 + draws.below(98),
                                draws.below(10), draws.one(&["A", "B", "D", "E", "F", "G", "H", "J"]),
                                draws.one(&["L", "N", "P", "Q", "R", "S", "T", "U"])),
        },
    })
}

/// What a feed makes of a name: one letter twice.
fn misspelt(name: &str) -> String {
    let (before, after) = name.split_at(name.len() / 2);
    [before, &after[..1], after].concat()
}

/// Another source's description of the same child, with one or two of its mistakes.
fn as_a_feed_tells(child: &Value, draws: &mut Draws) -> Value {
    let mut told = child.clone();
    let text = |from: &Value, field: &str| from[field].as_str().unwrap().to_owned();
    for _ in 0..=draws.below(2) {
        match draws.below(8) {
            0 => told["forename"] = json!(misspelt(&text(&told, "forename"))),
            1 => told["surname"] = json!(misspelt(&text(&told, "surname"))),
            2 => {
                let former = text(&told, "surname");
                told["surname"] = json!(draws.name(4));
                told["previous_surname"] = json!(former);
            }
            3 => {
                let born: NaiveDate = text(&told, "date_of_birth").parse().unwrap();
                told["date_of_birth"] = json!((born + Days::new(1)).to_string());
            }
            4 => {
                let town = draws.name(2);
                told["address"] = json!({"lines": ["3 Other Road"], "town": town, "postcode": "LS1 4AP"});
            }
            5 => {
                told.as_object_mut().unwrap().remove("address");
            }
            6 => told["gender"] = json!("not_specified"),
            _ => {
                let (forename, surname) = (text(&told, "forename"), text(&told, "surname"));
                told["forename"] = json!(surname);
                told["surname"] = json!(forename);
            }
        }
    }
    told
}

#[test]
fn no_sequence_of_feeds_makes_a_shielded_child_appear_unshielded() {
    let world = World::new();
    let (team, practitioner) = (world.user(Role::AuthorityTeam), world.user(Role::Practitioner));
    let mut numbers = BTreeMap::new();
    for number in 0..SEQUENCES {
        let mut child = somebody(number);
        child["local_ref"] = json!(format!("a-{number}"));
        // Among ten thousand who are all shielded, a few resemble another enough to be asked about themselves.
        let Some(shielded) = world.shielded(&team, &child) else { continue };
        numbers.insert(number, shielded);
        let mut draws = Draws(number << 20 | 1);
        for row in 0..=draws.below(3) {
            let mut told = as_a_feed_tells(&somebody(number), &mut draws);
            told["local_ref"] = json!(format!("f-{number}-{row}"));
            let outcome = world.described(FEEDS[usize::try_from(draws.below(3)).unwrap()], &told);
            let safe = outcome.kind == OutcomeKind::Queued || outcome.child_number == Some(shielded);
            assert!(safe, "{number}: {outcome:?} of {child} told as {told}");
        }
    }
    assert!(numbers.len() as u64 > SEQUENCES * 9 / 10, "{}", numbers.len());
    for (number, own) in numbers.into_iter().step_by(usize::try_from(SEQUENCES / SEARCHED).unwrap()) {
        let child = somebody(number);
        let criteria = Criteria {
            surname: Some(child["surname"].as_str().unwrap().to_owned()),
            date_of_birth: Some(child["date_of_birth"].as_str().unwrap().parse().unwrap()),
            ..Criteria::default()
        };
        let found = world.found(&practitioner, criteria);
        assert!(found.iter().all(|(_, shielded, outcode)| *shielded && !outcode), "{number}: {found:?}");
        assert!(found.iter().any(|(found, ..)| *found == own), "{number}: {found:?}");
    }
}
