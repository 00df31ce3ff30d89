//! Invented details of children that lead to each outcome, for a vendor who tries out a connection.
//!
//! Source: contract.md section 5 (`examples`). Each is the `data` of one `child.described`, complete, to be
//! posted by a client of a service that is not sensitive, after the population was loaded. The children that
//! they resemble are chosen, not made: the first of the population that no other is like.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::{Child, Population};

/// How far into the population a suitable child is looked for: one in ten is, so this finds one surely.
const LOOKED_THROUGH_MAX: u64 = 2_000;

/// The examples, and the child that must be shielded for one of them.
pub struct Examples {
    /// Nobody like this is known: a new record.
    pub recorded: Value,
    /// The forename of a known child born on the same day, with another surname and address: waits for a person.
    pub queued: Value,
    /// A twin of a known child, at the same home: must never be linked to that child.
    pub twin: Value,
    /// Name and birth of a shielded child, at another address: waits, and tells nobody of the shield.
    pub shielded: Value,
    /// An NHS number with a wrong check digit: refused whole.
    pub refused: Value,
    /// The `local_ref` of the national supplier's child that `shielded` resembles; shield it first.
    pub shielded_local_ref: String,
}

/// Chooses the examples from the first of `children` children; none where the population is too small.
pub fn examples(population: &Population, children: u64) -> Option<Examples> {
    let looked_through: Vec<Child> =
        (0..children.min(LOOKED_THROUGH_MAX)).map(|index| population.child(index)).collect();
    let mut suitable = looked_through.iter().filter(|child| stands_alone(child, &looked_through));
    let queued = suitable.next()?;
    let twin = suitable.next()?;
    let shielded = suitable.next()?;
    let born = population.as_at() - Days::new(9 * 365);
    Some(Examples {
        recorded: described("SANDBOX-RECORDED", ["Ottoline", "Quillfeather"], born, Some(elsewhere()), None),
        queued: described(
            "SANDBOX-QUEUED",
            [&queued.forename, "Tinkerton"],
            queued.date_of_birth,
            Some(elsewhere()),
            None,
        ),
        twin: described(
            "SANDBOX-TWIN",
            [twin_name(twin), &twin.surname],
            twin.date_of_birth,
            home(twin),
            None,
        ),
        shielded: described(
            "SANDBOX-SHIELDED",
            [&shielded.forename, &shielded.surname],
            shielded.date_of_birth,
            Some(elsewhere()),
            None,
        ),
        // The check digit of 943 476 591 is 9.
        refused: described(
            "SANDBOX-REFUSED",
            ["Peregrine", "Quillfeather"],
            born,
            Some(elsewhere()),
            Some("9434765918"),
        ),
        shielded_local_ref: shielded.local_ref.clone(),
    })
}

/// Whether no other child looked through was born on that day, and the child's name and home are plain.
fn stands_alone(child: &Child, all: &[Child]) -> bool {
    let plain = |name: &str| name.len() > 3 && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    let born_alone = all.iter().filter(|other| other.date_of_birth == child.date_of_birth).count() == 1;
    let lone = all.iter().filter(|other| other.household == child.household).count() == 1;
    let known = child.home.is_some() && child.previous_surname.is_none();
    (2..16).contains(&child.age)
        && born_alone
        && lone
        && known
        && plain(&child.forename)
        && plain(&child.surname)
}

/// A forename that begins with another letter than the sibling's, so that the two sound nothing alike.
fn twin_name(child: &Child) -> &'static str {
    if child.forename.starts_with(['B', 'P']) { "Marigold" } else { "Bartholomew" }
}

fn home(child: &Child) -> Option<Value> {
    let home = child.home.as_ref()?;
    Some(json!({"lines": [home.line], "town": home.town, "postcode": home.postcode}))
}

/// An address that is nobody's: a district beyond those of invented England.
fn elsewhere() -> Value {
    json!({"lines": ["3 Tinker's Row"], "town": "Quernmoss", "postcode": "E91 4ZZ"})
}

fn described(
    local_ref: &str,
    [forename, surname]: [&str; 2],
    date_of_birth: NaiveDate,
    address: Option<Value>,
    nhs_number: Option<&str>,
) -> Value {
    let mut child = json!({
        "local_ref": local_ref,
        "forename": forename,
        "surname": surname,
        "date_of_birth": date_of_birth,
        "gender": "not_specified",
    });
    if let Some(fields) = child.as_object_mut() {
        fields.extend(address.map(|address| ("address".to_owned(), address)));
        fields.extend(nhs_number.map(|number| ("nhs_number".to_owned(), json!(number))));
    }
    json!({"child": child})
}
