//! The pages of reviewers and managers: reviews, who looked, reports, and what each role is not shown.

use axum::http::StatusCode;
use serde_json::json;
use vocabulary::Role;

use crate::{
    browsing::{Browser, links, text},
    house::{AUTHORITY, HOSPITAL, House, NOBODYS, PIN, SCHOOL, post},
    reviewing::nobody,
};

/// A nurse opens an invented record that raises an alarm; answers its number.
async fn alarmed(house: &House, auditor: &Browser<'_>) -> String {
    let number = nobody(house).await;
    let marked = [("child", number.as_str()), ("marked", "yes"), ("pin", PIN)];
    auditor.does("/looks/canary", &marked, "raises an alarm").await;
    let nurse = house.signed_in(Role::Practitioner, HOSPITAL).await;
    let opened = post(&format!("/api/v1/children/{number}/accesses"), &json!({"reason": "emergency"}));
    assert_eq!(house.answer(opened.by(&nurse)).await.status, StatusCode::CREATED);
    house.settle();
    number
}

#[tokio::test]
async fn a_look_that_a_person_asks_about_is_reviewed_in_words() {
    let house = House::new();
    let auditor = Browser::of(&house, Role::Auditor, AUTHORITY).await;
    auditor
        .is_asked(
            "/looks/canary",
            &[("child", "12"), ("marked", "yes"), ("pin", PIN)],
            "Enter a child number of eleven digits",
        )
        .await;
    let number = alarmed(&house, &auditor).await;
    let list = auditor.read("/reviews").await;
    assert!(list.contains("Ask now") && list.contains(&number), "{list}");
    let review = links(&list, "/reviews/").remove(0);
    let page = auditor.read(&review).await;
    assert!(page.contains("The record is an invented one that nobody has a reason to open"), "{page}");
    auditor.is_asked(&review, &[], "Choose what came of the review").await;
    auditor.does(&review, &[("outcome", "advised")], "No look waits").await;
    let closed = auditor.read("/reviews?state=closed").await;
    assert!(closed.contains("The person was advised"), "{closed}");
    let manager = Browser::of(&house, Role::UserManager, HOSPITAL).await;
    assert_eq!(manager.get(&review).await.status, StatusCode::FORBIDDEN);
    let notices = manager.read("/reviews/notices").await;
    assert!(notices.contains("The person was advised") && !notices.contains(&number), "{notices}");
}

#[tokio::test]
async fn who_looked_is_asked_by_number_and_shown_without_names_to_an_employer() {
    let house = House::new();
    let auditor = Browser::of(&house, Role::Auditor, AUTHORITY).await;
    let number = alarmed(&house, &auditor).await;
    assert!(!auditor.read("/looks").await.contains("What was found"), "nothing is shown before it is asked");
    let shown = auditor.read(&format!("/looks?child={number}")).await;
    assert!(shown.contains("Emergency") && shown.contains(&number), "{shown}");
    let hostile = auditor.get("/looks?child=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E").await;
    assert!(!text(&hostile).contains("<script>alert"), "{}", text(&hostile));
    assert_eq!(hostile.status, StatusCode::UNPROCESSABLE_ENTITY);
    let manager = Browser::of(&house, Role::UserManager, HOSPITAL).await;
    let own = manager.read("/looks?from-day=1&from-month=11&from-year=2026").await;
    assert!(own.contains("Emergency") && !own.contains(&number), "{own}");
    house.someone("teacher", Role::Practitioner, SCHOOL);
    let practitioner = Browser::with(&house, house.sign_in("teacher").await);
    for path in ["/looks", "/looks/csv", "/looks/canary", "/reviews", "/reports", "/reports/usage"] {
        assert_eq!(practitioner.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn the_looks_that_are_shown_are_given_as_csv_and_recorded_once_more() {
    const NAMES: &str = "at,user,user_name,role,organisation,kind,refused,assurance,reason,child_number";
    let house = House::new();
    let auditor = Browser::of(&house, Role::Auditor, AUTHORITY).await;
    let number = alarmed(&house, &auditor).await;
    let shown = auditor.read(&format!("/looks?child={number}")).await;
    let same = links(&shown, "/looks/csv").remove(0);
    let before = house.directory.head().unwrap();
    let answer = auditor.get(&same).await;
    assert_eq!(house.directory.head().unwrap().0, before.0 + 1, "the list is recorded as any is");
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"looks.csv\"");
    assert_eq!(answer.header("cache-control"), "no-store");
    let csv = text(&answer);
    let lines: Vec<&str> = csv.split("\r\n").collect();
    assert_eq!((lines[0], lines.len()), (NAMES, 3), "{csv}");
    assert!(lines[1].contains(",practitioner,ods:RAL01,opened,,"), "{csv}");
    assert!(lines[1].ends_with(&format!(",emergency,{number}")), "{csv}");
    // An employer is given what an employer is shown.
    let manager = Browser::of(&house, Role::UserManager, HOSPITAL).await;
    let own = text(&manager.get("/looks/csv?from-day=1&from-month=11&from-year=2026").await);
    assert!(own.contains(",emergency,\r\n") && !own.contains(&number), "{own}");
    let wrong = auditor.get("/looks/csv?child=123").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", text(&wrong));
    let nobodys = text(&auditor.get(&format!("/looks/csv?child={NOBODYS}")).await);
    assert!(nobodys.contains("No record of that number is open to you"), "{nobodys}");
}

#[tokio::test]
async fn a_report_is_drawn_and_told_and_its_csv_is_the_apis() {
    let house = House::new();
    let auditor = Browser::of(&house, Role::Auditor, AUTHORITY).await;
    alarmed(&house, &auditor).await;
    let manager = Browser::of(&house, Role::UserManager, HOSPITAL).await;
    let index = manager.read("/reports").await;
    assert!(index.contains("/reports/usage") && !index.contains("/reports/coverage"), "{index}");
    let page = manager.read("/reports/usage?from=2026-11-01&to=2026-11-30&group_by=role").await;
    assert!(page.contains("<svg") && page.contains("Practitioner"), "{page}");
    let csv = links(&page, "/reports/usage/csv").remove(0);
    let csv = manager.get(&csv).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8; header=present");
    let asked = "/api/v1/reports/usage?from=2026-11-01&to=2026-11-30&group_by=role";
    let api = crate::house::get(asked).by(&manager.token).with("accept", "text/csv");
    assert_eq!(text(&csv), text(&house.answer(api).await));
    let others = manager.get("/reports/usage?organisation=gss:E08000003").await;
    assert_eq!(others.status, StatusCode::FORBIDDEN, "{}", text(&others));
    let wrong = manager.get("/reports/usage?from-day=40&from-month=1&from-year=2026").await;
    assert!(text(&wrong).contains("From must be a real day"), "{}", text(&wrong));
    assert_eq!(manager.get("/reports/secrets").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_worklist_names_children_to_the_team_and_says_that_it_is_recorded() {
    let house = House::new();
    let number = nobody(&house).await;
    let team = Browser::of(&house, Role::AuthorityTeam, AUTHORITY).await;
    let page = team.read("/team/worklist?gap=no_primary_care").await;
    assert!(page.contains("Quentin Ashgrove") && page.contains(&number), "{page}");
    assert!(page.contains("recorded in your name"), "{page}");
}
