//! Bundles: a case's evidence leaves with all that proves it (ADR-0052).
//!
//! A bundle shows what a replay would and never more: each child in it is replayed by [`Directory::history`], an
//! access event of its own, and what is told there is looked up in the log again for its header, its sealed payload
//! and the key that opens this payload alone. Then the case's own stream bears the SHA-256 of what is claimed, and
//! only from a checkpoint over that record is the bundle proven. Source: contract.md section 2 (`/cases/{id}/bundle`).

use std::collections::BTreeMap;

use event_log::{Payload as Stored, RecordRef, checkpoint::Checkpoint, merkle::inclusion_proof};
use events::{
    case::{self, BUNDLE_RECORDS_MAX, BundleDigest, BundleMade, Case},
    codec,
    recorded::Payload,
};
use evidence::{
    CaseClaim, ChildClaim, Claims, Inclusion, Proofs, RecordClaim, SealedClaim, Shown, hexadecimal,
};
use serde_json::json;
use visibility::permission::{Action, Relation};
use vocabulary::{CaseId, ChildId, Position, Revision, Stream, StreamKind, england_day};

use crate::{
    Directory, Ledger, LedgerError,
    disclose::{Disclosed, LookError},
    filing::FileError,
    history::{History, HistoryRequest, Told},
    ledger::ORIGIN,
    people::Person,
    register::{ActError, Acting},
    unseal::{UnsealError, nonce, unseal_in},
};

/// What a bundle will show, borne by the log and not proven yet.
#[derive(Debug)]
pub struct Evidence {
    case: CaseId,
    /// The claims as they were hashed.
    claims: Vec<u8>,
    /// Positions of the records in them, in their order.
    positions: Vec<Position>,
}

/// Why a bundle could not be proven; nothing leaves, and it is safe to ask again.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// The tree could not be grown or read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The log could not be read.
    #[error("the log could not be read")]
    Log(#[from] event_log::LogError),
    /// The record that bears the bundle could not be opened.
    #[error("the record that bears the bundle could not be opened")]
    Unseal(#[from] UnsealError),
    /// The checkpoint does not cover the bundle.
    #[error("the newest checkpoint does not cover the bundle")]
    NotCovered,
    /// It is larger than a file of its kind can be.
    #[error("the bundle is larger than a file of its kind can be")]
    TooLarge(#[from] evidence::ZipError),
}

impl Directory {
    /// Replays every child of a case of one's own, and has the log bear what a bundle of it claims.
    ///
    /// Cost: a replay a child, each with its append, and one append for the bundle; holds what it shows in memory, at
    /// most [`BUNDLE_RECORDS_MAX`] records.
    ///
    /// # Errors
    /// `Refused`: no investigator, no case of one's own, or it gives no right; or a child of it may not be replayed.
    pub async fn evidence(&self, person: &Person, id: CaseId) -> Result<Disclosed<Evidence>, LookError> {
        let case = self.bundled_case(person, id)?;
        let Some(opened) = &case.opened else { return Err(refused(&case::Refusal::Unknown)) };
        let mut children = Vec::with_capacity(opened.children.len());
        let mut records = 0;
        for child in &opened.children {
            let shown = self.replayed_for_evidence(person, *child, &opened.reference).await?;
            records += shown.records.len();
            if records > BUNDLE_RECORDS_MAX as usize {
                return Err(refused(&case::Refusal::BundleTooLarge));
            }
            children.push(shown);
        }
        let now = self.clock().now();
        let claims = Claims {
            format: evidence::FORMAT.to_owned(),
            log: ORIGIN.to_owned(),
            made_at: evidence::moment(now.timestamp_micros()),
            case: case_claim(id, &case, opened),
            children,
            files: evidence::helping(),
        };
        let (written, digest) = claims.written();
        let is_open = |record: &&RecordClaim| matches!(record.shown, Shown::Opened(_));
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let made = BundleMade {
            by: person.account,
            children: count(claims.children.len()),
            records: count(records),
            opened: count(claims.records().filter(is_open).count()),
            sha256: BundleDigest(digest),
        };
        let acting = Acting { by: person.actor(), now };
        let ticket = match self.act::<Case>(&acting, &id, &case::Command::Bundle(made)) {
            Ok(Some((_, ticket))) => ticket,
            // The rule answers with an event or a refusal.
            Ok(None) => return Err(refused(&case::Refusal::Unknown)),
            Err(ActError::Refused(refusal)) => return Err(refused(&refusal)),
            Err(ActError::Seal(error)) => return Err(FileError::Seal(error).into()),
            Err(ActError::Key(error)) => return Err(FileError::Key(error).into()),
            Err(ActError::Append(error)) => return Err(error.into()),
        };
        let positions = claims.records().map(|record| Position(record.position)).collect();
        Ok(Disclosed::after(ticket, Evidence { case: id, claims: written, positions }).await?)
    }

    /// Proves what the log bears: signs a checkpoint over it where there is none yet, and packs the bundle.
    ///
    /// Waits for the disk. Cost: a path through the tree a record, two or three reads of tiles each.
    ///
    /// # Errors
    /// A machine failed; nothing leaves.
    pub fn prove(
        &self,
        ledger: &Ledger,
        evidence: &Disclosed<Evidence>,
    ) -> Result<Disclosed<Vec<u8>>, ProveError> {
        let borne_at = evidence.position();
        self.integrate(ledger)?;
        let made = self.borne(evidence.view().case.stream(), borne_at)?;
        let wanted = evidence.view().positions.iter().copied().chain([borne_at]);
        let bundle = ledger.proving(borne_at, |note, tiles| {
            let size = Checkpoint::parse(note).filter(|checkpoint| checkpoint.size >= borne_at.0);
            let size = size.ok_or(ProveError::NotCovered)?.size;
            let tree = tiles.tree(size);
            let path = |position: Position| -> Result<Inclusion, ProveError> {
                let hashes = inclusion_proof(&tree, position.0 - 1, size).map_err(LedgerError::from)?;
                let hashes = hashes.iter().map(|hash| hexadecimal(hash)).collect();
                Ok(Inclusion { position: position.0, hashes })
            };
            let proofs = Proofs {
                format: evidence::FORMAT.to_owned(),
                checkpoint: note.to_owned(),
                log_key: ledger.verifier().to_owned(),
                witness_keys: ledger.cosigners_of(note),
                made,
                inclusion: wanted.map(path).collect::<Result<_, _>>()?,
            };
            Ok::<_, ProveError>(evidence::pack(&evidence.view().claims, &proofs)?)
        })?;
        Ok(evidence.of(bundle))
    }

    /// The case, where it is this investigator's and gives rights today.
    fn bundled_case(&self, person: &Person, id: CaseId) -> Result<Case, LookError> {
        person.may(Action::ReplayHistory, Relation::Elsewhere)?;
        let own = |case: &&Case| case.opened.as_ref().is_some_and(|opened| opened.by == person.account);
        let case = self.register().case(id).filter(own).cloned();
        let case = case.ok_or_else(|| refused(&case::Refusal::Unknown))?;
        case.in_force(england_day(self.clock().now())).map_err(|refusal| refused(&refusal))?;
        Ok(case)
    }

    async fn replayed_for_evidence(
        &self,
        person: &Person,
        child: ChildId,
        reference: &case::Reference,
    ) -> Result<ChildClaim, LookError> {
        let gone = ChildClaim { child_number: None, replayed_at: None, records: Vec::new(), view: None };
        let Some(number) = self.load_own(child)?.child.number else { return Ok(gone) };
        let request =
            HistoryRequest { case_ref: reference.clone(), as_of: None, as_seen_by: None, compare: None };
        let replayed = self.history(person, number, request).await?;
        let replayed_at = Some(replayed.position().0);
        let (records, view) = match replayed.view() {
            History::Events { events, .. } => (self.claimed(child, events)?, None),
            shown @ (History::Record { .. } | History::Difference { .. }) => {
                (Vec::new(), Some(serde_json::to_value(shown).unwrap_or_default()))
            }
        };
        Ok(ChildClaim { child_number: Some(number.to_string()), replayed_at, records, view })
    }

    /// What the log holds of the events that a replay told, and of no other.
    fn claimed(&self, child: ChildId, told: &[Told]) -> Result<Vec<RecordClaim>, LookError> {
        let told: BTreeMap<Position, &Told> = told.iter().map(|event| (event.position, event)).collect();
        let mut claims = Vec::with_capacity(told.len());
        for own in self.kinship().records(child) {
            for stream in [own.stream(), own.access_stream()] {
                let mut failed = None;
                self.log().read_stream(stream, Revision::NONE, &mut |record| {
                    let Some(event) = told.get(&record.position) else { return };
                    match self.claim(record, Some(event)) {
                        Ok(claim) => claims.push(claim),
                        Err(error) => failed = failed.take().or(Some(error)),
                    }
                })?;
                if let Some(error) = failed {
                    return Err(LookError::Load(error.into()));
                }
            }
        }
        claims.sort_by_key(|claim| claim.position);
        Ok(claims)
    }

    /// What is claimed of a record: opened where all of it was told, else stated as it was told.
    fn claim(&self, record: RecordRef<'_>, told: Option<&Told>) -> Result<RecordClaim, UnsealError> {
        let mut plain = Vec::new();
        let recorded = unseal_in(self.vault(), record, &mut plain)?;
        let (Payload::Open(entry), Stored::Kept(sealed)) = (&recorded.payload, record.payload) else {
            return Ok(RecordClaim::new(&record, Shown::Removed));
        };
        // A key opens all of a record. Beside a look may stand that it was drawn for a review, which a replay does not
        // tell: so the key of no look is given, or its absence would tell. Nor is one given where the stored text says
        // more than today's reading of it.
        let is_look = record.header.stream.kind == StreamKind::Access;
        let all_told = told.is_none_or(|told| told.facts == entry.facts);
        let whole = !is_look && all_told && codec::encode(entry) == plain;
        let header = record.header;
        let nonce = nonce(header.salt);
        let key = if whole {
            let position = record.position;
            let source = |source| UnsealError::Vault { position, source };
            self.vault().opening_key(header.key, nonce).map_err(source)?
        } else {
            None
        };
        let shown = match (key, String::from_utf8(plain), told) {
            (Some(key), Ok(text), _) => {
                Shown::Opened(SealedClaim::new(sealed, record.dictionary, &key, text))
            }
            (_, _, Some(told)) => Shown::Stated(json!({"by": told.by, "facts": told.facts})),
            (_, _, None) => Shown::Removed,
        };
        Ok(RecordClaim::new(&record, shown))
    }

    /// The record of a case's stream that bears a bundle.
    fn borne(&self, stream: Stream, at: Position) -> Result<RecordClaim, ProveError> {
        let mut found = None;
        self.log().read_stream(stream, Revision::NONE, &mut |record| {
            if record.position == at {
                found = Some(self.claim(record, None));
            }
        })?;
        Ok(found.ok_or(ProveError::NotCovered)??)
    }
}

fn case_claim(id: CaseId, case: &Case, opened: &case::Opened) -> CaseClaim {
    CaseClaim {
        case_id: id.to_string(),
        reference: opened.reference.as_str().to_owned(),
        purpose: serde_json::to_value(opened.purpose)
            .ok()
            .and_then(|word| word.as_str().map(str::to_owned))
            .unwrap_or_default(),
        expires_on: opened.expires_on.to_string(),
        opened_by: opened.by.to_string(),
        approved_by: case.approved_by.map(|by| by.to_string()).unwrap_or_default(),
        lifts_shields: case.lifts_shields,
    }
}

fn refused(refusal: &case::Refusal) -> LookError {
    LookError::Refused { code: refusal.code(), detail: refusal.to_string() }
}
