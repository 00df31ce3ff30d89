//! Why something is refused to, or about, an organisation.

use super::client;
use crate::{policy::wording, refused::Code};

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such organisation was registered.
    #[error("no such organisation is registered")]
    Unknown,
    /// The stream is another organisation's.
    #[error("this is another organisation's stream")]
    AnotherOrganisation,
    /// Outcodes of something that is no authority.
    #[error("only a local authority has outcodes")]
    OutcodesOfNoAuthority,
    /// An outcode is not of its form.
    #[error("an outcode is not of its form, as in N17")]
    OutcodeMalformed,
    /// A contact is not of its form, or there are too many.
    #[error("a contact is not of its form, or there are more than {max}", max = vocabulary::contact::CONTACTS_MAX)]
    ContactsMalformed,
    /// I-4: it is suspended.
    #[error("the organisation is suspended")]
    Suspended,
    /// I-4: it was never accredited for this, or its accreditation ran out.
    #[error("the organisation is not accredited")]
    NotAccredited,
    /// I-4: a key condition of its accreditation ran out.
    #[error("a condition of the organisation's accreditation has run out: {}", condition.as_str())]
    ConditionLapsed {
        /// Which.
        condition: Code,
    },
    /// I-4: it has no supply agreement, or it ran out.
    #[error("the organisation has no supply agreement in force")]
    AgreementExpired,
    /// Its information sharing agreement ran out, or was never signed.
    #[error("the organisation has no information sharing agreement in force")]
    SharingAgreementExpired,
    /// The policy in force knows no such condition.
    #[error("the policy in force knows no such condition")]
    ConditionUnknown,
    /// Evidence of the future, of too long ago, or for too long.
    #[error("evidence of this condition is of today or earlier and counts for at most {months} months")]
    ConditionOutOfRange {
        /// How long it counts.
        months: u32,
    },
    /// A key condition is not met, so that nothing is accredited.
    #[error("a key condition is not met: {}", asked(condition))]
    ConditionUnmet {
        /// The first, by name.
        condition: Code,
    },
    /// The last day lies in the past or too far ahead.
    #[error("the last day lies from today to at most {months} months ahead")]
    UntilOutOfRange {
        /// How far.
        months: u32,
    },
    /// Only an authority or a national body is reported on, and a month only once it is over.
    #[error("a month is reported of an authority or a national body, by its first day, once it is over")]
    NoMonthToReport,
    /// A client of this id was added before.
    #[error("a client of this id was added before")]
    ClientKnown,
    /// No such client.
    #[error("no such client")]
    ClientUnknown,
    /// What a client proves itself by cannot change so.
    #[error(transparent)]
    Client(#[from] client::Refusal),
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Unknown => "organisation_unknown",
            Refusal::AnotherOrganisation => "another_organisation",
            Refusal::OutcodesOfNoAuthority => "outcodes_of_no_authority",
            Refusal::OutcodeMalformed => "outcode_malformed",
            Refusal::ContactsMalformed => "contact_malformed",
            Refusal::Suspended => "organisation_suspended",
            Refusal::NotAccredited => "not_accredited",
            Refusal::ConditionLapsed { .. } => "condition_lapsed",
            Refusal::AgreementExpired => "agreement_expired",
            Refusal::SharingAgreementExpired => "sharing_agreement_expired",
            Refusal::ConditionUnknown => "condition_unknown",
            Refusal::ConditionOutOfRange { .. } => "condition_out_of_range",
            Refusal::ConditionUnmet { .. } => "condition_unmet",
            Refusal::UntilOutOfRange { .. } => "until_out_of_range",
            Refusal::NoMonthToReport => "no_month_to_report",
            Refusal::ClientKnown => "client_known",
            Refusal::ClientUnknown => "client_unknown",
            Refusal::Client(refusal) => refusal.code(),
        }
    }
}

/// What a condition asks for, beside its code.
fn asked(condition: &Code) -> String {
    let code = condition.as_str();
    wording(condition)
        .map_or_else(|| code.to_owned(), |asks| format!("{code}, {}", asks.trim_end_matches('.')))
}
