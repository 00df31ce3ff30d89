//! A ZIP file of files that are stored as they are, written in one way only, so that it can be read strictly.
//!
//! Source: APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16. No compression and no dates: any tool opens it, a reader
//! of a few lines does too, and the same files are the same bytes.

/// Longest file of a bundle: a case of fifty children with long histories, many times over.
pub const FILE_BYTES_MAX: usize = 512 << 20;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Version 2.0 of the format, no flags, not compressed, midnight of 1 January 1980.
const PLAIN: [u8; 10] = [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
const LOCAL_BYTES: usize = 30;

/// Why files could not be put together or taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ZipError {
    /// It is not a ZIP file as this writes them, byte for byte.
    #[error("the file is not a bundle as it was written, byte for byte")]
    Form,
    /// A file is longer than is taken.
    #[error("a file is longer than {FILE_BYTES_MAX} bytes")]
    TooLong,
}

/// Puts files together.
pub(crate) fn write(files: &[(&str, &[u8])]) -> Result<Vec<u8>, ZipError> {
    let mut whole = Vec::new();
    let mut central = Vec::new();
    for (name, bytes) in files {
        let at = narrow(whole.len())?;
        let mut common = PLAIN.to_vec();
        common.extend(checksum(bytes).to_le_bytes());
        common.extend(narrow(bytes.len())?.to_le_bytes());
        common.extend(narrow(bytes.len())?.to_le_bytes());
        common.extend(u16::try_from(name.len()).map_err(|_| ZipError::TooLong)?.to_le_bytes());
        common.extend([0, 0]);
        whole.extend(LOCAL.to_le_bytes());
        whole.extend(&common);
        whole.extend(name.as_bytes());
        whole.extend(*bytes);
        central.extend(CENTRAL.to_le_bytes());
        central.extend([20, 0]);
        central.extend(&common);
        // No comment, the first disk, no attributes.
        central.extend([0; 10]);
        central.extend(at.to_le_bytes());
        central.extend(name.as_bytes());
    }
    let count = u16::try_from(files.len()).map_err(|_| ZipError::TooLong)?;
    let (at, length) = (narrow(whole.len())?, narrow(central.len())?);
    whole.extend(&central);
    whole.extend(END.to_le_bytes());
    whole.extend([0; 4]);
    whole.extend(count.to_le_bytes());
    whole.extend(count.to_le_bytes());
    whole.extend(length.to_le_bytes());
    whole.extend(at.to_le_bytes());
    whole.extend([0; 2]);
    Ok(whole)
}

/// Takes apart what [`write`] put together; any other bytes are refused.
pub(crate) fn read(whole: &[u8]) -> Result<Vec<(&str, &[u8])>, ZipError> {
    let mut files = Vec::new();
    let mut rest = whole;
    while rest.starts_with(&LOCAL.to_le_bytes()) {
        let (head, behind) = rest.split_at_checked(LOCAL_BYTES).ok_or(ZipError::Form)?;
        let number = |at: usize| head.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
        let length = number(18).ok_or(ZipError::Form)? as usize;
        // Length of the name, and of what else might stand behind it: nothing.
        let name = number(26).ok_or(ZipError::Form)? as usize;
        let (name, behind) = behind.split_at_checked(name).ok_or(ZipError::Form)?;
        let (bytes, behind) = behind.split_at_checked(length).ok_or(ZipError::Form)?;
        files.push((str::from_utf8(name).map_err(|_| ZipError::Form)?, bytes));
        rest = behind;
    }
    if write(&files)? == whole { Ok(files) } else { Err(ZipError::Form) }
}

fn narrow(length: usize) -> Result<u32, ZipError> {
    u32::try_from(length).ok().filter(|_| length <= FILE_BYTES_MAX).ok_or(ZipError::TooLong)
}

/// CRC-32 as ZIP has it (ISO-HDLC), four bits at a time.
fn checksum(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 16] = {
        let mut table = [0_u32; 16];
        let (mut index, mut number) = (0, 0_u32);
        while index < 16 {
            let mut value = number;
            let mut bit = 0;
            while bit < 4 {
                value = if value & 1 == 1 { value >> 1 ^ 0xEDB8_8320 } else { value >> 1 };
                bit += 1;
            }
            table[index] = value;
            (index, number) = (index + 1, number + 1);
        }
        table
    };
    let turn = |sum: u32| sum >> 4 ^ TABLE.get(sum as usize & 15).copied().unwrap_or_default();
    !bytes.iter().fold(!0, |sum, byte| turn(turn(sum ^ u32::from(*byte))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_catalogue() {
        assert_eq!(checksum(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn files_come_out_as_they_went_in_and_any_other_byte_is_refused() {
        let files: [(&str, &[u8]); 3] = [("a.txt", b"one"), ("b", b""), ("c.json", b"{\"three\":3}")];
        let whole = write(&files).unwrap();
        assert_eq!(read(&whole).unwrap(), files);
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut altered = whole.clone();
                altered[at] ^= 1 << bit;
                if let Ok(found) = read(&altered) {
                    panic!("byte {at}, bit {bit}: read as {found:?}");
                }
            }
        }
        assert_eq!(read(&whole[..whole.len() - 1]), Err(ZipError::Form));
        assert_eq!(read(&[]), Err(ZipError::Form));
    }
}
