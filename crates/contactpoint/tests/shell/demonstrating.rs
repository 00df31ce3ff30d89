//! The demo as somebody starts it who names nothing: served from a folder that is gone with it; and the sandbox,
//! which keeps apart from the real directory.

use std::fs;

use crate::{
    asked::{Place, contactpoint, text_of},
    running::{Running, asked},
};

#[test]
fn a_demo_whose_folder_nobody_named_is_served_and_leaves_nothing() {
    let place = Place::empty();
    let temporary = text_of(&place.path(""));
    let arguments = ["demo", "--children", "200", "--listen", "127.0.0.1:0"];
    let mut demo = Running::start_with(&[("TMPDIR", &temporary)], &arguments);
    let address = demo.address("\"serving\"");
    let ready = asked(&address, "GET /readyz", "");
    assert!(ready.starts_with("HTTP/1.1 200"), "{ready}");
    let signed = asked(&address, "GET /api/v1/ledger/checkpoint", "");
    assert!(signed.starts_with("HTTP/1.1 200"), "{signed}");
    let made = fs::read_dir(&temporary).unwrap().count();
    assert_eq!(made, 1, "where it keeps what it invented");
    assert_eq!(demo.ended("-TERM"), Some(0));
    let left = fs::read_dir(&temporary).unwrap().count();
    assert_eq!(left, 0, "of what it invented");
}

#[test]
fn a_sandbox_says_training_and_nothing_else_serves_its_folder() {
    let place = Place::empty();
    let data = text_of(&place.path("data"));
    // The keys of a real server, as its environment names them.
    let (elsewhere, real_keys) = (text_of(&place.path("real-keys")), place.path("real-keys"));
    fs::create_dir(&real_keys).unwrap();
    let arguments = ["sandbox", "--data", &data, "--children", "200", "--listen", "127.0.0.1:0"];
    for _beginning in ["made", "as it stands"] {
        let mut sandbox = Running::start_with(&[("CONTACTPOINT_KEYS", &elsewhere)], &arguments);
        let address = sandbox.address("\"serving\"");
        let shown = asked(&address, "GET /sign-in", "");
        assert!(shown.contains("nothing you do reaches the real directory"), "{shown}");
        assert_eq!(sandbox.ended("-TERM"), Some(0));
    }
    assert_eq!(fs::read_dir(&real_keys).unwrap().count(), 0, "keys of its own");
    let refused = contactpoint(&["serve", "--data", &data, "--listen", "127.0.0.1:0"]).ended(2);
    assert!(refused.stderr.contains("invented people for training"), "{}", refused.stderr);
    place.ask(&["demo", "--children", "200", "--no-serve"]).ended(2);
    place.ask(&["verify"]).ended(0);
}

#[test]
fn a_sandbox_that_was_restored_is_still_one() {
    let place = Place::empty();
    let [data, again, copy, keys] =
        ["data", "again", "copy", "copy-keys"].map(|name| text_of(&place.path(name)));
    let serves = |folder: &str| {
        let arguments = ["sandbox", "--data", folder, "--children", "200", "--listen", "127.0.0.1:0"];
        let mut sandbox = Running::start(&arguments);
        let told = sandbox.until("\"serving\"").join("\n");
        assert_eq!(sandbox.ended("-TERM"), Some(0));
        told
    };
    serves(&data);
    place.ask(&["backup", "--to", &copy, "--keys-to", &keys]).ended(0);
    contactpoint(&["restore", "--from", &copy, "--keys-from", &keys, "--data", &again]).ended(0);
    contactpoint(&["serve", "--data", &again, "--listen", "127.0.0.1:0"]).ended(2);
    let told = serves(&again);
    assert!(told.contains("is served as it stands"), "{told}");
}

#[test]
fn a_sandbox_refuses_the_folder_of_a_real_directory_and_of_a_demo() {
    let real = Place::with_organisations();
    let refused = real.ask(&["sandbox", "--children", "200", "--listen", "127.0.0.1:0"]).ended(2);
    assert!(refused.stderr.contains("holds no sandbox"), "{}", refused.stderr);
    real.ask(&["verify"]).ended(0);
    let demo = Place::empty();
    demo.ask(&["demo", "--children", "200", "--no-serve"]).ended(0);
    demo.ask(&["sandbox", "--children", "200", "--listen", "127.0.0.1:0"]).ended(2);
    demo.ask(&["verify"]).ended(0);
}
