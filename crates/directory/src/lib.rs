//! The shell: the whole directory as one value.
//!
//! [`Directory`] takes commands through one door, runs them against pure rules, appends what follows to the
//! log, and shows nothing before the showing itself is durable ([`Disclosed`]). No runtime: whoever waits for
//! the disk awaits a ticket or blocks on it, as they choose.
//!
//! Read in this order: [`supply`] (one event of a supplier, from its sending to its outcome), `judge.rs`
//! (which child is meant), `filing.rs` (how facts become an append), [`disclose`] and [`search`] (looks),
//! [`open`] (from folders to a directory that serves).

pub mod admin;
pub mod assertions;
pub mod backups;
pub mod brokering;
pub mod bundles;
pub mod by_hand;
pub mod caseload;
pub mod cases;
pub mod catch_up;
pub mod ceilings;
mod children;
pub mod clients;
mod commands;
pub mod compacting;
mod core;
mod declaring;
mod desk;
pub mod disclose;
pub mod discrepancies;
mod entry;
pub mod feed;
mod filing;
mod folding;
mod handing_in;
mod handles;
pub mod history;
pub mod inbox;
mod judge;
mod keying;
mod kinship;
mod lately;
pub mod ledger;
pub mod looks;
mod mediating;
pub mod merging;
mod months;
mod moving;
pub mod notices;
pub mod open;
pub mod operations;
pub mod outcome;
pub mod passkeys;
pub mod people;
mod permitting;
pub mod ports;
pub mod providers;
pub mod public_keys;
pub mod queue;
mod register;
pub mod reports;
pub mod retention;
pub mod reviews;
pub mod rights;
pub mod rows;
mod scoping;
pub mod search;
pub mod shield_reviews;
pub mod sign_in;
pub mod snapshots;
pub mod supply;
pub mod transfers;
mod turns;
pub mod unseal;

pub use admin::{
    ADMIN_PAGE, AccountAct, Acted, AdminError, Ending, Enrolment, Expiring, NewAccount, NewUser,
    OrganisationAct, Warning,
};
pub use assertions::VouchError;
pub use brokering::{BrokeringPage, BrokeringRequest, BrokeringTaken, BrokeringWaiting};
pub use bundles::{Evidence, ProveError};
pub use by_hand::{HandError, InvolvementPatch, ShieldAsk};
pub use caseload::{CaseloadEntry, CaseloadPage};
pub use cases::{CaseRead, CaseRequest, CaseStands, CaseState};
pub use ceilings::CeilingFigures;
pub use children::LoadError;
pub use clients::{ClientChange, Credential, credentials};
pub use compacting::{CompactError, Compacted, Resealed};
pub use core::Directory;
pub use declaring::Declared;
pub use disclose::{Disclosed, LookError, OnBehalf, OpenRequest, OpenedRecord};
pub use discrepancies::{DiscrepancyItem, DiscrepancyPage};
pub use feed::{Fed, Told};
pub use filing::FileError;
pub use handles::HandlesError;
pub use history::{History, HistoryRequest};
pub use inbox::{InboxItem, InboxPage};
pub use judge::{Unmeant, national_pool};
pub use ledger::{Ledger, LedgerError};
pub use looks::{AuditQuery, LookPage, LookShownOnce};
pub use merging::MergeAsk;
pub use notices::{NoticeAsk, NoticeCursor, NoticeFor, NoticeItem, NoticeQuery, NoticesDue};
pub use open::{Folders, OpenDirectoryError, OpenedDirectory};
pub use operations::{HEADERS_PAGE, HeaderTold, Operations};
pub use outcome::{Outcome, OutcomeKind, Pending, Problem};
pub use passkeys::{Made, MakingAsked, PasskeyFault, RelyingParty, Signed, SigningAsked};
pub use people::{ClientIdentity, Person};
pub use providers::{Begun, IdentityError, Provider, ProviderKeys, Returned, Vouched};
pub use public_keys::{KeyFault, read_public_key, read_thumbprint};
pub use queue::{CandidateWeighing, Compared, QueueDecision, QueueFigures, QueueItem, QueuePage};
pub use reports::{Counters, GroupBy, Interval, Report, ReportQuery, WorklistPage};
pub use retention::{HoldAsk, Night, PurgeWaiting, RetainError, night_of};
pub use reviews::{
    LooksJudged, Notice, NoticePage, ReviewCursor, ReviewError, ReviewItem, ReviewPage, ReviewQuery,
};
pub use rights::{RightsAct, RightsAsk, RightsCursor, RightsItem, RightsPage, RightsTaken, SubjectPack};
pub use search::{MISUSE, SearchPage, SearchRequest};
pub use shield_reviews::{ShieldCursor, ShieldItem, ShieldPage};
pub use sign_in::{Cost, EnrolError, Enrolled, ShownOnce, SignInError, SignedIn};
pub use supply::{Mode, Sender, SuppliedEvent, SupplyError};
pub use transfers::{TransferItem, TransferPage};
