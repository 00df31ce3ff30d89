//! The golden matrix: everyone by every record state and group, with a tick or a cross, checked in and
//! read in review. `BLESS=1` rewrites it and docs/visibility.md.

use std::{fmt::Write as _, fs, path::PathBuf};

use events::child::RecordState;
use visibility::{
    Column, Look, LookShown, Reader, SearchFacts, SearchField, Viewer, may_see_look, searchable,
};
use vocabulary::{FieldGroup, OrganisationKind, Role};

use crate::{
    entry::{Entry, Kind},
    matrix::{Eyes, Row, request, rows},
    observed::{json, observed},
    world::{EALING, HARINGEY, World, case, elsewhere, org, viewer},
};

const COLUMN_WIDTH: usize = 22;
const WHO_WIDTH: usize = 42;

fn tick(shown: bool) -> &'static str {
    if shown { "✓" } else { "✗" }
}

/// One line of a table: who, in which column, and a cell each.
struct Line {
    who: String,
    column: &'static str,
    cells: Vec<&'static str>,
}

/// A table with its heads and, for the reader, what it says.
struct Table {
    title: &'static str,
    says: &'static str,
    heads: Vec<&'static str>,
    lines: Vec<Line>,
}

fn groups_shown(row: &Row, column: Column) -> Vec<&'static str> {
    let (scope, record) = row.eyes.look(World::full(), column);
    let shown = observed(&record, &row.label);
    FieldGroup::ALL
        .into_iter()
        .map(|group| {
            tick(match group {
                FieldGroup::J => scope.has(FieldGroup::J),
                FieldGroup::G => shown.entries.contains(&Kind::Protected),
                FieldGroup::A
                | FieldGroup::A2
                | FieldGroup::B
                | FieldGroup::C
                | FieldGroup::D
                | FieldGroup::E
                | FieldGroup::F
                | FieldGroup::H
                | FieldGroup::I => shown.groups.contains(&group),
            })
        })
        .collect()
}

fn groups_table() -> Table {
    Table {
        title: "Groups of fields",
        says: "A record of Haringey that holds something of every group; nothing on it is the viewer's own.",
        heads: FieldGroup::ALL.map(FieldGroup::name).to_vec(),
        lines: lines(groups_shown),
    }
}

/// One entry alone on the record: whole, as the unspecified line, or not at all.
fn entry_shown(eyes: &Eyes, column: Column, entry: &Entry) -> &'static str {
    let (_, record) = eyes.look(World::described().entry(entry), column);
    let json = json(&record);
    let whole = json["involvements"].as_array().is_some_and(|entries| !entries.is_empty());
    match (whole, json.get("sensitive_services").is_some()) {
        (true, false) => "whole",
        (false, true) => "line",
        (false, false) => "✗",
        (true, true) => panic!("an entry is seen whole and as a line"),
    }
}

fn entries_table(title: &'static str, says: &'static str, organisation: &'static str) -> Table {
    Table {
        title,
        says,
        heads: Kind::ALL.map(Kind::name).to_vec(),
        lines: lines(|row, column| {
            Kind::ALL
                .into_iter()
                .map(|kind| entry_shown(&row.eyes, column, &Entry::of(kind).by(organisation)))
                .collect()
        }),
    }
}

fn lines(cells: impl Fn(&Row, Column) -> Vec<&'static str>) -> Vec<Line> {
    let mut lines = Vec::new();
    for row in rows() {
        for column in Column::ALL {
            lines.push(Line { who: row.label.clone(), column: column.name(), cells: cells(&row, column) });
        }
    }
    lines
}

fn search_table() -> Table {
    let states = [
        (RecordState::Live, false, "live"),
        (RecordState::Shielded, true, "shielded"),
        (RecordState::ArchivedYear1, false, "archived_year_1"),
        (RecordState::ArchivedYears2To6, false, "archived_years_2_to_6"),
        (RecordState::Quarantined, false, "quarantined"),
    ];
    let authority = org(HARINGEY);
    let mut lines = Vec::new();
    for row in rows() {
        let Eyes::Staff(viewer, _) = &row.eyes else { continue };
        for (state, shielded, column) in states {
            let fields = searchable(viewer, &SearchFacts { authority: Some(&authority), shielded, state });
            let cells = SearchField::ALL.map(|field| tick(fields.has(field))).to_vec();
            lines.push(Line { who: row.label.clone(), column, cells });
        }
    }
    Table {
        title: "Fields a record may be found by",
        says: "A criterion on any other field counts as not stated. A row of crosses: there is no such record.",
        heads: SearchField::ALL.map(SearchField::name).to_vec(),
        lines,
    }
}

fn look_shown(shown: LookShown) -> &'static str {
    match shown {
        LookShown::Hidden => "✗",
        LookShown::WithoutChildsName => "no child",
        LookShown::WithoutPractitionersName => "no name",
        LookShown::Whole => "whole",
    }
}

fn looks_table() -> Table {
    let (haringey, ealing, mine, other) = (org(HARINGEY), org(EALING), org("org:mine"), org("org:other"));
    let looks = [
        ("by own staff", &mine, OrganisationKind::Voluntary, &haringey, &haringey),
        ("by others", &other, OrganisationKind::School, &haringey, &haringey),
        ("from elsewhere", &other, OrganisationKind::School, &ealing, &haringey),
        ("at a child elsewhere", &other, OrganisationKind::School, &haringey, &ealing),
        ("sensitive, own", &mine, OrganisationKind::SexualHealthService, &haringey, &haringey),
        ("sensitive, others", &other, OrganisationKind::Refuge, &haringey, &haringey),
    ];
    let account = vocabulary::AccountId::new(uuid::Uuid::from_u128(1));
    let lines = lines(|row, column| {
        let judged = looks.iter().map(|(_, organisation, kind, authority, child_authority)| {
            let shielded = matches!(column, Column::Shielded | Column::OverrideOpen);
            let look = Look {
                account,
                organisation,
                kind: *kind,
                authority: Some(authority),
                caller_kind: None,
                child_authority: Some(child_authority),
                child_shielded: shielded,
                column,
            };
            let reader = match &row.eyes {
                Eyes::Staff(viewer, case) => Reader::Staff(viewer, case.as_ref()),
                Eyes::Subject(visibility::Subject::CompetentChild) => Reader::CompetentChild,
                Eyes::Subject(visibility::Subject::Carer(request)) => Reader::Carer(request),
            };
            look_shown(may_see_look(reader, &look))
        });
        judged.collect()
    });
    Table {
        title: "Looks",
        says: "Who may read that somebody looked: whole, without the child's or the practitioner's name, or not.",
        heads: looks.iter().map(|(head, ..)| *head).collect(),
        lines,
    }
}

fn tables() -> Vec<Table> {
    vec![
        groups_table(),
        entries_table(
            "Another body's entry",
            "One open entry alone on the record: seen whole, as the unspecified line, or not.",
            "org:their",
        ),
        entries_table(
            "The viewer's own entry",
            "The same, of the viewer's own organisation (a mediator's, not the caller's).",
            "org:mine",
        ),
        search_table(),
        looks_table(),
    ]
}

fn text(tables: &[Table]) -> String {
    let mut out = String::from("Who sees what. Generated by crates/visibility/tests; BLESS=1 rewrites it.\n");
    for table in tables {
        writeln!(out, "\n{}\n{}\n", table.title, table.says).unwrap();
        write!(out, "{:WHO_WIDTH$}{:COLUMN_WIDTH$}", "who", "record").unwrap();
        writeln!(out, "{}", cells(&table.heads, &table.heads)).unwrap();
        for line in &table.lines {
            write!(out, "{:WHO_WIDTH$}{:COLUMN_WIDTH$}", line.who, line.column).unwrap();
            writeln!(out, "{}", cells(&line.cells, &table.heads)).unwrap();
        }
    }
    out
}

fn cells(cells: &[&str], heads: &[&str]) -> String {
    let mut out = String::new();
    for (cell, head) in cells.iter().zip(heads) {
        let width = head.chars().count().max(8);
        write!(out, "{cell:width$} ").unwrap();
    }
    out.trim_end().to_owned()
}

/// The same for people: one line a person, one column a state, rows alike told once.
fn markdown(tables: &[Table]) -> String {
    let mut out = include_str!("preface.md").to_owned();
    for table in tables {
        writeln!(out, "\n## {}\n\n{}\n", table.title, table.says).unwrap();
        let mut columns: Vec<&str> = Vec::new();
        for line in &table.lines {
            if !columns.contains(&line.column) {
                columns.push(line.column);
            }
        }
        writeln!(out, "| who | {} |", columns.join(" | ")).unwrap();
        writeln!(out, "|---|{}", "---|".repeat(columns.len())).unwrap();
        let mut above: Option<(&str, String)> = None;
        for lines in table.lines.chunks(columns.len()) {
            let who = lines[0].who.as_str();
            let said: Vec<String> = lines.iter().map(|line| said(&line.cells, &table.heads)).collect();
            let said = said.join(" | ");
            let alike = above.as_ref().is_some_and(|(before, told)| {
                who.strip_suffix(", elsewhere") == Some(before) && *told == said
            });
            if !alike {
                writeln!(out, "| {who} | {said} |").unwrap();
            }
            above = Some((who, said));
        }
    }
    out
}

fn said(cells: &[&str], heads: &[&str]) -> String {
    if cells[0].chars().count() > 1 && cells.iter().all(|cell| *cell == cells[0]) {
        return format!("all: {}", cells[0]);
    }
    let said: Vec<String> = cells
        .iter()
        .zip(heads)
        .filter(|(cell, _)| **cell != "✗")
        .map(|(cell, head)| if *cell == "✓" { (*head).to_owned() } else { format!("{head}: {cell}") })
        .collect();
    let joint = if cells.contains(&"✓") { " " } else { "; " };
    if said.is_empty() { "-".to_owned() } else { said.join(joint) }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_matrix_is_as_it_was_reviewed() {
    let tables = tables();
    for (path, made) in
        [("tests/golden/visibility.txt", text(&tables)), ("docs/visibility.md", markdown(&tables))]
    {
        let path = root().join(path);
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &made).unwrap();
        }
        let reviewed = fs::read_to_string(&path).unwrap_or_default();
        for (number, (is, was)) in made.lines().zip(reviewed.lines()).enumerate() {
            assert_eq!(is, was, "{} line {}; BLESS=1 once it is meant", path.display(), number + 1);
        }
        assert_eq!(made.lines().count(), reviewed.lines().count(), "{}", path.display());
    }
}

#[test]
fn no_role_state_or_group_is_missing_from_the_matrix() {
    let groups = text(&[groups_table()]);
    let head = groups.lines().find(|line| line.starts_with("who ")).unwrap();
    let heads: Vec<&str> = head.split_whitespace().skip(2).collect();
    assert_eq!(heads, FieldGroup::ALL.map(FieldGroup::name), "a group is missing");
    for role in Role::ALL {
        for column in Column::ALL {
            let line = groups
                .lines()
                .find(|line| {
                    line.chars().take(WHO_WIDTH).collect::<String>().trim() == role.name()
                        && line.chars().skip(WHO_WIDTH).take(COLUMN_WIDTH).collect::<String>().trim()
                            == column.name()
                })
                .unwrap_or_else(|| panic!("{} in {} is missing", role.name(), column.name()));
            let ticks = line.chars().filter(|cell| matches!(cell, '✓' | '✗')).count();
            assert_eq!(ticks, FieldGroup::ALL.len(), "{line}");
        }
    }
}

#[test]
fn one_reads_ones_own_looks_in_every_role_and_never_audits_oneself() {
    let mine = org("org:mine");
    for role in Role::ALL {
        let reader = viewer(role);
        let look = Look {
            account: reader.account,
            organisation: &mine,
            kind: OrganisationKind::Voluntary,
            authority: reader.authority.as_ref(),
            caller_kind: None,
            child_authority: reader.authority.as_ref(),
            child_shielded: false,
            column: Column::Live,
        };
        assert_eq!(may_see_look(Reader::Staff(&reader, None), &look), LookShown::WithoutChildsName);
    }
}

#[test]
fn a_look_mediated_for_a_sensitive_service_tells_as_much_as_its_own() {
    let other = org("org:other");
    let authority = org(HARINGEY);
    let look = |caller_kind| Look {
        account: vocabulary::AccountId::new(uuid::Uuid::from_u128(1)),
        organisation: &other,
        kind: OrganisationKind::LocalAuthority,
        authority: Some(&authority),
        caller_kind,
        child_authority: Some(&authority),
        child_shielded: false,
        column: Column::Live,
    };
    let clinic = look(Some(OrganisationKind::SexualHealthService));
    assert_eq!(may_see_look(Reader::Carer(&request()), &look(None)), LookShown::WithoutPractitionersName);
    assert_eq!(may_see_look(Reader::Carer(&request()), &clinic), LookShown::Hidden);
    assert_eq!(may_see_look(Reader::CompetentChild, &clinic), LookShown::Whole);
    let section_47 = case(events::case::Purpose::Section47, visibility::Shields::Lifted);
    let investigator: Viewer = elsewhere(viewer(Role::Investigator));
    assert_eq!(may_see_look(Reader::Staff(&investigator, Some(&section_47)), &look(None)), LookShown::Whole);
    assert_eq!(may_see_look(Reader::Staff(&investigator, Some(&section_47)), &clinic), LookShown::Hidden);
}
