//! Compares the times of looks at children who differ in hidden facts alone, with a control pair beside them.
//!
//! `cargo run --release -p benches --bin worlds -- [SAMPLES]`, 100,000 of each kind unless told. Three groups of
//! children look alike to a practitioner: of two nothing is hidden, of the third an entry of a sensitive service on
//! suspected harm, which a practitioner must not know of. Records are opened and children searched in random
//! order, in twenty worlds. Samples of one world share where its children lie in memory, so that a world counts
//! once: t is that of the worlds' differences, for the two groups without anything hidden (the control) and for
//! one of them beside the third. It fails where the control is under 4.5 and the other pair is not; what it would
//! have told apart is printed beside. Source: reliability notes, T4; the threshold is that of dudect (Reparaz,
//! Balasch, Verbauwhede 2017).

#![expect(clippy::print_stdout, reason = "a benchmark tells its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::{sync::Arc, time::Instant};

use anyhow::{Context as _, bail, ensure};
use benches::asking::{engaged, register};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use directory::{
    Directory, Mode, OpenRequest, OutcomeKind, Person, SearchRequest, Sender, SuppliedEvent,
    ports::{Clock, SystemClock},
};
use event_log::MemoryLog;
use events::{search::Criteria, supplied::Supplied};
use serde_json::{Value, json};
use vault::Vault;
use vocabulary::{AccessReason, ChildNumber, ClientId, OrganisationId, OrganisationKind, Role};

const AUTHORITY: &str = "gss:E09000014";
const CLINIC: &str = "ods:CLINIC";
const WARD: &str = "ods:WARD";

/// Children of each group, in each world.
const CHILDREN: usize = 240;

/// Worlds that are told alike and lie otherwise in memory: within one, where a child lies is worth 50 ns of the
/// children's own, and no secret.
const WORLDS: usize = 20;

/// Halves of invented surnames that no slip turns into one another.
const FIRST: [&str; 16] = [
    "Bar", "Dun", "Fen", "Gos", "Hal", "Kel", "Lock", "Mar", "Nor", "Pem", "Rad", "Stan", "Thorn", "Wex",
    "Yar", "Zel",
];
const SECOND: [&str; 16] = [
    "bourne", "cliffe", "dale", "field", "gate", "ham", "king", "ley", "mere", "ock", "port", "ridge", "sby",
    "ton", "vane", "worth",
];
const LETTERS: [char; 10] = ['A', 'B', 'D', 'E', 'F', 'G', 'H', 'J', 'L', 'N'];

/// From here on two times are told apart (dudect).
const TOLD_APART: f64 = 4.5;

/// Plain, plain, and with something hidden.
const GROUPS: usize = 3;

struct World {
    directory: Directory,
    person: Person,
    /// Number, surname and birth, by group and child.
    children: [Vec<(ChildNumber, String, NaiveDate)>; GROUPS],
    _folder: tempfile::TempDir,
}

/// Numbers that anyone may draw again (xorshift64*).
struct Draws(u64);

impl Draws {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(drawn).unwrap_or(0) % limit
    }
}

fn main() -> anyhow::Result<()> {
    let samples: usize =
        std::env::args().nth(1).map_or(Ok(100_000), |text| text.parse()).context("SAMPLES")?;
    let worlds: Vec<World> = (0..WORLDS).map(|_| world()).collect::<Result<_, _>>()?;
    let mut told_apart = false;
    for (what, ask) in [
        ("open", open as fn(&World, usize, usize) -> anyhow::Result<()>),
        ("search", search as fn(&World, usize, usize) -> anyhow::Result<()>),
    ] {
        let means = measured(&worlds, samples, ask)?;
        let [control, hidden] = [1, 2].map(|other| Difference::of(&means, other));
        let [one, other, third] =
            [0, 1, 2].map(|group| mean(&means.iter().map(|world| world[group]).collect::<Vec<_>>()) / 1e3);
        println!(
            "{what:<8} {samples} of each: plain {one:.2} us, plain {other:.2} us, hidden {third:.2} us; \
             t of the control {:+.2}, of the pair that differs {:+.2}; {:.0} ns would be told apart",
            control.t(),
            hidden.t(),
            TOLD_APART * hidden.error
        );
        told_apart |= control.t().abs() < TOLD_APART && hidden.t().abs() >= TOLD_APART;
    }
    if told_apart {
        bail!("what is hidden is told by the time that is taken");
    }
    Ok(())
}

/// The mean time of each group in each world, in nanoseconds.
fn measured(
    worlds: &[World],
    samples: usize,
    ask: fn(&World, usize, usize) -> anyhow::Result<()>,
) -> anyhow::Result<Vec<[f64; GROUPS]>> {
    let mut draws = Draws(0x9e37_79b9_7f4a_7c15);
    let each = samples.div_ceil(worlds.len());
    worlds.iter().map(|world| means_of(world, each, ask, &mut draws)).collect()
}

fn means_of(
    world: &World,
    samples: usize,
    ask: fn(&World, usize, usize) -> anyhow::Result<()>,
    draws: &mut Draws,
) -> anyhow::Result<[f64; GROUPS]> {
    // Nearly everything before anything counts, in no order: what is laid down in memory first is found sooner.
    for _ in 0..8 * GROUPS * CHILDREN {
        ask(world, draws.below(GROUPS), draws.below(CHILDREN))?;
    }
    let mut times: [Vec<f64>; GROUPS] = std::array::from_fn(|_| Vec::with_capacity(samples));
    while times.iter().any(|group| group.len() < samples) {
        let (group, child) = (draws.below(GROUPS), draws.below(CHILDREN));
        let begun = Instant::now();
        ask(world, group, child)?;
        let took = begun.elapsed().as_secs_f64() * 1e9;
        if times[group].len() < samples {
            times[group].push(took);
        }
    }
    // What the machine did meanwhile is no answer's: the slowest tenth of all goes, by one bar for the three.
    let mut all: Vec<f64> = times.iter().flatten().copied().collect();
    all.sort_by(f64::total_cmp);
    let bar = all[all.len() * 9 / 10];
    Ok(times.map(|group| mean(&group.into_iter().filter(|time| *time <= bar).collect::<Vec<_>>())))
}

/// By how much the second of two groups is sooner than the first, over the worlds.
struct Difference {
    mean: f64,
    /// Of the mean.
    error: f64,
}

impl Difference {
    fn of(means: &[[f64; GROUPS]], other: usize) -> Difference {
        let each: Vec<f64> = means.iter().map(|world| world[0] - world[other]).collect();
        Difference { mean: mean(&each), error: (variance(&each) / count(&each)).sqrt() }
    }

    fn t(&self) -> f64 {
        self.mean / self.error
    }
}

fn open(world: &World, group: usize, child: usize) -> anyhow::Result<()> {
    let request = OpenRequest {
        number: world.children[group][child].0,
        reason: Some(AccessReason::Emergency),
        search_id: None,
        on_behalf_of: None,
        case_ref: None,
        override_ground: None,
    };
    let opened = now(world.directory.open_record(&world.person, request))?;
    ensure!(opened.view().record.sensitive_services.is_none(), "a practitioner knows of what is hidden");
    Ok(())
}

fn search(world: &World, group: usize, child: usize) -> anyhow::Result<()> {
    let (_, surname, born) = &world.children[group][child];
    let criteria: Criteria = serde_json::from_value(json!({"surname": surname, "date_of_birth": born}))?;
    let reason = Some(AccessReason::Emergency);
    let request = SearchRequest { criteria, reason, page: 1, on_behalf_of: None, case_ref: None };
    let page = now(world.directory.search(&world.person, request))?;
    let view = page.view();
    ensure!(!view.results.is_empty(), "a child was not found: {:?} {group} {child}", view.outcome);
    Ok(())
}

/// Waits for what is ready at once: the log is in memory.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

fn world() -> anyhow::Result<World> {
    let folder = tempfile::tempdir()?;
    let vault = Arc::new(Vault::create(&folder.path().join("keys"))?);
    let clock = Box::new(SystemClock::default());
    let today = clock.now();
    let directory = Directory::on(Arc::new(MemoryLog::new()), vault, &folder.path().join("rows"), clock)?;
    let authority: OrganisationId = AUTHORITY.parse()?;
    for (id, kind, outcodes) in [
        (AUTHORITY, OrganisationKind::LocalAuthority, &["N17"][..]),
        (CLINIC, OrganisationKind::MentalHealthService, &[]),
        (WARD, OrganisationKind::Hospital, &[]),
    ] {
        register(&directory, &id.parse()?, kind, (Some(&authority), outcodes))?;
    }
    let person = engaged(&directory, "practitioner", Role::Practitioner, &WARD.parse()?)?;
    let mut children = [const { Vec::new() }; GROUPS];
    for child in 0..CHILDREN {
        for turn in 0..GROUPS {
            let group = (child + turn) % GROUPS;
            children[group].push(told(&directory, group, child, today)?);
        }
    }
    while !directory.tick(10_000)?.at_head {}
    Ok(World { directory, person, children, _folder: folder })
}

fn told(
    directory: &Directory,
    group: usize,
    child: usize,
    today: DateTime<Utc>,
) -> anyhow::Result<(ChildNumber, String, NaiveDate)> {
    // The three who share a surname are told apart by forename and by birth, each group in turn by each.
    let which = (group + child) % GROUPS;
    let forename = ["Ava", "Noor", "Imogen"][which];
    let surname = format!("{}{}", FIRST[child / FIRST.len()], SECOND[child % SECOND.len()]);
    let days = i64::try_from(1_500 + 7 * (which * CHILDREN + child))?;
    let born = (today - Duration::days(days)).date_naive();
    let described = json!({
        "local_ref": format!("c-{group}-{child}"), "forename": forename, "surname": surname, "date_of_birth": born,
        "gender": "female",
        "address": {"lines": [format!("{} {} Lane", child + 1, FIRST[(child + 5 * which) % 16])], "town": "London",
            "postcode": format!("N17 {}{}{}", child % 9 + 1, LETTERS[child % 10], LETTERS[child / 10 % 10])}
    });
    let started = |service: &str, about: &Value, reference: &str| {
        json!({
            "child": about, "involvement_ref": reference, "service_type": service, "team": "Assessment",
            "started_on": (today - Duration::days(30)).date_naive(),
            "contacts": [{"kind": "telephone", "use": "duty", "value": "020 7946 0001"}]
        })
    };
    let number = post(
        directory,
        AUTHORITY,
        "involvement.started",
        &started("social_care", &described, &format!("i-{group}-{child}")),
    )?;
    if group == 2 {
        let by_number = json!({"child_number": number});
        let harm = json!({
            "child": by_number, "episode_ref": format!("e-{child}"), "ground": "neglect", "decided_by": "Dr Reed",
            "review_by": (today + Duration::days(90)).date_naive()
        });
        post(directory, CLINIC, "significant_harm.recorded", &harm)?;
        let mut hidden = started("mental_health", &by_number, &format!("h-{child}"));
        hidden["episode_ref"] = json!(format!("e-{child}"));
        post(directory, CLINIC, "involvement.started", &hidden)?;
    }
    Ok((number, surname, born))
}

fn post(directory: &Directory, by: &str, kind: &str, data: &Value) -> anyhow::Result<ChildNumber> {
    let told: Supplied = serde_json::from_value(json!({"type": kind, "data": data}))?;
    let sender = Sender {
        organisation: by.parse()?,
        kind: OrganisationKind::LocalAuthority,
        client: ClientId(format!("client-{by}")),
        states_others: false,
    };
    let body = data.to_string().into_bytes();
    let event = SuppliedEvent { id: format!("{kind} {data}"), happened_at: None, body, told };
    let outcome = directory.supply(&sender, event, Mode::Record)?.wait()?;
    ensure!(outcome.kind == OutcomeKind::Recorded, "{kind} was {:?}: {:?}", outcome.kind, outcome.problem);
    outcome.child_number.context("a child without a number")
}

fn mean(times: &[f64]) -> f64 {
    times.iter().sum::<f64>() / count(times)
}

fn variance(times: &[f64]) -> f64 {
    let mean = mean(times);
    times.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (count(times) - 1.0)
}

#[expect(clippy::cast_precision_loss, reason = "fewer than 2^52 samples")]
fn count(times: &[f64]) -> f64 {
    times.len() as f64
}
