//! Lines: text with links, tags and times in it.

use std::fmt;

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};

use crate::pages::words;

/// A piece of a line.
#[derive(Debug, Clone)]
pub(crate) enum Span {
    /// Text.
    Text(String),
    /// Text that matters more.
    Strong(String),
    /// An identifier, letter by letter.
    Code(String),
    /// Text that matters less.
    Quiet(String),
    /// Text for those who hear the page.
    Hidden(String),
    /// A link.
    Link(Link),
    /// A tag: its colour, its word.
    Tag(&'static str, String),
    /// An instant or a day: for machines, for people.
    Time(String, String),
    /// A new line of an address.
    Break,
}

/// A link within a line.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) text: String,
    /// What tells it from others of the same words, for those who hear links alone.
    pub(crate) hidden: Option<String>,
    pub(crate) rel_external: bool,
}

/// Text with links, tags and times in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line(Vec<Span>);

#[derive(Template)]
#[template(path = "line.html")]
struct Written<'a> {
    spans: &'a [Span],
}

/// An empty line, to go on from.
pub(crate) fn line() -> Line {
    Line::default()
}

impl Line {
    fn with(mut self, span: Span) -> Line {
        self.0.push(span);
        self
    }

    pub(crate) fn text(self, text: impl Into<String>) -> Line {
        self.with(Span::Text(text.into()))
    }

    pub(crate) fn strong(self, text: impl Into<String>) -> Line {
        self.with(Span::Strong(text.into()))
    }

    pub(crate) fn code(self, text: impl Into<String>) -> Line {
        self.with(Span::Code(text.into()))
    }

    pub(crate) fn quiet(self, text: impl Into<String>) -> Line {
        self.with(Span::Quiet(text.into()))
    }

    pub(crate) fn hidden(self, text: impl Into<String>) -> Line {
        self.with(Span::Hidden(text.into()))
    }

    pub(crate) fn tag(self, colour: &'static str, text: impl Into<String>) -> Line {
        self.with(Span::Tag(colour, text.into()))
    }

    pub(crate) fn line_break(self) -> Line {
        self.with(Span::Break)
    }

    /// A link whose words say where it leads.
    pub(crate) fn link(self, href: impl Into<String>, text: impl Into<String>) -> Line {
        self.with(Span::Link(Link {
            href: href.into(),
            text: text.into(),
            hidden: None,
            rel_external: false,
        }))
    }

    /// A link among others of the same words: `hidden` tells it from them.
    pub(crate) fn link_to(
        self,
        href: impl Into<String>,
        text: impl Into<String>,
        hidden: impl Into<String>,
    ) -> Line {
        let hidden = Some(hidden.into());
        self.with(Span::Link(Link { href: href.into(), text: text.into(), hidden, rel_external: false }))
    }

    /// An instant, in words and in England's time.
    pub(crate) fn at(self, at: DateTime<Utc>) -> Line {
        self.with(Span::Time(at.to_rfc3339(), words::moment(at)))
    }

    /// A day, in words.
    pub(crate) fn on(self, day: NaiveDate) -> Line {
        self.with(Span::Time(day.to_string(), words::day(day)))
    }

    /// Both, one after the other.
    pub(crate) fn and(mut self, other: Line) -> Line {
        self.0.extend(other.0);
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&Written { spans: &self.0 }.render().map_err(|_| fmt::Error)?)
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Line {
        line().text(text)
    }
}

impl From<String> for Line {
    fn from(text: String) -> Line {
        line().text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_written_leaves_as_text() {
        let hostile = "<script>alert(1)</script>\"'&";
        let written =
            line().text(hostile).strong(hostile).tag("red", hostile).link_to("/a", hostile, hostile);
        let html = written.to_string();
        assert!(!html.contains("<script"), "{html}");
        assert_eq!(html.matches("&#60;script&#62;").count(), 5, "{html}");
    }
}
