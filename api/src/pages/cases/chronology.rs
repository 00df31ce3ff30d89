//! The story of a child as a timeline: what happened, when it happened and when it was known, by whom, on what ground.

use chrono::NaiveDate;
use directory::{History, history::Told};
use vocabulary::england_day;

use super::replay::Replaying;
use crate::pages::{
    kit::{Block, Line, Moment, Pager, line},
    words,
};

/// Most events of one page: some 30 KB.
const PAGE: usize = 40;

/// The day of the first event that is told.
pub(super) fn since(history: &History) -> Option<NaiveDate> {
    let History::Events { events, .. } = history else { return None };
    let first = events.first()?;
    first.on.or_else(|| first.recorded_at.map(england_day))
}

/// A page of the events, and the ways to the others.
pub(super) fn blocks(replaying: &Replaying<'_>, events: &[Told]) -> Vec<Block> {
    if events.is_empty() {
        return vec![Block::text("Nothing is told of this child.")];
    }
    let pages = events.len().div_ceil(PAGE);
    let page = replaying.asked.text("page").parse::<usize>().unwrap_or(1).clamp(1, pages);
    let first = (page - 1) * PAGE;
    let listed = events.iter().skip(first).take(PAGE);
    let last = (first + PAGE).min(events.len());
    let address = |other: usize| format!("{}?page={other}", replaying.address());
    let mut blocks = vec![
        Block::heading("Every event in order"),
        Block::text(format!("Events {} to {last} of {}, the earliest first.", first + 1, events.len())),
        Block::Timeline(listed.map(|told| moment(replaying, told)).collect()),
    ];
    if pages > 1 {
        blocks.push(
            Pager {
                label: "Pages of events",
                previous: (page > 1).then(|| address(page - 1)),
                previous_text: "Earlier events".to_owned(),
                next: (page < pages).then(|| address(page + 1)),
                next_text: "Later events".to_owned(),
            }
            .into(),
        );
    }
    blocks
}

fn moment(replaying: &Replaying<'_>, told: &Told) -> Moment {
    let position = told.position;
    let on = told.on.map(|day| line().on(day)).unwrap_or_default();
    let known = told.recorded_at.map_or(on, |at| line().text("Known ").at(at));
    if told.removed {
        let title = line().text("Removed: withdrawn, or its key was destroyed");
        return Moment { level: 3, title, by: None, at: known, blocks: Vec::new() };
    }
    let happened = told
        .happened_at
        .filter(|at| told.recorded_at.is_none_or(|recorded| england_day(recorded) != england_day(*at)));
    let at = happened.map(|at| line().text("Happened ").at(at).text(". ")).unwrap_or_default().and(known);
    let mut sentences = told.story.iter();
    let title = sentences.next().cloned().unwrap_or_else(|| "Something was recorded.".to_owned());
    let mut blocks: Vec<Block> = Vec::new();
    let more: Vec<Line> = sentences.map(|said| line().text(said.clone())).collect();
    if !more.is_empty() {
        blocks.push(Block::list(more));
    }
    let grounds: Vec<String> = told.basis.iter().map(words::of).collect();
    let held = (!grounds.is_empty()).then(|| format!("Held by: {}. ", grounds.join("; ").to_lowercase()));
    let here = format!("{}?as_of={position}", replaying.address());
    let foot = line().text(held.unwrap_or_default()).text(format!("Position {position}. ")).link_to(
        here,
        "The record as it then stood",
        format!("after position {position}"),
    );
    blocks.push(Block::small(foot));
    let by = told.who.clone().map(|who| line().text("by ").text(who));
    Moment { level: 3, title: line().text(title), by, at, blocks }
}
