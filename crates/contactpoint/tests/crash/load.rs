//! The load: writers that post invented children, and a practitioner who searches and opens.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering},
};

use serde_json::{Value, json};

use super::{
    http,
    server::{Client, Credentials},
};

/// What the server said before it was killed.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) acknowledged: Vec<Acknowledged>,
    pub(crate) shown: Vec<Shown>,
}

/// An event that was acknowledged.
pub(crate) struct Acknowledged {
    pub(crate) id: String,
    pub(crate) outcome: String,
    pub(crate) position: u64,
}

/// A record that was shown.
pub(crate) struct Shown {
    pub(crate) position: u64,
}

/// Posts batches of events about children nobody has heard of, until the server is gone.
pub(crate) fn write(
    address: SocketAddr,
    client: &Client,
    name: &str,
    stop: &AtomicBool,
    ledger: &mut Ledger,
) {
    let Ok(token) = http::token(address, client) else { return };
    for batch in 0.. {
        if stop.load(Ordering::Acquire) {
            return;
        }
        let events: Vec<Value> = (0..=batch % 12).map(|at| event(name, batch, at)).collect();
        let kind = "application/cloudevents-batch+json";
        let Ok(answer) = http::post(address, "/api/v1/events", kind, &token, None, &json!(events)) else {
            return;
        };
        assert_eq!(answer.status, 200, "{}", answer.body);
        for outcome in answer.body.as_array().unwrap() {
            let word = outcome["outcome"].as_str().unwrap().to_owned();
            assert!(matches!(word.as_str(), "recorded" | "queued"), "{outcome}");
            ledger.acknowledged.push(Acknowledged {
                id: outcome["id"].as_str().unwrap().to_owned(),
                outcome: word,
                position: outcome["position"].as_u64().unwrap(),
            });
        }
    }
}

/// An invented child, unlike every other by name and day of birth.
fn event(name: &str, batch: u32, at: u32) -> Value {
    let number = batch * 16 + at;
    let letters = |seed: u32| -> String {
        let mut left = seed.wrapping_mul(2_654_435_761);
        let mut text = String::from("Q");
        for _ in 0..6 {
            text.push(char::from(b'a' + u8::try_from(left % 26).unwrap_or_default()));
            left /= 26;
        }
        text
    };
    let salt = name.bytes().fold(number, |salt, byte| salt.wrapping_mul(31).wrapping_add(u32::from(byte)));
    json!({
        "specversion": "1.0", "id": format!("crash-{name}-{number}"), "source": "crash",
        "type": "uk.contactpoint.child.described.v1",
        "data": {"child": {
            "local_ref": format!("crash-{name}-{number}"), "forename": letters(salt), "surname": letters(salt ^ 0x5555),
            "date_of_birth": format!("{}-{:02}-{:02}", 2010 + salt % 14, 1 + salt / 14 % 12, 1 + salt / 168 % 28),
            "gender": "not_specified",
        }},
    })
}

/// Opens the record of the story's child, again and again, until the server is gone.
pub(crate) fn look(address: SocketAddr, credentials: &Credentials, stop: &AtomicBool, ledger: &mut Ledger) {
    let Ok(token) = http::token(address, &credentials.asking) else { return };
    let path = format!("/api/v1/children/{}/accesses", credentials.child);
    while !stop.load(Ordering::Acquire) {
        // One user looks for as long as the server lives: a reason that no ceiling of attempts refuses.
        let asked = json!({"reason": "emergency"});
        let acting = Some(credentials.acting_user.as_str());
        let Ok(answer) = http::post(address, &path, "application/json", &token, acting, &asked) else {
            return;
        };
        assert_eq!(answer.status, 201, "{}", answer.body);
        ledger.shown.push(Shown { position: answer.body["position"].as_u64().unwrap() });
    }
}
