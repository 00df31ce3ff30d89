//! Reading a copy of a log as it lies there: without its lock, and without cutting or writing anything.

use std::path::Path;

use vocabulary::stream::Position;

use crate::{
    Damage, Harm, LogError, RecordRef, archive,
    cursor::{Cursor, Step},
    disk::{Disk, Open},
    frame::Frame,
    scan,
    segment::{self, FIRST_FRAME, SegmentHead},
};

/// Tells every record of the whole batches in `dir`, with its archive if it has one; answers the last position.
///
/// What a crash cut short at the end is left out. Cost: reads everything once, and the last segment twice.
///
/// # Errors
/// `Io`; `Damaged` where a record is not what was written: those before it have been told.
pub fn read(dir: &Path, each: &mut dyn FnMut(RecordRef<'_>)) -> Result<Position, LogError> {
    let disk = archive::spanning(dir);
    let names = disk.list("").map_err(LogError::io("list its files"))?;
    let last = names.iter().filter_map(|name| segment::number(name)).max().unwrap_or(0);
    let mut position = Position::ZERO;
    for number in 1..=last {
        let opened =
            |of: u32| disk.open(&segment::name(of), Open::Read).map_err(LogError::io("open a segment"));
        let file = opened(number)?;
        let head = SegmentHead::read(&*file, number, position)?;
        let end = if number < last {
            SegmentHead::read(&*opened(number + 1)?, number + 1, position)?.previous_end
        } else {
            scan::scan(&*file, &head, head.bytes, &mut |_| Ok(()))?.whole.end
        };
        let mut cursor = Cursor::new(&*file, number, FIRST_FRAME, end);
        while cursor.at() < end {
            let offset = cursor.at();
            let damage = |what| Damage { position: Position(position.0 + 1), segment: number, offset, what };
            match cursor.step().map_err(LogError::io("read a segment"))? {
                Step::Blank => return Err(damage(Harm::LostEnd).into()),
                Step::Bad(what) => return Err(damage(what).into()),
                Step::Frame(Frame::Trailer(_) | Frame::Closing(_)) => (),
                Step::Frame(Frame::Record(record)) if record.position.0 != position.0 + 1 => {
                    return Err(damage(Harm::Misplaced).into());
                }
                Step::Frame(Frame::Record(record)) => {
                    position = record.position;
                    each(record.told());
                }
            }
        }
    }
    Ok(position)
}
