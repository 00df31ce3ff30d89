//! Assets: style sheet, scripts and icon, within the binary, each under an address that names its content.
//!
//! A browser keeps them for a year; another content has another address. Source: ADR-0060.

use std::{collections::BTreeMap, sync::LazyLock};

use aws_lc_rs::digest;
use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::problem::Problem;

/// Letters of the content's hash in an address: more than two contents ever share.
const HASH_LETTERS: usize = 12;

const FILES: &[(&str, &str, &[u8])] = &[
    ("site.css", "text/css; charset=utf-8", include_bytes!("../../static/site.css")),
    ("site.js", "text/javascript; charset=utf-8", include_bytes!("../../static/site.js")),
    ("passkey.js", "text/javascript; charset=utf-8", include_bytes!("../../static/passkey.js")),
    ("live.js", "text/javascript; charset=utf-8", include_bytes!("../../static/live.js")),
    ("icon.svg", "image/svg+xml", include_bytes!("../../static/icon.svg")),
];

struct Asset {
    address: String,
    kind: &'static str,
    bytes: &'static [u8],
}

/// By name.
static ASSETS: LazyLock<BTreeMap<&'static str, Asset>> = LazyLock::new(|| {
    let asset = |(name, kind, bytes): &(&'static str, &'static str, &'static [u8])| {
        let hash = digest::digest(&digest::SHA256, bytes);
        let hash = hash
            .as_ref()
            .iter()
            .take(HASH_LETTERS / 2)
            .fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        (*name, Asset { address: format!("/assets/{stem}.{hash}.{extension}"), kind, bytes })
    };
    FILES.iter().map(asset).collect()
});

/// The addresses of the assets, for templates.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Urls;

impl Urls {
    /// The address of the asset of that name; empty for a name that there is not.
    #[expect(clippy::unused_self, reason = "templates ask values")]
    pub(crate) fn url(self, name: &str) -> &'static str {
        ASSETS.get(name).map(|asset| asset.address.as_str()).unwrap_or_default()
    }
}

/// 200 the asset, for a year · 404 another content has another address.
pub(crate) async fn serve(Path(name): Path<String>) -> Result<Response, Problem> {
    let address = format!("/assets/{name}");
    let asset =
        ASSETS.values().find(|asset| asset.address == address).ok_or_else(|| Problem::new("not_found"))?;
    let mut response = asset.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_has_an_address_of_its_own_and_nothing_foreign_in_it() {
        for (name, _, bytes) in FILES {
            let url = Urls.url(name);
            assert!(url.starts_with("/assets/") && url.len() > name.len() + HASH_LETTERS, "{url}");
            let text = std::str::from_utf8(bytes).unwrap();
            for foreign in ["GDS Transport", "url(", "@import", "eval("] {
                assert!(!text.contains(foreign), "{name} holds {foreign}");
            }
        }
        assert_eq!(Urls.url("nothing.css"), "");
    }
}
