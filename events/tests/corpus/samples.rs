//! Samples as files: every type has one, every file has a type, each is read back as it was written.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use events::{
    catalogue::{CATALOGUE, CatalogueLine},
    codec::{SCHEMA, decode, encode},
    recorded::Entry,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use vocabulary::StreamKind;

/// One file: what a header says of schema and family, and the payload as stored.
#[derive(Serialize, Deserialize)]
struct Sample {
    schema: u16,
    stream: StreamKind,
    payload: Box<RawValue>,
}

/// Tells whether this run rewrites what it would else compare.
pub(crate) fn blesses() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value == "1")
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn file_name(line: &CatalogueLine) -> String {
    format!("{}.v{}.json", line.name, line.version)
}

/// The type of an entry's one fact, as stored.
fn name(entry: &Entry) -> String {
    let payload: Value = serde_json::from_slice(&encode(entry)).unwrap();
    assert_eq!(payload["facts"].as_array().map(Vec::len), Some(1), "a sample holds one fact");
    payload["facts"][0]["type"].as_str().unwrap().to_owned()
}

/// Today's sample of every type, by name, as the code makes it.
pub(crate) fn by_name() -> BTreeMap<String, Entry> {
    let all = [
        crate::child::samples(),
        crate::involvement::samples(),
        crate::around::samples(),
        crate::people::samples(),
    ];
    let mut samples = BTreeMap::new();
    for entry in all.into_iter().flatten() {
        let earlier = samples.insert(name(&entry), entry);
        assert!(earlier.is_none(), "two samples of one type: {earlier:?}");
    }
    samples
}

/// The files of the corpus, by name.
fn files() -> BTreeMap<String, Sample> {
    let mut files = BTreeMap::new();
    for file in fs::read_dir(folder()).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(&path).unwrap();
            files.insert(name, serde_json::from_str(&text).unwrap());
        }
    }
    files
}

/// The file of a type's present version: the payload byte for byte as stored.
fn written(line: &CatalogueLine, entry: &Entry) -> String {
    let payload = serde_json::from_slice(&encode(entry)).unwrap();
    let sample = Sample { schema: SCHEMA, stream: line.stream, payload };
    serde_json::to_string_pretty(&sample).unwrap() + "\n"
}

#[test]
fn every_type_of_the_catalogue_has_a_sample_and_every_sample_a_type() {
    let samples = by_name();
    let catalogued: BTreeSet<&str> = CATALOGUE.iter().map(|line| line.name).collect();
    let shown: BTreeSet<&str> = samples.keys().map(String::as_str).collect();
    assert_eq!(catalogued, shown);
    if blesses() {
        for line in CATALOGUE {
            replace(&folder().join(file_name(line)), written(line, &samples[line.name]).as_ref());
        }
    }
    let files = files();
    for line in CATALOGUE {
        assert!(files.contains_key(&file_name(line)), "no sample of {}; bless one", file_name(line));
    }
    for file in files.keys() {
        let (name, version) = file.strip_suffix(".json").unwrap().rsplit_once(".v").unwrap();
        let line = CATALOGUE.iter().find(|line| line.name == name);
        let version: u16 = version.parse().unwrap();
        // The last version of a type that was given up stays too, and is still read by its upcaster.
        assert!(line.is_none_or(|line| (1..=line.version).contains(&version)), "{file} has no type");
        assert!(line.is_some() || events::upcast::UPCASTERS.iter().any(|step| step.name == name), "{file}");
    }
}

#[test]
fn no_sample_ever_written_stops_being_read() {
    for (file, sample) in files() {
        let bytes = sample.payload.get().as_bytes();
        let read =
            decode(sample.stream, sample.schema, bytes).unwrap_or_else(|error| panic!("{file}: {error}"));
        let again = decode(sample.stream, SCHEMA, &encode(&read));
        assert_eq!(again.as_ref(), Ok(&read), "{file} is read otherwise once it was written again");
    }
}

#[test]
fn todays_samples_stand_as_the_code_writes_them() {
    let (samples, files) = (by_name(), files());
    for line in CATALOGUE {
        let Some(file) = files.get(&file_name(line)) else { panic!("no sample of {}", file_name(line)) };
        let written = String::from_utf8(encode(&samples[line.name])).unwrap();
        assert_eq!(file.payload.get(), written, "{}: bless it, or raise its version", line.name);
        assert_eq!(file.stream, line.stream, "{}", line.name);
        let read = decode(file.stream, file.schema, file.payload.get().as_bytes());
        assert_eq!(read.as_ref(), Ok(&samples[line.name]), "{}", line.name);
    }
}

#[test]
fn names_are_unique_over_all_families() {
    let mut seen = BTreeSet::new();
    for line in CATALOGUE {
        assert!(seen.insert(line.name), "{} stands twice", line.name);
        assert!(line.meaning.ends_with('.') && line.meaning.contains(' '), "{} needs a sentence", line.name);
    }
}

/// The reader itself names all types it knows when it is asked for one that it does not.
#[test]
fn the_catalogue_holds_exactly_the_types_that_are_read_in_their_order() {
    fn types<E: serde::de::DeserializeOwned>() -> Vec<String> {
        let Err(error) = serde_json::from_str::<E>(r#"{"type":"?","data":null}"#) else {
            panic!("a type without a name was read")
        };
        error.to_string().split('`').skip(3).step_by(2).map(str::to_owned).collect()
    }
    let read = [
        (StreamKind::Child, types::<events::child::Event>()),
        (StreamKind::Intake, types::<events::intake::Event>()),
        (StreamKind::Access, types::<events::access::Event>()),
        (StreamKind::Search, types::<events::search::Event>()),
        (StreamKind::Account, types::<events::account::Event>()),
        (StreamKind::Organisation, types::<events::organisation::Event>()),
        (StreamKind::Case, types::<events::case::Event>()),
        (StreamKind::Policy, types::<events::policy::Event>()),
        (StreamKind::Erasure, types::<events::erasure::Event>()),
        (StreamKind::Brokering, types::<events::brokering::Event>()),
        (StreamKind::Rights, types::<events::rights::Event>()),
    ];
    assert_eq!(read.each_ref().map(|(kind, _)| *kind), StreamKind::ALL);
    for (kind, names) in read {
        let catalogued: Vec<&str> =
            CATALOGUE.iter().filter(|line| line.stream == kind).map(|line| line.name).collect();
        assert_eq!(names, catalogued, "{kind:?}");
    }
}

/// Puts a whole file in place, so that a test that reads beside this one never meets half of it.
fn replace(path: &std::path::Path, text: &[u8]) {
    let beside = path.with_extension("unfinished");
    fs::write(&beside, text).unwrap();
    fs::rename(beside, path).unwrap();
}
