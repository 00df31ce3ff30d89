//! Trains a dictionary from payloads, one a line; without a file of them, from invented ones.
//!
//! `train_dictionary [PAYLOADS.ndjson] OUT.dict`

use std::env;
use std::error::Error;
use std::fs;

#[path = "invented/payloads.rs"]
mod payloads;

/// A dictionary longer than this gains little and costs cache.
const DICTIONARY_BYTES_MAX: usize = 24 * 1024;
/// About a hundred times the dictionary, as zstd advises.
const SAMPLES: usize = 10_000;
/// The one that the dictionary in the tree was trained with.
const SEED: u64 = 0x00C0_FFEE;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (samples, out) = match arguments.as_slice() {
        [out] => (invented(), out),
        [file, out] => (fs::read_to_string(file)?.lines().map(str::to_owned).collect(), out),
        _ => {
            return Err(
                "say where the dictionary is to go: train_dictionary [PAYLOADS.ndjson] OUT.dict".into()
            );
        }
    };
    fs::write(out, zstd::dict::from_samples(&samples, DICTIONARY_BYTES_MAX)?)?;
    Ok(())
}

fn invented() -> Vec<String> {
    let mut dice = payloads::Dice::new(SEED);
    (0..SAMPLES).map(|_| payloads::payload(&mut dice)).collect()
}
