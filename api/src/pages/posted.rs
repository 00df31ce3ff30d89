//! What a form sent: read into the same types as the API's bodies, by the same code, so that a page can ask nothing
//! that the API could not.
//!
//! Each answer is put where the body of the call has it, and what is wrong there is told beside the field. Answers left
//! empty are not sent.

use std::{fmt, sync::Arc};

use axum::{
    body::Body,
    extract::{FromRequest, Query, Request},
    http::Uri,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::kit::FieldError;
use crate::{
    answer::{BODY_BYTES_MAX, body, media_type},
    door::Door,
    problem::Problem,
    wire,
};

/// The answers of a form, in their order.
#[derive(Clone, Default)]
pub(crate) struct Posted(Vec<(String, String)>);

impl Posted {
    /// The answers of a query, as of a form that asks.
    pub(crate) fn of_query(uri: &Uri) -> Posted {
        Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map(|Query(pairs)| Posted(pairs))
            .unwrap_or_default()
    }

    /// The answers in a body; none where it is not of the form of one.
    pub(crate) fn of_body(bytes: &[u8]) -> Posted {
        let text = String::from_utf8_lossy(bytes);
        // The query of an address is written in the same letters as the body of a form.
        let uri = Uri::builder().path_and_query(format!("/?{text}")).build();
        uri.map(|uri| Posted::of_query(&uri)).unwrap_or_default()
    }

    /// Answers that the directory remembers.
    pub(crate) fn of_pairs(pairs: Vec<(String, String)>) -> Posted {
        Posted(pairs)
    }

    /// The first answer of that name, without blanks around it; empty where there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// The first answer of that name as it was typed: of a password every blank counts.
    pub(crate) fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The first answer of that name, unless it was left empty.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// Every answer of that name: of boxes that are ticked.
    pub(crate) fn all<'s, 'n>(&'s self, name: &'n str) -> impl Iterator<Item = &'s str> + use<'s, 'n> {
        self.0.iter().filter(move |(given, _)| given == name).map(|(_, value)| value.trim())
    }

    /// Every name with its answer.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// Three numbers as a day: `YYYY-MM-DD` where they are numbers; what was typed where they are not, for the
    /// reading to refuse; nothing where all three were left empty.
    pub(crate) fn day(&self, name: &str) -> Option<String> {
        let part = |part: &str| self.text(&format!("{name}-{part}")).to_owned();
        let (day, month, year) = (part("day"), part("month"), part("year"));
        if day.is_empty() && month.is_empty() && year.is_empty() {
            return None;
        }
        match (day.parse::<u32>(), month.parse::<u32>(), year.parse::<u32>()) {
            (Ok(day), Ok(month), Ok(year)) => Some(format!("{year:04}-{month:02}-{day:02}")),
            _ => Some(format!("{year}-{month}-{day}")),
        }
    }
}

/// Nothing that was typed is printed.
impl fmt::Debug for Posted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Posted({})", self.0.len())
    }
}

impl FromRequest<Arc<Door>> for Posted {
    type Rejection = Problem;

    async fn from_request(request: Request, _door: &Arc<Door>) -> Result<Posted, Problem> {
        let kind = media_type(request.headers());
        if kind.as_deref() != Some("application/x-www-form-urlencoded") {
            return Err(Problem::new("media_type_unsupported").because("Send a form."));
        }
        let bytes = body(Body::new(request.into_body()), BODY_BYTES_MAX, "body_too_large").await?;
        Ok(Posted::of_body(&bytes))
    }
}

/// A body of the API in the making, from the answers of a form.
pub(crate) struct Reading<'a> {
    posted: &'a Posted,
    whole: Value,
    /// Which field of the form stands at which place of the body, and what it is called on the page.
    places: Vec<Place>,
}

struct Place {
    pointer: String,
    field: &'static str,
    label: &'static str,
    is_chosen: bool,
}

impl<'a> Reading<'a> {
    pub(crate) fn of(posted: &'a Posted) -> Reading<'a> {
        Reading { posted, whole: Value::Object(Map::new()), places: Vec::new() }
    }

    fn place(&mut self, pointer: &str, field: &'static str, label: &'static str, is_chosen: bool) {
        self.places.push(Place { pointer: pointer.to_owned(), field, label, is_chosen });
    }

    /// A text at a place of the body, as `/criteria/surname`. Left empty, it is not sent.
    pub(crate) fn text(mut self, pointer: &str, field: &'static str, label: &'static str) -> Reading<'a> {
        self.place(pointer, field, label, false);
        let given = self.posted.given(field).map(|text| json!(text));
        self.put_if(pointer, given)
    }

    /// One of several words.
    pub(crate) fn choice(mut self, pointer: &str, field: &'static str, label: &'static str) -> Reading<'a> {
        self.place(pointer, field, label, true);
        let given = self.posted.given(field).map(|text| json!(text));
        self.put_if(pointer, given)
    }

    /// A whole number; what is none is sent as it is, for the reading to refuse.
    pub(crate) fn number(mut self, pointer: &str, field: &'static str, label: &'static str) -> Reading<'a> {
        self.place(pointer, field, label, false);
        let given = self
            .posted
            .given(field)
            .map(|text| text.parse::<i64>().map_or(json!(text), |number| json!(number)));
        self.put_if(pointer, given)
    }

    /// A day, of three numbers.
    pub(crate) fn day(mut self, pointer: &str, field: &'static str, label: &'static str) -> Reading<'a> {
        self.place(pointer, field, label, false);
        let given = self.posted.day(field).map(|day| json!(day));
        self.put_if(pointer, given)
    }

    /// Yes or no: `yes` is true, `no` is false, anything else is not sent.
    pub(crate) fn flag(mut self, pointer: &str, field: &'static str, label: &'static str) -> Reading<'a> {
        self.place(pointer, field, label, true);
        let given = match self.posted.text(field) {
            "yes" => Some(json!(true)),
            "no" => Some(json!(false)),
            _ => None,
        };
        self.put_if(pointer, given)
    }

    /// Every answer of one name, as a list.
    pub(crate) fn list(mut self, pointer: &str, field: &'static str, label: &'static str) -> Reading<'a> {
        self.place(pointer, field, label, true);
        let given: Vec<&str> = self.posted.all(field).filter(|text| !text.is_empty()).collect();
        self.put(pointer, json!(given))
    }

    /// What the page itself puts at a place, whatever was typed.
    pub(crate) fn put(mut self, pointer: &str, value: Value) -> Reading<'a> {
        let mut here = &mut self.whole;
        for step in pointer.split('/').skip(1) {
            here = if let Ok(index) = step.parse::<usize>() {
                if !here.is_array() {
                    *here = Value::Array(Vec::new());
                }
                let Value::Array(list) = here else { return self };
                while list.len() <= index {
                    list.push(Value::Object(Map::new()));
                }
                let Some(entry) = list.get_mut(index) else { return self };
                entry
            } else {
                if !here.is_object() {
                    *here = Value::Object(Map::new());
                }
                let Value::Object(object) = here else { return self };
                object.entry(step).or_insert(Value::Null)
            };
        }
        *here = value;
        self
    }

    pub(crate) fn put_if(self, pointer: &str, value: Option<Value>) -> Reading<'a> {
        match value {
            Some(value) => self.put(pointer, value),
            None => self,
        }
    }

    /// Tells whether there is an answer of that name.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.posted.given(field).is_some()
    }

    /// Reads the body as the API does.
    ///
    /// # Errors
    /// What is wrong, beside its field.
    pub(crate) fn read<T: DeserializeOwned>(self) -> Result<T, Vec<FieldError>> {
        let text = self.whole.to_string();
        wire::decode(text.as_bytes()).map_err(|fault| vec![self.told(&fault)])
    }

    /// The fault in the words of the page, at the field whose place is the nearest.
    fn told(&self, fault: &wire::Fault) -> FieldError {
        let near = self.places.iter().filter(|place| {
            let within = |whole: &str, part: &str| {
                part.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            within(&place.pointer, &fault.pointer) || within(&fault.pointer, &place.pointer)
        });
        let Some(place) = near.max_by_key(|place| place.pointer.len().min(fault.pointer.len())) else {
            return FieldError::whole(sentence(&fault.detail));
        };
        let label = place.label;
        let text = match fault.code {
            "field_missing" if place.is_chosen => format!("Choose {}", super::words::the(label)),
            "field_missing" => format!("Enter {}", super::words::the(label)),
            _ if fault.code == "date_invalid" || self.posted.day(place.field).is_some() => {
                format!("{label} must be a real day, as in 27 3 2015")
            }
            _ => match fault.detail.strip_prefix("this ") {
                Some(asked) => format!("{label} {asked}"),
                None => format!("{label}: {}", fault.detail),
            },
        };
        FieldError::at(place.field, text)
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::requests::{NewInvolvement, Search};

    fn posted(body: &str) -> Posted {
        Posted::of_body(body.as_bytes())
    }

    #[test]
    fn answers_become_the_body_that_the_api_reads() {
        let typed =
            posted("surname=+Lowe+&forename=&born-day=2&born-month=4&born-year=2015&reason=new_referral");
        let read = Reading::of(&typed)
            .text("/criteria/surname", "surname", "Surname")
            .text("/criteria/forename", "forename", "Forename")
            .day("/criteria/date_of_birth", "born", "Date of birth")
            .choice("/reason", "reason", "Why you look")
            .read::<Search>()
            .unwrap();
        assert_eq!(read.criteria.surname.as_deref(), Some("Lowe"));
        assert_eq!(read.criteria.forename, None);
        assert_eq!(read.criteria.date_of_birth.map(|day| day.to_string()).as_deref(), Some("2015-04-02"));
    }

    #[test]
    fn what_is_wrong_is_told_beside_its_field_and_says_what_is_asked_for() {
        let typed = posted("born-day=31&born-month=2&born-year=2015");
        let wrong = Reading::of(&typed)
            .day("/criteria/date_of_birth", "born", "Date of birth")
            .read::<Search>()
            .unwrap_err();
        assert_eq!(wrong, [FieldError::at("born", "Date of birth must be a real day, as in 27 3 2015")]);
        let many = Reading::of(&posted("contact=x"))
            .choice("/service_type", "service", "The service")
            .text("/contacts/0/value", "contact", "Telephone number")
            .read::<NewInvolvement>()
            .unwrap_err();
        assert_eq!(many.len(), 1);
    }
}
