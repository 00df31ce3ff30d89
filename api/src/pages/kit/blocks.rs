//! Blocks: the pieces of a page, one after the other.

use std::fmt;

use askama::Template;

use super::{Form, Line, Summary, Table};

/// One piece of a page.
#[derive(Debug, Clone)]
pub(crate) enum Block {
    Heading(Heading),
    /// A paragraph.
    Text(Line),
    /// The first paragraph of a page, larger.
    Lead(Line),
    /// A paragraph of lesser weight.
    Small(Line),
    /// A paragraph set apart.
    Inset(Line),
    /// What must not be overlooked.
    Warning(Line),
    List(List),
    Table(Table),
    Summary(Summary),
    Card(Card),
    /// What only some want to read.
    Details(Details),
    Section(Section),
    /// A confirmation, in the place of the heading.
    Panel(Panel),
    Notice(Notice),
    /// A page that stops whoever comes, before something grave.
    Interruption(Interruption),
    Tasks(Vec<Task>),
    Tabs(Tabs),
    Actions(Vec<Action>),
    /// A button that prints, for whoever runs scripts.
    Print(&'static str),
    Pager(Pager),
    Timeline(Vec<Moment>),
    Picture(Picture),
    /// What a script fetches anew from time to time.
    Live(&'static str, Vec<Block>),
    Form(Form),
}

/// A heading below the page's own.
#[derive(Debug, Clone)]
pub(crate) struct Heading {
    level: u8,
    size: &'static str,
    line: Line,
    id: Option<String>,
}

/// Lines, one below the other.
#[derive(Debug, Clone)]
pub(crate) struct List {
    lines: Vec<Line>,
    bullets: bool,
    spaced: bool,
}

/// A thing among others, with a title of its own.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    level: u8,
    id: Option<String>,
    title: Line,
    actions: Vec<Line>,
    blocks: Vec<Block>,
}

/// What only some want to read.
#[derive(Debug, Clone)]
pub(crate) struct Details {
    summary: String,
    open: bool,
    blocks: Vec<Block>,
}

/// Blocks that belong together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Section {
    pub(crate) id: Option<String>,
    pub(crate) class: &'static str,
    pub(crate) blocks: Vec<Block>,
}

/// A confirmation.
#[derive(Debug, Clone)]
pub(crate) struct Panel {
    title: String,
    body: Option<Line>,
}

/// A notification above what it is about.
#[derive(Debug, Clone)]
pub(crate) struct Notice {
    id: &'static str,
    title: String,
    line: Line,
    success: bool,
}

/// A page that stops whoever comes.
#[derive(Debug, Clone)]
pub(crate) struct Interruption {
    title: String,
    blocks: Vec<Block>,
}

/// One of a list of tasks.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) hint: Option<Line>,
    pub(crate) href: Option<String>,
    pub(crate) status: Line,
}

/// Ways to pages about the same thing.
#[derive(Debug, Clone)]
pub(crate) struct Tabs {
    label: &'static str,
    tabs: Vec<Tab>,
}

/// One of them.
#[derive(Debug, Clone)]
pub(crate) struct Tab {
    pub(crate) href: String,
    pub(crate) text: String,
    pub(crate) here: bool,
}

/// A link that looks like a button: what is done next.
#[derive(Debug, Clone)]
pub(crate) struct Action {
    href: String,
    text: String,
    secondary: bool,
}

/// Ways to the pages before and after.
#[derive(Debug, Clone)]
pub(crate) struct Pager {
    pub(crate) label: &'static str,
    pub(crate) previous: Option<String>,
    pub(crate) previous_text: String,
    pub(crate) next: Option<String>,
    pub(crate) next_text: String,
}

/// One moment of a timeline.
#[derive(Debug, Clone)]
pub(crate) struct Moment {
    pub(crate) level: u8,
    pub(crate) title: Line,
    pub(crate) by: Option<Line>,
    pub(crate) at: Line,
    pub(crate) blocks: Vec<Block>,
}

/// A picture, drawn by a template of `pictures` for a desk and for a telephone; what it shows stands in words beside it.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    pub(crate) wide: String,
    pub(crate) narrow: String,
    pub(crate) label: String,
    pub(crate) caption: Option<String>,
}

/// Blocks, one after the other.
#[derive(Template)]
#[template(path = "blocks.html")]
pub(crate) struct Blocks<'a> {
    blocks: &'a [Block],
}

impl Block {
    pub(crate) fn within(blocks: &[Block]) -> Blocks<'_> {
        Blocks { blocks }
    }

    /// A heading of the second level.
    pub(crate) fn heading(text: impl Into<Line>) -> Block {
        Block::Heading(Heading { level: 2, size: "m", line: text.into(), id: None })
    }

    /// A heading of the second level that others may lead to.
    pub(crate) fn heading_at(id: impl Into<String>, text: impl Into<Line>) -> Block {
        Block::Heading(Heading { level: 2, size: "m", line: text.into(), id: Some(id.into()) })
    }

    /// A heading of the third level.
    pub(crate) fn subheading(text: impl Into<Line>) -> Block {
        Block::Heading(Heading { level: 3, size: "s", line: text.into(), id: None })
    }

    pub(crate) fn text(text: impl Into<Line>) -> Block {
        Block::Text(text.into())
    }

    pub(crate) fn lead(text: impl Into<Line>) -> Block {
        Block::Lead(text.into())
    }

    pub(crate) fn small(text: impl Into<Line>) -> Block {
        Block::Small(text.into())
    }

    pub(crate) fn inset(text: impl Into<Line>) -> Block {
        Block::Inset(text.into())
    }

    pub(crate) fn warning(text: impl Into<Line>) -> Block {
        Block::Warning(text.into())
    }

    pub(crate) fn list(lines: impl IntoIterator<Item = impl Into<Line>>) -> Block {
        let lines = lines.into_iter().map(Into::into).collect();
        Block::List(List { lines, bullets: true, spaced: false })
    }

    /// Lines without bullets, as of addresses or links.
    pub(crate) fn plain_list(lines: impl IntoIterator<Item = impl Into<Line>>) -> Block {
        let lines = lines.into_iter().map(Into::into).collect();
        Block::List(List { lines, bullets: false, spaced: true })
    }

    pub(crate) fn details(summary: impl Into<String>, blocks: Vec<Block>) -> Block {
        Block::Details(Details { summary: summary.into(), open: false, blocks })
    }

    pub(crate) fn panel(title: impl Into<String>, body: Option<Line>) -> Block {
        Block::Panel(Panel { title: title.into(), body })
    }

    pub(crate) fn interruption(title: impl Into<String>, blocks: Vec<Block>) -> Block {
        Block::Interruption(Interruption { title: title.into(), blocks })
    }

    pub(crate) fn tabs(label: &'static str, tabs: Vec<Tab>) -> Block {
        Block::Tabs(Tabs { label, tabs })
    }
}

impl Card {
    pub(crate) fn new(title: impl Into<Line>, blocks: Vec<Block>) -> Card {
        Card { level: 3, id: None, title: title.into(), actions: Vec::new(), blocks }
    }

    pub(crate) fn level(self, level: u8) -> Card {
        Card { level, ..self }
    }

    pub(crate) fn at(self, id: impl Into<String>) -> Card {
        Card { id: Some(id.into()), ..self }
    }

    pub(crate) fn action(mut self, action: Line) -> Card {
        self.actions.push(action);
        self
    }

    fn inside(&self) -> Blocks<'_> {
        Block::within(&self.blocks)
    }
}

impl Details {
    fn inside(&self) -> Blocks<'_> {
        Block::within(&self.blocks)
    }
}

impl Section {
    fn inside(&self) -> Blocks<'_> {
        Block::within(&self.blocks)
    }
}

impl Interruption {
    fn inside(&self) -> Blocks<'_> {
        Block::within(&self.blocks)
    }
}

impl Moment {
    fn inside(&self) -> Blocks<'_> {
        Block::within(&self.blocks)
    }
}

impl Notice {
    /// What was done.
    pub(crate) fn done(line: impl Into<Line>) -> Block {
        let title = "Done".to_owned();
        Block::Notice(Notice { id: "done", title, line: line.into(), success: true })
    }

    /// What somebody should know first.
    pub(crate) fn important(line: impl Into<Line>) -> Block {
        let title = "Important".to_owned();
        Block::Notice(Notice { id: "important", title, line: line.into(), success: false })
    }
}

impl Action {
    pub(crate) fn first(href: impl Into<String>, text: impl Into<String>) -> Action {
        Action { href: href.into(), text: text.into(), secondary: false }
    }

    pub(crate) fn second(href: impl Into<String>, text: impl Into<String>) -> Action {
        Action { href: href.into(), text: text.into(), secondary: true }
    }
}

macro_rules! a_block_of {
    ($($kind:ident),+) => {
        $(impl From<$kind> for Block {
            fn from(of: $kind) -> Block {
                Block::$kind(of)
            }
        })+
    };
}

a_block_of!(Table, Summary, Card, Section, Pager, Picture, Form);

impl fmt::Debug for Blocks<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Blocks({})", self.blocks.len())
    }
}
