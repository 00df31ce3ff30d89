//! The closed words of requests: who asks, what, by what proof, and how it may end.

use serde::{Deserialize, Serialize};
use vocabulary::{InvolvementId, KeyedRef, Position};

use crate::child::details::Field;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asker {
    /// The child.
    Child,
    /// A parent or another carer whom the record names, by the reference that the record gives them.
    Carer(KeyedRef),
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// What is held, and who looked (article 15).
    Access,
    /// That something held be corrected (article 16).
    Correction(Disputed),
    /// A complaint.
    Complaint(Complaint),
}

/// What is said to be wrong: which field or entry, never how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disputed {
    /// A field of the child's details.
    Field(Field),
    /// One involvement.
    Involvement(InvolvementId),
    /// Where the child is taught.
    Education,
    /// Where the child is registered for primary care.
    PrimaryCare,
}

/// What a complaint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Complaint {
    /// That somebody looked who should not have.
    Look,
    /// That something is held.
    Holding,
    /// That something was shown to somebody.
    Showing,
    /// How a consent was sought or kept.
    Consent,
    /// How a shield was decided.
    Shield,
    /// How a request was answered, or that it was not.
    Request,
}

/// By what the identity of whoever asks was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// A document with a likeness was seen.
    PhotoDocument,
    /// Two other documents were seen.
    TwoDocuments,
    /// Somebody who works with the child knows them in person.
    KnownInPerson,
}

/// What a competent child says of a carer's request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChildsView {
    /// The carer may have it, sensitive services too.
    Agrees,
    /// The carer may have it without sensitive services.
    WithoutSensitive,
    /// The carer may not have it.
    Objects,
}

/// Which statement stood, and since where: what was judged upon it counts for as long as it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stood {
    /// By which reference of a supplier.
    pub source: KeyedRef,
    /// Since which position.
    pub since: Position,
}

/// What the record says of carers and address, as far as a judgement of a carer leans on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Default)]
pub struct Ground {
    /// Whose word on the carers stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carers: Option<Stood>,
    /// Whose word on the address stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Stood>,
}

/// A step on the way to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Whoever asked was told that it was received.
    Acknowledged,
    /// The supplier whose word it is was asked.
    SupplierAsked,
    /// The looks that it is about are being investigated.
    UnderInvestigation,
    /// Whoever asked was told how far it has come.
    ProgressTold,
    /// Whoever asked took it to the Information Commissioner.
    WithCommissioner,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Access: the pack was handed out.
    PackIssued,
    /// Access: withheld, with its ground.
    Withheld(Withheld),
    /// Correction: the supplier or the directory corrected it.
    Corrected,
    /// Correction: refused, with its ground.
    CorrectionRefused(CorrectionRefused),
    /// Complaint: it was right.
    Upheld,
    /// Complaint: it was right in part.
    PartlyUpheld,
    /// Complaint: it was not.
    NotUpheld,
    /// Whoever asked took it back.
    TakenBack,
}

/// Why access is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Withheld {
    /// The competent child objects.
    ChildObjects,
    /// The threat check did not clear whoever asks.
    Threat,
    /// Telling would be likely to cause serious harm to the child or another.
    SeriousHarm,
    /// A court forbids it.
    CourtOrder,
}

/// Why nothing was corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionRefused {
    /// The supplier holds to it and shows by what.
    SupplierMaintains,
    /// A document proves it.
    Documented,
    /// It tells what was so then, and was right then.
    RightThen,
}
