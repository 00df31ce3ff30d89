//! Serving: the door on its sockets, the threads that follow the log, and an orderly end.

mod encrypting;

use std::{io, net::TcpListener, pin::pin, sync::Arc};

use anyhow::Context;
use api::{Door, Tls};
use directory::{
    Directory, Ledger,
    snapshots::{Kept, SaveIndexError},
};
use tokio::{
    runtime::Runtime,
    signal::unix::{SignalKind, signal},
    sync::watch,
};
use tracing::{info, warn};

pub(crate) use encrypting::public_url;

use crate::{
    background::Background,
    exit::Status,
    settings::{self, Reached, Settings},
    stopwatch::Stopwatch,
};

/// What is served, and where.
pub(crate) struct Serving {
    /// The directory.
    pub(crate) directory: Arc<Directory>,
    /// The tree over its log.
    pub(crate) ledger: Arc<Ledger>,
    /// Who cosigns its checkpoints.
    pub(crate) witnesses: Vec<Reached>,
    /// Where requests come in.
    pub(crate) listener: TcpListener,
    /// Everything that was set.
    pub(crate) settings: Settings,
    /// Whether it is for training, and every page says so.
    pub(crate) training: bool,
}

/// Serves until SIGTERM or SIGINT, lets requests end, signs what came in last, and keeps the index.
///
/// # Errors
/// A thread or a socket could not be had.
pub(crate) fn serve(serving: Serving) -> anyhow::Result<Status> {
    let Serving { directory, ledger, witnesses, listener, settings, training } = serving;
    let tls = encrypting::load(&settings)?;
    let providers = settings::set_up(&settings.providers)?;
    let address = listener.local_addr()?;
    encrypting::warn_in_the_clear(address, tls.is_some(), settings.behind_proxy);
    let mut background = Background::start(&directory, Some(&ledger))?;
    background.submit(&ledger, witnesses)?;
    background.renew_epochs(&directory, settings.folders()?.keys, settings.epoch_days())?;
    let own = api::Settings::default();
    let limits = api::Settings {
        requests_per_second: settings.requests_per_second.unwrap_or(own.requests_per_second),
        requests_burst: settings.requests_burst.unwrap_or(own.requests_burst),
        public_url: public_url(&settings, address, tls.is_some()),
        providers,
        training,
        training_url: settings.training_url.clone(),
        data: Some(settings.folders()?.data),
        ..own
    };
    let door = Door::new(Arc::clone(&directory), Some(ledger), limits);
    let runtime = Runtime::new().context("the runtime cannot be started")?;
    let served = runtime.block_on(doors(door, listener, tls, &settings));
    // Requests that outlived the drain are cut here, before the log is closed under them.
    drop(runtime);
    background.stop();
    kept(&directory);
    served?;
    info!("stopped");
    Ok(Status::Done)
}

/// Keeps the index for the next opening. That it could not be is no failure: the next one builds it from the rows.
pub(crate) fn kept(directory: &Directory) {
    let watch = Stopwatch::start();
    said_of_keeping(&directory.save_index(), &watch);
}

/// Says what came of keeping the index.
pub(crate) fn said_of_keeping(kept: &Result<Kept, SaveIndexError>, watch: &Stopwatch) {
    match kept {
        Ok(Kept::Written { children, bytes, .. }) => {
            info!(
                children,
                bytes,
                seconds = watch.elapsed().as_secs_f64(),
                "the index is kept for the next opening"
            );
        }
        Ok(Kept::Unchanged) => (),
        Err(failure) => {
            warn!(error = %failure, "the index was not kept; the next opening makes up for it from the rows");
        }
    }
}

async fn doors(
    door: Arc<Door>,
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
    settings: &Settings,
) -> anyhow::Result<()> {
    let address = listener.local_addr()?;
    let (stop, stopped) = watch::channel(false);
    let main = api::serve_over(Arc::clone(&door), listening(listener)?, tls.clone(), until(stopped.clone()));
    let figures = match settings.metrics_listen {
        None => None,
        Some(apart) => {
            let bound = TcpListener::bind(apart).with_context(|| format!("{apart} cannot be listened on"))?;
            Some(api::serve_figures(door, listening(bound)?, until(stopped)))
        }
    };
    // Before anybody is told that it serves: a signal that comes then is heard.
    let asked = asked_to_stop()?;
    let renewing = encrypting::renewing(tls.clone())?;
    info!(%address, tls = tls.is_some(), "serving");
    let all = async {
        match figures {
            None => main.await,
            Some(figures) => tokio::try_join!(main, figures).map(|_| ()),
        }
    };
    let mut all = pin!(all);
    tokio::select! {
        ended = &mut all => return Ok(ended?),
        never = renewing => match never {},
        signal = asked => info!(signal, "stopping"),
    }
    stop.send_replace(true);
    Ok(all.await?)
}

pub(crate) fn listening(listener: TcpListener) -> io::Result<tokio::net::TcpListener> {
    listener.set_nonblocking(true)?;
    tokio::net::TcpListener::from_std(listener)
}

/// Ends when it is told to, or when nobody is left to tell.
async fn until(mut stopped: watch::Receiver<bool>) {
    let _nobody_left = stopped.wait_for(|stopped| *stopped).await;
}

/// Listens for SIGTERM and SIGINT from now on; the future ends with the first.
pub(crate) fn asked_to_stop() -> io::Result<impl Future<Output = &'static str>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        }
    })
}
