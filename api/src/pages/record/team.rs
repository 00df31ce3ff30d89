//! The team around the child: whom to ring now, gaps and patterns as plain facts, two pictures, and a card for each.

use chrono::NaiveDateTime;
use visibility::{
    Gap, SensitiveServices,
    permission::Action as May,
    views::{Involvement, Practitioner},
};
use vocabulary::{Contact, InvolvementId, england_day, england_time};

use super::{Shown, is_own};
use crate::pages::{
    frame::may,
    kit::{Action, Block, Card, Column, Line, Summary, Table, line},
    pictures::{Node, Row, network, timeline},
    ring, words,
};

/// Everything about who works with the child.
pub(super) fn blocks(shown: &Shown<'_>) -> Vec<Block> {
    let Some(involvements) = &shown.record.involvements else { return universal(shown) };
    let wall = england_time(shown.now);
    let (mut now, mut ended): (Vec<&Involvement>, Vec<&Involvement>) =
        involvements.iter().partition(|entry| entry.ended_on.is_none());
    now.sort_by_key(|entry| (!entry.lead_professional, entry.started_on));
    ended.sort_by_key(|entry| std::cmp::Reverse(entry.ended_on));
    let mut blocks = vec![Block::heading_at("ring", "Whom to ring now")];
    blocks.push(to_ring(shown, &now, wall));
    blocks.extend(facts(shown));
    blocks.extend(sensitive(shown));
    blocks.extend(drawn(shown, &now, &ended));
    blocks.push(Block::heading_at("team", "Who is involved"));
    if now.is_empty() && ended.is_empty() {
        blocks.push(Block::text(
            "No service has said that it works with this child, beyond school and GP practice.",
        ));
    }
    blocks.extend(now.iter().map(|entry| card(shown, entry, wall)));
    if !ended.is_empty() {
        let told = words::count(ended.len(), "involvement that has ended", "involvements that have ended");
        blocks.push(Block::details(told, vec![past(&ended, wall).into()]));
    }
    blocks
}

/// On a record of which only the universal part is shown, nothing is said of a team.
fn universal(shown: &Shown<'_>) -> Vec<Block> {
    facts(shown).into_iter().chain(sensitive(shown)).collect()
}

fn to_ring(shown: &Shown<'_>, now: &[&Involvement], wall: NaiveDateTime) -> Block {
    let mut rung = Summary::default();
    for entry in now {
        let service = words::word(entry.service_type.name());
        let about = line().line_break().and(who(entry));
        let about =
            if entry.lead_professional { about.text(" ").tag("teal", "Lead professional") } else { about };
        rung = rung.row(service, answering(&entry.contacts, wall).and(about));
    }
    let places = [
        (
            "School or other education",
            shown.record.education.as_ref().and_then(|education| education.organisation.as_ref()),
        ),
        ("GP practice", shown.record.primary_care.as_ref().and_then(|care| care.organisation.as_ref())),
    ];
    for (service, place) in places {
        if let Some(place) = place {
            rung = rung.row(service, answering(&place.contacts, wall).line_break().text(place.name.clone()));
        }
    }
    if rung.is_empty() {
        return Block::text("No service is held that could be rung.");
    }
    rung.into()
}

/// The number that answers now, or what there is instead.
fn answering(contacts: &[Contact], wall: NaiveDateTime) -> Line {
    if let Some(contact) = ring::now(contacts, wall) {
        return dialled(contact).text(" ").and(when(contact, wall));
    }
    let other = contacts.first().map(reached).unwrap_or_default();
    other.text(" ").and(line().quiet("No telephone number is held"))
}

fn who(entry: &Involvement) -> Line {
    let organisation = line().text(entry.organisation.name.clone());
    match (&entry.practitioner, &entry.team) {
        (Some(practitioner), _) => line().text(named(practitioner)).text("; ").and(organisation),
        (None, Some(team)) => line().text(team.as_str()).text("; ").and(organisation),
        (None, None) => organisation,
    }
}

fn named(practitioner: &Practitioner) -> String {
    format!("{}, {}", practitioner.name.as_str(), practitioner.job.as_str())
}

/// A number to ring; a telephone rings it by a touch.
fn dialled(contact: &Contact) -> Line {
    let digits: String =
        contact.value.chars().filter(|letter| letter.is_ascii_digit() || *letter == '+').collect();
    line().link(format!("tel:{digits}"), contact.value.clone())
}

fn reached(contact: &Contact) -> Line {
    match contact.kind {
        vocabulary::ContactKind::Telephone | vocabulary::ContactKind::Mobile => dialled(contact),
        vocabulary::ContactKind::Email => {
            line().link(format!("mailto:{}", contact.value), contact.value.clone())
        }
        vocabulary::ContactKind::Address => line().text(contact.value.clone()),
    }
}

fn when(contact: &Contact, wall: NaiveDateTime) -> Line {
    let used = words::contact(contact.kind, contact.used);
    let hours = contact.hours.as_ref().map(|hours| format!(", {hours}")).unwrap_or_default();
    let told = line().quiet(format!("({}{hours})", used.to_lowercase()));
    if ring::answers(contact, wall) { told } else { told.text(" ").tag("yellow", "May be closed now") }
}

/// Gaps and patterns: facts, and never a score.
fn facts(shown: &Shown<'_>) -> Option<Block> {
    let gaps = shown.record.gaps.iter().flatten().map(|gap| match gap {
        Gap::NoEducation => "No school or other education is known.".to_owned(),
        Gap::NoPrimaryCare => "No GP practice is known.".to_owned(),
    });
    let patterns = shown.record.patterns.iter().flatten().map(|pattern| {
        let what = words::lower(&words::name_of(&pattern.code));
        format!("{} {what} within {} days.", pattern.count, pattern.days)
    });
    let facts: Vec<String> = gaps.chain(patterns).collect();
    (!facts.is_empty()).then(|| {
        Card::new("What stands out, as plain facts", vec![Block::list(facts)]).level(2).at("facts").into()
    })
}

fn sensitive(shown: &Shown<'_>) -> Vec<Block> {
    if shown.record.sensitive_services != Some(SensitiveServices::Unspecified) {
        return Vec::new();
    }
    let ask = Action::first(
        format!("/children/{}/broker?about=sensitive", shown.child),
        "Ask the directory team to put you in touch",
    );
    let told =
        Block::inset("An unspecified sensitive service works with this child. Which it is is not shown.");
    let may_ask = may(shown.person, May::AskDesk);
    if may_ask { vec![told, Block::Actions(vec![ask])] } else { vec![told] }
}

/// The two pictures: since when, and who around the child.
fn drawn(shown: &Shown<'_>, now: &[&Involvement], ended: &[&Involvement]) -> Vec<Block> {
    let today = england_day(shown.now);
    let entries = || now.iter().chain(ended);
    let rows: Vec<Row> = entries()
        .map(|entry| Row {
            label: format!("{}, {}", words::word(entry.service_type.name()), entry.organisation.name),
            class: entry.class,
            started_on: entry.started_on,
            ended_on: entry.ended_on,
            lead: entry.lead_professional,
        })
        .collect();
    let nodes: Vec<Node> = entries()
        .map(|entry| Node {
            service: words::word(entry.service_type.name()),
            organisation: entry.organisation.name.clone(),
            class: entry.class,
            ended: entry.ended_on.is_some(),
            lead: entry.lead_professional,
        })
        .collect();
    let mut blocks = Vec::new();
    if let Some(picture) = timeline(&rows, today) {
        blocks.extend([Block::heading_at("timeline", "Since when"), picture.into()]);
    }
    if let Some(picture) = network(&nodes) {
        blocks.extend([Block::heading_at("network", "The team around the child"), picture.into()]);
    }
    blocks
}

/// What has ended, in a row each: who could be asked what was.
fn past(ended: &[&Involvement], wall: NaiveDateTime) -> Table {
    let columns = ["Service", "Who", "Reach them", "From", "Until"].map(Column::of);
    let rows = ended.iter().map(|entry| {
        let service = line().text(words::word(entry.service_type.name()));
        let contact =
            ring::now(&entry.contacts, wall).or(entry.contacts.first()).map(reached).unwrap_or_default();
        let until = entry.ended_on.map(|day| line().on(day)).unwrap_or_default();
        vec![service, who(entry), contact, line().on(entry.started_on), until]
    });
    Table::new("Involvements that have ended", columns).quiet().rows(rows)
}

fn card(shown: &Shown<'_>, entry: &Involvement, wall: NaiveDateTime) -> Block {
    let service = words::word(entry.service_type.name());
    let title = line().text(format!("{service}, {}", entry.organisation.name));
    let title =
        if entry.lead_professional { title.text(" ").tag("teal", "Lead professional") } else { title };
    let contacts = ring::in_order(&entry.contacts, wall)
        .into_iter()
        .map(|contact| reached(contact).text(" ").and(line().quiet(how(contact))));
    let contacts = contacts.reduce(|all, one| all.line_break().and(one)).unwrap_or_default();
    let assessment = entry.common_assessment;
    let held = match assessment.on {
        Some(on) => line().text("Held since ").on(on),
        None => line().text("Held"),
    };
    let summary = Summary::default()
        .row_if("Practitioner", entry.practitioner.as_ref().map(named))
        .row_if("Team", entry.team.as_ref().map(|team| team.as_str().to_owned()))
        .row("Reach them", contacts)
        .row("Involved since", line().on(entry.started_on))
        .row_if("Common assessment", assessment.held.then_some(held))
        .row("Told last", line().text("As at ").at(entry.as_at));
    let mut card = Card::new(title, vec![summary.into()]).at(format!("entry-{}", entry.involvement_id));
    if is_own(shown, &entry.organisation.id) {
        let address = format!("/involvements/{}", entry.involvement_id);
        let child = shown.child;
        for (act, text) in [("change", "Change"), ("roles", "Lead and assessment"), ("end", "End")] {
            let href = format!("{address}/{act}?child={child}");
            card = card.action(line().link_to(href, text, format!("the entry of {service}")));
        }
    } else if let Some(own) = own_entry(shown) {
        let href = format!("/involvements/{own}/between?with={}&child={}", entry.involvement_id, shown.child);
        card = card.action(line().link_to(
            href,
            "We got in touch, or decided not to",
            format!("with {service}"),
        ));
    }
    card.into()
}

/// An open entry of the viewer's own organisation, by which it says what is between it and others.
fn own_entry(shown: &Shown<'_>) -> Option<InvolvementId> {
    let mut entries = shown.record.involvements.iter().flatten();
    let own = entries.find(|entry| is_own(shown, &entry.organisation.id) && entry.ended_on.is_none());
    own.filter(|_| may(shown.person, May::ChangeInvolvement)).map(|entry| entry.involvement_id)
}

fn how(contact: &Contact) -> String {
    let hours = contact.hours.as_ref().map(|hours| format!(", {hours}")).unwrap_or_default();
    format!("({}{hours})", words::contact(contact.kind, contact.used).to_lowercase())
}
