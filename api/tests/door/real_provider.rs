//! The whole way with a provider that others wrote: `oidc-provider-mock`, over Authlib, started by the test.
//!
//! It keeps the real time, so this house does too. `cargo xtask test` installs it; without it the test fails.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use api::{ClientCredential, ProviderSettings};
use axum::http::StatusCode;
use directory::ports::{Clock, SystemClock};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::sleep,
};
use vocabulary::Role;

use crate::{
    house::{House, SCHOOL, get, post},
    invented_provider::{Back, parameters},
    providers::{CALLBACK, Way, is, said, set_up, settings_with, way_in},
};

/// Where `cargo xtask provider` puts it: beside what else is built.
fn python() -> PathBuf {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_owned();
    let python = target.join("oidc-provider/bin/python");
    assert!(
        python.is_file(),
        "no identity provider is installed at {}: run `cargo xtask provider` once (it needs Python 3 with venv \
         and a package index), or `cargo xtask test`, which does",
        python.display()
    );
    python
}

/// Where browsers come back to.
const HOME: &str = "http://127.0.0.1:8080/oidc/callback";

/// The provider as a process of its own; it ends with the test.
struct RealProvider {
    process: Child,
    address: String,
}

impl Drop for RealProvider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl RealProvider {
    async fn start() -> RealProvider {
        let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let process = Command::new(python())
            .args(["-m", "oidc_provider_mock", "--port", &port.to_string(), "--require-nonce", "true"])
            .args(["--require-registration", "true"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let provider = RealProvider { process, address: format!("127.0.0.1:{port}") };
        let (mut tries, mut up) = (0, false);
        while !up && tries < 600 {
            sleep(Duration::from_millis(50)).await;
            up = TcpStream::connect(&provider.address).await.is_ok();
            tries += 1;
        }
        assert!(up, "the provider did not come up within thirty seconds");
        provider
    }

    fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    async fn told(&self, method: &str, path: &str, kind: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n{body}",
            self.address,
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    /// Makes this directory known there, and answers what it is set up with.
    async fn registers(&self) -> ProviderSettings {
        let asked = json!({"redirect_uris": [HOME]}).to_string();
        let answer = self.told("POST", "/oauth2/clients", "application/json", &asked).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 201"), "{answer}");
        let client: Value = serde_json::from_str(body).unwrap();
        let mut settings = set_up("haringey", &self.issuer(), SCHOOL);
        client["client_id"].as_str().unwrap().clone_into(&mut settings.provider.client_id);
        settings.credential = ClientCredential::secret(client["client_secret"].as_str().unwrap()).unwrap();
        settings
    }

    /// Gives somebody there these claims.
    async fn has(&self, subject: &str, claims: &Value) {
        let body = claims.to_string();
        let answer = self.told("PUT", &format!("/users/{subject}"), "application/json", &body).await;
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    }

    /// Signs somebody in where a browser was sent, and answers what the browser brings back.
    async fn signs_in(&self, url: &str, subject: &str) -> Back {
        let path = url.strip_prefix(&self.issuer()).unwrap();
        let form = format!("sub={subject}");
        let answer = self.told("POST", path, "application/x-www-form-urlencoded", &form).await;
        let location = answer.lines().find_map(|line| line.strip_prefix("Location: "));
        let location = location.ok_or(&answer).unwrap();
        let (home, query) = location.trim().split_once('?').unwrap();
        assert_eq!(home, HOME);
        let brought = parameters(query);
        Back { state: brought["state"].clone(), code: brought["code"].clone() }
    }
}

#[tokio::test]
async fn a_person_signs_in_at_a_provider_that_others_wrote() {
    let provider = RealProvider::start().await;
    provider.has("staff-7", &json!({"acr": "aal2", "name": "Jo Reed"})).await;
    provider.has("staff-8", &json!({"amr": ["pwd", "mfa"]})).await;
    provider.has("staff-9", &json!({"acr": "aal1", "amr": ["pwd"]})).await;
    let settings = settings_with(vec![provider.registers().await]);
    let house = House::at(settings, SystemClock::default().now());
    let session = house.signed_in(Role::Practitioner, SCHOOL).await;
    house.step_up(&session).await;

    // Linked by its person.
    let asked = post("/api/v1/identities/registration", &json!({"provider": "haringey"})).by(&session);
    let to_link = Way::of(&house.answer(asked).await);
    let brought = to_link.back(&provider.signs_in(&to_link.url, "staff-7").await);
    let linked = house.answer(post("/api/v1/identities", &brought).by(&session)).await;
    assert_eq!(linked.status, StatusCode::CREATED, "{linked:?}");

    // Signed in by it; what came back is taken once.
    let way = way_in(&house, "haringey").await;
    let back = provider.signs_in(&way.url, "staff-7").await;
    let answer = house.answer(post(CALLBACK, &way.back(&back))).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    let own = answer.json()["token"].as_str().unwrap().to_owned();
    assert_eq!(house.answer(get("/api/v1/caseload").by(&own)).await.status, StatusCode::OK);
    let again = house.answer(post(CALLBACK, &way.back(&back))).await;
    assert_eq!(said(&again), is(422, "identity_not_accepted"));

    // Its code is good once there too, whichever state it comes with.
    let other_way = way_in(&house, "haringey").await;
    let state = provider.signs_in(&other_way.url, "staff-7").await.state;
    let used_code = other_way.back(&Back { state, code: back.code });
    assert_eq!(said(&house.answer(post(CALLBACK, &used_code)).await), is(422, "identity_not_accepted"));

    // Strong, but nobody's here; and weak.
    for (subject, refusal) in [("staff-8", is(401, "sign_in_refused")), ("staff-9", is(403, "identity_weak"))]
    {
        let theirs = way_in(&house, "haringey").await;
        let told = theirs.back(&provider.signs_in(&theirs.url, subject).await);
        assert_eq!(said(&house.answer(post(CALLBACK, &told)).await), refusal, "{subject}");
    }
}
