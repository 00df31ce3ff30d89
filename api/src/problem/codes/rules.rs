//! The codes of the rules, by topic. A code of several rules means the same in all of them.

use super::{Meaning, mend, never};

/// What an event or a request says is not so, or may not be said.
#[rustfmt::skip]
const DESCRIPTIONS: &[Meaning] = &[
    mend("field_invalid", 422, "A field is not of its form."),
    mend("description_incomplete", 422, "A child that is not known yet needs names, date of birth and gender."),
    mend("date_of_birth_in_future", 422, "A date of birth lies after today."),
    mend("date_of_birth_too_early", 422, "A date of birth lies too far back for a child's record."),
    never("adult", 422, "A record is of a person under 18, or under 25 who agreed to stay."),
    mend("too_many", 422, "There are more of these than a record takes."),
    mend("date_in_future", 422, "A day lies in the future; tell it once it has come."),
    mend("before_birth", 422, "A day lies before the child's birth."),
    mend("organisation_missing", 422, "This state needs an organisation."),
    mend("organisation_not_taken", 422, "This state takes no organisation."),
    mend("organisation_unknown", 422, "No such organisation is registered; check the id, or ask the directory team to add it."),
    never("organisation_of_another", 422, "The supply agreement does not let this client state another organisation's involvement."),
];

/// Which child is meant, and by whom.
#[rustfmt::skip]
const IDENTITY: &[Meaning] = &[
    mend("child_reference_missing", 422, "The child needs a local_ref or a child_number."),
    mend("local_ref_unknown", 422, "This local_ref is not linked to a child; send it with the child's details first."),
    mend("local_ref_of_another_child", 422, "This local_ref is linked to another child than the child_number."),
    mend("child_unknown", 422, "No child is known by this number."),
    mend("practitioner_unknown", 422, "No open entry names this practitioner_ref."),
    mend("id_reused", 422, "This id was taken before with another body; send it under a new id."),
    never("already_registered", 409, "This record exists already."),
    mend("search_by_another", 403, "A child is entered by hand after one's own search."),
    mend("search_too_old", 409, "A child is entered by hand within 30 minutes of the search; search again."),
    never("search_found_children", 409, "The search found children; open the right one instead of entering a new one."),
    mend("search_unknown", 422, "A child is entered by hand after one's own search; search, then name its search_id."),
    mend("queue_item_unknown", 404, "There is no such item in the queue."),
    never("queue_item_known", 409, "This item stands in the queue already."),
    mend("waits_behind", 409, "This item waits behind another; decide that one first."),
    mend("merge_not_offered", 409, "The two references mean two children: link names the one that stays, reject leaves them two."),
    mend("link_not_offered", 403, "An item is linked to one of its candidates, to a child of one's own authority, or to one that a search of one's own within 30 minutes showed."),
    mend("merged_already", 409, "This record was merged into another; name that one."),
    mend("not_same_person", 409, "A person told these two apart; send despite_not_same_person if they are one child all the same."),
    mend("same_number", 422, "A record is merged with another and told apart from another; name two numbers."),
    never("already_decided", 409, "This item was decided otherwise."),
    mend("not_decided", 409, "This item is not decided yet."),
    never("identity_rejected", 422, "A data manager rejected what was sent; nothing of it is used."),
    never("end_contradicts", 409, "This item came to another end."),
];

/// Involvements, leads, assessments.
#[rustfmt::skip]
const INVOLVEMENTS: &[Meaning] = &[
    mend("involvement_unknown", 422, "This involvement is not known; start it first."),
    never("involvement_differs", 422, "An involvement keeps its service, its organisation and its episode; record a new one."),
    never("involvement_not_begun", 409, "An involvement that has not begun holds no role before its first day."),
    never("involvement_of_another", 403, "This involvement is another organisation's."),
    never("entered_in_error", 409, "This was entered in error and takes no change."),
    never("involvement_ended", 409, "This involvement has ended; start a new one."),
    mend("practitioner_or_team_missing", 422, "An involvement names a practitioner or a team."),
    mend("contacts_count", 422, "An involvement has 1 to 8 contacts."),
    mend("contact_invalid", 422, "A contact's value is not of the form of its kind."),
    mend("ends_before_start", 422, "An involvement cannot end before it starts."),
    mend("start_too_far_ahead", 422, "A start lies at most 90 days ahead."),
    mend("end_in_future", 422, "An end never lies in the future; tell it once it has come."),
    mend("start_before_birth", 422, "An involvement cannot start before the child's birth."),
    never("after_death", 409, "The child has died; nothing starts after the day."),
    mend("address_not_taken", 422, "A protected service's involvement takes no address among its contacts."),
    mend("lead_professional_taken", 409, "Another involvement has the lead; the involvement itself stands."),
];

/// Sensitive services and their bases.
#[rustfmt::skip]
const CONSENT: &[Meaning] = &[
    mend("no_basis", 422, "A sensitive service is recorded only with live consent or on suspected significant harm."),
    mend("episode_ref_missing", 422, "A sensitive service's involvement names its episode_ref."),
    mend("episode_ref_not_taken", 422, "Only a sensitive service's involvement names an episode_ref."),
    never("episode_of_another", 403, "This episode is another organisation's."),
    mend("giver_incompetent", 422, "Who decided is not one who could, by the competence stated."),
    never("decision_overtaken", 409, "A later decision stands."),
    mend("consent_unknown", 422, "There is no consent to withdraw."),
    mend("significant_harm_unknown", 422, "There is no suspicion on record to review."),
    mend("decided_by_recorder", 422, "Who records a suspicion is not who decides on it."),
    mend("review_out_of_range", 422, "A review lies between today and the longest time allowed."),
];

/// Shields and the life of a record.
#[rustfmt::skip]
const SHIELDS: &[Meaning] = &[
    mend("shield_unknown", 404, "There is no such shield or request."),
    never("role_may_not_record", 403, "This role records nothing about a child."),
    never("role_may_not_decide", 403, "This role decides nothing in the identity queue."),
    never("not_responsible_authority", 403, "Only the team of the child's responsible authority may do this."),
];

/// Requests to duty desks.
#[rustfmt::skip]
const DESKS: &[Meaning] = &[
    mend("telephone_missing", 422, "A duty desk answers by telephone: give one to eight telephone numbers."),
    mend("brokering_unknown", 404, "There is no such request."),
    never("own_request", 403, "A request is answered, and a danger judged, by another person than the one who made it."),
    never("brokering_answered", 409, "This request was answered otherwise before."),
    never("role_may_not_answer", 403, "Requests are answered by the teams and data managers of authorities."),
];

/// Requests of children and carers about what is held.
#[rustfmt::skip]
const RIGHTS: &[Meaning] = &[
    mend("rights_request_unknown", 404, "There is no such request."),
    mend("received_out_of_range", 422, "A request is entered with the day it was received: today, or within the last 31 days."),
    mend("competence_not_presumed", 422, "Competence is presumed from the age that the policy sets; below it, it is assessed."),
    never("child_not_competent", 409, "The child was judged not yet able to ask alone; a carer asks for them."),
    mend("carer_unknown", 422, "The record names no carer by this reference."),
    mend("childs_view_missing", 422, "A competent child is asked first what they say of a carer's request."),
    never("rights_request_does_not_fit", 409, "This is not done to a request of this kind."),
    never("rights_request_answered", 409, "This request was answered."),
    never("clock_not_extended", 409, "The clock runs longer once, and only while it runs."),
    never("child_objects", 409, "The child objects; the request is answered as withheld."),
    mend("carer_unchecked", 409, "It is judged first who the carer is, and whether they live with the child."),
    mend("carer_check_outdated", 409, "What the record says of carers or address has changed since the carer was checked: check again."),
    mend("threat_unchecked", 409, "The record is shielded: another person makes the threat check first."),
    never("threat_not_cleared", 409, "The threat check did not clear whoever asks; the request is answered as withheld."),
    never("nothing_refused", 409, "A disagreement follows a correction that was refused."),
    mend("notice_unpublished", 409, "No version of the notice was published yet; an administrator of a national body publishes one."),
    never("notice_record_not_live", 409, "Nobody is told of a record that is not live."),
    mend("notice_through_team", 409, "The record is shielded: notices are given through the team alone."),
    never("notice_too_young", 409, "The child has no copy of their own before the age of the policy."),
    mend("notice_nobody_there", 422, "Nobody is known to live there: no address is known, or no such carer lives elsewhere."),
    never("notice_published", 409, "This version of the notice was published before."),
    mend("notice_to_come", 422, "A notice is published on the day from which it is given, or after it."),
];

/// Whom the directory holds.
#[rustfmt::skip]
const SCOPE: &[Meaning] = &[
    never("out_of_scope", 422, "This directory opens a record with an additional or sensitive service's involvement only; nothing of this child was kept."),
];

/// Reviews of looks.
#[rustfmt::skip]
const REVIEWS: &[Meaning] = &[
    never("role_may_not_review", 403, "Looks are reviewed by auditors."),
    never("own_look", 403, "Nobody reviews their own look, or one made for them."),
    never("graver_outcome_stands", 409, "This look was reviewed, and a graver word than this one stands."),
];

/// Which authority answers for a record.
#[rustfmt::skip]
const MOVES: &[Meaning] = &[
    never("answers_already", 409, "This authority answers for the record already."),
    mend("transfer_unknown", 404, "No such transfer waits."),
    never("transfer_awaits_other", 409, "This transfer waits for the other authority; one's own has agreed already."),
];

/// Searches and openings.
#[rustfmt::skip]
const LOOKS: &[Meaning] = &[
    never("role_may_not_look", 403, "This role looks at no child."),
    mend("caller_missing", 422, "A mediator names the colleague in on_behalf_of."),
    mend("caller_unknown", 422, "No account in good standing has the colleague's user name."),
    mend("caller_code_wrong", 422, "The colleague's one-time code is not right; ask for the next, or call back."),
    never("caller_is_looker", 422, "A mediator cannot be their own caller."),
    mend("not_a_mediator", 403, "Only a mediator looks for a colleague; leave on_behalf_of out."),
    mend("reason_missing", 422, "A look needs a reason, here or with the search that search_id names."),
    mend("reason_not_permitted", 403, "This role may not give this reason."),
    mend("own_entry_missing", 403, "This reason needs an open entry of one's own organisation."),
    mend("case_ref_missing", 422, "This reason needs a case_ref."),
    mend("request_ref_missing", 422, "This reason needs the reference of the person's request in case_ref."),
    mend("criterion_malformed", 422, "A criterion is empty, too long or not of its form."),
    mend("wildcard", 422, "A wildcard stands at the end of a word of a name, after at least three letters."),
    mend("criterion_out_of_range", 422, "A year, an age or a range is one that no child's record can have."),
    mend("page_out_of_range", 422, "A page is a number from 1 to 5."),
    mend("nothing_to_override", 409, "There is no shield to override; leave override out."),
    never("override_through_cms", 403, "A shield cannot be overridden through a case management system."),
    never("override_mediated", 403, "A shield cannot be overridden for a colleague."),
    never("override_right_missing", 403, "This role may not override a shield."),
    mend("override_reason", 403, "A shield is overridden for an emergency or a child protection enquiry only."),
    never("override_sign_in", 403, "A shield is overridden by the person's own sign-in only."),
    mend("step_up_missing", 403, "This needs the PIN or a passkey within the last five minutes, POST /api/v1/sessions/step_up; an investigation follows each override."),
    never("not_an_investigator", 403, "Only an investigator opens a case or replays a history."),
    never("role_may_not_audit", 403, "The audit is for auditors, and for user managers about their own staff."),
    never("role_may_not_report", 403, "Reports are for user managers, authority teams, data managers and auditors."),
    mend("grouping_not_offered", 422, "This report is not grouped by that; docs/reports.md says by what each is."),
    never("organisation_not_yours", 403, "This organisation is not within one's own authority."),
];

/// Cases.
#[rustfmt::skip]
const CASES: &[Meaning] = &[
    mend("case_unknown", 404, "There is no such case."),
    never("case_known", 409, "A case of this id was opened before, of another content."),
    mend("children_out_of_range", 422, "A case names 1 to 50 children."),
    mend("expiry_out_of_range", 422, "A case ends between today and 12 months ahead."),
    never("case_closed", 409, "The case is closed."),
    never("case_expired", 409, "The case has expired; open a new one."),
    never("not_a_case_approver", 403, "Only a case approver approves a case."),
    never("own_case", 403, "A case is approved by another person than the one who opened it."),
    never("case_approved", 409, "The case was approved before, otherwise."),
    mend("case_not_approved", 403, "The case is not approved yet."),
    never("child_not_in_case", 403, "The case does not name this child."),
    never("bundle_too_large", 409, "A bundle holds at most 20,000 records; open a case of fewer children."),
];

/// Accounts and organisations.
#[rustfmt::skip]
const STANDING: &[Meaning] = &[
    mend("account_unknown", 404, "There is no such account."),
    never("account_known", 409, "This account exists already."),
    never("account_closed", 403, "The account is closed."),
    mend("account_suspended", 403, "The account is suspended; ask the user manager."),
    mend("account_dormant", 403, "The account was not used for long; its owner wakes it by signing in."),
    mend("ceiling_reached", 403, "A ceiling of attempts was reached; sign in again. Emergencies and child protection enquiries go on, each look reviewed."),
    mend("ceiling_reached_again", 403, "A ceiling of attempts was reached again on the same day; ask the user manager. Emergencies and child protection enquiries go on, each look reviewed."),
    mend("account_not_activated", 403, "The account is not activated yet; ask the user manager."),
    mend("gate_missing", 403, "A condition for using the directory was never met; ask the user manager."),
    mend("disclosure_check_expired", 403, "The disclosure check has run out; ask the user manager."),
    mend("training_expired", 403, "The training has run out; ask the user manager."),
    mend("gate_expired", 403, "A condition for using the directory has run out; ask the user manager."),
    never("declared_relationship", 403, "You declared a relationship with this child; a colleague looks, writes and decides."),
    never("own_account", 403, "Nobody acts on their own account."),
    never("role_may_not_administer", 403, "Organisations, accounts and policy are not this role's to keep."),
    never("role_not_yours_to_give", 403, "Accounts of this role are kept by the authority's team or by an administrator."),
    never("role_may_not_read", 403, "This role reads nothing here."),
    mend("username_taken", 409, "This user name is taken; choose another."),
    never("organisation_known", 409, "An organisation of this id is registered already."),
    mend("authority_unknown", 422, "No local authority of this id is registered."),
    mend("gate_undated", 422, "This condition needs its last day."),
    mend("gate_out_of_range", 422, "The last day of this condition is out of range."),
    mend("credentials_missing", 422, "The account has no credentials for this."),
    mend("enrolment_missing", 401, "No enrolment code is open, or it is not right; ask the user manager for another."),
    never("passkey_known", 409, "This passkey was registered before."),
    mend("passkeys_too_many", 409, "An account has at most five passkeys; remove one first."),
    mend("passkey_unknown", 404, "The account has no such passkey."),
    never("passkey_copied", 401, "The passkey counts no further than before: there may be a copy of it; remove it."),
    never("identity_known", 409, "This identity is linked already, to this account or to another."),
    mend("identities_too_many", 409, "An account has at most three linked identities; remove one first."),
    mend("identity_unknown", 404, "The account has no such linked identity."),
    mend("relationships_too_many", 409, "One person declares at most thirty relationships; have one withdrawn first."),
    mend("relationship_unknown", 404, "No relationship with a child of this number is declared."),
    mend("home_without_postcode", 422, "A home is compared by its postcode and house; give the postcode."),
    mend("leaving_out_of_range", 422, "A last day in the organisation lies at most twelve months ahead."),
    mend("code_used", 401, "This code was taken before; wait for the next."),
    never("another_organisation", 409, "This id is another organisation's."),
    never("outcodes_of_no_authority", 422, "Only an authority has outcodes."),
    mend("outcode_malformed", 422, "An outcode is not of its form."),
    mend("contact_malformed", 422, "A contact of the organisation is not of its form."),
    mend("organisation_suspended", 403, "The organisation is suspended."),
    mend("not_accredited", 403, "The organisation's accreditation has run out or was never given."),
    mend("condition_lapsed", 403, "A key condition of the organisation's accreditation has run out."),
    mend("sharing_agreement_expired", 403, "The information sharing agreement has run out or was never signed."),
    mend("condition_unknown", 422, "The policy in force knows no such condition of accreditation."),
    mend("condition_out_of_range", 422, "Evidence of a condition is of today or earlier, and counts for a limited time."),
    mend("condition_unmet", 409, "A key condition is not met; record its evidence first."),
    mend("until_out_of_range", 422, "A last day lies from today to at most three years ahead."),
    mend("agreement_expired", 403, "The supply agreement has run out or was never signed."),
    never("no_month_to_report", 409, "A month is reported of an authority or a national body, once it is over."),
    never("client_known", 409, "A client of this id exists already."),
    mend("client_unknown", 404, "There is no such client."),
    mend("client_without_credential", 422, "A client needs a secret or a key."),
    never("client_revoked", 409, "The client was revoked; add another."),
    mend("credential_unknown", 404, "The client has no such secret, key or certificate."),
    never("credential_used", 409, "A key's name, a key and a certificate are used once, and this one was used before; make a new one."),
    mend("credentials_too_many", 409, "A client has at most 2 secrets, 4 keys and 4 certificates at once; retire one first."),
    mend("credential_retired_sooner", 409, "It is to be retired sooner already, and is not prolonged; add a new one."),
];

/// Settings and erasure, from the shell of the machine.
#[rustfmt::skip]
const KEEPING: &[Meaning] = &[
    mend("one_signer", 403, "A policy needs two different signers."),
    mend("proposal_unknown", 409, "No such proposal waits for a signature; a newer one may have taken its place."),
    mend("setting_out_of_range", 422, "A setting lies outside what the rules allow."),
    mend("keys_out_of_range", 422, "An erasure names at least one key and no more than it may."),
    never("payload_in_clear", 409, "What is stored in clear cannot be erased."),
    mend("erasure_not_ordered", 409, "The erasure was not ordered."),
    mend("erasure_not_due", 409, "The erasure is not due yet."),
    mend("purge_unknown", 404, "No such list of records to be purged waits."),
    never("purge_over", 409, "The list was stopped, or gone through."),
    never("own_approval", 403, "The second approval is another person's."),
    never("approval_of_same_side", 409, "One of the two approvals is the responsible authority's, the other the administration's."),
    never("purge_approved", 409, "The list has both approvals."),
    never("erasure_certified", 409, "A later position is certified already."),
    mend("too_young_to_agree", 422, "A young person agrees to this from the age of 16."),
    never("record_archived", 409, "The record is in the archive."),
    mend("archive_age_not_extended", 409, "Nobody agreed that this record stays after eighteen."),
    mend("too_many_holds", 409, "A record has at most 50 holds."),
    mend("hold_unknown", 404, "No such hold stands."),
    never("own_hold", 403, "A hold is lifted by another person than who placed it."),
];

/// By topic, in the order of docs/problems.md.
pub(super) const TOPICS: [(&str, &[Meaning]); 14] = [
    ("What is told", DESCRIPTIONS),
    ("Which child", IDENTITY),
    ("Involvements", INVOLVEMENTS),
    ("Sensitive services", CONSENT),
    ("Shields and life cycle", SHIELDS),
    ("Duty desks", DESKS),
    ("Rights", RIGHTS),
    ("Whom the directory holds", SCOPE),
    ("Reviews", REVIEWS),
    ("Authorities", MOVES),
    ("Looks", LOOKS),
    ("Cases and histories", CASES),
    ("Accounts and organisations", STANDING),
    ("Settings and erasure", KEEPING),
];
