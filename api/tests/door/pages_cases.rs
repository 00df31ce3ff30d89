//! Pages of investigators and case approvers: a case opened, approved by another person, and what it lets be replayed.

use axum::http::StatusCode;
use vocabulary::Role;

use crate::{
    browsing::{Browser, links, text},
    house::{AUTHORITY, House},
};

const HOSTILE: &str = "\"><script>alert(1)</script>{{7*7}}";

/// A case about Ava that an investigator opened on a page; answers its address.
async fn opened(one: &Browser<'_>, number: &str) -> String {
    let fields = [
        ("reference", "SCR/2026-4"),
        ("purpose", "case_review"),
        ("children", number),
        ("expires-day", "31"),
        ("expires-month", "12"),
        ("expires-year", "2026"),
    ];
    one.does("/cases/new", &fields, "gives no right until another person approves it").await;
    let listed = one.read("/cases").await;
    assert!(listed.contains("Waits for approval"), "{listed}");
    links(&listed, "/cases/").into_iter().find(|href| href != "/cases/new").unwrap()
}

#[tokio::test]
async fn a_case_is_approved_by_another_who_is_shown_no_child_and_then_replayed() {
    let house = House::new();
    let number = house.ava().await;
    let one = Browser::of(&house, Role::Investigator, AUTHORITY).await;
    let case = opened(&one, &number).await;
    assert!(one.read(&case).await.contains("Nothing can be replayed now"));
    let replay = format!("{case}/children/{number}");
    let refused = one.get(&replay).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", text(&refused));
    assert!(text(&refused).contains("The case is not approved"), "{}", text(&refused));

    let other = Browser::of(&house, Role::CaseApprover, AUTHORITY).await;
    for page in
        [other.read("/cases").await, other.read(&case).await, other.read(&format!("{case}/approve")).await]
    {
        assert!(page.contains("SCR/2026-4") && !page.contains(&number), "{page}");
    }
    other.is_asked(&format!("{case}/approve"), &[], "Choose whether shields are lifted").await;
    other.does(&format!("{case}/approve"), &[("lifts", "no")], "The case was approved").await;
    assert_eq!(other.get(&replay).await.status, StatusCode::NOT_FOUND);

    let whole = one.read(&replay).await;
    assert!(whole.contains("Every event in order") && whole.contains("A record was opened"), "{whole}");
    assert!(whole.contains("Shown to Jo Reed, investigator"), "{whole}");
    let as_of = "as_of-day=21&as_of-month=11&as_of-year=2026";
    let then = one.read(&format!("{replay}?{as_of}")).await;
    assert!(then.contains("As known at") && then.contains("Mill Lane"), "{then}");
    let compared = one.read(&format!("{replay}?compare-day=20&compare-month=11&compare-year=2026")).await;
    assert!(compared.contains("What changed between") && compared.contains("Date of birth"), "{compared}");
    let as_seen = one.read(&format!("{replay}?role=practitioner&{as_of}")).await;
    assert!(as_seen.contains("As known at"), "{as_seen}");
}

#[tokio::test]
async fn a_case_is_asked_for_field_by_field_and_nothing_typed_is_lost() {
    let house = House::new();
    let number = house.ava().await;
    let one = Browser::of(&house, Role::Investigator, AUTHORITY).await;
    one.is_asked("/cases/new", &[("reference", HOSTILE)], "Enter the number of at least one child").await;
    one.is_asked("/cases/new", &[("children", "12")], "each must be a child number of eleven digits").await;
    let nobodys = crate::house::NOBODYS;
    let fields = [
        ("reference", "SCR 7"),
        ("purpose", "misuse"),
        ("children", nobodys),
        ("expires-day", "31"),
        ("expires-month", "12"),
        ("expires-year", "2026"),
    ];
    one.is_asked("/cases/new", &fields, "is not a child number that you may use").await;
    let named = text(&one.post("/cases/new", &[("reference", HOSTILE), ("children", &number)]).await);
    assert!(named.contains("There is a problem") && !named.contains("<script>alert"), "{named}");
}

#[tokio::test]
async fn cases_are_nobody_elses() {
    let house = House::new();
    let number = house.ava().await;
    let one = Browser::of(&house, Role::Investigator, AUTHORITY).await;
    let case = opened(&one, &number).await;
    let practitioner = Browser::of(&house, Role::Practitioner, AUTHORITY).await;
    for path in ["/cases", case.as_str()] {
        assert_eq!(practitioner.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    house.someone("another.investigator", Role::Investigator, AUTHORITY);
    let another = Browser::with(&house, house.sign_in("another.investigator").await);
    assert!(another.read("/cases").await.contains("You have not opened a case"));
    assert_eq!(another.get(&case).await.status, StatusCode::NOT_FOUND);
    assert_eq!(another.get(&format!("{case}/children/{number}")).await.status, StatusCode::NOT_FOUND);
}
