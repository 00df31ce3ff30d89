//! The sealed pieces of a snapshot: a megabyte each, in their order, the last one told as such.
//!
//! Each is bound to the head, to its number and to whether it is the last, so that none can be left out, changed
//! about or taken from another generation. Before each stands its length.

use std::{
    fs::File,
    io::{self, Read, Write},
};

use vault::{Opened, PLAIN_BYTES_MAX, Vault};
use vocabulary::KeyId;

/// What the seal adds.
const TAG_BYTES: usize = 16;

/// Bytes of a piece's length.
const LENGTH_BYTES: usize = 4;

/// By what pieces are sealed.
pub(super) struct Seal<'a> {
    pub(super) vault: &'a Vault,
    pub(super) key: KeyId,
    /// The hash that ends the head.
    pub(super) head: [u8; 16],
}

impl Seal<'_> {
    fn binds(&self, number: u32, last: bool) -> [u8; 21] {
        let mut binds = [0; 21];
        let told = self.head.into_iter().chain(number.to_le_bytes()).chain([u8::from(last)]);
        binds.iter_mut().zip(told).for_each(|(place, byte)| *place = byte);
        binds
    }

    /// The number of the piece: its key seals no other of that number.
    fn nonce(number: u32) -> [u8; 12] {
        let mut nonce = [0; 12];
        nonce.iter_mut().zip(number.to_le_bytes()).for_each(|(place, byte)| *place = byte);
        nonce
    }
}

/// Seals what is written to it, piece by piece.
pub(super) struct Sealing<'a> {
    seal: Seal<'a>,
    file: &'a mut File,
    piece: Vec<u8>,
    number: u32,
}

impl<'a> Sealing<'a> {
    pub(super) fn new(seal: Seal<'a>, file: &'a mut File) -> Sealing<'a> {
        let piece = Vec::with_capacity(PLAIN_BYTES_MAX + TAG_BYTES);
        Sealing { seal, file, piece, number: 0 }
    }

    /// Seals the last piece.
    pub(super) fn end(mut self) -> io::Result<()> {
        self.hand_on(true)
    }

    fn hand_on(&mut self, last: bool) -> io::Result<()> {
        let (nonce, binds) = (Seal::nonce(self.number), self.seal.binds(self.number, last));
        let Seal { vault, key, .. } = self.seal;
        vault.seal_piece(key, nonce, &binds, &mut self.piece).map_err(io::Error::other)?;
        let length = u32::try_from(self.piece.len()).map_err(io::Error::other)?;
        self.file.write_all(&length.to_le_bytes())?;
        self.file.write_all(&self.piece)?;
        self.piece.clear();
        self.number = self.number.checked_add(1).ok_or_else(too_long)?;
        Ok(())
    }
}

impl Write for Sealing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full piece waits for the next byte: until then it may be the last.
        if self.piece.len() == PLAIN_BYTES_MAX && !bytes.is_empty() {
            self.hand_on(false)?;
        }
        let some = bytes.len().min(PLAIN_BYTES_MAX - self.piece.len());
        self.piece.extend_from_slice(bytes.get(..some).unwrap_or_default());
        Ok(some)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Opens piece by piece what is read from it.
pub(super) struct Opening<'a> {
    seal: Seal<'a>,
    file: File,
    /// Bytes of the file that are still to come.
    left: u64,
    piece: Vec<u8>,
    /// How much of the piece was read.
    read: usize,
    number: u32,
}

impl<'a> Opening<'a> {
    /// Opens the pieces that follow in `file`, `bytes` in all.
    pub(super) fn new(seal: Seal<'a>, file: File, bytes: u64) -> Opening<'a> {
        Opening { seal, file, left: bytes, piece: Vec::new(), read: 0, number: 0 }
    }

    /// Tells whether every piece was opened and read to its end.
    pub(super) fn is_over(&self) -> bool {
        self.left == 0 && self.read == self.piece.len()
    }

    fn open_next(&mut self) -> io::Result<()> {
        let mut length = [0; LENGTH_BYTES];
        self.file.read_exact(&mut length)?;
        let length = u32::from_le_bytes(length);
        let whole = u64::from(length) + u64::try_from(LENGTH_BYTES).unwrap_or_default();
        let length = usize::try_from(length).map_err(io::Error::other)?;
        self.left = self.left.checked_sub(whole).ok_or_else(too_long)?;
        if length > PLAIN_BYTES_MAX + TAG_BYTES {
            return Err(too_long());
        }
        self.piece.resize(length, 0);
        self.file.read_exact(&mut self.piece)?;
        let (nonce, binds) = (Seal::nonce(self.number), self.seal.binds(self.number, self.left == 0));
        let opened = self.seal.vault.open_piece(self.seal.key, nonce, &binds, &mut self.piece);
        if opened.map_err(io::Error::other)? == Opened::Erased {
            return Err(io::Error::other("the key of the snapshot is destroyed"));
        }
        (self.read, self.number) = (0, self.number.checked_add(1).ok_or_else(too_long)?);
        Ok(())
    }
}

impl Read for Opening<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.read == self.piece.len() && self.left > 0 {
            self.open_next()?;
        }
        let rest = self.piece.get(self.read..).unwrap_or_default();
        let some = rest.len().min(into.len());
        if let (Some(into), Some(rest)) = (into.get_mut(..some), rest.get(..some)) {
            into.copy_from_slice(rest);
        }
        self.read += some;
        Ok(some)
    }
}

fn too_long() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a piece is longer than pieces are")
}
