//! A replay for a reader: the story as a chronology of one line an event, and a record without brackets.

use std::fmt::{self, Write as _};

use chrono::{DateTime, Utc};
use serde::Serialize;
use vocabulary::{Position, england_time};

use super::{History, Told};

/// How the lines are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    /// Lines alone.
    Plain,
    /// Lines as the items of a Markdown list.
    Markdown,
}

impl History {
    /// The replay in words; `recorded` is where its own trace stands.
    ///
    /// Times are those of the clock on the wall in England. A record and a difference are told field by field.
    pub fn in_words(&self, recorded: Position, markup: Markup) -> String {
        let mut out = String::new();
        // Writing into memory does not fail.
        let _written = self.write(&mut out, recorded, markup);
        out
    }

    fn write(&self, out: &mut String, recorded: Position, markup: Markup) -> fmt::Result {
        let (title, item) = match markup {
            Markup::Plain => ("", ""),
            Markup::Markdown => ("# ", "- "),
        };
        match self {
            History::Events { child_number, events } => {
                let count = events.len();
                writeln!(out, "{title}{child_number}: {count} events; this replay stands at {recorded}")?;
                writeln!(out)?;
                for told in events {
                    write!(out, "{item}")?;
                    told.write(out)?;
                }
                Ok(())
            }
            History::Record(then) => {
                writeln!(out, "{title}As known at {}; this replay stands at {recorded}", wall(then.as_of))?;
                writeln!(out)?;
                if let Some(code) = then.refused {
                    writeln!(out, "No look was open then: {}.", code.replace('_', " "))?;
                    return Ok(());
                }
                if then.urgent_only {
                    writeln!(out, "Open to an emergency and to a child protection enquiry only.")?;
                }
                fields(out, &then.record, markup)
            }
            History::Difference { from, to, changes } => {
                let (from, to) = (wall(*from), wall(*to));
                writeln!(
                    out,
                    "{title}What changed between {from} and {to}; this replay stands at {recorded}"
                )?;
                writeln!(out)?;
                if changes.is_empty() {
                    writeln!(out, "Nothing.")?;
                }
                for change in changes {
                    writeln!(out, "{item}{}", change.pointer)?;
                    for (when, value) in [("before", &change.before), ("after", &change.after)] {
                        if let Some(value) = value {
                            writeln!(out, "  {when}: {value}")?;
                        }
                    }
                }
                Ok(())
            }
        }
    }
}

impl Told {
    /// One line: when it was known, when it happened where that is another day, what, by whom, where it stands.
    fn write(&self, out: &mut String) -> fmt::Result {
        if let Some(day) = self.on {
            return writeln!(out, "{day} removed [{}]", self.position);
        }
        if let Some(recorded_at) = self.recorded_at {
            write!(out, "{} ", wall(recorded_at))?;
            let happened = self
                .happened_at
                .filter(|happened| england_time(*happened).date() != england_time(recorded_at).date());
            if let Some(happened) = happened {
                write!(out, "(happened {}) ", england_time(happened).date())?;
            }
        }
        write!(out, "{}", self.story.join(" "))?;
        if let Some(who) = &self.who {
            write!(out, " By {who}.")?;
        }
        writeln!(out, " [{}]", self.position)
    }
}

fn wall(instant: DateTime<Utc>) -> String {
    england_time(instant).format("%Y-%m-%d %H:%M").to_string()
}

/// A value as indented lines without the signs of JSON that nobody needs.
fn fields(out: &mut String, value: &impl Serialize, markup: Markup) -> fmt::Result {
    let text = serde_json::to_string_pretty(value).map_err(|_| fmt::Error)?;
    let lines = text.lines().filter(|line| !line.trim().trim_matches([',', '{', '}', '[', ']']).is_empty());
    for line in lines {
        let plain = line.trim_end_matches([',', '{', '[']).trim_end_matches(' ').replace('"', "");
        let indent = plain.len() - plain.trim_start().len();
        let indented = match markup {
            Markup::Plain => plain,
            Markup::Markdown => format!("{}- {}", " ".repeat(indent.saturating_sub(2)), plain.trim_start()),
        };
        writeln!(out, "{indented}")?;
    }
    Ok(())
}
