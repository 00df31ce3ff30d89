//! The words: ids, names, dates, reasons, service types, roles. Parsed once, valid for ever.
//!
//! Floor 0: no clock, no I/O, no rule of the directory. What cannot be a valid word cannot be built.
//!
//! ```
//! use vocabulary::ChildNumber;
//!
//! let number: ChildNumber = "04817263599".parse().unwrap();
//! assert_eq!(number.to_string(), "04817263599");
//! assert!("04817263590".parse::<ChildNumber>().is_err());
//! ```

pub mod access;
pub mod child_number;
pub mod client;
pub mod consent;
pub mod contact;
pub mod day;
pub mod id;
pub mod identifier;
pub mod organisation;
pub mod passkey;
pub mod place;
pub mod provider;
pub mod reason;
pub mod report;
pub mod review;
pub mod role;
pub mod service;
pub mod stream;
pub mod text;
pub mod wording;

pub use access::{Assurance, Channel, FieldGroup};
pub use child_number::ChildNumber;
pub use client::{KeyName, SignInMethod, SignatureAlgorithm, Thumbprint};
pub use consent::{Competence, ConsentDecision, GivenBy, HarmGround, Method};
pub use contact::{Contact, ContactKind, ContactUse};
pub use day::{age_on, england_day, england_midnight, england_time, working_days_after};
pub use id::{
    AccessId, AccountId, BrokeringId, CaseId, ChildId, ClientId, HoldId, IntakeId, InvolvementId, KeyedRef,
    PurgeId, RightsId, SearchId, ShieldId, TransferId,
};
pub use identifier::{NhsNumber, Scheme, Upn};

pub use organisation::{OrganisationId, OrganisationKind};
pub use passkey::PasskeyId;
pub use place::{Address, AddressState, Postcode};
pub use provider::ProviderName;
pub use reason::AccessReason;
pub use report::{OfChildren, ReportName};
pub use review::{Explanation, Lot, ReviewOutcome, Signal};
pub use role::Role;
pub use service::{ServiceClass, ServiceType};
pub use stream::{BodyHash, EventId, KeyId, Position, Revision, Stream, StreamKind};
pub use text::{Label, PersonName};
pub use wording::{Gender, IntendsReturn, NotAWord};
