//! docs/child-v.md tells the story as it is told: every step stands in its table.

use population::child_v::{Basis, Step, Story};

use crate::day;

const DOCUMENT: &str = include_str!("../../../../docs/child-v.md");

fn word(basis: Basis) -> &'static str {
    match basis {
        Basis::Documented => "documented",
        Basis::Recollected => "recollected",
        Basis::Counted => "counted",
        Basis::Invented => "invented",
    }
}

fn line(step: &Step) -> String {
    let rows: Vec<String> = step.evidence.rows.iter().map(u8::to_string).collect();
    format!(
        "| {} | {} | {} | {} | {} | {} |",
        step.days_before,
        step.agency.map_or("-", |agency| agency.name()),
        step.note,
        if rows.is_empty() { "-".to_owned() } else { rows.join(", ") },
        word(step.evidence.contact),
        word(step.evidence.day),
    )
}

#[test]
fn every_step_stands_in_the_document_with_what_it_rests_on() {
    let missing: Vec<_> =
        Story::ending_on(day()).steps.iter().map(line).filter(|line| !DOCUMENT.contains(line)).collect();
    assert!(missing.is_empty(), "write into docs/child-v.md:\n{}", missing.join("\n"));
}

#[test]
fn every_row_that_a_step_rests_on_stands_in_the_chronology() {
    for step in Story::ending_on(day()).steps {
        for row in step.evidence.rows {
            assert!(DOCUMENT.contains(&format!("\n| {row} | ")), "row {row}");
        }
    }
}
