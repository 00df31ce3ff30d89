//! Fields: one question each, and how it is answered.

use std::{borrow::Cow, fmt};

use chrono::NaiveDate;

use super::Block;
use crate::pages::posted::Posted;

/// One question.
#[derive(Clone)]
pub(crate) struct Field {
    pub(crate) name: Cow<'static, str>,
    pub(super) id: String,
    pub(super) label: String,
    pub(super) hint: Option<String>,
    pub(super) error: Option<String>,
    pub(super) value: String,
    pub(super) chosen: Vec<String>,
    pub(super) large: bool,
    pub(super) small: bool,
    pub(super) inline: bool,
    pub(super) slider: Option<Slider>,
    pub(super) kind: Kind,
}

/// Days to choose from by sliding, for whoever runs scripts.
#[derive(Clone)]
pub(super) struct Slider {
    pub(super) from: NaiveDate,
    pub(super) days: i64,
}

/// How it is answered.
#[derive(Clone)]
pub(super) enum Kind {
    Hidden,
    Text(Text),
    Area(u8),
    Select(Vec<Choice>),
    Radios(Vec<Choice>),
    Boxes(Vec<Choice>),
    /// Day, month and year.
    Day([Part; 3]),
    /// No question: what is said between two of them.
    Aside(Vec<Block>),
    /// No question: those that follow, until the end, are shown to whoever asks for more.
    More,
    /// The end of them.
    NoMore,
}

/// A line to type.
#[derive(Clone)]
pub(super) struct Text {
    pub(super) kind: &'static str,
    pub(super) width: &'static str,
    pub(super) inputmode: Option<&'static str>,
    pub(super) autocomplete: Option<&'static str>,
    pub(super) password: bool,
}

/// A part of a day.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) width: &'static str,
    pub(super) value: String,
}

/// One of several answers.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) text: String,
    pub(crate) hint: Option<String>,
}

impl Choice {
    pub(crate) fn new(value: impl Into<String>, text: impl Into<String>) -> Choice {
        Choice { value: value.into(), text: text.into(), hint: None }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Choice {
        Choice { hint: Some(hint.into()), ..self }
    }
}

impl Field {
    pub(super) fn of(name: &'static str, label: impl Into<String>, kind: Kind) -> Field {
        Field {
            name: name.into(),
            id: name.to_owned(),
            label: label.into(),
            hint: None,
            error: None,
            value: String::new(),
            chosen: Vec::new(),
            large: false,
            small: false,
            inline: false,
            slider: None,
            kind,
        }
    }

    /// What is said between two questions.
    pub(crate) fn aside(blocks: Vec<Block>) -> Field {
        Field::of("", "", Kind::Aside(blocks))
    }

    pub(crate) fn text(name: &'static str, label: impl Into<String>) -> Field {
        let text =
            Text { kind: "text", width: "", inputmode: None, autocomplete: Some("off"), password: false };
        Field::of(name, label, Kind::Text(text))
    }

    /// A password, or a PIN: never put back into the page.
    pub(crate) fn password(
        name: &'static str,
        label: impl Into<String>,
        autocomplete: &'static str,
    ) -> Field {
        let autocomplete = Some(autocomplete);
        let text = Text { kind: "password", width: "", inputmode: None, autocomplete, password: true };
        Field::of(name, label, Kind::Text(text))
    }

    /// Digits, which a telephone shows a keypad for.
    pub(crate) fn digits(name: &'static str, label: impl Into<String>) -> Field {
        Field::text(name, label).inputmode("numeric").width("govuk-input--width-10")
    }

    pub(crate) fn area(name: &'static str, label: impl Into<String>, rows: u8) -> Field {
        Field::of(name, label, Kind::Area(rows))
    }

    pub(crate) fn select(
        name: &'static str,
        label: impl Into<String>,
        choices: impl IntoIterator<Item = Choice>,
    ) -> Field {
        Field::of(name, label, Kind::Select(choices.into_iter().collect()))
    }

    pub(crate) fn radios(
        name: &'static str,
        label: impl Into<String>,
        choices: impl IntoIterator<Item = Choice>,
    ) -> Field {
        Field::of(name, label, Kind::Radios(choices.into_iter().collect()))
    }

    pub(crate) fn boxes(
        name: &'static str,
        label: impl Into<String>,
        choices: impl IntoIterator<Item = Choice>,
    ) -> Field {
        Field::of(name, label, Kind::Boxes(choices.into_iter().collect()))
    }

    /// A day, typed as three numbers; read back by [`Posted::day`].
    pub(crate) fn day(name: &'static str, label: impl Into<String>) -> Field {
        let part = |of, said, width| Part { name: of, label: said, width, value: String::new() };
        let parts = [
            part("day", "Day", "govuk-input--width-2"),
            part("month", "Month", "govuk-input--width-2"),
            part("year", "Year", "govuk-input--width-4"),
        ];
        Field::of(name, label, Kind::Day(parts))
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Field {
        Field { hint: Some(hint.into()), ..self }
    }

    /// The answer that stands there before anybody types.
    pub(crate) fn value(mut self, value: impl Into<String>) -> Field {
        self.value = value.into();
        self.chosen = vec![self.value.clone()];
        if let Kind::Day(parts) = &mut self.kind {
            for (part, digits) in parts.iter_mut().zip(self.value.rsplitn(3, '-')) {
                digits.trim_start_matches('0').clone_into(&mut part.value);
            }
        }
        self
    }

    /// The boxes ticked before anybody ticks.
    pub(crate) fn ticked(self, chosen: Vec<String>) -> Field {
        Field { chosen, ..self }
    }

    /// One of GOV.UK's widths, as `govuk-input--width-10`.
    pub(crate) fn width(mut self, width: &'static str) -> Field {
        if let Kind::Text(text) = &mut self.kind {
            text.width = width;
        }
        self
    }

    pub(crate) fn inputmode(mut self, inputmode: &'static str) -> Field {
        if let Kind::Text(text) = &mut self.kind {
            text.inputmode = Some(inputmode);
        }
        self
    }

    pub(crate) fn autocomplete(mut self, autocomplete: &'static str) -> Field {
        if let Kind::Text(text) = &mut self.kind {
            text.autocomplete = Some(autocomplete);
        }
        self
    }

    /// The one question of a page, or the first of a part of it.
    pub(crate) fn large(self) -> Field {
        Field { large: true, ..self }
    }

    pub(crate) fn small(self) -> Field {
        Field { small: true, ..self }
    }

    /// Two short answers beside each other.
    pub(crate) fn inline(self) -> Field {
        Field { inline: true, ..self }
    }

    /// A day that may be chosen by sliding too, between two days.
    pub(crate) fn slider(self, from: NaiveDate, to: NaiveDate) -> Field {
        let days = (to - from).num_days();
        Field { slider: (days > 0).then_some(Slider { from, days }), ..self }
    }

    /// A field that stands several times on one page.
    pub(crate) fn numbered(self, number: usize) -> Field {
        Field { id: format!("{}-{number}", self.name), ..self }
    }

    pub(super) fn fill(&mut self, posted: &Posted) {
        match &mut self.kind {
            Kind::Text(text) if text.password => (),
            Kind::Day(parts) => {
                for part in parts {
                    posted.text(&format!("{}-{}", self.name, part.name)).clone_into(&mut part.value);
                }
            }
            Kind::Aside(_) | Kind::More | Kind::NoMore => (),
            Kind::Hidden | Kind::Text(_) | Kind::Area(_) => {
                posted.text(&self.name).clone_into(&mut self.value);
            }
            Kind::Select(_) | Kind::Radios(_) | Kind::Boxes(_) => {
                self.chosen = posted.all(&self.name).map(ToOwned::to_owned).collect();
            }
        }
    }

    pub(super) fn is_answered(&self) -> bool {
        !self.value.is_empty() || self.chosen.iter().any(|chosen| !chosen.is_empty())
    }

    pub(super) fn holds(&self, value: &str) -> bool {
        self.chosen.iter().any(|chosen| chosen == value)
    }

    pub(super) fn described_by(&self) -> String {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        hint.into_iter().chain(error).collect::<Vec<_>>().join(" ")
    }

    /// The first answer has the field's own id, so that an error leads to it.
    pub(super) fn id_of(&self, index: impl std::borrow::Borrow<usize>) -> String {
        let index = *index.borrow();
        if index == 0 { self.id.clone() } else { format!("{}-{}", self.id, index + 1) }
    }

    pub(super) fn id_of_part(&self, part: &Part) -> String {
        format!("{}-{}", self.id, part.name)
    }

    /// Where an error of this field leads.
    pub(crate) fn anchor(&self) -> String {
        if matches!(self.kind, Kind::Day(_)) { format!("{}-day", self.id) } else { self.id.clone() }
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Field({})", self.name)
    }
}
