//! What a snapshot may be used for, and that an index filled onto one is the index that the rows make.

use std::os::unix::fs::PermissionsExt;

use chrono::{DateTime, NaiveDate, Utc};
use finding::{FOUND_MAX, FieldSet, Found, Query, Sight};
use projections::ChildRecord;
use serde_json::json;
use uuid::Uuid;

use super::{keeping::Made, *};
use crate::{
    catch_up::{
        Projector,
        story::{Story, beginning, child, fact, started},
    },
    rows::Rows,
};

const RECORDS: u32 = 10_000;

/// The rows of a story, folded, in a store that goes on being folded into.
struct Told {
    story: Story,
    rows: std::sync::Arc<Rows>,
    projector: Projector,
}

impl Told {
    fn of(story: Story) -> Told {
        let rows = story.rows("rows");
        let projector = Projector::new(std::sync::Arc::clone(&rows));
        Told { story, rows, projector }
    }

    fn rambling(seed: u64) -> Told {
        let mut story = Story::begin();
        story.ramble(seed, 120);
        Told::of(story)
    }

    fn vault(&self) -> &Vault {
        &self.story.vault
    }

    fn folder(&self) -> PathBuf {
        self.story.folder.path().join("index")
    }

    /// Fills an index with what the log tells by now.
    fn filled(&self, mut filling: Filling) -> (Index, IndexFrom) {
        while !self.projector.tick(&self.story.log, RECORDS).unwrap().at_head {}
        self.rows.each::<ChildRecord>(&mut |id, row| filling.take(id, Some(&row))).unwrap();
        filling.done()
    }

    fn of_rows(&self) -> Index {
        self.filled(Filling::anew(None)).0
    }

    /// Keeps what the log tells by now.
    fn keep(&self) -> Snapshots {
        let snapshots = Snapshots::find(Some(&self.folder()), self.vault());
        let position = self.story.log.head().unwrap();
        let record = record_at(&self.story.log, position).unwrap().unwrap();
        let made = Made { position, record };
        snapshots.keep(&self.of_rows(), &made, self.vault()).unwrap();
        snapshots
    }

    /// What the next opening begins with.
    fn opening(&self) -> Filling {
        let snapshots = Snapshots::find(Some(&self.folder()), self.vault());
        let since = self.since(&snapshots);
        snapshots.filling(&self.story.log, self.vault(), since.as_ref()).unwrap()
    }

    fn since(&self, snapshots: &Snapshots) -> Option<Since> {
        let mut since = snapshots.since()?;
        let mut each = |record: RecordRef<'_>| since.meet(self.vault(), &record);
        self.story.log.read_all(Position::ZERO, RECORDS, &mut each).unwrap();
        Some(since)
    }

    fn doubt(&self) -> String {
        match self.opening() {
            Filling::Anew(_, Some(doubt)) => format!("{doubt:?}"),
            Filling::Anew(_, None) => "nothing was kept".to_owned(),
            Filling::Onto(_) => "no doubt".to_owned(),
        }
    }

    fn files(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.folder()).unwrap();
        files.map(|file| file.unwrap().path()).collect()
    }

    fn key_of(&self, file: &Path) -> KeyId {
        head_of(file, self.vault()).unwrap().key
    }
}

fn noon() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap().and_hms_opt(12, 0, 0).unwrap().and_utc()
}

/// Whatever can be seen of an index from here.
fn answers(index: &Index, children: u128, today: NaiveDate) -> Vec<String> {
    let query = |exact: bool, year: bool| Query {
        surname: Some(if exact { "Quillfeather" } else { "Quilfeather" }.to_owned()),
        birth_year: year.then_some(2015),
        forename: (!year).then(|| "Zebedee".to_owned()),
        fuzzy: !exact,
        ..Query::default()
    };
    let found = [query(true, true), query(false, true), query(false, false)].map(|query| {
        let sight = |standing: &finding::Standing<'_>| {
            let gone = standing.archived.is_some_and(|since| since <= today);
            if gone { Sight::Nothing } else { Sight::Fields(FieldSet::ORDINARY) }
        };
        match index.search(&query, FOUND_MAX, today, &sight) {
            Found::Found { best, total } => format!("{total} {best:?}"),
            other @ (Found::None | Found::TooMany) => format!("{other:?}"),
        }
    });
    let known = (0..children).map(|number| match index.get(child(number)) {
        Some(row) => format!("{} {:?} {:?}", row.names.len(), row.stands, row.date_of_birth),
        None => "nobody".to_owned(),
    });
    found.into_iter().chain(known).chain([index.len().to_string()]).collect()
}

#[test]
fn an_index_filled_onto_a_snapshot_is_the_one_that_the_rows_make() {
    for seed in 1..7 {
        let mut told = Told::rambling(seed);
        told.keep();
        assert!(matches!(told.opening(), Filling::Onto(_)));
        // Whatever happens but that somebody is forgotten: that is another rule.
        for step in 0..40_u128 {
            let (of, key) = (child(200 + step), told.story.mint());
            told.story.tell(of.stream(), key, beginning(200 + step));
            if step % 3 == 0 {
                let shield = json!({"shield": Uuid::from_u128(step), "ground": "domestic_abuse", "review_by": "2026-09-01"});
                told.story.tell(of.stream(), key, vec![fact(Fact::Child, "shield_applied", &shield)]);
            }
        }
        let (index, from) = told.filled(told.opening());
        assert!(matches!(from, IndexFrom::Snapshot { put: 40, taken_out: 0, .. }), "{from:?}");
        let today = noon().date_naive();
        assert_eq!(answers(&index, 250, today), answers(&told.of_rows(), 250, today), "seed {seed}");
    }
}

#[test]
fn whoever_has_no_row_any_more_is_taken_out() {
    let told = Told::rambling(3);
    let before = told.of_rows();
    let mut filling = Filling::onto(before, 1, Position(u64::MAX));
    let mut left = Vec::new();
    told.rows
        .each::<ChildRecord>(&mut |id, row| {
            let is_left = id.as_u128() % 2 == 0;
            filling.take(id, Some(&row).filter(|_| is_left));
            left.extend(Some(id).filter(|_| is_left));
        })
        .unwrap();
    let (index, _) = filling.done();
    let mut known: Vec<_> = index.children().collect();
    known.sort_unstable();
    assert_eq!(known, left);
}

#[test]
fn a_snapshot_that_knew_somebody_who_is_gone_is_destroyed_once_it_was_read() {
    let mut told = Told::rambling(9);
    let (of, key) = (child(800), told.story.mint());
    told.story.tell(of.stream(), key, beginning(800));
    told.keep();
    let own = told.key_of(&told.files()[0]);
    told.story.tell(of.stream(), key, vec![started(800, 1)]);
    told.vault().destroy(key).unwrap();
    let snapshots = Snapshots::find(Some(&told.folder()), told.vault());
    let since = told.since(&snapshots);
    let mut filling = snapshots.filling(&told.story.log, told.vault(), since.as_ref()).unwrap();
    for changed in &since.unwrap().changed {
        filling.take(*changed, told.rows.get::<ChildRecord>(changed).unwrap().as_ref());
    }
    let (index, from) = snapshots.done(filling, told.vault());
    assert!(matches!(from, IndexFrom::Snapshot { put: 0, taken_out: 1, .. }), "{from:?}");
    assert!(index.get(of).is_none() && told.files().is_empty() && told.vault().is_destroyed(own));
}

#[test]
fn a_snapshot_is_not_used_once_a_key_was_destroyed_after_it() {
    let mut told = Told::rambling(1);
    let (of, key) = (child(500), told.story.mint());
    told.story.tell(of.stream(), key, beginning(500));
    told.keep();
    let own = told.key_of(&told.files()[0]);
    told.story.forget(of.stream(), key);
    assert_eq!(told.doubt(), format!("Forgotten({:?})", Position(told.story.log.head().unwrap().0 - 1)));
    assert!(told.vault().is_destroyed(own) && told.files().is_empty(), "the generation is destroyed");
    assert_eq!(told.doubt(), "nothing was kept");
}

#[test]
fn a_snapshot_of_another_past_is_not_used() {
    let told = Told::rambling(2);
    told.keep();
    let mut other = Told::rambling(2);
    other.story.vault = std::sync::Arc::clone(&told.story.vault);
    fs::create_dir_all(other.folder()).unwrap();
    let file = told.files().remove(0);
    let copy = other.folder().join(name_of(&file));
    fs::copy(&file, copy).unwrap();
    // The same facts at the same positions, told once more.
    assert!(other.doubt().starts_with("Past"), "another salt");
    let mut story = Story::begin();
    story.vault = std::sync::Arc::clone(&told.story.vault);
    let empty = Told::of(story);
    told.keep();
    fs::create_dir_all(empty.folder()).unwrap();
    fs::copy(told.files().remove(0), empty.folder().join("children-00000001")).unwrap();
    assert!(empty.doubt().starts_with("Past"), "a shorter log");
}

#[test]
fn what_was_altered_cut_or_put_together_is_not_used() {
    let told = Told::rambling(4);
    told.keep();
    let file = told.files().remove(0);
    let whole = fs::read(&file).unwrap();
    for place in
        (0..whole.len()).step_by(whole.len() / 150).chain([HEAD_BYTES, HEAD_BYTES + 4, whole.len() - 1])
    {
        let mut altered = whole.clone();
        altered[place] ^= 1;
        fs::write(&file, altered).unwrap();
        let snapshots = Snapshots::find(Some(&told.folder()), told.vault());
        let known = snapshots.present().clone();
        let refused = known.is_none_or(|known| read_index(&known.file, &known.head, told.vault()).is_err());
        assert!(refused, "byte {place}");
        fs::write(&file, &whole).unwrap();
    }
    for cut in [0, 1, HEAD_BYTES, HEAD_BYTES + 4, whole.len() - 1] {
        fs::write(&file, &whole[..cut]).unwrap();
        let refused = head_of(&file, told.vault()).and_then(|head| read_index(&file, &head, told.vault()));
        assert!(refused.is_err(), "cut at {cut}");
    }
    let twice = [whole.as_slice(), &whole[HEAD_BYTES..]].concat();
    fs::write(&file, &twice).unwrap();
    let head = head_of(&file, told.vault()).unwrap();
    assert!(read_index(&file, &head, told.vault()).is_err(), "a piece more");
    fs::write(&file, &whole[..whole.len() - 1]).unwrap();
    assert!(told.doubt().starts_with("Index"));
    assert!(told.vault().is_destroyed(head.key) && told.files().is_empty());
}

#[test]
fn a_head_that_another_wrote_names_no_key_that_is_destroyed() {
    let told = Told::rambling(6);
    told.keep();
    let file = told.files().remove(0);
    let mut forged = fs::read(&file).unwrap();
    let childs = told.story.mint();
    forged[16..20].copy_from_slice(&childs.pool.to_le_bytes());
    forged[20..24].copy_from_slice(&childs.slot.to_le_bytes());
    fs::write(&file, forged).unwrap();
    assert_eq!(told.doubt(), "nothing was kept");
    assert!(!told.vault().is_destroyed(childs) && told.files().is_empty());
}

#[test]
fn a_new_generation_destroys_the_one_before_and_opening_whatever_a_crash_left() {
    let mut told = Told::rambling(7);
    told.keep();
    let first = told.files().remove(0);
    let first_key = told.key_of(&first);
    let bytes = fs::read(&first).unwrap();
    assert_eq!(fs::metadata(&first).unwrap().permissions().mode() & 0o777, 0o600);
    let key = told.story.mint();
    told.story.tell(child(600).stream(), key, beginning(600));
    told.keep();
    assert_eq!(told.files().len(), 1);
    let second = told.files().remove(0);
    assert!(second != first && told.vault().is_destroyed(first_key));
    // A crash before the first was taken away, and another while a third was written.
    fs::write(&first, &bytes).unwrap();
    let third = told.folder().join("children-00000003.new");
    fs::write(&third, &bytes[..HEAD_BYTES]).unwrap();
    assert!(matches!(told.opening(), Filling::Onto(_)));
    assert_eq!(told.files(), std::slice::from_ref(&second));
    assert!(!told.vault().is_destroyed(told.key_of(&second)));
}

#[test]
fn a_snapshot_that_was_outrun_stays_until_the_next_is_written() {
    let mut told = Told::rambling(8);
    let snapshots = told.keep();
    let key = told.story.mint();
    told.story.tell(child(700).stream(), key, beginning(700));
    let mut since = snapshots.since().unwrap();
    since.changed.extend((0..=u128::from(CHANGED_MIN)).map(ChildId::from_u128));
    let outrun = snapshots.filling(&told.story.log, told.vault(), Some(&since)).unwrap();
    assert!(matches!(outrun, Filling::Anew(_, Some(Doubt::Outrun { more_than: 1_000 }))));
    assert_eq!(told.files().len(), 1);
    told.keep();
    assert_eq!(told.files().len(), 1);
}

#[test]
fn the_entries_made_of_invented_children_are_those_of_this_version() {
    let mut story = Story::begin();
    for number in 0..9_u128 {
        let key = story.mint();
        let source = Uuid::from_u128(0xb000 + number);
        let mut facts = beginning(number);
        let told = json!({
            "forename": "Rosalind Mae", "middle_names": "Ann", "surname": "Kouame-Birch", "known_as": "Roz",
            "previous_surname": "Marsh", "date_of_birth": "2014-11-21", "gender": "female",
            "address": {"lines": ["9 Elder Close"], "town": "London", "postcode": "N17 9ZZ"},
            "previous_address": {"lines": ["Flat 1, 3 Hill Rd"], "town": "Leeds", "postcode": "LS1 4AP"},
            "nhs_number": "9434765919",
        });
        facts.push(fact(
            Fact::Child,
            "local_ref_linked",
            &json!({"supplier": "org:b", "local_ref": source, "judgement": "new"}),
        ));
        facts.push(fact(
            Fact::Child,
            "child_described",
            &json!({"source": source, "supplier": "org:b", "child": told}),
        ));
        if number % 2 == 0 {
            let shield = json!({"shield": source, "ground": "domestic_abuse", "review_by": "2026-09-01"});
            facts.push(fact(Fact::Child, "shield_applied", &shield));
        }
        story.tell(child(number).stream(), key, facts);
    }
    let mut bytes = Vec::new();
    Told::of(story).of_rows().write_to(&mut bytes).unwrap();
    let fnv = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let digest = bytes.iter().fold(0xcbf2_9ce4_8422_2325, fnv);
    assert_eq!(
        (head::MADE, digest),
        (1, 17_931_508_688_751_892_435),
        "entries are made in another way than before: raise MADE in snapshots/head.rs, so that what was kept the old \
         way is made anew, and tell both numbers here; where FORMAT of `finding` was raised, tell the digest alone"
    );
}
