//! `subject-access`: the pack of a child or carer who asked, as the team hands it out. Is itself recorded first.
//!
//! The request was entered, and where a carer asks judged, before; the pack is made upon it in this one command, all
//! pages of it. Each page is a look that is recorded.

use std::fmt;

use directory::{SubjectPack, rights::LookTold};
use serde::Serialize;
use vocabulary::{Position, RightsId};

use crate::{
    clock,
    exit::Status,
    loading::caught_up,
    opening::{Fresh, open},
    output::{Out, readable},
    proof::Proof,
    settings::{Flags, Place, Settings},
};

/// Which request, and by whom it is answered.
#[derive(Debug, clap::Args)]
pub(crate) struct SubjectAccess {
    #[command(flatten)]
    place: Place,
    /// The user name of whoever hands it out; password and code are asked for, or read from
    /// `CONTACTPOINT_PASSWORD` and `CONTACTPOINT_OTP`
    #[arg(long = "as", value_name = "USER")]
    user: String,
    /// The request, by its id
    #[arg(long, value_name = "ID")]
    request: RightsId,
}

/// The pack, with where its own trace stands.
#[derive(Serialize)]
struct Shown {
    position: u64,
    #[serde(flatten)]
    pack: SubjectPack,
}

impl fmt::Display for Shown {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pack = &self.pack;
        writeln!(out, "For the {} who asked; recorded at {}.", pack.asked_by, self.position)?;
        if let Some(record) = &pack.record {
            writeln!(out, "\nWhat is held\n    {}", readable(record, 4)?)?;
        }
        writeln!(out, "\nWho opened the record, and why")?;
        for look in &pack.looks {
            writeln!(out, "    {}", Line(look))?;
        }
        writeln!(
            out,
            "    Looks of a case or an enquiry that runs are told when it has ended; this stands here whether or \
             not there are any."
        )?;
        writeln!(out, "\nHow often the child stood on a list that was shown")?;
        for listed in pack.listings.iter().flatten() {
            let kind = listed.organisation_kind.name().replace('_', " ");
            writeln!(out, "    {}  {kind}: {}", listed.month, listed.count)?;
        }
        let corrections = pack.corrections.iter().flatten();
        for (number, told) in corrections.enumerate() {
            if number == 0 {
                writeln!(out, "\nWhat was said to be wrong")?;
            }
            writeln!(out, "    {}", readable(told, 4)?)?;
        }
        Ok(())
    }
}

/// One look, in one line.
struct Line<'a>(&'a LookTold);

impl fmt::Display for Line<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let look = self.0;
        write!(out, "{}  {}", look.at.format("%Y-%m-%d %H:%M"), look.kind)?;
        if let Some(reason) = look.reason {
            write!(out, " for {}", reason.name().replace('_', " "))?;
        }
        write!(out, ", {}", look.organisation_kind.name().replace('_', " "))?;
        if let Some(name) = &look.organisation_name {
            write!(out, ", {name}")?;
        }
        if let Some(name) = &look.user_name {
            write!(out, ", {name}")?;
        }
        Ok(())
    }
}

impl SubjectAccess {
    /// Signs in, makes all pages of the pack, prints.
    pub(crate) fn run(&self, out: Out) -> anyhow::Result<Status> {
        let settings = Settings::read(&self.place, &Flags::default())?;
        let proof = Proof::asked()?;
        let directory = open(&settings.folders()?, clock::of(&settings), Fresh::Refuse)?;
        let person = proof.signed_in(&directory, &self.user)?;
        // Whoever looked last is told of too.
        caught_up(&directory)?;
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let first = runtime.block_on(directory.subject_pack(&person, self.request, Position::ZERO))?;
        let position = first.position().0;
        let mut pack = first.into_view();
        while let Some(after) = pack.next.take() {
            let page = runtime.block_on(directory.subject_pack(&person, self.request, after))?.into_view();
            pack.looks.extend(page.looks);
            pack.next = page.next;
        }
        out.tell(&Shown { position, pack })?;
        Ok(Status::Done)
    }
}
