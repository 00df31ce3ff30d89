//! What was put in comes out once and in order, whatever memory held.

use proptest::{collection::vec, prelude::*};

use super::*;

proptest! {
    #[test]
    fn entries_come_out_in_order_whatever_was_held(
        entries in vec((vec(any::<u8>(), 0..4), vec(any::<u8>(), 0..300)), 0..400),
        held_max in 0_usize..5_000,
        sorters in 1_usize..4,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut all: Vec<Sorter> =
            (0..sorters).map(|_| Sorter::new(folder.path().to_owned(), held_max)).collect();
        for (number, (key, value)) in entries.iter().enumerate() {
            all[number % sorters].put(key, value).unwrap();
        }
        let runs: Vec<Runs> = all.into_iter().map(Sorter::finish).collect();
        prop_assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a file kept its name");
        let mut told = Vec::new();
        merge(&runs, &mut |key, value| {
            told.push((key.to_vec(), value.to_vec()));
            Ok(())
        })
        .unwrap();
        let mut keys: Vec<_> = entries.iter().map(|(key, _)| key.clone()).collect();
        keys.sort_unstable();
        keys.dedup();
        prop_assert_eq!(told.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>(), keys);
        for entry in told {
            prop_assert!(entries.contains(&entry));
        }
    }
}
