//! Identity providers as `config.toml` names them, one `[[providers]]` each.
//!
//! Secrets and keys stand in files of their own, never in the settings. Source: docs/operations.md; ADR-0044.

use std::{
    collections::{BTreeSet, HashSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use api::{ClientCredential, Provider, ProviderSettings};
use events::id_token::Strong;
use serde::{Deserialize, Serialize};
use vocabulary::{KeyName, OrganisationId, ProviderName, SignatureAlgorithm};

use crate::exit::usage;

/// One provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProviderSection {
    /// What it is called here.
    name: ProviderName,
    /// How it names itself, letter by letter.
    issuer: String,
    /// How it knows this directory.
    client_id: String,
    /// The file that holds the secret; this or a private key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_secret_file: Option<PathBuf>,
    /// The file that holds a private key, PKCS #8 in PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    private_key_file: Option<PathBuf>,
    /// How the provider names the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    private_key_name: Option<KeyName>,
    /// What a key of RSA signs by: RS256 unless told otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    private_key_algorithm: Option<SignatureAlgorithm>,
    /// Classes of authentication that count as strong.
    #[serde(default)]
    strong_acr: BTreeSet<String>,
    /// Methods of authentication that count as strong.
    #[serde(default)]
    strong_amr: BTreeSet<String>,
    /// For whose accounts it may vouch.
    #[serde(default)]
    organisations: BTreeSet<OrganisationId>,
    /// For the accounts of which authorities, and of every organisation within them.
    #[serde(default)]
    authorities: BTreeSet<OrganisationId>,
    /// Where browsers come back to, if not to `/oidc/callback` of the server's own address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    redirect_uri: Option<String>,
    /// What it is asked to state, as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    claims: Option<String>,
    /// The roots of its certificate, in PEM, if not those that the machine trusts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    roots: Option<PathBuf>,
}

/// Sets every provider up; none is asked anything yet.
///
/// # Errors
/// A name that stands twice, a file that cannot be read, or a provider by which nobody could sign in.
pub(crate) fn set_up(sections: &[ProviderSection]) -> anyhow::Result<Vec<Arc<Provider>>> {
    let mut names = HashSet::new();
    let mut providers = Vec::with_capacity(sections.len());
    for section in sections {
        let name = &section.name;
        if !names.insert(name) {
            return Err(usage(format!("the provider {name} stands twice")));
        }
        let provider = Provider::load(section.settings()?)
            .map_err(|fault| usage(format!("the provider {name}: {fault}")))?;
        providers.push(Arc::new(provider));
    }
    Ok(providers)
}

impl ProviderSection {
    fn settings(&self) -> anyhow::Result<ProviderSettings> {
        Ok(ProviderSettings {
            provider: directory::Provider {
                name: self.name.clone(),
                issuer: self.issuer.clone(),
                client_id: self.client_id.clone(),
                strong: Strong { acr: self.strong_acr.clone(), amr: self.strong_amr.clone() },
                organisations: self.organisations.clone(),
                authorities: self.authorities.clone(),
            },
            credential: self.credential()?,
            redirect_uri: self.redirect_uri.clone(),
            claims: self.claims()?,
            roots: self.roots.clone(),
            patience: ProviderSettings::PATIENCE,
        })
    }

    /// The claims that are asked for, once they were found to be one JSON object.
    fn claims(&self) -> anyhow::Result<Option<String>> {
        let is_object = |text: &str| serde_json::from_str::<serde_json::Map<_, _>>(text).is_ok();
        match &self.claims {
            Some(text) if !is_object(text) => {
                Err(usage(format!("the provider {}: claims is one JSON object", self.name)))
            }
            claims => Ok(claims.clone()),
        }
    }

    fn credential(&self) -> anyhow::Result<ClientCredential> {
        let read = |file: &Path| {
            fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
        };
        let name = &self.name;
        let taken = match (&self.client_secret_file, &self.private_key_file) {
            (Some(file), None) => ClientCredential::secret(&read(file)?),
            (None, Some(file)) => {
                let kid = self.private_key_name.clone();
                ClientCredential::key(&read(file)?, kid, self.private_key_algorithm)
            }
            (Some(_), Some(_)) | (None, None) => {
                return Err(usage(format!(
                    "the provider {name} needs either client_secret_file or private_key_file"
                )));
            }
        };
        taken.map_err(|fault| usage(format!("the provider {name}: {fault}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(folder: &Path, more: &str) -> anyhow::Result<Vec<Arc<Provider>>> {
        let secret = folder.join("secret");
        fs::write(&secret, "an invented secret\n").unwrap();
        let text = format!(
            "name = \"haringey\"\nissuer = \"http://127.0.0.1:9400\"\nclient_id = \"contactpoint\"\n\
             client_secret_file = {secret:?}\nstrong_acr = [\"aal2\"]\norganisations = [\"urn:100000\"]\n"
        );
        let mut table: toml::Table = text.parse().unwrap();
        for (name, value) in more.parse::<toml::Table>().unwrap() {
            if value.as_str() == Some("-") {
                table.remove(&name);
            } else {
                table.insert(name, value);
            }
        }
        set_up(&[table.try_into::<ProviderSection>()?])
    }

    #[test]
    fn a_provider_is_set_up_by_what_it_needs_and_its_secret_never_prints() {
        let folder = tempfile::tempdir().unwrap();
        let providers = section(folder.path(), "").unwrap();
        assert_eq!(format!("{providers:?}"), "[Provider(haringey)]");
    }

    #[test]
    fn a_provider_by_which_nobody_could_sign_in_is_refused_at_the_start() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty");
        fs::write(&empty, " \n").unwrap();
        for (more, word) in [
            ("strong_acr = []", "strong_acr"),
            ("organisations = []", "organisations"),
            ("issuer = \"http://login.example\"", "issuer"),
            ("issuer = \"https://login.example/?tenant=1\"", "issuer"),
            ("client_secret_file = \"-\"", "client_secret_file"),
            ("private_key_file = \"key.pem\"", "client_secret_file"),
            ("client_secret_file = \"/nowhere/secret\"", "/nowhere/secret"),
            (&format!("client_secret_file = {empty:?}"), "empty"),
            (&format!("client_secret_file = \"-\"\nprivate_key_file = {empty:?}"), "private key"),
            ("colour = \"blue\"", "colour"),
            ("claims = \"acr\"", "JSON"),
            ("name = \"Haringey Council\"", "provider's name"),
            ("issuer = \"https://login.example\"\nroots = \"/nowhere/roots.pem\"", "/nowhere/roots.pem"),
        ] {
            let error = section(folder.path(), more).unwrap_err();
            assert!(format!("{error:#}").contains(word), "{more}: {error:#}");
        }
    }
}
