//! `demo`: a fresh directory with invented people and the story of Child V, and then its server.
//!
//! A demo that was cut short while it was made is made anew; one that is whole is served again as it stands.
//! Source: contract.md sections 1 and 5; docs/child-v.md.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::Path,
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
const MARKER: &str = "demo.json";

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
        if !(CHILDREN_MIN..=CHILDREN_MAX).contains(&self.children) {
            return Err(usage(format!("a demo has {CHILDREN_MIN} to {CHILDREN_MAX} children")));
        }
        let flags = Flags { listen: self.listen, ..Flags::default() };
        let settings = Settings::read(&self.place, &flags)?;
        logging::start(&settings)?;
        // Removed when the program ends; a folder that was named stays.
        let mut temporary = None;
        let folders = if let Some(data) = &settings.data {
            folders(data, settings.keys.as_deref())
        } else {
            let folder = tempfile::Builder::new().prefix("contactpoint-demo-").tempdir()?;
            let beside = Folders::beside(&folder.path().join("demo"));
            temporary = Some(folder);
            beside
        };
        // Listened on before the directory is made: an address that is taken is told at once.
        let listener = if self.no_serve {
            None
        } else {
            let bound = TcpListener::bind(settings.listen);
            Some(bound.with_context(|| format!("{} cannot be listened on", settings.listen))?)
        };
        let address = listener.as_ref().map_or(Ok(settings.listen), TcpListener::local_addr)?;
        let marker = Marker { seed: self.seed, children: self.children };
        let file = folders.data.join(credentials::FILE);
        let url = serving::public_url(&settings, address, settings.tls_cert.is_some());
        let (directory, ledger) = match find(&folders, &marker)? {
            Found::Whole(mut credentials) => {
                say(format_args!("the demo in {} is served as it stands", folders.data.display()));
                let directory = Arc::new(open(&folders, clock::of(&settings), Fresh::Refuse)?);
                url.clone_into(&mut credentials.url);
                credentials.write(&file)?;
                (directory, Arc::new(Ledger::open(&folders)?))
            }
            Found::Room => {
                fs::create_dir_all(&folders.data)?;
                fs::write(folders.data.join(MARKER), serde_json::to_vec(&marker)?)?;
                making::make(&folders, &settings, (self.seed, self.children), &url)?
            }
        };
        tell_what_to_try(&url, &file);
        let status = match listener {
            None => Status::Done,
            Some(listener) => {
                // Also where no folder was named: the server renews the epochs of its keys.
                let Folders { data, keys } = folders;
                let settings = Settings { data: Some(data), keys: Some(keys), ..settings };
                serving::serve(Serving { directory, ledger, witnesses: Vec::new(), listener, settings })?
            }
        };
        drop(temporary);
        Ok(status)
    }
}

/// Looks what the folder holds; makes room where a demo was cut short.
fn find(folders: &Folders, marker: &Marker) -> anyhow::Result<Found> {
    let shown = folders.data.display();
    if is_empty(&folders.data)? {
        if !is_empty(&folders.keys)? {
            return Err(usage(format!("{} is not empty", folders.keys.display())));
        }
        return Ok(Found::Room);
    }
    let held: Option<Marker> =
        fs::read(folders.data.join(MARKER)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let Some(held) = held else {
        return Err(usage(format!("{shown} is not empty and holds no demo")));
    };
    match Credentials::read(&folders.data.join(credentials::FILE))? {
        None => {
            say(format_args!("a demo in {shown} was cut short and is made anew"));
            // The lock tells whether another process is making it this moment.
            if folders.log().is_dir()
                && let Err(error @ OpenError::InUse) = Segments::open(folders.log(), Options::default())
            {
                return Err(error.into());
            }
            remove(&folders.data)?;
            remove(&folders.keys)?;
            Ok(Found::Room)
        }
        Some(_) if held != *marker => Err(usage(format!(
            "{shown} holds the demo of seed {} with {} children; name another folder",
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

fn tell_what_to_try(url: &str, file: &Path) {
    say(format_args!(
        "\nContactPoint demo: {url}\n\
         everybody in it is invented; whom to sign in as: {}\n\
         try docs/walk.sh {url} {}\n",
        file.display(),
        file.display()
    ));
}
