//! A server that speaks TLS: its files at the start, and new ones while it serves.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use crate::{
    asked::{Place, text_of},
    clients::certified,
};

#[test]
fn a_server_takes_new_certificates_on_sighup_and_serves_on() {
    let place = Place::with_organisations();
    let (certificate, key) = (place.path("server.pem"), place.path("server.key"));
    certified(&certificate, &key);
    let mut server = Command::new(env!("CARGO_BIN_EXE_contactpoint"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data", &text_of(&place.path("data"))])
        .args(["--tls-cert", &text_of(&certificate), "--tls-key", &text_of(&key)])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(server.stderr.take().unwrap()).lines().map_while(Result::ok);
    let mut hears = |what: &str| assert!(told.any(|line| line.contains(what)), "{what}");
    let tell = |signal: &str| {
        Command::new("kill").args([signal, &server.id().to_string()]).status().unwrap();
    };
    hears("serving");
    certified(&certificate, &key);
    tell("-HUP");
    hears("were read anew");
    fs::write(&key, "half of a renewal").unwrap();
    tell("-HUP");
    hears("the old ones are served on");
    tell("-TERM");
    hears("stopped");
    assert_eq!(server.wait().unwrap().code(), Some(0));
}

#[test]
fn a_certificate_without_its_key_or_without_anything_in_it_is_usage_or_failure() {
    let place = Place::with_organisations();
    let (certificate, key) = (place.path("server.pem"), place.path("server.key"));
    certified(&certificate, &key);
    let serve = ["serve", "--listen", "127.0.0.1:0", "--tls-cert"];
    place.ask(&[&serve[..], &[&text_of(&certificate)]].concat()).ended(2);
    fs::write(&key, "").unwrap();
    let empty = place.ask(&[&serve[..], &[&text_of(&certificate), "--tls-key", &text_of(&key)]].concat());
    assert!(empty.ended(1).stderr.contains("private key"));
}
