//! The bare file: the same bytes, the same group commit, and nothing else. What it does is the bound.

use std::{
    fs::File,
    os::unix::fs::FileExt,
    path::Path,
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

use benches::now;

use event_log::{Committed, LogError, Settler, Ticket};
use vocabulary::stream::{Position, Revision};

/// Bytes of a file that was zeroed before the run; writing goes round and round in it.
const ZEROED: u64 = 256 << 20;
/// Bytes of a file whose blocks are found when data is synced: more than any run writes.
const PROMISED: u64 = 64 << 30;

/// How the file comes by its blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blocks {
    /// Zeroed before the run, as the log's segments are for small batches.
    Zeroed,
    /// Found when data is synced, as in the log's segments for large batches.
    Fresh,
}

/// A file that is written with group commit.
pub(crate) struct Bare {
    shared: Arc<Shared>,
    writer: Option<JoinHandle<()>>,
}

struct Shared {
    queue: Mutex<Queue>,
    work: Condvar,
}

struct Queue {
    waiting: Vec<(Vec<u8>, Settler)>,
    closing: bool,
    /// The writer is told when this many requests wait.
    wake_at: usize,
}

impl Bare {
    /// Makes the file.
    pub(crate) fn new(path: &Path, blocks: Blocks) -> anyhow::Result<Bare> {
        let file = File::options().read(true).write(true).create(true).truncate(true).open(path)?;
        let length = match blocks {
            Blocks::Zeroed => {
                let zeroes = vec![0; 1 << 20];
                for at in (0..ZEROED).step_by(zeroes.len()) {
                    file.write_all_at(&zeroes, at)?;
                }
                ZEROED
            }
            Blocks::Fresh => PROMISED,
        };
        file.set_len(length)?;
        file.sync_all()?;
        let queue = Mutex::new(Queue { waiting: Vec::new(), closing: false, wake_at: 1 });
        let shared = Arc::new(Shared { queue, work: Condvar::new() });
        let theirs = Arc::clone(&shared);
        let writer = std::thread::Builder::new().spawn(move || theirs.write(&file, length))?;
        Ok(Bare { shared, writer: Some(writer) })
    }

    /// Queues some bytes.
    pub(crate) fn submit(&self, bytes: Vec<u8>) -> Ticket {
        let nowhere = Committed { position: Position::ZERO, first: Position::ZERO, revision: Revision::NONE };
        let (settler, ticket) = Ticket::pair(nowhere);
        let mut queue = self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.waiting.push((bytes, settler));
        let wake = queue.waiting.len() == queue.wake_at;
        drop(queue);
        if wake {
            self.shared.work.notify_one();
        }
        ticket
    }
}

impl Shared {
    fn write(&self, file: &File, length: u64) {
        let (mut at, mut bytes) = (0, Vec::new());
        let (mut callers, mut sync) = (0, Duration::ZERO);
        loop {
            let group = {
                let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
                while queue.waiting.is_empty() && !queue.closing {
                    queue = self.work.wait(queue).unwrap_or_else(PoisonError::into_inner);
                }
                // As the log does: waits a little for the callers who were answered last.
                let patience = (sync / 4).min(Duration::from_micros(500));
                if queue.waiting.len() < callers && patience > Duration::from_micros(10) {
                    queue.wake_at = callers;
                    let still = |held: &mut Queue| held.waiting.len() < held.wake_at && !held.closing;
                    let waited = self.work.wait_timeout_while(queue, patience, still);
                    queue = waited.unwrap_or_else(PoisonError::into_inner).0;
                    queue.wake_at = 1;
                }
                std::mem::take(&mut queue.waiting)
            };
            if group.is_empty() {
                return;
            }
            bytes.clear();
            for (part, _) in &group {
                bytes.extend_from_slice(part);
            }
            if at + bytes.len() as u64 > length {
                at = 0;
            }
            let start = now();
            let done = file.write_all_at(&bytes, at).and_then(|()| file.sync_data());
            sync = start.elapsed();
            callers = group.len() + self.queue.lock().unwrap_or_else(PoisonError::into_inner).waiting.len();
            at += bytes.len() as u64;
            let nowhere =
                Committed { position: Position::ZERO, first: Position::ZERO, revision: Revision::NONE };
            for (_, settler) in group {
                settler.settle(done.as_ref().map(|()| nowhere).map_err(|_| LogError::Stopped.into()));
            }
        }
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner).closing = true;
        self.shared.work.notify_one();
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has failed the tickets already.
            drop(writer.join());
        }
    }
}
