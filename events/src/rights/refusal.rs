//! Why a request, or what is asked of it, is refused.

use super::RECEIVED_DAYS_BACK_MAX;

/// Why not. The variants stand in the order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such request was made.
    #[error("no such request")]
    Unknown,
    /// The day of receipt lies ahead, or too far back.
    #[error(
        "a request is entered with the day it was received: today, or within the last {RECEIVED_DAYS_BACK_MAX} days"
    )]
    ReceivedOutOfRange,
    /// Competence is presumed of a child too young for it, or of unknown age.
    #[error("competence is presumed from the age that the policy sets; below it, it is assessed")]
    NotPresumed,
    /// A child who was judged not yet able to decide does not ask alone.
    #[error("the child was judged not yet able to ask alone; a carer asks for them")]
    ChildNotCompetent,
    /// The record names no such carer.
    #[error("the record names no carer by this reference")]
    CarerUnknown,
    /// A competent child was not asked about a carer's request.
    #[error("a competent child is asked first what they say of a carer's request")]
    ViewMissing,
    /// This is not done to a request of this kind, or of this asker.
    #[error("this is not done to a request of this kind")]
    DoesNotFit,
    /// It was answered.
    #[error("this request was answered")]
    AlreadyAnswered,
    /// The clock was extended before, or ran out.
    #[error("the clock runs longer once, and only while it runs")]
    NotExtended,
    /// The competent child objects.
    #[error("the child objects; the request is answered as withheld")]
    ChildObjects,
    /// Nobody judged the carer yet.
    #[error("it is judged first who the carer is, and whether they live with the child")]
    CarerUnchecked,
    /// What was judged was judged upon another state of the record.
    #[error("what the record says of carers or address has changed since the carer was checked: check again")]
    CheckOutdated,
    /// The record is shielded and nobody made the threat check, or not since the last shield.
    #[error("the record is shielded: another person makes the threat check first")]
    ThreatUnchecked,
    /// The threat check did not clear the carer.
    #[error("the threat check did not clear whoever asks; the request is answered as withheld")]
    ThreatNotCleared,
    /// Nobody makes the threat check of a request that they entered or checked themself.
    #[error(
        "the threat check is made by another person than the one who entered the request or checked the carer"
    )]
    OwnRequest,
    /// Nothing was refused with which to disagree.
    #[error("a disagreement follows a correction that was refused")]
    NothingRefused,
}

impl Refusal {
    /// The stable name.
    pub fn code(self) -> &'static str {
        match self {
            Refusal::Unknown => "rights_request_unknown",
            Refusal::ReceivedOutOfRange => "received_out_of_range",
            Refusal::NotPresumed => "competence_not_presumed",
            Refusal::ChildNotCompetent => "child_not_competent",
            Refusal::CarerUnknown => "carer_unknown",
            Refusal::ViewMissing => "childs_view_missing",
            Refusal::DoesNotFit => "rights_request_does_not_fit",
            Refusal::AlreadyAnswered => "rights_request_answered",
            Refusal::NotExtended => "clock_not_extended",
            Refusal::ChildObjects => "child_objects",
            Refusal::CarerUnchecked => "carer_unchecked",
            Refusal::CheckOutdated => "carer_check_outdated",
            Refusal::ThreatUnchecked => "threat_unchecked",
            Refusal::ThreatNotCleared => "threat_not_cleared",
            Refusal::OwnRequest => "own_request",
            Refusal::NothingRefused => "nothing_refused",
        }
    }
}
