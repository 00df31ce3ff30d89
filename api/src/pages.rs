//! Pages: the secure web link, for people in a browser. No rule lives here, as none lives in `http`: each page asks
//! the directory what the API asks it, and says the answer in words.
//!
//! Read in this order: `visitor.rs` (who comes, and what stands around every page), `kit.rs` (what pages are put
//! together from), `posted.rs` (how a form becomes the body of a call), `find.rs` and `record.rs` (from a name to a
//! telephone number). Every route stands in `router/pages.rs`. Source: ADR-0060, ADR-0061; WCAG 2.2 AA.

mod after;
pub(crate) mod assets;
mod fields;
mod frame;
mod kept;
#[expect(dead_code, unused_imports, reason = "the kit stands before every page that uses it")]
mod kit;
mod pictures;
mod posted;
mod reason;
mod ring;
mod visit;
pub(crate) mod visitor;
mod words;
mod wrong;

pub(crate) mod account;
pub(crate) mod cases;
pub(crate) mod content;
pub(crate) mod find;
pub(crate) mod looks;
pub(crate) mod operator;
pub(crate) mod organisations;
pub(crate) mod people;
pub(crate) mod pin;
pub(crate) mod policy;
pub(crate) mod record;
pub(crate) mod reports;
pub(crate) mod reviews;
pub(crate) mod sign_in;
pub(crate) mod start;
pub(crate) mod team;
pub(crate) mod work;

pub(crate) use kept::Kept;
pub(crate) use visit::Visit;
