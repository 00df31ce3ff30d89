//! What happened, in order. The last day stands for 23 February 2000, the day before the end began.
//!
//! Each step says on what its contact and its day rest; docs/child-v.md has the rows and their sources.

mod hostel;
mod lodgings;

use super::{
    Act, Agency, Basis, Entry, Evidence, MISHEARD_NAME, PASSPORT_NAME, Place, Step, TRUE_NAME, Teller,
};

const INVENTED: Evidence = Evidence { rows: &[], contact: Basis::Invented, day: Basis::Invented };
const COUNTED: Evidence = Evidence { rows: &[], contact: Basis::Counted, day: Basis::Invented };

const fn documented(rows: &'static [u8], day: Basis) -> Evidence {
    Evidence { rows, contact: Basis::Documented, day }
}

const fn recollected(rows: &'static [u8], day: Basis) -> Evidence {
    Evidence { rows, contact: Basis::Recollected, day }
}

/// The agencies' own refs for the child; Brandlemere's second is the misheard one.
const ARKENMOOR: &str = "A-20417";
const ARKENMOOR_HOUSING: &str = "AH-771";
const BRANDLEMERE: &str = "B-5518";
const BRANDLEMERE_SECOND: &str = "B-5534";
const BRANDLEMERE_HOUSING: &str = "BH-2096";
const BRANDLEMERE_POLICE: &str = "BP-318";
const BRANDLEMERE_HOSPITAL: &str = "H1-88213";
const CORVENHALL: &str = "C-9042";
const CORVENHALL_HOSPITAL: &str = "H2-40775";
const DUNLARROW: &str = "D-13306";
const DUNLARROW_HOUSING: &str = "DH-640";
const DUNLARROW_HOUSING_SECOND: &str = "DH-702";
const DUNLARROW_POLICE: &str = "DP-127";
const CENTRE: &str = "F-57";

pub(super) fn steps(teller: &Teller) -> Vec<Step> {
    let mut steps = hostel::first_weeks(teller);
    steps.extend(hostel::summer(teller));
    steps.extend(lodgings::second_address(teller));
    steps.extend(lodgings::last_borough(teller));
    steps.extend(lodgings::winter(teller));
    steps
}

/// A step of one agency.
fn step(
    teller: &Teller,
    days_before: u32,
    agency: Agency,
    evidence: Evidence,
    note: &'static str,
    acts: Vec<Act>,
) -> Step {
    Step { days_before, day: teller.day(days_before), agency: Some(agency), acts, note, evidence }
}

/// A description under the passport's name and the start of one entry.
fn arrives(
    teller: &Teller,
    agency: Agency,
    days_before: u32,
    local_ref: &str,
    place: Place,
    entry: &Entry<'_>,
) -> Vec<Act> {
    vec![
        teller.described(agency, days_before, local_ref, PASSPORT_NAME, place),
        teller.started(agency, days_before, local_ref, entry),
    ]
}

fn entry<'a>(involvement_ref: &'a str, service_type: &'static str, team: &'static str) -> Entry<'a> {
    Entry { involvement_ref, service_type, team, over_at_once: false }
}
