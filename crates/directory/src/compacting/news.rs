//! What was told to be destroyed since all was compacted last.

use events::{Fact, erasure, recorded::Recorded};
use vocabulary::{ChildId, KeyId, Position, StreamKind};

use super::CompactError;
use crate::{Directory, unseal::unseal};

/// Records read at once.
const READ_BUDGET: u32 = 10_000;

/// Keys that the log tells of since then. Memory: 8 bytes a key, 16 a child.
#[derive(Debug, Default)]
pub(super) struct News {
    /// Position of the last record that told of any; where it was before, if none did.
    pub(super) as_of: Position,
    /// How far the log was read.
    pub(super) read_to: Position,
    /// Records that told of some.
    pub(super) erasures: u64,
    /// The keys, in order, each once.
    pub(super) keys: Vec<KeyId>,
    /// The children whose payloads they sealed, in order, each once.
    pub(super) children: Vec<ChildId>,
}

impl News {
    fn take(&mut self, recorded: &Recorded) {
        for fact in recorded.facts() {
            let Fact::Erasure(erasure::Event::KeysDestroyed { stream, keys }) = fact else { continue };
            self.as_of = recorded.position;
            self.erasures += 1;
            self.keys.extend(keys);
            if stream.kind == StreamKind::Child {
                self.children.push(ChildId::new(stream.id));
            }
        }
    }
}

impl Directory {
    /// Reads what was told since all was compacted last. Cost: the records since, of which few are opened.
    pub(super) fn news(&self) -> Result<News, CompactError> {
        let compacted = self.log().compacted()?;
        let quiet = self.quiet_to().max(compacted);
        let mut news = News { as_of: compacted, read_to: quiet, ..News::default() };
        let mut failed = None;
        loop {
            let reached = self.log().read_all(news.read_to, READ_BUDGET, &mut |record| {
                if record.header.stream.kind != StreamKind::Erasure {
                    return;
                }
                match unseal(self.vault(), record) {
                    Ok(recorded) => news.take(&recorded),
                    Err(error) => failed = failed.take().or(Some(error)),
                }
            })?;
            if let Some(error) = failed.take() {
                return Err(error.into());
            }
            if reached == news.read_to {
                break;
            }
            news.read_to = reached;
        }
        news.keys.sort_unstable();
        news.keys.dedup();
        news.children.sort_unstable();
        news.children.dedup();
        if news.keys.is_empty() {
            self.is_quiet_to(news.read_to);
        }
        Ok(news)
    }
}
