//! The index written to a file and read back, in clear and sealed.

use std::{
    fs::File,
    io::{self, BufReader, Read, Write},
};

use benches::{as_figure, now};
use finding::Index;
use vault::Vault;
use vocabulary::KeyId;

use crate::memory;

/// Bytes that are sealed at once.
const PIECE: usize = 1 << 20;

/// Writes and reads, and tells what that took.
pub(crate) fn measure(mut index: Index) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (clear, sealed) = (folder.path().join("clear"), folder.path().join("sealed"));
    let vault = Vault::create(&folder.path().join("keys"))?;
    let key = vault.mint()?;
    let ((), packed) = timed(|| {
        index.pack();
        Ok(())
    })?;
    let (bytes, in_clear) = timed(|| {
        let mut file = File::create(&clear)?;
        index.write_to(&mut file)?;
        file.sync_all()?;
        Ok(file.metadata()?.len())
    })?;
    let (pieces, in_seal) = timed(|| {
        let file = File::create(&sealed)?;
        let mut sealing = Sealing { vault: &vault, key, piece: Vec::new(), file, number: 0 };
        index.write_to(&mut sealing)?;
        sealing.hand_on()?;
        sealing.file.sync_all()?;
        Ok(sealing.number)
    })?;
    let children = index.len();
    drop(index);
    println!(
        "snapshot:          {:.0} MB of {children} children, packed in {packed:.1} s",
        as_figure(bytes) / 1e6
    );
    println!(
        "  written          {in_clear:.1} s in clear, {in_seal:.1} s in {pieces} sealed pieces, durable"
    );
    for (name, path) in [("in clear", &clear), ("sealed", &sealed)] {
        let before = memory("VmRSS:");
        let (read, took) = timed(|| {
            let file = File::open(path)?;
            if path == &clear {
                return Ok(Index::read_from(&mut BufReader::with_capacity(PIECE, file), bytes)?);
            }
            let mut opening = Opening { vault: &vault, key, file, piece: Vec::new(), read: 0, number: 0 };
            Ok(Index::read_from(&mut opening, bytes)?)
        })?;
        println!(
            "  read {name:<11} {took:.1} s, {:.0} MB resident before and {:.0} MB after, {} children",
            as_figure(before) / 1e6,
            as_figure(memory("VmRSS:")) / 1e6,
            read.len(),
        );
    }
    Ok(())
}

/// Does something, and says for how many seconds by the clock.
fn timed<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<(T, f64)> {
    let began = now();
    let done = work()?;
    Ok((done, began.elapsed().as_secs_f64()))
}

fn nonce(number: u32) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce.iter_mut().zip(number.to_le_bytes()).for_each(|(place, byte)| *place = byte);
    nonce
}

struct Sealing<'a> {
    vault: &'a Vault,
    key: KeyId,
    piece: Vec<u8>,
    file: File,
    number: u32,
}

impl Sealing<'_> {
    fn hand_on(&mut self) -> io::Result<()> {
        self.vault
            .seal_piece(self.key, nonce(self.number), b"", &mut self.piece)
            .map_err(io::Error::other)?;
        self.file.write_all(&u32::try_from(self.piece.len()).unwrap_or(0).to_le_bytes())?;
        self.file.write_all(&self.piece)?;
        self.piece.clear();
        self.number += 1;
        Ok(())
    }
}

impl Write for Sealing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let some = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(bytes.get(..some).unwrap_or_default());
        if self.piece.len() == PIECE {
            self.hand_on()?;
        }
        Ok(some)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Opening<'a> {
    vault: &'a Vault,
    key: KeyId,
    file: File,
    piece: Vec<u8>,
    read: usize,
    number: u32,
}

impl Read for Opening<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.read == self.piece.len() {
            let mut length = [0; 4];
            self.file.read_exact(&mut length)?;
            self.piece.resize(u32::from_le_bytes(length) as usize, 0);
            self.file.read_exact(&mut self.piece)?;
            self.vault
                .open_piece(self.key, nonce(self.number), b"", &mut self.piece)
                .map_err(io::Error::other)?;
            (self.read, self.number) = (0, self.number + 1);
        }
        let left = self.piece.get(self.read..).unwrap_or_default();
        let some = left.len().min(into.len());
        into.iter_mut().zip(left).for_each(|(to, byte)| *to = *byte);
        self.read += some;
        Ok(some)
    }
}
