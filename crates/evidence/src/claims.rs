//! What a bundle says: its two documents, as they are written and read.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, SecondsFormat};
use event_log::{Header, RecordRef};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vault::OpeningKey;

use crate::{encoding::hexadecimal, sha256};

/// What is claimed: the document `bundle.json`, whose SHA-256 the log bears.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// [`crate::FORMAT`].
    pub format: String,
    /// The log's name, which its checkpoints begin with.
    pub log: String,
    /// When the bundle was made.
    pub made_at: String,
    /// For which case.
    pub case: CaseClaim,
    /// What of each child was replayed.
    pub children: Vec<ChildClaim>,
    /// SHA-256 of the files that explain the bundle, by name.
    pub files: BTreeMap<String, String>,
}

/// The case that allowed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseClaim {
    /// Its id.
    pub case_id: String,
    /// Its reference, as its own office writes it.
    pub reference: String,
    /// What for.
    pub purpose: String,
    /// Its last day.
    pub expires_on: String,
    /// The account that opened it, and that asked for the bundle.
    pub opened_by: String,
    /// The account of the other person, who approved it.
    pub approved_by: String,
    /// Whether shields were lifted for it.
    pub lifts_shields: bool,
}

/// What was replayed of one child.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChildClaim {
    /// The child's number; absent where the record is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child_number: Option<String>,
    /// Position of the access event that this replay left before anything was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replayed_at: Option<u64>,
    /// The records of the child and of the looks at it, by position; none where a shield was respected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<RecordClaim>,
    /// The little that was shown instead, where a shield was respected; stated, not proven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<Value>,
}

/// One record of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordClaim {
    /// Its place in the log, from 1.
    pub position: u64,
    /// When it happened, as its source told; the header has it too.
    pub happened_at: String,
    /// When the directory recorded it; the header has it too.
    pub recorded_at: String,
    /// Its packed header, in hexadecimal.
    pub header: String,
    /// SHA-256 of its sealed payload.
    pub payload_sha256: String,
    /// What is shown of its content.
    pub shown: Shown,
}

/// What is shown of a record's content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// All of it: the sealed payload, the key that opens it, and what is in it. Proven.
    Opened(SealedClaim),
    /// A part of it, since a replay leaves out the rest: who caused it and which facts. Stated, not proven.
    Stated(Value),
    /// Nothing: its key was destroyed, as the law asked.
    Removed,
}

/// A sealed payload with what opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedClaim {
    /// The sealed bytes, tag included, in base64.
    pub sealed: String,
    /// The dictionary it was packed with; 0 for none.
    pub dictionary: u8,
    /// Key of POLYVAL for this nonce (RFC 8452), in hexadecimal.
    pub authentication_key: String,
    /// Key of AES-256 for this nonce (RFC 8452), in hexadecimal.
    pub encryption_key: String,
    /// What is in it, character by character.
    pub text: String,
}

/// What proves the claims: the document `proofs.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proofs {
    /// [`crate::FORMAT`].
    pub format: String,
    /// The signed checkpoint, with the cosignatures of its witnesses: a C2SP signed note.
    pub checkpoint: String,
    /// The key that the checkpoint is signed with, to be compared with the one that the log's operator published.
    pub log_key: String,
    /// The keys of the witnesses that cosigned it.
    pub witness_keys: Vec<String>,
    /// The record of the case's stream that says that this bundle was made, and its SHA-256.
    pub made: RecordClaim,
    /// From each record to the root, in the order of the claims, and last from `made`.
    pub inclusion: Vec<Inclusion>,
}

/// A path through the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inclusion {
    /// Position of the record; its leaf's index is one less.
    pub position: u64,
    /// The siblings from the leaf to the root, in hexadecimal.
    pub hashes: Vec<String>,
}

impl RecordClaim {
    /// What is claimed of a record as it stands in the log.
    pub fn new(record: &RecordRef<'_>, shown: Shown) -> RecordClaim {
        let Header { happened_at, recorded_at, .. } = record.header;
        RecordClaim {
            position: record.position.0,
            happened_at: moment(happened_at),
            recorded_at: moment(recorded_at),
            header: hexadecimal(&record.header.pack()),
            payload_sha256: hexadecimal(&record.payload.digest()),
            shown,
        }
    }
}

impl SealedClaim {
    /// A sealed payload, the key that opens it, and what is in it.
    pub fn new(sealed: &[u8], dictionary: u8, key: &OpeningKey, text: String) -> SealedClaim {
        SealedClaim {
            sealed: STANDARD.encode(sealed),
            dictionary,
            authentication_key: hexadecimal(&key.authentication),
            encryption_key: hexadecimal(&key.encryption),
            text,
        }
    }
}

impl Claims {
    /// The document as it is written, and its SHA-256.
    pub fn written(&self) -> (Vec<u8>, [u8; 32]) {
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        let digest = sha256(&bytes);
        (bytes, digest)
    }

    /// The records of all children, in order.
    pub fn records(&self) -> impl Iterator<Item = &RecordClaim> {
        self.children.iter().flat_map(|child| &child.records)
    }
}

/// A time of a header, in microseconds since 1970, as RFC 3339 has it.
pub fn moment(micros: i64) -> String {
    DateTime::from_timestamp_micros(micros)
        .map_or_else(|| micros.to_string(), |time| time.to_rfc3339_opts(SecondsFormat::Micros, true))
}
