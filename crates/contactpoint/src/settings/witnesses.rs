//! Witnesses as `config.toml` names them, one `[[witnesses]]` each.

use std::path::PathBuf;

use api::WitnessCaller;
use event_log::cosignature::CosignerKey;
use serde::{Deserialize, Serialize};

use crate::exit::usage;

/// One witness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WitnessSection {
    /// Below which its `/add-checkpoint` lies.
    url: String,
    /// Its public key, as it publishes it.
    key: String,
    /// The roots of its certificate, in PEM, if not those that the machine trusts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    roots: Option<PathBuf>,
}

/// A witness as it is reached, and what checks what it says.
pub(crate) struct Reached {
    /// Checks its cosignatures.
    pub(crate) key: CosignerKey,
    /// Reaches it.
    pub(crate) caller: WitnessCaller,
}

/// Sets every witness up; none is asked anything yet.
///
/// # Errors
/// A key or an address that cannot be read, or a key that stands twice.
pub(crate) fn set_up(sections: &[WitnessSection]) -> anyhow::Result<Vec<Reached>> {
    let mut witnesses: Vec<Reached> = Vec::with_capacity(sections.len());
    for section in sections {
        let key = CosignerKey::parse(&section.key)
            .map_err(|fault| usage(format!("the key of the witness at {}: {fault}", section.url)))?;
        if witnesses.iter().any(|other| other.key == key) {
            return Err(usage(format!("the witness {} stands twice", key.name())));
        }
        let caller = WitnessCaller::new(&section.url, section.roots.as_deref())
            .map_err(|fault| usage(format!("the witness {}: {fault}", key.name())))?;
        witnesses.push(Reached { key, caller });
    }
    Ok(witnesses)
}
