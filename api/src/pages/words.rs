//! Words: how the directory's closed lists, days and instants are said to people, once for every page.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use serde::Serialize;
use vocabulary::{ContactKind, ContactUse, england_time};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Words of closed lists that their letters alone do not say well.
const SAID: &[(&str, &str)] = &[
    ("sen_support", "Special educational needs support"),
    ("practitioner_override", "Practitioner who may override a shield"),
    ("authority_team", "Authority's directory team"),
    ("hospital_emergency", "Hospital emergency department"),
    ("not_specified", "Not specified"),
    ("gp_practice", "GP practice"),
    ("out_of_hours", "Out of hours"),
    ("own_sign_in", "Signed in here"),
    ("asserted_by_cms", "Vouched for by a case management system"),
    ("cms", "Through a case management system"),
    ("no_education", "No school or other education is known"),
    ("no_primary_care", "No GP practice is known"),
    ("presumed_12_or_over", "Presumed, as 12 or over"),
    ("audit", "Audit"),
    ("nhs_number", "NHS number"),
    ("upn", "Unique pupil number"),
    ("emergency_departments", "Different emergency departments were attended"),
    ("closed_by_authorities", "Different social services departments ended their work"),
];

/// A word of a closed list as people say it: `social_care` is 'Social care'.
pub(crate) fn word(name: &str) -> String {
    if let Some((_, said)) = SAID.iter().find(|(known, _)| *known == name) {
        return (*said).to_owned();
    }
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str().replace('_', " "))
}

/// The same in the midst of a sentence.
pub(crate) fn lower(name: &str) -> String {
    let said = word(name);
    let keeps = said.chars().nth(1).is_some_and(char::is_uppercase);
    if keeps {
        return said;
    }
    let mut letters = said.chars();
    let first = letters.next().map(|letter| letter.to_lowercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}

/// Words after which nothing is 'the' any more.
const NAMED: &[&str] = &[
    "the", "a", "an", "your", "its", "for", "on", "since", "who", "whom", "what", "which", "where", "when",
    "why", "how", "whether",
];

/// What a field is called, in the midst of a sentence: 'the postcode', 'your user name', 'why you look'.
pub(crate) fn the(label: &str) -> String {
    let said = lower(label);
    let first = said.split(' ').next().unwrap_or_default();
    if NAMED.contains(&first) { said } else { format!("the {said}") }
}

/// The contract's own word of a value that is written as one: the name that no code has to repeat.
pub(crate) fn name_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(_) | Err(_) => String::new(),
    }
}

/// A value that is written as one word, as people say it.
pub(crate) fn of(value: &impl Serialize) -> String {
    word(&name_of(value))
}

/// A day in words: '3 March 2026'.
pub(crate) fn day(day: NaiveDate) -> String {
    let month = MONTHS.get(day.month0() as usize).copied().unwrap_or_default();
    format!("{} {month} {}", day.day(), day.year())
}

/// An instant in words, by the clock on the wall in England: '3 March 2026 at 9:05am'.
pub(crate) fn moment(at: DateTime<Utc>) -> String {
    let wall = england_time(at);
    let time = match (wall.hour(), wall.minute()) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "midday".to_owned(),
        _ => wall.format("%-I:%M%P").to_string(),
    };
    format!("{} at {time}", day(wall.date()))
}

/// By what means, and on what occasion.
pub(crate) fn contact(kind: ContactKind, used: Option<ContactUse>) -> String {
    let kind_word = match kind {
        ContactKind::Telephone => "telephone",
        ContactKind::Mobile => "mobile",
        ContactKind::Email => "e-mail",
        ContactKind::Address => "address",
    };
    match used {
        Some(ContactUse::Work) => format!("Work {kind_word}"),
        Some(ContactUse::Duty) => format!("Duty desk {kind_word}"),
        Some(ContactUse::OutOfHours) => format!("Out of hours {kind_word}"),
        Some(ContactUse::Home) => format!("Home {kind_word}"),
        None => word(kind_word),
    }
}

/// So many of something: '1 look', '2 looks'.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn lists_days_and_instants_are_said_as_people_say_them() {
        assert_eq!(word("social_care"), "Social care");
        assert_eq!(lower("social_care"), "social care");
        assert_eq!(lower("nhs_number"), "NHS number");
        assert_eq!([the("Postcode"), the("Why you look")], ["the postcode", "why you look"]);
        assert_eq!(day(NaiveDate::from_ymd_opt(2026, 3, 3).unwrap()), "3 March 2026");
        let summer = Utc.with_ymd_and_hms(2026, 7, 1, 23, 5, 0).unwrap();
        assert_eq!(moment(summer), "2 July 2026 at 12:05am");
        let midday = Utc.with_ymd_and_hms(2026, 1, 1, 12, 0, 0).unwrap();
        assert_eq!(moment(midday), "1 January 2026 at midday");
        assert_eq!(of(&vocabulary::Gender::NotSpecified), "Not specified");
    }
}
