//! Calls about counts: the reports, the worklist that one of them is, and what anybody may know.

use serde_json::{Value, json};
use utoipa::openapi::{
    ContentBuilder, ObjectBuilder,
    schema::{SchemaType, Type},
};

use super::{Call, Who, get};
use crate::openapi::shapes::{reporting, words};

/// The tag of these calls.
const REPORTS: &str = "Reports";

pub(super) fn calls() -> Vec<Call> {
    let csv = "kind,count\r\nopen,41\r\n";
    let text =
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).description(Some("RFC 4180."));
    let table = ContentBuilder::new().schema(Some(text)).example(Some(Value::String(csv.to_owned()))).build();
    vec![
        get("/api/v1/reports/{name}", "getReport")
            .says(REPORTS, "Read a report", "For user managers of their own organisation, for teams, data managers and auditors of their own authority; JSON, or CSV by `Accept`. Each reading is recorded first. Counts of children are made once a month, of an authority as a whole, and told in whole fives; docs/reports.md says what each report counts.")
            .by(Who::Person)
            .part::<words::ReportName>("name", "The report's name.")
            .asks::<words::Day>("from", "From this day; the first of the month where nothing is said.")
            .asks::<words::Day>("to", "Through this day; today where nothing is said.")
            .asks::<words::OrganisationId>("organisation", "Of this organisation only.")
            .asks::<words::GroupBy>("group_by", "Grouped by; what a report is not grouped by is refused.")
            .asks::<words::Interval>("interval", "Cut by.")
            .gives::<reporting::Report>(200, "The report.", json!({
                "position": 81260, "name": "coverage", "from": "2026-11-01", "to": "2026-11-20",
                "columns": ["counted_on", "authority", "gap", "children"],
                "rows": [["2026-11-01", "gss:E09000014", "no_education", 35],
                         ["2026-11-01", "gss:E09000014", "no_primary_care", null]]
            }))
            .gives_as(200, "", "text/csv", table),
        get("/api/v1/worklists/coverage", "listWorklist")
            .says(REPORTS, "List the authority's children without education or primary care", "For the team and data managers of the responsible authority, for the reason `missing_education`. Educated otherwise is no gap; shielded children stand on no list; there is no export. Each page is recorded first.")
            .by(Who::Person)
            .asks::<words::WorklistGap>("gap", "What is not known of the children.")
            .asks::<words::Id>("after", "Where the page before ended.")
            .gives::<reporting::WorklistPage>(200, "A page; fifty children at most.", json!({
                "position": 81261, "gap": "no_education",
                "children": [{
                    "child_number": "04817263599", "date_of_birth": "2015-04-02",
                    "names": [{"kind": "current", "forename": "Ava", "middle_names": "Rose", "surname": "Lowe"}]
                }]
            })),
        get("/api/v1/counters", "getCounters")
            .says(REPORTS, "Read what anybody may know", "Users by role, looks and overrides of each authority and national body, by month, of the last twelve that were reported; nothing of children. Read from memory for ten minutes.")
            .gives::<reporting::PublicCounters>(200, "The counters.", json!({
                "counters": [{
                    "month": "2026-10-01", "organisation": "gss:E09000014", "counted_on": "2026-11-01",
                    "users": {"practitioner": 140, "authority_team": 3}, "searches": 900, "openings": 410,
                    "overrides": 2, "replays": 0
                }]
            })),
    ]
}
