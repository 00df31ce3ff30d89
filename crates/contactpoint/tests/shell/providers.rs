//! A server with an identity provider in its settings: it starts whether or not the provider answers.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Command, Stdio},
};

use crate::asked::{Place, text_of};

/// Settings with a provider at an address where nobody listens.
fn settings(place: &Place, more: &str) {
    let secret = place.file("secret", "an invented secret\n");
    let text = format!(
        "[[providers]]\nname = \"haringey\"\nissuer = \"http://127.0.0.1:1\"\nclient_id = \"contactpoint\"\n\
         client_secret_file = \"{secret}\"\nauthorities = [\"gss:E09000014\"]\n{more}\n"
    );
    fs::write(place.path("data").join("config.toml"), text).unwrap();
}

fn post(address: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!(
        "POST /api/v1/sessions/oidc HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_server_starts_without_its_provider_and_says_what_is_wrong_with_it() {
    let place = Place::with_organisations();
    settings(&place, "strong_amr = [\"mfa\"]");
    let mut server = Command::new(env!("CARGO_BIN_EXE_contactpoint"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data", &text_of(&place.path("data"))])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(server.stderr.take().unwrap()).lines().map_while(Result::ok);
    let mut hears = |what: &str| told.find(|line| line.contains(what)).unwrap();
    let serving = hears("\"serving\"");
    let port: String =
        serving.split("127.0.0.1:").nth(1).unwrap().chars().take_while(char::is_ascii_digit).collect();
    let address = format!("127.0.0.1:{port}");
    let answer = post(&address, "{\"provider\":\"haringey\"}");
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("provider_unavailable"), "{answer}");
    let line = hears("an identity provider could not be used");
    assert!(line.contains("haringey") && line.contains("no connection"), "{line}");
    assert!(!line.contains("an invented secret"));
    let unknown = post(&address, "{\"provider\":\"camden\"}");
    assert!(unknown.starts_with("HTTP/1.1 404") && unknown.contains("provider_unknown"), "{unknown}");
    Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap();
    hears("stopped");
    assert_eq!(server.wait().unwrap().code(), Some(0));
}

#[test]
fn a_provider_that_is_set_up_wrongly_is_usage() {
    let place = Place::with_organisations();
    for (wrong, word) in [
        ("", "strong_acr"),
        ("strong_amr = [\"mfa\"]\nprivate_key_file = \"key.pem\"", "private_key_file"),
        ("strong_amr = [\"mfa\"]\ncolour = \"blue\"", "colour"),
    ] {
        settings(&place, wrong);
        let answer = place.ask(&["serve", "--listen", "127.0.0.1:0"]).ended(2);
        assert!(answer.stderr.contains(word), "{}", answer.stderr);
    }
}
