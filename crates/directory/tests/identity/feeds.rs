//! Feeds: whatever one says, no second record shows what the first hides.

use directory::{Mode, OutcomeKind};
use events::search::Criteria;
use serde_json::json;
use vocabulary::Role;

use crate::world::{FEEDS, World, ava};

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
