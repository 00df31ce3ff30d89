//! Sentences 4 and 5 of rules.md 2, protected services, quarantine and archive, and invariant I-12, by name.

use events::case::{Case, Opened, Purpose, Reference};
use events::child::{
    Event, RecordState,
    consent::{HarmReviewed, Withdrawn},
    identity::LinkDisputed,
    involvement::InError,
};
use serde_json::json;
use visibility::{
    ApprovedCase, Column, Found, Override, SearchFacts, SearchField, Shields, Sight, Viewer, hit, scope,
    searchable, view, views::Organisation,
};
use vocabulary::{
    AccountId, Assurance, CaseId, ChildId, ChildNumber, FieldGroup, Gender, HarmGround, OrganisationId, Role,
};

use crate::{
    entry::{Entry, Kind},
    matrix::{Eyes, rows},
    observed::{entries, json, list, practitioner, seen},
    world::{
        HARINGEY, Register, World, ago, by_cms, case, elsewhere, id, mediating, name, org, source, today,
        viewer,
    },
};

// Sentence 4.

#[test]
fn a_shielded_record_is_found_only_by_what_is_visible_on_it() {
    let authority = org(HARINGEY);
    for row in rows() {
        let Eyes::Staff(viewer, _) = &row.eyes else { continue };
        let state = RecordState::Shielded;
        let facts = SearchFacts { authority: Some(&authority), shielded: true, state };
        let searchable = searchable(viewer, &facts);
        assert!(!searchable.has(SearchField::Address), "{}", row.label);
        assert!(!searchable.has(SearchField::FormerName), "{}", row.label);
        if let Some(hit) = hit(searchable, found()) {
            let hit = serde_json::to_value(hit).unwrap();
            assert_eq!(hit["shielded"], true);
            assert_eq!((hit.get("outcode"), hit.get("local_authority")), (None, None), "{}", row.label);
            assert!(list(&hit, "names").iter().all(|name| name["kind"] != "former"));
        }
    }
}

/// What the index takes for granted, which asks of one child before it searches.
#[test]
fn where_one_live_child_may_be_found_by_address_so_may_every_other_that_is_found() {
    let state = RecordState::Live;
    let of = |viewer: &Viewer, authority: &OrganisationId| {
        searchable(viewer, &SearchFacts { authority: Some(authority), shielded: false, state })
    };
    for row in rows() {
        let Eyes::Staff(viewer, _) = &row.eyes else { continue };
        let nobodys = of(viewer, &OrganisationId::NATIONAL_POOL);
        let haringeys = of(viewer, &org(HARINGEY));
        let by_address = nobodys.has(SearchField::Address);
        assert!(
            !by_address || !haringeys.is_findable() || haringeys.has(SearchField::Address),
            "{}",
            row.label
        );
    }
}

fn found() -> Found {
    Found {
        child_number: ChildNumber::from_draw(7),
        forename: name("Ava"),
        middle_names: None,
        surname: name("Lowe"),
        known_as: Some(name("Avie")),
        former_names_matched: vec![(name("Ava"), name("Lane"))],
        date_of_birth: ago(4000),
        gender: Gender::Female,
        outcode: Some("N17".to_owned()),
        local_authority: Some(Organisation { id: org(HARINGEY), name: "Haringey".to_owned() }),
        score: 0.9,
    }
}

#[test]
fn a_hit_on_an_unshielded_record_tells_outcode_authority_and_the_name_matched() {
    let authority = org(HARINGEY);
    let state = RecordState::Live;
    let facts = SearchFacts { authority: Some(&authority), shielded: false, state };
    let hit = hit(searchable(&practitioner(), &facts), found()).unwrap();
    assert_eq!(
        serde_json::to_value(hit).unwrap(),
        json!({
            "child_number": ChildNumber::from_draw(7).to_string(),
            "names": [
                {"kind": "current", "forename": "Ava", "surname": "Lowe"},
                {"kind": "known_as", "forename": "Avie", "surname": "Lowe"},
                {"kind": "former", "forename": "Ava", "surname": "Lane"}
            ],
            "date_of_birth": ago(4000), "gender": "female", "outcode": "N17",
            "local_authority": {"id": HARINGEY, "name": "Haringey"}, "score": 0.9, "shielded": false
        })
    );
}

// Sentence 5.

#[test]
fn an_override_counts_for_the_right_alone_with_own_sign_in_and_own_eyes() {
    let (child, opened, sight) = World::full().in_column(Column::OverrideOpen);
    let opens = |viewer: &Viewer| scope(viewer, &child, opened, &sight).has(FieldGroup::C);
    let right = viewer(Role::PractitionerOverride);
    assert!(opens(&right));
    assert!(!opens(&by_cms(right.clone())));
    assert!(!opens(&mediating(right.clone())));
    assert!(!opens(&practitioner()));
    let record = json(&view(&right, &child, opened, &Register, &sight));
    assert_eq!((&record["shielded"], &record["sensitive_services"]), (&json!(true), &json!("unspecified")));
    assert!(!record.to_string().contains("mental_health"), "never G");
}

#[test]
fn a_view_behind_a_shield_is_known_as_one() {
    let hidden = |viewer: &Viewer, column| {
        let (child, opened, sight) = World::full().in_column(column);
        scope(viewer, &child, opened, &sight).is_hidden_view()
    };
    let team = viewer(Role::AuthorityTeam);
    assert!(hidden(&team, Column::Shielded));
    assert!(!hidden(&team, Column::Live));
    assert!(!hidden(&practitioner(), Column::Shielded));
    assert!(!hidden(&viewer(Role::Auditor), Column::Shielded));
    assert!(hidden(&viewer(Role::PractitionerOverride), Column::OverrideOpen));
}

// Rules 1.4, 3.3, 2.7 and invariant I-12.

#[test]
fn after_consent_was_withdrawn_or_has_lapsed_no_view_of_anyone_holds_the_entry() {
    let entry = |kind| Entry { lead: true, assessed: true, ..Entry::of(kind).by("org:mine") };
    let consented = entry(Kind::Consented);
    let suspected = entry(Kind::Suspected);
    let withdrawn = World::described()
        .entry(&consented)
        .with(Event::ConsentWithdrawn(Withdrawn { episode: consented.episode(), decided_on: today() }));
    let lapsed = World::described().entry(&suspected).with(Event::SignificantHarmReviewed(HarmReviewed {
        episode: suspected.episode(),
        ground: HarmGround::Neglect,
        decided_by: name("Jo Senior"),
        review_by: ago(1),
    }));
    for row in rows() {
        for column in Column::ALL {
            for (world, service) in [(&withdrawn, "mental_health"), (&lapsed, "substance_misuse")] {
                let (_, record) = row.eyes.look(world.clone(), column);
                let view = json(&record);
                let text = view.to_string();
                assert_eq!(entries(&view), 0, "{}", row.label);
                assert!(!text.contains(service) && !text.contains("unspecified"), "{}", row.label);
            }
        }
    }
    let tombstone = &seen(&viewer(Role::AuthorityTeam), &withdrawn)["history"]["consents_withdrawn"];
    assert_eq!(*tombstone, json!(1), "that there was one is left for the team");
    assert_eq!(seen(&practitioner(), &withdrawn), seen(&practitioner(), &World::described()));
}

#[test]
fn ordinary_viewers_see_nothing_of_a_protected_service_and_the_team_sees_it_whole() {
    let world = World::described().entry(&Entry::of(Kind::Protected));
    for role in [Role::Practitioner, Role::PractitionerOverride, Role::NationalPartner] {
        assert_eq!(seen(&viewer(role), &world), seen(&viewer(role), &World::described()));
    }
    let team = seen(&viewer(Role::AuthorityTeam), &world);
    assert_eq!(team["involvements"][0]["class"], "protected");
    let other_team = elsewhere(viewer(Role::DataManager));
    assert_eq!(entries(&seen(&other_team, &world)), 0);
}

#[test]
fn entries_in_error_and_of_a_disputed_link_are_seen_by_nobody() {
    let entry = Entry::of(Kind::Additional).by("org:mine");
    let in_error = World::described()
        .entry(&entry)
        .with(Event::InvolvementEnteredInError(InError { involvement: entry.id }));
    let disputed =
        World::described().entry(&entry).with(Event::LinkDisputed(LinkDisputed { local_ref: source() }));
    for row in rows() {
        for world in [&in_error, &disputed] {
            let (_, record) = row.eyes.look(world.clone(), Column::Live);
            assert_eq!(entries(&json(&record)), 0, "{}", row.label);
        }
    }
    assert_eq!(seen(&viewer(Role::AuthorityTeam), &disputed)["history"]["links_disputed"], 1);
}

#[test]
fn in_quarantine_a_supplier_sees_its_own_entry_and_nothing_of_the_child() {
    let world = World::full().entry(&Entry { id: id(9), ..Entry::of(Kind::Additional).by("org:mine") });
    let (child, opened, sight) = world.in_column(Column::Quarantined);
    let view = json(&view(&practitioner(), &child, opened, &Register, &sight));
    assert_eq!(view.as_object().unwrap().keys().collect::<Vec<_>>(), ["involvements"]);
    assert_eq!(entries(&view), 1);
}

#[test]
fn an_archived_record_is_shielded_still() {
    let world = World::full().shielded().archived(10);
    let manager = seen(&viewer(Role::DataManager), &world);
    assert!(list(&manager, "names").iter().all(|name| name["kind"] != "former"));
    let sight = Sight::on(today());
    assert!(scope(&viewer(Role::DataManager), &world.child, Override::None, &sight).is_hidden_view());
}

#[test]
fn a_case_that_respects_shields_respects_them_in_the_archive_too() {
    let world = World::full().shielded().archived(10);
    let look = |shields| {
        let sight = Sight { case: Some(case(Purpose::ChildDeath, shields)), ..Sight::on(today()) };
        let scope = scope(&viewer(Role::Investigator), &world.child, Override::None, &sight);
        (scope.has(FieldGroup::C), scope.has(FieldGroup::B))
    };
    assert_eq!(look(Shields::Respected), (false, true));
    assert_eq!(look(Shields::Lifted), (true, true));
}

#[test]
fn a_case_gives_a_right_only_while_it_is_approved_open_unexpired_and_names_the_child() {
    let (mine, other) = (ChildId::new(uuid::Uuid::from_u128(1)), ChildId::new(uuid::Uuid::from_u128(2)));
    let approved = Case {
        opened: Some(Opened {
            case: CaseId::new(uuid::Uuid::from_u128(3)),
            reference: Reference::new("CR-2026-7").unwrap(),
            children: vec![mine],
            purpose: Purpose::CaseReview,
            expires_on: today(),
            by: AccountId::new(uuid::Uuid::from_u128(4)),
        }),
        approved_by: Some(AccountId::new(uuid::Uuid::from_u128(5))),
        lifts_shields: true,
        closed: false,
    };
    let right = ApprovedCase::of(&approved, mine, today());
    assert_eq!(right, Some(case(Purpose::CaseReview, Shields::Lifted)));
    let respects = Case { lifts_shields: false, ..approved.clone() };
    let respected = ApprovedCase::of(&respects, mine, today()).unwrap();
    assert_eq!(respected.shields, Shields::Respected);
    for (refused, child, day) in [
        (Case { closed: true, ..approved.clone() }, mine, today()),
        (Case { approved_by: None, ..approved.clone() }, mine, today()),
        (Case::default(), mine, today()),
        (approved.clone(), other, today()),
        (approved.clone(), mine, ago(-1)),
    ] {
        assert_eq!(ApprovedCase::of(&refused, child, day), None);
    }
}

#[test]
fn a_mediated_search_finds_by_the_lesser_of_the_two_as_well() {
    let authority = org(HARINGEY);
    let facts = SearchFacts { authority: Some(&authority), shielded: false, state: RecordState::Live };
    let finds = |role| {
        let for_practitioner = Viewer { role, ..mediating(practitioner()) };
        let found = searchable(&for_practitioner, &facts);
        (found.is_findable(), found.has(SearchField::Address))
    };
    assert_eq!(finds(Role::Mediator), (true, true));
    assert_eq!(finds(Role::Auditor), (true, false));
    assert_eq!(finds(Role::Operator), (false, false));
}

#[test]
fn a_person_whom_only_a_system_vouches_for_sees_the_least_of_a_shielded_record_by_any_way_in() {
    let (child, opened, sight) = World::full().in_column(Column::OverrideOpen);
    for role in [Role::AuthorityTeam, Role::DataManager, Role::PractitionerOverride] {
        let vouched = Viewer { assurance: Assurance::AssertedByCms, ..viewer(role) };
        let groups: Vec<FieldGroup> = scope(&vouched, &child, opened, &sight).groups().iter().collect();
        assert_eq!(groups, [FieldGroup::A, FieldGroup::B], "{}", role.name());
    }
}
