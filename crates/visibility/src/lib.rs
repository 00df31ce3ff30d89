//! Who may see what: one record and one viewer in, the accessible record out. Pure, total, no clock.
//!
//! Two questions in two functions (house rules section 7): [`scope()`] says *who* may see which groups of
//! fields, [`view()`] asks it and says *what*. Views start empty and are granted fields; nothing is ever
//! taken out of a full copy, so that a forgotten field is hidden and not leaked (ADR-0005). One file a rule:
//!
//! | rule | source | file |
//! |---|---|---|
//! | the table of roles and record states | regulation 6(2), 6(4) | `scope.rs` |
//! | shields, and whose override opens them | regulation 6(5)-(6) | `shielded.rs` |
//! | archived and quarantined records | regulation 6(3)(e) | `archived.rs` |
//! | sensitive services, and the unspecified line | regulation 6(3)(a) | `sensitive.rs` |
//! | who may do what at all | rules.md 4, 5; domain.md 5.1 | `permission.rs` |
//! | which entries, and for how long | Schedule 1 | `entries.rs` |
//! | identifiers of other bodies | regulation 6(3)(c) | `identifiers.rs` |
//! | former names | Schedule 1 para 1 | `names.rs` |
//! | patterns of contact | rules.md 2.3 | `patterns.rs` |
//! | the time that hidden entries take | rules.md 2.3 | `outward.rs` |
//! | what a search may use and show | rules.md 2.4 | `search.rs` |
//! | who may read who looked | rules.md 2, group J | `looks.rs` |
//! | the fields stored, for the impact assessment | UK GDPR article 35 | `fields.rs` |
//! | what somebody was told of an entry | rules.md 2.3 | `notifications.rs` |
//! | access requests | UK GDPR article 15 | `subject.rs` |
//!
//! ```
//! use chrono::NaiveDate;
//! use events::child::Child;
//! use visibility::{Named, Names, Override, Sight, Viewer, view};
//! use vocabulary::*;
//!
//! struct NoRegister;
//! impl Names for NoRegister {
//!     fn organisation(&self, _: &OrganisationId) -> Option<Named> {
//!         None
//!     }
//! }
//!
//! let operator = Viewer {
//!     account: AccountId::new(uuid::Uuid::nil()),
//!     organisation: "org:machine-room".parse().unwrap(),
//!     kind: OrganisationKind::DirectoryTeam,
//!     authority: None,
//!     role: Role::Operator,
//!     channel: Channel::Web,
//!     assurance: Assurance::OwnSignIn,
//!     mediated_for: None,
//!     national: true,
//! };
//! let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
//! let record = view(&operator, &Child::default(), Override::None, &NoRegister, &Sight::on(today));
//! assert!(record.groups().is_empty());
//! ```

mod archived;
mod entries;
mod fields;
mod fill;
mod groups;
mod identifiers;
mod looks;
mod names;
mod notifications;
mod outward;
mod patterns;
pub mod permission;
mod scope;
mod search;
mod sensitive;
mod shielded;
mod subject;
mod viewer;
pub mod views;

pub use archived::Column;
pub use fields::{Audience, audience, fields};
pub use fill::{Named, Names, view, view_within};
pub use groups::Groups;
pub use looks::{Listing, Look, LookShown, Reader, may_count_listing, may_see_look};
pub use names::{Name, NameKind};
pub use notifications::{leads_of_look, may_be_told, may_be_told_of_look};
pub use outward::{Onlooker, Outward};
pub use patterns::{Pattern, PatternCode};
pub use scope::{Scope, scope};
pub use search::{Found, Hit, SearchFacts, SearchField, Searchable, hit, searchable};
pub use sensitive::{Seen, SensitiveServices};
pub use subject::{Agreement, CarerRequest, Home, Subject, Threat, subject_scope};
pub use viewer::{ApprovedCase, Override, Shields, Sight, Viewer};
pub use views::{AccessibleRecord, Gap};
