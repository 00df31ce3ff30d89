//! Checking a bundle: everything that is claimed, against the signature of a checkpoint.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use event_log::{
    Header, Payload,
    checkpoint::{Checkpoint, CheckpointError},
    cosignature::{CosignerKey, signed_by_these_alone},
    header::PACKED,
    leaf::{self, Hash},
    merkle,
    note::VerifierKey,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use vault::OpeningKey;
use vocabulary::stream::StreamKind;

use crate::{
    CLAIMS, Claims, FORMAT, PROOFS, Proofs, RecordClaim, SealedClaim, Shown,
    encoding::{bytes, hexadecimal},
    explaining, moment, sha256, zip,
};

/// Nodes that prove one size of the log to be the beginning of another, from its tiles.
pub type Continuing<'t> = dyn Fn(u64, u64) -> std::io::Result<Vec<Hash>> + 't;

/// What whoever checks knows already.
#[derive(Default)]
pub struct Trust<'t> {
    /// The log's key, got by another way than the bundle.
    pub log_key: Option<&'t VerifierKey>,
    /// Keys of witnesses that must have cosigned.
    pub witnesses: &'t [CosignerKey],
    /// A checkpoint kept earlier or seen later: the text of its note.
    pub checkpoint: Option<&'t str>,
    /// Proofs between sizes of the log, for a checkpoint of another size.
    pub continuing: Option<&'t Continuing<'t>>,
}

/// What was found to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Reference of the case.
    pub case: String,
    /// When the bundle was made, as the log recorded it.
    pub made_at: String,
    /// Records that the log holds as shown.
    pub records: usize,
    /// Of these, those whose content was opened and compared.
    pub opened: usize,
    /// Of these, those of which a part is stated by the log's operator.
    pub stated: usize,
    /// Of these, those whose content was destroyed.
    pub removed: usize,
    /// Children of whom only the least is stated, since a shield was respected.
    pub views: usize,
    /// The log's name.
    pub log: String,
    /// The key that signed the checkpoint.
    pub log_key: String,
    /// Whether that key was known to whoever checks, and not only to the bundle.
    pub key_known: bool,
    /// Number of records that the checkpoint covers.
    pub size: u64,
    /// Root over them.
    pub root: String,
    /// Who cosigned it, and when.
    pub cosigned: Vec<Cosigned>,
    /// Size of the checkpoint that was given, if one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<u64>,
}

/// A witness and when it saw the checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cosigned {
    /// Its name.
    pub witness: String,
    /// In seconds since 1970.
    pub at: u64,
    /// Whether its key was known to whoever checks.
    pub key_known: bool,
}

/// Why a bundle is not believed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It is not the file that was written.
    #[error(transparent)]
    File(#[from] zip::ZipError),
    /// A document of it cannot be read, or is not written as it should be.
    #[error("{0} is not written as it should be")]
    Document(&'static str),
    /// A file that explains it has changed.
    #[error("{0} is not the file that belongs to this bundle")]
    Helper(String),
    /// A key cannot be read.
    #[error("a key in the bundle cannot be read")]
    Key,
    /// The checkpoint is signed with another key than the one that is known.
    #[error("the checkpoint is not signed with the key that was given")]
    OtherKey,
    /// A checkpoint is not believed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A signature below the checkpoint does not hold, or is nobody's who is named.
    #[error("a signature below the checkpoint does not hold")]
    Cosignature,
    /// A witness that was asked for did not cosign.
    #[error("the witness {0} did not cosign the checkpoint")]
    Unwitnessed(String),
    /// A record is not in the log as it is shown.
    #[error("the record at position {0} is not in the log as it is shown")]
    NotInLog(u64),
    /// A record's times or hashes are not those of its header and payload.
    #[error("the record at position {0} is not what its header and payload say")]
    Record(u64),
    /// A record's payload does not open to the text beside it.
    #[error("the payload of the record at position {0} does not open to the text beside it")]
    Content(u64),
    /// The log does not bear the claims.
    #[error("the log does not bear the SHA-256 of bundle.json")]
    NotBorne,
    /// The log is not the one of the checkpoint that was given.
    #[error("the log of the bundle and the checkpoint given are not of one history")]
    Forked,
    /// The checkpoint given is of another size, and nothing proves one from the other.
    #[error(
        "the checkpoint given has {given} records and the bundle's {bundle}: the tiles of the log are needed"
    )]
    TilesNeeded {
        /// Size of the one given.
        given: u64,
        /// Size of the bundle's.
        bundle: u64,
    },
    /// The tiles could not be read.
    #[error("the tiles of the log could not be read")]
    Tiles(#[from] std::io::Error),
}

/// Checks a bundle, all of it.
///
/// Cost: one or two hashes a step of each record's path, and one opening a record.
///
/// # Errors
/// Why it is not believed; see [`Refused`].
pub fn check(bundle: &[u8], trust: &Trust<'_>) -> Result<Checked, Refused> {
    let files: BTreeMap<&str, &[u8]> = in_order(bundle)?;
    let file = |name: &'static str| files.get(name).copied().ok_or(Refused::Document(name));
    let (claimed, proven) = (file(CLAIMS)?, file(PROOFS)?);
    let claims: Claims = document(CLAIMS, claimed)?;
    let proofs: Proofs = document(PROOFS, proven)?;
    if claims.format != FORMAT || claims.files.len() != explaining().len() {
        return Err(Refused::Document(CLAIMS));
    }
    if proofs.format != FORMAT {
        return Err(Refused::Document(PROOFS));
    }
    for (name, digest) in &claims.files {
        let same = files.get(name.as_str()).is_some_and(|bytes| hexadecimal(&sha256(bytes)) == *digest);
        if !same {
            return Err(Refused::Helper(name.clone()));
        }
    }
    let (checkpoint, cosigned) = signed(&claims, &proofs, trust)?;
    let mut counts = [0_usize; 3];
    for record in claims.records() {
        let at = match looked_at(record)? {
            Seen::Opened(_) => 0,
            Seen::Stated => 1,
            Seen::Removed => 2,
        };
        if let Some(count) = counts.get_mut(at) {
            *count += 1;
        }
    }
    included(&claims, &proofs, &checkpoint)?;
    borne(&claims, claimed, &proofs.made)?;
    let given = trust.checkpoint.map(|note| continued(note, &checkpoint, &proofs, trust)).transpose()?;
    let [opened, stated, removed] = counts;
    Ok(Checked {
        case: claims.case.reference.clone(),
        made_at: proofs.made.recorded_at.clone(),
        records: opened + stated + removed,
        opened,
        stated,
        removed,
        views: claims.children.iter().filter(|child| child.view.is_some()).count(),
        log: checkpoint.origin,
        log_key: proofs.log_key.clone(),
        key_known: trust.log_key.is_some(),
        size: checkpoint.size,
        root: hexadecimal(&checkpoint.root),
        cosigned,
        checkpoint: given,
    })
}

/// The files by name, where they are those of a bundle, in order.
fn in_order(bundle: &[u8]) -> Result<BTreeMap<&str, &[u8]>, Refused> {
    let files = zip::read(bundle)?;
    let names = explaining().map(|(name, _)| name).into_iter().chain([CLAIMS, PROOFS]);
    if !names.eq(files.iter().map(|(name, _)| *name)) {
        return Err(zip::ZipError::Form.into());
    }
    Ok(files.into_iter().collect())
}

/// A document, where its bytes are those that we would write.
fn document<T: DeserializeOwned + Serialize>(name: &'static str, bytes: &[u8]) -> Result<T, Refused> {
    let read: T = serde_json::from_slice(bytes).map_err(|_| Refused::Document(name))?;
    let same = serde_json::to_vec(&read).is_ok_and(|written| written == bytes);
    if same { Ok(read) } else { Err(Refused::Document(name)) }
}

/// The checkpoint, its signature checked, and who cosigned it.
fn signed(
    claims: &Claims,
    proofs: &Proofs,
    trust: &Trust<'_>,
) -> Result<(Checkpoint, Vec<Cosigned>), Refused> {
    let key = VerifierKey::parse(&proofs.log_key).map_err(|_| Refused::Key)?;
    if key.to_string() != proofs.log_key {
        return Err(Refused::Key);
    }
    if trust.log_key.is_some_and(|known| *known != key) {
        return Err(Refused::OtherKey);
    }
    let checkpoint = Checkpoint::open(&proofs.checkpoint, &key)?;
    if checkpoint.origin != claims.log {
        return Err(CheckpointError::Origin.into());
    }
    let named = proofs.witness_keys.iter().map(|text| {
        let witness = CosignerKey::parse(text).map_err(|_| Refused::Key)?;
        if witness.to_string() == *text { Ok(witness) } else { Err(Refused::Key) }
    });
    let named: Vec<CosignerKey> = named.collect::<Result<_, _>>()?;
    if !signed_by_these_alone(&proofs.checkpoint, &key, &named) {
        return Err(Refused::Cosignature);
    }
    if let Some(absent) = trust.witnesses.iter().find(|witness| !named.contains(witness)) {
        return Err(Refused::Unwitnessed(absent.name().to_owned()));
    }
    let mut cosigned = Vec::new();
    for witness in &named {
        if let Ok(Some(at)) = witness.cosigned(&proofs.checkpoint) {
            let key_known = trust.witnesses.contains(witness);
            cosigned.push(Cosigned { witness: witness.name().to_owned(), at, key_known });
        }
    }
    Ok((checkpoint, cosigned))
}

/// What a record showed.
enum Seen {
    Opened(Vec<u8>),
    Stated,
    Removed,
}

/// Checks a record against its own header and payload.
fn looked_at(record: &RecordClaim) -> Result<Seen, Refused> {
    let wrong = || Refused::Record(record.position);
    let (header, digest) = parts(record)?;
    if record.happened_at != moment(header.happened_at) || record.recorded_at != moment(header.recorded_at) {
        return Err(wrong());
    }
    match &record.shown {
        Shown::Opened(claim) => {
            let sealed = STANDARD.decode(&claim.sealed).map_err(|_| wrong())?;
            if sha256(&sealed) != digest {
                return Err(wrong());
            }
            let content = || Refused::Content(record.position);
            let text = opened(&header, claim, &sealed).ok_or_else(content)?;
            if text != claim.text.as_bytes() {
                return Err(content());
            }
            Ok(Seen::Opened(text))
        }
        Shown::Stated(_) => Ok(Seen::Stated),
        Shown::Removed => Ok(Seen::Removed),
    }
}

fn opened(header: &Header, claim: &SealedClaim, sealed: &[u8]) -> Option<Vec<u8>> {
    let key = OpeningKey {
        authentication: bytes(&claim.authentication_key)?,
        encryption: bytes(&claim.encryption_key)?,
    };
    let [nonce @ .., _, _, _, _] = header.salt;
    key.open(header.key, nonce, &header.sealing_binds(), (claim.dictionary, sealed)).ok()
}

/// Header and digest of the payload, which the leaf is made of.
fn parts(record: &RecordClaim) -> Result<(Header, Hash), Refused> {
    let wrong = || Refused::Record(record.position);
    let packed: [u8; PACKED] = bytes(&record.header).ok_or_else(wrong)?;
    let header = Header::unpack(&packed).ok_or_else(wrong)?;
    Ok((header, bytes(&record.payload_sha256).ok_or_else(wrong)?))
}

/// Checks the path of each record to the root.
fn included(claims: &Claims, proofs: &Proofs, checkpoint: &Checkpoint) -> Result<(), Refused> {
    let count = claims.records().count() + 1;
    if proofs.inclusion.len() != count {
        return Err(Refused::Document(PROOFS));
    }
    for (record, path) in claims.records().chain([&proofs.made]).zip(&proofs.inclusion) {
        let wrong = || Refused::NotInLog(record.position);
        let (header, digest) = parts(record)?;
        let leaf = leaf::hash(&header.pack(), Payload::Erased(digest));
        let hashes: Option<Vec<Hash>> = path.hashes.iter().map(|text| bytes(text)).collect();
        let index = record.position.checked_sub(1).ok_or_else(wrong)?;
        let hashes = hashes.filter(|_| path.position == record.position).ok_or_else(wrong)?;
        if !merkle::includes(&checkpoint.root, checkpoint.size, index, &leaf, &hashes) {
            return Err(wrong());
        }
    }
    Ok(())
}

/// What is read of the record that bears a bundle; every other field is the log's own.
#[derive(Deserialize)]
struct Bearing {
    facts: Vec<Borne>,
}

#[derive(Deserialize)]
struct Borne {
    r#type: String,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    sha256: String,
}

/// Checks that the log itself bears the claims: a record of the case's stream with their SHA-256.
fn borne(claims: &Claims, claimed: &[u8], made: &RecordClaim) -> Result<(), Refused> {
    let (header, _) = parts(made)?;
    let of_case = header.stream.kind == StreamKind::Case
        && hexadecimal(header.stream.id.as_bytes()) == claims.case.case_id.replace('-', "");
    let Seen::Opened(text) = looked_at(made)? else { return Err(Refused::NotBorne) };
    let bearing: Bearing = serde_json::from_slice(&text).map_err(|_| Refused::NotBorne)?;
    let digest = hexadecimal(&sha256(claimed));
    let bears = |fact: &Borne| fact.r#type == "bundle_made" && fact.data.sha256 == digest;
    if of_case && bearing.facts.iter().all(bears) && bearing.facts.len() == 1 {
        Ok(())
    } else {
        Err(Refused::NotBorne)
    }
}

/// Checks that a checkpoint kept elsewhere and the bundle's are of one history; answers its size.
fn continued(note: &str, ours: &Checkpoint, proofs: &Proofs, trust: &Trust<'_>) -> Result<u64, Refused> {
    let key = VerifierKey::parse(&proofs.log_key).map_err(|_| Refused::Key)?;
    let given = Checkpoint::open(note, &key)?;
    let (old, new) = if given.size <= ours.size { (&given, ours) } else { (ours, &given) };
    let path = match trust.continuing {
        _ if old.size == new.size || old.size == 0 => Vec::new(),
        Some(continuing) => continuing(old.size, new.size)?,
        None => return Err(Refused::TilesNeeded { given: given.size, bundle: ours.size }),
    };
    if merkle::continues(old.size, &old.root, new.size, &new.root, &path) {
        Ok(given.size)
    } else {
        Err(Refused::Forked)
    }
}
