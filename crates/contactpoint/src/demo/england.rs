//! The invented country of the demonstration: organisations, clients, users, and children told by one supplier.

use std::{collections::BTreeMap, sync::Mutex, thread};

use anyhow::{Context, anyhow, bail};
use directory::{AdminError, Cost, Directory, Mode, NewUser, OutcomeKind, Person, ShieldAsk, by_hand};
use events::{
    child::shield::Ground,
    looker::StepUp,
    organisation::{ActingUser, Agreement, Details, Row},
};
use indicatif::ProgressBar;
use population::{Organisation, Population, sandbox::Examples};
use vocabulary::{
    Assurance, Channel, ChildNumber, ClientId, Contact, ContactKind, ContactUse, Label, PersonName,
};

use super::{
    cast::{self, CLIENTS, Part},
    credentials::{DemoClient, DemoUser},
    draw::Draw,
};
use crate::loading::{self, Counts, Loader};

/// Organisations that are brought in at once, so that they share the waits for the disk.
const AT_ONCE: usize = 32;

/// Children written into memory at once: about 2 MB of events.
const STRIDE: u64 = 500;

/// Brings in organisations; answers how many were news.
///
/// # Errors
/// One was refused, or the machine failed.
pub(crate) fn bring_in(directory: &Directory, rows: Vec<Row>, progress: &ProgressBar) -> anyhow::Result<u64> {
    let rows = Mutex::new(rows.into_iter());
    let next = || rows.lock().ok().and_then(|mut rows| rows.next());
    let work = || -> Result<u64, AdminError> {
        let mut news = 0;
        while let Some(row) = next() {
            news += u64::from(directory.import_organisation(row)?);
            progress.inc(1);
        }
        Ok(news)
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_fold(0, |sum, worker| {
            let news = worker.join().map_err(|_| anyhow!("a thread that brings in organisations failed"))?;
            Ok(sum + news.context("an organisation was not taken")?)
        })
    })
}

/// An invented organisation as a row of organisations.csv.
pub(crate) fn row_of(organisation: &Organisation) -> anyhow::Result<Row> {
    let contact = |kind, value: &String| Contact {
        kind,
        used: Some(ContactUse::Work),
        value: value.clone(),
        hours: None,
    };
    let service_types =
        organisation.service_types.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    Ok(Row {
        id: organisation.id.parse()?,
        details: Details {
            name: Label::new(&organisation.name)?,
            kind: organisation.kind,
            authority: organisation.authority.as_deref().map(str::parse).transpose()?,
            service_types,
            contacts: vec![
                contact(ContactKind::Telephone, &organisation.telephone),
                contact(ContactKind::Email, &organisation.email),
            ],
            outcodes: organisation.outcodes.split_whitespace().map(str::to_owned).collect(),
        },
        accredited_until: Some(organisation.accredited_until),
        agreement: Some(Agreement {
            until: organisation.agreement_until,
            states_others: organisation.states_others,
            version: None,
        }),
    })
}

/// Gives every part of the cast an account.
///
/// # Errors
/// Nobody employs a part, or the machine failed.
pub(crate) fn employ(
    directory: &Directory,
    seed: u64,
    part: &Part,
    workplace: &Organisation,
) -> anyhow::Result<DemoUser> {
    let secrets = Draw::person(seed, part.username);
    let user = NewUser {
        username: part.username.to_owned(),
        name: PersonName::new(part.name)?,
        organisation: workplace.id.parse()?,
        role: part.role,
        secrets: Some(secrets.clone()),
        cost: Cost::Demo,
    };
    directory.add_user(user).with_context(|| format!("the user {} was not taken", part.username))?;
    Ok(DemoUser::new(part.username, part.role, &workplace.name, secrets))
}

/// Connects a client for each kind of sender.
///
/// # Errors
/// No organisation is of a kind, or the machine failed.
pub(crate) fn connect(
    directory: &Directory,
    seed: u64,
    organisations: &[Organisation],
    authority: &str,
) -> anyhow::Result<Vec<DemoClient>> {
    let mut clients = Vec::new();
    for (service, kind) in CLIENTS {
        let organisation = cast::workplace(organisations, authority, cast::At::Kind(kind))
            .with_context(|| format!("no organisation stands for {service}"))?;
        let client_id = format!("demo-{}", service.replace('_', "-"));
        let client_secret = Draw::client(seed, &client_id);
        directory.add_client_with(
            &organisation.id.parse()?,
            ClientId(client_id.clone()),
            &client_secret,
            ActingUser::BareUserName,
        )?;
        let organisation = organisation.name.clone();
        clients.push(DemoClient { client_id, client_secret, organisation, service: service.to_owned() });
    }
    Ok(clients)
}

/// Posts what the national supplier tells of the children, and finds the number of one of them.
///
/// # Errors
/// The supplier may not supply, an event is malformed, or the machine failed.
pub(crate) fn populate(
    directory: &Directory,
    england: &Population,
    children: u64,
    wanted_local_ref: &str,
    progress: &ProgressBar,
) -> anyhow::Result<(Counts, Option<ChildNumber>)> {
    let client = ClientId("demo-national-supplier".to_owned());
    let identity = directory.client(&client).context("the national supplier is not connected")?;
    identity.may_supply?;
    let mut loader = Loader::new(directory, Mode::Record);
    let mut counts = Counts::default();
    let mut codes = BTreeMap::new();
    let mut wanted = None;
    // The first event of a child, its description, is called after its reference.
    let wanted_id = |id: &str| id.strip_prefix(wanted_local_ref).is_some_and(|rest| rest.starts_with('-'));
    let mut lines = Vec::new();
    let mut first = 0;
    while first < children {
        let end = (first + STRIDE).min(children);
        lines.clear();
        england.write_events(first..end, &mut lines)?;
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let event = loading::read(line)
                .map_err(|unread| anyhow!("an invented event cannot be read: {}", unread.fault.code))?;
            let known_by = wanted_id(&event.id);
            for (is_wanted, outcome) in loader.submit(&identity.sender, event, known_by)? {
                note(&mut counts, &mut codes, &outcome);
                wanted = wanted.or(outcome.child_number.filter(|_| is_wanted));
            }
        }
        progress.set_position(end);
        first = end;
    }
    for (is_wanted, outcome) in loader.settle()? {
        note(&mut counts, &mut codes, &outcome);
        wanted = wanted.or(outcome.child_number.filter(|_| is_wanted));
    }
    if let Some((code, times)) = codes.first_key_value() {
        bail!("{times} invented events were refused, {code}");
    }
    Ok((counts, wanted))
}

fn note(counts: &mut Counts, codes: &mut loading::Codes, outcome: &directory::Outcome) {
    counts.count(outcome.kind);
    if outcome.kind == OutcomeKind::Refused
        && let Some(problem) = &outcome.problem
    {
        *codes.entry(problem.code.to_string()).or_default() += 1;
    }
}

/// The person behind a user name, signed in and stepped up.
///
/// # Errors
/// Nobody of that name may act.
pub(crate) fn acting(directory: &Directory, username: &str) -> anyhow::Result<Person> {
    let account = directory.account_of_username(username).context("no such user")?;
    directory
        .person(account, Channel::Shell, Assurance::OwnSignIn, None, StepUp::Fresh)
        .with_context(|| format!("{username} may not act"))
}

/// Shields the child that one of the examples resembles.
///
/// # Errors
/// A rule said no, or the machine failed.
pub(crate) fn shield(directory: &Directory, username: &str, child: ChildNumber) -> anyhow::Result<()> {
    let person = acting(directory, username)?;
    let ask = ShieldAsk::Shield { ground: Ground::DomesticAbuse, review_by: None };
    let (_, pending) = directory.shield(&person, child, ask).map_err(hand_error)?;
    let outcome = pending.wait()?;
    match outcome.problem {
        None => Ok(()),
        Some(problem) => bail!("the example was not shielded: {}", problem.code),
    }
}

/// An act by hand that was not taken.
pub(crate) fn hand_error(error: by_hand::HandError) -> anyhow::Error {
    anyhow::Error::new(error)
}

/// The authority of the child that one of the examples resembles: where the demonstration is at home.
pub(crate) fn home<'o>(
    england: &Population,
    children: u64,
    organisations: &'o [Organisation],
    examples: &Examples,
) -> Option<&'o Organisation> {
    let child = (0..children)
        .map(|index| england.child(index))
        .find(|child| child.local_ref == examples.shielded_local_ref)?;
    let outcode = child.home.as_ref()?.postcode.split(' ').next()?.to_owned();
    organisations
        .iter()
        .find(|organisation| organisation.outcodes.split_whitespace().any(|listed| listed == outcode))
}
