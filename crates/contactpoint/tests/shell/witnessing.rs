//! A witness at work: a server goes on without it, it cosigns, and refuses a fork before and after it was killed.

use std::fs;

use directory::{Folders, Ledger};
use event_log::{
    checkpoint::Checkpoint,
    cosignature::{CosignerKey, CosigningKey},
    note::SigningKey,
    witness::Submission,
};
use serde_json::json;

use crate::{
    asked::{Place, contactpoint, text_of},
    running::{Running, asked},
};

const NAME: &str = "invented.example/witness";

fn witness(place: &Place, listen: &str) -> (Running, String) {
    let state = text_of(&place.path("witness"));
    let key = text_of(&place.path("data/log-key.pub"));
    let asked = ["witness", "--state", &state, "--name", NAME, "--log-key", &key, "--listen", listen];
    let mut running = Running::start(&asked);
    let address = running.address("\"witnessing\"");
    (running, address)
}

/// Somebody with the log's key and another history, after the checkpoint that was cosigned last.
struct Forger {
    seen: Checkpoint,
    key: SigningKey,
}

impl Forger {
    /// What the witness answers to a checkpoint of this size with other records.
    fn shows(&self, address: &str, old: u64, size: u64) -> String {
        let forged = Checkpoint { size, root: [9; 32], ..self.seen.clone() }.sign(&self.key);
        submitted(address, old, &forged)
    }

    fn is_refused(&self, address: &str) {
        let size = self.seen.size;
        let fork = self.shows(address, size, size + 5);
        assert!(fork.starts_with("HTTP/1.1 422"), "{fork}");
        for (old, forged) in [(size, size), (0, size + 5), (0, size), (size - 1, size - 1)] {
            let kept = self.shows(address, old, forged);
            assert!(kept.starts_with("HTTP/1.1 409") && kept.contains("text/x.tlog.size"), "{kept}");
            assert!(kept.ends_with(&format!("\r\n\r\n{size}\n")), "{kept}");
        }
        let stranger = SigningKey::generate(&self.seen.origin).unwrap();
        let unsigned = submitted(address, size, &self.seen.sign(&stranger));
        assert!(unsigned.starts_with("HTTP/1.1 403"), "{unsigned}");
        let unknown = Checkpoint { origin: "other.example/log".to_owned(), ..self.seen.clone() };
        assert!(submitted(address, 0, &unknown.sign(&stranger)).starts_with("HTTP/1.1 404"));
        for nothing in ["", "nothing", "old 0\n\n"] {
            assert!(asked(address, "POST /add-checkpoint", nothing).starts_with("HTTP/1.1 400"));
        }
        let same = submitted(address, size, &self.seen.sign(&self.key));
        assert!(same.starts_with("HTTP/1.1 200") && same.contains(&format!("\u{2014} {NAME} ")), "{same}");
    }
}

fn submitted(address: &str, old: u64, note: &str) -> String {
    asked(address, "POST /add-checkpoint", &Submission { old, proof: Vec::new(), note }.written())
}

/// `verify` holds the log to what was cosigned, and says by whom where it is given the keys.
fn says_who_cosigned(place: &Place, key: &str) {
    let keys = place.file("witnesses.pub", key);
    let found = place.ask(&["--json", "verify", "--witness-keys", &keys]).ended(0).object();
    assert_eq!(found["cosigned"][0]["witness"], NAME, "{found}");
    assert_eq!(found["cosigned"][0]["size"], found["witnessed"]);
    let told = place.ask(&["verify", "--witness-keys", &keys]).ended(0);
    assert!(told.stdout.contains(&format!("by {NAME} at 20")), "{}", told.stdout);
    assert!(place.ask(&["verify"]).ended(0).stdout.contains("not checked: name the keys"));
    let another = CosigningKey::generate(NAME).unwrap().cosigner().to_string();
    let missed =
        place.ask(&["--json", "verify", "--witness-keys", &place.file("other.pub", &another)]).ended(1);
    assert_eq!(missed.object()["missed"], json!([NAME]));
    // The log's key alone writes no history that a witness saw otherwise.
    let path = place.path("data/tiles/checkpoint.witnessed");
    let kept = fs::read_to_string(&path).unwrap();
    let seen = Checkpoint::parse(&kept).unwrap();
    let log_key = SigningKey::load(&Folders::beside(&place.path("data")).keys.join("log-key")).unwrap();
    fs::write(&path, Checkpoint { root: [9; 32], ..seen.clone() }.sign(&log_key)).unwrap();
    let refused = place.ask(&["--json", "verify"]).ended(4).object();
    assert_eq!(refused["position"], seen.size, "{refused}");
    fs::write(&path, kept).unwrap();
}

#[test]
fn a_server_goes_on_without_its_witness_which_cosigns_later_and_refuses_a_fork_after_a_kill_too() {
    let place = Place::with_organisations();
    let folders = Folders::beside(&place.path("data"));
    drop(Ledger::open(&folders).unwrap());
    let (first, address) = witness(&place, "127.0.0.1:0");
    first.ended("-KILL");
    let key = fs::read_to_string(place.path("witness/witness-key.pub")).unwrap();
    let section = format!("[[witnesses]]\nurl = \"http://{address}\"\nkey = \"{}\"\n", key.trim());
    fs::write(place.path("data/config.toml"), section).unwrap();
    let data = text_of(&place.path("data"));
    let mut server = Running::start(&["serve", "--listen", "127.0.0.1:0", "--data", &data]);
    let door = server.address("\"serving\"");
    server.until("a witness does not answer");
    let alone = asked(&door, "GET /api/v1/ledger/checkpoint", "");
    assert!(alone.starts_with("HTTP/1.1 200") && !alone.contains(NAME), "{alone}");

    let (running, _) = witness(&place, &address);
    let said = server.until("a witness cosigns");
    assert!(!said.iter().any(|line| line.contains("does not answer")), "said once: {said:?}");
    let answer = asked(&door, "GET /api/v1/ledger/checkpoint", "");
    let (_, note) = answer.split_once("\r\n\r\n").unwrap();
    assert!(matches!(CosignerKey::parse(&key).unwrap().cosigned(note), Ok(Some(_))), "{note}");
    server.ended("-TERM");

    says_who_cosigned(&place, &key);
    let log_key = SigningKey::load(&folders.keys.join("log-key")).unwrap();
    let kept = fs::read_to_string(place.path("data/tiles/checkpoint.witnessed")).unwrap();
    let seen = Checkpoint::open(&kept, log_key.verifier()).unwrap();
    let forger = Forger { seen, key: log_key };
    forger.is_refused(&address);
    let state = text_of(&place.path("witness"));
    let log = text_of(&place.path("data/log-key.pub"));
    let beside = ["witness", "--state", &state, "--log-key", &log, "--listen", "127.0.0.1:0"];
    contactpoint(&beside).ended(2);
    running.ended("-KILL");
    contactpoint(&[&beside[..], &["--name", "another.example/witness"]].concat()).ended(2);
    let (again, anew) = witness(&place, "127.0.0.1:0");
    forger.is_refused(&anew);
    again.ended("-TERM");
}
