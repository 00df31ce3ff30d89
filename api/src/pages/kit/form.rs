//! Forms: what is asked of whoever reads the page, one question a field.

use askama::Template;

use super::{
    Block, FieldError, Line,
    field::{Field, Kind},
};
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
        self.field(Field::aside(blocks))
    }

    /// Questions that few answer: shown to whoever asks for more, and where one of them was answered.
    pub(crate) fn more(self, summary: impl Into<String>, fields: impl IntoIterator<Item = Field>) -> Form {
        self.field(Field::of("", summary, Kind::More)).fields(fields).field(Field::of("", "", Kind::NoMore))
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
        self.open_answered();
        self
    }

    /// Shows the questions for more where one of them was answered, or answered wrongly.
    fn open_answered(&mut self) {
        let mut answered = false;
        for field in self.fields.iter_mut().rev() {
            match field.kind {
                Kind::NoMore => answered = false,
                Kind::More => field.chosen = answered.then(String::new).into_iter().collect(),
                Kind::Hidden
                | Kind::Text(_)
                | Kind::Area(_)
                | Kind::Select(_)
                | Kind::Radios(_)
                | Kind::Boxes(_)
                | Kind::Day(_)
                | Kind::Aside(_) => answered |= field.error.is_some() || field.is_answered(),
            }
        }
    }
}

impl Form {
    /// The field of that name.
    pub(crate) fn named(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name && !name.is_empty())
    }
}
