//! Measures minting, sealing, opening and the end of an epoch on this machine: `seal_speed [KEYS] [PAYLOADS]`.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "it measures and prints, and is no part of the product"
)]

use std::env;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::thread;
use std::time::Instant;

use vault::{Opened, Purpose, Sealed, Vault, VaultError};
use vocabulary::stream::KeyId;

#[path = "invented/payloads.rs"]
mod payloads;

/// Stream, event id, schema and key id, as a header has them.
const BINDS: [u8; 48] = [7; 48];
const NONCE: [u8; 12] = [9; 12];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1).map(|argument| argument.parse::<usize>());
    let keys = arguments.next().transpose()?.unwrap_or(1_000_000);
    let count = arguments.next().transpose()?.unwrap_or(500_000);
    let folder = env::temp_dir().join(format!("seal-speed-{}", std::process::id()));
    run(&folder, keys, count)?;
    fs::remove_dir_all(&folder)?;
    Ok(())
}

fn run(folder: &Path, keys: usize, count: usize) -> Result<(), Box<dyn Error>> {
    let fresh = Vault::create(folder)?;
    let minted = timed("mint", keys, || (0..keys).map(|_| fresh.mint()).collect::<Result<Vec<_>, _>>())?;
    // A stride that shares no factor with a power of ten, so that each payload has another key, far from the last.
    let chosen: Vec<KeyId> = (0..count).filter_map(|n| minted.get(n * 7_919 % keys).copied()).collect();
    // A seed of its own: the dictionary never saw these.
    let mut dice = payloads::Dice::new(0xBEEF);
    let all: Vec<String> = (0..count).map(|_| payloads::payload(&mut dice)).collect();
    let short: Vec<String> = all.iter().filter(|plain| plain.len() < 350).cloned().collect();
    for (what, payloads) in [("all payloads", &all), ("payloads below 350 bytes", &short)] {
        println!("{what}:");
        seal_and_open(&fresh, &chosen, payloads)?;
    }
    timed("keyed hash", count, || {
        for key in &chosen {
            black_box(fresh.keyed_hash(Purpose::LocalRef, &[&key.slot.to_le_bytes(), b"invented-client"]));
        }
    });
    let doomed = chosen.get(..200).unwrap_or_default();
    timed("destroy, one by one", doomed.len(), || doomed.iter().try_for_each(|key| fresh.destroy(*key)))?;
    drop(fresh);

    let vault = timed("open the vault, keys", keys, || Vault::open(folder))?;
    let kept: Vec<KeyId> = chosen.iter().copied().filter(|key| !doomed.contains(key)).take(count).collect();
    timed("first touch, keys", keys, || kept.iter().filter(|key| vault.is_destroyed(**key)).count());
    timed("look up a key", kept.len(), || kept.iter().filter(|key| vault.is_destroyed(**key)).count());
    timed("begin an epoch, keys", keys, || vault.rotate_epoch())?;
    Ok(())
}

fn seal_and_open(vault: &Vault, keys: &[KeyId], plain: &[String]) -> Result<(), VaultError> {
    let count = plain.len();
    let sealed = timed("  seal", count, || {
        let all = keys.iter().zip(plain);
        all.map(|(key, one)| vault.seal(*key, NONCE, &BINDS, one.as_bytes())).collect::<Result<Vec<_>, _>>()
    })?;
    let average = |total: usize| total as f64 / count as f64;
    let length = average(plain.iter().map(String::len).sum());
    println!(
        "  {length:.0} bytes become {:.0}",
        average(sealed.iter().map(|sealed| sealed.bytes.len()).sum())
    );
    timed("  open, another key each", count, || open_all(vault, keys, &sealed))?;
    timed("  open, two threads together", 2 * count, || {
        thread::scope(|scope| {
            let both = [(); 2].map(|()| scope.spawn(|| open_all(vault, keys, &sealed).is_ok()));
            assert!(both.into_iter().all(|one| one.join().unwrap_or_default()), "every payload opens");
        });
    });
    Ok(())
}

fn open_all(vault: &Vault, keys: &[KeyId], all: &[Sealed]) -> Result<(), VaultError> {
    let mut into = Vec::new();
    for (key, sealed) in keys.iter().zip(all) {
        let opened = vault.open_payload(*key, NONCE, &BINDS, sealed.dictionary, &sealed.bytes, &mut into)?;
        assert_eq!(opened, Opened::Plain, "no key is destroyed yet");
        black_box(&into);
    }
    Ok(())
}

fn timed<T>(what: &str, count: usize, run: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = run();
    let seconds = begun.elapsed().as_secs_f64();
    println!("{what:<30} {seconds:>8.3} s {:>12.0} a second", count as f64 / seconds);
    done
}
