//! What follows from a request, from what is judged of it, and from its answer.

use chrono::{Days, Months, NaiveDate};
use vocabulary::Competence;

use super::{
    Answer, Asked, Asker, ChildsView, Command, Event, Issue, MONTHS, MONTHS_MORE, RECEIVED_DAYS_BACK_MAX,
    Refusal, Request, Requested, Rights, ThreatChecked,
};

pub(super) fn decide(state: &Rights, command: &Command, today: NaiveDate) -> Result<Vec<Event>, Refusal> {
    if let Command::Request(asked) = command {
        return request(state, asked, today);
    }
    let requested = state.requested.as_ref().ok_or(Refusal::Unknown)?;
    match command {
        Command::Request(_) => Ok(Vec::new()),
        Command::CheckCarer(checked) => {
            open(state)?;
            of_carer(requested)?;
            Ok(vec![Event::CarerChecked(*checked)])
        }
        Command::CheckThreat(checked) => check_threat(state, requested, checked),
        Command::Extend(by) => {
            open(state)?;
            let last = requested.due_by;
            if state.extended_to.is_some() || today > last {
                return Err(Refusal::NotExtended);
            }
            let due_by = last.checked_add_months(Months::new(MONTHS_MORE)).unwrap_or(last);
            Ok(vec![Event::RightsExtended { due_by, by: *by }])
        }
        Command::Step(step, by) => {
            // What the Commissioner is asked comes after an answer as a rule.
            if *step != super::Step::WithCommissioner {
                open(state)?;
            }
            if state.steps.last().is_some_and(|last| last.step == *step) {
                return Ok(Vec::new());
            }
            Ok(vec![Event::RightsStepTaken { step: *step, by: *by }])
        }
        Command::Issue(asked) => issue(state, requested, asked),
        Command::Answer(answer, by) => {
            if !fits(requested.asked, *answer) {
                return Err(Refusal::DoesNotFit);
            }
            match state.answered {
                Some(known) if known.answer == *answer => Ok(Vec::new()),
                Some(_) => Err(Refusal::AlreadyAnswered),
                None => Ok(vec![Event::RightsAnswered { answer: *answer, by: *by }]),
            }
        }
        Command::HandOver(to) => {
            open(state)?;
            // Who is complained of answers for it, whoever holds the record by then.
            let stays = matches!(requested.asked, Asked::Complaint(_)) || state.desk() == Some(to);
            Ok(if stays { Vec::new() } else { vec![Event::RightsHandedOver { to: to.clone() }] })
        }
        Command::Disagree(by) => {
            let refused = state.answered.map(|answered| answered.answer);
            match refused {
                Some(Answer::CorrectionRefused(_)) if state.disagrees => Ok(Vec::new()),
                Some(Answer::CorrectionRefused(_)) => Ok(vec![Event::DisagreementMarked { by: *by }]),
                Some(_) | None => Err(Refusal::NothingRefused),
            }
        }
    }
}

fn request(state: &Rights, asked: &Request, today: NaiveDate) -> Result<Vec<Event>, Refusal> {
    if state.requested.is_some() {
        return Ok(Vec::new());
    }
    let earliest = today - Days::new(RECEIVED_DAYS_BACK_MAX.unsigned_abs());
    if asked.received_on > today || asked.received_on < earliest {
        return Err(Refusal::ReceivedOutOfRange);
    }
    if asked.competence == Competence::Presumed12OrOver
        && asked.age.is_none_or(|age| age < asked.presumed_age)
    {
        return Err(Refusal::NotPresumed);
    }
    let competent = asked.competence != Competence::AssessedNotCompetent;
    match asked.asked_by {
        // A child of any understanding may say that something is wrong; a pack needs one who can keep it.
        Asker::Child if asked.asked == Asked::Access && !competent => {
            return Err(Refusal::ChildNotCompetent);
        }
        Asker::Carer(_) if !asked.named => return Err(Refusal::CarerUnknown),
        Asker::Carer(_) if asked.asked == Asked::Access && competent && asked.childs_view.is_none() => {
            return Err(Refusal::ViewMissing);
        }
        Asker::Child | Asker::Carer(_) => (),
    }
    let due_by = asked.received_on.checked_add_months(Months::new(MONTHS)).unwrap_or(asked.received_on);
    Ok(vec![Event::RightsRequested(Box::new(Requested {
        request: asked.request,
        child: asked.child,
        number: asked.number,
        asked_by: asked.asked_by,
        asked: asked.asked,
        competence: asked.competence,
        childs_view: asked.childs_view,
        proof: asked.proof,
        received_on: asked.received_on,
        due_by,
        desk: asked.desk.clone(),
        by: asked.by,
    }))])
}

/// Another than those who judged before: whoever is deceived about a carer once is not asked twice.
fn check_threat(
    state: &Rights,
    requested: &Requested,
    checked: &ThreatChecked,
) -> Result<Vec<Event>, Refusal> {
    open(state)?;
    of_carer(requested)?;
    let checked_carer = state.carer.is_some_and(|carer| carer.by == checked.by);
    if requested.by == checked.by || checked_carer {
        return Err(Refusal::OwnRequest);
    }
    Ok(vec![Event::ThreatChecked(checked.clone())])
}

/// Hands out a pack: whatever was judged must have been judged upon what the record says at this moment.
fn issue(state: &Rights, requested: &Requested, asked: &Issue) -> Result<Vec<Event>, Refusal> {
    if requested.asked != Asked::Access {
        return Err(Refusal::DoesNotFit);
    }
    if state.answered.is_some_and(|answered| answered.answer != Answer::PackIssued) {
        return Err(Refusal::AlreadyAnswered);
    }
    if let Asker::Carer(_) = requested.asked_by {
        if requested.childs_view == Some(ChildsView::Objects) {
            return Err(Refusal::ChildObjects);
        }
        let checked = state.carer.ok_or(Refusal::CarerUnchecked)?;
        if checked.judged_upon != asked.ground {
            return Err(Refusal::CheckOutdated);
        }
        if !asked.shields.is_empty() {
            let threat = state.threat.as_ref().ok_or(Refusal::ThreatUnchecked)?;
            if !asked.shields.iter().all(|shield| threat.shields.contains(shield)) {
                return Err(Refusal::ThreatUnchecked);
            }
            if !threat.cleared {
                return Err(Refusal::ThreatNotCleared);
            }
        }
    }
    Ok(vec![Event::SubjectPackIssued { access: asked.access, by: asked.by }])
}

fn open(state: &Rights) -> Result<(), Refusal> {
    if state.answered.is_some() { Err(Refusal::AlreadyAnswered) } else { Ok(()) }
}

/// Who a carer is, and what danger they are, is judged where a carer asks for access.
fn of_carer(requested: &Requested) -> Result<(), Refusal> {
    match (requested.asked_by, requested.asked) {
        (Asker::Carer(_), Asked::Access) => Ok(()),
        (Asker::Carer(_) | Asker::Child, Asked::Access | Asked::Correction(_) | Asked::Complaint(_)) => {
            Err(Refusal::DoesNotFit)
        }
    }
}

/// Which answers a request may come to. A pack is handed out, never only said to be.
fn fits(asked: Asked, answer: Answer) -> bool {
    match answer {
        Answer::PackIssued => false,
        Answer::Withheld(_) => asked == Asked::Access,
        Answer::Corrected | Answer::CorrectionRefused(_) => matches!(asked, Asked::Correction(_)),
        Answer::Upheld | Answer::PartlyUpheld | Answer::NotUpheld => matches!(asked, Asked::Complaint(_)),
        Answer::TakenBack => true,
    }
}
