//! A page: a title, what stands on it, and what was wrong with what was typed.

use std::{borrow::Cow, sync::Arc};

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{Block, Form, blocks::Blocks};
use crate::{
    pages::{assets, frame::Frame, posted::Posted},
    problem::Problem,
};

/// What is wrong with one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldError {
    /// Which field; none for what is wrong with the whole.
    pub(crate) field: Option<&'static str>,
    /// Where a link to it leads.
    pub(crate) id: Option<String>,
    /// What is asked for there.
    pub(crate) text: String,
}

/// A page, before anything is known of who reads it.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    /// In the browser's history too: never a person's data.
    pub(crate) title: Cow<'static, str>,
    /// The heading, where it says more than the title.
    pub(crate) heading: Option<String>,
    pub(crate) headed: bool,
    pub(crate) caption: Option<String>,
    pub(crate) back: Option<Back>,
    pub(crate) wide: bool,
    /// Who prints this, when and why; nothing else is printed.
    pub(crate) printed: Option<String>,
    /// Where the browser goes on by itself.
    pub(crate) goes_on: Option<String>,
    pub(crate) scripts: Vec<&'static str>,
    pub(crate) errors: Vec<FieldError>,
    pub(crate) blocks: Vec<Block>,
}

/// Where one came from.
#[derive(Debug, Clone)]
pub(crate) struct Back {
    pub(crate) href: String,
    pub(crate) text: &'static str,
}

#[derive(Template)]
#[template(path = "layout.html")]
struct Written<'a> {
    page: &'a Page,
    frame: &'a Frame,
    assets: assets::Urls,
}

impl Page {
    pub(crate) fn new(title: impl Into<Cow<'static, str>>) -> Page {
        Page {
            status: StatusCode::OK,
            title: title.into(),
            heading: None,
            headed: true,
            caption: None,
            back: None,
            wide: false,
            printed: None,
            goes_on: None,
            scripts: Vec::new(),
            errors: Vec::new(),
            blocks: Vec::new(),
        }
    }

    /// A heading that says more than the title may.
    pub(crate) fn heading_is(self, heading: impl Into<String>) -> Page {
        Page { heading: Some(heading.into()), ..self }
    }

    /// What stands on it brings its own heading.
    pub(crate) fn unheaded(self) -> Page {
        Page { headed: false, ..self }
    }

    pub(crate) fn caption(self, caption: impl Into<String>) -> Page {
        Page { caption: Some(caption.into()), ..self }
    }

    pub(crate) fn back(self, href: impl Into<String>) -> Page {
        Page { back: Some(Back { href: href.into(), text: "Back" }), ..self }
    }

    pub(crate) fn wide(self) -> Page {
        Page { wide: true, ..self }
    }

    /// A page that may be printed; `by` says who, when and why.
    pub(crate) fn printed(self, by: impl Into<String>) -> Page {
        Page { printed: Some(by.into()), ..self }
    }

    pub(crate) fn script(mut self, script: &'static str) -> Page {
        self.scripts.push(script);
        self
    }

    pub(crate) fn with(mut self, block: impl Into<Block>) -> Page {
        self.blocks.push(block.into());
        self
    }

    pub(crate) fn with_if(self, block: Option<impl Into<Block>>) -> Page {
        match block {
            Some(block) => self.with(block),
            None => self,
        }
    }

    pub(crate) fn with_all(mut self, blocks: impl IntoIterator<Item = Block>) -> Page {
        self.blocks.extend(blocks);
        self
    }

    /// The page with its form as it was sent, and what was wrong with it: nothing typed is lost.
    pub(crate) fn with_form(self, form: Form, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
        let Some((posted, mut errors)) = posted else { return self.with(form) };
        for error in &mut errors {
            error.id = error.field.and_then(|name| form.named(name)).map(super::Field::anchor);
        }
        let status = if errors.is_empty() { self.status } else { StatusCode::UNPROCESSABLE_ENTITY };
        let form = form.filled(posted, &errors);
        Page { status, errors, ..self }.with(form)
    }

    fn heading(&self) -> &str {
        self.heading.as_deref().unwrap_or(&self.title)
    }

    fn body(&self) -> Blocks<'_> {
        Block::within(&self.blocks)
    }

    /// The page as HTML, for whoever `frame` says.
    pub(crate) fn written(&self, frame: &Frame) -> Result<String, Problem> {
        Written { page: self, frame, assets: assets::Urls }.render().map_err(|error| {
            tracing::error!(error = %error, "a page could not be written");
            Problem::new("internal")
        })
    }
}

/// The page goes with an empty answer: whoever stands around the handlers knows for whom it is and writes it.
impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

impl FieldError {
    /// What is wrong with one field.
    pub(crate) fn at(field: &'static str, text: impl Into<String>) -> FieldError {
        FieldError { field: Some(field), id: None, text: text.into() }
    }

    /// What is wrong with the whole.
    pub(crate) fn whole(text: impl Into<String>) -> FieldError {
        FieldError { field: None, id: None, text: text.into() }
    }
}
