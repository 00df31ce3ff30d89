//! Three feeds about one invented England, each as its sender would know the children, with the truth beside.
//!
//! A school census by one supplier for the pupils of many schools: the name in daily use, pupil numbers, no NHS
//! numbers. A register of practices: full names and NHS numbers, no pupil numbers. A social care feed of one
//! authority: misspelt names, names of before, few numbers, and work that began, changed and ended. Every sender
//! has references of its own. Shares are ours: no sender publishes how often it is wrong.

mod errors;

use std::{
    io::{self, Write},
    ops::Range,
};

use chrono::Days;
use vocabulary::ServiceType;

use crate::{
    Child, Involvement, NATIONAL_SUPPLIER, Population,
    desks::desk,
    events::Lines,
    organisations::{Holder, Service},
    rng::{Draw, Purpose},
    tables::{CHILDREN_COLUMNS, is_present_setting, row},
    wire::{Begun, Contact, Ended, Kind, KnownChild, Morning, Updated, Worker, described},
};

/// What the social care feed calls itself.
const SOURCE: &str = "https://social-care.example.org/feed";
/// The header of the truth: which child each reference of each feed means, and what is told of it there.
const TRUTH_COLUMNS: [&str; 4] = ["feed", "local_ref", "child", "setting"];
/// Of 100 children in a census or register, for how many the address is that of before, where there is one.
const OLD_ADDRESS_PERCENT: u32 = 20;
/// Of 100 pupils in the census, in whose name a letter is wrong.
const CENSUS_ERRORS_PERCENT: u32 = 3;
/// The team that takes over where a social worker's entry is updated.
const SECOND_TEAM: &str = "Long Term Support";

/// One of the three feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feed {
    /// The school census.
    Census,
    /// The register of practices.
    Register,
    /// Social care of the first authority.
    SocialCare,
}

/// What one feed tells of a child.
struct Known {
    child: Child,
    /// Where it is taught or registered, as an involvement.
    setting: Vec<Involvement>,
}

impl Feed {
    /// Every feed, in the order in which they are brought in.
    pub const ALL: [Feed; 3] = [Feed::Census, Feed::Register, Feed::SocialCare];

    /// Its name in the truth.
    pub fn name(self) -> &'static str {
        match self {
            Feed::Census => "census",
            Feed::Register => "register",
            Feed::SocialCare => "social_care",
        }
    }

    /// The file that it is written to.
    pub fn file(self) -> &'static str {
        match self {
            Feed::Census => "school_census.csv",
            Feed::Register => "gp_register.csv",
            Feed::SocialCare => "social_care.ndjson",
        }
    }

    /// The organisation that sends it.
    pub fn supplier(self) -> String {
        match self {
            Feed::Census => NATIONAL_SUPPLIER.to_owned(),
            Feed::Register => Holder::Service(0, Service::CommunityHealth).id(),
            Feed::SocialCare => Holder::Authority(0).id(),
        }
    }

    fn local_ref(self, index: u64) -> String {
        match self {
            Feed::Census => format!("C{:07}", index + 1),
            Feed::Register => format!("P{:07}", index + 1),
            Feed::SocialCare => format!("S{:07}", index + 1),
        }
    }
}

impl Population {
    /// Writes a feed about these children: `children.csv` of census and register, events of social care.
    ///
    /// Memory does not grow with the number of children.
    ///
    /// # Errors
    /// The writer's own.
    pub fn write_feed(&self, feed: Feed, children: Range<u64>, out: &mut impl Write) -> io::Result<()> {
        if feed == Feed::SocialCare {
            let mut lines = Lines::of(SOURCE);
            for known in children.filter_map(|index| self.known_to(feed, index)) {
                self.tell_work(&known.child, &mut lines)?;
                lines.ease(out)?;
            }
            return lines.hand_on(out);
        }
        let mut table = csv::Writer::from_writer(out);
        table.write_record(CHILDREN_COLUMNS)?;
        for known in children.filter_map(|index| self.known_to(feed, index)) {
            table.write_record(row(&known.child, &known.setting))?;
        }
        table.flush()
    }

    /// Writes the truth about these children, header first: for each feed and reference the child, by its number
    /// in invented England from 1, and the school, practice or team told.
    ///
    /// # Errors
    /// The writer's own.
    pub fn write_truth(&self, children: Range<u64>, out: &mut impl Write) -> io::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(TRUTH_COLUMNS)?;
        for feed in Feed::ALL {
            for index in children.clone() {
                let Some(known) = self.known_to(feed, index) else { continue };
                let setting = known.setting.first().map_or_else(
                    || if changes(index) { SECOND_TEAM } else { first_team() }.to_owned(),
                    Involvement::organisation,
                );
                let number = (index + 1).to_string();
                table.write_record([feed.name(), &known.child.local_ref, &number, &setting])?;
            }
        }
        table.flush()
    }

    /// The child as the sender of a feed knows it; none where it does not.
    fn known_to(&self, feed: Feed, index: u64) -> Option<Known> {
        let mut child = self.child(index);
        let setting = match feed {
            Feed::Census => self.present(&child, |entry| entry.service_type != ServiceType::PrimaryCare)?,
            Feed::Register => self.present(&child, |entry| entry.service_type == ServiceType::PrimaryCare)?,
            Feed::SocialCare if child.authority == 0 && index.is_multiple_of(2) => Vec::new(),
            Feed::SocialCare => return None,
        };
        child.local_ref = feed.local_ref(index);
        match feed {
            Feed::Census => self.as_a_school_knows(&mut child),
            Feed::Register => self.as_a_practice_knows(&mut child),
            Feed::SocialCare => self.as_a_social_worker_knows(&mut child),
        }
        Some(Known { child, setting })
    }

    /// Where a child is taught or registered now.
    fn present(&self, child: &Child, wanted: impl Fn(&Involvement) -> bool) -> Option<Vec<Involvement>> {
        let (involvements, _) = self.working_with(child);
        let found = involvements.into_iter().find(|entry| is_present_setting(entry) && wanted(entry))?;
        Some(vec![found])
    }

    /// The name in daily use, the pupil number, no carer; a wrong letter or an old address here and there.
    fn as_a_school_knows(&self, child: &mut Child) {
        let mut draw = Draw::new(self.seed, Purpose::Census, child.index);
        if let Some(known_as) = child.known_as.take() {
            child.forename = known_as;
        }
        child.nhs_number = None;
        child.middle_names = None;
        child.previous_surname = None;
        child.carers.clear();
        old_address(child, &mut draw);
        if draw.below_u32(100) < CENSUS_ERRORS_PERCENT {
            child.surname = errors::misspelt(&child.surname, &mut draw);
        }
    }

    /// The full name and the NHS number, no pupil number; an old address here and there.
    fn as_a_practice_knows(&self, child: &mut Child) {
        let mut draw = Draw::new(self.seed, Purpose::Register, child.index);
        child.upn = None;
        child.known_as = None;
        child.carers.clear();
        old_address(child, &mut draw);
    }

    /// What was heard on the telephone: wrong letters, names of before and in daily use, hardly a number.
    fn as_a_social_worker_knows(&self, child: &mut Child) {
        let mut draw = Draw::new(self.seed, Purpose::SocialCare, child.index);
        let heard = draw.below_u32(100);
        match heard {
            0..20 => child.forename = errors::misspelt(&child.forename, &mut draw),
            20..35 => child.surname = errors::misspelt(&child.surname, &mut draw),
            35..60 => {
                if let Some(known_as) = child.known_as.take() {
                    child.forename = known_as;
                } else if let Some(before) = child.previous_surname.take() {
                    child.surname = before;
                }
            }
            _ => (),
        }
        if draw.below_u32(100) >= 30 {
            child.nhs_number = None;
        }
        child.upn = None;
        child.middle_names = None;
        child.previous_surname = None;
        old_address(child, &mut draw);
    }

    /// The description, and the work of a social worker: begun, of every third child with a new team, of every
    /// fourth ended.
    fn tell_work(&self, child: &Child, lines: &mut Lines) -> io::Result<()> {
        let mut draw = Draw::new(self.seed, Purpose::SocialCareWork, child.index);
        let holder = Holder::Authority(0);
        let last = self.as_at - Days::new(1);
        let started_on = (last - Days::new(14 + draw.below(300))).max(child.date_of_birth);
        let reference = format!("{}-work", child.local_ref);
        lines.begin();
        lines.add(child, Kind::ChildDescribed, Morning(started_on), &described(child))?;
        let begun = Begun {
            child: KnownChild { local_ref: &child.local_ref },
            involvement_ref: &reference,
            service_type: ServiceType::SocialCare.name(),
            organisation: holder.id(),
            practitioner: Some(self.social_worker(&mut draw)),
            team: first_team(),
            contacts: [Contact {
                kind: "telephone",
                used: "duty",
                value: holder.telephone(self.seed).into(),
            }],
            started_on,
            ended_on: None,
            lead_professional: false,
            episode_ref: None,
        };
        lines.add(child, Kind::InvolvementStarted, Morning(started_on), &begun)?;
        if changes(child.index) {
            let updated = Updated { involvement_ref: &reference, team: SECOND_TEAM };
            lines.add(child, Kind::InvolvementUpdated, Morning(last), &updated)?;
        }
        if ends(child.index) {
            let ended = Ended { involvement_ref: &reference, ended_on: last };
            lines.add(child, Kind::InvolvementEnded, Morning(last), &ended)?;
        }
        Ok(())
    }

    fn social_worker(&self, draw: &mut Draw) -> Worker {
        let holder = Holder::Authority(0);
        let number = draw.below_u32(8);
        self.worker(holder, number, desk(ServiceType::SocialCare).job)
    }
}

fn first_team() -> &'static str {
    desk(ServiceType::SocialCare).team
}

/// Whether social care's work with a child changed teams.
fn changes(index: u64) -> bool {
    index.is_multiple_of(3)
}

/// Whether social care's work with a child is over.
fn ends(index: u64) -> bool {
    index.is_multiple_of(4)
}

/// Of some children who moved, the sender has the address of before.
fn old_address(child: &mut Child, draw: &mut Draw) {
    let old = draw.below_u32(100) < OLD_ADDRESS_PERCENT;
    let before = child.previous_home.take();
    if old && before.is_some() {
        child.home = before;
    }
}
