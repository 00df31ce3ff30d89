//! The page of a bundle as somebody opens it in twenty years: in a browser that others wrote, without a network.
//!
//! `cargo xtask test` installs Chromium, and what drives it and looks for barriers; without them the test fails.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use event_log::cosignature::CosigningKey;
use serde_json::{Value, json};
use vocabulary::Role;

use crate::{
    evidence::{BEGINS, approved, bundle, document, key},
    house::{AUTHORITY, House, post},
};

const WITNESS: &str = "invented.example/witness";

/// Where `cargo xtask browser` puts it: beside what else is built.
pub(crate) fn modules() -> PathBuf {
    let modules = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("browser");
    assert!(
        modules.join("installed.txt").is_file(),
        "nothing that opens pages is installed at {}: run `cargo xtask browser` once (it needs Chromium, Node 20 with \
         npm and a package index), or `cargo xtask test`, which does",
        modules.display()
    );
    modules
}

/// What the page of a bundle says of bundles, one after the other.
fn said(folder: &Path, page: &[u8], log_key: &str, bundles: &[(&str, &[u8])]) -> Vec<Value> {
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/browser/bundle.mjs");
    let output = Command::new("node")
        .args([script, modules(), put("verify.html", page), put("log-key.pub", log_key.as_bytes())])
        .args(bundles.iter().map(|(name, bytes)| put(&format!("{name}.zip"), bytes)))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The page as it lies in a bundle.
fn page(made: &[u8]) -> &[u8] {
    let at = |what: &[u8]| made.windows(what.len()).position(|window| window == what).unwrap();
    &made[at(b"<!doctype html>")..at(b"</html>") + b"</html>".len()]
}

#[tokio::test]
async fn the_page_of_a_bundle_believes_it_in_a_browser_offline_and_refuses_it_once_a_byte_differs() {
    let house = House::new();
    let number = house.ava().await;
    let investigator = house.signed_in(Role::Investigator, AUTHORITY).await;
    let id = approved(&house, &investigator, std::slice::from_ref(&number), false).await;
    let made = bundle(&house, &id, &investigator).await;
    let claims: evidence::Claims =
        serde_json::from_value(document(&made, &format!("{BEGINS}log\""), "PK\u{3}\u{4}")).unwrap();
    let mut proofs: evidence::Proofs =
        serde_json::from_value(document(&made, &format!("{BEGINS}checkpoint\""), "PK\u{1}\u{2}")).unwrap();
    let witness = CosigningKey::generate(WITNESS).unwrap();
    let cosigned = witness.cosign(&proofs.checkpoint, 1_800_000_000).unwrap();
    proofs.checkpoint.push_str(&cosigned);
    proofs.witness_keys.push(witness.cosigner().to_string());
    let whole = evidence::pack(&claims.written().0, &proofs).unwrap();
    let mut altered = whole.clone();
    let name = altered.windows(3).rposition(|window| window == b"Ava").unwrap();
    altered[name] ^= 4;
    let team = house.signed_in(Role::AuthorityTeam, AUTHORITY).await;
    let shield = json!({"child_number": number, "ground": "domestic_abuse", "review_by": "2026-12-01"});
    assert!(house.answer(post("/api/v1/shields", &shield).by(&team)).await.status.is_success());
    let shielded = bundle(&house, &id, &investigator).await;

    let folder = tempfile::tempdir().unwrap();
    let bundles = [("whole", whole.as_slice()), ("altered", &altered), ("shielded", &shielded)];
    let told = said(folder.path(), page(&made), &key(&house).to_string(), &bundles);
    assert_eq!(told.len(), bundles.len());
    for one in &told {
        let nothing = json!([]);
        assert_eq!(
            (&one["wrong"], &one["errors"], &one["requests"]),
            (&nothing, &nothing, &nothing),
            "{one}"
        );
        assert_eq!(one["overflow"], 0, "it fits a telephone: {one}");
    }
    let verdict = |at: usize| told[at]["verdict"].as_str().unwrap();
    assert!(verdict(0).starts_with("Believed.") && verdict(0).contains(WITNESS), "{}", verdict(0));
    assert!(verdict(0).contains("Signed with the key that was given."), "{}", verdict(0));
    assert_eq!(told[0]["rows"], claims.records().count());
    assert!(verdict(1).starts_with("Refused."), "{}", verdict(1));
    assert_eq!(told[1]["rows"], 0, "nothing is shown of what is refused");
    assert!(verdict(2).starts_with("Believed."), "{}", verdict(2));
    assert_eq!(told[2]["rows"], 0, "the shield is respected");
}
