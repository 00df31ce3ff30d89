//! `subject-access` at the shell: the pack of a child and of a carer, what it never holds, and who is handed none.

mod page;

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use directory::{
    Cost, Directory, Folders, Mode, NewUser, OpenRequest, Person, RightsAct, RightsAsk, Sender,
    SuppliedEvent,
    ports::{SeededIds, ToldClock},
};
use events::{
    looker::StepUp,
    rights::{Asked, Asker, ChildsView, Proof},
};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};
use vocabulary::{
    AccessReason, Assurance, Channel, ChildNumber, ClientId, Competence, OrganisationKind, PersonName,
    RightsId, Role, england_day,
};

use crate::{
    asked::{Answer, Place, SUPPLIER, asked_with, text_of},
    erasures::hits,
};

const SCHOOL: &str = "urn:900001";

/// What only the mother, or where the child lives with her, is known by.
const HERS: [&str; 4] = ["020 7946 0111", "mother@invented.example", "77 Secret Row", "N17 9ZZ"];

/// What only the father is.
const HIS: &str = "020 7946 0222";

/// Who signs in, and with what.
struct Staff {
    username: &'static str,
    password: String,
    totp_secret: String,
}

/// A directory of one child with two parents who live apart, and what they asked.
struct Asking {
    place: Place,
    team: Staff,
    nurse: Staff,
    number: ChildNumber,
    childs: RightsId,
    fathers: RightsId,
    /// Of the mother, whom nobody has judged yet.
    mothers: RightsId,
    /// A code is taken once: each command is asked a minute after the one before.
    minutes: std::cell::Cell<u64>,
}

fn noon() -> DateTime<Utc> {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

/// The directory at a moment; what it draws follows from the seed.
fn opened(place: &Place, at: DateTime<Utc>, seed: u64) -> Directory {
    let (clock, ids) = (Box::new(ToldClock::new(at)), Box::new(SeededIds::new(seed)));
    Directory::open_drawing(&Folders::beside(&place.path("data")), clock, Some(ids)).unwrap().directory
}

fn now<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn hired(directory: &Directory, username: &'static str, role: Role, at: &str) -> (Person, Staff) {
    let user = NewUser {
        username: username.to_owned(),
        name: PersonName::new("Noor Quill").unwrap(),
        organisation: at.parse().unwrap(),
        role,
        secrets: None,
        cost: Cost::Demo,
    };
    let (account, shown) = directory.add_user(user).unwrap();
    let person = directory.person(account, Channel::Web, Assurance::OwnSignIn, None, StepUp::Fresh).unwrap();
    (person, Staff { username, password: shown.password, totp_secret: shown.totp_secret })
}

fn described(directory: &Directory) -> ChildNumber {
    let child = json!({"local_ref": "s-1", "forename": "Ava", "surname": "Lowe", "date_of_birth": "2013-04-02",
        "gender": "female", "address": {"lines": [HERS[2]], "town": "London", "postcode": HERS[3]},
        "carers": [
            {"carer_ref": "c1", "name": "Mary Lowe", "relation": "parental_responsibility", "contacts": [
                {"kind": "telephone", "value": HERS[0]}, {"kind": "email", "value": HERS[1]},
                {"kind": "address", "value": HERS[2]}]},
            {"carer_ref": "c2", "name": "Paul Lowe", "relation": "parental_responsibility", "contacts": [
                {"kind": "telephone", "value": HIS}]}]});
    let told = json!({"type": "child.described", "data": {"child": child}});
    let sender = Sender {
        organisation: SCHOOL.parse().unwrap(),
        kind: OrganisationKind::School,
        client: ClientId("school".to_owned()),
        states_others: false,
    };
    let event = SuppliedEvent {
        id: "e1".to_owned(),
        happened_at: None,
        body: told.to_string().into_bytes(),
        told: serde_json::from_value(told).unwrap(),
    };
    let outcome = directory.supply(&sender, event, Mode::Record).unwrap().wait().unwrap();
    outcome.child_number.unwrap()
}

fn carer(record: &Value, name: &str) -> Asker {
    let of_name = record["carers"].as_array().unwrap().iter().find(|carer| carer["name"] == name).unwrap();
    serde_json::from_value(json!({"carer": of_name["carer_ref"]})).unwrap()
}

fn look(directory: &Directory, person: &Person, number: ChildNumber) -> Value {
    let request = OpenRequest {
        number,
        reason: Some(AccessReason::NewReferral),
        search_id: None,
        on_behalf_of: None,
        case_ref: None,
        override_ground: None,
    };
    let shown = now(directory.open_record(person, request)).unwrap();
    serde_json::to_value(&shown.view().record).unwrap()
}

fn entered(directory: &Directory, team: &Person, number: ChildNumber, asked_by: Asker) -> RightsId {
    let ask = RightsAsk {
        number,
        asked_by,
        asked: Asked::Access,
        competence: Competence::Presumed12OrOver,
        childs_view: (asked_by != Asker::Child).then_some(ChildsView::Agrees),
        proof: Proof::PhotoDocument,
        received_on: england_day(noon()),
    };
    let taken = directory.request_rights(team, ask).unwrap();
    taken.pending.wait().unwrap();
    taken.id
}

impl Asking {
    fn told() -> Asking {
        let place = Place::with_organisations();
        let directory = opened(&place, noon(), 1);
        let (person, team) = hired(&directory, "team", Role::AuthorityTeam, SUPPLIER);
        let (looking, nurse) = hired(&directory, "nurse", Role::Practitioner, SCHOOL);
        let number = described(&directory);
        look(&directory, &looking, number);
        let record = look(&directory, &person, number);
        let enter = |asker| entered(&directory, &person, number, asker);
        let childs = enter(Asker::Child);
        let fathers = enter(carer(&record, "Paul Lowe"));
        let mothers = enter(carer(&record, "Mary Lowe"));
        let apart = RightsAct::CheckCarer { lives_with_child: false };
        directory.act_on_rights(&person, fathers, apart).unwrap().wait().unwrap();
        Asking { place, team, nurse, number, childs, fathers, mothers, minutes: std::cell::Cell::new(0) }
    }

    /// The command, asked by somebody who signs in, upon a request.
    fn handed(&self, staff: &Staff, request: &str, how: &[&str]) -> Answer {
        self.minutes.set(self.minutes.get() + 1);
        let at = noon() + Duration::from_mins(self.minutes.get());
        let seed = Secret::try_from_base32(&staff.totp_secret).ok().unwrap();
        let totp = Builder::new().with_secret(seed).build().ok().unwrap();
        let code = totp.generate(at.timestamp().unsigned_abs()).to_string();
        let clock = at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let variables = [
            ("CONTACTPOINT_CLOCK", clock.as_str()),
            ("CONTACTPOINT_PASSWORD", &staff.password),
            ("CONTACTPOINT_OTP", &code),
        ];
        let data = text_of(&self.place.path("data"));
        let asked = ["subject-access", "--data", &data, "--as", staff.username, "--request", request];
        asked_with(&variables, &[how, &asked].concat())
    }

    /// Whether the request is answered, as its team reads it.
    fn answered(&self, request: RightsId) -> bool {
        let directory = opened(&self.place, noon() + Duration::from_hours(2), 2);
        while !directory.tick(1_000).unwrap().at_head {}
        let (team, _) = hired(&directory, "colleague", Role::AuthorityTeam, SUPPLIER);
        let listed = now(directory.rights_due(&team, Some(self.number), None)).unwrap().into_view();
        let of_it = listed.requests.into_iter().find(|item| item.rights_request_id == request).unwrap();
        of_it.answered.is_some()
    }
}

#[test]
fn a_childs_pack_holds_the_record_and_every_look_and_leaves_nothing_readable_in_the_folder() {
    let asking = Asking::told();
    let request = asking.childs.to_string();
    let pack = asking.handed(&asking.team, &request, &["--json"]).ended(0).object();
    assert_eq!(
        (&pack["asked_by"], &pack["record"]["child_number"]),
        (&json!("child"), &json!(asking.number.to_string()))
    );
    let text = pack.to_string();
    for held in [HERS[0], HERS[2], HERS[3], HIS, "Paul Lowe"] {
        assert!(text.contains(held), "{held} in {text}");
    }
    // The look was the last thing that happened: the command reads up to the head before it makes the pack.
    let looks = pack["looks"].as_array().unwrap();
    assert_eq!(looks.len(), 2, "{text}");
    assert_eq!((&looks[0]["organisation"], &looks[0]["user_name"]), (&json!(SCHOOL), &json!("Noor Quill")));
    assert!(pack["position"].as_u64().unwrap() > 0);
    let page = asking.handed(&asking.team, &request, &[]).ended(0).stdout;
    for told in ["For the child who asked", HERS[2], "opened for new referral", "  given for subject access"]
    {
        assert!(page.contains(told), "{told} in {page}");
    }
    assert!(asking.answered(asking.childs));
    let data = asking.place.path("data");
    for held in [HERS[0], HERS[1], HERS[2], HIS, "Mary Lowe", "Noor Quill"] {
        assert_eq!(hits(&data, held), 0, "{held} stands in the folder");
    }
    asking.place.verified();
}

#[test]
fn a_carers_pack_leads_to_no_other_carers_door_on_the_page_or_in_json() {
    let asking = Asking::told();
    let request = asking.fathers.to_string();
    let printed = [&["--json"][..], &[]].map(|how| {
        let answer = asking.handed(&asking.team, &request, how).ended(0);
        answer.stdout + &answer.stderr
    });
    for text in printed {
        for hers in HERS {
            assert!(!text.contains(hers), "{hers} in {text}");
        }
        for not_told in ["Noor Quill", "responsible_authority", "outcode"] {
            assert!(!text.contains(not_told), "{not_told} in {text}");
        }
        assert!(text.contains(HIS) && text.contains("Mary Lowe"), "{text}");
    }
}

#[test]
fn no_pack_is_made_of_what_was_not_judged_not_entered_or_not_ones_own_to_hand_out() {
    let asking = Asking::told();
    let mothers = asking.mothers.to_string();
    let stranger = Staff { password: "wrong".to_owned(), ..hired_again(&asking.team) };
    let nobodys = RightsId::from_u128(7).to_string();
    let table = [
        (&asking.team, mothers.as_str(), 1, "carer"),
        (&asking.team, &nobodys, 1, ""),
        (&asking.nurse, &mothers, 1, ""),
        (&stranger, &mothers, 1, ""),
        (&asking.team, "seven", 2, "--request"),
    ];
    for (staff, request, status, told) in table {
        let answer = asking.handed(staff, request, &["--json"]).ended(status);
        assert_eq!(answer.stdout, "", "{}", answer.stderr);
        assert!(answer.stderr.contains(told), "{}", answer.stderr);
        for held in HERS.into_iter().chain([HIS, "Lowe"]) {
            assert!(!answer.stderr.contains(held), "{}", answer.stderr);
        }
    }
    assert!(!asking.answered(asking.mothers));
}

fn hired_again(staff: &Staff) -> Staff {
    Staff {
        username: staff.username,
        password: staff.password.clone(),
        totp_secret: staff.totp_secret.clone(),
    }
}
