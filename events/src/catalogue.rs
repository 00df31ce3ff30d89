//! Catalogue: every type of fact, its version, its family of streams, and what it means in a sentence.
//!
//! docs/events.md is made from it. Adding is free; changing meaning is a new version with an upcaster;
//! nothing stored is ever rewritten (contract.md section 4).

use vocabulary::StreamKind;

/// One type of fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CatalogueLine {
    /// Its name as stored; no other type of any family has it.
    pub name: &'static str,
    /// The version of its shape that is written today, from 1.
    pub version: u16,
    /// The family of its stream.
    pub stream: StreamKind,
    /// What it means.
    pub meaning: &'static str,
}

const fn line(name: &'static str, stream: StreamKind, meaning: &'static str) -> CatalogueLine {
    CatalogueLine { name, version: 1, stream, meaning }
}

/// The line of a type of a family of streams, by its name as stored.
pub fn of(stream: StreamKind, name: &str) -> Option<&'static CatalogueLine> {
    CATALOGUE.iter().find(|line| line.stream == stream && line.name == name)
}

/// Tells whether a family of streams has a type of this name.
pub fn knows(stream: StreamKind, name: &str) -> bool {
    of(stream, name).is_some()
}

/// Every type of fact, by family, each family in the order that its enum tells it.
#[rustfmt::skip]
pub const CATALOGUE: &[CatalogueLine] = &[
    line("child_registered", StreamKind::Child, "A record was opened for a child, with its number and its one responsible authority."),
    line("local_ref_linked", StreamKind::Child, "A supplier's local reference was found to mean this child."),
    line("link_disputed", StreamKind::Child, "A supplier says that its local reference does not mean this child; its entries are hidden meanwhile."),
    line("local_refs_merged", StreamKind::Child, "A supplier's two local references mean one child."),
    line("same_person", StreamKind::Child, "A person decided that another record is of this child: a merge, one fact in each stream."),
    line("not_same_person", StreamKind::Child, "A person decided that another record, or what a reference means, is not of this child."),
    line("child_entered_in_error", StreamKind::Child, "A supplier takes back everything it said under a local reference."),
    line("authority_allocated", StreamKind::Child, "A record in the national pool was given to the authority of its address."),
    line("responsibility_transfer_proposed", StreamKind::Child, "One of two authorities, or a new address, proposes that the other answer for the record."),
    line("responsibility_transfer_agreed", StreamKind::Child, "One of the two authorities agreed to a move that neither had asked for."),
    line("responsibility_transfer_accepted", StreamKind::Child, "Both authorities agreed: the record has another responsible authority from here on."),
    line("responsibility_transfer_declined", StreamKind::Child, "One of the two authorities declined, or took its own proposal back."),
    line("child_described", StreamKind::Child, "A supplier stated the child's details as it holds them."),
    line("discrepancy_raised", StreamKind::Child, "A source's word differs from the one that stands; its supplier or the team is told in which fields."),
    line("discrepancy_settled", StreamKind::Child, "A source's word differs from the one that stands no more."),
    line("older_version_received", StreamKind::Child, "A supplier sent an older version than one already held; kept, and changes nothing."),
    line("education_stated", StreamKind::Child, "A supplier stated where the child is taught."),
    line("primary_care_stated", StreamKind::Child, "A supplier stated where the child is registered for primary care."),
    line("involvement_started", StreamKind::Child, "A service began to work with the child."),
    line("involvement_updated", StreamKind::Child, "What is known of an involvement changed."),
    line("involvement_ended", StreamKind::Child, "A service stopped working with the child."),
    line("involvement_entered_in_error", StreamKind::Child, "An involvement should never have been recorded."),
    line("practitioner_contacts_changed", StreamKind::Child, "A practitioner's contacts changed on every open entry that names them."),
    line("common_assessment_indicated", StreamKind::Child, "A service holds a common assessment."),
    line("common_assessment_withdrawn", StreamKind::Child, "A service no longer holds a common assessment."),
    line("lead_professional_named", StreamKind::Child, "The practitioner of an involvement coordinates the others."),
    line("lead_professional_relinquished", StreamKind::Child, "The practitioner of an involvement no longer coordinates the others."),
    line("lead_professional_clashed", StreamKind::Child, "A lead was claimed while an entry that the sender may not see holds the role; for the team."),
    line("consent_given", StreamKind::Child, "Consent to a sensitive service's entry was given."),
    line("consent_withdrawn", StreamKind::Child, "Consent was withdrawn; the episode's entries go from every view at once."),
    line("significant_harm_recorded", StreamKind::Child, "Significant harm is suspected, which stands in for consent until its review."),
    line("significant_harm_reviewed", StreamKind::Child, "The suspicion was reviewed and stands until the next review."),
    line("shield_requested", StreamKind::Child, "Someone asked that the record be shielded."),
    line("shield_applied", StreamKind::Child, "An authority shielded the record."),
    line("shield_refused", StreamKind::Child, "An authority refused to shield the record."),
    line("shield_reviewed", StreamKind::Child, "A shield was reviewed and kept."),
    line("shield_lifted", StreamKind::Child, "A shield was lifted."),
    line("child_died", StreamKind::Child, "The child's death was notified."),
    line("child_left_england", StreamKind::Child, "The child left England."),
    line("record_archived", StreamKind::Child, "The record went to the archive."),
    line("record_restored", StreamKind::Child, "What took the record to the archive is no longer so, and it came back."),
    line("archive_age_extended", StreamKind::Child, "A young person agreed that the record stays until they are twenty-five."),
    line("archive_age_withdrawn", StreamKind::Child, "They agree no more that it stays after eighteen."),
    line("legal_hold_placed", StreamKind::Child, "Something keeps the record from being purged."),
    line("legal_hold_lifted", StreamKind::Child, "It keeps the record no longer; another person's word than the first."),
    line("record_closed", StreamKind::Child, "In a targeted directory no additional service has worked with the child for a year, and the record closed."),
    line("record_reopened", StreamKind::Child, "A closed record opened again."),
    line("canary_marked", StreamKind::Child, "The record is an invented one that nobody has a reason to open: opening it is an alarm."),
    line("canary_unmarked", StreamKind::Child, "The record is no longer watched."),
    line("event_queued", StreamKind::Intake, "A supplier's event waits until a person says which child it means."),
    line("event_waiting", StreamKind::Intake, "A supplier's event waits behind another of the same reference."),
    line("likeness_found", StreamKind::Intake, "Two records held may be of one child; it waits until a person says whether they are."),
    line("queue_decided", StreamKind::Intake, "A data manager decided which child a waiting event means, or whether two records are of one."),
    line("event_resolved", StreamKind::Intake, "A waiting event came to its end."),
    line("statement_repeated", StreamKind::Intake, "A supplier said again what it had said; kept so that the event's id stays known."),
    line("consent_refusal_counted", StreamKind::Intake, "A refusal of consent was counted; nothing about child or service is kept."),
    line("record_opened", StreamKind::Access, "A record was opened; told before any of it is shown."),
    line("shield_overridden", StreamKind::Access, "A shield was overridden, for this one look."),
    line("investigation_opened", StreamKind::Access, "The investigation that follows every override was opened, in the same append."),
    line("review_drawn", StreamKind::Access, "A look was drawn for a review by a person, in the same append as the look; says for which lots of the sample."),
    line("alert_raised", StreamKind::Access, "What was seen beside a look that nothing explains speaks for asking about it; a canary's in the same append as the look."),
    line("review_closed", StreamKind::Access, "A person reviewed a look, and this is what came of it; a graver word may follow."),
    line("opening_refused", StreamKind::Access, "An opening of the record was refused by a rule."),
    line("history_replayed", StreamKind::Access, "An investigator replayed the child's history; told before any of it is shown."),
    line("subject_access_given", StreamKind::Access, "What is held was handed out to the child or a carer who asked for it; told before any of it is shown."),
    line("search_delivered", StreamKind::Search, "A page of a search was delivered, naming the children on it; told before it is shown."),
    line("list_delivered", StreamKind::Search, "A list was delivered that no search was made for; told before it is shown."),
    line("report_delivered", StreamKind::Search, "A report was delivered: which, of what time, of which organisation, and how many rows; told before it is shown."),
    line("search_refused", StreamKind::Search, "A search was refused by a rule."),
    line("account_created", StreamKind::Account, "An account was created; it may not act yet."),
    line("gate_recorded", StreamKind::Account, "A gate that an account needs before it may act was passed."),
    line("credentials_set", StreamKind::Account, "Password, one-time codes and PIN were set."),
    line("account_activated", StreamKind::Account, "The account was activated and may act while its gates hold."),
    line("account_suspended", StreamKind::Account, "The account was suspended; there is no grace."),
    line("account_reinstated", StreamKind::Account, "The account's suspension ended."),
    line("leaving_recorded", StreamKind::Account, "The person's last day is known; the account closes after it."),
    line("account_closed", StreamKind::Account, "The account was closed, for ever."),
    line("enrolment_issued", StreamKind::Account, "A code was handed out by which the person sets password and PIN and takes up a token."),
    line("signed_in", StreamKind::Account, "The person signed in."),
    line("sign_in_refused", StreamKind::Account, "A sign-in or a step-up was refused."),
    line("stepped_up", StreamKind::Account, "The person gave the PIN as well, for what needs more than a sign-in."),
    line("code_read_out", StreamKind::Account, "The person read a one-time code out to a mediator, who looks for them."),
    line("ceiling_reached", StreamKind::Account, "An account reached a ceiling of attempts: an alarm, after which only the two urgent reasons go on, every look reviewed."),
    line("passkey_registered", StreamKind::Account, "The person registered a passkey, after their own sign-in and step-up."),
    line("passkey_removed", StreamKind::Account, "A passkey is good no more, nor are the sessions that it began."),
    line("signed_in_by_passkey", StreamKind::Account, "The person signed in by a passkey that asked for their PIN, finger or face."),
    line("stepped_up_by_passkey", StreamKind::Account, "The person stepped up by a passkey in place of the PIN."),
    line("identity_linked", StreamKind::Account, "The person linked who they are at an identity provider, after their own sign-in and step-up."),
    line("identity_unlinked", StreamKind::Account, "A linked identity signs nobody in any more, and the sessions that it began have ended."),
    line("signed_in_by_identity", StreamKind::Account, "The person signed in at their identity provider, as strongly as is asked of it."),
    line("relationship_declared", StreamKind::Account, "The person declared that they are related to a child, whose record they do not open from now on."),
    line("relationship_withdrawn", StreamKind::Account, "A declared relationship holds no more; never said by the person themself."),
    line("home_declared", StreamKind::Account, "The person declared where they live, kept as keyed hashes that are compared with children's homes."),
    line("home_withdrawn", StreamKind::Account, "Where the person lives is compared no more."),
    line("organisation_registered", StreamKind::Organisation, "An organisation was entered."),
    line("organisation_described", StreamKind::Organisation, "What an organisation is was stated anew."),
    line("condition_met", StreamKind::Organisation, "An organisation was found to meet a condition of accreditation, with the day of its evidence."),
    line("condition_withdrawn", StreamKind::Organisation, "An organisation was found to meet a condition of accreditation no more."),
    line("organisation_accredited", StreamKind::Organisation, "An organisation was accredited through a day."),
    line("supply_agreement_signed", StreamKind::Organisation, "An organisation signed a supply agreement."),
    line("sharing_agreement_signed", StreamKind::Organisation, "An organisation signed an information sharing agreement."),
    line("organisation_suspended", StreamKind::Organisation, "An organisation was suspended; there is no grace."),
    line("organisation_reinstated", StreamKind::Organisation, "An organisation's suspension ended."),
    line("month_reported", StreamKind::Organisation, "The directory counted an authority's users, looks and children for the month that ended; counts of fewer than five children are not kept, others in fives."),
    line("client_added", StreamKind::Organisation, "A case management system of an organisation may connect."),
    line("client_revoked", StreamKind::Organisation, "A case management system may connect no more."),
    line("client_secret_added", StreamKind::Organisation, "A client may prove itself by another secret as well."),
    line("client_secret_retired", StreamKind::Organisation, "A secret of a client is good until an instant, and never again."),
    line("client_key_added", StreamKind::Organisation, "A client may sign by a key, with the one algorithm pinned to it."),
    line("client_key_retired", StreamKind::Organisation, "A key of a client is good until an instant, and never again."),
    line("client_certificate_bound", StreamKind::Organisation, "A client connects with a certificate, and its tokens are good beside one only."),
    line("client_certificate_retired", StreamKind::Organisation, "A certificate of a client is good until an instant, and never again."),
    line("case_opened", StreamKind::Case, "An investigator opened a case; it gives no right yet."),
    line("case_approved", StreamKind::Case, "Another person approved the case."),
    line("case_closed", StreamKind::Case, "The case was closed."),
    line(
        "bundle_made",
        StreamKind::Case,
        "A bundle of evidence was made for the case's investigator; the log bears the SHA-256 of what it claims.",
    ),
    line("policy_proposed", StreamKind::Policy, "Somebody proposed settings and signed for them; they wait for another's signature."),
    line("policy_changed", StreamKind::Policy, "Two people put a version of the settings in force."),
    line("model_published", StreamKind::Policy, "The model that weighs descriptions from here on was published, by version and digest."),
    line("erasure_ordered", StreamKind::Erasure, "Keys are to be destroyed from a day on."),
    line("keys_destroyed", StreamKind::Erasure, "Keys were destroyed; what they sealed is forgotten."),
    line("purge_proposed", StreamKind::Erasure, "Records whose time is over were put on a list, by their ids."),
    line("purge_approved", StreamKind::Erasure, "Somebody approved a list of records to be purged; it takes two people of two sides."),
    line("purge_cancelled", StreamKind::Erasure, "Somebody stopped a list of records to be purged."),
    line("purge_finished", StreamKind::Erasure, "A list was gone through; says how many records are forgotten and how many were to stay after all."),
    line("night_counted", StreamKind::Erasure, "A night came in which it was asked what is to be kept: the evidence that time has passed."),
    line("erasure_certified", StreamKind::Erasure, "Of every key told destroyed up to a position nothing is left in rows, index and segments."),
    line("brokering_requested", StreamKind::Brokering, "Somebody asked the duty desk to be put in touch with a service that they may not be shown."),
    line("brokering_answered", StreamKind::Brokering, "The duty desk answered, in one of three words; what was said by telephone is kept nowhere."),
    line("rights_requested", StreamKind::Rights, "A child or a carer asked for access, a correction or an answer to a complaint; the clock of a month runs."),
    line("carer_checked", StreamKind::Rights, "It was judged who the carer is that asks and whether they live with the child, and upon which state of the record."),
    line("threat_checked", StreamKind::Rights, "Another person judged whether telling this carer of a shielded record is dangerous."),
    line("rights_extended", StreamKind::Rights, "The clock of a request runs two months longer, once."),
    line("rights_step_taken", StreamKind::Rights, "A step on the way to an answer was taken."),
    line("subject_pack_issued", StreamKind::Rights, "A page of the pack was handed out; told before it is shown."),
    line("rights_answered", StreamKind::Rights, "The request was answered, in one of the closed words."),
    line("disagreement_marked", StreamKind::Rights, "Whoever asked disagrees with a refused correction; what they dispute is marked."),
];
