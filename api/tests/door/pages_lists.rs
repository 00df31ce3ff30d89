//! Lists of the team in a browser that say which records are meant and nothing of what they hold.

use axum::http::StatusCode;
use serde_json::json;
use vocabulary::Role;

use crate::{
    browsing::Browser,
    house::{AUTHORITY, HOSPITAL, House, SCHOOL, described},
};

#[tokio::test]
async fn the_team_reads_whose_word_differs_and_goes_on_to_the_record() {
    let house = House::new();
    let number = house.ava().await;
    let team = Browser::of(&house, Role::AuthorityTeam, AUTHORITY).await;
    assert!(team.read("/team/discrepancies").await.contains("No source differs"));
    let mut other = described("h1", "h-ava");
    other["data"]["child"]["surname"] = json!("Low");
    house.told(HOSPITAL, &[other]).await;
    house.settle();
    assert!(team.read("/team").await.contains("/team/discrepancies"));
    let page = team.read("/team/discrepancies").await;
    for said in [number.as_str(), "Surname", "Yes", "What you can do"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("Lowe") && !page.contains(">Low<"), "{page}");
    assert!(page.contains(&format!("/children/{number}")), "{page}");

    let far = Browser::of(&house, Role::DataManager, house.far()).await;
    assert!(far.read("/team/discrepancies").await.contains("No source differs"));
    let nurse = Browser::of(&house, Role::Practitioner, SCHOOL).await;
    assert_eq!(nurse.get("/team/discrepancies").await.status, StatusCode::FORBIDDEN);
}
