//! A directory on a disk of its own with invented organisations, people and clients, and requests to its door.

use std::{num::NonZeroU32, sync::Arc};

use api::{Door, Settings};
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use directory::{
    Cost, Directory, Folders, Ledger, NewUser, Person, ShownOnce,
    ports::{Clock, ToldClock},
};
use event_log::EventLog;
use events::organisation::{ActingUser, Agreement, Details, Row};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;
use vault::Vault;
use vocabulary::{
    AccountId, ClientId, IntakeId, Label, OrganisationId, OrganisationKind, PersonName, Role, england_day,
};

pub(crate) const AUTHORITY: &str = "gss:E09000014";
const FAR: &str = "gss:E08000003";
pub(crate) const SCHOOL: &str = "urn:100000";
pub(crate) const HOSPITAL: &str = "ods:RAL01";
const SECRET: &str = "an-invented-secret";
const PASSWORD: &str = "an invented password";
const SEED: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
pub(crate) const PIN: &str = "4821";
pub(crate) const NOBODYS: &str = "04817263599"; // of its form, and nobody's

/// The clock of a house, moved by its test.
struct Shared(Arc<ToldClock>);

impl Clock for Shared {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

pub(crate) struct House {
    pub(crate) directory: Arc<Directory>,
    pub(crate) router: Router,
    pub(crate) ledger: Arc<Ledger>,
    clock: Arc<ToldClock>,
    _folder: tempfile::TempDir,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts that this is a problem and answers its code.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let body = self.json();
        assert_eq!(body["status"], self.status.as_u16());
        assert_eq!(body["type"], format!("/problems/{}", body["code"].as_str().unwrap()));
        body["code"].as_str().unwrap().to_owned()
    }
}

/// A request as it is put together.
pub(crate) struct Ask(axum::http::request::Builder, Body);

pub(crate) fn ask(method: Method, path: &str) -> Ask {
    Ask(Request::builder().method(method).uri(path), Body::empty())
}

pub(crate) fn get(path: &str) -> Ask {
    ask(Method::GET, path)
}

pub(crate) fn post(path: &str, body: &Value) -> Ask {
    ask(Method::POST, path).sending("application/json", body.to_string())
}

impl Ask {
    pub(crate) fn by(self, token: &str) -> Ask {
        self.with("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn with(self, name: &str, value: &str) -> Ask {
        Ask(self.0.header(name, value), self.1)
    }

    pub(crate) fn sending(self, kind: &str, body: impl Into<Body>) -> Ask {
        Ask(self.0.header("content-type", kind), body.into())
    }
}

/// When the invented world begins.
fn begins() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap()
}

impl House {
    pub(crate) fn new() -> House {
        House::with(Settings::default())
    }

    pub(crate) fn with(settings: Settings) -> House {
        House::at(settings, begins())
    }

    /// A house without limits, so that none answers in a rule's place.
    pub(crate) fn unhurried() -> House {
        let (requests_per_second, requests_burst) = (NonZeroU32::MAX, NonZeroU32::MAX);
        House::with(Settings { requests_per_second, requests_burst, ..Settings::default() })
    }

    /// A house whose clock begins at this moment.
    pub(crate) fn at(settings: Settings, begins: DateTime<Utc>) -> House {
        House::opened(settings, begins, |folders, clock| Directory::open(folders, clock).unwrap().directory)
    }

    /// A house on a log of its test's own.
    pub(crate) fn on(log: Arc<dyn EventLog>) -> House {
        House::opened(Settings::default(), begins(), |folders, clock| {
            std::fs::create_dir_all(&folders.data).unwrap();
            let vault = Arc::new(Vault::create(&folders.keys).unwrap());
            Directory::on(log, vault, &folders.rows(), clock).unwrap()
        })
    }

    fn opened(
        settings: Settings,
        begins: DateTime<Utc>,
        directory: impl FnOnce(&Folders, Box<dyn Clock>) -> Directory,
    ) -> House {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::beside(&folder.path().join("data"));
        let clock = Arc::new(ToldClock::new(begins));
        let directory = Arc::new(directory(&folders, Box::new(Shared(Arc::clone(&clock)))));
        let ledger = Arc::new(Ledger::open(&folders).unwrap());
        let door = Door::new(Arc::clone(&directory), Some(Arc::clone(&ledger)), settings);
        let house = House { directory, router: api::router::router(door), ledger, clock, _folder: folder };
        for (organisation, kind) in [
            (AUTHORITY, OrganisationKind::LocalAuthority),
            (SCHOOL, OrganisationKind::School),
            (HOSPITAL, OrganisationKind::Hospital),
        ] {
            house.organisation(organisation, kind, AUTHORITY, "N17");
            house.client_of(organisation, ActingUser::BareUserName);
        }
        house
    }

    /// Another authority, far away, with a client of its own.
    pub(crate) fn far(&self) -> &'static str {
        self.organisation(FAR, OrganisationKind::LocalAuthority, FAR, "M1");
        self.client_of(FAR, ActingUser::BareUserName);
        FAR
    }

    fn organisation(&self, organisation: &str, kind: OrganisationKind, authority: &str, outcode: &str) {
        let until = england_day(self.now() + TimeDelta::days(405));
        let outcodes =
            if kind == OrganisationKind::LocalAuthority { vec![outcode.to_owned()] } else { Vec::new() };
        let row = Row {
            id: organisation.parse().unwrap(),
            details: Details {
                name: Label::new(&format!("Invented {}", kind.name().replace('_', " "))).unwrap(),
                kind,
                authority: Some(authority.parse().unwrap()),
                service_types: Vec::new(),
                contacts: Vec::new(),
                outcodes,
            },
            accredited_until: Some(until),
            agreement: Some(Agreement { until, states_others: false, version: None }),
        };
        assert!(self.directory.import_organisation(row).unwrap());
    }

    pub(crate) fn client_of(&self, organisation: &str, acting_user: ActingUser) -> ClientId {
        let signed = if acting_user == ActingUser::SignedAssertion { "-signed" } else { "" };
        let client = ClientId(format!("client-{}{signed}", organisation.replace(':', "-")));
        let of: OrganisationId = organisation.parse().unwrap();
        self.directory.add_client_with(&of, client.clone(), SECRET, acting_user).unwrap();
        client
    }

    /// Adds a client of that name.
    pub(crate) fn client_named(&self, client: &ClientId, organisation: &str) {
        let of: OrganisationId = organisation.parse().unwrap();
        self.directory.add_client_with(&of, client.clone(), SECRET, ActingUser::BareUserName).unwrap();
    }

    /// Adds an invented person who signs in as `ROLE` with the secrets of the house.
    pub(crate) fn person(&self, role: Role, organisation: &str) -> AccountId {
        self.someone(role.name(), role, organisation)
    }

    /// Adds an invented person with the secrets of the house.
    pub(crate) fn someone(&self, username: &str, role: Role, organisation: &str) -> AccountId {
        let user = NewUser {
            username: username.to_owned(),
            name: PersonName::new("Jo Reed").unwrap(),
            organisation: organisation.parse().unwrap(),
            role,
            secrets: Some(ShownOnce {
                password: PASSWORD.to_owned(),
                totp_secret: SEED.to_owned(),
                pin: PIN.to_owned(),
            }),
            cost: Cost::Demo,
        };
        self.directory.add_user(user).unwrap().0
    }

    /// The one-time code of this moment.
    pub(crate) fn code(&self) -> String {
        self.code_of(SEED)
    }

    /// The one-time code of this moment from another seed.
    pub(crate) fn code_of(&self, seed: &str) -> String {
        let seed = totp_rs::Secret::try_from_base32(seed).unwrap();
        let totp = totp_rs::Builder::new().with_secret(seed).build().unwrap();
        totp.generate(u64::try_from(self.clock.now().timestamp()).unwrap()).to_string()
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) fn pass(&self, time: TimeDelta) {
        self.clock.advance(time);
    }

    /// Lets the read models and the ledger catch up with everything that is durable.
    pub(crate) fn settle(&self) {
        while !self.directory.tick(1_000).unwrap().at_head {}
        self.directory.integrate(&self.ledger).unwrap();
    }

    /// An answer that may go on for as long as it is read.
    pub(crate) async fn begun(&self, Ask(builder, asked): Ask) -> Response {
        self.router.clone().oneshot(builder.body(asked).unwrap()).await.unwrap()
    }

    pub(crate) async fn answer(&self, asked: Ask) -> Answer {
        let response = self.begun(asked).await;
        let (parts, sent) = response.into_parts();
        let body = sent.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// The item of the queue that has waited longest.
    pub(crate) async fn oldest(&self, person: &Person) -> IntakeId {
        self.directory.queue(person).await.unwrap().view()[0].id
    }

    pub(crate) fn basic(client: &ClientId, secret: &str) -> String {
        format!("Basic {}", STANDARD.encode(format!("{client}:{secret}")))
    }

    /// How the organisation's client asks for a token.
    pub(crate) fn token_asked(organisation: &str) -> Ask {
        House::asking_for_token(&ClientId(format!("client-{}", organisation.replace(':', "-"))))
    }

    fn asking_for_token(client: &ClientId) -> Ask {
        ask(Method::POST, "/oauth/token")
            .with("authorization", &House::basic(client, SECRET))
            .sending("application/x-www-form-urlencoded", "grant_type=client_credentials")
    }

    /// A token of the organisation's client.
    pub(crate) async fn client(&self, organisation: &str) -> String {
        self.token(&ClientId(format!("client-{}", organisation.replace(':', "-")))).await
    }

    pub(crate) async fn token(&self, client: &ClientId) -> String {
        let answer = self.answer(House::asking_for_token(client)).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) fn credentials(&self, role: Role) -> Value {
        self.proof(role.name())
    }

    /// What somebody signs in with at this moment.
    pub(crate) fn proof(&self, username: &str) -> Value {
        json!({"username": username, "password": PASSWORD, "otp": self.code()})
    }

    /// Adds a person, signs them in and answers their token. A code is taken once, so time passes.
    pub(crate) async fn signed_in(&self, role: Role, organisation: &str) -> String {
        self.person(role, organisation);
        self.pass(TimeDelta::seconds(60));
        let answer = self.answer(post("/api/v1/sessions", &self.credentials(role))).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    /// An invented national body.
    pub(crate) fn national_body(&self) -> &'static str {
        const BODY: &str = "org:invented-national-body";
        let details = Details {
            name: Label::new("Invented National Body").unwrap(),
            kind: OrganisationKind::NationalBody,
            authority: None,
            service_types: Vec::new(),
            contacts: Vec::new(),
            outcodes: Vec::new(),
        };
        let until = NaiveDate::from_ymd_opt(2027, 12, 31);
        let row = Row { id: BODY.parse().unwrap(), details, accredited_until: until, agreement: None };
        self.directory.import_organisation(row).unwrap();
        BODY
    }

    /// An administrator of that body, signed in.
    pub(crate) async fn national(&self, username: &str) -> String {
        self.someone(username, Role::Administrator, self.national_body());
        self.sign_in(username).await
    }

    /// Signs a person of the house in. A code is taken once, so time passes.
    pub(crate) async fn sign_in(&self, username: &str) -> String {
        self.pass(TimeDelta::seconds(60));
        let answer = self.answer(post("/api/v1/sessions", &self.proof(username))).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    /// Gives the PIN of whoever holds this token.
    pub(crate) async fn step_up(&self, token: &str) {
        let answer = self.answer(post("/api/v1/sessions/step_up", &json!({"pin": PIN})).by(token)).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    }

    /// Posts events as lines and answers their outcomes.
    pub(crate) async fn told(&self, organisation: &str, events: &[Value]) -> Vec<Value> {
        let token = self.client(organisation).await;
        let lines: String =
            events.iter().fold(String::new(), |lines, event| lines + &event.to_string() + "\n");
        let asked = ask(Method::POST, "/api/v1/events").by(&token).sending("application/x-ndjson", lines);
        let answer = self.answer(asked).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let text = String::from_utf8(answer.body).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Tells of Ava with her address and the school's work with her, and answers her number.
    pub(crate) async fn ava(&self) -> String {
        let outcomes = self.told(SCHOOL, &[described("d1", "ava"), started("i1", "ava", "inv-1")]).await;
        for outcome in &outcomes {
            assert_eq!(outcome["outcome"], "recorded", "{outcome}");
        }
        self.settle();
        outcomes[0]["child_number"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn event(id: &str, kind: &str, data: &Value) -> Value {
    json!({
        "specversion": "1.0", "id": id, "source": "/cms/invented", "type": format!("uk.contactpoint.{kind}.v1"),
        "data": data
    })
}

pub(crate) fn described(id: &str, local_ref: &str) -> Value {
    let child = json!({
        "local_ref": local_ref, "forename": "Ava", "surname": "Lowe", "date_of_birth": "2015-04-02",
        "gender": "female", "address": {"lines": ["12 Mill Lane"], "town": "London", "postcode": "N17 6AA"}
    });
    event(id, "child.described", &json!({"child": child}))
}

pub(crate) fn started(id: &str, local_ref: &str, involvement_ref: &str) -> Value {
    let data = json!({
        "child": {"local_ref": local_ref}, "involvement_ref": involvement_ref, "service_type": "school",
        "team": "Year 6", "contacts": [{"kind": "telephone", "use": "work", "value": "020 7946 0002"}],
        "started_on": "2026-09-03"
    });
    event(id, "involvement.started", &data)
}
