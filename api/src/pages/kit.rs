//! The kit: what pages are put together from. A page says what stands on it; how that is written stands here and in
//! `api/templates` alone.
//!
//! Whatever is put into a block is text and leaves as text: the templates escape it. Source: the GOV.UK Design System
//! (components) and the Ministry of Justice's (timeline, interruption card, sub-navigation); ADR-0060.

mod blocks;
mod field;
mod form;
mod line;
mod page;
mod table;

pub(crate) use blocks::{Action, Block, Card, Moment, Notice, Pager, Picture, Section, Tab, Task};
pub(crate) use field::{Choice, Field};
pub(crate) use form::Form;
pub(crate) use line::{Line, Span, line};
pub(crate) use page::{FieldError, Page};
pub(crate) use table::{Column, Summary, Table};
