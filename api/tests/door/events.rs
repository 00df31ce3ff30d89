//! Events: the three forms, order, repeats, refusals, and reading one's own write.

use axum::{
    body::{Body, Bytes},
    http::{Method, StatusCode},
};
use serde_json::{Value, json};

use crate::house::{Answer, Ask, HOSPITAL, House, SCHOOL, ask, described, event, get, started};

fn posted(token: &str, kind: &str, body: impl Into<Body>) -> Ask {
    ask(Method::POST, "/api/v1/events").by(token).sending(kind, body)
}

const ONE: &str = "application/cloudevents+json";
const BATCH: &str = "application/cloudevents-batch+json";
const LINES: &str = "application/x-ndjson";

fn outcomes(answer: &Answer) -> Vec<String> {
    let told = |outcome: &Value| outcome["outcome"].as_str().unwrap().to_owned();
    answer.json().as_array().unwrap().iter().map(told).collect()
}

#[tokio::test]
async fn one_event_is_answered_with_its_outcome_and_known_by_its_id() {
    let house = House::new();
    let token = house.client(SCHOOL).await;
    let body = described("e1", "r1").to_string();
    let first = house.answer(posted(&token, ONE, body.clone())).await.json();
    assert_eq!((first["id"].as_str(), first["outcome"].as_str()), (Some("e1"), Some("recorded")));
    assert_eq!(first["child_number"].as_str().unwrap().len(), 11);
    let again = house.answer(posted(&token, ONE, body)).await.json();
    assert_eq!((again["outcome"].as_str(), &again["position"]), (Some("duplicate"), &first["position"]));
    let other = described("e1", "r2").to_string();
    let reused = house.answer(posted(&token, ONE, other)).await.json();
    assert_eq!(
        (reused["outcome"].as_str(), reused["problem"]["code"].as_str()),
        (Some("refused"), Some("id_reused"))
    );
    let read = house.answer(get("/api/v1/events/e1").by(&token)).await.json();
    assert_eq!((read["outcome"].as_str(), &read["position"]), (Some("recorded"), &first["position"]));
    assert_eq!(house.answer(get("/api/v1/events/e9").by(&token)).await.code(), "not_found");
}

#[tokio::test]
async fn who_says_otherwise_than_what_stands_is_told_the_fields_and_again_with_the_repeat() {
    let house = House::new();
    let (school, hospital) = (house.client(SCHOOL).await, house.client(HOSPITAL).await);
    let first = house.answer(posted(&school, ONE, described("e1", "r1").to_string())).await.json();
    assert_eq!(first.get("discrepancies"), None);
    let mut other = described("e1", "p1");
    other["data"]["child"]["surname"] = json!("Low");
    for outcome in ["recorded", "duplicate"] {
        let told = house.answer(posted(&hospital, ONE, other.to_string())).await.json();
        assert_eq!(told["outcome"], outcome, "{told}");
        assert_eq!(told["child_number"], first["child_number"]);
        assert_eq!(told["discrepancies"], json!(["surname"]));
    }
}

#[tokio::test]
async fn a_bad_event_in_the_middle_of_a_batch_is_refused_and_the_rest_go_in() {
    let house = House::new();
    let token = house.client(SCHOOL).await;
    let mut body = b"[".to_vec();
    body.extend(described("e1", "r1").to_string().into_bytes());
    body.extend(b",{\"id\":\"e2\",\xff},{\"id\": nonsense},");
    body.extend(
        event("e4", "child.died", &json!({"child": {"local_ref": "r1"}, "note": "Quillfeather"}))
            .to_string()
            .into_bytes(),
    );
    body.push(b',');
    body.extend(started("e5", "r1", "i1").to_string().into_bytes());
    body.push(b']');
    let answer = house.answer(posted(&token, BATCH, body)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(outcomes(&answer), ["recorded", "refused", "refused", "refused", "recorded"]);
    let told = answer.json();
    let codes: Vec<_> = (1..4).map(|at| told[at]["problem"]["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["utf8_invalid", "json_invalid", "field_unknown"]);
    assert_eq!(told[3]["problem"]["errors"][0]["pointer"], "/data/note");
    assert!(!String::from_utf8_lossy(&answer.body).contains("Quillfeather"));
}

#[tokio::test]
async fn a_dry_run_judges_and_records_nothing() {
    let house = House::new();
    let token = house.client(SCHOOL).await;
    let before = house.directory.head().unwrap();
    let dry = ask(Method::POST, "/api/v1/events?dry_run=true")
        .by(&token)
        .sending(ONE, described("e1", "r1").to_string());
    assert_eq!(house.answer(dry).await.json()["outcome"], "recorded");
    assert_eq!(house.directory.head().unwrap(), before);
    let wet = posted(&token, ONE, described("e1", "r1").to_string());
    assert_eq!(house.answer(wet).await.json()["outcome"], "recorded");
}

#[tokio::test]
async fn what_is_no_event_at_all_is_a_problem() {
    let house = House::new();
    let token = house.client(SCHOOL).await;
    let two_megabytes = format!("\"{}\"", "x".repeat(2_000_000));
    let table = [
        (posted(&token, "application/json", "{}"), 415, "media_type_unsupported"),
        (posted(&token, ONE, "{"), 400, "json_invalid"),
        (posted(&token, ONE, vec![0xff]), 400, "utf8_invalid"),
        (posted(&token, ONE, two_megabytes.clone()), 413, "event_too_large"),
        (posted(&token, BATCH, "{}"), 400, "json_invalid"),
        (posted(&token, BATCH, format!("[{}1]", "1,".repeat(1_000))), 413, "batch_too_large"),
        (posted(&token, BATCH, " ".repeat(9_000_000)), 413, "body_too_large"),
        (ask(Method::POST, "/api/v1/events?dryrun=true").by(&token).sending(ONE, "{}"), 422, "query_invalid"),
    ];
    for (asked, status, code) in table {
        let answer = house.answer(asked).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code));
    }
    let batch = house.answer(posted(&token, BATCH, format!("[{two_megabytes}]"))).await.json();
    assert_eq!(batch[0]["problem"]["code"], "event_too_large");
}

#[tokio::test]
async fn lines_stream_in_and_out_in_order_and_a_bad_line_is_one_refusal() {
    let house = House::new();
    let token = house.client(SCHOOL).await;
    let mut lines = Vec::new();
    for at in 0..500 {
        let line = match at % 50 {
            7 => "no json".to_owned(),
            9 => format!("\"{}\"", "x".repeat(70_000)),
            _ => described(&format!("e{at}"), "r1").to_string(),
        };
        lines.extend(line.into_bytes());
        lines.extend(b"\r\n");
    }
    // Chunks fall anywhere, as they do on a network.
    let chunks: Vec<Result<Bytes, std::io::Error>> =
        lines.chunks(9_973).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
    let body = Body::from_stream(futures_util::stream::iter(chunks));
    let answer = house.answer(posted(&token, LINES, body)).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/x-ndjson"));
    let told: Vec<Value> = String::from_utf8(answer.body)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(told.len(), 500);
    for (at, outcome) in told.iter().enumerate() {
        match at % 50 {
            7 => assert_eq!(outcome["problem"]["code"], "json_invalid"),
            9 => assert_eq!(outcome["problem"]["code"], "event_too_large"),
            _ => {
                assert_eq!(outcome["id"], format!("e{at}"));
                assert_eq!(outcome["outcome"], if at == 0 { "recorded" } else { "unchanged" }, "{outcome}");
            }
        }
    }
}

#[tokio::test]
async fn a_token_that_ends_in_mid_stream_does_not_cut_the_stream() {
    let house = House::new();
    let token = house.client(SCHOOL).await;
    let (to, from) = tokio::sync::mpsc::channel::<Result<Bytes, std::io::Error>>(1);
    let stream =
        futures_util::stream::unfold(from, |mut from| async move { Some((from.recv().await?, from)) });
    let asked = posted(&token, LINES, Body::from_stream(stream));
    let line = |id: &str| Ok(Bytes::from(format!("{}\n", described(id, "r1"))));
    let sends = async {
        to.send(line("e1")).await.unwrap();
        house.pass(chrono::TimeDelta::minutes(11));
        to.send(line("e2")).await.unwrap();
        drop(to);
    };
    let (answer, ()) = tokio::join!(house.answer(asked), sends);
    let text = String::from_utf8(answer.body).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert_eq!(house.answer(get("/api/v1/caseload").by(&token)).await.code(), "token_invalid");
}

#[tokio::test]
async fn one_reads_ones_own_write_and_waits_for_no_position_that_does_not_come() {
    let house = House::new();
    let told = house.told(SCHOOL, &[described("e1", "r1")]).await;
    let token = house.client(SCHOOL).await;
    house.settle();
    let at = |position: &str| get("/api/v1/caseload").by(&token).with("if-position-at-least", position);
    assert_eq!(house.answer(at(&told[0]["position"].to_string())).await.status, StatusCode::OK);
    assert_eq!(house.answer(at("soon")).await.code(), "header_invalid");
    let never = house.answer(at("1000000")).await;
    assert_eq!((never.status.as_u16(), never.code().as_str()), (503, "position_not_reached"));
    assert_eq!(never.header("retry-after"), "2");
}

#[tokio::test]
async fn a_clients_caseload_names_nobody() {
    let house = House::new();
    let number = house.ava().await;
    let token = house.client(SCHOOL).await;
    let answer = house.answer(get("/api/v1/caseload").by(&token)).await;
    let entry = &answer.json()["entries"][0];
    assert_eq!(
        (entry["child_number"].as_str(), entry["service_type"].as_str()),
        (Some(number.as_str()), Some("school"))
    );
    assert!(!String::from_utf8_lossy(&answer.body).contains("Ava"));
}
