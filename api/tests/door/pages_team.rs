//! The pages of the directory team: each list and each decision, as a browser meets them.

use axum::http::StatusCode;
use serde_json::json;
use vocabulary::Role;

use crate::{
    browsing::{Browser, links, text},
    feed::alike,
    house::{AUTHORITY, HOSPITAL, House, PIN, SCHOOL, described, get, post},
};

/// What hostile hands type where a name is asked.
const HOSTILE: &str = "<script>alert(1)</script>";

/// Ava, who is known, and one description that may mean her; answers her number.
async fn waiting(house: &House) -> String {
    let number = house.ava().await;
    let told = house.told(HOSPITAL, &[alike("q1", "h1")]).await;
    assert_eq!(told[0]["outcome"], "queued");
    house.settle();
    number
}

#[tokio::test]
async fn an_item_of_the_queue_is_compared_field_by_field_and_decided_on_one_page() {
    let house = House::new();
    let number = waiting(&house).await;
    let browser = Browser::of(&house, Role::DataManager, AUTHORITY).await;
    let list = browser.read("/team/queue").await;
    let items = links(&list, "/team/queue/");
    assert_eq!(items.len(), 1, "{list}");
    let page = browser.read(&items[0]).await;
    for said in [&number, "Agrees", "12 Mill Lane", "Sent by", "speaks strongly for", "In all"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // Whatever was compared was opened in this person's name.
    house.settle();
    let looks = house.answer(get("/api/v1/accesses").by(&browser.token)).await.json();
    let look = looks["accesses"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&look["child_number"], &look["reason"]), (&json!(number), &json!("data_quality")));

    // An error asks again by the numbers alone: nothing is shown again, so that there is no look but the first.
    let offered = page.split("name=\"offered\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(offered, number);
    let head = house.directory.head().unwrap();
    browser.is_asked(&items[0], &[("offered", offered)], "Choose what is decided").await;
    let hostile = [("decision", "other"), ("child_number", HOSTILE), ("offered", HOSTILE)];
    browser.is_asked(&items[0], &hostile, "&#60;script&#62;").await;
    let again = text(&browser.post(&items[0], &[("offered", offered)]).await);
    assert!(again.contains(&format!("It is child number {number}")) && again.contains(&items[0]), "{again}");
    assert!(!again.contains("12 Mill Lane") && !again.contains("Ava"), "{again}");
    assert_eq!(house.directory.head().unwrap(), head, "an error recorded something");
    assert_eq!(looks_of(&house, &browser, &number).await, 1);

    let after = browser
        .does(
            &items[0],
            &[("decision", &format!("link {number}"))],
            &format!("It went to child number {number}"),
        )
        .await;
    assert!(after.contains("Nothing waits"), "{after}");
    assert_eq!(browser.get(&items[0]).await.status, StatusCode::NOT_FOUND);
}

/// How often this person has opened that record.
async fn looks_of(house: &House, browser: &Browser<'_>, number: &str) -> usize {
    house.settle();
    let looks = house.answer(get("/api/v1/accesses").by(&browser.token)).await.json();
    looks["accesses"].as_array().unwrap().iter().filter(|look| look["child_number"] == number).count()
}

#[tokio::test]
async fn only_the_team_of_the_authority_reads_the_queue() {
    let house = House::new();
    waiting(&house).await;
    let own = Browser::of(&house, Role::DataManager, AUTHORITY).await;
    let item = links(&own.read("/team/queue").await, "/team/queue/").remove(0);
    let other = Browser::of(&house, Role::AuthorityTeam, house.far()).await;
    assert!(other.read("/team/queue").await.contains("Nothing waits"));
    assert_eq!(other.get(&item).await.status, StatusCode::NOT_FOUND);
    let practitioner = Browser::of(&house, Role::Practitioner, SCHOOL).await;
    for path in ["/team", "/team/queue", &item] {
        assert_eq!(practitioner.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(practitioner.post(&item, &[]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn two_records_are_put_side_by_side_and_merged_and_told_apart_again() {
    let house = House::new();
    let ava = house.ava().await;
    let mut other = described("d9", "zeb");
    other["data"]["child"]["forename"] = json!("Zebedee");
    other["data"]["child"]["surname"] = json!("Quillfeather");
    other["data"]["child"]["date_of_birth"] = json!("2012-01-09");
    let zeb = house.told(SCHOOL, &[other]).await[0]["child_number"].as_str().unwrap().to_owned();
    house.settle();
    let browser = Browser::of(&house, Role::DataManager, AUTHORITY).await;
    let (merge, split) = (format!("/children/{ava}/merge"), format!("/children/{ava}/split"));
    assert!(browser.read(&merge).await.contains("Number of the other record"));
    let wrong = browser.get(&format!("{merge}?with=123")).await;
    assert!(text(&wrong).contains("Enter a child number of eleven digits"), "{}", text(&wrong));
    let beside = browser.read(&format!("{merge}?with={zeb}")).await;
    assert!(beside.contains("Zebedee") && beside.contains("Differs"), "{beside}");

    browser.is_asked(&merge, &[("other", &zeb)], "Choose which number stays").await;
    let again = text(&browser.post(&merge, &[("other", &zeb)]).await);
    assert!(again.contains(&format!("{merge}?with={zeb}")) && !again.contains("Zebedee"), "{again}");
    for number in [&ava, &zeb] {
        assert_eq!(looks_of(&house, &browser, number).await, 1, "an error is no look");
    }
    browser
        .does(
            &merge,
            &[("other", &zeb), ("stays", &zeb)],
            &format!("Both numbers lead to child number {zeb}"),
        )
        .await;
    browser.does(&split, &[("other", &zeb)], "are told apart").await;
    // Told apart once, they are merged only by somebody who says so.
    let refused = browser.post(&merge, &[("other", &zeb), ("stays", &zeb)]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", text(&refused));
    assert!(text(&refused).contains("Merge them although somebody told them apart"), "{}", text(&refused));
    browser
        .does(
            &merge,
            &[("other", &zeb), ("stays", &ava), ("despite", "yes")],
            &format!("Both numbers lead to child number {ava}"),
        )
        .await;
}

#[tokio::test]
async fn the_desk_answers_and_the_team_decides_about_a_shield() {
    let house = House::new();
    let number = house.ava().await;
    let nurse = house.signed_in(Role::Practitioner, HOSPITAL).await;
    let asked = json!({"child_number": number, "about": "sensitive", "reason": "assessment",
                       "contacts": [{"kind": "telephone", "value": "020 7946 0003"}]});
    house.answer(post("/api/v1/brokering", &asked).by(&nurse)).await;
    house
        .answer(
            post("/api/v1/shields", &json!({"child_number": number, "ground": "domestic_abuse"})).by(&nurse),
        )
        .await;
    house.settle();
    let browser = Browser::of(&house, Role::AuthorityTeam, AUTHORITY).await;
    let desk = browser.read("/team/brokering").await;
    assert!(desk.contains("020 7946 0003") && desk.contains(&number), "{desk}");
    let request = links(&desk, "/team/brokering/").remove(0);
    browser.is_asked(&request, &[], "Choose what came of it").await;
    browser.does(&request, &[("outcome", "contact_made")], "Nobody waits").await;

    let shields = browser.read("/team/shields").await;
    let shield = links(&shields, "/team/shields/").remove(0);
    browser
        .is_asked(
            &shield,
            &[("decision", "apply"), ("ground", "domestic_abuse")],
            "Enter the day by which it is reviewed next",
        )
        .await;
    let day = [("review_by-day", "1"), ("review_by-month", "3"), ("review_by-year", "2027")];
    let apply = [[("decision", "apply"), ("ground", "domestic_abuse")].as_slice(), &day].concat();
    browser.does(&shield, &apply, "The record is shielded").await;
    browser.does(&shield, &[("decision", "lift"), ("for", "review")], "The shield is lifted").await;
}

#[tokio::test]
async fn a_transfer_is_proposed_on_one_side_and_agreed_on_the_other() {
    let house = House::new();
    let number = house.ava().await;
    let far = house.far();
    let own = Browser::of(&house, Role::AuthorityTeam, AUTHORITY).await;
    let other = Browser::of(&house, Role::DataManager, far).await;
    let propose = format!("/children/{number}/transfer");
    own.is_asked(&propose, &[], "Choose the authority that would answer").await;
    own.does(&propose, &[("to", far)], "Waits for the other").await;
    let transfer = links(&other.read("/team/transfers").await, "/team/transfers/").remove(0);
    other.does(&transfer, &[("decision", "accept")], "No transfer waits").await;
}

#[tokio::test]
async fn a_request_of_a_child_is_entered_and_its_pack_says_who_printed_it() {
    let house = House::new();
    let number = house.ava().await;
    let browser = Browser::of(&house, Role::AuthorityTeam, AUTHORITY).await;
    let enter = format!("/children/{number}/request");
    assert_eq!(browser.get(&enter).await.header("location"), format!("/children/{number}/reason"));
    let taken = browser.post(&format!("/children/{number}/reason"), &[("reason", "data_quality")]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", text(&taken));
    let asked = [
        ("asked_by", "child"),
        ("asked", "access"),
        ("competence", "assessed_competent"),
        ("proof", "photo_document"),
    ];
    browser.is_asked(&enter, &asked[..2], "Choose how the child").await;
    let page = browser.send(&enter, &asked).await;
    assert!(page.contains("The request is entered. Answer it by 21 December 2026"), "{page}");
    let listed = browser.read("/team/requests").await;
    assert_eq!(links(&listed, "/team/requests/").len(), 1, "{listed}");
    let before = links(&page, "/team/requests/").into_iter().find(|href| href.contains("/pack")).unwrap();
    let make = links(&browser.read(&before).await, "/team/requests/")
        .into_iter()
        .find(|href| href.contains("made=yes"));
    let pack = browser.read(&make.unwrap()).await;
    for said in ["Printed by", "authority&#39;s directory team", "12 Mill Lane", "Who looked"] {
        assert!(pack.contains(said), "{said}: {pack}");
    }
    house.settle();
    assert!(browser.read("/team/requests").await.contains("No request is here"));
}

#[tokio::test]
async fn a_correction_is_refused_and_whoever_asked_disagrees() {
    let house = House::new();
    let number = house.ava().await;
    let browser = Browser::of(&house, Role::AuthorityTeam, AUTHORITY).await;
    let enter = format!("/children/{number}/request");
    browser.post(&format!("/children/{number}/reason"), &[("reason", "data_quality")]).await;
    let asked = [
        ("asked_by", "child"),
        ("asked", "correction"),
        ("competence", "assessed_competent"),
        ("proof", "two_documents"),
    ];
    browser.is_asked(&enter, &asked, "Choose what is said to be wrong").await;
    let page =
        browser.send(&enter, &[asked.as_slice(), &[("disputed", "field date_of_birth")]].concat()).await;
    let acts = links(&page, "/team/requests/");
    let act = |word: &str| {
        let href = acts.iter().find(|href| href.contains(word)).unwrap_or_else(|| panic!("{word}: {acts:?}"));
        href.split('?').next().unwrap().to_owned()
    };
    let child = ("child", number.as_str());
    browser.does(&act("/step"), &[child, ("step", "supplier_asked")], "The supplier was asked").await;
    let answered = browser.send(&act("/answer"), &[child, ("answer", "correction_refused documented")]).await;
    assert!(answered.contains("Not corrected: documented"), "{answered}");
    let disagree =
        links(&answered, "/team/requests/").into_iter().find(|href| href.contains("/disagreement"));
    browser
        .does(disagree.unwrap().split('?').next().unwrap(), &[child], "It is marked that they disagree")
        .await;
}

#[tokio::test]
async fn a_record_is_kept_by_one_person_and_let_go_by_another() {
    let house = House::new();
    let number = house.ava().await;
    let browser = Browser::of(&house, Role::AuthorityTeam, AUTHORITY).await;
    let hold = format!("/children/{number}/hold");
    browser.is_asked(&hold, &[("ground", "legal_claim"), ("reference", HOSTILE)], "&#60;script&#62;").await;
    let kept = text(&browser.post(&hold, &[("ground", "legal_claim"), ("reference", "CR-1")]).await);
    let id = kept.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    house.settle();
    let lift = format!("{hold}/lifting");
    let own = browser.post(&lift, &[("hold", &id)]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "{}", text(&own));
    let other = Browser::of(&house, Role::DataManager, AUTHORITY).await;
    other.is_asked(&lift, &[("hold", "soon")], "Enter the id that was shown").await;
    assert!(other.send(&lift, &[("hold", &id)]).await.contains("is lifted"));
    let age = format!("/children/{number}/archive-age");
    other.is_asked(&age, &[], "Choose for whom the record may stay").await;
    assert!(other.read("/team/purges").await.contains("No list waits"));
}

#[tokio::test]
async fn a_version_is_published_with_the_pin_and_its_notices_are_given() {
    let house = House::new();
    let number = house.ava().await;
    let administrator = Browser::with(&house, house.national("head").await);
    let version = "/team/notices/version";
    administrator.is_asked(version, &[("notice_version", "2026-1")], "Enter your PIN").await;
    administrator
        .does(version, &[("notice_version", "2026-1"), ("pin", PIN)], "The version is published")
        .await;
    let browser = Browser::of(&house, Role::AuthorityTeam, AUTHORITY).await;
    let due = browser.read("/team/notices").await;
    assert!(due.contains("Version 2026-1 is given now") && due.contains(&number), "{due}");
    let given = links(&due, "/team/notices/given").remove(0);
    assert!(browser.read(&given).await.contains("How was it given?"));
    let to = [("child", number.as_str()), ("audience", "household")];
    browser.is_asked("/team/notices/given", &to, "Choose how it was given").await;
    browser
        .does(
            "/team/notices/given",
            &[to.as_slice(), &[("means", "post")]].concat(),
            "Nobody on this list is due",
        )
        .await;
    assert_eq!(browser.get(version).await.status, StatusCode::FORBIDDEN);
}
