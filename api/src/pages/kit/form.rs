//! Forms: what is asked of whoever reads the page, one question a field.

use std::{borrow::Cow, fmt};

use askama::Template;

use super::{Block, FieldError, Line};
use crate::pages::posted::Posted;

/// A form. What was typed before, and what was wrong with it, is put in by [`Form::filled`].
#[derive(Debug, Clone, Template)]
#[template(path = "form.html")]
pub(crate) struct Form {
    action: String,
    get: bool,
    fields: Vec<Field>,
    button: String,
    button_hidden: Option<String>,
    button_class: &'static str,
    inline: bool,
    beside: Option<Line>,
    passkey: Option<&'static str>,
    passkey_options: &'static str,
}

/// One question.
#[derive(Clone)]
pub(crate) struct Field {
    pub(crate) name: Cow<'static, str>,
    id: String,
    label: String,
    hint: Option<String>,
    error: Option<String>,
    value: String,
    chosen: Vec<String>,
    large: bool,
    small: bool,
    inline: bool,
    kind: Kind,
}

/// How it is answered.
#[derive(Clone)]
enum Kind {
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
}

/// A line to type.
#[derive(Clone)]
struct Text {
    kind: &'static str,
    width: &'static str,
    inputmode: Option<&'static str>,
    autocomplete: Option<&'static str>,
    password: bool,
}

/// A part of a day.
#[derive(Clone)]
struct Part {
    name: &'static str,
    label: &'static str,
    width: &'static str,
    value: String,
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

impl Form {
    /// A form that changes something.
    pub(crate) fn post(action: impl Into<String>, button: impl Into<String>) -> Form {
        Form {
            action: action.into(),
            get: false,
            fields: Vec::new(),
            button: button.into(),
            button_hidden: None,
            button_class: "",
            inline: false,
            beside: None,
            passkey: None,
            passkey_options: "",
        }
    }

    /// A form that asks: what is typed stands in the address, so never a person's data.
    pub(crate) fn get(action: impl Into<String>, button: impl Into<String>) -> Form {
        Form { get: true, ..Form::post(action, button) }
    }

    pub(crate) fn field(mut self, field: Field) -> Form {
        self.fields.push(field);
        self
    }

    pub(crate) fn fields(mut self, fields: impl IntoIterator<Item = Field>) -> Form {
        self.fields.extend(fields);
        self
    }

    /// What is said between two questions.
    pub(crate) fn aside(self, blocks: Vec<Block>) -> Form {
        self.field(Field::of("", "", Kind::Aside(blocks)))
    }

    /// What goes with the form without being asked.
    pub(crate) fn hidden(self, name: &'static str, value: impl Into<String>) -> Form {
        let field = Field::of(name, "", Kind::Hidden);
        self.field(Field { value: value.into(), ..field })
    }

    /// The same, by a name that was sent before.
    pub(crate) fn hidden_named(mut self, name: String, value: String) -> Form {
        let field = Field { name: name.into(), ..Field::of("", "", Kind::Hidden) };
        self.fields.push(Field { value, ..field });
        self
    }

    /// A button that is not the one most want.
    pub(crate) fn secondary(self) -> Form {
        Form { button_class: " govuk-button--secondary", ..self }
    }

    /// A button after which something is gone.
    pub(crate) fn warning(self) -> Form {
        Form { button_class: " govuk-button--warning", ..self }
    }

    /// A button on a dark ground.
    pub(crate) fn inverse(self) -> Form {
        Form { button_class: " govuk-button--inverse", ..self }
    }

    /// A form of one button within a line of others.
    pub(crate) fn inline(self) -> Form {
        Form { inline: true, ..self }
    }

    /// What tells the button from others of the same words.
    pub(crate) fn about(self, hidden: impl Into<String>) -> Form {
        Form { button_hidden: Some(hidden.into()), ..self }
    }

    /// A link beside the button.
    pub(crate) fn beside(self, line: Line) -> Form {
        Form { beside: Some(line), ..self }
    }

    /// A form that a passkey answers; without a script it is not shown.
    pub(crate) fn by_passkey(self, kind: &'static str, options: &'static str) -> Form {
        Form { passkey: Some(kind), passkey_options: options, ..self }.hidden("passkey", "")
    }

    /// The form with what was typed, and what was wrong with it beside each field. Passwords are not put back.
    pub(crate) fn filled(mut self, posted: &Posted, errors: &[FieldError]) -> Form {
        for field in &mut self.fields {
            field.fill(posted);
            field.error = errors
                .iter()
                .find(|error| error.field == Some(field.name.as_ref()))
                .map(|error| error.text.clone());
        }
        self
    }
}

impl Field {
    fn of(name: &'static str, label: impl Into<String>, kind: Kind) -> Field {
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
            kind,
        }
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

    /// A field that stands several times on one page.
    pub(crate) fn numbered(self, number: usize) -> Field {
        Field { id: format!("{}-{number}", self.name), ..self }
    }

    fn fill(&mut self, posted: &Posted) {
        match &mut self.kind {
            Kind::Text(text) if text.password => (),
            Kind::Day(parts) => {
                for part in parts {
                    posted.text(&format!("{}-{}", self.name, part.name)).clone_into(&mut part.value);
                }
            }
            Kind::Aside(_) => (),
            Kind::Hidden | Kind::Text(_) | Kind::Area(_) => {
                posted.text(&self.name).clone_into(&mut self.value);
            }
            Kind::Select(_) | Kind::Radios(_) | Kind::Boxes(_) => {
                self.chosen = posted.all(&self.name).map(ToOwned::to_owned).collect();
            }
        }
    }

    fn holds(&self, value: &str) -> bool {
        self.chosen.iter().any(|chosen| chosen == value)
    }

    fn described_by(&self) -> String {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        hint.into_iter().chain(error).collect::<Vec<_>>().join(" ")
    }

    /// The first answer has the field's own id, so that an error leads to it.
    fn id_of(&self, index: impl std::borrow::Borrow<usize>) -> String {
        let index = *index.borrow();
        if index == 0 { self.id.clone() } else { format!("{}-{}", self.id, index + 1) }
    }

    fn id_of_part(&self, part: &Part) -> String {
        format!("{}-{}", self.id, part.name)
    }

    /// Where an error of this field leads.
    pub(crate) fn anchor(&self) -> String {
        if matches!(self.kind, Kind::Day(_)) { format!("{}-day", self.id) } else { self.id.clone() }
    }
}

impl Form {
    /// The field of that name.
    pub(crate) fn named(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name && !name.is_empty())
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Field({})", self.name)
    }
}
