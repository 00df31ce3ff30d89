//! The demo as somebody starts it who names nothing: served from a folder that is gone with it.

use std::fs;

use crate::{
    asked::{Place, text_of},
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
