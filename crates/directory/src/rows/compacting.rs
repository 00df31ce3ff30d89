//! Compacting: what was removed from the rows leaves their files.
//!
//! A removed row stays in the files of the store beside the mark that it is gone, until these are merged, which may
//! be years. Its own key is destroyed by then, and its postings stand in clear; so all files of a model are merged at
//! once. Of the store's journal this takes nothing: at most 64 MiB of rows, sealed, that go as it is written on.

use std::sync::PoisonError;

use super::{Generation, Rows, RowsError};

/// A key of the meta that says nothing.
const ASIDE: &str = "aside";

impl Rows {
    /// Writes the files of every model anew, without what was removed; answers how many models that were.
    ///
    /// Reading and folding go on. Cost: reads and writes all rows once.
    ///
    /// # Errors
    /// `Store`.
    pub(crate) fn compact(&self) -> Result<u32, RowsError> {
        let live: Vec<Generation> = {
            let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
            live.values().cloned().collect()
        };
        let compacting = || RowsError::store("be compacted");
        let mut models = 0;
        for rows in live.iter().filter_map(Generation::rows) {
            // What is in memory first, so that a row and its removal meet.
            rows.rotate_memtable_and_wait().map_err(compacting())?;
            rows.major_compact().map_err(compacting())?;
            models += 1;
        }
        // The store lets go of files that nobody reads any more when it next puts newest rows aside.
        self.meta.insert(ASIDE, []).map_err(compacting())?;
        self.meta.remove(ASIDE).map_err(compacting())?;
        self.meta.rotate_memtable_and_wait().map_err(compacting())?;
        Ok(models)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path, sync::Arc};

    use projections::ChildRecord;

    use crate::catch_up::{
        Projector,
        story::{Story, beginning, child, started},
    };

    /// Whether a file below a folder holds these bytes, journals apart.
    fn contain(folder: &Path, needle: &[u8]) -> bool {
        fs::read_dir(folder).unwrap().map(Result::unwrap).any(|entry| {
            if entry.file_type().unwrap().is_dir() {
                return contain(&entry.path(), needle);
            }
            let is_journal = entry.path().extension().is_some_and(|ending| ending == "jnl");
            !is_journal && fs::read(entry.path()).unwrap().windows(needle.len()).any(|bytes| bytes == needle)
        })
    }

    #[test]
    fn what_was_removed_leaves_the_files_and_what_was_not_stays() {
        let mut story = Story::begin();
        let keys: Vec<_> = (1..=200).map(|_| story.mint()).collect();
        for (number, key) in (1..).zip(&keys) {
            story.tell(child(number).stream(), *key, beginning(number));
            story.tell(child(number).stream(), *key, vec![started(number, number)]);
        }
        let folder = story.folder.path().join("rows");
        let rows = story.rows("rows");
        let projector = Projector::new(Arc::clone(&rows));
        assert!(projector.tick(&story.log, u32::MAX).unwrap().at_head);
        let stored = |number| {
            let live = rows.live::<ChildRecord>().unwrap();
            live.bytes_of::<ChildRecord>(&child(number)).unwrap().map(|bytes| bytes.to_vec())
        };
        let (gone, kept) = (stored(7).unwrap(), stored(8).unwrap());
        // The sealed ends of both.
        let (gone_end, kept_end) = (&gone[gone.len() - 40..], &kept[kept.len() - 40..]);
        rows.compact().unwrap();
        assert!(contain(&folder, gone_end) && contain(&folder, kept_end));

        story.forget(child(7).stream(), keys[6]);
        assert!(projector.tick(&story.log, u32::MAX).unwrap().at_head);
        assert_eq!(stored(7), None);
        assert!(contain(&folder, gone_end), "removed, and in the files still");
        assert!(rows.compact().unwrap() > 0);
        assert!(!contain(&folder, gone_end) && contain(&folder, kept_end));
        assert_eq!(stored(8), Some(kept));
        drop((projector, rows));
        let again = story.open(&folder);
        assert_eq!(again.get::<ChildRecord>(&child(7)).unwrap(), None);
        assert!(again.get::<ChildRecord>(&child(8)).unwrap().is_some());
    }
}
