//! TLS of the server: its files at the start, new ones while it serves, and a warning where there are none.

use std::{convert::Infallible, future::pending, io, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context;
use api::{Reloaded, Tls};
use tokio::{
    signal::unix::{SignalKind, signal},
    time::{MissedTickBehavior, interval},
};
use tracing::{error, info, warn};

use crate::settings::Settings;

/// Time between two looks whether the files are other ones: whoever renews them need not know the process.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// Reads certificate and key, if they are set.
///
/// # Errors
/// One without the other, or files that nothing can be served with.
pub(crate) fn load(settings: &Settings) -> anyhow::Result<Option<Arc<Tls>>> {
    let Some(files) = settings.tls_files()? else { return Ok(None) };
    Ok(Some(Arc::new(Tls::load(files).context("TLS cannot be served")?)))
}

/// Says loudly that what is about children would go over a network for everybody to read.
pub(crate) fn warn_in_the_clear(address: SocketAddr, encrypted: bool, behind_proxy: bool) {
    if !encrypted && !behind_proxy && !address.ip().is_loopback() {
        warn!(
            %address,
            "SERVING IN THE CLEAR ON A NETWORK: secrets and children's data can be read on the way; give \
             --tls-cert and --tls-key, or say --behind-proxy where a proxy ends TLS"
        );
    }
}

/// The server's address as clients know it: as set, else as it listens.
pub(crate) fn public_url(settings: &Settings, address: SocketAddr, encrypted: bool) -> String {
    let scheme = if encrypted { "https" } else { "http" };
    settings.public_url.clone().unwrap_or_else(|| format!("{scheme}://{address}"))
}

/// Reads the files again on SIGHUP and whenever they are other ones. Never ends.
///
/// Without TLS a SIGHUP ends the process as ever: a terminal that is closed takes its server with it.
pub(crate) fn renewing(tls: Option<Arc<Tls>>) -> io::Result<impl Future<Output = Infallible>> {
    let hang_up = tls.as_ref().map(|_| signal(SignalKind::hangup())).transpose()?;
    Ok(async move {
        let (Some(tls), Some(mut hang_up)) = (tls, hang_up) else { return pending().await };
        let mut looking = interval(LOOK_EVERY);
        looking.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = hang_up.recv() => (),
                _ = looking.tick() => (),
            }
            renew(&tls);
        }
    })
}

fn renew(tls: &Tls) {
    match tls.reload() {
        Ok(Reloaded::Changed) => info!("certificate and key were read anew; new connections get them"),
        Ok(Reloaded::Unchanged) => (),
        // Half of a renewal is no reason to stop: what is served is still good.
        Err(failure) => {
            let cause = std::error::Error::source(&failure).map(ToString::to_string).unwrap_or_default();
            error!(error = %failure, cause, "new files of TLS are not taken; the old ones are served on");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_sign_for_the_address_that_was_set_else_for_the_one_listened_on() {
        let address: SocketAddr = "127.0.0.1:8443".parse().unwrap();
        let unset = Settings::default();
        assert_eq!(public_url(&unset, address, false), "http://127.0.0.1:8443");
        assert_eq!(public_url(&unset, address, true), "https://127.0.0.1:8443");
        let set = Settings { public_url: Some("https://directory.example".to_owned()), ..unset };
        assert_eq!(public_url(&set, address, true), "https://directory.example");
    }
}
