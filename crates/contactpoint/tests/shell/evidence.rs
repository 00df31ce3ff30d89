//! Evidence bundles at the shell: believed with the log's key, refused once a byte differs or history forked.

use std::{fs, sync::Arc};

use directory::Folders;
use event_log::{
    EventLog, Expected, Header, MemoryLog, Proposed, checkpoint::Checkpoint, disk::RealDisk,
    integrator::Integrator, merkle::inclusion_proof, note::SigningKey,
};
use evidence::{
    CaseClaim, ChildClaim, Claims, FORMAT, Inclusion, Proofs, RecordClaim, SealedClaim, Shown, helping,
    hexadecimal, pack,
};
use serde_json::json;
use uuid::Uuid;
use vault::Vault;
use vocabulary::stream::{BodyHash, EventId, Position, Stream, StreamKind};

use crate::asked::{Place, contactpoint, text_of};

const ORIGIN: &str = "invented.example/log";

/// A bundle of an invented case in a log of its own, whose tiles lie in the data folder of `place`.
struct Made {
    place: Place,
    bundle: Vec<u8>,
    key: SigningKey,
    /// The checkpoint after ten records of forty.
    older: String,
}

fn told(vault: &Vault, stream: Stream, number: u8, text: &str) -> (Proposed, SealedClaim) {
    let key = vault.mint().unwrap();
    let header = Header {
        salt: [number; 16],
        stream,
        event_id: EventId(Uuid::from_u128(u128::from(number) + 1)),
        body_hash: BodyHash([0; 16]),
        happened_at: 1_700_000_000_000_000,
        recorded_at: 1_700_000_000_000_000 + i64::from(number),
        class: stream.kind as u8,
        key,
        schema: 1,
    };
    let sealed = vault.seal(key, [number; 12], &header.sealing_binds(), text.as_bytes()).unwrap();
    let opening = vault.opening_key(key, [number; 12]).unwrap().unwrap();
    let claim = SealedClaim::new(&sealed.bytes, sealed.dictionary, &opening, text.to_owned());
    (Proposed { header, payload: sealed.bytes, dictionary: sealed.dictionary }, claim)
}

fn made() -> Made {
    let place = Place::empty();
    let tiles = Folders::beside(&place.path("data")).tiles();
    fs::create_dir_all(&tiles).unwrap();
    let vault = Vault::create(&place.path("vault")).unwrap();
    let log = MemoryLog::new();
    let key = || SigningKey::from_seed(ORIGIN, [7; 32]).unwrap();
    let mut integrator = Integrator::open(Arc::new(RealDisk::new(&tiles)), key()).unwrap();
    let child = Stream::new(StreamKind::Child, Uuid::from_u128(1));
    let case = Stream::new(StreamKind::Case, Uuid::from_u128(2));
    let mut shown = Vec::new();
    let mut older = String::new();
    for number in 0..39 {
        let (record, claim) = told(&vault, child, number, &format!("{{\"invented\":{number}}}"));
        log.submit(child, Expected::Any, vec![record]).wait().unwrap();
        shown.push(claim);
        if number == 9 {
            integrator.follow(&log, u32::MAX).unwrap();
            older = integrator.publish().unwrap().sign(&key());
        }
    }
    let mut records = Vec::new();
    log.read_all(Position::ZERO, u32::MAX, &mut |record| {
        records.push(RecordClaim::new(&record, Shown::Opened(shown.remove(0))));
    })
    .unwrap();
    let claims = Claims {
        format: FORMAT.to_owned(),
        log: ORIGIN.to_owned(),
        made_at: "2023-11-14T22:13:20.000000Z".to_owned(),
        case: CaseClaim {
            case_id: case.id.to_string(),
            reference: "SCR-1".to_owned(),
            purpose: "case_review".to_owned(),
            expires_on: "2024-01-01".to_owned(),
            opened_by: "1".to_owned(),
            approved_by: "2".to_owned(),
            lifts_shields: false,
        },
        children: vec![ChildClaim { child_number: None, replayed_at: None, records, view: None }],
        files: helping(),
    };
    let (written, digest) = claims.written();
    let bearing = json!({"facts": [{"type": "bundle_made", "data": {"sha256": hexadecimal(&digest)}}]});
    let (bearing_record, claim) = told(&vault, case, 39, &bearing.to_string());
    log.submit(case, Expected::Any, vec![bearing_record]).wait().unwrap();
    integrator.follow(&log, u32::MAX).unwrap();
    let checkpoint = integrator.publish().unwrap();
    let mut bearer = None;
    log.read_all(Position(39), 1, &mut |borne| {
        bearer = Some(RecordClaim::new(&borne, Shown::Opened(claim.clone())));
    })
    .unwrap();
    let tree = integrator.tiles().tree(40);
    let path = |position: u64| Inclusion {
        position,
        hashes: inclusion_proof(&tree, position - 1, 40)
            .unwrap()
            .iter()
            .map(|hash| hexadecimal(hash))
            .collect(),
    };
    let proofs = Proofs {
        format: FORMAT.to_owned(),
        checkpoint: checkpoint.sign(&key()),
        log_key: key().verifier().to_string(),
        witness_keys: Vec::new(),
        made: bearer.unwrap(),
        inclusion: (1..=40).map(path).collect(),
    };
    let bundle = pack(&written, &proofs).unwrap();
    Made { place, bundle, key: key(), older }
}

#[test]
fn a_bundle_is_believed_with_key_and_old_checkpoint_and_refused_once_a_byte_differs() {
    let Made { place, bundle, key, older } = made();
    let file = text_of(&place.path("bundle.zip"));
    fs::write(&file, &bundle).unwrap();
    let log_key = place.file("log-key.pub", &key.verifier().to_string());
    let checkpoint = place.file("older", &older);
    let asked = ["--json", "verify", "--bundle", &file, "--log-key", &log_key];
    let found = contactpoint(&asked).ended(0).object();
    assert_eq!(
        (&found["believed"], &found["opened"], &found["key_known"]),
        (&json!(true), &json!(39), &json!(true))
    );
    let unknown = contactpoint(&["--json", "verify", "--bundle", &file]).ended(0).object();
    assert_eq!(unknown["key_known"], false, "only the bundle speaks for its key");
    // An old checkpoint needs the tiles between: those of the data folder.
    let mut with_checkpoint = asked.to_vec();
    with_checkpoint.extend(["--checkpoint", &checkpoint]);
    contactpoint(&with_checkpoint).ended(2);
    let data = text_of(&place.path("data"));
    with_checkpoint.extend(["--data", &data]);
    assert_eq!(contactpoint(&with_checkpoint).ended(0).object()["checkpoint"], 10);
    // The same log signed another history before.
    let fork = Checkpoint { origin: ORIGIN.to_owned(), size: 10, root: [9; 32] }.sign(&key);
    fs::write(place.path("older"), fork).unwrap();
    let forked = contactpoint(&with_checkpoint).ended(4).object();
    assert!(forked["problem"].as_str().unwrap().contains("one history"), "{forked}");
    let other = place.file("other.pub", &SigningKey::generate(ORIGIN).unwrap().verifier().to_string());
    contactpoint(&["verify", "--bundle", &file, "--log-key", &other]).ended(4);
    let documents = bundle.windows(12).position(|window| window == b"bundle.json{").unwrap();
    for at in [0, 5_000, documents + 40, bundle.len() - 9_000, bundle.len() - 1] {
        let mut altered = bundle.clone();
        altered[at] ^= 4;
        fs::write(&file, &altered).unwrap();
        let refused = contactpoint(&asked).ended(4).object();
        assert_eq!(refused["believed"], false, "byte {at}");
    }
}
