//! `witness`: cosigns the checkpoints of logs that others run, and refuses a log that shows another history.
//!
//! For another body than the one that runs the directory: it needs nothing of it but the log's public key. What it has
//! cosigned is durable before it answers, so that a kill at any moment never lets it sign two histories. Source: C2SP
//! tlog-witness; ADR-0056.

use std::{
    fs, io,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Context;
use directory::ports::Clock;
use event_log::{
    checkpoint::Checkpoint,
    cosignature::CosigningKey,
    disk::{Disk, Guard, RealDisk, read_file, replace},
    note::VerifierKey,
    witness::{NotCosigned, Submission},
};
use evidence::{hexadecimal, sha256};
use tokio::runtime::Runtime;
use tracing::{error, info, warn};

use crate::{
    clock,
    exit::{Status, usage},
    logging,
    serving::{asked_to_stop, listening},
    settings::{Flags, Place, Settings},
};

/// The key that cosigns, and what checks it, in the state folder.
const KEY: &str = "witness-key";
const PUBLIC: &str = "witness-key.pub";
const LOCK: &str = "lock";

/// Which logs to witness, and where.
#[derive(Debug, clap::Args)]
pub(crate) struct Witness {
    /// The folder of the witness's key and of what it has cosigned; made where there is none
    #[arg(long, value_name = "DIR")]
    state: PathBuf,
    /// The witness's name, which its key bears for ever; needed the first time
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The public key of a log to follow, as its operator publishes it; one file a log
    #[arg(long, value_name = "FILE", required = true)]
    log_key: Vec<PathBuf>,
    /// Where to listen; a proxy before it ends TLS
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
}

/// A witness at work.
struct Working {
    disk: RealDisk,
    /// Held from the judgement to the disk, so that two requests never go on from one checkpoint.
    key: Mutex<CosigningKey>,
    logs: Vec<VerifierKey>,
    clock: Box<dyn Clock>,
    _lock: Box<dyn Guard>,
}

/// Why no cosignature was given.
enum Refused {
    Rule(NotCosigned),
    /// What was cosigned last cannot be read or kept: nothing is signed then.
    Disk(io::Error),
}

impl Witness {
    /// Witnesses until told to stop.
    pub(crate) fn run(&self) -> anyhow::Result<Status> {
        let settings = Settings::read(&Place::default(), &Flags::default())?;
        logging::start(&settings)?;
        let working = self.open(clock::of(&settings))?;
        let listener = TcpListener::bind(self.listen)
            .with_context(|| format!("{} cannot be listened on", self.listen))?;
        let address = listener.local_addr()?;
        let runtime = Runtime::new().context("the runtime cannot be started")?;
        runtime.block_on(async move {
            let asked = asked_to_stop()?;
            let ended = async {
                let signal = asked.await;
                info!(signal, "stopping");
            };
            info!(%address, "witnessing");
            let judge = Arc::new(move |body: &str| working.answer(body));
            anyhow::Ok(api::serve_witness(judge, listening(listener)?, ended).await?)
        })?;
        Ok(Status::Done)
    }

    fn open(&self, clock: Box<dyn Clock>) -> anyhow::Result<Working> {
        let logs = self.log_key.iter().map(|file| log_of(file)).collect::<anyhow::Result<Vec<_>>>()?;
        fs::create_dir_all(&self.state)
            .with_context(|| format!("{} cannot be made", self.state.display()))?;
        let disk = RealDisk::new(&self.state);
        let lock = disk.lock(LOCK).context("the state folder cannot be locked")?;
        let lock = lock.ok_or_else(|| usage("another process witnesses in this folder"))?;
        let key = self.key()?;
        let public = key.cosigner().to_string();
        fs::write(self.state.join(PUBLIC), format!("{public}\n"))
            .context("the public key cannot be written")?;
        info!(key = public, logs = logs.len(), "the witness's key");
        Ok(Working { disk, key: Mutex::new(key), logs, clock, _lock: lock })
    }

    /// The key that is kept, or a new one where none is.
    fn key(&self) -> anyhow::Result<CosigningKey> {
        let path = self.state.join(KEY);
        if path.exists() {
            let key = CosigningKey::load(&path).context("the witness's key cannot be read")?;
            let cosigner = key.cosigner();
            return match &self.name {
                Some(name) if *name != cosigner.name() => {
                    Err(usage(format!("the witness of this folder is called {}", cosigner.name())))
                }
                Some(_) | None => Ok(key),
            };
        }
        let name = self.name.as_deref();
        let name =
            name.ok_or_else(|| usage("a new witness needs --name, such as council.example/witness"))?;
        let key =
            CosigningKey::generate(name).map_err(|fault| usage(format!("the witness's name: {fault}")))?;
        key.save(&path).context("the witness's key cannot be kept")?;
        Ok(key)
    }
}

fn log_of(file: &Path) -> anyhow::Result<VerifierKey> {
    let text = fs::read_to_string(file)
        .map_err(|fault| usage(format!("{} cannot be read: {fault}", file.display())))?;
    VerifierKey::parse(text.trim()).map_err(|fault| usage(format!("{}: {fault}", file.display())))
}

impl Working {
    /// Status and text of the answer to a request.
    fn answer(&self, body: &str) -> (u16, String) {
        let rule = match self.add(body) {
            Ok(line) => return (200, line),
            Err(Refused::Rule(rule)) => rule,
            Err(Refused::Disk(failure)) => {
                error!(error = %failure, "what was cosigned could not be read or kept; nothing is signed");
                return (500, String::new());
            }
        };
        let status = match rule {
            NotCosigned::Form => 400,
            NotCosigned::Unsigned => 403,
            NotCosigned::UnknownLog => 404,
            NotCosigned::Conflict(size) => return (409, format!("{size}\n")),
            NotCosigned::Unproven => 422,
        };
        (status, format!("{rule}\n"))
    }

    /// Judges a submission, keeps what is to be cosigned, and only then cosigns it.
    fn add(&self, body: &str) -> Result<String, Refused> {
        let submission = Submission::read(body).map_err(Refused::Rule)?;
        let key = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        let name = submission.origin().map(file_of).ok_or(Refused::Rule(NotCosigned::Form))?;
        let last = self.last(&name).map_err(Refused::Disk)?;
        let checkpoint = match submission.judged(&self.logs, last.as_ref()) {
            Ok(checkpoint) => checkpoint,
            Err(rule) => {
                say_another_history(rule, &submission, last.as_ref());
                return Err(Refused::Rule(rule));
            }
        };
        if last.as_ref() != Some(&checkpoint) {
            replace(&self.disk, &name, submission.note.as_bytes())
                .and_then(|()| self.disk.sync_dir(""))
                .map_err(Refused::Disk)?;
        }
        let seconds = u64::try_from(self.clock.now().timestamp()).unwrap_or_default();
        key.cosign(submission.note, seconds).map_err(|_| Refused::Rule(NotCosigned::Form))
    }

    /// What was cosigned last of a log. A file that is there and cannot be read is no new log.
    fn last(&self, name: &str) -> io::Result<Option<Checkpoint>> {
        let Some(bytes) = read_file(&self.disk, name)? else { return Ok(None) };
        let kept = str::from_utf8(&bytes).ok().and_then(Checkpoint::parse);
        kept.map(Some).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}

/// Says that a log signed two histories, or may have: the two notes, both with its signature, are the evidence.
fn say_another_history(rule: NotCosigned, submission: &Submission<'_>, last: Option<&Checkpoint>) {
    let (Some(last), Some(shown)) = (last, Checkpoint::parse(submission.note)) else { return };
    let note = submission.note;
    if matches!(rule, NotCosigned::Conflict(size) if shown.size == size && shown.root != last.root) {
        error!(log = shown.origin, size = shown.size, note, "a log signed two roots of one size");
    } else if rule == NotCosigned::Unproven {
        warn!(
            log = shown.origin,
            size = shown.size,
            note,
            "a log showed no proof that it goes on from what was cosigned"
        );
    }
}

/// The file of what was cosigned last of a log.
fn file_of(origin: &str) -> String {
    format!("{}.checkpoint", hexadecimal(&sha256(origin.as_bytes())))
}
