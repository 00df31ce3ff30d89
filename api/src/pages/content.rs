//! What stands to be read: help, fair processing, privacy, accessibility, the API, and how the server is.

use std::sync::Arc;

use axum::extract::State;

use directory::Counters;

use super::{
    kit::{Block, Column, Page, Summary, Table, line},
    pictures::{self, Bar},
};
use crate::{door::Door, http::health, problem::Problem};

/// Help for whoever uses the pages.
pub(crate) async fn help(State(door): State<Arc<Door>>) -> Page {
    let practise = door
        .settings
        .training_url
        .as_ref()
        .map(|address| Block::text(line().link(address.to_string(), "Practise with invented children")));
    Page::new("Help")
        .with(Block::lead("Find the child, say why once, and ring whoever works with them."))
        .with_if(practise)
        .with(Block::heading("Finding a child"))
        .with(Block::list([
            "A last name with a date of birth, an age or a full postcode is enough. Names that sound alike or are misspelt are found too.",
            "If nobody is found, leave out the address and the school and try again. A former or false name is possible.",
            "That nobody was found does not prove that nobody is there, or that nobody works with the child.",
        ]))
        .with(Block::heading("What you see"))
        .with(Block::list([
            "Who works with the child, since when, and how to reach them: the number that answers at this hour first.",
            "Sensitive services are shown only as 'an unspecified sensitive service', and only with consent. The directory team can put you in touch.",
            "A shielded record shows a name, a date of birth and carers' names, and no place.",
        ]))
        .with(Block::heading("In an emergency"))
        .with(Block::text("If a child is in danger now, ring 999. The duty desk of the authority answers requests to be put in touch within half an hour, at any hour."))
        .with(Block::heading("If you cannot use a computer"))
        .with(Block::text("Ring an authorised colleague and ask them to look for you. They need your user name and the one-time code that your authenticator shows; both of you stand in the record of the look."))
        .with(Block::heading("If something is wrong"))
        .with(Block::text("Open the record and choose 'Report something wrong'. Your own organisation's entries can be changed or ended there."))
}

/// What families are told.
pub(crate) async fn fair_processing() -> Page {
    Page::new("Fair processing notice")
        .with(Block::lead("What is held about a child, who sees it, and what you can ask."))
        .with(Block::heading("What is held"))
        .with(Block::text("Name, date of birth, gender, address, who cares for the child, school, GP practice, and which other services work with the child and how to reach them. No case notes, no assessments, no opinions."))
        .with(Block::heading("Who sees it"))
        .with(Block::text("People who work with children, were checked and trained, and give a reason each time. Each look is recorded, and people check those records. Sensitive services (sexual health, mental health, substance misuse) are entered only with consent, or where there is a risk of significant harm, and are shown to nobody else by name."))
        .with(Block::heading("How long"))
        .with(Block::text("Until the child is 18, then for six years in an archive that almost nobody may open; then it is forgotten."))
        .with(Block::heading("What you can ask"))
        .with(Block::list([
            "What is held about you or your child, and who looked.",
            "That something wrong is put right, or that something is not shown.",
            "That where the child lives is hidden, if somebody could harm them.",
            "To complain: to the authority, and to the Information Commissioner.",
        ]))
        .with(Block::text("Ask the children's services of your local authority. A young person of 12 or over is presumed able to ask alone."))
}

/// What becomes of what one types here.
pub(crate) async fn privacy() -> Page {
    Page::new("Privacy")
        .with(Block::text("This page is about people who use these pages for their work. What families are told stands in the fair processing notice."))
        .with(Block::heading("What is recorded about you"))
        .with(Block::list([
            "Each sign-in, and each attempt that failed.",
            "Each search, each record opened and each change: your name, organisation, role, the reason that you gave, and the time.",
            "Nothing is sold, sent to advertisers or counted by others. No script and no picture comes from elsewhere.",
        ]))
        .with(Block::heading("Cookies"))
        .with(Block::list([
            "'session': keeps you signed in; gone when you sign out, close the browser, or do nothing for an hour.",
            "'device': lets a device that you used before sign in although strangers guess at your name; 400 days.",
            "'oidc-binding': ten minutes, while you sign in at your own identity provider.",
        ]))
        .with(Block::text("All three are needed for signing in, and there are no others."))
}

/// What works for whom, and what does not.
pub(crate) async fn accessibility() -> Page {
    Page::new("Accessibility statement")
        .with(Block::text("These pages are meant for everyone who works with children, and aim at the Web Content Accessibility Guidelines 2.2, level AA."))
        .with(Block::heading("What you can do"))
        .with(Block::list([
            "Use every page with a keyboard alone, and with a screen reader.",
            "Enlarge text to 200 percent, and use a window of 320 pixels, without scrolling sideways; pictures are drawn anew for a narrow one, and wide tables become lists.",
            "Use your own colours: pages keep to them.",
            "Do everything without scripts, except sign in with a passkey, which browsers allow to scripts alone: use the password and code instead.",
        ]))
        .with(Block::heading("What was checked"))
        .with(Block::text("Each page is checked by axe-core in Chromium with every change, signed in as each role. No person with a disability has tested this demonstration yet, and no screen reader was used on it: that is the next thing to do."))
        .with(Block::heading("What does not work well"))
        .with(Block::text("The two pictures of a record cut names that are long. Everything in them stands as text, whole, on the same page."))
}

/// For those who write software.
pub(crate) async fn api() -> Page {
    Page::new("API")
        .with(Block::text("Case management systems post events, search and open records for their users, and follow a feed of what changed."))
        .with(Block::plain_list([
            line().link("/api/v1/openapi.json", "The API, as an OpenAPI 3.1 document"),
            line().link("/api/v1/ledger/checkpoint", "The newest signed checkpoint of the log"),
            line().link("/counters", "How often records are looked at, for anybody to see"),
        ]))
        .with(Block::text("Errors are problems of RFC 9457; each names a code, and its address says what it means and whether to send again."))
}

/// How often records are looked at, for anybody to see: of each authority, in its newest month.
pub(crate) async fn counters(State(door): State<Arc<Door>>) -> Result<Page, Problem> {
    let held = door.counters()?;
    let newest = held.list().iter().map(|counters| counters.month).max();
    let of_month = held.list().iter().filter(|counters| Some(counters.month) == newest);
    let name = |counters: &Counters| {
        let id = &counters.organisation;
        door.directory.name_of_organisation(id).unwrap_or_else(|| id.to_string())
    };
    let bars: Vec<Bar> = of_month
        .clone()
        .map(|counters| Bar { label: name(counters), count: Some(counters.looks.openings) })
        .collect();
    let columns = [
        Column::of("Authority or national body"),
        Column::number("Records opened"),
        Column::number("People who may sign in"),
    ];
    let rows = of_month.map(|counters| {
        let users: u64 = counters.users.values().sum();
        vec![
            line().text(name(counters)),
            line().text(counters.looks.openings.to_string()),
            line().text(users.to_string()),
        ]
    });
    let page = Page::new("How often records are looked at");
    let Some(month) = newest else {
        return Ok(page.with(Block::text("No month has ended yet.")));
    };
    Ok(page
        .with(Block::text(
            line()
                .text("In the month that began on ")
                .on(month)
                .text(". Nothing of children is counted here."),
        ))
        .with_if(pictures::bars("Records opened", &bars))
        .with(Table::new("Records opened, and people who may sign in", columns).rows(rows)))
}

/// Whether it works.
pub(crate) async fn status(State(door): State<Arc<Door>>) -> Page {
    let ready = health::ready(State(Arc::clone(&door))).await.is_ok();
    let stands = if ready { line().tag("green", "Ready") } else { line().tag("red", "Not ready") };
    let position = door.directory.head().map_or_else(|_| "not known".to_owned(), |head| head.to_string());
    let summary = Summary::default()
        .row("Now", stands)
        .row("Version", env!("CARGO_PKG_VERSION"))
        .row("The log stands at", position)
        .row("The read models stand at", door.directory.caught_up().to_string());
    Page::new("Status").with(summary)
}
