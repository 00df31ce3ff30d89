//! Settings: defaults, then `config.toml`, then `CONTACTPOINT_*`, then flags; the last word stands.
//!
//! Source: contract.md section 1.

mod providers;
mod witnesses;

use std::{
    net::SocketAddr,
    num::NonZeroU32,
    path::{Component, Path, PathBuf},
};

use api::{TlsFiles, WebAddress};
use chrono::{DateTime, Utc};
use directory::Folders;
use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};

use crate::{epochs, exit::usage};

pub(crate) use providers::{ProviderSection, set_up};
pub(crate) use witnesses::{Reached, WitnessSection, set_up as set_up_witnesses};

/// What the settings file in the data folder is called.
const FILE: &str = "config.toml";

/// What the environment may set; other `CONTACTPOINT_*` names are no settings.
const NAMES: [&str; 15] = [
    "data",
    "keys",
    "listen",
    "metrics_listen",
    "public_url",
    "tls_cert",
    "tls_key",
    "tls_client_ca",
    "behind_proxy",
    "log",
    "clock",
    "requests_per_second",
    "requests_burst",
    "epoch_days",
    "training_url",
];

/// Where a directory is, as the flags of a command say.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Place {
    /// The data folder
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// The keys folder [default: NAME-keys beside the data folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    /// The settings file [default: config.toml in the data folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// What flags say beside the place.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Flags {
    /// Where to listen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) listen: Option<SocketAddr>,
    /// Where to answer for figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// The server's address as clients know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) public_url: Option<String>,
    /// The server's certificate and those above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its private key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tls_key: Option<PathBuf>,
    /// The roots of clients' certificates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tls_client_ca: Option<PathBuf>,
    /// Something before it ends TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) behind_proxy: Option<bool>,
}

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// The data folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<PathBuf>,
    /// The keys folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) keys: Option<PathBuf>,
    /// Where to listen.
    pub(crate) listen: SocketAddr,
    /// Where to answer for figures; nowhere if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// The server's address as clients know it, which they sign for; made of `listen` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) public_url: Option<String>,
    /// The server's certificate and those above it, in PEM; without it the server speaks in the clear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// The private key of the certificate, in PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tls_key: Option<PathBuf>,
    /// The roots of clients' certificates, in PEM; without it no client is asked for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tls_client_ca: Option<PathBuf>,
    /// Something before the server ends TLS, so that speaking in the clear is meant.
    #[serde(default)]
    pub(crate) behind_proxy: bool,
    /// Requests a second of one client or person, on the average; the door's own limit if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) requests_per_second: Option<NonZeroU32>,
    /// Requests of one client or person that may come at once; the door's own limit if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) requests_burst: Option<NonZeroU32>,
    /// Days after which a new epoch of the keys begins, so that older copies of the keys may expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) epoch_days: Option<NonZeroU32>,
    /// Where people practise with invented children, for the page of help to lead to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) training_url: Option<WebAddress>,
    /// The identity providers at which people may sign in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) providers: Vec<ProviderSection>,
    /// The witnesses that are sent each checkpoint.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) witnesses: Vec<WitnessSection>,
    /// What to log, as `tracing` filters are written.
    pub(crate) log: String,
    /// The instant at which a told clock starts; for demo, generate and tests only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) clock: Option<DateTime<Utc>>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            data: None,
            keys: None,
            // Loopback: whoever wants the world to see it says so.
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            metrics_listen: None,
            public_url: None,
            tls_cert: None,
            tls_key: None,
            tls_client_ca: None,
            behind_proxy: false,
            requests_per_second: None,
            requests_burst: None,
            epoch_days: None,
            training_url: None,
            providers: Vec::new(),
            witnesses: Vec::new(),
            log: "info".to_owned(),
            clock: None,
        }
    }
}

impl Settings {
    /// Reads all four layers.
    ///
    /// # Errors
    /// A value that cannot be read, with the layer it came from; a settings file that was named and is not there.
    pub(crate) fn read(place: &Place, flags: &Flags) -> anyhow::Result<Settings> {
        let environment = || Env::prefixed("CONTACTPOINT_").only(&NAMES);
        let mut layers = Figment::from(Serialized::defaults(Settings::default()));
        let data = match &place.data {
            Some(data) => Some(data.clone()),
            None => Figment::from(environment()).extract_inner::<PathBuf>("data").ok(),
        };
        match (&place.config, data) {
            (Some(file), _) if !file.is_file() => {
                return Err(usage(format!("the settings file {} is not there", file.display())));
            }
            (Some(file), _) => layers = layers.merge(Toml::file_exact(file)),
            (None, Some(data)) if data.join(FILE).is_file() => {
                layers = layers.merge(Toml::file_exact(data.join(FILE)));
            }
            (None, Some(_) | None) => (),
        }
        layers = layers.merge(environment()).merge(Serialized::defaults(flags));
        for (name, folder) in [("data", &place.data), ("keys", &place.keys)] {
            if let Some(folder) = folder {
                layers = layers.merge(Serialized::default(name, folder));
            }
        }
        Ok(layers.extract()?)
    }

    /// Where the files of TLS lie, if the server is to speak it.
    ///
    /// # Errors
    /// One of certificate and key without the other, or roots of clients without both.
    pub(crate) fn tls_files(&self) -> anyhow::Result<Option<TlsFiles>> {
        match (&self.tls_cert, &self.tls_key) {
            (Some(certificates), Some(key)) => Ok(Some(TlsFiles {
                certificates: certificates.clone(),
                key: key.clone(),
                client_roots: self.tls_client_ca.clone(),
            })),
            (None, None) if self.tls_client_ca.is_none() => Ok(None),
            (None, None) => {
                Err(usage("clients' certificates need TLS: name --tls-cert and --tls-key as well"))
            }
            (Some(_), None) | (None, Some(_)) => Err(usage("--tls-cert and --tls-key go together")),
        }
    }

    /// Days after which a new epoch of the keys begins.
    pub(crate) fn epoch_days(&self) -> u32 {
        self.epoch_days.map_or(epochs::DAYS, NonZeroU32::get)
    }

    /// The folders of the directory.
    ///
    /// # Errors
    /// No data folder was named.
    pub(crate) fn folders(&self) -> anyhow::Result<Folders> {
        let data = self.data.as_deref().ok_or_else(|| usage("name the data folder with --data DIR"))?;
        Ok(folders(data, self.keys.as_deref()))
    }
}

/// The folders of a directory in `data`, with its keys in `keys` or beside it, both from the root on.
pub(crate) fn folders(data: &Path, keys: Option<&Path>) -> Folders {
    // A name such as `.` or `DIR/..` has no last part to call the keys after: then the folder itself tells.
    let data = match data.components().next_back() {
        Some(Component::Normal(_)) => whole(data),
        _ => data.canonicalize().unwrap_or_else(|_| whole(data)),
    };
    let mut folders = Folders::beside(&data);
    if let Some(keys) = keys {
        folders.keys = whole(keys);
    }
    folders
}

/// A path from the root on, whether or not anything is there.
pub(crate) fn whole(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_has_the_last_word_and_a_file_the_word_before_defaults() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "listen = \"127.0.0.1:1\"\nlog = \"warn\"\n").unwrap();
        let place = Place { data: Some(folder.path().to_owned()), ..Place::default() };
        let flags = Flags { listen: Some("127.0.0.1:2".parse().unwrap()), ..Flags::default() };
        let settings = Settings::read(&place, &flags).unwrap();
        assert_eq!((settings.listen.port(), settings.log.as_str()), (2, "warn"));
        assert_eq!(settings.data.as_deref(), Some(folder.path()));
    }

    #[test]
    fn a_setting_that_nobody_knows_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "lisen = \"127.0.0.1:1\"\n").unwrap();
        let place = Place { data: Some(folder.path().to_owned()), ..Place::default() };
        let error = Settings::read(&place, &Flags::default()).unwrap_err();
        assert!(error.to_string().contains("lisen"), "{error}");
        assert_eq!(crate::exit::status_of(&error), crate::exit::Status::Usage);
    }

    #[test]
    fn where_one_practises_is_an_address_of_the_web() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place { data: Some(folder.path().to_owned()), ..Place::default() };
        let read = |text: &str| {
            std::fs::write(folder.path().join(FILE), format!("training_url = \"{text}\"\n")).unwrap();
            Settings::read(&place, &Flags::default())
        };
        let taken = read("https://training.example").unwrap();
        assert_eq!(taken.training_url.map(String::from).as_deref(), Some("https://training.example"));
        let error = read("javascript:alert(1)").unwrap_err();
        assert!(error.to_string().contains("http://"), "{error}");
        assert_eq!(crate::exit::status_of(&error), crate::exit::Status::Usage);
    }

    #[test]
    fn a_certificate_needs_its_key_and_roots_of_clients_need_both() {
        let file = || Some(PathBuf::from("file.pem"));
        let none = Settings::default();
        assert_eq!(none.tls_files().unwrap(), None);
        let both = Settings { tls_cert: file(), tls_key: file(), ..Settings::default() };
        assert!(both.tls_files().unwrap().is_some());
        for half in [
            Settings { tls_cert: file(), ..Settings::default() },
            Settings { tls_key: file(), ..Settings::default() },
            Settings { tls_client_ca: file(), ..Settings::default() },
        ] {
            let error = half.tls_files().unwrap_err();
            assert_eq!(crate::exit::status_of(&error), crate::exit::Status::Usage);
        }
    }

    #[test]
    fn the_keys_lie_beside_the_data_unless_told_otherwise() {
        let beside = folders(Path::new("/srv/directory"), None);
        assert_eq!(beside.keys, Path::new("/srv/directory-keys"));
        let apart = folders(Path::new("/srv/directory"), Some(Path::new("/keys")));
        assert_eq!(apart.keys, Path::new("/keys"));
    }
}
