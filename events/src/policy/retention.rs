//! Retention: how long each personal field is kept, by what it is about and by the ground it is held on.
//!
//! One closed table, beside that of the grounds, so that the data protection impact assessment can be written from
//! it (docs/dpia.md). Source: domain.md 4.6, 6.2; rules.md 3.3; house rules section 4.4 (keys).

use vocabulary::StreamKind;

use super::LegalBasis;

/// How long something personal is kept, by which key seals it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Retention {
    /// With the child's record: live to 18, or to a year after a death; then six years in the archive; then the
    /// child's key is destroyed.
    Record,
    /// With one episode of a sensitive service, under a key of its own: gone from every view when consent is
    /// withdrawn, and its key destroyed on schedule; else with the record.
    Episode,
    /// With an item that waits for a person, under a key of its own, which is destroyed thirty days after its end; what
    /// it came to is sealed by its month's key.
    Item,
    /// With a month of looks, under that month's key: who looked outlives the record.
    Month,
    /// With an account, under its own key.
    Account,
}

impl Retention {
    /// Every class.
    pub const ALL: [Retention; 5] =
        [Retention::Record, Retention::Episode, Retention::Item, Retention::Month, Retention::Account];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Retention::Record => "record",
            Retention::Episode => "episode",
            Retention::Item => "item",
            Retention::Month => "month",
            Retention::Account => "account",
        }
    }

    /// The class of a field that is stored in a family of streams on a ground; `None` where the family tells of
    /// nobody.
    pub fn of(stream: StreamKind, basis: LegalBasis) -> Option<Retention> {
        match (stream, basis) {
            (StreamKind::Child, LegalBasis::ConsentOrHarm) => Some(Retention::Episode),
            (
                StreamKind::Child,
                LegalBasis::ChildRecord
                | LegalBasis::Matching
                | LegalBasis::Shielding
                | LegalBasis::Audit
                | LegalBasis::Rights
                | LegalBasis::Access,
            ) => Some(Retention::Record),
            (StreamKind::Intake, _) => Some(Retention::Item),
            (StreamKind::Access | StreamKind::Search | StreamKind::Brokering | StreamKind::Rights, _) => {
                Some(Retention::Month)
            }
            (StreamKind::Account, _) => Some(Retention::Account),
            (StreamKind::Organisation | StreamKind::Case | StreamKind::Policy | StreamKind::Erasure, _) => {
                None
            }
        }
    }
}
