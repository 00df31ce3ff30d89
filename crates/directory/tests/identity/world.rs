//! A directory with an authority, its team and three feeds, all invented.

use std::sync::Arc;

use chrono::{NaiveDate, TimeZone, Utc};
use directory::{
    Cost, Directory, MergeAsk, Mode, NewUser, OpenRequest, Outcome, OutcomeKind, Person, SearchRequest,
    Sender, ShieldAsk, SuppliedEvent, ports::ToldClock,
};
use event_log::{EventLog, MemoryLog};
use events::{
    child::shield::Ground,
    looker::StepUp,
    organisation::{Agreement, Details, Row},
    search::Criteria,
    supplied::Supplied,
};
use serde_json::{Value, json};
use vault::Vault;
use vocabulary::{
    AccessReason, Assurance, Channel, ChildNumber, ClientId, Label, OrganisationId, OrganisationKind,
    PersonName, Role,
};

pub(crate) const AUTHORITY: &str = "gss:E09000014";
pub(crate) const FEEDS: [(&str, OrganisationKind); 3] = [
    ("urn:100000", OrganisationKind::School),
    ("ods:F85000", OrganisationKind::GpPractice),
    ("ods:WARD", OrganisationKind::Hospital),
];

pub(crate) struct World {
    pub(crate) directory: Directory,
    pub(crate) log: Arc<MemoryLog>,
    pub(crate) vault: Arc<Vault>,
    pub(crate) folder: tempfile::TempDir,
}

/// Opens a directory on a log and keys, its index kept beside the rows.
pub(crate) fn opened(log: &Arc<MemoryLog>, vault: &Arc<Vault>, rows: &std::path::Path) -> Directory {
    let clock = Box::new(ToldClock::new(Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap()));
    let log = Arc::clone(log) as Arc<dyn EventLog>;
    Directory::on_keeping(log, Arc::clone(vault), rows, &rows.with_file_name("index"), clock).unwrap()
}

pub(crate) fn id(text: &str) -> OrganisationId {
    text.parse().unwrap()
}

impl World {
    pub(crate) fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let vault = Arc::new(Vault::create(&folder.path().join("keys")).unwrap());
        let log = Arc::new(MemoryLog::new());
        let directory = opened(&log, &vault, &folder.path().join("rows"));
        let until = NaiveDate::from_ymd_opt(2027, 12, 31).unwrap();
        for (organisation, kind) in FEEDS.into_iter().chain([(AUTHORITY, OrganisationKind::LocalAuthority)]) {
            let details = Details {
                name: Label::new(&format!("Invented {}", kind.name().replace('_', " "))).unwrap(),
                kind,
                authority: Some(id(AUTHORITY)),
                service_types: vec![],
                contacts: vec![],
                outcodes: if organisation == AUTHORITY { vec!["N17".to_owned()] } else { vec![] },
            };
            let agreement = Some(Agreement { until, states_others: false, version: None });
            let row = Row { id: id(organisation), details, accredited_until: Some(until), agreement };
            assert!(directory.import_organisation(row).unwrap());
        }
        World { directory, log, vault, folder }
    }

    pub(crate) fn described(&self, feed: (&str, OrganisationKind), child: &Value) -> Outcome {
        self.told(feed, child, Mode::Record)
    }

    pub(crate) fn told(
        &self,
        (organisation, kind): (&str, OrganisationKind),
        child: &Value,
        mode: Mode,
    ) -> Outcome {
        self.said((organisation, kind), "child.described", &json!({"child": child}), mode)
    }

    /// Any event of a feed; its id is what it says, so that the same event again is a duplicate.
    pub(crate) fn said(
        &self,
        (organisation, kind): (&str, OrganisationKind),
        event_type: &str,
        data: &Value,
        mode: Mode,
    ) -> Outcome {
        let told: Supplied = serde_json::from_value(json!({"type": event_type, "data": data})).unwrap();
        let sender = Sender {
            organisation: id(organisation),
            kind,
            client: ClientId(format!("client-{organisation}")),
            states_others: false,
        };
        let body = data.to_string().into_bytes();
        let event = SuppliedEvent { id: format!("{event_type} {data}"), happened_at: None, body, told };
        self.directory.supply(&sender, event, mode).unwrap().wait().unwrap()
    }

    /// An involvement of a feed, of a service with a team and a telephone.
    pub(crate) fn works(
        &self,
        feed: (&str, OrganisationKind),
        service: &str,
        reference: &str,
        entry: &str,
    ) -> Outcome {
        let data = json!({"child": {"local_ref": reference}, "involvement_ref": entry, "service_type": service,
            "team": format!("Team {entry}"), "started_on": "2026-06-01", "lead_professional": true,
            "contacts": [{"kind": "telephone", "use": "duty", "value": "020 7946 0001"}]});
        self.said(feed, "involvement.started", &data, Mode::Record)
    }

    pub(crate) fn merge(&self, manager: &Person, stays: ChildNumber, absorbed: ChildNumber) -> Outcome {
        let ask = MergeAsk { stays, absorbed, despite: true };
        self.directory.merge_children(manager, ask).unwrap().wait().unwrap()
    }

    pub(crate) fn split(&self, manager: &Person, number: ChildNumber, other: ChildNumber) -> Outcome {
        self.directory.split_children(manager, number, other).unwrap().wait().unwrap()
    }

    /// The record that this person sees under a number.
    pub(crate) fn record(&self, person: &Person, number: ChildNumber) -> Value {
        let request = OpenRequest {
            number,
            // One user looks a thousand times within an hour: a reason that no ceiling of attempts refuses.
            reason: Some(AccessReason::Emergency),
            search_id: None,
            on_behalf_of: None,
            case_ref: None,
            override_ground: None,
        };
        let opened = now(self.directory.open_record(person, request)).unwrap().into_view();
        serde_json::to_value(&opened.record).unwrap()
    }

    pub(crate) fn user(&self, role: Role) -> Person {
        let user = NewUser {
            username: role.name().to_owned(),
            name: PersonName::new("Noor").unwrap(),
            organisation: id(AUTHORITY),
            role,
            secrets: None,
            cost: Cost::Demo,
        };
        let (account, _) = self.directory.add_user(user).unwrap();
        self.directory.person(account, Channel::Web, Assurance::OwnSignIn, None, StepUp::Absent).unwrap()
    }

    pub(crate) fn shield(&self, team: &Person, number: ChildNumber) {
        let ask = ShieldAsk::Shield { ground: Ground::DomesticAbuse, review_by: None };
        let (_, shielded) = self.directory.shield(team, number, ask).unwrap();
        assert_eq!(shielded.wait().unwrap().kind, OutcomeKind::Recorded);
    }

    /// A child told by the authority and shielded by its team; none where it is itself asked about.
    pub(crate) fn shielded(&self, team: &Person, child: &Value) -> Option<ChildNumber> {
        let outcome = self.described((AUTHORITY, OrganisationKind::LocalAuthority), child);
        let number = outcome.child_number?;
        self.shield(team, number);
        Some(number)
    }

    /// Who is found: number, whether shielded, and whether an outcode is told.
    pub(crate) fn found(&self, person: &Person, criteria: Criteria) -> Vec<(ChildNumber, bool, bool)> {
        let request = SearchRequest {
            criteria,
            // One user looks a thousand times within an hour: a reason that no ceiling of attempts refuses.
            reason: Some(AccessReason::Emergency),
            page: 1,
            on_behalf_of: None,
            case_ref: None,
        };
        let view = now(self.directory.search(person, request)).unwrap().into_view();
        view.results.iter().map(|hit| (hit.child_number, hit.shielded, hit.outcode.is_some())).collect()
    }
}

pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

pub(crate) fn ava(reference: &str) -> Value {
    json!({"local_ref": reference, "forename": "Ava", "surname": "Lowe", "date_of_birth": "2015-04-02",
           "gender": "female",
           "address": {"lines": ["12 Mill Lane"], "town": "London", "postcode": "N17 6AA"}})
}
