//! The story of Child V: an invented child whose contacts have a documented shape.
//!
//! Twelve agencies knew one child in London between April 1999 and February 2000, and none knew of the rest.
//! The child here is invented, and so are names, places, refs and wording; the order, the kinds of agency and
//! the days between contacts follow the published chronology. The telling stops before the end, out of
//! respect, and because a directory is for the living. Nothing of the case itself stands here: no
//! diagnosis, no allegation, nobody's name. What is documented and what is invented: docs/child-v.md.

mod agencies;
mod steps;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde_json::{Value, json};

pub use agencies::Agency;

use crate::organisations::Organisation;

/// The story, told so that it ends on a given day.
pub struct Story {
    /// The last day: nothing happens on it, and everything can be seen.
    pub today: NaiveDate,
    /// The day on which the invented child was born, about eight years before.
    pub date_of_birth: NaiveDate,
    /// What happened, in order; post and decide in this order.
    pub steps: Vec<Step>,
}

/// One contact, or the silence that followed it.
pub struct Step {
    /// How many days before the last.
    pub days_before: u32,
    /// The day itself.
    pub day: NaiveDate,
    /// Whose contact it is; none for what the directory or the reader does.
    pub agency: Option<Agency>,
    /// What reaches the directory, in order.
    pub acts: Vec<Act>,
    /// One sentence on what happens, and what nobody else saw.
    pub note: &'static str,
    /// What of it is documented.
    pub evidence: Evidence,
}

/// One thing that reaches the directory.
#[derive(Clone)]
pub enum Act {
    /// An event that the agency's own case management system posts, complete.
    Post(Value),
    /// A data manager confirms that the child whose description waits is the child it sounds like.
    SameChild {
        /// The authority of the data manager.
        authority: &'static str,
        /// The `id` of the event that waits.
        event_id: String,
        /// The organisation whose client posted it.
        organisation: &'static str,
    },
}

/// What of a step is documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// Rows of the chronology in docs/child-v.md; empty where the step is invented whole.
    pub rows: &'static [u8],
    /// On what the contact rests.
    pub contact: Basis,
    /// On what its day rests.
    pub day: Basis,
}

/// On what a statement rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Read in a published source.
    Documented,
    /// General knowledge of the inquiry's report, not confirmed in a source.
    Recollected,
    /// The number of such agencies is documented; which contact they had is not.
    Counted,
    /// Ours.
    Invented,
}

/// The name on the passport, by which every agency knew the invented child at first.
pub const PASSPORT_NAME: [&str; 2] = ["Elodie", "Marchant"];
/// The name that came to light late.
pub const TRUE_NAME: [&str; 2] = ["Vianne", "Lorel"];
/// The passport's name as one clerk heard it.
pub const MISHEARD_NAME: [&str; 2] = ["Melody", "Marchand"];
/// The hostel and the lodgings: each has one postcode of a district that is nobody else's.
const HOSTEL: [&str; 3] = ["17 Lantern Court", "Brandlemere", "NW61 4QX"];
const LODGINGS: [&str; 3] = ["8 Saddlers Yard", "Dunlarrow", "N61 7HB"];

impl Story {
    /// Tells the story so that it ends on this day.
    pub fn ending_on(today: NaiveDate) -> Story {
        let birthday = today.checked_sub_months(Months::new(8 * 12)).unwrap_or(today);
        // About a hundred days past the eighth birthday, as the documented child was.
        let date_of_birth = birthday - Days::new(100);
        let teller = Teller { today, date_of_birth };
        Story { today, date_of_birth, steps: steps::steps(&teller) }
    }

    /// The twelve agencies, their four authorities' directory teams included, as `organisations.csv` holds them.
    pub fn organisations(&self) -> Vec<Organisation> {
        agencies::organisations(self.today)
    }

    /// A search that must find the child: criteria of `POST /searches`, misspelt, with the year of birth.
    pub fn search_by_misspelt_name(&self) -> Value {
        json!({"forename": "Elodi", "surname": "Marchent", "birth_year": self.date_of_birth.year()})
    }

    /// The same by the name that came late.
    pub fn search_by_true_name(&self) -> Value {
        json!({"forename": "Viane", "surname": "Lorell", "birth_year": self.date_of_birth.year()})
    }
}

/// Which of the two addresses a description gives.
#[derive(Clone, Copy)]
enum Place {
    Hostel,
    Lodgings,
}

/// Words the events of one telling.
struct Teller {
    today: NaiveDate,
    date_of_birth: NaiveDate,
}

impl Teller {
    fn day(&self, days_before: u32) -> NaiveDate {
        self.today - Days::new(u64::from(days_before))
    }

    /// A whole event: nine in the morning of the day, from the agency's own system.
    fn event(&self, agency: Agency, days_before: u32, kind: &str, id: &str, data: &Value) -> Act {
        Act::Post(json!({
            "specversion": "1.0",
            "id": id,
            "source": format!("https://{}.example.org/cms", agency.slug()),
            "type": format!("uk.contactpoint.{kind}.v1"),
            "time": format!("{}T09:00:00Z", self.day(days_before)),
            "data": data,
        }))
    }

    /// `child.described`: what this agency knows of the child under its own ref.
    fn described(
        &self,
        agency: Agency,
        days_before: u32,
        local_ref: &str,
        [forename, surname]: [&str; 2],
        place: Place,
    ) -> Act {
        let mut child = json!({
            "local_ref": local_ref,
            "forename": forename,
            "surname": surname,
            "date_of_birth": self.date_of_birth,
            "gender": "female",
            "carers": [{
                "carer_ref": "1",
                "name": "Corinne Marchant",
                "relation": "care",
                "contacts": [{"kind": "mobile", "use": "home", "value": "07700 900417"}],
            }],
        });
        let address =
            |[line, town, postcode]: [&str; 3]| json!({"lines": [line], "town": town, "postcode": postcode});
        let mut add = |field: &str, value: Value| {
            if let Some(fields) = child.as_object_mut() {
                fields.insert(field.to_owned(), value);
            }
        };
        match place {
            Place::Hostel => add("address", address(HOSTEL)),
            Place::Lodgings => {
                add("address", address(LODGINGS));
                add("previous_address", address(HOSTEL));
            }
        }
        if [forename, surname] == TRUE_NAME {
            let [known_as, previous_surname] = PASSPORT_NAME;
            add("known_as", json!(known_as));
            add("previous_surname", json!(previous_surname));
        }
        let id = format!("{local_ref}-described-{days_before}");
        self.event(agency, days_before, "child.described", &id, &json!({"child": child}))
    }

    /// `involvement.started`, over at once where `ended` says so. Nobody is named, and nobody leads.
    fn started(&self, agency: Agency, days_before: u32, local_ref: &str, entry: &Entry<'_>) -> Act {
        let mut data = json!({
            "child": {"local_ref": local_ref},
            "involvement_ref": entry.involvement_ref,
            "service_type": entry.service_type,
            "team": entry.team,
            "contacts": [{"kind": "telephone", "use": "duty", "value": agency.telephone(), "hours": "24 h"}],
            "started_on": self.day(days_before),
            "lead_professional": false,
        });
        if entry.over_at_once
            && let Some(fields) = data.as_object_mut()
        {
            fields.insert("ended_on".to_owned(), json!(self.day(days_before)));
        }
        let id = format!("{}-started", entry.involvement_ref);
        self.event(agency, days_before, "involvement.started", &id, &data)
    }

    /// `involvement.ended`.
    fn ended(&self, agency: Agency, days_before: u32, involvement_ref: &str) -> Act {
        let data = json!({"involvement_ref": involvement_ref, "ended_on": self.day(days_before)});
        self.event(agency, days_before, "involvement.ended", &format!("{involvement_ref}-ended"), &data)
    }
}

/// One entry to be told.
struct Entry<'a> {
    involvement_ref: &'a str,
    service_type: &'static str,
    team: &'static str,
    over_at_once: bool,
}
