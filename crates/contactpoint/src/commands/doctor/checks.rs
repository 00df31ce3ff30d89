//! The checks: each looks at one thing and says it in one line.

use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use chrono::{DateTime, Utc};
use directory::{Directory, Folders, OpenDirectoryError, backups::Backup, snapshots::IndexFrom};
use event_log::{
    OpenError, Segments,
    archive::{remembered, segment_name},
    integrator::CHECKPOINT,
};
use vault::VaultError;
use vocabulary::Position;

use super::{Check, Verdict};
use crate::{clock, epochs, opening::told, settings::Settings, stopwatch::Stopwatch};

/// Less room than this is a failure: three segments of the log, and as much for rows.
const ROOM_MIN_BYTES: u64 = 512 << 20;
/// Less than this is a warning.
const ROOM_LOW_BYTES: u64 = 4 << 30;
/// A disk that takes longer to make a write durable lets everybody wait.
const SYNC_SLOW: Duration = Duration::from_millis(50);
/// A checkpoint is signed at least every second under load; a log that outgrew it for so long is not signed.
const CHECKPOINT_OLD: Duration = Duration::from_mins(1);
/// A night's backup that was missed once is said.
const BACKUP_OLD_HOURS: i64 = 36;
/// Records looked through at once.
const BUDGET: u32 = 10_000;

/// What the settings came to.
pub(super) fn settings(settings: &Settings) -> Check {
    let listens = format!("listens on {}", settings.listen);
    match settings.clock {
        Some(_) => Check::new("settings", Verdict::Warn, format!("{listens}; a told clock is set")),
        None => Check::new("settings", Verdict::Ok, listens),
    }
}

/// What can be seen of the folders without opening anything.
pub(super) fn folders(folders: &Folders) -> Vec<Check> {
    if !folders.data.is_dir() {
        let detail = format!("there is no folder {}", folders.data.display());
        return vec![Check::new("data folder", Verdict::Fail, detail)];
    }
    let mut checks = vec![room(&folders.data), sync(&folders.data), keys(folders)];
    checks.extend(archive(folders));
    checks
}

/// How old the newest backup is, where the directory holds anything worth one.
pub(super) fn backup(settings: &Settings, folders: &Folders) -> Check {
    let name = "backup";
    let noted = match Backup::noted(&folders.data) {
        Ok(noted) => noted,
        Err(error) => return Check::new(name, Verdict::Warn, format!("its note cannot be read: {error}")),
    };
    let Some(made) = noted else {
        return Check::new(name, Verdict::Warn, "none was ever made here; see contactpoint backup --help");
    };
    let hours = (clock::of(settings).now() - made.at).num_hours();
    let keys = if made.keys { "with the keys" } else { "without the keys" };
    let told = format!("{hours} h old, of {} records, {keys}", made.records);
    Check::new(name, if hours > BACKUP_OLD_HOURS { Verdict::Warn } else { Verdict::Ok }, told)
}

/// Whether the archive is there, where there is one.
fn archive(folders: &Folders) -> Option<Check> {
    let name = "archive";
    let kept = match remembered(&folders.log()) {
        Err(error) => return Some(Check::new(name, Verdict::Fail, error.to_string())),
        Ok(kept) => kept?,
    };
    let (count, bytes, folder) = (kept.segments, kept.bytes >> 20, kept.folder.display());
    let missing = (1..=count).filter(|number| !kept.folder.join(segment_name(*number)).is_file()).count();
    let check = if missing == 0 {
        Check::new(name, Verdict::Ok, format!("{count} segments of {bytes} MB lie in {folder}"))
    } else {
        let detail = format!("{missing} of {count} archived segments are not in {folder}; is it mounted?");
        Check::new(name, Verdict::Fail, detail)
    };
    Some(check)
}

/// Room on the disk, as `df` tells it.
fn room(data: &Path) -> Check {
    let told = Command::new("df").arg("-Pk").arg(data).output().ok();
    let free = told
        .and_then(|told| String::from_utf8(told.stdout).ok())
        .and_then(|text| text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok())
        .map(|kilobytes| kilobytes * 1024);
    match free {
        None => Check::new("disk space", Verdict::Warn, "df does not tell how much is left"),
        Some(bytes) => {
            let verdict = match bytes {
                ..ROOM_MIN_BYTES => Verdict::Fail,
                ROOM_MIN_BYTES..ROOM_LOW_BYTES => Verdict::Warn,
                ROOM_LOW_BYTES.. => Verdict::Ok,
            };
            Check::new("disk space", verdict, format!("{} MB are left", bytes >> 20))
        }
    }
}

/// Whether a write becomes durable, and how quickly.
fn sync(data: &Path) -> Check {
    let watch = Stopwatch::start();
    let synced = tempfile::tempfile_in(data).and_then(|mut file| {
        file.write_all(b"contactpoint")?;
        file.sync_data()
    });
    let took = watch.elapsed();
    if let Err(error) = synced {
        return Check::new("durable writes", Verdict::Fail, error.to_string());
    }
    let verdict = if took > SYNC_SLOW { Verdict::Warn } else { Verdict::Ok };
    Check::new("durable writes", verdict, format!("one takes {:.1} ms", took.as_secs_f64() * 1e3))
}

/// Days by which an epoch may outlast its time before it is said.
const EPOCH_GRACE_DAYS: u32 = 2;

/// Whether the epoch of the keys is overdue: as long as it lasts, no older copy of them may expire.
pub(super) fn epoch(settings: &Settings, folders: &Folders) -> Option<Check> {
    let began = epochs::began(&folders.keys)?;
    let (now, days) = (clock::of(settings).now(), settings.epoch_days());
    let told = format!("of {days} days, since {}", began.format("%Y-%m-%d"));
    Some(if epochs::is_over(began, now, days + EPOCH_GRACE_DAYS) {
        Check::new("keys' epoch", Verdict::Warn, format!("{told}: overdue; it is renewed while serving"))
    } else {
        Check::new("keys' epoch", Verdict::Ok, told)
    })
}

/// Whether anybody else may read the keys.
fn keys(folders: &Folders) -> Check {
    let name = "keys folder";
    if folders.keys.starts_with(&folders.data) {
        return Check::new(name, Verdict::Fail, "lies inside the data folder, where a backup takes it along");
    }
    let Ok(data) = fs::metadata(&folders.keys) else {
        return Check::new(name, Verdict::Fail, format!("there is no {}", folders.keys.display()));
    };
    if data.permissions().mode() & 0o077 != 0 {
        return Check::new(name, Verdict::Fail, "others than its owner may enter it; set its mode to 700");
    }
    match exposed(&folders.keys) {
        Some(file) => {
            let detail = format!("{} may be read by others; set its mode to 600", file.display());
            Check::new(name, Verdict::Fail, detail)
        }
        None => Check::new(name, Verdict::Ok, "its owner's alone"),
    }
}

fn exposed(folder: &Path) -> Option<PathBuf> {
    fs::read_dir(folder).ok()?.filter_map(Result::ok).map(|entry| entry.path()).find_map(|path| {
        if path.is_dir() {
            return exposed(&path);
        }
        let open_to_others = fs::metadata(&path).is_ok_and(|data| data.permissions().mode() & 0o077 != 0);
        open_to_others.then_some(path)
    })
}

/// What shows only when the directory is opened; who has it, where somebody does.
pub(super) fn whole(settings: &Settings, folders: &Folders) -> Vec<Check> {
    let newest = match newest_recorded(folders) {
        Ok(newest) => newest,
        Err(OpenError::InUse) => {
            let detail = "a server has the directory open; what needs it open is not looked at";
            return vec![Check::new("lock", Verdict::Ok, detail), checkpoint(folders, None)];
        }
        Err(error) => return vec![Check::new("log", Verdict::Fail, error.to_string())],
    };
    let clock = clock::of(settings);
    let now = clock.now();
    let mut checks = vec![
        Check::new("lock", Verdict::Ok, "nobody has the directory open"),
        checkpoint(folders, Some(newest.position)),
        clock_against(newest.recorded_at, now),
    ];
    match Directory::open(folders, clock) {
        Err(OpenDirectoryError::Keys(error @ VaultError::InUse { .. })) => {
            checks.push(Check::new("keys", Verdict::Fail, error.to_string()));
        }
        Err(error) => {
            let detail = format!("{:#}", anyhow::Error::new(error));
            checks.push(Check::new("directory", Verdict::Fail, detail));
        }
        Ok(opened) => {
            let lines = newest.told;
            let verdict = if lines.is_empty() { Verdict::Ok } else { Verdict::Warn };
            let whole = format!("ends whole at position {}", opened.log.position.0);
            let detail = if lines.is_empty() { whole } else { lines.join("; ") };
            checks.push(Check::new("log tail", verdict, detail));
            checks.push(models(&opened.directory));
            checks.push(queue(&opened.directory));
            checks.push(index(&opened.directory));
        }
    }
    checks
}

/// The newest record, and what opening the log had to say.
struct Newest {
    position: Position,
    recorded_at: Option<DateTime<Utc>>,
    told: Vec<String>,
}

fn newest_recorded(folders: &Folders) -> Result<Newest, OpenError> {
    let (log, opened) = Segments::open(folders.log(), event_log::Options::default())?;
    let before = Position(opened.position.0.saturating_sub(1));
    let mut recorded_at = None;
    event_log::EventLog::read_all(&log, before, 1, &mut |record| {
        recorded_at = DateTime::from_timestamp_micros(record.header.recorded_at);
    })?;
    Ok(Newest { position: opened.position, recorded_at, told: told(&opened) })
}

fn clock_against(recorded_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Check {
    match recorded_at {
        Some(newest) if newest > now => {
            let detail = format!("stands before the newest record, of {newest}: it was set back");
            Check::new("clock", Verdict::Fail, detail)
        }
        Some(newest) => {
            Check::new("clock", Verdict::Ok, format!("stands after the newest record, of {newest}"))
        }
        None => Check::new("clock", Verdict::Ok, "there is no record yet"),
    }
}

/// How old the newest signed checkpoint is, and how much of the log it covers.
fn checkpoint(folders: &Folders, head: Option<Position>) -> Check {
    let name = "checkpoint";
    let file = folders.tiles().join(CHECKPOINT);
    let Some(signed) =
        fs::read_to_string(&file).ok().and_then(|note| event_log::checkpoint::Checkpoint::parse(&note))
    else {
        return Check::new(name, Verdict::Warn, "nothing is signed yet");
    };
    let age = fs::metadata(&file).and_then(|data| data.modified()).ok().and_then(|at| at.elapsed().ok());
    let size = signed.size;
    match (head, age) {
        (Some(head), _) if size > head.0 => {
            let detail = format!("{size} records were signed and the log ends at {}", head.0);
            Check::new(name, Verdict::Fail, detail)
        }
        (Some(head), Some(age)) if size < head.0 && age > CHECKPOINT_OLD => {
            let detail = format!(
                "covers {size} of {} records and is {} s old; serve to sign the rest",
                head.0,
                age.as_secs()
            );
            Check::new(name, Verdict::Warn, detail)
        }
        _ => Check::new(name, Verdict::Ok, format!("covers {size} records")),
    }
}

/// What the index was filled from, and why not from what was kept of it.
fn index(directory: &Directory) -> Check {
    let name = "index";
    let children = directory.index_children();
    match directory.index_from() {
        IndexFrom::Snapshot { generation, position, .. } => {
            let detail =
                format!("of {children} children, kept as generation {generation} at position {}", position.0);
            Check::new(name, Verdict::Ok, detail)
        }
        IndexFrom::Rows(None) => {
            let detail =
                format!("of {children} children, built from the rows; none is kept until a server stops");
            Check::new(name, Verdict::Ok, detail)
        }
        IndexFrom::Rows(Some(doubt)) => {
            let detail =
                format!("of {children} children, built from the rows; the one kept was not used: {doubt}");
            Check::new(name, Verdict::Warn, detail)
        }
    }
}

/// Whether what waits for a person waits for too long.
fn queue(directory: &Directory) -> Check {
    let figures = directory.queue_figures();
    let verdict = if figures.overdue == 0 { Verdict::Ok } else { Verdict::Warn };
    let detail = format!("{} items wait for a person, {} of them overdue", figures.waiting, figures.overdue);
    Check::new("identity queue", verdict, detail)
}

/// Whether every read model has folded everything, and none has met what it cannot read.
fn models(directory: &Directory) -> Check {
    let name = "read models";
    loop {
        match directory.tick(BUDGET) {
            Err(error) => return Check::new(name, Verdict::Fail, error.to_string()),
            Ok(caught) => {
                if let Some(stopped) = caught.stopped.first() {
                    let detail =
                        format!("{} has stopped at an event it cannot read: {stopped}", stopped.model);
                    return Check::new(name, Verdict::Fail, detail);
                }
                if caught.at_head {
                    let detail = format!("all stand at position {}", caught.position.0);
                    return Check::new(name, Verdict::Ok, detail);
                }
            }
        }
    }
}
