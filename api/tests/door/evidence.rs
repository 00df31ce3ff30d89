//! Evidence bundles over HTTP: made, checked by somebody with the log's key alone, altered, refused.

use chrono::TimeDelta;
use event_log::{cosignature::CosigningKey, note::VerifierKey};
use evidence::{Refused, Trust, check};
use serde_json::{Value, json};
use vocabulary::Role;

use crate::{
    house::{AUTHORITY, House, SCHOOL, get, post},
    reviewing::nobody,
};

/// How both documents of a bundle begin.
pub(crate) const BEGINS: &str = "{\"format\":\"contactpoint evidence bundle, version 1\",\"";

/// A case about these children, approved by another person; answers its id.
pub(crate) async fn approved(
    house: &House,
    investigator: &str,
    children: &[String],
    lifts_shields: bool,
) -> String {
    let case = json!({
        "reference": "SCR-2026/14", "children": children, "purpose": "case_review", "expires_on": "2027-05-31"
    });
    let opened = house.answer(post("/api/v1/cases", &case).by(investigator)).await.json();
    let id = opened["case_id"].as_str().unwrap().to_owned();
    let approver = house.signed_in(Role::CaseApprover, AUTHORITY).await;
    let approval = json!({"lifts_shields": lifts_shields});
    let second = house.answer(post(&format!("/api/v1/cases/{id}/approval"), &approval).by(&approver)).await;
    assert!(second.status.is_success(), "{second:?}");
    id
}

pub(crate) fn key(house: &House) -> VerifierKey {
    VerifierKey::parse(house.ledger.verifier()).unwrap()
}

fn trusting(key: &VerifierKey) -> Trust<'_> {
    Trust { log_key: Some(key), ..Trust::default() }
}

/// A document of a bundle, which holds it as it is.
pub(crate) fn document(bundle: &[u8], begins: &str, ends: &str) -> Value {
    let text = String::from_utf8_lossy(bundle).into_owned();
    let from = text.find(begins).unwrap();
    let to = from + text[from..].find(ends).unwrap();
    serde_json::from_str(&text[from..to]).unwrap()
}

pub(crate) async fn bundle(house: &House, id: &str, token: &str) -> Vec<u8> {
    let answer = house.answer(get(&format!("/api/v1/cases/{id}/bundle")).by(token)).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(answer.header("content-type"), "application/zip");
    assert!(answer.header("content-disposition").starts_with("attachment; filename=\"case-"));
    answer.body
}

#[tokio::test]
async fn a_bundle_is_believed_by_whoever_has_the_logs_key_alone() {
    let house = House::new();
    let number = house.ava().await;
    house.settle();
    let older = String::from_utf8(served(&house, "checkpoint").await).unwrap();
    let investigator = house.signed_in(Role::Investigator, AUTHORITY).await;
    let id = approved(&house, &investigator, std::slice::from_ref(&number), false).await;
    let path = format!("/api/v1/children/{number}/history?case=SCR-2026%2F14");
    let replay = house.answer(get(&path).by(&investigator)).await.json();
    let replayed = replay["events"].as_array().unwrap();
    house.pass(TimeDelta::minutes(1));
    let made = bundle(&house, &id, &investigator).await;
    let key = key(&house);
    let checked = check(&made, &trusting(&key)).unwrap();
    // The replay before it is a look, and stands in it as such.
    assert_eq!(checked.records, replayed.len() + 1, "{checked:?}");
    // Looks are stated, every one: a key would open what stands beside some of them too.
    let is_look = |event: &&Value| event["facts"][0]["type"] == "history_replayed";
    let looks = replayed.iter().filter(is_look).count() + 1;
    assert_eq!((checked.stated, checked.opened), (looks, checked.records - looks), "{checked:?}");
    assert_eq!((checked.removed, checked.views), (0, 0));
    assert_eq!((checked.case.as_str(), checked.key_known), ("SCR-2026/14", true));
    let claims = document(&made, &format!("{BEGINS}log\""), "PK\u{3}\u{4}");
    let records = claims["children"][0]["records"].as_array().unwrap();
    for (event, record) in replayed.iter().zip(records) {
        assert_eq!(event["position"], record["position"]);
        let text: Value = serde_json::from_str(record["shown"]["opened"]["text"].as_str().unwrap()).unwrap();
        assert_eq!((&text["facts"], &text["by"]), (&event["facts"], &event["by"]), "no more than was told");
    }
    assert!(claims["children"][0]["replayed_at"].as_u64() < Some(checked.size), "a look of its own, before");
    // It is borne by the log: the next replay of the case is one record longer, and the bundle is of the case.
    let again = check(&bundle(&house, &id, &investigator).await, &trusting(&key)).unwrap();
    assert_eq!(again.records, checked.records + 1);
    if let Ok(folder) = std::env::var("KEEP_BUNDLE") {
        keep(&house, &folder, &made, &older).await;
    }
}

/// `KEEP_BUNDLE=FOLDER` keeps a bundle, the log's key, a checkpoint and the tiles as they are served, for the checks by
/// other programs in `tests/evidence`.
async fn keep(house: &House, folder: &str, made: &[u8], older: &str) {
    std::fs::write(format!("{folder}/bundle.zip"), made).unwrap();
    std::fs::write(format!("{folder}/log-key.pub"), format!("{}\n", key(house))).unwrap();
    std::fs::write(format!("{folder}/older"), older).unwrap();
    let newest = String::from_utf8(served(house, "checkpoint").await).unwrap();
    let size: u64 = newest.lines().nth(1).unwrap().parse().unwrap();
    assert!(size < 256, "one tile holds it");
    std::fs::create_dir_all(format!("{folder}/tiles/tile/0/000.p")).unwrap();
    let tile = served(house, &format!("tile/0/000.p/{size}")).await;
    std::fs::write(format!("{folder}/tiles/tile/0/000.p/{size}"), tile).unwrap();
}

async fn served(house: &House, path: &str) -> Vec<u8> {
    let answer = house.answer(get(&format!("/api/v1/ledger/{path}"))).await;
    assert_eq!(answer.status.as_u16(), 200, "{path}");
    answer.body
}

#[tokio::test]
async fn a_bundle_of_which_one_byte_was_altered_is_refused() {
    let house = House::new();
    let number = house.ava().await;
    let investigator = house.signed_in(Role::Investigator, AUTHORITY).await;
    let id = approved(&house, &investigator, std::slice::from_ref(&number), false).await;
    let made = bundle(&house, &id, &investigator).await;
    let key = key(&house);
    assert!(check(&made, &trusting(&key)).is_ok());
    // Every byte of claims and proofs has its turn, and one in 97 of the files that explain them.
    let documents = made.windows(12).position(|window| window == b"bundle.json{").unwrap();
    let mut turns = 0_u32;
    for at in (0..documents).step_by(97).chain(documents..made.len()) {
        let mut altered = made.clone();
        altered[at] ^= 1 << (at % 8);
        // Of the file's own bytes, whether by their checksum or not: as a forger would, who writes that anew.
        if let Ok(checked) = check(&altered, &trusting(&key)) {
            panic!("byte {at} of {}: believed as {checked:?}", made.len());
        }
        turns += 1;
    }
    assert!(turns > 5_000, "{turns}");
}

#[tokio::test]
async fn a_forger_who_writes_the_file_anew_is_refused_too() {
    let house = House::new();
    let number = house.ava().await;
    let investigator = house.signed_in(Role::Investigator, AUTHORITY).await;
    let id = approved(&house, &investigator, std::slice::from_ref(&number), false).await;
    let made = bundle(&house, &id, &investigator).await;
    let key = key(&house);
    let claims: evidence::Claims =
        serde_json::from_value(document(&made, &format!("{BEGINS}log\""), "PK\u{3}\u{4}")).unwrap();
    let proofs: evidence::Proofs =
        serde_json::from_value(document(&made, &format!("{BEGINS}checkpoint\""), "PK\u{1}\u{2}")).unwrap();
    let packed = |said: &evidence::Claims, proving: &evidence::Proofs| {
        check(&evidence::pack(&said.written().0, proving).unwrap(), &trusting(&key))
    };
    assert!(packed(&claims, &proofs).is_ok(), "written anew as it was");
    let mut other = claims.clone();
    other.case.approved_by = other.case.opened_by.clone();
    assert!(matches!(packed(&other, &proofs), Err(Refused::NotBorne)));
    let mut fewer = claims.clone();
    let taken = fewer.children[0].records.pop().unwrap();
    let mut shorter = proofs.clone();
    shorter.inclusion.retain(|path| path.position != taken.position);
    assert!(matches!(packed(&fewer, &shorter), Err(Refused::NotBorne)));
    let mut later = claims.clone();
    later.children[0].records[0].happened_at.replace_range(0..4, "1999");
    assert!(matches!(packed(&later, &proofs), Err(Refused::Record(_))));
    let mut lying = claims.clone();
    if let evidence::Shown::Opened(opened) = &mut lying.children[0].records[0].shown {
        opened.text = opened.text.replace("Ava", "Eva");
    }
    assert!(matches!(packed(&lying, &proofs), Err(Refused::Content(_))));
    let mut elsewhere = proofs.clone();
    elsewhere.inclusion.swap(0, 1);
    assert!(matches!(packed(&claims, &elsewhere), Err(Refused::NotInLog(_))));
    // With a key of its own the forger convinces nobody who has the log's.
    let stranger = event_log::note::SigningKey::generate(key.name()).unwrap();
    let mut own = proofs.clone();
    let checkpoint = event_log::checkpoint::Checkpoint::parse(&own.checkpoint).unwrap();
    own.checkpoint = checkpoint.sign(&stranger);
    own.log_key = stranger.verifier().to_string();
    assert!(matches!(packed(&claims, &own), Err(Refused::OtherKey)));
    // A cosignature that is nobody's who is named, and a witness that is missed.
    let witness = CosigningKey::generate("invented.example/witness").unwrap();
    let mut extra = proofs.clone();
    extra.checkpoint.push_str(&witness.cosign(&proofs.checkpoint, 1_800_000_000).unwrap());
    assert!(matches!(packed(&claims, &extra), Err(Refused::Cosignature)));
    extra.witness_keys.push(witness.cosigner().to_string());
    assert_eq!(packed(&claims, &extra).unwrap().cosigned[0].witness, "invented.example/witness");
    let wanted = [witness.cosigner()];
    let demanding = Trust { log_key: Some(&key), witnesses: &wanted, ..Trust::default() };
    assert!(matches!(check(&made, &demanding), Err(Refused::Unwitnessed(_))));
}

#[tokio::test]
async fn a_bundle_shows_no_more_than_a_replay_shielded_or_watched() {
    let house = House::new();
    let number = nobody(&house).await;
    let auditor = house.signed_in(Role::Auditor, AUTHORITY).await;
    house.step_up(&auditor).await;
    let marked = post(&format!("/api/v1/children/{number}/canary"), &json!({"marked": true}));
    assert!(house.answer(marked.by(&auditor)).await.status.is_success());
    let looker = house.signed_in(Role::Practitioner, SCHOOL).await;
    let looks = format!("/api/v1/children/{number}/accesses");
    let look = house.answer(post(&looks, &json!({"reason": "new_referral"})).by(&looker)).await;
    assert!(look.status.is_success(), "{look:?}");
    let investigator = house.signed_in(Role::Investigator, AUTHORITY).await;
    let id = approved(&house, &investigator, std::slice::from_ref(&number), false).await;
    let made = bundle(&house, &id, &investigator).await;
    let key = key(&house);
    let checked = check(&made, &trusting(&key)).unwrap();
    // A look at a canary raises an alarm in one record with the look: a replay does not tell of that, so no key of a
    // look leaves, whether or not something stands beside it.
    assert_eq!(checked.stated, 1, "{checked:?}");
    let text = String::from_utf8_lossy(&made).into_owned();
    assert!(text.contains("record_opened"), "what a replay tells is stated");
    for hidden in ["canary", "alert_raised", "review_drawn"] {
        assert!(!text.contains(hidden), "{hidden}");
    }
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let shield = json!({"child_number": number, "ground": "domestic_abuse", "review_by": "2026-12-01"});
    let shielded = house.answer(post("/api/v1/shields", &shield).by(&team)).await;
    assert!(shielded.status.is_success(), "{shielded:?}");
    let least = bundle(&house, &id, &investigator).await;
    let found = check(&least, &trusting(&key)).unwrap();
    assert_eq!((found.records, found.views), (0, 1), "{found:?}");
    let said = String::from_utf8_lossy(&least).into_owned();
    assert!(!said.contains("child_registered") && !said.contains("record_opened"), "the shield is respected");
}

#[tokio::test]
async fn a_bundle_is_for_the_investigator_of_an_approved_unexpired_case_alone() {
    let house = House::new();
    let number = house.ava().await;
    let investigator = house.signed_in(Role::Investigator, AUTHORITY).await;
    let case = json!({
        "reference": "SCR-1", "children": [number], "purpose": "case_review", "expires_on": "2026-12-31"
    });
    let opened = house.answer(post("/api/v1/cases", &case).by(&investigator)).await.json();
    let id = opened["case_id"].as_str().unwrap();
    let path = format!("/api/v1/cases/{id}/bundle");
    let code = async |token: &str| {
        let answer = house.answer(get(&path).by(token)).await;
        (answer.status.as_u16(), answer.code())
    };
    assert_eq!(code(&investigator).await, (403, "case_not_approved".to_owned()));
    let approver = house.signed_in(Role::CaseApprover, AUTHORITY).await;
    let second = house.answer(post(&format!("/api/v1/cases/{id}/approval"), &json!({})).by(&approver)).await;
    assert!(second.status.is_success());
    assert_eq!(code(&approver).await, (403, "not_an_investigator".to_owned()));
    house.someone("colleague", Role::Investigator, SCHOOL);
    let colleague = house.sign_in("colleague").await;
    assert_eq!(code(&colleague).await, (404, "case_unknown".to_owned()));
    assert_eq!(house.answer(get(&path).by(&investigator)).await.status.as_u16(), 200);
}
