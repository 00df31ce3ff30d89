//! Reports: counts for managers as bars, as a table of the same numbers, and as CSV.
//!
//! A count of children under five is said as that. Each showing is recorded. Source: rules.md 6.1; ADR-0054.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, Path, State},
    response::Response,
};
use chrono::NaiveDate;
use directory::{Report, ReportQuery, reports::Cell};
use visibility::permission::Action as May;
use vocabulary::{OrganisationId, ReportName, Role};

use super::{
    after,
    frame::may,
    kit::{Block, Card, Choice, Column, Field, FieldError, Form, Line, Page, Table, line},
    pictures::{Bar, bars},
    posted::{Posted, Reading},
    visitor::Visitor,
    words,
    wrong::{OrAgain as _, Wrong},
};
use crate::{
    csv,
    door::Door,
    http::reports::{Cut, as_csv},
    problem::Problem,
};

/// Rows beyond which a picture tells nothing more; the table has them all the same.
const BARS_MAX: usize = 20;

/// Rows that one page shows, so that it stays light; the CSV has them all.
const ROWS_MAX: usize = 60;

/// Refusals, and the field that each is about.
const FIELDS: &[(&str, &str)] =
    &[("organisation_not_yours", "organisation"), ("grouping_not_offered", "group_by")];

/// Columns whose words are ids of organisations.
const ORGANISATIONS: [&str; 3] = ["organisation", "authority", "supplier"];

struct About {
    name: ReportName,
    title: &'static str,
    what: &'static str,
    groups: &'static [&'static str],
    of_children: bool,
}

/// Every report, in the order in which they are listed.
const REPORTS: [About; 9] = [
    About {
        name: ReportName::Usage,
        title: "Usage",
        what: "How often staff searched, opened records and were refused.",
        groups: &["organisation", "role", "reason", "kind", "hour"],
        of_children: false,
    },
    About {
        name: ReportName::AccessReview,
        title: "Reviews of looks",
        what: "Looks that were reviewed, why, and what came of it.",
        groups: &["organisation"],
        of_children: false,
    },
    About {
        name: ReportName::Overrides,
        title: "Overrides of shields",
        what: "How often a shield was overridden, and on what ground.",
        groups: &["organisation", "role"],
        of_children: false,
    },
    About {
        name: ReportName::Expiries,
        title: "What runs out",
        what: "Accounts, agreements and accreditations that end soon.",
        groups: &["organisation"],
        of_children: false,
    },
    About {
        name: ReportName::DataQuality,
        title: "What suppliers send",
        what: "How much was taken, refused and queued, and when each supplier sent last.",
        groups: &["organisation"],
        of_children: false,
    },
    About {
        name: ReportName::Coverage,
        title: "Coverage",
        what: "Children for whom no education or no GP practice is known.",
        groups: &["organisation"],
        of_children: true,
    },
    About {
        name: ReportName::ConsentReseek,
        title: "Consent to ask for again",
        what: "Young people who are to be asked for their own consent.",
        groups: &["organisation"],
        of_children: true,
    },
    About {
        name: ReportName::ShieldsDue,
        title: "Shields due",
        what: "Shields to review, and requests to decide.",
        groups: &["organisation"],
        of_children: true,
    },
    About {
        name: ReportName::EndedNotClosed,
        title: "Ended and not closed",
        what: "Children with entries that look ended and were never closed.",
        groups: &["organisation"],
        of_children: true,
    },
];

/// Every report that this role may read.
pub(crate) async fn index(visitor: Visitor) -> Result<Page, Problem> {
    if !may(&visitor.person, May::ReadReports) {
        return Err(Problem::new("role_may_not_read"));
    }
    let open = REPORTS.iter().filter(|about| !about.of_children || visitor.person.role != Role::UserManager);
    let cards = open.map(|about| {
        let link = line().link(format!("/reports/{}", about.name.name()), about.title);
        Card::new(link, vec![Block::text(about.what)]).level(2).into()
    });
    let worklist = may(&visitor.person, May::ReadQueue).then(|| {
        let what = "The names behind the coverage counts, fifty to a page, for missing education.";
        Card::new(line().link("/team/worklist", "Coverage worklist"), vec![Block::text(what)]).level(2)
    });
    Ok(Page::new("Reports")
        .with(Block::text("Counts without names. Each report that you read is recorded."))
        .with_all(cards)
        .with_if(worklist))
}

/// One report.
pub(crate) async fn page(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    Path(name): Path<String>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Problem> {
    let about = about(&name)?;
    let asked = dated(&Posted::of_query(&uri));
    let made = made(&door, &visitor, about, &asked).await;
    let told = made.map(|report| shown(&door, about, &asked, &report));
    told.or_again(FIELDS, |errors| begun(about, Some((&asked, errors))))
}

/// The same as CSV.
pub(crate) async fn csv(
    State(door): State<Arc<Door>>,
    visitor: Visitor,
    Path(name): Path<String>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Problem> {
    let about = about(&name)?;
    let asked = dated(&Posted::of_query(&uri));
    let made = made(&door, &visitor, about, &asked).await;
    let told = made.map(|report| {
        let file = format!("{}-{}-{}.csv", report.name, report.from, report.to);
        csv::file(as_csv(&report), &file)
    });
    told.or_again(FIELDS, |errors| begun(about, Some((&asked, errors))))
}

async fn made(door: &Arc<Door>, visitor: &Visitor, about: &About, asked: &Posted) -> Result<Report, Wrong> {
    let cut: Cut = Reading::of(asked)
        .day("/from", "from", "From")
        .day("/to", "to", "To")
        .text("/organisation", "organisation", "Organisation")
        .choice("/group_by", "group_by", "how it is grouped")
        .choice("/interval", "interval", "how it is cut")
        .read()?;
    let query = ReportQuery::from(cut);
    Ok(door.directory.report(&visitor.person, about.name, &query).await?.into_view())
}

fn about(name: &str) -> Result<&'static About, Problem> {
    REPORTS.iter().find(|about| about.name.name() == name).ok_or_else(|| Problem::new("not_found"))
}

/// A day written whole, as an address gives it, in the three parts that a form has.
fn dated(asked: &Posted) -> Posted {
    let mut pairs = asked.pairs().to_vec();
    for name in ["from", "to"] {
        let Ok(day) = asked.text(name).parse::<NaiveDate>() else { continue };
        for (part, value) in [("day", "%-d"), ("month", "%-m"), ("year", "%Y")] {
            pairs.push((format!("{name}-{part}"), day.format(value).to_string()));
        }
    }
    Posted::of_pairs(pairs)
}

/// The report that could not be made, and the questions.
fn begun(about: &About, posted: Option<(&Posted, Vec<FieldError>)>) -> Page {
    headed(about).with_form(form(about), posted)
}

fn headed(about: &About) -> Page {
    Page::new(about.title).wide().back("/reports").with(Block::text(about.what))
}

fn form(about: &About) -> Form {
    let any = |text: &str| Choice::new("", text);
    let groups = about.groups.iter().map(|group| Choice::new(*group, words::word(group)));
    let intervals = ["day", "week", "month"].map(|interval| Choice::new(interval, words::word(interval)));
    Form::get(format!("/reports/{}", about.name.name()), "Show")
        .field(Field::day("from", "From").hint("Left open: the first day of the month."))
        .field(Field::day("to", "To, that day included").hint("Left open: today."))
        .field(
            Field::text("organisation", "Organisation")
                .hint("Its id. Left open: every one that you answer for.")
                .width("govuk-input--width-20"),
        )
        .field(Field::select("group_by", "Grouped by", std::iter::once(any("Nothing")).chain(groups)))
        .field(Field::select(
            "interval",
            "A row for each",
            std::iter::once(any("Whole time")).chain(intervals),
        ))
}

fn shown(door: &Door, about: &About, asked: &Posted, report: &Report) -> Page {
    let heading = line().text("From ").on(report.from).text(" to ").on(report.to);
    let page = headed(about).with(Block::heading(heading)).with_all(counted(door, about, asked, report));
    page.with(Block::heading("Other days, or another grouping"))
        .with_form(form(about), Some((asked, Vec::new())))
}

/// The counts: drawn, in a table, and the way to the CSV.
fn counted(door: &Door, about: &About, asked: &Posted, report: &Report) -> Vec<Block> {
    if report.rows.is_empty() {
        return vec![Block::text("There is nothing to count in these days.")];
    }
    let numeric =
        |at: usize| report.rows.iter().any(|row| !matches!(row.get(at), Some(Cell::Text(_)) | None));
    let columns = report.columns.iter().enumerate().map(|(at, name)| {
        if numeric(at) { Column::number(heading_of(name)) } else { Column::of(heading_of(name)) }
    });
    let rows = report.rows.iter().take(ROWS_MAX).map(|row| {
        let cells = row.iter().zip(&report.columns);
        cells.map(|(cell, column)| line().text(said(door, column, cell))).collect::<Vec<Line>>()
    });
    let table = Table::new(about.title, columns).quiet().rows(rows);
    let mut blocks: Vec<Block> = picture(door, about, report).map(Block::from).into_iter().collect();
    blocks.push(table.into());
    if report.rows.len() > ROWS_MAX {
        let all = format!("The first {ROWS_MAX} of {} rows. The CSV has them all.", report.rows.len());
        blocks.push(Block::small(all));
    }
    if about.of_children {
        let how =
            "Children are counted once a month, in whole fives, the same for everybody who may read it.";
        blocks.push(Block::small(how));
    }
    blocks.push(Block::text(line().link(csv_of(about, asked, report), "The same as CSV")));
    blocks
}

/// The first count of each row as a bar, where a picture tells something.
fn picture(door: &Door, about: &About, report: &Report) -> Option<super::kit::Picture> {
    let counted = (0..report.columns.len()).find(|at| {
        report.rows.iter().all(|row| matches!(row.get(*at), Some(Cell::Count(_) | Cell::Suppressed)))
    })?;
    // What all rows have alike tells none of them from another.
    let tells = |at: usize| {
        let first = report.rows.first().and_then(|row| row.get(at));
        report.rows.len() == 1 || report.rows.iter().any(|row| row.get(at) != first)
    };
    let told = report.rows.iter().take(BARS_MAX).map(|row| {
        let labels = row.iter().zip(&report.columns).take(counted).enumerate();
        let labels = labels.filter(|(at, _)| tells(*at)).map(|(_, (cell, column))| said(door, column, cell));
        let label = labels.collect::<Vec<_>>().join(", ");
        let count = if let Some(Cell::Count(count)) = row.get(counted) { Some(*count) } else { None };
        Bar { label, count }
    });
    let told: Vec<Bar> = told.collect();
    bars(&format!("{}: {}", about.title, words::lower(report.columns.get(counted)?)), &told)
}

fn said(door: &Door, column: &str, cell: &Cell) -> String {
    let text = match cell {
        Cell::Count(count) => return count.to_string(),
        // A day would tell that there was something on it.
        Cell::Suppressed if column.ends_with("_on") => return "Not told".to_owned(),
        Cell::Suppressed => return "fewer than 5".to_owned(),
        Cell::Text(text) => text,
    };
    if text.is_empty() {
        return "-".to_owned();
    }
    if let Ok(day) = text.parse::<NaiveDate>() {
        return words::day(day);
    }
    if ORGANISATIONS.contains(&column)
        && let Ok(id) = text.parse::<OrganisationId>()
    {
        return after::named(door, &id);
    }
    words::word(text)
}

fn heading_of(column: &str) -> String {
    match column {
        "counted_on" => "Counted on".to_owned(),
        "last_on" => "Last on".to_owned(),
        "warning" => "How near".to_owned(),
        other => words::word(other),
    }
}

fn csv_of(about: &About, asked: &Posted, report: &Report) -> String {
    let safe =
        |value: &str| value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":-._".contains(&byte));
    let kept = ["organisation", "group_by", "interval"].into_iter().filter_map(|name| {
        let value = asked.given(name).filter(|value| safe(value))?;
        Some(format!("&{name}={value}"))
    });
    let kept: String = kept.collect();
    format!("/reports/{}/csv?from={}&to={}{kept}", about.name.name(), report.from, report.to)
}
