//! Whom to ring now: of the ways to reach a service, first the one that answers at this hour.
//!
//! The hours of a contact are shown as they were sent, and are free text: only the occasion that a contact is for, and
//! whether its hours say '24', count here. Source: issue of the pages; contract.md section 2.

use chrono::{Datelike, NaiveDateTime, Timelike, Weekday};
use vocabulary::{Contact, ContactKind, ContactUse};

/// Tells whether desks are staffed: Monday to Friday, eight to six by the clock on the wall. Bank holidays are not
/// known here.
pub(crate) fn is_working_time(wall: NaiveDateTime) -> bool {
    let weekend = matches!(wall.weekday(), Weekday::Sat | Weekday::Sun);
    !weekend && (8..18).contains(&wall.hour())
}

/// The contacts, whoever answers now first; those that cannot be rung last.
pub(crate) fn in_order(contacts: &[Contact], wall: NaiveDateTime) -> Vec<&Contact> {
    let working = is_working_time(wall);
    let mut ordered: Vec<&Contact> = contacts.iter().collect();
    // Stable: among equals the supplier's own order stands.
    ordered.sort_by_key(|contact| rank(contact, working));
    ordered
}

/// The number to ring now, if there is one.
pub(crate) fn now(contacts: &[Contact], wall: NaiveDateTime) -> Option<&Contact> {
    in_order(contacts, wall).into_iter().find(|contact| is_rung(contact))
}

/// Tells whether the contact is said to answer at this hour, or to answer always.
pub(crate) fn answers(contact: &Contact, wall: NaiveDateTime) -> bool {
    rank(contact, is_working_time(wall)) <= 2
}

fn is_rung(contact: &Contact) -> bool {
    matches!(contact.kind, ContactKind::Telephone | ContactKind::Mobile)
}

fn rank(contact: &Contact, working: bool) -> u8 {
    if !is_rung(contact) {
        return if contact.kind == ContactKind::Email { 8 } else { 9 };
    }
    let always = contact.hours.as_deref().is_some_and(|hours| hours.contains("24"));
    match (contact.used, working) {
        (Some(ContactUse::Duty), _) if always => 0,
        (Some(ContactUse::Duty), true) | (Some(ContactUse::OutOfHours), false) => 0,
        _ if always => 1,
        (Some(ContactUse::Work) | None, true) => 2,
        (Some(ContactUse::Duty), false) => 3,
        (Some(ContactUse::OutOfHours), true) => 4,
        (Some(ContactUse::Work) | None, false) => 5,
        (Some(ContactUse::Home), _) => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(used: ContactUse, value: &str, hours: Option<&str>) -> Contact {
        let hours = hours.map(ToOwned::to_owned);
        Contact { kind: ContactKind::Telephone, used: Some(used), value: value.to_owned(), hours }
    }

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn the_number_that_answers_at_this_hour_comes_first() {
        let held = [
            contact(ContactUse::OutOfHours, "out", None),
            contact(ContactUse::Work, "work", None),
            contact(ContactUse::Duty, "duty", None),
        ];
        let monday_noon = at("2026-11-23T12:00:00");
        let monday_night = at("2026-11-23T22:00:00");
        let sunday_noon = at("2026-11-22T12:00:00");
        assert_eq!(now(&held, monday_noon).unwrap().value, "duty");
        assert_eq!(now(&held, monday_night).unwrap().value, "out");
        assert_eq!(now(&held, sunday_noon).unwrap().value, "out");
        assert!(!answers(&held[1], monday_night));
        let round_the_clock = [held[0].clone(), contact(ContactUse::Duty, "always", Some("24 h"))];
        assert_eq!(now(&round_the_clock, monday_noon).unwrap().value, "always");
    }

    #[test]
    fn an_address_is_not_rung() {
        let email = Contact { kind: ContactKind::Email, ..contact(ContactUse::Duty, "a@b.example", None) };
        assert_eq!(now(&[email], at("2026-11-23T12:00:00")), None);
    }
}
