//! Why not: the refusals of involvements, one for each rule.

use chrono::NaiveDate;

use super::START_DAYS_AHEAD_MAX;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No record was opened for this child.
    #[error("no record is open for this child")]
    NotRegistered,
    /// No such involvement.
    #[error("no such involvement of this child")]
    Unknown,
    /// I-15: somebody else's involvement.
    #[error("only the organisation that recorded an involvement, or the authority's team, changes it")]
    AnothersInvolvement,
    /// It was entered in error and cannot come back.
    #[error("this involvement was entered in error; record a new one")]
    InError,
    /// It says another service, organisation or episode than before.
    #[error("an involvement keeps its service, its organisation and its episode; record a new one")]
    Differs,
    /// It ended, and what is asked needs an open one.
    #[error("this involvement ended; start a new one")]
    HasEnded,
    /// Neither practitioner nor team.
    #[error("an involvement names a practitioner or a team")]
    NobodyNamed,
    /// No contact, or too many.
    #[error("an involvement has 1 to {} contacts", vocabulary::contact::CONTACTS_MAX)]
    ContactCount,
    /// A contact is not of its form.
    #[error("{0}")]
    Malformed(#[from] vocabulary::NotAWord),
    /// I-5: ends before it starts.
    #[error("an involvement begun on {started_on} cannot end on {ended_on}")]
    EndsBeforeStart {
        /// Its start.
        started_on: NaiveDate,
        /// The end told.
        ended_on: NaiveDate,
    },
    /// I-5: starts too far ahead.
    #[error("a start on {started_on} lies more than {START_DAYS_AHEAD_MAX} days ahead")]
    StartsTooFarAhead {
        /// The start told.
        started_on: NaiveDate,
    },
    /// I-5: ends in the future.
    #[error("an end on {ended_on} lies in the future")]
    EndsInFuture {
        /// The end told.
        ended_on: NaiveDate,
    },
    /// I-5: starts before birth.
    #[error("a start on {started_on} lies before the date of birth")]
    StartsBeforeBirth {
        /// The start told.
        started_on: NaiveDate,
    },
    /// A date that must not lie ahead does.
    #[error("{on} lies in the future")]
    InFuture {
        /// The day told.
        on: NaiveDate,
    },
    /// A sensitive service names no episode.
    #[error("an involvement of a sensitive service needs its episode_ref")]
    EpisodeMissing,
    /// Another service names one.
    #[error("only an involvement of a sensitive service takes an episode_ref")]
    EpisodeNotTaken,
    /// I-11: nothing permits the entry.
    #[error("a sensitive service may be recorded only with consent or on suspicion of significant harm")]
    NoBasis,
    /// Rules.md 1.4: an address of a protected service.
    #[error("a protected service is recorded without an address")]
    AddressNotTaken,
    /// The child has died.
    #[error("an involvement cannot start after the child's death")]
    AfterDeath,
    /// I-6: it has not begun, and what is asked needs an open one.
    #[error("an involvement that begins on {started_on} holds no role before that day")]
    NotBegun {
        /// Its start.
        started_on: NaiveDate,
    },
    /// I-6: the role is taken by an entry that the sender may see.
    #[error("another involvement holds the lead professional role")]
    LeadTaken,
}

impl Refusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotRegistered => "child_unknown",
            Refusal::Unknown => "involvement_unknown",
            Refusal::AnothersInvolvement => "involvement_of_another",
            Refusal::InError => "entered_in_error",
            Refusal::Differs => "involvement_differs",
            Refusal::HasEnded => "involvement_ended",
            Refusal::NobodyNamed => "practitioner_or_team_missing",
            Refusal::ContactCount => "contacts_count",
            Refusal::Malformed(_) => "contact_invalid",
            Refusal::EndsBeforeStart { .. } => "ends_before_start",
            Refusal::StartsTooFarAhead { .. } => "start_too_far_ahead",
            Refusal::EndsInFuture { .. } => "end_in_future",
            Refusal::StartsBeforeBirth { .. } => "start_before_birth",
            Refusal::InFuture { .. } => "date_in_future",
            Refusal::EpisodeMissing => "episode_ref_missing",
            Refusal::EpisodeNotTaken => "episode_ref_not_taken",
            Refusal::NoBasis => "no_basis",
            Refusal::AddressNotTaken => "address_not_taken",
            Refusal::AfterDeath => "after_death",
            Refusal::NotBegun { .. } => "involvement_not_begun",
            Refusal::LeadTaken => "lead_professional_taken",
        }
    }
}
