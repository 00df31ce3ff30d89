//! Calls about one's own organisation: the caseload and the reports.

use serde_json::{Value, json};
use utoipa::openapi::{
    ContentBuilder, ObjectBuilder,
    schema::{SchemaType, Type},
};

use super::{Call, Who, get};
use crate::openapi::shapes::{shown, words};

pub(super) fn calls() -> Vec<Call> {
    let csv = "kind,count\r\nopened,41\r\n";
    let text =
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).description(Some("RFC 4180."));
    let table = ContentBuilder::new().schema(Some(text)).example(Some(Value::String(csv.to_owned()))).build();
    vec![
        get("/api/v1/caseload", "listCaseload")
            .says("Own organisation", "List the open entries of one's own organisation", "Staff read names, which is recorded; a client without Acting-User reads none.")
            .by(Who::Either)
            .asks::<words::Id>("after", "Where the page before ended.")
            .gives::<shown::Caseload>(200, "A page of entries; fifty at most.", json!({
                "entries": [{
                    "involvement_id": "0190a3c4d5e67f8091a2b3c4d5e6f70b", "position": 81230, "outcome": "recorded",
                    "child_number": "04817263599", "service_type": "social_care", "started_on": "2026-03-01",
                    "ended_on": null
                }]
            })),
        get("/api/v1/reports/{name}", "getReport")
            .says("Own organisation", "Read a report", "For user managers of their own organisation, for teams, data managers and auditors of their own authority; JSON, or CSV by `Accept`.")
            .by(Who::Person)
            .part::<words::ReportName>("name", "The report's name.")
            .asks::<words::Day>("from", "From this day; the first of the month where nothing is said.")
            .asks::<words::Day>("to", "Through this day; today where nothing is said.")
            .asks::<words::OrganisationId>("organisation", "Of this organisation only.")
            .asks::<words::GroupBy>("group_by", "Grouped by.")
            .asks::<words::Interval>("interval", "Cut by.")
            .gives::<shown::Report>(200, "The report.", json!({
                "name": "usage", "from": "2026-11-01", "to": "2026-11-20", "columns": ["kind", "count"],
                "rows": [["opened", 41]]
            }))
            .gives_as(200, "", "text/csv", table),
    ]
}
