//! Writes what one national supplier tells of invented England: `CloudEvents`, one a line.
//!
//! A child's description comes first, then where it is taught and registered, then who works or worked with
//! it. Present settings are stated; everything else is an involvement, and one that is over is told in a
//! single event. About 4.6 events a child. Source: contract.md section 3.

use std::{
    io::{self, Write},
    ops::Range,
};

use serde::Serialize;
use vocabulary::{Competence, ConsentDecision, GivenBy, Method, ServiceClass, ServiceType, day::age_on};

use crate::{
    Child, Consent, Involvement, Population,
    desks::desk,
    involvements::Education,
    names::ForenameList,
    organisations::Holder,
    rng::{Draw, Purpose},
    tables::is_present_setting,
    wire::{Begun, ConsentRecorded, Contact, Event, Kind, KnownChild, Morning, Stated, Worker, described},
};

/// What the supplier calls itself.
pub(crate) const SOURCE: &str = "https://national-supplier.example.org/feed";
/// The wording of the notice that consents were given under.
const NOTICE_VERSION: &str = "2026-1";
/// Bytes gathered before the writer is called: large enough that the call does not count.
const GATHER_BYTES: usize = 1 << 18;

impl Population {
    /// Writes the events of these children, in their order. Memory does not grow with the number.
    ///
    /// An event's `id` is the child's reference and its place among the child's events.
    ///
    /// # Errors
    /// The writer's own.
    pub fn write_events(&self, children: Range<u64>, out: &mut impl Write) -> io::Result<()> {
        let mut lines = Lines::of(SOURCE);
        for index in children {
            let child = self.child(index);
            self.tell(&child, &mut lines)?;
            lines.ease(out)?;
        }
        lines.hand_on(out)
    }

    fn tell(&self, child: &Child, lines: &mut Lines) -> io::Result<()> {
        let (involvements, education) = self.working_with(child);
        let eve = Morning(self.as_at.pred_opt().unwrap_or(self.as_at));
        lines.begin();
        lines.add(child, Kind::ChildDescribed, eve, &described(child))?;
        for involvement in &involvements {
            if is_present_setting(involvement) {
                state(child, involvement, lines)?;
            } else {
                self.start(child, involvement, lines)?;
            }
        }
        if education == Education::EducatedOtherwise {
            let data = Stated {
                child: KnownChild { local_ref: &child.local_ref },
                state: "educated_otherwise",
                organisation: None,
                on: eve.0,
            };
            lines.add(child, Kind::EducationStated, eve, &data)?;
        }
        Ok(())
    }

    fn start(&self, child: &Child, involvement: &Involvement, lines: &mut Lines) -> io::Result<()> {
        let reference = format!("{}-{}", child.local_ref, involvement.slot);
        if let Some(consent) = involvement.consent {
            self.record_consent(child, involvement, consent, &reference, lines)?;
            // Refused or never asked: a sensitive entry may not be told (rules.md 3).
            if consent != Consent::Given {
                return Ok(());
            }
        }
        let sensitive = involvement.service_type.class() == ServiceClass::Sensitive;
        let data = Begun {
            child: KnownChild { local_ref: &child.local_ref },
            involvement_ref: &reference,
            service_type: involvement.service_type.name(),
            organisation: involvement.holder.id(),
            practitioner: self.practitioner(involvement),
            team: desk(involvement.service_type).team,
            contacts: [Contact {
                kind: "telephone",
                used: "work",
                value: involvement.holder.telephone(self.seed).into(),
            }],
            started_on: involvement.started_on,
            ended_on: involvement.ended_on,
            lead_professional: involvement.lead_professional,
            episode_ref: sensitive.then_some(reference.as_str()),
        };
        let when = Morning(involvement.ended_on.unwrap_or(involvement.started_on));
        lines.add(child, Kind::InvolvementStarted, when, &data)
    }

    fn record_consent(
        &self,
        child: &Child,
        involvement: &Involvement,
        consent: Consent,
        episode_ref: &str,
        lines: &mut Lines,
    ) -> io::Result<()> {
        let decision = match consent {
            Consent::Given => ConsentDecision::Given,
            Consent::Refused => ConsentDecision::Refused,
            Consent::NotAsked => return Ok(()),
        };
        let decided_on = involvement.started_on;
        // From 12 the young person decides; before, a parent does (rules.md 3.1).
        let own = age_on(child.date_of_birth, decided_on) >= 12;
        let methods = [Method::FaceToFace, Method::Telephone, Method::Written];
        let draw = Draw::new(self.seed, Purpose::ConsentMethod, child.index).below(3);
        let method = methods.get(usize::try_from(draw).unwrap_or(0)).copied().unwrap_or(Method::Written);
        let data = ConsentRecorded {
            child: KnownChild { local_ref: &child.local_ref },
            episode_ref,
            decision,
            given_by: if own { GivenBy::Child } else { GivenBy::Parent },
            competence: if own { Competence::Presumed12OrOver } else { Competence::AssessedNotCompetent },
            method,
            notice_version: NOTICE_VERSION,
            decided_on,
        };
        lines.add(child, Kind::ConsentRecorded, Morning(decided_on), &data)
    }

    /// The practitioner named on an involvement; the same person wherever the organisation names them.
    fn practitioner(&self, involvement: &Involvement) -> Option<Worker> {
        let job = desk(involvement.service_type).job;
        Some(self.worker(involvement.holder, involvement.practitioner?, job))
    }

    /// One of an organisation's people, by number.
    pub(crate) fn worker(&self, holder: Holder, number: u32, job: &'static str) -> Worker {
        let person = holder.number() * 64 + u64::from(number);
        let mut draw = Draw::new(self.seed, Purpose::Practitioners, person);
        let mixed = draw.chance(50_000);
        let naming = self.names.naming(&mut draw, mixed);
        let list = if draw.chance(22_000) { ForenameList::Boys } else { ForenameList::Girls };
        let forename = self.names.forename(&mut draw, naming, list);
        let surname = self.names.surname(&mut draw, naming);
        Worker {
            practitioner_ref: format!("{}-{number}", holder.id()),
            name: format!("{forename} {surname}"),
            job,
        }
    }
}

fn state(child: &Child, involvement: &Involvement, lines: &mut Lines) -> io::Result<()> {
    let (kind, state) = if involvement.service_type == ServiceType::PrimaryCare {
        (Kind::PrimaryCareStated, "registered")
    } else {
        (Kind::EducationStated, "attending")
    };
    let data = Stated {
        child: KnownChild { local_ref: &child.local_ref },
        state,
        organisation: Some(involvement.holder.id()),
        on: involvement.started_on,
    };
    lines.add(child, kind, Morning(involvement.started_on), &data)
}

/// Lines written and not yet handed on.
pub(crate) struct Lines {
    source: &'static str,
    bytes: Vec<u8>,
    id: String,
    told: u32,
}

impl Lines {
    /// None yet, of the supplier that calls itself so.
    pub(crate) fn of(source: &'static str) -> Lines {
        Lines { source, bytes: Vec::with_capacity(GATHER_BYTES * 2), id: String::new(), told: 0 }
    }

    /// The next line is the first of another child.
    pub(crate) fn begin(&mut self) {
        self.told = 0;
    }

    /// Hands on what is gathered, once it is much.
    pub(crate) fn ease(&mut self, out: &mut impl Write) -> io::Result<()> {
        if self.bytes.len() >= GATHER_BYTES {
            out.write_all(&self.bytes)?;
            self.bytes.clear();
        }
        Ok(())
    }

    /// Hands on what is left.
    pub(crate) fn hand_on(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&self.bytes)?;
        out.flush()
    }

    /// Adds a line.
    pub(crate) fn add<D: Serialize>(
        &mut self,
        child: &Child,
        kind: Kind,
        time: Morning,
        data: &D,
    ) -> io::Result<()> {
        use std::fmt::Write as _;
        self.told += 1;
        self.id.clear();
        // Writing to a string cannot fail.
        let _written = write!(self.id, "{}-{}", child.local_ref, self.told);
        let event = Event { specversion: "1.0", id: &self.id, source: self.source, kind, time, data };
        serde_json::to_writer(&mut self.bytes, &event)?;
        self.bytes.push(b'\n');
        Ok(())
    }
}
