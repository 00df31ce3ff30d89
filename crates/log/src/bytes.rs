//! Packing and unpacking of fixed shapes, part by part; numbers big end first.

/// Fills a fixed shape from its front.
pub(crate) struct Fill<'a> {
    rest: &'a mut [u8],
}

impl<'a> Fill<'a> {
    /// Starts at the front of `shape`.
    pub(crate) fn new(shape: &'a mut [u8]) -> Fill<'a> {
        Fill { rest: shape }
    }

    /// Writes `bytes` and moves past them.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> &mut Fill<'a> {
        let room = std::mem::take(&mut self.rest);
        assert!(bytes.len() <= room.len(), "a packed shape is as long as its parts together");
        let (front, behind) = room.split_at_mut(bytes.len());
        front.copy_from_slice(bytes);
        self.rest = behind;
        self
    }
}

/// Takes the first `N` bytes of `rest` and moves past them; `None` where there are fewer.
pub(crate) fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (front, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(*front)
}

/// Takes a number of four bytes.
pub(crate) fn take_u32(rest: &mut &[u8]) -> Option<u32> {
    take(rest).map(u32::from_be_bytes)
}

/// Takes a number of eight bytes.
pub(crate) fn take_u64(rest: &mut &[u8]) -> Option<u64> {
    take(rest).map(u64::from_be_bytes)
}
