//! Searching: what is asked, what is refused, and what each page tells and leaves behind.

use axum::http::StatusCode;
use serde_json::{Value, json};
use vocabulary::Role;

use crate::house::{AUTHORITY, Answer, House, SCHOOL, described, event, post};

async fn asked(house: &House, token: &str, body: &Value) -> Answer {
    house.answer(post("/api/v1/searches", body).by(token)).await
}

fn search(criteria: &Value) -> Value {
    json!({"criteria": criteria, "reason": "new_referral"})
}

/// So many that they are too many.
const FORENAMES: &str = "Ava Ben Chloe Dylan Elsie Farid Grace Hamza Imogen Jacob Keira Liam Maya Noah Olive Priya Quentin Ruby \
    Samir Tilda Umar Violet Wren Xavier Yusuf Zara Agnes Boris Cerys Dmitri Edith Fergus Gwen Hugo Ingrid Jasper \
    Kofi Lydia Magnus Nadia Oscar Phoebe Rafael Sienna Tobias Ursula Viktor Winifred Ximena Yolanda Zachary";

/// Tells of 51 children of one surname, born in one year.
async fn lowes(house: &House) {
    let events: Vec<Value> = FORENAMES
        .split(' ')
        .enumerate()
        .map(|(number, forename)| {
            let mut told = described(&format!("l{number}"), &format!("lowe-{number}"));
            let child = &mut told["data"]["child"];
            child["forename"] = json!(forename);
            child["date_of_birth"] = json!(format!("2015-{:02}-{:02}", number % 12 + 1, number * 5 % 28 + 1));
            child["address"] = json!("none_known");
            told
        })
        .collect();
    let told = house.told(SCHOOL, &events).await;
    let recorded = told.iter().filter(|outcome| outcome["outcome"] == "recorded").count();
    assert_eq!(recorded, 51, "{told:?}");
}

#[tokio::test]
async fn a_result_tells_what_the_contract_says_and_no_more() {
    let house = House::new();
    let number = house.ava().await;
    let token = house.signed_in(Role::Practitioner, AUTHORITY).await;
    let page =
        asked(&house, &token, &search(&json!({"surname": "Lowe", "date_of_birth": "2015-04-02"}))).await;
    assert_eq!(page.header("cache-control"), "no-store");
    let page = page.json();
    assert_eq!((&page["outcome"], &page["total"], page.get("advice")), (&json!("found"), &json!(1), None));
    let mut row = page["results"][0].clone();
    assert!((0.0..=1.0).contains(&row["score"].as_f64().unwrap()));
    row.as_object_mut().unwrap().remove("score");
    let expected = json!({
        "child_number": number, "names": [{"kind": "current", "forename": "Ava", "surname": "Lowe"}],
        "date_of_birth": "2015-04-02", "gender": "female", "outcode": "N17", "shielded": false,
        "local_authority": {"id": AUTHORITY, "name": "Invented local authority"}
    });
    assert_eq!(row, expected);
}

/// A child whose record the team shielded, and who searches for it.
struct Shielded {
    number: String,
    token: String,
    team: String,
}

impl Shielded {
    async fn in_house(house: &House) -> Shielded {
        let number = house.ava().await;
        let token = house.signed_in(Role::Practitioner, AUTHORITY).await;
        let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
        let shield = json!({"child_number": number, "ground": "domestic_abuse"});
        assert_eq!(
            house.answer(post("/api/v1/shields", &shield).by(&team)).await.status,
            StatusCode::CREATED
        );
        Shielded { number, token, team }
    }
}

#[tokio::test]
async fn on_a_shielded_record_a_place_counts_as_not_stated_and_the_row_tells_none() {
    let house = House::new();
    let Shielded { number, token, team } = Shielded::in_house(&house).await;
    for who in [&token, &team] {
        for place in [json!({"postcode": "N17 6AA"}), json!({"postcode": "E1 6AN"}), json!({"town": "Hull"})]
        {
            let mut criteria = json!({"surname": "Lowe", "birth_year": 2015, "fuzzy": false});
            criteria.as_object_mut().unwrap().extend(place.as_object().unwrap().clone());
            let page = asked(&house, who, &search(&criteria)).await.json();
            let row = &page["results"][0];
            assert_eq!((&row["child_number"], &row["shielded"]), (&json!(number), &json!(true)), "{page}");
            assert_eq!((row.get("outcode"), row.get("local_authority")), (None, None));
        }
        let by_home = search(&json!({"surname": "Lowe", "postcode": "N17 6AA"}));
        assert_eq!(asked(&house, who, &by_home).await.json()["outcome"], "none");
    }
}

#[tokio::test]
async fn over_fifty_are_too_many_for_an_exact_search_and_a_likeness_answers_its_best_by_pages_of_ten() {
    let house = House::new();
    lowes(&house).await;
    let token = house.signed_in(Role::Practitioner, AUTHORITY).await;
    for criteria in [
        json!({"surname": "Lowe", "birth_year": 2015, "fuzzy": false}),
        json!({"surname": "Low*", "birth_year": 2015}),
    ] {
        let page = asked(&house, &token, &search(&criteria)).await.json();
        assert_eq!((&page["outcome"], &page["results"]), (&json!("too_many"), &json!([])), "{criteria}");
        assert_eq!((page.get("total"), page.get("advice")), (None, None));
    }
    let mut ids = std::collections::BTreeSet::new();
    let mut children = std::collections::BTreeSet::new();
    for page in 1..=5 {
        let mut body = search(&json!({"surname": "Lowe", "birth_year": 2015}));
        body["page"] = json!(page);
        let shown = asked(&house, &token, &body).await.json();
        assert_eq!((&shown["total"], shown["results"].as_array().unwrap().len()), (&json!(50), 10), "{page}");
        ids.insert(shown["search_id"].as_str().unwrap().to_owned());
        let rows = shown["results"].as_array().unwrap().iter();
        children.extend(rows.map(|row| row["child_number"].as_str().unwrap().to_owned()));
    }
    assert_eq!(
        (ids.len(), children.len()),
        (5, 50),
        "each page has an id of its own, and nobody stands on two"
    );
}

#[tokio::test]
async fn nobody_found_and_too_little_asked_say_the_same_words_whether_or_not_a_shield_is_the_cause() {
    let house = House::new();
    let Shielded { token, .. } = Shielded::in_house(&house).await;
    let mut advice = std::collections::BTreeSet::new();
    for (criteria, outcome) in [
        (json!({"surname": "Lowe", "postcode": "N17 6AA"}), "none"),
        (json!({"surname": "Quillfeather", "postcode": "N17 6AA"}), "none"),
        (json!({"child_number": "04817263599"}), "none"),
        (json!({"surname": "Lowe"}), "refine"),
        (json!({}), "refine"),
        (json!({"street": "Mill Lane", "town": "London", "postcode": "N17 6AA"}), "refine"),
    ] {
        let page = asked(&house, &token, &search(&criteria)).await.json();
        assert_eq!((page["outcome"].as_str(), &page["results"]), (Some(outcome), &json!([])), "{criteria}");
        advice.insert(page["advice"].as_str().unwrap().to_owned());
    }
    let words = advice.first().unwrap();
    assert_eq!(advice.len(), 1);
    for said in ["Leave out address and school", "former or false name", "does not prove"] {
        assert!(words.contains(said), "{words}");
    }
}

#[tokio::test]
async fn what_cannot_be_looked_for_is_refused_by_its_code_and_without_what_was_sent() {
    let house = House::new();
    let token = house.signed_in(Role::Practitioner, AUTHORITY).await;
    let born = |more: &Value| {
        let mut criteria = json!({"surname": "Quillfeather", "birth_year": 2015});
        criteria.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        search(&criteria)
    };
    let paged =
        |page: i32| json!({"criteria": {"surname": "Lowe", "age": 11}, "reason": "assessment", "page": page});
    for (body, status, code) in [
        (born(&json!({"surname": "Qu*"})), 422, "wildcard"),
        (born(&json!({"surname": "Quill*feather"})), 422, "wildcard"),
        (born(&json!({"street": "Quill*"})), 422, "wildcard"),
        (born(&json!({"surname": ""})), 422, "criterion_malformed"),
        (born(&json!({"surname": "Quillfeather".repeat(7)})), 422, "criterion_malformed"),
        (born(&json!({"forename": "Qu1ll"})), 422, "criterion_malformed"),
        (born(&json!({"postcode_area": "Quill"})), 422, "criterion_malformed"),
        (born(&json!({"age": 26})), 422, "criterion_out_of_range"),
        (born(&json!({"birth_from": "2016-01-01", "birth_to": "2015-01-01"})), 422, "criterion_out_of_range"),
        (born(&json!({"date_of_birth": "2015-02-30"})), 422, "date_invalid"),
        (born(&json!({"date_of_birth": "30/02/2015"})), 422, "date_invalid"),
        (born(&json!({"postcode": "Quill"})), 422, "postcode_invalid"),
        (born(&json!({"gender": "Quill"})), 422, "gender_invalid"),
        (born(&json!({"child_number": "04817263598"})), 422, "child_number_invalid"),
        (born(&json!({"school": "Quill"})), 422, "field_unknown"),
        (paged(0), 422, "page_out_of_range"),
        (paged(6), 422, "page_out_of_range"),
        (paged(-1), 422, "field_invalid"),
        (json!({"criteria": {"surname": "Quillfeather", "age": 11}}), 422, "reason_missing"),
        (json!({"criteria": {}, "reason": "Quill"}), 422, "reason_unknown"),
        (json!({"criteria": {}, "reason": "audit"}), 403, "reason_not_permitted"),
        (json!({"reason": "emergency"}), 422, "field_missing"),
        (json!({"criteria": {}, "reason": "emergency", "sort": "Quill"}), 422, "field_unknown"),
    ] {
        let answer = asked(&house, &token, &body).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{body}");
        let said = String::from_utf8(answer.body).unwrap();
        assert!(!said.contains("Quill"), "{said}");
    }
    let twice = r#"{"criteria":{"surname":"Quill","surname":"Lowe"},"reason":"emergency"}"#;
    let twice = house
        .answer(post("/api/v1/searches", &json!({})).sending("application/json", twice).by(&token))
        .await;
    assert_eq!(twice.code(), "field_repeated");
    let nobody = house.answer(post("/api/v1/searches", &search(&json!({})))).await;
    assert_eq!((nobody.status.as_u16(), nobody.code().as_str()), (401, "token_missing"));
}

#[tokio::test]
async fn who_may_not_look_finds_nobody_and_a_mediator_names_for_whom() {
    let house = House::new();
    house.ava().await;
    let lowe = search(&json!({"surname": "Lowe", "birth_year": 2015}));
    for role in [Role::Operator, Role::Administrator, Role::UserManager, Role::CaseApprover] {
        let token = house.signed_in(role, AUTHORITY).await;
        let refused = asked(&house, &token, &lowe).await;
        assert_eq!(
            (refused.status.as_u16(), refused.code().as_str()),
            (403, "role_may_not_look"),
            "{role:?}"
        );
    }
    house.person(Role::Practitioner, SCHOOL);
    let mediator = house.signed_in(Role::Mediator, AUTHORITY).await;
    assert_eq!(asked(&house, &mediator, &lowe).await.code(), "caller_missing");
    let mut mediated = lowe.clone();
    mediated["on_behalf_of"] = json!({"username": "practitioner"});
    // Rules.md 5.2: the PIN is asked at mediation.
    assert_eq!(asked(&house, &mediator, &mediated).await.code(), "step_up_missing");
    house.step_up(&mediator).await;
    let page = asked(&house, &mediator, &mediated).await.json();
    assert_eq!(page["total"], 1, "{page}");
    mediated["on_behalf_of"] = json!({"username": "nobody.of.this.name"});
    assert_eq!(asked(&house, &mediator, &mediated).await.code(), "caller_unknown");
}

#[tokio::test]
async fn names_are_found_without_their_marks_by_one_letter_and_in_any_script() {
    let house = House::new();
    let names = [
        ("Zoë", "Łukasiński"),
        ("Siân", "O"),
        ("Nguyễn", "Ng"),
        ("李", "王"),
        ("José María", "D’Arcy-Gómez"),
        ("मीरा", "कृष्णा"),
    ];
    let events: Vec<Value> = names
        .iter()
        .enumerate()
        .map(|(at, (forename, surname))| {
            let child = json!({"local_ref": format!("n-{at}"), "forename": forename, "surname": surname,
                "date_of_birth": format!("20{:02}-03-0{}", 10 + at, at + 1), "gender": "female"});
            event(&format!("n{at}"), "child.described", &json!({"child": child}))
        })
        .collect();
    let told = house.told(SCHOOL, &events).await;
    assert!(told.iter().all(|outcome| outcome["outcome"] == "recorded"), "{told:?}");
    let token = house.signed_in(Role::Practitioner, AUTHORITY).await;
    for (surname, year, at) in [
        ("Lukasinski", 2010, 0),
        ("lukas*", 2010, 0),
        ("O", 2011, 1),
        ("NG", 2012, 2),
        ("王", 2013, 3),
        ("DARCY GOMEZ", 2014, 4),
        ("D'Ar*-Gom*", 2014, 4),
        ("कृष्णा", 2015, 5),
    ] {
        for fuzzy in [true, false] {
            let body = search(&json!({"surname": surname, "birth_year": year, "fuzzy": fuzzy}));
            let page = asked(&house, &token, &body).await.json();
            assert_eq!(
                page["results"][0]["child_number"], told[at]["child_number"],
                "{surname} {fuzzy}: {page}"
            );
        }
    }
}
