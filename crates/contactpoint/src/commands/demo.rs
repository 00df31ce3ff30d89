//! `demo` and `sandbox`: a fresh directory with invented people and the story of Child V, and then its server.
//!
//! A demo that was cut short while it was made is made anew; one that is whole is served again as it stands.
//! Source: contract.md sections 1 and 5; docs/child-v.md; ADR-0062.

use std::{
    fs,
    io::Write,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use directory::{Folders, Ledger};
use event_log::{OpenError, Options, Segments};
use serde::{Deserialize, Serialize};

use crate::{
    clock,
    demo::{
        credentials::{self, Credentials},
        making,
    },
    exit::{Status, usage},
    logging,
    opening::{Fresh, open},
    output::say,
    serving::{self, Serving},
    settings::{Flags, Place, Settings, folders},
};

/// The file that says that a folder is a demo's, and which one.
const DEMO: &str = "demo.json";
/// The file that says that a folder is for training, and that nobody in it may be real.
pub(crate) const INVENTED: &str = "invented";

/// Fewer children do not hold one that each example resembles.
const CHILDREN_MIN: u64 = 200;
/// More take longer to load than a demonstration may.
const CHILDREN_MAX: u64 = 200_000;

/// What to show.
#[derive(Debug, clap::Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    place: Place,
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// How many invented children
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    children: u64,
    /// The seed of everything invented
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Make the directory and stop, without serving it
    #[arg(long)]
    no_serve: bool,
}

/// What people practise on.
#[derive(Debug, clap::Args)]
pub(crate) struct Sandbox {
    /// The data folder, of its own; its keys lie beside it [default: a temporary folder]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The settings file [default: config.toml in the data folder]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// How many invented children
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    children: u64,
    /// The seed of everything invented
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
}

/// What an invented directory is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// To be looked at; `serve` may serve it later.
    Demo,
    /// To practise on; nothing but `sandbox` serves it.
    Training,
}

impl Purpose {
    /// The file that marks its folders.
    fn marker(self) -> &'static str {
        match self {
            Purpose::Demo => DEMO,
            Purpose::Training => INVENTED,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Purpose::Demo => "demo",
            Purpose::Training => "sandbox",
        }
    }
}

/// Which demo a folder holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Marker {
    seed: u64,
    children: u64,
}

/// What a folder holds before the demo is made.
enum Found {
    /// Nothing, or a demo that was cut short and was removed.
    Room,
    /// This demo, whole.
    Whole(Box<Credentials>),
}

impl Demo {
    /// Makes the directory where there is none, and serves it.
    pub(crate) fn run(&self) -> anyhow::Result<Status> {
        let flags = Flags { listen: self.listen, ..Flags::default() };
        let settings = Settings::read(&self.place, &flags)?;
        let marker = Marker { seed: self.seed, children: self.children };
        show(Purpose::Demo, &marker, settings, self.no_serve)
    }
}

impl Sandbox {
    /// Makes the directory where there is none, and serves it for training.
    pub(crate) fn run(&self) -> anyhow::Result<Status> {
        let flags = Flags { listen: self.listen, ..Flags::default() };
        let place = Place { data: self.data.clone(), keys: None, config: self.config.clone() };
        // Keys of its own, whatever the environment says of those of another directory.
        let settings = Settings { keys: None, ..Settings::read(&place, &flags)? };
        let marker = Marker { seed: self.seed, children: self.children };
        show(Purpose::Training, &marker, settings, false)
    }
}

/// Makes an invented directory where there is none, and serves it.
fn show(purpose: Purpose, marker: &Marker, settings: Settings, no_serve: bool) -> anyhow::Result<Status> {
    let name = purpose.name();
    if !(CHILDREN_MIN..=CHILDREN_MAX).contains(&marker.children) {
        return Err(usage(format!("a {name} has {CHILDREN_MIN} to {CHILDREN_MAX} children")));
    }
    logging::start(&settings)?;
    // Removed when the program ends; a folder that was named stays.
    let mut temporary = None;
    let folders = if let Some(data) = &settings.data {
        folders(data, settings.keys.as_deref())
    } else {
        let folder = tempfile::Builder::new().prefix(&format!("contactpoint-{name}-")).tempdir()?;
        let beside = Folders::beside(&folder.path().join(name));
        temporary = Some(folder);
        beside
    };
    // Listened on before the directory is made: an address that is taken is told at once.
    let listener = if no_serve {
        None
    } else {
        let bound = TcpListener::bind(settings.listen);
        Some(bound.with_context(|| format!("{} cannot be listened on", settings.listen))?)
    };
    let address = listener.as_ref().map_or(Ok(settings.listen), TcpListener::local_addr)?;
    let file = folders.data.join(credentials::FILE);
    let url = serving::public_url(&settings, address, settings.tls_cert.is_some());
    let (directory, ledger) = match find(purpose, &folders, marker)? {
        Found::Whole(mut credentials) => {
            say(format_args!("the {name} in {} is served as it stands", folders.data.display()));
            let directory = Arc::new(open(&folders, clock::of(&settings), Fresh::Refuse)?);
            url.clone_into(&mut credentials.url);
            credentials.write(&file)?;
            (directory, Arc::new(Ledger::open(&folders)?))
        }
        Found::Room => {
            mark(&folders.data, purpose.marker(), marker)?;
            making::make(&folders, &settings, (marker.seed, marker.children), &url)?
        }
    };
    tell_what_to_try(purpose, &url, &file);
    let status = match listener {
        None => Status::Done,
        Some(listener) => {
            // Also where no folder was named: the server renews the epochs of its keys.
            let Folders { data, keys } = folders;
            let settings = Settings { data: Some(data), keys: Some(keys), ..settings };
            let training = purpose == Purpose::Training;
            let witnesses = Vec::new();
            serving::serve(Serving { directory, ledger, witnesses, listener, settings, training })?
        }
    };
    drop(temporary);
    Ok(status)
}

/// Refuses a folder whose people are invented for training: nothing else may be recorded among them.
///
/// # Errors
/// The folder is a sandbox's, or cannot be read.
pub(crate) fn refuse_invented(folders: &Folders) -> anyhow::Result<()> {
    let file = folders.data.join(INVENTED);
    if file.try_exists().with_context(|| format!("{} cannot be read", file.display()))? {
        return Err(usage(format!(
            "{} holds invented people for training, as {INVENTED} in it says; serve it with \
             `contactpoint sandbox --data DIR`, or name the folder of the real directory",
            folders.data.display()
        )));
    }
    Ok(())
}

/// Says durably what the folder is for, before anything else stands in it.
fn mark(data: &Path, name: &str, marker: &Marker) -> anyhow::Result<()> {
    let write = || -> anyhow::Result<()> {
        fs::create_dir_all(data)?;
        let mut whole = tempfile::NamedTempFile::new_in(data)?;
        whole.write_all(&serde_json::to_vec(marker)?)?;
        whole.as_file().sync_all()?;
        whole.persist(data.join(name))?;
        fs::File::open(data)?.sync_all()?;
        Ok(())
    };
    write().with_context(|| format!("{} cannot be written", data.join(name).display()))
}

/// Looks what the folder holds; makes room where a demo was cut short.
fn find(purpose: Purpose, folders: &Folders, marker: &Marker) -> anyhow::Result<Found> {
    let (name, shown) = (purpose.name(), folders.data.display());
    if is_empty(&folders.data)? {
        if !is_empty(&folders.keys)? {
            return Err(usage(format!("{} is not empty", folders.keys.display())));
        }
        return Ok(Found::Room);
    }
    let held: Option<Marker> = fs::read(folders.data.join(purpose.marker()))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let Some(held) = held else {
        return Err(usage(format!("{shown} is not empty and holds no {name}; name another folder")));
    };
    match Credentials::read(&folders.data.join(credentials::FILE))? {
        None => {
            say(format_args!("a {name} in {shown} was cut short and is made anew"));
            // The lock tells whether another process is making it this moment.
            if folders.log().is_dir()
                && let Err(error @ OpenError::InUse) = Segments::open(folders.log(), Options::default())
            {
                return Err(error.into());
            }
            // The keys go first: as long as anything of the data is there, its marker may be too.
            remove(&folders.keys)?;
            remove(&folders.data)?;
            Ok(Found::Room)
        }
        Some(_) if held != *marker => Err(usage(format!(
            "{shown} holds the {name} of seed {} with {} children; name another folder",
            held.seed, held.children
        ))),
        Some(credentials) => Ok(Found::Whole(Box::new(credentials))),
    }
}

fn is_empty(folder: &Path) -> anyhow::Result<bool> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", folder.display())),
        Ok(mut entries) => Ok(entries.next().is_none()),
    }
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", folder.display()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

fn tell_what_to_try(purpose: Purpose, url: &str, file: &Path) {
    let (name, file) = (purpose.name(), file.display());
    say(format_args!(
        "\nContactPoint {name}: {url}\neverybody in it is invented; whom to sign in as: {file}"
    ));
    match purpose {
        Purpose::Demo => say(format_args!("try docs/walk.sh {url} {file}\n")),
        Purpose::Training => say("every page says that it is for training\n"),
    }
}
